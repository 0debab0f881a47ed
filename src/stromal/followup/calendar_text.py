"""The lines of a calendar file (RFC 5545): written, folded, and read again for an update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

MOST_OCTETS = 75
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))
_OWN = ("UID", "DTSTAMP", "SEQUENCE")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar. `content` are its lines beside identity, stamp and version."""

    name: str
    stamp: str
    sequence: int
    content: tuple[str, ...]

    @property
    def day(self) -> str:
        """The day of its start: 20270710."""
        return self._start.rpartition(":")[2][:8]

    @property
    def zone(self) -> str:
        """The zone of its time of day; '' for a whole day."""
        return self._start.partition("TZID=")[2].partition(":")[0]

    @property
    def _start(self) -> str:
        return next(line for line in self.content if line.startswith("DTSTART"))

    def lines(self) -> Iterator[str]:
        """The unfolded lines of the event."""
        yield f"UID:{self.name}"
        yield f"DTSTAMP:{self.stamp}"
        yield f"SEQUENCE:{self.sequence}"
        yield from self.content

    def with_status(self, status: str) -> Entry:
        """The same event with another status."""
        kept = (f"STATUS:{status}" if one.startswith("STATUS:") else one for one in self.content)
        return replace(self, content=tuple(kept))

    def with_version(self, sequence: int, stamp: str) -> Entry:
        """The same event as a later version."""
        return replace(self, sequence=sequence, stamp=stamp)


def text_of(words: str) -> str:
    r"""Words as the value of a text property.

    >>> text_of("CT, then MRI; see below")
    'CT\\, then MRI\\; see below'
    """
    for plain, written in _ESCAPES:
        words = words.replace(plain, written)
    return words


def folded(text: str) -> Iterator[str]:
    """Content lines of at most 75 octets; a character is never cut."""
    part, size = "", 0
    for character in text:
        octets = len(character.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part


def read_entries(text: str, product: str) -> dict[str, Entry]:
    """The events of a file that this program wrote, by identity.

    Raises ValueError where the file is no calendar, was written by something else, or is cut off.
    """
    lines = text.replace("\r\n", "\n").replace("\n ", "").rstrip("\n").split("\n")
    if lines[0] != "BEGIN:VCALENDAR" or f"PRODID:{product}" not in lines:
        raise ValueError("it is no calendar file of this program")
    if lines[-1] != "END:VCALENDAR":
        raise ValueError("it is cut off: its last line is not END:VCALENDAR")
    entries: dict[str, Entry] = {}
    inside: list[str] | None = None
    for line in lines:
        if line == "BEGIN:VEVENT":
            inside = []
        elif line == "END:VEVENT" and inside is not None:
            entry = _entry(inside)
            entries[entry.name], inside = entry, None
        elif inside is not None:
            inside.append(line)
    return entries


def _entry(lines: list[str]) -> Entry:
    own = dict(line.split(":", 1) for line in lines if line.split(":", 1)[0] in _OWN)
    if set(own) != set(_OWN) or not own["SEQUENCE"].isdecimal():
        raise ValueError("an event of it lacks its UID, DTSTAMP or SEQUENCE")
    content = tuple(line for line in lines if line.split(":", 1)[0] not in _OWN)
    if not any(line.startswith("DTSTART") for line in content):
        raise ValueError("an event of it has no day")
    return Entry(own["UID"], own["DTSTAMP"], int(own["SEQUENCE"]), content)
