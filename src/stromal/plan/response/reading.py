"""Each scan by every criterion, with all readings where publications or protocols differ.

What is not said stays open: a scan that does not speak of new lesions may hold one, a density that
was not read may have fallen. So a response is a set of values, and one value only where it is sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from stromal.facts.imaging import UptakeRead
from stromal.followup.choi import ChoiPoint, ChoiSettings, choi
from stromal.followup.pet import Uptake, eortc_1999, percist
from stromal.followup.recist import Response, Settings, TimePoint, time_points
from stromal.followup.scans import BuiltSeries, build_series
from stromal.plan.response.course import Scanned, Stretch

ORDER = ("CR", "PR", "SD", "non-CR/non-PD", "PD", "NE", "CMR", "PMR", "SMD", "PMD")
LEAST_STABLE = (42, 56)
"""Six and eight weeks: what protocols usually ask before SD counts (recalled)."""
CONFIRM_AFTER = (None, 28)
"""No confirmation (randomised trials, recalled) and four weeks (percist-paper-nd, secondary)."""
CRITERIA = ("recist", "gist", "choi", "pet")


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """Where trials and publications part. None: every reading is made, and shown if they differ.

    `least_stable`: days from the start before SD counts. `confirm_after`: days between a response
    and its confirmation (0: none is asked). `keep_partial`: whether PR is kept while the sum drifts
    up. `choi_strict`: more than 10 % and 15 % instead of at least. `growth_from`: baseline or nadir
    (Choi). `error`: by how many mm a size may be wrong, for the interval of two sizes.
    """

    criteria: tuple[str, ...] = CRITERIA
    least_stable: int | None = None
    confirm_after: int | None = None
    most_not_evaluable: int = 1
    accept_stable: bool = False
    keep_partial: bool | None = None
    choi_size: int = 10
    choi_density: int = 15
    choi_strict: bool | None = None
    growth_from: str | None = None
    error: float | None = None

    def stable_days(self) -> tuple[int, ...]:
        """The least days of SD that are tried."""
        return LEAST_STABLE if self.least_stable is None else (self.least_stable,)

    def confirmations(self) -> tuple[int | None, ...]:
        """The days to a confirmation that are tried; None: no confirmation."""
        if self.confirm_after is None:
            return CONFIRM_AFTER
        return (self.confirm_after or None,)

    def keeps(self) -> tuple[bool, ...]:
        """Whether a confirmed PR is kept, as tried."""
        return (True, False) if self.keep_partial is None else (self.keep_partial,)

    def choi_readings(self) -> tuple[ChoiSettings, ...]:
        """The readings of Choi that are tried."""
        stricts = (False, True) if self.choi_strict is None else (self.choi_strict,)
        references = ("baseline", "nadir") if self.growth_from is None else (self.growth_from,)
        return tuple(
            ChoiSettings(self.choi_size, self.choi_density, strict, reference)
            for strict, reference in product(stricts, references)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """A stretch with its series and the time points of every reading of RECIST."""

    stretch: Stretch
    built: BuiltSeries
    points: tuple[tuple[TimePoint, ...], ...]
    modified: tuple[tuple[TimePoint, ...], ...]
    settings: ResponseSettings = field(default_factory=ResponseSettings)

    @property
    def sure(self) -> bool:
        """Whether nothing in the series is wrong, so that it may decide something."""
        return not self.built.problems and all(scan.readable for scan in self.stretch.scans)


def measure(stretch: Stretch, settings: ResponseSettings) -> Measured | None:
    """The time points of a stretch; None where no baseline was chosen."""
    if not stretch.scans:
        return None
    built = build_series([scan.typed for scan in stretch.scans])
    return Measured(
        stretch,
        built,
        tuple(time_points(built.series, one) for one in _recist(settings, gist=False)),
        tuple(time_points(built.series, one) for one in _recist(settings, gist=True))
        if not built.gist_problems
        else (),
        settings,
    )


def _recist(settings: ResponseSettings, *, gist: bool) -> Iterator[Settings]:
    for keep in settings.keeps():
        yield Settings(
            least_stable=settings.stable_days()[0],
            gist=gist,
            keep_partial_response=keep,
            most_not_evaluable=settings.most_not_evaluable,
            accept_stable=settings.accept_stable,
        )


def in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Responses, the best first."""
    return tuple(sorted(set(values), key=ORDER.index))


