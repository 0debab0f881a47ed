"""Choi criteria (size and density), and the flag for growth that may not be growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.followup.lesions import NonTargets, Scan, Series
from stromal.followup.recist import Response

FIRST_SCAN = 1


@dataclass(frozen=True, slots=True)
class ChoiSettings:
    """Thresholds in per cent, and where the publications differ.

    `strict`: more than 10 % and 15 %, as the abstract of choi-2007 has it; the tables read
    (recist-choi-table-nd) print "at least", which is the default.

    `growth_from`: baseline or nadir. The tables read do not say which growth is measured from, so
    the other one is computed too and a difference is noted. `both`: the modified criteria, in
    which a response needs size and density (renal cell carcinoma; not meant for GIST).
    """

    size: int = 10
    density: int = 15
    strict: bool = False
    growth_from: str = "baseline"
    both: bool = False


@dataclass(frozen=True, slots=True)
class ChoiPoint:
    """The Choi response at one scan; changes in per cent from baseline, None if not read."""

    response: Response
    size_change: Fraction | None
    density_change: Fraction | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Growth that may be bleeding, myxoid change or an old lesion that became visible."""

    reasons: tuple[str, ...]
    remedy: str = "read the density, do PET or look again soon; do not call it progression yet"


def choi(series: Series, number: int, settings: ChoiSettings | None = None) -> ChoiPoint:
    """The Choi response at scan `number` (1: the first after baseline).

    Sources: choi-2007 (abstract), radiopaedia-choi-nd, recist-choi-table-nd (secondary).
    """
    chosen = settings or ChoiSettings()
    scan = series.scans[number]
    size = _change(series.sum(scan), series.sum(series.baseline))
    density = _change(mean_density(series, scan), mean_density(series, series.baseline))
    response, notes = _judge(series, number, size, density, chosen)
    return ChoiPoint(response, size, density, (*notes, *_other_reference(series, number, chosen)))


def mean_density(series: Series, scan: Scan) -> Fraction | None:
    """The mean density of the targets still there; None if that of one was not read."""
    read = [look for look in scan.looks if look.counted_size != 0]
    values = [look.density for look in read if look.density is not None]
    complete = len(values) == len(read) and len(scan.looks) == len(series.targets)
    return sum(values, Fraction(0)) / len(values) if values and complete else None


def _judge(
    series: Series,
    number: int,
    size: Fraction | None,
    density: Fraction | None,
    settings: ChoiSettings,
) -> tuple[Response, list[str]]:
    scan = series.scans[number]
    if any(lesion.counts for lesion in scan.new_lesions):
        return Response.PD, ["a new lesion"]
    if growing_nodule(series.scans[: number + 1]):
        return Response.PD, ["a new or growing nodule inside a mass"]
    if scan.non_targets is NonTargets.PROGRESS or scan.symptomatic_worsening:
        return Response.NE, ["disease that is not measured, or symptoms, get worse: readers decide"]
    if series.targets and all(one == 0 for one in series.sizes(scan)):
        return _when_gone(scan)
    return _by_numbers(size, density, _growth(series, number, settings), settings)


def _when_gone(scan: Scan) -> tuple[Response, list[str]]:
    gone = scan.non_targets in (NonTargets.NONE, NonTargets.GONE)
    return (Response.CR, []) if gone else (Response.PR, ["targets gone, other disease is not"])


def _by_numbers(
    size: Fraction | None,
    density: Fraction | None,
    growth: Fraction | None,
    settings: ChoiSettings,
) -> tuple[Response, list[str]]:
    smaller = size is not None and _reaches(-size, settings.size, settings)
    paler = density is not None and _reaches(-density, settings.density, settings)
    if (smaller and paler) if settings.both else (smaller or paler):
        return Response.PR, []
    if size is None or growth is None:
        return Response.NE, ["a target was not evaluated"]
    grown = _reaches(growth, settings.size, settings)
    if density is None:
        what = "the density was not read: larger, but perhaps less dense" if grown else ""
        return Response.NE, [what or "the density was not read"]
    return (Response.PD if grown and not paler else Response.SD), []


def _growth(series: Series, number: int, settings: ChoiSettings) -> Fraction | None:
    scans = series.scans[:number] if settings.growth_from == "nadir" else series.scans[:1]
    sums = [one for scan in scans if (one := series.sum(scan)) is not None]
    return _change(series.sum(series.scans[number]), min(sums, default=None))


def _other_reference(series: Series, number: int, settings: ChoiSettings) -> list[str]:
    other = "baseline" if settings.growth_from == "nadir" else "nadir"
    mine = _growth(series, number, settings)
    theirs = _growth(series, number, ChoiSettings(growth_from=other))
    if mine is None or theirs is None:
        return []
    parts = _reaches(mine, settings.size, settings) != _reaches(theirs, settings.size, settings)
    return [f"measured from the {other}, the growth would be judged otherwise"] if parts else []


def _reaches(change: Fraction, threshold: int, settings: ChoiSettings) -> bool:
    return change > threshold if settings.strict else change >= threshold


def _change(now: Fraction | None, then: Fraction | None) -> Fraction | None:
    return None if now is None or not then else 100 * (now - then) / then


def growing_nodule(scans: Sequence[Scan]) -> bool:
    """A nodule inside a mass that is new at the last scan, or larger than before (hong-2006)."""
    before = {nodule.name: nodule.size for scan in scans[:-1] for nodule in scan.nodules}
    return any(nodule.size > before.get(nodule.name, 0) for nodule in scans[-1].nodules)


def may_be_pseudo_progression(series: Series, number: int) -> Suspicion | None:
    """The flag for growth with falling density, or a new low-density lesion at the first scan.

    Larger but less dense is never automatic progression (phongkitkarun-2008, esmo-2022-pathway).
    None: no such sign.
    """
    scan, reasons = series.scans[number], []
    larger = _change(series.sum(scan), series.sum(series.baseline))
    densities = [mean_density(series, one) for one in (series.baseline, scan)]
    then, now = densities
    if larger is not None and larger > 0 and then is not None and now is not None and now < then:
        reasons.append("larger, but less dense")
    pale = [lesion.name for lesion in scan.new_lesions if lesion.less_dense]
    if pale and number == FIRST_SCAN:
        reasons.append(f"new low-density lesions at the first scan: {', '.join(pale)}")
    return Suspicion(tuple(reasons)) if reasons else None
