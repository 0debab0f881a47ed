"""Which scans belong to which drug, and from which of them its response is measured.

The comparison begins anew with each drug, with each scan marked `baseline: yes`, and after an
operation on the tumour. Where more than one scan could be the baseline, the reader is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stromal.facts.dictionary import Term
from stromal.facts.imaging import ImagingReport, Lesion, read_imaging
from stromal.facts.problem import Problem
from stromal.facts.record import Event, days_of
from stromal.followup.scans import TypedScan
from stromal.plan.known.course import RESECTION, Course, Run, first_day, said

BASELINE_DAYS = 35
"""How long before a drug a baseline may lie in a trial: five weeks (focus4-nd, secondary)."""
NO_DRUG = "no drug"
_SAMPLES = ("core needle biopsy", "fine needle aspiration", "incisional biopsy")
MARK = "add 'baseline: yes' to the scan that the others are to be compared with"


@dataclass(frozen=True, slots=True)
class Scanned:
    """One imaging event that lists lesions or uptake, with the days it may lie on."""

    event: Event
    report: ImagingReport
    first: datetime.date
    last: datetime.date
    readable: bool

    @property
    def measured(self) -> bool:
        """Whether it lists lesions, be they readable or not: nothing is passed over in silence."""
        return self.report.is_measured or not self.readable

    @property
    def typed(self) -> TypedScan:
        """The scan as the series takes it."""
        return TypedScan(self.first, place_of(self.event), self.report)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The scans that are compared with one baseline, the baseline first.

    `start` is the event that the time to progression counts from: the start of the drug, or the
    baseline itself where the comparison began anew under the same drug; `since` is always the start
    of the drug. `scans` is empty where no baseline could be chosen; `problems` say what to do.
    """

    drugs: tuple[str, ...]
    purposes: frozenset[str]
    start: Event | None
    stop: Event | None
    scans: tuple[Scanned, ...]
    uptakes: tuple[Scanned, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    ended_by: str = ""
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    drugs: tuple[str, ...]
    purposes: frozenset[str]
    start: Event
    stop: Event | None
    notes: tuple[str, ...] = ()


def place_of(event: Event) -> str:
    """Where a problem of an event is: its line, where it was read from a file, and its id."""
    return f"line {event.line}, {event.id}" if event.line else event.id


def scanned(course: Course) -> tuple[list[Scanned], list[Problem]]:
    """The imaging events that can be compared, oldest first, and those that have no day."""
    found: list[Scanned] = []
    problems: list[Problem] = []
    for event in course.events:
        if event.kind != "imaging" or not event.details:
            continue
        report, wrong = read_imaging(event.details)
        days = days_of(event)
        if not (report.is_measured or report.uptake or wrong):
            continue
        if days is None:
            what = "lesions without a day of the scan"
            problems.append(Problem(place_of(event), what, "add 'day: 2024-05-17'"))
        else:
            found.append(Scanned(event, report, *days, readable=not wrong))
    return [*_remembered(found)], problems


def _remembered(scans: Sequence[Scanned]) -> Iterator[Scanned]:
    """The scans with what an earlier one said of a lesion: its organ, and how it is followed."""
    said: dict[str, Lesion] = {}
    for scan in scans:
        lesions = []
        for one in scan.report.lesions:
            before = said.get(one.name, one)
            kind = before.kind if before.kind in ("non-target", "nodule") else ""
            lesions.append(
                replace(
                    one,
                    organ=one.organ or before.organ,
                    kind=one.kind or kind,
                    inside=one.inside or before.inside,
                )
            )
        said |= {one.name: one for one in lesions}
        yield replace(scan, report=replace(scan.report, lesions=tuple(lesions)))


def stretches(
    course: Course, scans: Sequence[Scanned], terms: Mapping[str, Term]
) -> Iterator[Stretch]:
    """Every stretch of the course, oldest first: before any drug, then drug by drug."""
    lines = [*_lines(course)]
    starts = [first_day(line.start) for line in lines]
    operations = [e for e in course.events if _operates(e, terms)]
    before = [scan for scan in scans if not starts or scan.first <= starts[0]]
    if len([scan for scan in before if scan.measured]) > 1:
        yield from _without_drug(before, operations, starts[0] if starts else datetime.date.max)
    for number, line in enumerate(lines):
        after = starts[number - 1] if number else datetime.date.min
        until = starts[number + 1] if number + 1 < len(lines) else datetime.date.max
        mine = [scan for scan in scans if after < scan.first <= until]
        yield from _of_line(line, mine, operations, until)


def last_started(course: Course) -> datetime.date | None:
    """The first possible day of the present drug, or of the last one; None without any."""
    return max((first_day(line.start) for line in _lines(course)), default=None)


def _lines(course: Course) -> Iterator[_Line]:
    """The runs of the course; one drug taken up again goes on, and that is said."""
    kept: _Line | None = None
    for run in sorted(course.runs, key=lambda one: first_day(one.start)):
        if kept is None:
            kept = _line(run)
        elif first_day(kept.start) == first_day(run.start):
            drugs = tuple(sorted({*kept.drugs, *run.drugs}))
            kept = replace(kept, drugs=drugs, stop=run.stop)
        elif _goes_on(kept, run, course):
            words = f"interrupted from {kept.stop.day if kept.stop else '?'} to {run.start.day}"
            note = f"{' with '.join(run.drugs)} was {words}; the comparison goes on"
            kept = replace(kept, stop=run.stop, notes=(*kept.notes, note))
        else:
            yield kept
            kept = _line(run)
    if kept is not None:
        yield kept


def _line(run: Run) -> _Line:
    again = "add 'baseline: yes' to a scan if the comparison is to begin anew"
    notes = tuple(f"the dose was changed on {event.day}: {again}" for event in run.changes)
    return _Line(run.drugs, run.purposes, run.start, run.stop, notes)


def _goes_on(line: _Line, run: Run, course: Course) -> bool:
    same = set(line.drugs) == set(run.drugs) and line.purposes == run.purposes
    span = (first_day(line.start), first_day(run.start))
    return same and not any(span[0] < first_day(one) <= span[1] for one in course.removals)


def _operates(event: Event, terms: Mapping[str, Term]) -> bool:
    return event.kind == RESECTION and said(event, "specimen", terms) not in _SAMPLES


def _without_drug(
    scans: Sequence[Scanned], operations: Sequence[Event], until: datetime.date
) -> Iterator[Stretch]:
    measured = [scan for scan in scans if scan.measured]
    note = f"compared with the first scan that was measured ({measured[0].event.day})"
    for part, ended in _parts(measured, operations, until):
        if len(part) > 1:
            how = (note,) if part[0] is measured[0] else (f"baseline: {part[0].event.day}",)
            yield Stretch((), frozenset(), None, None, tuple(part), (), how, (), ended)


def _of_line(
    line: _Line, scans: Sequence[Scanned], operations: Sequence[Event], until: datetime.date
) -> Iterator[Stretch]:
    start = first_day(line.start)
    measured = [scan for scan in scans if scan.measured]
    later = [scan for scan in measured if scan.first > start]
    uptakes = tuple(scan for scan in scans if scan.report.uptake)
    if line.purposes == {"adjuvant"} or not (later or uptakes):
        return  # after complete removal there is nothing that could respond
    baseline, note, problem = _baseline(line, [s for s in measured if s.first <= start], later)
    empty = Stretch(
        line.drugs,
        line.purposes,
        line.start,
        line.stop,
        (),
        uptakes,
        line.notes,
        (),
        since=start,
    )
    if problem:
        yield replace(empty, problems=(problem,))
        return
    if baseline is None:
        yield empty
        return
    compared = [baseline, *(scan for scan in later if scan is not baseline)]
    parts = [*_parts(compared, operations, until)]
    for number, (part, ended) in enumerate(parts):
        notes = (*line.notes, note) if not number else (*line.notes, _again(part[0]))
        begin = line.start if part[0].first <= start else part[0].event
        last = until if number + 1 == len(parts) else parts[number + 1][0][0].first
        mine = tuple(s for s in uptakes if part[0].first <= s.first <= last)
        yield replace(
            empty, start=begin, scans=tuple(part), uptakes=mine, notes=notes, ended_by=ended
        )


def _again(scan: Scanned) -> str:
    return f"the comparison begins anew with the scan of {scan.event.day} (baseline: yes)"


def _baseline(
    line: _Line, before: Sequence[Scanned], later: Sequence[Scanned]
) -> tuple[Scanned | None, str, Problem | None]:
    """The baseline of a drug, how it was chosen, or what has to be asked."""
    drug, start = " with ".join(line.drugs), first_day(line.start)
    near = [scan for scan in before if (start - scan.last).days <= BASELINE_DAYS]
    marked = [scan for scan in near or before[-1:] if scan.report.baseline]
    if len(marked) == 1:
        return marked[0], f"baseline as marked: {marked[0].event.day}", None
    if len(near) > 1:
        days = ", ".join(scan.event.day for scan in near)
        what = f"{len(near)} scans in the five weeks before {drug} could be the baseline ({days})"
        return None, "", Problem(place_of(near[0].event), what, MARK)
    if before:
        chosen = before[-1]
        return chosen, _taken(chosen, drug, start), None
    first = next((scan for scan in later if scan.report.baseline), None)
    if first is not None:
        return first, f"baseline as marked, after {drug} had begun: {first.event.day}", None
    if not later:
        return None, "", None
    what = f"no scan with lesions at or before the start of {drug} on {line.start.day}"
    remedy = f"add the lesions of the scan before it, or {MARK}"
    return None, "", Problem(place_of(later[0].event), what, remedy)


def _taken(chosen: Scanned, drug: str, start: datetime.date) -> str:
    far = (start - chosen.last).days
    words = f"taken as baseline: the last scan with lesions before {drug}, {chosen.event.day}"
    if far > BASELINE_DAYS:
        return f"{words}; that is {far} days before the drug, a trial allowed {BASELINE_DAYS}"
    return words


def _parts(
    scans: Sequence[Scanned], operations: Sequence[Event], until: datetime.date
) -> Iterator[tuple[list[Scanned], str]]:
    """The scans cut at operations on the tumour and at each later scan marked as baseline.

    After an operation only a marked scan begins anew: what was removed is no response. A marked
    scan also ends the part before it, if it follows the same lesions.
    """
    part: list[Scanned] = [scans[0]]
    ended = ""
    for earlier, scan in pairwise(scans):
        removed = [e for e in operations if earlier.first < first_day(e) <= scan.first]
        ended = f"{removed[-1].kind} on {removed[-1].day}" if removed and not ended else ended
        if scan.report.baseline:
            yield ([*part, scan] if not ended and _names_the_same(part[0], scan) else part), ended
            part, ended = [scan], ""
        elif not ended:
            part.append(scan)
    last = scans[-1].first
    removed = [e for e in operations if last < first_day(e) <= until]
    yield part, ended or (f"{removed[0].kind} on {removed[0].day}" if removed else "")


def _names_the_same(baseline: Scanned, scan: Scanned) -> bool:
    """Whether the targets of a baseline are targets of the scan too."""
    now = {one.name for one in scan.report.lesions if one.kind in ("", "target")}
    then = {one.name for one in baseline.report.lesions if one.kind in ("", "target")}
    return then <= now
