"""Schedules of taking with planned days off: read from words, and walked day by day.

A schedule is so many days with tablets and then so many without; `Cycle(1, 0)` is every day.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DAYS = {"day": 1, "week": 7}
_ON_OFF = re.compile(
    r"(?P<on>\d+)\s*(?P<unit>day|week)s?\s+on\b[\s,/;]*(?:and\s+|then\s+)?"
    r"(?P<off>\d+)\s*(?P<unit_off>day|week)s?\s+off\b",
    re.IGNORECASE,
)
_OF = re.compile(r"days?\s+1\s*(?:to|-)\s*(?P<on>\d+)\s+of\s+(?P<all>\d+)", re.IGNORECASE)
_DAILY = re.compile(r"without (?:a )?(?:break|pause)|continuous(?:ly)?|every day", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cycle:
    """`on` days with tablets, then `off` planned days without."""

    on: int
    off: int

    def __str__(self) -> str:
        """'28 days on, 14 days off', or 'every day'."""
        return f"{self.on} days on, {self.off} days off" if self.off else "every day"


EVERY_DAY = Cycle(1, 0)


@dataclass(frozen=True, slots=True)
class Phase:
    """The schedule from a day on."""

    first: datetime.date
    cycle: Cycle


def read_cycle(text: str) -> Cycle | None:
    """The schedule that words tell; None if they tell none, or one without a day on.

    >>> read_cycle("50 mg daily, 4 weeks on, 2 weeks off")
    Cycle(on=28, off=14)
    """
    if match := _ON_OFF.search(text):
        on = int(match["on"]) * _DAYS[match["unit"].lower()]
        off = int(match["off"]) * _DAYS[match["unit_off"].lower()]
        return Cycle(on, off) if on else None
    if match := _OF.search(text):
        on, whole = int(match["on"]), int(match["all"])
        return Cycle(on, whole - on) if 0 < on <= whole else None
    return EVERY_DAY if _DAILY.search(text) else None


def without_cycle(text: str) -> str:
    """The words that are left without those of the schedule."""
    for pattern in (_ON_OFF, _OF, _DAILY):
        text = pattern.sub("", text)
    return text.strip(" ,;()")


def cycle_on(phases: Sequence[Phase], day: datetime.date) -> tuple[datetime.date, Cycle]:
    """The schedule of a day, and since when; every day where none has begun."""
    begun = [phase for phase in phases if phase.first <= day]
    if not begun:
        return datetime.date.min, EVERY_DAY
    last = max(begun, key=lambda phase: phase.first)
    return last.first, last.cycle


def distinct(texts: Iterator[str]) -> list[Cycle]:
    """The different schedules that several texts tell, in their order."""
    return list(dict.fromkeys(cycle for text in texts if (cycle := read_cycle(text))))
