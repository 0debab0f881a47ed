"""Which next dates stand otherwise between two days, those that moved alike together."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from stromal.followup.calendar import OPEN_STATES, Line, Look
from stromal.plan.schedule.follow_up import FollowUp


@dataclass(frozen=True, slots=True)
class DateChange:
    """The next look of a test: its day before and after ('-' where there is none), by whom."""

    test: str
    before: str
    after: str
    authorities: tuple[str, ...]


def next_look(line: Line, since: datetime.date | None) -> Look | None:
    """The first open look on or after a day; the first of all where none is so late."""
    looks = [look for look in line.looks if look.state in OPEN_STATES]
    later = (look for look in looks if since is None or look.planned >= since)
    return next(later, looks[0] if looks else None)


def date_changes(
    before: FollowUp, after: FollowUp, start: datetime.date | None, end: datetime.date | None
) -> tuple[DateChange, ...]:
    """The tests whose next day moved, came or fell away, authorities that agree together."""
    old, new = _next_days(before, start), _next_days(after, end)
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for authority, test in dict.fromkeys((*old, *new)):
        days = old.get((authority, test), "-"), new.get((authority, test), "-")
        if days[0] != days[1]:
            found.setdefault((test, *days), {})[authority] = None
    changes = (DateChange(*key, tuple(names)) for key, names in found.items())
    return tuple(sorted(changes, key=lambda one: (one.after == "-", one.after, one.test)))


def _next_days(found: FollowUp, since: datetime.date | None) -> dict[tuple[str, str], str]:
    days: dict[tuple[str, str], str] = {}
    for schedule in found.schedules:
        for line in schedule.lines:
            look = next_look(line, since)
            if look is not None:
                key = schedule.authority, line.test
                days[key] = min(days.get(key, "9"), look.planned.isoformat())
    return days
