"""The names of other medicines as an event writes them, and which of them are still taken.

A medicine counts from the day it is named until a later day on which it is said to have ended
(`co_medications_ended`), and again once it is named after that.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.record import Event, days_of

MEDICATION = "co_medication"
MEDICATIONS = "co_medications"
ENDED = "co_medications_ended"
NOT_LISTED = "another medicine"
NONE = frozenset(("none", "no other medicines", "no other medicine"))
UNKNOWN = frozenset(("?", "unknown", "not recorded", "pending", "not done", "not applicable", ""))
_BETWEEN = re.compile(r"[,;\n]|\s\+\s|\sand\s")
_DOSE = re.compile(r"\b\d[\d.,/]*\s*(?:mg|g|ug|mcg|µg|ml|iu|units?|%)?\b.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A medicine as first written. `name` is '' where the list does not know it.

    `ended` is the day on which it was said to have ended, '' while it is taken.
    """

    key: str
    written: str
    name: str
    event: Event
    ended: str


@dataclass(frozen=True, slots=True)
class Names:
    """All medicines of the events; `stated` is False where they say nothing of any."""

    stated: bool
    named: tuple[Named, ...]
    problems: tuple[Problem, ...]


def names_of(term: Term, events: Sequence[Event]) -> Names:
    """Every medicine that the events name, each once, and whether it has ended."""
    mentions = list(_mentions(term, events, (MEDICATIONS, MEDICATION)))
    ends = list(_mentions(term, events, (ENDED,)))
    first: dict[str, Named] = {}
    for one in mentions:
        first.setdefault(one.key, one)
    named = tuple(_with_end(one, mentions, ends) for one in first.values())
    stated = any(True for event in events for _ in _texts(event, (MEDICATIONS, MEDICATION)))
    return Names(stated, named, tuple(_problems(term, mentions, ends)))


def wrong_ends(term: Term | None, events: Sequence[Event]) -> tuple[Problem, ...]:
    """What is wrong in what was said to have ended; quick where nothing was."""
    said = any(ENDED in event.facts for event in events)
    return names_of(term, events).problems if term and said else ()


def names_in(term: Term, text: str) -> tuple[str, ...]:
    """The medicines of the dictionary whose generic or brand name stands in the text.

    A longer name hides a shorter one within it; the dose and other words do not matter.
    """
    spellings = _spellings(term)
    left = " ".join(text.lower().split())
    found: dict[str, None] = {}
    for spelling in sorted(spellings, key=len, reverse=True):
        pattern = rf"(?<![a-z]){re.escape(spelling)}(?![a-z])"
        if re.search(pattern, left):
            found.update(dict.fromkeys(spellings[spelling]))
            left = re.sub(pattern, "|", left)
    return tuple(sorted(found))


def near(term: Term, written: str) -> tuple[str, ...]:
    """The medicines of the list whose names are like the word."""
    word = _DOSE.sub("", written).strip().lower()
    spellings = _spellings(term)
    close = difflib.get_close_matches(word, spellings, n=3, cutoff=0.7)
    return tuple(dict.fromkeys(name for spelling in close for name in spellings[spelling]))


def _mentions(term: Term, events: Iterable[Event], names: tuple[str, ...]) -> Iterator[Named]:
    for event in events:
        for text in _texts(event, names):
            for part in _parts(text):
                for name in names_in(term, part) or ("",):
                    yield Named(name or part.lower(), part, name, event, "")


def _with_end(one: Named, mentions: Iterable[Named], ends: Iterable[Named]) -> Named:
    """The medicine with the day of its end, if that is surely later than it was named last."""
    last = max(_day(other.event, 1) for other in mentions if other.key == one.key)
    after = sorted(
        (_day(end.event, 0), end.event.day)
        for end in ends
        if end.key == one.key and _day(end.event, 0) > last
    )
    return Named(one.key, one.written, one.name, one.event, after[0][1] if after else "")


def _day(event: Event, end: int) -> int:
    """The first or last day of an event; what has no day was true before all that has one."""
    days = days_of(event)
    return days[end].toordinal() if days else 0


def _problems(term: Term, mentions: Sequence[Named], ends: Sequence[Named]) -> Iterator[Problem]:
    for end in ends:
        place = f"{end.event.id}, {ENDED}"
        mine = [one for one in mentions if one.key == end.key]
        if not mine:
            others = dict.fromkeys(one.name or one.written for one in mentions)
            close = difflib.get_close_matches(end.key, list(others), n=3, cutoff=0.6)
            meant = tuple(close) or (() if end.name else near(term, end.written))
            hint = f"did you mean {' or '.join(meant)}? " if meant else ""
            what = f"{end.written!r} has ended, but the record does not say that it was taken"
            yield Problem(place, what, f"{hint}name it under {MEDICATIONS} on the day it was taken")
        elif _day(end.event, 0) == 0:
            what = f"{end.written!r} has ended, but not on which day, so it still counts"
            yield Problem(place, what, "put it under an event with its day")
        elif any(_day(one.event, 0) <= _day(end.event, 1) and
                 _day(one.event, 1) >= _day(end.event, 0) for one in mine):  # fmt: skip
            what = f"{end.written!r} is named and ended on one day, so it still counts"
            yield Problem(place, what, "say on which later day it ended")


def _spellings(term: Term) -> Mapping[str, tuple[str, ...]]:
    names = {value.lower(): (value,) for value in term.values if value != NOT_LISTED}
    brands = {name.lower(): tuple(sorted(values)) for name, values in term.synonyms.items()}
    return {**brands, **names}


def _texts(event: Event, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        raw = event.facts.get(name)
        for item in raw if isinstance(raw, list) else [raw]:
            if item is False:  # "no" in YAML
                yield "none"
            elif isinstance(item, str | int | float) and str(item).strip().lower() not in UNKNOWN:
                yield str(item)


def _parts(text: str) -> Iterable[str]:
    parts = (" ".join(part.split()) for part in _BETWEEN.split(text))
    return [part for part in parts if part and part.lower() not in NONE]
