"""The state of the disease, from the record's dated events: never typed in.

What was typed and contradicts the events stays possible beside them, and the conflict is asked
about. What was typed before the last change is not a contradiction if it was right on its day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import Choices, Members, Numbers, Possible, intersect, union
from stromal.facts.record import Event, days_of
from stromal.facts.timeline import Conflict
from stromal.facts.values import read_day
from stromal.plan.course import LOOKS, Course, Run, course_of, first_day, lines, said, until

STATE, PROGRESSION = "disease_state", "progression"
OF_THE_DRUG = (PROGRESSION, "progression_confirmed", "last_drug_not_tolerated")
"""Facts that speak of the present drug, so that they are open again once another is started."""
ROUNDED = ("weeks_since_surgery", "months_on_current_drug")
"""Times that people round when they write them, so that the days of the events count alone."""
WATCHED_DAYS = 90
"""A convention: two looks further apart than this, and nothing done, are watching."""
DAYS_OF_MONTH = 365.25 / 12
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "localised": ("diagnosis", "primary surgery", "neoadjuvant"),
    "watched": ("diagnosis", "primary surgery", "neoadjuvant", "follow-up"),
    "on drug before surgery": ("neoadjuvant",),
    "resected": ("adjuvant", "follow-up"),
    "on adjuvant drug": ("adjuvant",),
    "after adjuvant drug": ("adjuvant", "follow-up"),
}
"""The questions that treatment may have to answer in a state; 'advanced' in all others."""
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


@dataclass(frozen=True, slots=True)
class _Computed:
    possible: Possible
    events: tuple[Event, ...]


def state_facts(
    facts: Mapping[str, Fact],
    events: tuple[Event, ...],
    day: datetime.date | None,
    terms: Mapping[str, Term],
) -> StateFacts:
    """The state facts of a day, held against those that were typed."""
    if STATE not in terms:
        return StateFacts({}, (), ())
    course = course_of(events, terms)
    notes = [*_notes(course)]
    if course.undated or not course.events or day is None:
        return StateFacts({}, (), tuple(notes))
    found: dict[str, Fact] = {}
    conflicts: list[Conflict] = []
    for name, stale in _stale(facts, course, terms):
        found[name] = stale
        notes.append(_said_of_earlier(name, stale, course))
    now = {**facts, **found}
    for name, computed in compute(course, now, day, terms):
        if name in terms:
            fact, conflict = _held_against(name, computed, facts, course, terms)
            found[name] = fact
            conflicts += [conflict] if conflict else []
    return StateFacts(found, tuple(conflicts), tuple(notes))


def compute(
    course: Course, facts: Mapping[str, Fact], day: datetime.date, terms: Mapping[str, Term]
) -> Iterator[tuple[str, _Computed]]:
    """Each fact that follows from the course, with the events it rests on."""
    states = disease_states(course, facts, terms)
    if states:
        events = _telling(course)
        if states <= set(_ON_DRUG.values()) and PROGRESSION in facts:
            said_by = {origin.event for origin in facts[PROGRESSION].origins}
            events = (*events, *(e for e in course.events if e.id in said_by))
        yield STATE, _Computed(Choices(states), events)
        settings = {s for state in states for s in SETTINGS.get(state, ("advanced",))}
        yield "setting", _Computed(Choices(frozenset(settings)), events)
    if course.runs:
        yield from _of_drugs(course, terms)
    yield from _of_time(course, day)


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
    if last is None or (removed and first_day(removed) > first_day(last.start)):
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
    looks = [first_day(event) for event in course.events if event.kind in LOOKS and event.day]
    watched = bool(looks) and (max(looks) - min(looks)).days > WATCHED_DAYS
    planned = [p for e in course.events if (p := said(e, "operation_planned", terms))]
    return frozenset(("watched" if watched and planned[-1:] != ["yes"] else "localised",))


def _advanced_states(
    course: Course, facts: Mapping[str, Fact], terms: Mapping[str, Term]
) -> frozenset[str]:
    assert course.advanced is not None
    since = first_day(course.advanced)
    if course.running:
        progression = facts.get(PROGRESSION)
        values = progression.possible if progression else terms[PROGRESSION].domain
        assert isinstance(values, Choices)
        return frozenset(_ON_DRUG[value] for value in values.values)
    if any(first_day(run.start) >= since for run in course.runs):
        return frozenset(("advanced without drug",))
    removed = [e for e in course.events if e.kind == "resection" and first_day(e) > since]
    if removed and said(removed[-1], "resection_margin", terms) in ("R0", "R1"):
        return frozenset(("advanced and removed",))
    return frozenset((course.extent if course.extent in ("recurrent", "metastatic")
                      else "locally advanced",))  # fmt: skip


def _of_drugs(course: Course, terms: Mapping[str, Term]) -> Iterator[tuple[str, _Computed]]:
    counted = list(lines(course))
    events = tuple(run.start for run in course.runs)
    low, high = sum(certain for *_, certain in counted), len(counted)
    yield "line_of_therapy", _Computed(_whole_numbers(low, high), events)
    yield "last_drug", _Computed(Choices.of(_last_drug(course, terms)), (events[-1],))
    sure = {_listed(terms, drug) for drugs, _, certain in counted if certain for drug in drugs}
    maybe = {_listed(terms, drug) for drugs, *_ in counted for drug in drugs}
    yield "drugs_given", _Computed(Members(frozenset(sure), frozenset(sure | maybe)), events)
    if any(run.purposes == {"neoadjuvant"} for run in course.runs) and course.removals:
        yield "neoadjuvant_drug_given", _Computed(Choices.of("yes"), events)
    if relapse := _relapse(course):
        yield "relapse_and_adjuvant", relapse


def _whole_numbers(low: int, high: int) -> Numbers:
    return Numbers(tuple(Numbers.between(n, n).intervals[0] for n in range(low, high + 1)))


def _last_drug(course: Course, terms: Mapping[str, Term]) -> str:
    """The drug started last; two that run together where the dictionary has them as one."""
    last = course.runs[-1]
    together = {drug for run in course.running for drug in run.drugs} | set(last.drugs)
    values = terms["last_drug"].values
    for value in values:
        parts = set(value.split(" with "))
        if len(parts) > 1 and parts <= together and parts & set(last.drugs):
            return value
    return last.drugs[0] if last.drugs[0] in values else "other"


def _listed(terms: Mapping[str, Term], drug: str) -> str:
    return drug if drug in terms["drugs_given"].values else "other"


def _relapse(course: Course) -> _Computed | None:
    """How a relapse stands to an adjuvant drug; nothing where none was recorded."""
    runs = [run for run in course.runs if run.purposes == {"adjuvant"}]
    if course.advanced is None or course.extent != "recurrent" or not runs:
        return None
    last, back = runs[-1], course.advanced
    if first_day(last.start) > first_day(back):
        return None
    ended = last.stop is not None and first_day(last.stop) < first_day(back)
    value = "after adjuvant drug ended" if ended else "during adjuvant drug"
    return _Computed(Choices.of(value), (last.start, back))


def _of_time(course: Course, day: datetime.date) -> Iterator[tuple[str, _Computed]]:
    if course.removals and (span := days_of(course.removals[-1])):
        yield "weeks_since_surgery", _Computed(_since(span, day, 7), (course.removals[-1],))
    if course.running and (span := days_of(course.running[-1].start)):
        start = course.running[-1].start
        yield "months_on_current_drug", _Computed(_since(span, day, DAYS_OF_MONTH), (start,))


def _since(span: tuple[datetime.date, datetime.date], day: datetime.date, unit: float) -> Numbers:
    """The time from a day, perhaps vague, in units of so many days."""
    least, most = (max((day - one).days, 0) / unit for one in (span[1], span[0]))
    return Numbers.between(least, most)


def _telling(course: Course) -> tuple[Event, ...]:
    """The events of which the state follows: the last removal, what spread, the last drug."""
    drug = course.runs[-1] if course.runs else None
    events = (
        *course.removals[-1:],
        course.advanced,
        drug.start if drug else None,
        drug.stop if drug else None,
    )
    named = tuple(dict.fromkeys(event.id for event in events if event))
    kept = tuple(event for event in course.events if event.id in named)
    return kept or course.events[-1:]


def _held_against(
    name: str,
    computed: _Computed,
    facts: Mapping[str, Fact],
    course: Course,
    terms: Mapping[str, Term],
) -> tuple[Fact, Conflict | None]:
    inside = intersect(computed.possible, terms[name].domain)
    origins = tuple(_origin(event) for event in computed.events)
    given = facts.get(name)
    if given is None or given.state is State.UNKNOWN:
        return _fact(name, inside, origins), None
    common = intersect(given.possible, inside)
    typed_on = _last_typed(given)
    moved = typed_on and any(first_day(event) > typed_on for event in course.changing)
    if not common.is_empty() and not moved:
        return _fact(name, common, (*given.origins, *origins)), None
    if not common.is_empty():
        return _fact(name, inside, origins), None
    if moved and typed_on and _was_right(name, given, course, typed_on, facts, terms):
        return _fact(name, inside, origins), None
    if name in ROUNDED:
        return _fact(name, inside, origins), None
    both = (*given.origins, *origins)
    events = ", ".join(dict.fromkeys(f"{e.kind} on {e.day}" for e in computed.events))
    what = f"{given.possible} given, but {inside} by the events of the record ({events})"
    conflict = Conflict(name, what, "both stay possible", both)
    return Fact(name, union(given.possible, inside), State.CONFLICTING, None, both), conflict


def _was_right(
    name: str,
    given: Fact,
    course: Course,
    day: datetime.date,
    facts: Mapping[str, Fact],
    terms: Mapping[str, Term],
) -> bool:
    """True if what was typed did not contradict the events of its own day."""
    then = dict(compute(until(course, day, terms), facts, day, terms)).get(name)
    if then is None or name in ROUNDED:
        return True
    return not intersect(then.possible, given.possible).is_empty()


def _stale(
    facts: Mapping[str, Fact], course: Course, terms: Mapping[str, Term]
) -> Iterator[tuple[str, Fact]]:
    """Facts on the present drug that were said before it was started."""
    if not course.runs:
        return
    start = course.runs[-1].start
    started = first_day(start)
    for name in OF_THE_DRUG:
        fact = facts.get(name)
        typed_on = _last_typed(fact) if fact and fact.state is not State.UNKNOWN else None
        if typed_on and typed_on <= started and fact:
            origins = (*fact.origins, _origin(start))
            yield name, Fact(name, terms[name].domain, State.UNKNOWN, None, origins)


def _said_of_earlier(name: str, stale: Fact, course: Course) -> str:
    last = course.runs[-1]
    spoken = name.replace("_", " ")
    given = " or ".join(dict.fromkeys(origin.given for origin in stale.origins[:-1]))
    drug = " with ".join(last.drugs)
    return f"{spoken} ({given}) was said before {drug} began on {last.start.day}; now it is open"


def _notes(course: Course) -> Iterator[str]:
    for event in course.undated:
        yield f"{event.kind} {event.id!r} has no day, so no state is computed from the events"
    for event in course.stray_stops:
        yield f"{event.details.get('drug')} stopped on {event.day}, but no start is recorded"


def _last_typed(fact: Fact) -> datetime.date | None:
    """The last day on which the value may have been said; None if it has no day."""
    days = [read_day(origin.day) for origin in fact.origins if origin.day]
    return max((span[1] for span in days if span), default=None)


def _origin(event: Event) -> Origin:
    words = event.words or str(event.details.get("drug") or event.kind)
    return Origin(event.id, event.day, event.kind, event.source, words)


def _fact(name: str, possible: Possible, origins: tuple[Origin, ...]) -> Fact:
    state = State.KNOWN if possible.is_single() else State.RANGE
    return Fact(name, possible, state, None, origins)


def runs_in_words(runs: tuple[Run, ...]) -> Iterator[str]:
    """Each drug with its days and purpose: 'imatinib, advanced, 2012-03 to 2014-05'."""
    for run in runs:
        drug = " with ".join(run.drugs)
        purpose = " or ".join(sorted(run.purposes))
        end = f"to {run.stop.day}" if run.stop else "on, no end recorded"
        yield f"{drug}, {purpose}, {run.start.day or 'day not known'} {end}"
