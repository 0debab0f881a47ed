"""RECIST 1.1, scan by scan: targets against baseline and nadir, the rest, and the two together.

The rules are those of mishenmed-2021 and focus4-nd, corrected by eortc-recist-clarifications-nd;
the table of the overall response is mishenmed-2026. `Settings` holds what trials do differently.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stromal.followup.lesions import NORMAL_NODE, Nodule, NonTargets, Scan, Series, Target

RESPONSE_AT_MOST = Fraction(70, 100)
PROGRESSION_FROM = Fraction(120, 100)
LEAST_GROWTH = Fraction(5)
NODULE_SIZE = Fraction(20)


class Response(StrEnum):
    """What a time point, or the whole course, is called."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "non-CR/non-PD"
    PD = "PD"
    NE = "NE"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where trials part.

    `gist`: the modification of the GIST trials: a nodule that grows inside a mass can be
    progression. `keep_partial_response`: after a confirmed PR the label stays PR while the sum
    drifts up (eortc-recist-drift-nd); strict arithmetic would say SD. `confirm_after`: days between
    a response and its confirmation (percist-paper-nd); None: responses need none.
    `least_stable`: days from baseline before SD counts; protocols differ, so it must be given.
    `most_not_evaluable`, `accept_stable`: looks called NE, or one SD, allowed between a response
    and its confirmation (pharmaverse-admiralonco-2026).
    """

    least_stable: int
    gist: bool = False
    keep_partial_response: bool = True
    confirm_after: int | None = None
    most_not_evaluable: int = 1
    accept_stable: bool = False


@dataclass(frozen=True, slots=True)
class TimePoint:
    """The response at one scan. Percentages are exact; None where a target was not evaluated.

    `first_seen`: where a new lesion makes the progression, the day on which it was first seen, even
    if it was equivocal then.
    """

    day: datetime.date
    sum: Fraction | None
    from_baseline: Fraction | None
    from_nadir: Fraction | None
    target: Response | None
    non_target: Response | None
    new_lesion: bool
    overall: Response
    notes: tuple[str, ...] = ()
    first_seen: datetime.date | None = None


def time_points(series: Series, settings: Settings) -> tuple[TimePoint, ...]:
    """The response at every scan after the baseline. Check the series first (`check_series`)."""
    points: list[TimePoint] = []
    for number in range(1, len(series.scans)):
        points.append(_time_point(series, number, points, settings))
    return tuple(points)


def _time_point(
    series: Series, number: int, before: Sequence[TimePoint], settings: Settings
) -> TimePoint:
    scan, earlier = series.scans[number], series.scans[:number]
    total, nadir = series.sum(scan), _nadir(series, earlier)
    target = _target(series, scan, nadir, before, settings)
    new = [lesion for lesion in scan.new_lesions if lesion.counts]
    by_nodule = settings.gist and progressing_nodule(scan, earlier)
    returned = _returned(series, scan, before)
    progress = bool(new) or bool(by_nodule) or returned
    non_target = _non_target(scan.non_targets)
    overall = Response.PD if progress else _overall(target, non_target)
    notes = [*_notes(scan, earlier, settings), *_after_complete(overall, before)]
    if nadir == 0 and target is Response.PD and not returned:
        notes.append("the nadir is 0: any regrowth of 5 mm meets the arithmetic, so look again")
    if returned:
        notes += _of_return(series, scan)
    return TimePoint(
        day=scan.day,
        sum=total,
        from_baseline=_change(total, series.sum(series.baseline)),
        from_nadir=_change(total, nadir),
        target=target,
        non_target=non_target,
        new_lesion=bool(new),
        overall=overall,
        notes=tuple(notes),
        first_seen=_first_seen([lesion.name for lesion in new], (*earlier, scan)),
    )


def _nadir(series: Series, earlier: Sequence[Scan]) -> Fraction | None:
    """The smallest sum so far, the baseline included."""
    return min((s for scan in earlier if (s := series.sum(scan)) is not None), default=None)


def _change(now: Fraction | None, then: Fraction | None) -> Fraction | None:
    return None if now is None or not then else 100 * (now - then) / then


def has_progressed(total: Fraction, nadir: Fraction) -> bool:
    """At least 20 % and at least 5 mm above the nadir; both borders count.

    >>> has_progressed(Fraction(60), Fraction(50)), has_progressed(Fraction(24), Fraction(20))
    (True, False)
    """
    return total >= PROGRESSION_FROM * nadir and total - nadir >= LEAST_GROWTH


def _target(
    series: Series,
    scan: Scan,
    nadir: Fraction | None,
    before: Sequence[TimePoint],
    settings: Settings,
) -> Response | None:
    """The target response; None if there are no targets."""
    baseline, total = series.sum(series.baseline), series.sum(scan)
    if not series.targets:
        return None
    # What was not evaluated can only add to the sum, so the rest alone may prove progression.
    if nadir is not None and has_progressed(series.least_sum(scan), nadir):
        return Response.PD
    if total is None or baseline is None:
        return Response.NE
    if _all_gone(series, scan):
        return Response.CR
    if total <= RESPONSE_AT_MOST * baseline:
        return Response.PR
    drifts = settings.keep_partial_response and _had_confirmed_response(before, scan, settings)
    return Response.PR if drifts else Response.SD


def _all_gone(series: Series, scan: Scan) -> bool:
    """Every target gone, every nodal target below 10 mm: the sum need not be 0."""
    sizes = zip(series.targets, series.sizes(scan), strict=True)
    return all(
        size is not None and (size < NORMAL_NODE if target.is_node else size == 0)
        for target, size in sizes
    )


def _had_confirmed_response(before: Sequence[TimePoint], scan: Scan, settings: Settings) -> bool:
    """Two PR in a row, far enough apart where a confirmation is asked for, and none lost since."""
    gap = settings.confirm_after or 0
    days = [point.day for point in before if point.target is Response.PR]
    unbroken = bool(before) and before[-1].target in (Response.PR, Response.NE)
    return unbroken and len(days) >= 2 and (days[-1] - days[0]).days >= gap and days[-1] < scan.day


def _non_target(seen: NonTargets) -> Response | None:
    return {
        NonTargets.NONE: None,
        NonTargets.GONE: Response.CR,
        NonTargets.PERSIST: Response.NON_CR_NON_PD,
        NonTargets.PROGRESS: Response.PD,
        NonTargets.NOT_EVALUATED: Response.NE,
    }[seen]


def _overall(target: Response | None, non_target: Response | None) -> Response:
    """Target and non-target together, where no lesion is new (mishenmed-2026)."""
    if Response.PD in (target, non_target):
        return Response.PD
    if target is None:
        return non_target or Response.NE
    if target is Response.CR and non_target not in (None, Response.CR):
        return Response.PR
    return target


def _returned(series: Series, scan: Scan, before: Sequence[TimePoint]) -> bool:
    """A lesion that had vanished is back after an overall CR; without a CR its size only adds."""
    if not any(point.overall is Response.CR for point in before):
        return False
    return bool(_back(series, scan)) or scan.non_targets is NonTargets.PERSIST


def _back(series: Series, scan: Scan) -> list[Target]:
    """Targets that are there again; a node only from 10 mm (eortc-recist-clarifications-nd)."""
    sizes = zip(series.targets, series.sizes(scan), strict=True)
    return [
        target for target, size in sizes if size and (not target.is_node or size >= NORMAL_NODE)
    ]


def _of_return(series: Series, scan: Scan) -> Iterator[str]:
    yield "disease that had vanished has returned after a complete response"
    back = _back(series, scan)
    if back and all(target.is_node for target in back):
        yield "of the targets only nodes are back: image again before this is called a relapse"
    if not back:
        yield "nodes that are no targets count only if they clearly progressed: look again"


def progressing_nodule(scan: Scan, earlier: Sequence[Scan]) -> Nodule | None:
    """The nodule inside a mass that counts as progression in the GIST modification.

    At least 2 cm and clearly active, or grown at two successive scans. The criteria are recalled,
    to be confirmed against a protocol.
    """
    for nodule in scan.nodules:
        sizes = [*_sizes(nodule.name, earlier), nodule.size]
        grown_twice = len(sizes) >= 3 and sizes[-3] < sizes[-2] < sizes[-1]
        if grown_twice or (nodule.size >= NODULE_SIZE and nodule.active):
            return nodule
    return None


def _sizes(name: str, scans: Sequence[Scan]) -> Iterator[Fraction]:
    for scan in scans:
        yield from (nodule.size for nodule in scan.nodules if nodule.name == name)


def _first_seen(names: Sequence[str], scans: Sequence[Scan]) -> datetime.date | None:
    days = [scan.day for scan in scans for lesion in scan.new_lesions if lesion.name in names]
    return min(days, default=None)


def _notes(scan: Scan, earlier: Sequence[Scan], settings: Settings) -> Iterator[str]:
    doubtful = [lesion.name for lesion in scan.new_lesions if not lesion.counts]
    if doubtful:
        yield f"equivocal, look again: {', '.join(doubtful)}"
    if not scan.nodules:
        return
    if settings.gist and not progressing_nodule(scan, earlier):
        yield "a nodule inside a mass does not yet meet the criteria: look again"
    if not settings.gist:
        yield "a nodule inside a mass: RECIST does not count it, a reader of GIST does"


def _after_complete(overall: Response, before: Sequence[TimePoint]) -> Iterator[str]:
    if overall is Response.PR and any(point.overall is Response.CR for point in before):
        yield "PR after CR is not possible: check the measurements"
