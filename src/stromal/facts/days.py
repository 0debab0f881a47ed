"""Days that bound one another: birth, events, recording, death; and the age that follows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.fold import Conflict
from stromal.facts.kinds import AFTER_DEATH
from stromal.facts.possible import Choices, Numbers, intersect
from stromal.facts.record import Event, days_of
from stromal.facts.taking import DIARY
from stromal.facts.values import read_day

BIRTH, DEATH, VITAL, STATUS = "birth_date", "death_date", "vital_status", "status"
DEAD = Choices.of("dead")
_CORRECT_ONE = "both are shown; correct one"
_BY_BIRTH = "the day of birth counts"


def last_day(events: Iterable[Event]) -> datetime.date | None:
    """The last day on which an event may lie; None if no event has a day.

    A diary does not count: no rule may hang on it, and so no age either.
    """
    counted = (event for event in events if event.kind != DIARY)
    return max((days[1] for event in counted if (days := days_of(event))), default=None)


def impossible_days(
    events: Iterable[Event], facts: Mapping[str, Fact], dead: Sequence[Event] = ()
) -> Iterator[Conflict]:
    """Events before the birth, after the death, or recorded before they happened.

    What tells of the death (`dead`, or its day) may carry a later day.
    """
    telling = {id(event) for event in dead}
    birth, death = facts.get(BIRTH), facts.get(DEATH)
    for event in events:
        days = days_of(event)
        if days is None:
            continue
        recorded = read_day(event.recorded) if event.recorded else None
        said, here = f"{event.kind} on {event.day}", _origin(event)
        if birth and days[1].toordinal() < _days(birth).low:
            yield _clash(BIRTH, f"{said}, before the birth", birth, here)
        later = death and days[0].toordinal() > _days(death).high
        told = id(event) in telling or DEATH in event.facts
        if death and later and not told and event.kind not in AFTER_DEATH:
            yield _clash(DEATH, f"{said}, after the death", death, here)
        if recorded and recorded[1] < days[0]:
            what = f"{said} recorded on {event.recorded}, before it happened"
            yield Conflict(event.id, what, _CORRECT_ONE, (here,))


def with_death(facts: dict[str, Fact], terms: Mapping[str, Term], dead: Sequence[Event]) -> None:
    """Put what follows of a death into `facts`; `dead` are the events that tell of it.

    Who has a day of death is dead. Without one, the first status that says so is the death, on its
    day, and later ones repeat it; any other source says only that it was not later.
    """
    death = facts.get(DEATH)
    if _is_known(death) and VITAL in terms:
        facts[VITAL] = Fact(VITAL, DEAD, State.KNOWN, None, death.origins)
    spans = [span for event in dead if (span := _death_span(event))]
    if not spans or _is_known(death) or DEATH not in terms:
        return
    low, high = min(spans, key=lambda span: (span[1], -span[0]))
    possible = intersect(Numbers.between(low, high), terms[DEATH].domain)
    state = State.KNOWN if possible.is_single() else State.RANGE
    facts[DEATH] = Fact(DEATH, possible, state, None, tuple(_origin(event) for event in dead))


def _death_span(event: Event) -> tuple[float, float] | None:
    days = days_of(event)
    if days is None:
        return None
    first, last = (float(day.toordinal()) for day in days)
    return (first if event.kind == STATUS else 1.0), last


def with_age(
    day: datetime.date,
    facts: dict[str, Fact],
    events: Iterable[Event],
    term: Term,
    conflicts: Iterable[Conflict],
) -> list[Conflict]:
    """Put the age in completed years on `day` into `facts`; the conflicts as they then stand.

    Without a day of birth an age that was given is left as it is.
    """
    found = list(conflicts)
    birth = facts.get(BIRTH)
    computed = intersect(_ages(birth, day), term.domain) if _is_known(birth) else None
    if birth is None or computed is None or computed.is_empty():
        return found
    given = facts.get(term.name)
    if _is_known(given) and _never_right(given, birth, events, day):
        what = f"age {given.possible} given, but {computed} on {day} by the day of birth"
        origins = (*given.origins, *birth.origins)
        found.append(Conflict(term.name, what, _BY_BIRTH, origins))
    state = State.KNOWN if computed.is_single() else State.RANGE
    facts[term.name] = Fact(term.name, computed, state, None, birth.origins)
    return [replace(c, kept=_BY_BIRTH) if c.name == term.name else c for c in found]


def _is_known(fact: Fact | None) -> TypeGuard[Fact]:
    return fact is not None and fact.state is not State.UNKNOWN


def _never_right(given: Fact, birth: Fact, events: Iterable[Event], day: datetime.date) -> bool:
    """True if an age given fits the day of birth on none of the days on which it was given."""
    dated = {event.id: days_of(event) for event in events}
    days = [dated.get(origin.event) or (None, day) for origin in given.origins]
    return all(_contradicts(given, birth, first, last) for first, last in days)


def _contradicts(
    given: Fact, birth: Fact, first: datetime.date | None, last: datetime.date
) -> bool:
    """True if the age given cannot have been right on any day from `first` to `last`.

    An age without a day may have been right long ago, so only one that is too high is wrong.
    """
    assert isinstance(given.possible, Numbers)
    oldest = _ages(birth, last).high
    youngest = _ages(birth, first).low if first else 0
    return given.possible.low >= oldest + 1 or given.possible.high < youngest


def _ages(birth: Fact, day: datetime.date) -> Numbers:
    days = _days(birth)
    born = [datetime.date.fromordinal(int(end)) for end in (days.high, days.low)]
    return Numbers.between(*(float(_years(one, day)) for one in born))


def _years(birth: datetime.date, day: datetime.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _days(fact: Fact) -> Numbers:
    assert isinstance(fact.possible, Numbers)
    return fact.possible


def _origin(event: Event) -> Origin:
    return Origin(event.id, event.day, event.kind, event.source, event.day)


def _clash(name: str, what: str, fact: Fact, origin: Origin) -> Conflict:
    return Conflict(name, what, _CORRECT_ONE, (*fact.origins, origin))
