"""Which operation a finding belongs to, so that two operations never contradict one another.

What a specimen shows is true of one operation. Of the facts that the dictionary marks with
`of: operation`, those of the last removal of the primary tumour that tells them count. An operation
on a metastasis, or after the tumour came back, has findings of its own; they stay in the record,
and count only where no removal of the primary tells the fact. Findings that the dictionary gathers
(`together`) are gathered over all removals of the primary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.fold import Said, tells
from stromal.facts.possible import Choices
from stromal.facts.record import Event, days_of

OPERATION = "operation"
_RESECTION, _BIOPSY, _PATHOLOGY = "resection", "biopsy", "pathology"
_OF_METASTASIS = Choices.of("resection of metastasis")
_BACK = Choices.of("recurrent")


@dataclass(frozen=True, slots=True)
class Operations:
    """For each event, by identity, the operation (or biopsy) that took its specimen.

    `primary` are the operations on the primary tumour; `place` is the day of each that has one.
    """

    taken_by: Mapping[int, Event]
    primary: frozenset[int]
    place: Mapping[int, int]

    def counting(self, term: Term, said: Sequence[Said]) -> Sequence[Said]:
        """Of what was said of a fact, that which counts; all where the rule has nothing to say."""
        if term.of != OPERATION:
            return said
        telling = {
            id(taker): taker
            for one in said
            if (taker := self.taken_by.get(id(one.event))) is not None
            and taker.kind == _RESECTION
            and tells(term, one)
        }
        chosen = self._chosen(term, telling)
        if not chosen:
            return said
        return [one for one in said if self._stays(term, one, chosen)]

    def _chosen(self, term: Term, telling: Mapping[int, Event]) -> frozenset[int]:
        mine = [key for key in telling if key in self.primary] or list(telling)
        if term.reducer == "together" or any(key not in self.place for key in mine):
            return frozenset(mine)
        last = max((self.place[key] for key in mine), default=0)
        return frozenset(key for key in mine if self.place[key] == last)

    def _stays(self, term: Term, one: Said, chosen: frozenset[int]) -> bool:
        taker = self.taken_by.get(id(one.event))
        if taker is None:
            return True
        if taker.kind == _BIOPSY:
            return term.reducer != "latest"
        return id(taker) in chosen


def operations(events: Sequence[Event], said: Mapping[str, Sequence[Said]]) -> Operations:
    """Find them; `said` is all that the events say, by fact."""
    takers = [event for event in events if event.kind in (_RESECTION, _BIOPSY)]
    taken_by = {id(event): event for event in takers}
    for event in events:
        if event.kind == _PATHOLOGY and (taker := _taker(event, takers)):
            taken_by[id(event)] = taker
    place = {id(event): days[0].toordinal() for event in takers if (days := days_of(event))}
    apart = {
        id(taken_by[id(one.event)])
        for one in said.get("specimen", ())
        if id(one.event) in taken_by and one.value.possible == _OF_METASTASIS
    }
    back = _first_day(one.event for one in said.get("disease_extent", ())
                      if one.value.possible == _BACK)  # fmt: skip
    if back is not None:
        apart |= {key for key, day in place.items() if day > back}
    removed = (id(event) for event in takers if event.kind == _RESECTION)
    return Operations(taken_by, frozenset(key for key in removed if key not in apart), place)


def _taker(report: Event, takers: Sequence[Event]) -> Event | None:
    """The operation or biopsy that a report of pathology is of: the last one before it.

    On one day the operation; where a specimen has no day, none unless it is the only one.
    """
    days = days_of(report)
    if days is None:
        return takers[0] if len(takers) == 1 else None
    before = [(taken[0], taker.kind == _RESECTION, place) for place, taker in enumerate(takers)
              if (taken := days_of(taker)) and taken[0] <= days[1]]  # fmt: skip
    loose = any(days_of(taker) is None for taker in takers)
    if not before or loose:
        return takers[0] if len(takers) == 1 and loose else None
    return takers[max(before)[2]]


def _first_day(events: Iterable[Event]) -> int | None:
    return min((days[0].toordinal() for e in events if (days := days_of(e))), default=None)
