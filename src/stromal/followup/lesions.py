"""Lesions as they were measured, from baseline on: what response criteria are computed from.

Sizes are millimetres, densities Hounsfield units (portal venous phase). Both are exact fractions of
the written decimals, so that 77 mm is 70 % of 110 mm and not a little more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stromal.facts.problem import Problem

Number = int | float | str | Fraction
MOST_TARGETS, MOST_PER_ORGAN = 5, 2
SMALLEST, THICKEST_SLICE = Fraction(10), Fraction(5)
TARGET_NODE, NORMAL_NODE = Fraction(15), Fraction(10)
TOO_SMALL = Fraction(5)
"""What is written for a lesion that is seen but too small to measure (cdisc-recist-nd)."""
LYMPH_NODE, BONE = "lymph node", "bone"


class Seen(StrEnum):
    """What became of a target at one look."""

    MEASURED = "measured"
    TOO_SMALL = "too small to measure"
    GONE = "gone"
    MERGED = "merged into another target"
    NOT_EVALUATED = "not evaluated"


_NOTHING = Fraction(0)
_COUNTED = {
    Seen.TOO_SMALL: TOO_SMALL,
    Seen.GONE: _NOTHING,
    Seen.MERGED: _NOTHING,
    Seen.NOT_EVALUATED: None,
}


class NonTargets(StrEnum):
    """The disease that is followed without being measured."""

    NONE = "none at baseline"
    GONE = "gone"
    PERSIST = "persist"
    PROGRESS = "unequivocal progression"
    NOT_EVALUATED = "not evaluated"


def exact(number: Number) -> Fraction:
    """The number as it was written.

    >>> exact(0.7) * 110 == 77
    True
    """
    return number if isinstance(number, Fraction) else Fraction(str(number))


@dataclass(frozen=True, slots=True)
class Target:
    """A lesion chosen at baseline. Nodes are measured across (short axis), all others along.

    `treated_locally`: irradiated or ablated; it may then be a target only if it has grown since.
    """

    name: str
    organ: str
    treated_locally: bool = False
    grown_since: bool = False

    @property
    def is_node(self) -> bool:
        """Whether the short axis is measured."""
        return self.organ == LYMPH_NODE


@dataclass(frozen=True, slots=True)
class Look:
    """One target at one scan."""

    target: str
    seen: Seen
    size: Fraction | None = None
    density: Fraction | None = None

    @staticmethod
    def of(target: str, size: Number, density: Number | None = None) -> Look:
        """A target with its size in mm (0: gone) and, if read, its density in HU."""
        read = None if density is None else exact(density)
        seen = Seen.MEASURED if exact(size) else Seen.GONE
        return Look(target, seen, exact(size), read)

    @staticmethod
    def of_parts(target: str, sizes: Iterable[Number]) -> Look:
        """A target that has split: its parts are added (recalled)."""
        return Look.of(target, sum((exact(size) for size in sizes), Fraction(0)))

    @property
    def counted_size(self) -> Fraction | None:
        """The size that enters the sum; None if the target was not evaluated.

        5 mm for a lesion that is seen but too small to measure (eortc-recist-clarifications-nd).
        Of targets that have merged, one carries the longest diameter of the whole (recalled).
        """
        return _COUNTED.get(self.seen, self.size)


@dataclass(frozen=True, slots=True)
class NewLesion:
    """A lesion that was not there before. `short_axis` only for a node.

    `less_dense`: a new low-density focus, as an old lesion that becomes visible looks.
    """

    name: str
    certain: bool
    short_axis: Fraction | None = None
    less_dense: bool = False

    @property
    def counts(self) -> bool:
        """Unequivocal; a node must have risen to 10 mm (eortc-recist-new-lesions-nd)."""
        return self.certain and (self.short_axis is None or self.short_axis >= NORMAL_NODE)


@dataclass(frozen=True, slots=True)
class Nodule:
    """A nodule inside a mass: its size in mm, and whether it clearly is active tumour."""

    name: str
    size: Fraction
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at all disease. The first of a series is the baseline."""

    day: datetime.date
    looks: tuple[Look, ...] = ()
    non_targets: NonTargets = NonTargets.NONE
    new_lesions: tuple[NewLesion, ...] = ()
    nodules: tuple[Nodule, ...] = ()
    symptomatic_worsening: bool = False

    def size_of(self, target: str) -> Fraction | None:
        """The size of one target that enters the sum; None if it was not evaluated."""
        return next((look.counted_size for look in self.looks if look.target == target), None)


