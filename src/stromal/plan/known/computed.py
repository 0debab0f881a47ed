"""A fact that follows from the events of the record, held against what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import Numbers, Possible, intersect, union
from stromal.facts.record import UNDATED, Event
from stromal.facts.timeline import Conflict
from stromal.facts.values import read_day
from stromal.plan.known.course import Course

OF_THE_DRUG = ("progression", "progression_confirmed", "last_drug_not_tolerated")
"""Facts that speak of the present drug, so that they are open again once another is started."""
ROUNDED = ("weeks_since_surgery", "months_on_current_drug")
"""Times that people round when they write them, so that the days of the events count alone."""
ADJUVANT_YEARS = "adjuvant_years"
ROUNDED_TO = {ADJUVANT_YEARS: 0.5}
"""By how much a written number may miss what the days give, before the two contradict."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What the events leave possible of a fact, and the events it rests on."""

    possible: Possible
    events: tuple[Event, ...]


Then = Callable[[float], Computed | None]
"""The same fact as it followed from the events up to an earlier place on the scale of days."""


def held_against(
    term: Term, computed: Computed, given: Fact | None, course: Course, then: Then
) -> tuple[Fact, Conflict | None]:
    """The fact that typed value and events make together; both stay possible if they disagree.

    A value typed before the last change is superseded, and no contradiction if it was right then.
    """
    inside = intersect(computed.possible, term.domain)
    origins = tuple(origin_of(event) for event in computed.events)
    if given is None or given.state is State.UNKNOWN:
        return _left(term, inside, origins), None
    common = intersect(given.possible, inside)
    typed_on = last_typed(given, course)
    moved = typed_on and any(course.when(event) > typed_on for event in course.changing)
    if not common.is_empty() and not moved:
        return fact_of(term.name, common, (*given.origins, *origins)), None
    if not common.is_empty() or term.name in ROUNDED:
        return _left(term, inside, origins), None
    if (moved or term.name in ROUNDED_TO) and typed_on and _agrees(then(typed_on), given):
        return _left(term, inside, origins), None
    return _both(given, computed, inside)


def _left(term: Term, inside: Possible, origins: tuple[Origin, ...]) -> Fact:
    """What the events leave of a fact; unknown if that is everything."""
    if inside == term.domain and not inside.is_single():
        return Fact(term.name, inside, State.UNKNOWN, None, origins)
    return fact_of(term.name, inside, origins)


def _agrees(then: Computed | None, given: Fact) -> bool:
    if then is None:
        return True
    slip, possible = ROUNDED_TO.get(given.name, 0.0), then.possible
    if slip and isinstance(possible, Numbers):
        possible = Numbers.between(possible.low - slip, possible.high + slip)
    return not intersect(possible, given.possible).is_empty()


def _both(given: Fact, computed: Computed, inside: Possible) -> tuple[Fact, Conflict]:
    both = (*given.origins, *(origin_of(event) for event in computed.events))
    events = ", ".join(dict.fromkeys(_on_its_day(event) for event in computed.events))
    what = f"{given.possible} given, but {inside} by the events of the record ({events})"
    conflict = Conflict(given.name, what, "both stay possible", both)
    every = union(given.possible, inside)
    return Fact(given.name, every, State.CONFLICTING, None, both), conflict


def _on_its_day(event: Event) -> str:
    return f"{event.kind} on {event.day}" if event.day else f"{event.kind} without a day"


def stale(
    facts: Mapping[str, Fact], course: Course, terms: Mapping[str, Term]
) -> Iterator[tuple[Fact, str]]:
    """Facts on the present drug that were said before it was started, open again; and a note."""
    if not course.runs:
        return
    run = course.runs[-1]
    for name in OF_THE_DRUG:
        fact = facts.get(name)
        typed_on = last_typed(fact, course) if fact and fact.state is not State.UNKNOWN else None
        if fact and typed_on and typed_on <= course.when(run.start):
            origins = (*fact.origins, origin_of(run.start))
            given = " or ".join(dict.fromkeys(origin.given for origin in fact.origins))
            since = f"on {run.start.day}" if run.start.day else "on a day that is not recorded"
            drug = " with ".join(run.drugs)
            said = f"{name.replace('_', ' ')} ({given}) was said before {drug} began {since}"
            opened = Fact(name, terms[name].domain, State.UNKNOWN, None, origins)
            yield opened, f"{said}; now it is open"


def last_typed(fact: Fact, course: Course) -> float | None:
    """Where the value was said last; None if it has no day, so that it is said of now."""
    named = {origin.event for origin in fact.origins if not origin.day and origin.event != UNDATED}
    put = [course.when(e) for e in course.events if e.id in named and id(e) in course.places]
    days = [read_day(origin.day) for origin in fact.origins if origin.day]
    return max((*put, *(float(span[1].toordinal()) for span in days if span)), default=None)


def origin_of(event: Event) -> Origin:
    """Where a computed fact comes from."""
    words = event.words or str(event.details.get("drug") or event.kind)
    return Origin(event.id, event.day, event.kind, event.source, words)


def fact_of(name: str, possible: Possible, origins: tuple[Origin, ...]) -> Fact:
    """A fact that is not contradicted: known, or a range."""
    state = State.KNOWN if possible.is_single() else State.RANGE
    return Fact(name, possible, state, None, origins)