def recist_values(measured: Measured, number: int, *, gist: bool = False) -> tuple[str, ...]:
    """The responses still possible at scan `number` by RECIST 1.1, or by its GIST modification."""
    courses = measured.modified if gist else measured.points
    found = {str(points[number - 1].overall) for points in courses}
    return _with_new(measured, number, found)


def _with_new(measured: Measured, number: int, found: set[str]) -> tuple[str, ...]:
    """A scan that does not speak of new lesions may hold one, which is progression."""
    if found and not measured.built.new_stated[number]:
        found = found | {"PD"}
    return in_order(found)


def choi_values(measured: Measured, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Choi responses still possible at scan `number`, and the notes of the readings."""
    points = [
        (one, choi(measured.built.series, number, one)) for one in measured.settings.choi_readings()
    ]
    found = {value for settings, point in points for value in _choi_of(settings, point)}
    notes = dict.fromkeys(note for _, point in points for note in point.notes)
    return _with_new(measured, number, found), tuple(notes)


def _choi_of(settings: ChoiSettings, point: ChoiPoint) -> tuple[str, ...]:
    """The response; where only the density is missing, the two that it would decide between."""
    unread = point.density_change is None and point.size_change is not None
    if point.response is not Response.NE or not unread or settings.both:
        return (str(point.response),)
    if any(note.startswith("disease") for note in point.notes):
        return (str(point.response),)
    grown = any("perhaps less dense" in note for note in point.notes)
    return ("PR", "PD") if grown else ("PR", "SD")


def pet_values(
    scan: Scanned, baseline: Scanned | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The metabolic responses still possible by EORTC 1999 and by PERCIST, and notes."""
    read = scan.report.uptake
    assert read is not None
    before = uptake_before(read, scan, baseline)
    lacking = "no uptake before the drug: PET needs one, add 'before:'"
    notes: list[str] = [lacking] if before is None else []
    uptakes = [_uptake(read, before, new=new) for new in _new_uptake(read, scan)]
    if len(uptakes) > 1:
        notes.append("new uptake is not spoken of: add 'new_lesion: no' to the uptake")
    if read.measure == "SULpeak":
        return (), in_order(str(percist(one)) for one in uptakes), tuple(notes)
    cycles = (True, False) if read.after_one_cycle is None else (read.after_one_cycle,)
    found = {str(eortc_1999(u, after_one_cycle=cycle)) for u in uptakes for cycle in cycles}
    if read.after_one_cycle is None and len(found) > len(uptakes):
        notes.append("after one cycle a fall of 15 % is enough, later 25 %: add 'after_one_cycle'")
    return in_order(found), (), tuple(notes)


def _uptake(read: UptakeRead, before: Fraction | None, *, new: bool) -> Uptake:
    return Uptake(
        before=before,
        now=read.now,
        background=read.background,
        new_lesion=new,
        length_change=read.length_change,
        glycolysis_change=read.glycolysis_change,
    )


def uptake_before(read: UptakeRead, scan: Scanned, baseline: Scanned | None) -> Fraction | None:
    """The uptake before the drug: as typed, or that of the baseline scan by the same measure."""
    if read.before is not None:
        return read.before
    first = baseline.report.uptake if baseline and baseline is not scan else None
    return first.now if first is not None and first.measure == read.measure else None


def _new_uptake(read: UptakeRead, scan: Scanned) -> tuple[bool, ...]:
    if read.new_lesion is not None:
        return (read.new_lesion,)
    if scan.report.no_new_lesion:
        return (False,)
    if any(one.kind == "new" and one.certain for one in scan.report.lesions):
        return (True,)
    return (False, True)
