"""One fact from all that was said of it: who counts, what stays possible, what disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, Reason, State
from stromal.facts.possible import Possible, intersect
from stromal.facts.record import Event, days_of
from stromal.facts.reducers import all_of, combine
from stromal.facts.values import Value

BOTH = "both stay possible"
_BY_DAY = ("latest", "first")
_OF_ALL = ("ever", "together", "highest", "lowest")
"""Reducers for which no source outranks another."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that cannot both be right. `kept` says which values stay possible."""

    name: str
    what: str
    kept: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One value from one event."""

    event: Event
    value: Value

    @property
    def origin(self) -> Origin:
        """Where the value came from."""
        event = self.event
        return Origin(event.id, event.day, event.kind, event.source, self.value.given)


def fold(term: Term, said: Sequence[Said]) -> tuple[Fact, list[Conflict]]:
    """The fact that the values said make together, and the conflicts between them."""
    said = sorted(said, key=_order)
    telling = [one for one in said if tells(term, one)]
    if not telling:
        return _unknown(term, said), []
    best = telling if term.reducer in _OF_ALL else _of_best_kind(term, telling)
    chosen = _of_the_day(term, best)
    possible = combine(term, [one.value.possible for one in chosen])
    if possible is None:
        both = all_of([one.value.possible for one in chosen])
        conflict = _conflict(term, chosen, BOTH)
        return Fact(term.name, both, State.CONFLICTING, None, conflict.origins), [conflict]
    return _with_lesser_kinds(term, possible, chosen, [o for o in telling if o not in best])


def _order(one: Said) -> tuple[str, str, str, str]:
    """The order of the file must not matter, so the order of the days and ids is taken."""
    return one.event.day, one.event.recorded, one.event.id, one.value.given


def tells(term: Term, one: Said) -> bool:
    """True if the value bears on the fact.

    'Not done' and 'pending' say nothing of what was found before. 'Indeterminate' says that it is
    open by now, so it counts where the day decides.
    """
    if term.reducer in _BY_DAY:
        return one.value.reason in (None, Reason.INDETERMINATE)
    return one.value.reason is None and one.value.possible != term.domain


def _unknown(term: Term, said: Sequence[Said]) -> Fact:
    reasons = [one.value.reason for one in said if one.value.reason]
    origins = tuple(one.origin for one in said)
    return Fact(term.name, term.domain, State.UNKNOWN, reasons[-1] if reasons else None, origins)


def _fact(term: Term, possible: Possible, chosen: Sequence[Said]) -> Fact:
    origins = tuple(one.origin for one in chosen)
    if possible == term.domain and not possible.is_single():
        reasons = [one.value.reason for one in chosen if one.value.reason]
        reason = reasons[-1] if reasons else None
        return Fact(term.name, possible, State.UNKNOWN, reason, origins)
    known = term.kind == "text" or possible.is_single()
    return Fact(term.name, possible, State.KNOWN if known else State.RANGE, None, origins)


def _of_best_kind(term: Term, said: Sequence[Said]) -> list[Said]:
    ranks = [_rank(term, one) for one in said]
    return [one for one, rank in zip(said, ranks, strict=True) if rank == min(ranks)]


def _rank(term: Term, one: Said) -> int:
    kind = one.event.kind
    return term.precedence.index(kind) if kind in term.precedence else len(term.precedence)


def _of_the_day(term: Term, said: Sequence[Said]) -> Sequence[Said]:
    """The values of the last (or first) day; a vague day may be any day that it holds."""
    if term.reducer not in _BY_DAY:
        return said
    spans = [_span(one.event) for one in said]
    if term.reducer == "latest":
        latest = max(first for first, _ in spans)
        found = [one for one, (_, last) in zip(said, spans, strict=True) if last >= latest]
        return _after_operation(term, found)
    earliest = min(last for _, last in spans)
    return [one for one, (first, _) in zip(said, spans, strict=True) if first <= earliest]


def _after_operation(term: Term, said: Sequence[Said]) -> Sequence[Said]:
    """Of one day: what the operation says, where it can end what was found before it."""
    days = {_span(one.event) for one in said}
    if not term.ends or len(days) > 1 or any(first != last or not first for first, last in days):
        return said
    return [one for one in said if one.event.kind == "resection"] or said


def _span(event: Event) -> tuple[int, int]:
    """The days on which an event may lie; what has no day was true before all that has one."""
    days = days_of(event)
    return (days[0].toordinal(), days[1].toordinal()) if days else (0, 0)


def _with_lesser_kinds(
    term: Term, possible: Possible, chosen: Sequence[Said], lesser: Sequence[Said]
) -> tuple[Fact, list[Conflict]]:
    """A lesser kind that disagrees is outranked and shown; one that agrees may say more.

    It may narrow words ('small bowel' to 'ileum'), not numbers: a size on an image does not
    sharpen the size of the specimen.
    """
    outranked = []
    for one in sorted(lesser, key=lambda other: _rank(term, other)):
        common = intersect(possible, one.value.possible)
        if common.is_empty():
            outranked.append(one)
        elif common != possible and term.reducer == "agree" and term.kind in ("choice", "members"):
            possible, chosen = common, [*chosen, one]
    if not outranked:
        return _fact(term, possible, chosen), []
    kept = f"{chosen[0].event.kind} counts"
    return _fact(term, possible, chosen), [_conflict(term, [*chosen, *outranked], kept)]


def _conflict(term: Term, said: Iterable[Said], kept: str) -> Conflict:
    said = tuple(said)
    words = dict.fromkeys(f"{one.value.given} ({_source(one.event)})" for one in said)
    return Conflict(term.name, " against ".join(words), kept, tuple(one.origin for one in said))


def _source(event: Event) -> str:
    return ", ".join(part for part in (event.kind, event.day, event.source) if part)
