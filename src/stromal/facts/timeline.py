"""From dated events to the facts of a day, by the reducer that the dictionary gives each fact."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import Choices, Members, Numbers, Possible, intersect, union
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.values import Value, read_day, read_value


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that cannot both be right. `kept` says which values stay possible."""

    name: str
    what: str
    kept: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What is known on a day. A fact that is not in `facts` is unknown."""

    facts: dict[str, Fact]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """One value from one event."""

    event: Event
    value: Value

    @property
    def origin(self) -> Origin:
        return Origin(
            self.event.id, self.event.day, self.event.kind, self.event.source, self.value.given
        )


def as_of(record: Record, terms: Mapping[str, Term], day: datetime.date | None) -> Folded:
    """The facts that the events known on `day` give (all events where it is None)."""
    events = [event for event in record.events if _known(event, day)]
    corrected = {event.corrects for event in events if event.corrects}
    live = [event for event in events if event.id not in corrected]
    said, problems = _said(record, live, terms)
    facts: dict[str, Fact] = {}
    conflicts: list[Conflict] = []
    for name, values in said.items():
        facts[name], found = _fold(terms[name], values)
        conflicts += found
    conflicts += _impossible_days(live, facts)
    conflicts += _age(facts, day, terms)
    return Folded(facts, tuple(conflicts), (*record.problems, *problems))


def unknown(term: Term) -> Fact:
    """The fact of which nothing was said."""
    return Fact(term.name, term.domain, State.UNKNOWN)


def _known(event: Event, day: datetime.date | None) -> bool:
    if day is None:
        return True
    recorded = read_day(event.recorded) if event.recorded else None
    happened = days_of(event)
    return not (recorded and recorded[0] > day) and not (happened and happened[0] > day)


def _said(
    record: Record, events: Iterable[Event], terms: Mapping[str, Term]
) -> tuple[dict[str, list[_Said]], list[Problem]]:
    said: dict[str, list[_Said]] = {}
    problems: list[Problem] = []
    for event in events:
        for name, raw in event.facts.items():
            place = f"{record.name}:{event.lines.get(name, event.line)}, {name}"
            term = terms.get(name)
            if term is None:
                problems.append(_no_such_fact(place, name, terms))
                continue
            value = read_value(term, raw)
            if isinstance(value, Problem):
                problems.append(Problem(place, value.what, value.remedy))
            else:
                said.setdefault(name, []).append(_Said(event, value))
    return said, problems


def _no_such_fact(place: str, name: str, terms: Mapping[str, Term]) -> Problem:
    near = difflib.get_close_matches(name, terms, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return Problem(place, f"unknown fact {name!r}", f"{hint}'stromal facts' lists them all")


def _fold(term: Term, values: list[_Said]) -> tuple[Fact, list[Conflict]]:
    told = [said for said in values if said.value.reason is None]
    if not told:
        last = max(values, key=_when)
        origins = tuple(said.origin for said in values)
        return Fact(term.name, term.domain, State.UNKNOWN, last.value.reason, origins), []
    best = _of_best_kind(term, told)
    chosen = _chosen(term, best)
    possible = _REDUCERS[term.reducer](term, [said.value.possible for said in chosen])
    conflicts = []
    if possible is None:
        possible = reduce(union, [said.value.possible for said in chosen])
        conflicts.append(_conflict(term, chosen, "both stay possible"))
    elif outranked := _outranked(told, best, possible):
        conflicts.append(_conflict(term, [*best, *outranked], f"{best[0].event.kind} counts"))
    origins = tuple(said.origin for said in chosen)
    state = State.CONFLICTING if conflicts and conflicts[0].kept == "both stay possible" else None
    return Fact(term.name, possible, state or _state(term, possible), None, origins), conflicts


def _state(term: Term, possible: Possible) -> State:
    if term.kind == "text" or possible.is_single():
        return State.KNOWN
    return State.UNKNOWN if possible == term.domain else State.RANGE


def _when(said: _Said) -> tuple[str, str]:
    return said.event.day, said.event.recorded


def _of_best_kind(term: Term, told: list[_Said]) -> list[_Said]:
    if not term.precedence:
        return told
    last = len(term.precedence)
    ranks = [
        term.precedence.index(s.event.kind) if s.event.kind in term.precedence else last
        for s in told
    ]
    best = min(ranks)
    return [said for said, rank in zip(told, ranks, strict=True) if rank == best]


def _chosen(term: Term, told: list[_Said]) -> list[_Said]:
    """The values that count: all, or those of the last or first day."""
    if term.reducer not in ("latest", "first"):
        return told
    days = [said.event.day for said in told]
    day = max(days) if term.reducer == "latest" else min(days)
    return [said for said in told if said.event.day == day]


def _outranked(told: list[_Said], best: list[_Said], possible: Possible) -> list[_Said]:
    return [
        said
        for said in told
        if said not in best and intersect(said.value.possible, possible).is_empty()
    ]


def _conflict(term: Term, said: list[_Said], kept: str) -> Conflict:
    values = " against ".join(dict.fromkeys(f"{s.value.given} ({_source(s.event)})" for s in said))
    return Conflict(term.name, values, kept, tuple(s.origin for s in said))


def _source(event: Event) -> str:
    return ", ".join(part for part in (event.kind, event.day, event.source) if part)


def _agree(_: Term, values: list[Possible]) -> Possible | None:
    common = reduce(intersect, values)
    return None if common.is_empty() else common


def _ever(term: Term, values: list[Possible]) -> Possible | None:
    yes = Choices.of("yes")
    if any(value == yes for value in values):
        return yes
    return _together(term, values)


def _together(_: Term, values: list[Possible]) -> Possible | None:
    if isinstance(values[0], Members):
        members = [value for value in values if isinstance(value, Members)]
        certain = frozenset().union(*(m.certain for m in members))
        return Members(certain, certain.union(*(m.possible for m in members)))
    return reduce(union, values)


def _extreme(
    pick: Callable[[Iterable[float]], float],
) -> Callable[[Term, list[Possible]], Possible]:
    def extreme(term: Term, values: list[Possible]) -> Possible:
        if isinstance(term.domain, Numbers):
            numbers = [value for value in values if isinstance(value, Numbers)]
            low, high = pick(n.low for n in numbers), pick(n.high for n in numbers)
            return reduce(union, values).intersect(Numbers.between(low, high))  # type: ignore[arg-type]
        places = [
            {term.values.index(word) for word in value.values}
            for value in values
            if isinstance(value, Choices)
        ]
        low, high = int(pick(min(p) for p in places)), int(pick(max(p) for p in places))
        words = set().union(*places) & set(range(low, high + 1))
        return Choices(frozenset(term.values[place] for place in words))

    return extreme


_REDUCERS: Mapping[str, Callable[[Term, list[Possible]], Possible | None]] = {
    "agree": _agree,
    "latest": _agree,
    "first": _agree,
    "ever": _ever,
    "highest": _extreme(max),
    "lowest": _extreme(min),
    "together": _together,
}


def _impossible_days(events: Iterable[Event], facts: Mapping[str, Fact]) -> Iterator[Conflict]:
    birth = facts.get("birth_date")
    for event in events:
        days, recorded = days_of(event), read_day(event.recorded) if event.recorded else None
        origin = Origin(event.id, event.day, event.kind, event.source, event.day)
        if days and birth and _before(days[1], birth.possible):
            what = f"{event.kind} on {event.day}, before the birth"
            origins = (*birth.origins, origin)
            yield Conflict("birth_date", what, "both are shown; correct one", origins)
        if days and recorded and recorded[1] < days[0]:
            what = f"{event.kind} on {event.day} recorded on {event.recorded}, before it happened"
            yield Conflict(event.id, what, "both are shown; correct one", (origin,))


def _before(day: datetime.date, possible: Possible) -> bool:
    return isinstance(possible, Numbers) and day.toordinal() < possible.low


def _age(
    facts: dict[str, Fact], day: datetime.date | None, terms: Mapping[str, Term]
) -> Iterator[Conflict]:
    """Age in completed years on `day` from the day of birth, held against an age given."""
    birth = facts.get("birth_date")
    if birth is None or day is None or "age" not in terms or birth.state is State.UNKNOWN:
        return
    assert isinstance(birth.possible, Numbers)
    ends = [
        datetime.date.fromordinal(int(end)) for end in (birth.possible.high, birth.possible.low)
    ]
    computed = Numbers.between(*(float(_years(end, day)) for end in ends)).intersect(
        terms["age"].domain  # type: ignore[arg-type]
    )
    if computed.is_empty():
        return
    given = facts.get("age")
    if given and given.state is State.KNOWN and not _near(given.possible, computed):
        what = f"age {given.possible} given, but {computed} by the day of birth"
        yield Conflict("age", what, "the day of birth counts", (*given.origins, *birth.origins))
    state = State.KNOWN if computed.is_single() else State.RANGE
    facts["age"] = Fact("age", computed, state, None, birth.origins)


def _years(birth: datetime.date, day: datetime.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _near(given: Possible, computed: Numbers) -> bool:
    """An age given in an older report may be a year behind the day asked about."""
    assert isinstance(given, Numbers)
    return given.low <= computed.high + 1 and computed.low <= given.high + 1
