"""From dated events to the facts of a day, by the reducer that the dictionary gives each fact.

The day is always an argument. An event that was recorded, or happened, after it is not known yet;
one that a known correction names is not used any more.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.days import DEAD, VITAL, impossible_days, last_day, with_age, with_death
from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.fold import Conflict, Said, fold
from stromal.facts.looks import looks
from stromal.facts.operations import operations
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.values import read_day, read_value

__all__ = ["Conflict", "Folded", "as_of", "live_events", "unknown"]
_MOST_HINTS = 100
"""Looking for the name that was meant takes a millisecond; nobody reads so many hints."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What is known on a day. A fact that is not in `facts` is unknown.

    `events` are those that count on the day; `day` is the day asked about, or that of the last.
    `remarks` say which measurements gave way to a newer one.
    """

    facts: dict[str, Fact]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    events: tuple[Event, ...] = ()
    day: datetime.date | None = None
    remarks: tuple[str, ...] = ()


def as_of(record: Record, terms: Mapping[str, Term], day: datetime.date | None) -> Folded:
    """The facts that the events known on `day` give.

    Without a day, all events count, and the age is that on the day of the last one.
    """
    known = [event for event in record.events if _is_known(event, day)]
    live, wrong = _without_corrected(record, known)
    said, unread = _said(record, live, terms)
    surgery = operations(live, said)
    facts: dict[str, Fact] = {}
    conflicts: list[Conflict] = []
    seen = looks(said, terms, live, surgery)
    for name, values in seen.said.items():
        term = seen.terms[name]
        facts[name], found = fold(term, surgery.counting(term, values))
        conflicts += found
    dead = [one.event for one in said.get(VITAL, ()) if one.value.possible == DEAD]
    with_death(facts, terms, dead)
    conflicts += impossible_days(live, facts, dead)
    on = day or last_day(live)
    if on and "age" in terms:
        conflicts = with_age(on, facts, live, terms["age"], conflicts)
    conflicts.sort(key=lambda c: (c.name, c.what, [origin.event for origin in c.origins]))
    problems = (*record.problems, *wrong, *unread)
    return Folded(facts, tuple(conflicts), problems, tuple(live), on, seen.remarks)


def live_events(record: Record, day: datetime.date | None) -> list[Event]:
    """The events known on `day` that no other known one corrects, in the order of the file."""
    known = [event for event in record.events if _is_known(event, day)]
    return _without_corrected(record, known)[0]


def unknown(term: Term) -> Fact:
    """The fact of which nothing was said."""
    return Fact(term.name, term.domain, State.UNKNOWN)


def _is_known(event: Event, day: datetime.date | None) -> bool:
    """True unless the event surely was recorded, or happened, after the day."""
    if day is None:
        return True
    recorded = read_day(event.recorded) if event.recorded else None
    happened = days_of(event)
    return not (recorded and recorded[0] > day) and not (happened and happened[0] > day)


def _without_corrected(
    record: Record, events: Sequence[Event]
) -> tuple[list[Event], list[Problem]]:
    """The events that no other corrects. What a correction leaves out is said, not dropped."""
    by_id = {event.id: event for event in events}
    corrections: dict[str, list[Event]] = {}
    for event in events:
        if event.corrects:
            corrections.setdefault(event.corrects, []).append(event)
    problems = []
    for event in events:
        place = f"{record.name}:{event.line}, {event.id}"
        if _goes_round(event, by_id):
            what = "the events correct one another, so none of them is used"
            problems.append(Problem(place, what, "let only the later one correct the other"))
        elif wrong := _left_out(place, event, corrections.get(event.id, ())):
            problems.append(wrong)
    return [event for event in events if event.id not in corrections], problems


def _left_out(place: str, event: Event, corrections: Sequence[Event]) -> Problem | None:
    repeated = {name for correction in corrections for name in correction.facts}
    names = [name for name in event.facts if name not in repeated]
    if event.kind == "imaging":
        typed = {key for correction in corrections for key in correction.details}
        names += [key for key in event.details if key not in typed]
    if not corrections or not names:
        return None
    by = " and ".join(sorted(repr(correction.id) for correction in corrections))
    what = f"{', '.join(names)} of {event.id!r} is not in its correction {by}, so it is not used"
    return Problem(place, what, "repeat there what still holds; write '?' for what is withdrawn")


def _goes_round(event: Event, by_id: Mapping[str, Event]) -> bool:
    seen: set[str] = set()
    at: Event | None = event
    while at and at.corrects:
        if at.id in seen:
            return True
        seen.add(at.id)
        at = by_id.get(at.corrects)
    return False


def _said(
    record: Record, events: Iterable[Event], terms: Mapping[str, Term]
) -> tuple[dict[str, list[Said]], list[Problem]]:
    said: dict[str, list[Said]] = {}
    problems: list[Problem] = []
    for event in events:
        for name, raw in event.facts.items():
            place = f"{record.name}:{event.lines.get(name, event.line)}, {name}"
            term = terms.get(name)
            if term is None:
                near = terms if len(problems) < _MOST_HINTS else {}
                problems.append(_no_such_fact(place, name, near))
                continue
            value = read_value(term, raw)
            if isinstance(value, Problem):
                problems.append(Problem(place, value.what, value.remedy))
            else:
                said.setdefault(name, []).append(Said(event, value))
    return said, problems


def _no_such_fact(place: str, name: str, terms: Mapping[str, Term]) -> Problem:
    near = difflib.get_close_matches(name, terms, n=1, cutoff=0.75) or list(
        _speaking_of(name, terms)
    )
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    what = f"unknown fact {name!r}, so it is not used"
    return Problem(place, what, f"{hint}'stromal facts {name}' searches for it")


def _speaking_of(name: str, terms: Mapping[str, Term]) -> Iterator[str]:
    """The facts, three at most, that have the word in their name, then those in whose words."""
    word = re.compile(rf"\b{re.escape(name.casefold().replace('_', ' '))}\b")
    named = [other for other in terms if word.search(other.replace("_", " "))]
    asked = [
        other
        for other, term in terms.items()
        if other not in named and word.search(f"{term.question} {term.description}".casefold())
    ]
    yield from [*named, *asked][:3]
