"""How fast a lesion grows: volume, growth rate and doubling time, with intervals.

A lesion is taken as a sphere, so its volume goes with the cube of its diameter. The rate is the
slope of the logarithm of the volume; the interval is that of the regression, or, where there are
two sizes only, what the stated error of measurement allows.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Size:
    """A diameter in millimetres on a day."""

    day: datetime.date
    diameter: float


@dataclass(frozen=True, slots=True)
class Growth:
    """The growth of the logarithm of the volume per day, with the ends of its interval.

    `low` and `high` are None where the sizes allow no interval (two sizes, no error stated).
    """

    rate: float
    low: float | None
    high: float | None
    basis: str

    @property
    def doubling_days(self) -> float | None:
        """Days in which the volume doubles; None if it does not grow."""
        return _doubling(self.rate)

    @property
    def doubling_interval(self) -> tuple[float | None, float | None] | None:
        """Shortest and longest doubling time; None for an end: no growth cannot be ruled out."""
        if self.low is None or self.high is None:
            return None
        return _doubling(self.high), _doubling(self.low)

    @property
    def surely_grows(self) -> bool:
        """True if even the low end of the interval is growth."""
        return self.low is not None and self.low > 0

    @property
    def volume_per_year(self) -> float:
        """The factor by which the volume changes in a year."""
        return math.exp(self.rate * DAYS_A_YEAR)


def volume_change(diameter_change: float) -> float:
    """The change of a sphere's volume in per cent for that of its diameter.

    >>> [round(volume_change(d), 1) for d in (-30, 20, -10, 10)]
    [-65.7, 72.8, -27.1, 33.1]
    """
    return 100.0 * ((1 + diameter_change / 100) ** 3 - 1)


def growth(sizes: Sequence[Size], *, error: float | None = None, level: float = 0.95) -> Growth:
    """The growth over two or more days.

    `error`: by how many millimetres a diameter may be wrong either way; needed for an interval of
    two sizes. Raises ValueError for fewer than two days or a size that is not positive.
    """
    days = [float(size.day.toordinal()) for size in sizes]
    if len(set(days)) < 2:
        raise ValueError("sizes of at least two days are needed")
    if any(size.diameter <= 0 for size in sizes):
        raise ValueError("a diameter must be more than 0 mm")
    logs = [3 * math.log(size.diameter) for size in sizes]
    rate, spread = _line(days, logs)
    if len(sizes) > 2:
        half = _student(level, len(sizes) - 2) * spread
        return Growth(rate, rate - half, rate + half, f"regression through {len(sizes)} sizes")
    low, high = _by_error(sizes, error)
    return Growth(rate, low, high, "two sizes")


def _line(days: Sequence[float], logs: Sequence[float]) -> tuple[float, float]:
    """Slope of the least squares line, and its standard error (0 for two points)."""
    middle, mean = sum(days) / len(days), sum(logs) / len(logs)
    square = sum((day - middle) ** 2 for day in days)
    slope = sum((d - middle) * (y - mean) for d, y in zip(days, logs, strict=True)) / square
    rest = sum((y - mean - slope * (d - middle)) ** 2 for d, y in zip(days, logs, strict=True))
    freedom = len(days) - 2
    return slope, math.sqrt(rest / freedom / square) if freedom else 0.0


def _by_error(sizes: Sequence[Size], error: float | None) -> tuple[float | None, float | None]:
    first, last = sorted(sizes, key=lambda size: size.day)
    if error is None or error >= min(first.diameter, last.diameter):
        return None, None
    days = (last.day - first.day).days
    low = 3 * math.log((last.diameter - error) / (first.diameter + error)) / days
    high = 3 * math.log((last.diameter + error) / (first.diameter - error)) / days
    return low, high


def _doubling(rate: float) -> float | None:
    return math.log(2) / rate if rate > 0 else None


def _student(level: float, freedom: int) -> float:
    """The two-sided quantile of Student's t: 2.776 for 95 % and 4 degrees of freedom."""
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < level else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """The probability that Student's t lies within t either way (closed form, whole degrees)."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine = math.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for number in range(freedom // 2):
        total += term
        factor = 2 * number + 1 + odd
        term *= cosine**2 * factor / (factor + 1)
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
