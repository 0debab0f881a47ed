"""Months and weeks on the calendar, and intervals as they are written."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import cache

_NUMBER = r"\d+"
_RANGE = re.compile(rf"({_NUMBER})(?:\s+to\s+({_NUMBER}))?\s*(weeks?|months?|years?)?")
_LEAD = re.compile(r"(?:about|every|then|once)\s+")
_UNITS = {"week": "weeks", "month": "months", "year": "years"}
_IN_WORDS = {"once or twice a year": ("6 to 12", "months"), "once a year": ("12", "months")}


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """A length of time in whole months and weeks."""

    months: int = 0
    weeks: int = 0

    def after(self, day: datetime.date, times: int = 1) -> datetime.date:
        """The day so many steps later; counted from `day`, so that month ends do not drift.

        >>> [str(Step(1).after(datetime.date(2024, 1, 31), n)) for n in (1, 2)]
        ['2024-02-29', '2024-03-31']
        """
        return add_months(day, times * self.months) + datetime.timedelta(weeks=times * self.weeks)


@dataclass(frozen=True, slots=True)
class Interval:
    """From the shortest to the longest time between two looks."""

    shortest: Step
    longest: Step


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later (or earlier) month; the last day of the month where it has none.

    >>> str(add_months(datetime.date(2024, 2, 29), 12))
    '2025-02-28'
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return day.replace(year=year, month=month, day=min(day.day, last))


@cache
def read_interval(text: str) -> Interval | None:
    """An interval as the documents write it; None where it states none.

    "3", "3 to 6" (months), "12 weeks", "every 1 to 2 years", "about 3 months",
    "once or twice a year".
    """
    words = text.strip().lower()
    number, unit = _IN_WORDS.get(words, (words, "months"))
    while match := _LEAD.match(number):
        number = number[match.end() :]
    found = _RANGE.fullmatch(number)
    if not found:
        return None
    unit = _UNITS[(found.group(3) or unit).rstrip("s")]
    low, high = int(found.group(1)), int(found.group(2) or found.group(1))
    if not 0 < low <= high:
        return None
    return Interval(_step(low, unit), _step(high, unit))


def read_step(text: str) -> Step:
    """A time from an anchor: "24" (months) or "6 weeks". Raises ValueError for anything else."""
    if text.strip() == "0":
        return Step()
    interval = read_interval(text)
    if interval is None or interval.shortest != interval.longest:
        raise ValueError(f"{text!r} is no time from an anchor")
    return interval.shortest


def _step(number: int, unit: str) -> Step:
    return {"weeks": Step(0, number), "months": Step(number), "years": Step(12 * number)}[unit]
