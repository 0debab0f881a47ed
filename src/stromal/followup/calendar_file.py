"""Looks as a calendar file (RFC 5545): whole days and lasting identities."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator

from stromal.followup.calendar import Line, Look, State

PRODUCT = "-//Stromal//follow-up//EN"
MOST_OCTETS = 75
OPEN_STATES = (State.DUE, State.OVERDUE, State.PLANNED)


def calendar_file(
    lines: Iterable[Line], patient: str, stamp: datetime.datetime, sequence: int = 0
) -> str:
    """The looks that are still open, as one calendar.

    `patient` enters only a hash, so that the identity of a look lasts when its day moves and tells
    nothing. `stamp` is the time of writing with its zone; raises ValueError without one. `sequence`
    must rise with every new version, for instance with the number of events of the record.
    """
    if stamp.tzinfo is None:
        raise ValueError("the time of writing needs its zone")
    content = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    for line in lines:
        for look in line.looks:
            if look.state in OPEN_STATES:
                content += _event(line, look, patient, stamp, sequence)
    return "".join(
        f"{folded}\r\n" for text in (*content, "END:VCALENDAR") for folded in _fold(text)
    )


def identity(line: Line, look: Look, patient: str) -> str:
    """The lasting identity of a look: patient, authority, test and its number in the line."""
    words = "\0".join((patient, line.authority, line.test, str(look.number)))
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@stromal"


def _event(
    line: Line, look: Look, patient: str, stamp: datetime.datetime, sequence: int
) -> list[str]:
    day, after = look.planned, look.planned + datetime.timedelta(days=1)
    window = f"Between {look.earliest} and {look.latest}. {look.rule.words}"
    source = f"{line.authority}: {look.rule.source} ({look.rule.status})"
    return [
        "BEGIN:VEVENT",
        f"UID:{identity(line, look, patient)}",
        f"DTSTAMP:{stamp.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{sequence}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{_text(line.test[:1].upper() + line.test[1:])}",
        f"DESCRIPTION:{_text(f'{window} {source}')}",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(plain, written)
    return words


def _fold(text: str) -> Iterator[str]:
    """Content lines of at most 75 octets; a character is never cut."""
    part, size = "", 0
    for character in text:
        octets = len(character.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
