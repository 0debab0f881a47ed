"""Growth that may not be growth: which lesions grow, and whether softening explains it.

Larger but less dense is never automatic progression (phongkitkarun-2008, esmo-2022-pathway). A
density that nobody read is not a density that stayed: the doubt is then open, not denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from stromal.followup.choi import FIRST_SCAN, may_be_pseudo_progression, mean_density
from stromal.followup.lesions import NewLesion, NonTargets, Scan, Series
from stromal.followup.recist import has_progressed
from stromal.followup.response import pattern

SUSPECTED, EXCLUDED = "suspected", "no"


@dataclass(frozen=True, slots=True)
class Growing:
    """What grows at one scan and what does not, by name.

    `nodules` lie inside masses. `uncounted`: more may grow than is named (non-targets progress).
    """

    targets: tuple[str, ...]
    new: tuple[str, ...]
    nodules: tuple[str, ...]
    controlled: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    equivocal: tuple[str, ...]
    uncounted: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that grows."""
        return (*self.targets, *self.new, *self.nodules)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether the growth may be pseudo-progression: the values still possible, and why."""

    possible: frozenset[str]
    reasons: tuple[str, ...]


def growing(series: Series, number: int) -> Growing:
    """What grows at scan `number`: 20 % and 5 mm from a lesion's own smallest size, or new."""
    scan = series.scans[number]
    found = pattern(series, scan)
    rest = scan.non_targets in (NonTargets.PERSIST, NonTargets.GONE)
    return Growing(
        targets=found.growing,
        new=tuple(one.name for one in scan.new_lesions if one.counts),
        nodules=tuple(_nodules(series, number)),
        controlled=(*found.controlled, *(("the non-targets",) if rest else ())),
        not_evaluated=found.not_evaluated,
        equivocal=tuple(one.name for one in scan.new_lesions if not one.counts),
        uncounted=scan.non_targets is NonTargets.PROGRESS,
    )


def _nodules(series: Series, number: int) -> Iterator[str]:
    """Nodules that came after the baseline, or are larger than they ever were at their least."""
    at_baseline = {nodule.name for nodule in series.baseline.nodules}
    earlier = series.scans[:number]
    for nodule in series.scans[number].nodules:
        sizes = [one.size for scan in earlier for one in scan.nodules if one.name == nodule.name]
        if nodule.name not in at_baseline or nodule.size > min(sizes, default=nodule.size):
            yield nodule.name


def doubt(series: Series, number: int) -> Doubt:
    """Whether what grows at scan `number` may be softening or a lesion that became visible."""
    reasons = [*_signs(series, number)]
    if reasons:
        return Doubt(frozenset((SUSPECTED,)), tuple(reasons))
    if open_reasons := [*_unread(series, number)]:
        return Doubt(frozenset((SUSPECTED, EXCLUDED)), tuple(open_reasons))
    return Doubt(frozenset((EXCLUDED,)), ())


def _signs(series: Series, number: int) -> Iterator[str]:
    """Signs of softening in what grows. Where single lesions grow, the others' softness is none."""
    scan, targets = series.scans[number], growing(series, number).targets
    flag = may_be_pseudo_progression(series, number)
    if flag and not targets:
        yield from (reason for reason in flag.reasons if not reason.startswith("new "))
    for name in targets:
        then, now = _density(series.baseline, name), _density(scan, name)
        if _larger(series, scan, name) and then is not None and now is not None and now < then:
            yield f"{name} is larger, but less dense"
    pale = [one.name for one in _since_the_first(series, number) if one.less_dense]
    if pale:
        yield f"new low-density lesions at the first scan: {', '.join(pale)}"


def _unread(series: Series, number: int) -> Iterator[str]:
    scan, grown = series.scans[number], growing(series, number)
    for name in grown.targets:
        read = _density(series.baseline, name) is not None and _density(scan, name) is not None
        if _larger(series, scan, name) and not read:
            yield f"{name} is larger, and its density was not read"
    total, then = series.sum(scan), series.sum(series.baseline)
    read = mean_density(series, scan) is not None
    grows = total is not None and then is not None and has_progressed(total, then)
    if grows and not grown.targets and not read:
        yield "the sum is larger, and the density was not read"


def _since_the_first(series: Series, number: int) -> Iterator[NewLesion]:
    """New lesions of this scan that the first scan after the baseline showed already."""
    if number < FIRST_SCAN:
        return
    first = {one.name for one in series.scans[FIRST_SCAN].new_lesions}
    yield from (one for one in series.scans[number].new_lesions if one.name in first)


def _larger(series: Series, scan: Scan, name: str) -> bool:
    then, now = series.baseline.size_of(name), scan.size_of(name)
    return then is not None and now is not None and now > then


def _density(scan: Scan, name: str) -> Fraction | None:
    return next((look.density for look in scan.looks if look.target == name), None)