@dataclass(frozen=True, slots=True)
class Series:
    """The targets and the scans, oldest first."""

    targets: tuple[Target, ...]
    scans: tuple[Scan, ...]

    @property
    def baseline(self) -> Scan:
        """The first scan."""
        return self.scans[0]

    def sizes(self, scan: Scan) -> list[Fraction | None]:
        """The size of every target, in their order."""
        return [scan.size_of(target.name) for target in self.targets]

    def sum(self, scan: Scan) -> Fraction | None:
        """Longest diameters plus short axes of nodes; None if any target was not evaluated."""
        sizes = self.sizes(scan)
        known = [size for size in sizes if size is not None]
        return sum(known, _NOTHING) if len(known) == len(sizes) else None

    def least_sum(self, scan: Scan) -> Fraction:
        """The sum of those targets that were evaluated: the whole sum is at least this."""
        return sum((size for size in self.sizes(scan) if size is not None), _NOTHING)


def check_series(
    series: Series, *, slice_thickness: Number = 5, gist: bool = False
) -> list[Problem]:
    """What is wrong in a series; nothing is left out of the sums for it.

    `gist`: the modified criteria of the GIST trials, in which nodes and bone are no targets
    (ripretinib-encyclopaedia-2021). Limits: mishenmed-2021, focus4-nd; that a thicker slice doubles
    the smallest size is recalled.
    """
    if not series.scans:
        return [Problem("scans", "there is no scan", "give the baseline first")]
    slices = exact(slice_thickness)
    smallest = SMALLEST if slices <= THICKEST_SLICE else 2 * slices
    problems = [*_choice_of_targets(series.targets, gist), *_order(series.scans)]
    for target in series.targets:
        problems += _baseline_of(target, series.baseline.size_of(target.name), smallest)
    return [*problems, *_unknown_looks(series)]


def _choice_of_targets(targets: Sequence[Target], gist: bool) -> Iterator[Problem]:
    if len(targets) > MOST_TARGETS:
        yield Problem("targets", f"{len(targets)} targets", "choose at most 5")
    for organ in sorted({target.organ for target in targets}):
        number = sum(target.organ == organ for target in targets)
        if number > MOST_PER_ORGAN:
            yield Problem("targets", f"{number} targets in {organ}", "choose at most 2 per organ")
    for target in targets:
        if gist and target.organ in (LYMPH_NODE, BONE):
            what = f"a {target.organ} as a target under the GIST modification"
            yield Problem(target.name, what, "follow it as non-target")
        if target.treated_locally and not target.grown_since:
            what = "irradiated or ablated, and not grown since"
            yield Problem(target.name, what, "choose another, or follow it as non-target")


def _order(scans: Iterable[Scan]) -> Iterator[Problem]:
    days = [scan.day for scan in scans]
    if days != sorted(set(days)):
        yield Problem("scans", "the days do not rise", "give one scan a day, oldest first")


def _baseline_of(target: Target, size: Fraction | None, smallest: Fraction) -> Iterator[Problem]:
    least = TARGET_NODE if target.is_node else smallest
    if size is None:
        yield Problem(target.name, "no size at baseline", "measure it, or choose another")
    elif size < least:
        what = f"{float(size):g} mm at baseline, less than {float(least):g} mm"
        yield Problem(target.name, what, "follow it as non-target")


def _unknown_looks(series: Series) -> Iterator[Problem]:
    names = {target.name for target in series.targets}
    for scan in series.scans:
        looked = [look.target for look in scan.looks]
        for name in sorted(set(looked) - names):
            what = f"{name!r} is no target"
            yield Problem(str(scan.day), what, "name a target, or a new lesion")
        for look in scan.looks:
            if look.seen is Seen.MEASURED and (look.size is None or look.size < 0):
                yield Problem(str(scan.day), f"{look.target} without a size", "give it in mm")
        for name in sorted({name for name in looked if looked.count(name) > 1}):
            yield Problem(str(scan.day), f"two sizes of {name!r}", "keep one")
