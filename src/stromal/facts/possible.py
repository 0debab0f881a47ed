"""A fact is the set of values still possible.

Three shapes serve every fact: `Numbers` (a union of intervals), `Choices` (a subset of a
list of words) and `Members` (which of several findings are present, each yes, no or open).
All are immutable, and the empty set is never a legal state of a fact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

INFINITY = math.inf


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """All real numbers between `low` and `high`, each end open or closed."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def is_empty(self) -> bool:
        """True if no number fits."""
        if self.low == self.high:
            return self.low_open or self.high_open
        return self.low > self.high

    def intersect(self, other: Interval) -> Interval:
        """The numbers in both (possibly empty)."""
        low, low_open = max(
            (self.low, self.low_open), (other.low, other.low_open), key=lambda end: end
        )
        high, high_closed = min(
            (self.high, not self.high_open), (other.high, not other.high_open), key=lambda end: end
        )
        return Interval(low, high, low_open, not high_closed)

    def meets(self, other: Interval) -> bool:
        """True if some number lies in both; neither may be empty."""
        if self.high < other.low or other.high < self.low:
            return False
        if self.high == other.low and (self.high_open or other.low_open):
            return False
        return not (other.high == self.low and (other.high_open or self.low_open))

    def contains(self, number: float) -> bool:
        """True if `number` lies inside."""
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        return above and below

    def __str__(self) -> str:
        if self.low == self.high:
            return format_number(self.low)
        left = "(" if self.low_open else "["
        right = ")" if self.high_open else "]"
        return f"{left}{format_number(self.low)}..{format_number(self.high)}{right}"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A union of disjoint intervals in rising order."""

    intervals: tuple[Interval, ...]

    @staticmethod
    def of(intervals: Iterable[Interval]) -> Numbers:
        """Sort and merge intervals; empty ones vanish."""
        merged: list[Interval] = []
        for interval in sorted((i for i in intervals if not i.is_empty()), key=_by_low_end):
            if merged and _touch(merged[-1], interval):
                merged[-1] = _join(merged[-1], interval)
            else:
                merged.append(interval)
        return Numbers(tuple(merged))

    @staticmethod
    def exactly(number: float) -> Numbers:
        """The set with one number."""
        return Numbers((Interval(number, number),))

    @staticmethod
    def between(
        low: float, high: float, *, low_open: bool = False, high_open: bool = False
    ) -> Numbers:
        """One interval; infinite ends are open."""
        return Numbers.of(
            [Interval(low, high, low_open or math.isinf(low), high_open or math.isinf(high))]
        )

    def intersect(self, other: Numbers) -> Numbers:
        """The numbers in both."""
        return Numbers.of(a.intersect(b) for a in self.intervals for b in other.intervals)

    def meets(self, other: Numbers) -> bool:
        """True if some number lies in both."""
        return any(a.meets(b) for a in self.intervals for b in other.intervals)

    def union(self, other: Numbers) -> Numbers:
        """The numbers in either."""
        return Numbers.of((*self.intervals, *other.intervals))

    def complement(self) -> Numbers:
        """Every other real number."""
        edges: list[Interval] = []
        low, low_open = -INFINITY, True
        for interval in self.intervals:
            edges.append(Interval(low, interval.low, low_open, not interval.low_open))
            low, low_open = interval.high, not interval.high_open
        edges.append(Interval(low, INFINITY, low_open, True))
        return Numbers.of(e for e in edges if not (math.isinf(e.low) and e.low == e.high))

    def is_subset(self, other: Numbers) -> bool:
        """True if every number here is also in `other`."""
        return self.intersect(other) == self

    def is_empty(self) -> bool:
        """True if no number is possible."""
        return not self.intervals

    def is_single(self) -> bool:
        """True if exactly one number is possible."""
        return len(self.intervals) == 1 and self.intervals[0].low == self.intervals[0].high

    @property
    def low(self) -> float:
        """The lower end of the lowest interval."""
        return self.intervals[0].low

    @property
    def high(self) -> float:
        """The upper end of the highest interval."""
        return self.intervals[-1].high

    def __str__(self) -> str:
        return " or ".join(str(i) for i in self.intervals) or "nothing"


@dataclass(frozen=True, slots=True)
class Choices:
    """A subset of the words that a fact can take."""

    values: frozenset[str]

    @staticmethod
    def of(*values: str) -> Choices:
        """The set of these words."""
        return Choices(frozenset(values))

    def intersect(self, other: Choices) -> Choices:
        """The words in both."""
        return Choices(self.values & other.values)

    def union(self, other: Choices) -> Choices:
        """The words in either."""
        return Choices(self.values | other.values)

    def is_subset(self, other: Choices) -> bool:
        """True if every word here is also in `other`."""
        return self.values <= other.values

    def is_empty(self) -> bool:
        """True if no word is possible."""
        return not self.values

    def is_single(self) -> bool:
        """True if exactly one word is possible."""
        return len(self.values) == 1

    def __str__(self) -> str:
        return " or ".join(sorted(self.values)) or "nothing"


@dataclass(frozen=True, slots=True)
class Members:
    """Which findings of a list are present: `certain` are, `possible` may be, the rest are not.

    `certain` is always part of `possible`, so every completion S has certain <= S <= possible.
    """

    certain: frozenset[str]
    possible: frozenset[str]

    @staticmethod
    def exactly(values: Iterable[str]) -> Members:
        """These findings and no others."""
        present = frozenset(values)
        return Members(present, present)

    def intersect(self, other: Members) -> Members:
        """The completions that both allow; see `is_empty`."""
        return Members(self.certain | other.certain, self.possible & other.possible)

    def union(self, other: Members) -> Members:
        """The smallest such set that holds the completions of both."""
        return Members(self.certain & other.certain, self.possible | other.possible)

    def is_subset(self, other: Members) -> bool:
        """True if every completion here is one of `other`."""
        return other.certain <= self.certain and self.possible <= other.possible

    def is_empty(self) -> bool:
        """True if a finding would have to be both present and absent."""
        return not self.certain <= self.possible

    def is_single(self) -> bool:
        """True if every finding is settled."""
        return self.certain == self.possible

    def __str__(self) -> str:
        known = ", ".join(sorted(self.certain)) or "none"
        open_findings = sorted(self.possible - self.certain)
        return f"{known}; open: {', '.join(open_findings)}" if open_findings else known


Possible = Numbers | Choices | Members


def intersect(left: Possible, right: Possible) -> Possible:
    """The values in both sets; raises TypeError if the shapes differ."""
    if type(left) is not type(right):
        raise TypeError(f"cannot compare {type(left).__name__} with {type(right).__name__}")
    return left.intersect(right)  # type: ignore[arg-type]


def union(left: Possible, right: Possible) -> Possible:
    """The values in either set; raises TypeError if the shapes differ."""
    if type(left) is not type(right):
        raise TypeError(f"cannot compare {type(left).__name__} with {type(right).__name__}")
    return left.union(right)  # type: ignore[arg-type]


def format_number(number: float) -> str:
    """A number without a needless '.0' and without rounding: 2.0 -> '2', 2.50 -> '2.5'."""
    if number == int(number) if math.isfinite(number) else False:
        return str(int(number))
    return repr(number)


def completions(members: Members) -> Iterator[frozenset[str]]:
    """Every set of findings that `members` allows (2 to the number of open findings)."""
    open_findings = sorted(members.possible - members.certain)
    for bits in range(1 << len(open_findings)):
        extra = {name for i, name in enumerate(open_findings) if bits >> i & 1}
        yield members.certain | frozenset(extra)


def _by_low_end(interval: Interval) -> tuple[float, bool]:
    return interval.low, interval.low_open


def _touch(left: Interval, right: Interval) -> bool:
    if right.low < left.high:
        return True
    return right.low == left.high and not (left.high_open and right.low_open)


def _join(left: Interval, right: Interval) -> Interval:
    high, high_closed = max((left.high, not left.high_open), (right.high, not right.high_open))
    return Interval(left.low, high, left.low_open, not high_closed)
