"""The rules of a time zone as a component of a calendar file (RFC 5545, 3.6.5)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

_DAY, _SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def time_zone(zone: ZoneInfo, first: int, last: int) -> list[str]:
    """The component for the years from `first` to `last`: each change of the clock by its day."""
    start = datetime.datetime(first - 1, 1, 1, tzinfo=datetime.UTC)
    end = datetime.datetime(last + 1, 1, 1, tzinfo=datetime.UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    lines += _observance(zone, start, start)
    for change in changes(zone, start, end):
        lines += _observance(zone, change - _SECOND, change)
    return [*lines, "END:VTIMEZONE"]


def changes(
    zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime
) -> Iterator[datetime.datetime]:
    """The moments (UTC) after `start` at which the clock of a zone changes."""
    day = start
    while day < end:
        after = day + _DAY
        if _offset(zone, day) != _offset(zone, after):
            yield _moment(zone, day, after)
        day = after


def _moment(
    zone: ZoneInfo, before: datetime.datetime, after: datetime.datetime
) -> datetime.datetime:
    """The first second with the later offset, by halving."""
    offset = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime.datetime) -> datetime.timedelta:
    offset = moment.astimezone(zone).utcoffset()
    return offset if offset is not None else datetime.timedelta()


def _observance(
    zone: ZoneInfo, before: datetime.datetime, change: datetime.datetime
) -> Iterator[str]:
    """One span of clock time; its start is told by the clock that was in force until then."""
    local = change.astimezone(zone)
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    old, new = _offset(zone, before), _offset(zone, change)
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{(change + old).replace(tzinfo=None):%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_written(old)}"
    yield f"TZOFFSETTO:{_written(new)}"
    if name := local.tzname():
        yield f"TZNAME:{name}"
    yield f"END:{kind}"


def _written(offset: datetime.timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
