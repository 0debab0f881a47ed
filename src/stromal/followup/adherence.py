"""Adherence from refills: the proportion of days covered, and the possession ratio.

Shown beside the published thresholds of `followup/adherence`; it decides nothing. A refill before
the last one is used up is shifted forward; no day is covered twice. Definitions: pdc-guides-nd
(secondary).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.problem import Problem

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refill:
    """Tablets handed out on a day, enough for `days`."""

    day: datetime.date
    days: int


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in hospital, or of a pause ordered by the team, both ends counted."""

    first: datetime.date
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Adherence:
    """The window, the days counted, those covered, and how the figures were made.

    `possession` may exceed 1; `is_capped` says so.
    """

    first: datetime.date
    last: datetime.date
    days: int
    covered: int
    supplied: int
    longest_gap: int
    method: str

    @property
    def days_covered(self) -> Fraction:
        """PDC: days covered / days of the window."""
        return Fraction(self.covered, self.days)

    @property
    def possession(self) -> Fraction:
        """MPR: days supplied in the window / days of the window."""
        return Fraction(self.supplied, self.days)

    @property
    def is_capped(self) -> bool:
        """True if more was supplied than there were days: the ratio is to be read as 1."""
        return self.supplied > self.days


def adherence(
    refills: Iterable[Refill],
    first: datetime.date,
    last: datetime.date,
    stays: Sequence[Stay] = (),
) -> Adherence | Problem:
    """The days of the window (both ends counted) for which there were tablets.

    Days of a stay are not counted, and the tablets of those days are kept for later. Tablets left
    from refills before the window are counted into it.
    """
    ordered = sorted(refills, key=lambda refill: refill.day)
    if last < first:
        return Problem("window", "it ends before it begins", "exchange the days")
    if any(refill.days <= 0 for refill in ordered):
        return Problem("refills", "a refill for no days", "give the days that it lasts")
    window = [day for day in _days(first, last) if not _is_away(day, stays)]
    if not window:
        return Problem("window", "no day outside of hospital or pauses", "choose another window")
    covered = _covered(ordered, last, stays)
    return Adherence(
        first=first,
        last=last,
        days=len(window),
        covered=sum(day in covered for day in window),
        supplied=sum(refill.days for refill in ordered if first <= refill.day <= last),
        longest_gap=_longest_gap(window, covered),
        method="early refills shifted forward; hospital days and ordered pauses not counted",
    )


def _days(first: datetime.date, last: datetime.date) -> Iterable[datetime.date]:
    return (first + number * ONE_DAY for number in range((last - first).days + 1))


def _is_away(day: datetime.date, stays: Iterable[Stay]) -> bool:
    return any(stay.first <= day <= stay.last for stay in stays)


def _covered(
    refills: Sequence[Refill], last: datetime.date, stays: Sequence[Stay]
) -> frozenset[datetime.date]:
    """Every day up to `last` for which there were tablets, none used twice."""
    covered: set[datetime.date] = set()
    next_day = datetime.date.min
    for refill in refills:
        day, left = max(refill.day, next_day), refill.days
        while left and day <= last:
            if not _is_away(day, stays):
                covered.add(day)
                left -= 1
            day += ONE_DAY
        next_day = day
    return frozenset(covered)


def _longest_gap(window: Iterable[datetime.date], covered: frozenset[datetime.date]) -> int:
    longest = current = 0
    for day in window:
        current = 0 if day in covered else current + 1
        longest = max(longest, current)
    return longest
