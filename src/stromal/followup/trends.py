"""How a test changes over days: since the last value, since the baseline, and its slope.

Numbers only: a trend decides nothing and names no threshold.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

RISING, FALLING, LEVEL = "rising", "falling", "unchanged"


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day."""

    day: datetime.date
    value: Fraction


@dataclass(frozen=True, slots=True)
class Trend:
    """The last value against the one before and against the baseline.

    `slope`: units per day by least squares over all `number` values of `days` days; None where
    all were taken on one day. `since_baseline`: None where no baseline is known.
    """

    number: int
    days: int
    since_last: Fraction | None
    days_since_last: int | None
    since_baseline: Fraction | None
    direction: str
    slope: Fraction | None


def trend(points: Sequence[Point], baseline: Fraction | None) -> Trend | None:
    """The trend of values in the order of their days; None without a value."""
    if not points:
        return None
    ordered = sorted(points, key=lambda point: point.day)
    last = ordered[-1]
    before = ordered[-2] if len(ordered) > 1 else None
    change = last.value - before.value if before else None
    return Trend(
        number=len(ordered),
        days=(last.day - ordered[0].day).days,
        since_last=change,
        days_since_last=(last.day - before.day).days if before else None,
        since_baseline=last.value - baseline if baseline is not None else None,
        direction=_direction(change),
        slope=_slope(ordered),
    )


def _direction(change: Fraction | None) -> str:
    if change is None:
        return ""
    return RISING if change > 0 else FALLING if change < 0 else LEVEL


def _slope(points: Sequence[Point]) -> Fraction | None:
    days = [Fraction((point.day - points[0].day).days) for point in points]
    middle = sum(days, Fraction(0)) / len(days)
    spread = sum(((day - middle) ** 2 for day in days), Fraction(0))
    if not spread:
        return None
    pairs = zip(days, points, strict=True)
    return sum(((day - middle) * point.value for day, point in pairs), Fraction(0)) / spread
