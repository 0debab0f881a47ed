"""Adherence from refills: the proportion of days covered, and the possession ratio.

Shown beside the published thresholds of `followup/adherence`; it decides nothing. A refill before
the last one is used up is shifted forward; no day is covered twice. Definitions: pdc-guides-nd
(secondary). The planned days off of an intermittent schedule are no gap: they follow the days on
with tablets, and are not counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.problem import Problem
from stromal.followup.cycles import Phase, cycle_on

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
    phases: Sequence[Phase] = (),
) -> Adherence | Problem:
    """The days of the window (both ends counted) for which there were tablets.

    Days of a stay are not counted, nor the planned days off of the schedule that `phases` tell; the
    tablets of those days are kept for later. Tablets left from refills before the window are
    counted into it.
    """
    ordered = sorted(refills, key=lambda refill: refill.day)
    if last < first:
        return Problem("window", "it ends before it begins", "exchange the days")
    if any(refill.days <= 0 for refill in ordered):
        return Problem("refills", "a refill for no days", "give the days that it lasts")
    covered, rests = _walked(ordered, last, stays, phases)
    window = [day for day in _days(first, last) if day not in rests and not _is_away(day, stays)]
    if not window:
        return Problem("window", "no day outside of hospital or pauses", "choose another window")
    return Adherence(
        first=first,
        last=last,
        days=len(window),
        covered=sum(day in covered for day in window),
        supplied=sum(refill.days for refill in ordered if first <= refill.day <= last),
        longest_gap=_longest_gap(window, covered),
        method=_method(phases),
    )


def _method(phases: Sequence[Phase]) -> str:
    method = "early refills shifted forward; hospital days and ordered pauses not counted"
    planned = [phase for phase in phases if phase.cycle.off]
    if not planned:
        return method
    said = ", then ".join(f"{phase.cycle} from {phase.first}" for phase in phases)
    return f"{method}; planned days off are no gap and not counted ({said})"


def _days(first: datetime.date, last: datetime.date) -> Iterable[datetime.date]:
    return (first + number * ONE_DAY for number in range((last - first).days + 1))


def _is_away(day: datetime.date, stays: Iterable[Stay]) -> bool:
    return any(stay.first <= day <= stay.last for stay in stays)


def _walked(
    refills: Sequence[Refill], last: datetime.date, stays: Sequence[Stay], phases: Sequence[Phase]
) -> tuple[frozenset[datetime.date], frozenset[datetime.date]]:
    """Every day up to `last` for which there were tablets, none used twice; and the days off.

    Days off begin once the days on were taken, so that a day missed is a gap and no day off.
    """
    covered: set[datetime.date] = set()
    rests: set[datetime.date] = set()
    begun: datetime.date | None = None
    stock = taken = off = 0
    arriving = {
        day: sum(r.days for r in refills if r.day == day) for day in {r.day for r in refills}
    }
    for day in _days(min(arriving, default=last), last):
        stock += arriving.get(day, 0)
        since, cycle = cycle_on(phases, day)
        if since != begun:
            begun, taken, off = since, 0, 0
        if off:
            rests.add(day)
            off -= 1
        elif stock and not _is_away(day, stays):
            covered.add(day)
            stock, taken = stock - 1, taken + 1
            if taken == cycle.on:
                taken, off = 0, cycle.off
    return frozenset(covered), frozenset(rests)


def _longest_gap(window: Iterable[datetime.date], covered: frozenset[datetime.date]) -> int:
    longest = current = 0
    for day in window:
        current = 0 if day in covered else current + 1
        longest = max(longest, current)
    return longest
