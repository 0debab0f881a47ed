"""Series of scans in few words, for tests."""

import datetime
from fractions import Fraction

from stromal.followup.lesions import (
    Look,
    NewLesion,
    Nodule,
    NonTargets,
    Scan,
    Seen,
    Series,
    Target,
)

START = datetime.date(2024, 1, 1)
LIVER = (Target("one", "liver"), Target("two", "peritoneum"))
NODE = (Target("one", "liver"), Target("node", "lymph node"))


def day(weeks: int) -> datetime.date:
    return START + datetime.timedelta(weeks=weeks)


def scan(
    weeks: int,
    *sizes: float | tuple[float, float] | None,
    targets: tuple[Target, ...] = LIVER,
    rest: NonTargets = NonTargets.NONE,
    new: tuple[NewLesion, ...] = (),
    nodules: tuple[Nodule, ...] = (),
    worse: bool = False,
) -> Scan:
    """A size is millimetres, millimetres with HU, or None where the target was not evaluated."""
    looks = tuple(look(target.name, size) for target, size in zip(targets, sizes, strict=False))
    return Scan(day(weeks), looks, rest, new, nodules, worse)


def look(name: str, size: float | tuple[float, float] | None) -> Look:
    if size is None:
        return Look(name, Seen.NOT_EVALUATED)
    return Look.of(name, *size) if isinstance(size, tuple) else Look.of(name, size)


def series(*scans: Scan, targets: tuple[Target, ...] = LIVER) -> Series:
    return Series(targets, scans)


def sums(*totals: float, every: int = 8) -> Series:
    """One target with these sizes, a scan every eight weeks."""
    one = LIVER[:1]
    looked = (scan(every * n, total, targets=one) for n, total in enumerate(totals))
    return Series(one, tuple(looked))


def nodule(size: int, *, active: bool | None = None) -> Nodule:
    return Nodule("inside", Fraction(size), active)
