"""The state of the disease, from the record's dated events: never typed in.

What was typed and contradicts the events stays possible beside them, and the conflict is asked
about. What was typed before the last change is not a contradiction if it was right on its day.
Where events have no day, every order that the record allows is tried, and what any of them gives
stays possible.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, union
from stromal.facts.record import Event, days_of
from stromal.facts.timeline import Conflict, unknown
from stromal.plan.known import vital
from stromal.plan.known.computed import (
    OF_THE_DRUG,
    Computed,
    fact_of,
    held_against,
    last_typed,
    origin_of,
    stale,
)
from stromal.plan.known.course import LOOKS, SPREAD, Course, first_day, said, until
from stromal.plan.known.course_times import of_time
from stromal.plan.known.drug_facts import given_by_count, of_drugs
from stromal.plan.known.orders import MOST_ORDERS, Orders, moves_state, orders_of
from stromal.plan.known.remaining import (
    PROGRESSION,
    all_removed,
    grown_back,
    nothing_left,
    untreated,
)

STATE = "disease_state"
TYPED = (
    STATE, "setting", "line_of_therapy", "last_drug", "drugs_given", "neoadjuvant_drug_given",
    "relapse_and_adjuvant", "drugs_failed", "drugs_not_tolerated", *OF_THE_DRUG,
)  # fmt: skip
"""Facts that can be typed and follow from the events, so that the day they were typed counts."""
WATCHED_DAYS = 90
"""A convention: two looks further apart than this, and nothing done, are watching."""
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "localised": ("diagnosis", "primary surgery", "neoadjuvant"),
    "watched": ("diagnosis", "primary surgery"),
    "on drug before surgery": ("neoadjuvant",),
    "resected": ("adjuvant", "follow-up"),
    "on adjuvant drug": ("adjuvant",),
    "after adjuvant drug": ("adjuvant", "follow-up"),
}
"""The questions that treatment may have to answer in a state; 'advanced' in all others.

