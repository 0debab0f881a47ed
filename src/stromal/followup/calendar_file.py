"""Looks as a calendar file (RFC 5545): lasting identities, and updates that a calendar can follow.

Without a time of day a look is a whole day, which every zone reads as the same date. With one it
carries its zone, and the file the rules of that zone for its years.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from stromal.followup.calendar import OPEN_STATES, Line, Look, State
from stromal.followup.calendar_text import Entry, folded, text_of
from stromal.followup.time_zone import time_zone

PRODUCT = "-//Stromal//follow-up//EN"
TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"


@dataclass(frozen=True, slots=True)
class Edition:
    """One writing of the file.

    `patient` enters only a hash, so that the identity of a look lasts when its day moves and tells
    nothing. `stamp` is the time of writing with its zone. `sequence` must not fall from one writing
    to the next. `earlier` are the entries of the file that this one replaces, by identity: one that
    did not change keeps its version, one that fell away is cancelled. `at` is a local time of day
    in `zone`; without it looks are whole days.
    """

    patient: str
    stamp: datetime.datetime
    sequence: int = 0
    earlier: Mapping[str, Entry] | None = None
    at: datetime.time | None = None
    zone: ZoneInfo | None = None

    def __post_init__(self) -> None:
        """Raises ValueError without the zone of the time of writing, or of the time of day."""
        if self.stamp.tzinfo is None:
            raise ValueError("the time of writing needs its zone")
        if (self.at is None) != (self.zone is None):
            raise ValueError("a time of day needs its zone, and a zone a time of day")


def calendar_file(lines: Iterable[Line], edition: Edition) -> str:
    """The looks that are still open, and what became of those of the earlier file."""
    entries = tuple(_entries(lines, edition))
    content = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    for zone in dict.fromkeys(entry.zone for entry in entries if entry.zone):
        content += time_zone(ZoneInfo(zone), *_years(entries))
    for entry in entries:
        content += ["BEGIN:VEVENT", *entry.lines(), "END:VEVENT"]
    return "".join(f"{part}\r\n" for text in (*content, "END:VCALENDAR") for part in folded(text))


def identity(line: Line, look: Look, patient: str) -> str:
    """The lasting identity of a look: patient, authority, test and its number in the line."""
    words = "\0".join((patient, line.authority, line.test, str(look.number)))
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@stromal"


def _entries(lines: Iterable[Line], edition: Edition) -> Iterator[Entry]:
    """Open looks, and of the earlier file those that were done and those that fell away."""
    earlier = dict(edition.earlier or {})
    for line in lines:
        for look in line.looks:
            name = identity(line, look, edition.patient)
            if look.state in OPEN_STATES or (look.done and name in earlier):
                yield _version(_entry(line, look, name, edition), earlier.pop(name, None), edition)
    for entry in earlier.values():
        yield _version(entry.with_status(CANCELLED), entry, edition)


def _version(entry: Entry, before: Entry | None, edition: Edition) -> Entry:
    """The entry with its version: that of the earlier file if nothing in it changed."""
    if before is None:
        return entry
    if entry.content == before.content:
        return before
    return entry.with_version(max(edition.sequence, before.sequence + 1), _stamp(edition))


def _entry(line: Line, look: Look, name: str, edition: Edition) -> Entry:
    """One look; one that was done stands on its day, confirmed."""
    day = look.done or look.planned
    lead = "Overdue: " if look.state is State.OVERDUE else "Done: " if look.done else ""
    test = line.test if lead else line.test[:1].upper() + line.test[1:]
    window = f"Between {look.earliest} and {look.latest}. {look.rule.words}"
    source = f"{line.authority}: {look.rule.source} ({look.rule.status})"
    content = (
        *_when(day, edition),
        f"SUMMARY:{text_of(lead + test)}",
        f"DESCRIPTION:{text_of(f'{window} {source}')}",
        f"STATUS:{CONFIRMED if look.done else TENTATIVE}",
        "TRANSP:TRANSPARENT",
    )
    return Entry(name, _stamp(edition), edition.sequence, content)


def _when(day: datetime.date, edition: Edition) -> Iterator[str]:
    if edition.at is None or edition.zone is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART;TZID={edition.zone.key}:{day:%Y%m%d}T{edition.at:%H%M%S}"


def _stamp(edition: Edition) -> str:
    return f"{edition.stamp.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _years(entries: Sequence[Entry]) -> tuple[int, int]:
    years = [int(entry.day[:4]) for entry in entries]
    return min(years), max(years)