What is watched is neither operated now nor given a drug, so that the question is whether to go on.
"""
START_DAYS = 17 * 7
"""So long after a removal an adjuvant drug may begin (therapy/adjuvant-course START, LATE): until
then that is the question, unless somebody has said since that it is another."""
_ON_DRUG = {
    "none": "controlled on drug",
    "focal": "focal progression on drug",
    "general": "general progression on drug",
}


@dataclass(frozen=True, slots=True)
class StateFacts:
    """The computed facts, what contradicts them, and what was noticed."""

    facts: Mapping[str, Fact]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]


def state_facts(
    facts: Mapping[str, Fact],
    events: tuple[Event, ...],
    day: datetime.date | None,
    terms: Mapping[str, Term],
) -> StateFacts:
    """The state facts of a day, held against those that were typed.

    Facts without a day and no event that moves the state are no course: nothing follows from what
    they do not name.
    """
    if STATE not in terms:
        return StateFacts({}, (), ())
    found = _of_events(facts, events, day, terms)
    found = replace(found, notes=(*vital.notes(facts), *found.notes))
    given = given_by_count({**facts, **found.facts}, terms)
    return replace(found, facts={**found.facts, given.name: given}) if given else found


def _of_events(
    facts: Mapping[str, Fact],
    events: tuple[Event, ...],
    day: datetime.date | None,
    terms: Mapping[str, Term],
) -> StateFacts:
    orders = orders_of(events, terms, TYPED)
    if not any(event.day or moves_state(event) for event in events):
        return StateFacts({}, (), ())
    if not orders.courses:
        return StateFacts({}, (), tuple(_too_many(orders)))
    each = [_of_one_order(course, facts, day, terms) for course in orders.courses]
    notes = [*_undated(orders, each), *(note for one in each for note in one.notes)]
    if len(each) == 1:
        return replace(each[0], notes=tuple(notes))
    found = {name: _of_all(name, [one.facts.get(name) for one in each], facts, terms)
             for name in sorted({name for one in each for name in one.facts})}  # fmt: skip
    return StateFacts(found, tuple(_undisputed(each)), tuple(dict.fromkeys(notes)))


def _of_one_order(
    course: Course,
    facts: Mapping[str, Fact],
    day: datetime.date | None,
    terms: Mapping[str, Term],
) -> StateFacts:
    old = list(stale(facts, course, terms))
    found = {fact.name: fact for fact, _ in old}
    now = {**facts, **found}
    conflicts: list[Conflict] = []
    for name, computed in compute(course, now, day, terms):
        if name in terms:

            def then(place: float, name: str = name) -> Computed | None:
                on = datetime.date.fromordinal(int(place)) if place >= 1 else None
                return dict(compute(until(course, place, terms), facts, on, terms)).get(name)

            fact, conflict = held_against(terms[name], computed, facts.get(name), course, then)
            found[name] = fact
            conflicts += [conflict] if conflict else []
    if left := nothing_left(course, now, terms):
        found[left.name] = left
    strays = (
        f"{event.details.get('drug')} stopped{_on(event)}, but no start is recorded"
        for event in course.stray_stops
    )
    return StateFacts(found, tuple(conflicts), (*strays, *(note for _, note in old)))


def _on(event: Event) -> str:
    return f" on {event.day}" if event.day else ""


def _of_all(
    name: str,
    found: Sequence[Fact | None],
    facts: Mapping[str, Fact],
    terms: Mapping[str, Term],
) -> Fact:
    """What stays possible in any order; a fact that an order does not give stays as it was."""
    every = [fact or facts.get(name) or unknown(terms[name]) for fact in found]
    if all(fact == every[0] for fact in every):
        return every[0]
    possible = reduce(union, (fact.possible for fact in every))
    origins = tuple(dict.fromkeys(origin for fact in every for origin in fact.origins))
    if all(fact.state is State.CONFLICTING for fact in every):
        return Fact(name, possible, State.CONFLICTING, None, origins)
    if possible == terms[name].domain and not possible.is_single():
        return Fact(name, possible, State.UNKNOWN, None, origins)
    return fact_of(name, possible, origins)


def _undisputed(each: Sequence[StateFacts]) -> Iterator[Conflict]:
    """The conflicts that no order resolves."""
    for conflict in each[0].conflicts:
        if all(any(c.name == conflict.name for c in one.conflicts) for one in each):
            yield conflict


def _undated(orders: Orders, each: Sequence[StateFacts]) -> Iterator[str]:
    """What has no day, and what its day would settle."""
    moved = {name for one in each for name in one.facts
             if any(one.facts.get(name) != other.facts.get(name) for other in each)
             and _open_between(name, each)}  # fmt: skip
    course = orders.courses[0]
    if course.removals and not course.removals[-1].day:
        moved.add("weeks_since_surgery")
    if course.running and not course.running[-1].start.day:
        moved.add("months_on_current_drug")
    events = [event for event in orders.undated if len(each) > 1 or moves_state(event)]
    if not events or not moved:
        return
    named = " and ".join(f"{event.kind} {event.id!r}" for event in events)
    tried = f" ({len(each)} orders are possible)" if len(each) > 1 else ""
    settled = ", ".join(sorted(name.replace("_", " ") for name in moved))
    yield f"no day is recorded for {named}{tried}; it would settle {settled}"


def _open_between(name: str, each: Sequence[StateFacts]) -> bool:
    values = [fact.possible if (fact := one.facts.get(name)) else None for one in each]
    return any(value != values[0] for value in values)


def _too_many(orders: Orders) -> Iterator[str]:
    if orders.undated:
        named = ", ".join(f"{event.kind} {event.id!r}" for event in orders.undated)
        yield (
            f"no day is recorded for {named}: more than {MOST_ORDERS} orders are possible, "
            "so no state is computed from the events; give their days, or their years"
        )


def compute(
    course: Course,
    facts: Mapping[str, Fact],
    day: datetime.date | None,
    terms: Mapping[str, Term],
) -> Iterator[tuple[str, Computed]]:
    """Each fact that follows from the course, with the events it rests on."""
    if growth := grown_back(course, facts):
        origins = tuple(origin_of(event) for event in growth.events)
        facts = {**facts, PROGRESSION: fact_of(PROGRESSION, growth.possible, origins)}
        yield PROGRESSION, growth
    states = disease_states(course, facts, terms)
    if states:
        events = _telling(course, terms)
        if states <= set(_ON_DRUG.values()) and PROGRESSION in facts:
            said_by = {origin.event for origin in facts[PROGRESSION].origins}
            events = (*events, *(e for e in course.events if e.id in said_by))
        yield STATE, Computed(Choices(states), events)
        yield "setting", Computed(Choices(_settings(states, course, facts, day)), events)
    if course.runs:
        yield from of_drugs(course, terms)
    yield from untreated(course, facts, terms)
    if day:
        yield from of_time(course, facts, day)


def _settings(
    states: frozenset[str],
    course: Course,
    facts: Mapping[str, Fact],
    day: datetime.date | None,
) -> frozenset[str]:
    found = frozenset(one for state in states for one in SETTINGS.get(state, ("advanced",)))
    if states != {"resected"} or day is None:
        return found
    removed, given = course.removals[-1], facts.get("setting")
    typed_on = last_typed(given, course) if given and given.state is not State.UNKNOWN else 0.0
    days = days_of(removed)
    if typed_on is None or typed_on > course.when(removed) or days is None:
        return found
    return frozenset(("adjuvant",)) if (day - days[0]).days <= START_DAYS else found


def disease_states(
    course: Course, facts: Mapping[str, Fact], terms: Mapping[str, Term]
) -> frozenset[str]:
    """The states still possible; empty where the events say nothing of it."""
    if course.advanced is not None:
        return _advanced_states(course, facts, terms)
    if not (course.removals or course.runs or course.extent):
        return frozenset()
    states = _localised_states(course, terms)
    sure = course.extent == "localised" or any(run.purposes == {"adjuvant"} for run in course.runs)
    return states if sure else states | {"metastatic"}


def _localised_states(course: Course, terms: Mapping[str, Term]) -> frozenset[str]:
    last = course.runs[-1] if course.runs else None
    removed = course.removals[-1] if course.removals else None
    if last is None or (removed and course.when(removed) > course.when(last.start)):
        return frozenset(("resected",)) if removed else _untouched(course, terms)
    if last.stop is None:
        names = {"neoadjuvant": "on drug before surgery", "adjuvant": "on adjuvant drug"}
        return frozenset(
            state
            for purpose in last.purposes
            for state in ((names[purpose],) if purpose in names else _ON_DRUG.values())
        )
    return frozenset(("after adjuvant drug",)) if removed else frozenset(("localised",))


def _untouched(course: Course, terms: Mapping[str, Term]) -> frozenset[str]:
    """Localised, or watched: open where a look has no day, so that it may lie far from another."""
    planned = [p for e in course.events if (p := said(e, "operation_planned", terms))]
    if planned[-1:] == ["yes"]:
        return frozenset(("localised",))
    looks = [event for event in course.events if event.kind in LOOKS]
    days = [first_day(event) for event in looks if event.day]
    if days and (max(days) - min(days)).days > WATCHED_DAYS:
        return frozenset(("watched",))
    apart = len(looks) > 1 and len(days) < len(looks)
    return frozenset(("localised", "watched") if apart else ("localised",))


def _advanced_states(
    course: Course, facts: Mapping[str, Fact], terms: Mapping[str, Term]
) -> frozenset[str]:
    assert course.advanced is not None
    since = course.when(course.advanced)
    if course.running:
        progression = facts.get(PROGRESSION)
        values = progression.possible if progression else terms[PROGRESSION].domain
        assert isinstance(values, Choices)
        return frozenset(_ON_DRUG[value] for value in values.values)
    if all_removed(course, terms) is not None:
        return frozenset(("advanced and removed",))
    if any(course.when(run.start) >= since for run in course.runs):
        return frozenset(("advanced without drug",))
    extents = (course.extent, said(course.advanced, "disease_extent", terms))
    return frozenset((next((one for one in extents if one in SPREAD), "locally advanced"),))


def _telling(course: Course, terms: Mapping[str, Term]) -> tuple[Event, ...]:
    """The events of which the state follows: the last removal, what spread, the last drug."""
    drug = course.runs[-1] if course.runs else None
    events = (
        *course.removals[-1:],
        all_removed(course, terms),
        course.advanced,
        drug.start if drug else None,
        drug.stop if drug else None,
    )
    named = tuple(dict.fromkeys(event.id for event in events if event))
    kept = tuple(event for event in course.events if event.id in named)
    return kept or course.events[-1:]
