"""Repeated measurements of one thing: a tumour that grows is no contradiction.

Where the dictionary says that one fact holds looks at another (`looks: tumour_size`), the newest
look before any tumour drug counts for that other fact until an operation tells it. Looks taken
later, under a drug, stay what they are. Older looks are said, not dropped.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stromal.facts.dictionary import Term
from stromal.facts.fold import Said, tells
from stromal.facts.operations import Operations
from stromal.facts.possible import Numbers
from stromal.facts.record import Event, days_of

SHRINKS = 0.7
"""A convention: untreated, a look below this part of an older one is no change but a mistake."""
_DRUG, _RESECTION = "drug start", "resection"
_NOT_GIVEN = ("none", "[]", "")
Span = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Looks:
    """What was said, with the looks that count; the terms to fold it by; what is to be told."""

    said: dict[str, list[Said]]
    terms: Mapping[str, Term]
    remarks: tuple[str, ...]


def looks(
    said: Mapping[str, Sequence[Said]],
    terms: Mapping[str, Term],
    live: Sequence[Event],
    surgery: Operations,
) -> Looks:
    """Put the newest look in the place of all that are older, for each fact that has looks."""
    found = Looks({name: list(values) for name, values in said.items()}, terms, ())
    for name, term in terms.items():
        if term.looks and (name in said or term.looks in said):
            found = _of_one(found, term, live, surgery)
    return found


def _of_one(found: Looks, term: Term, live: Sequence[Event], surgery: Operations) -> Looks:
    target = found.terms[term.looks]
    whole, images = found.said.get(target.name, []), found.said.get(term.name, [])
    removed = min((surgery.place[key] for key in surgery.primary & surgery.place.keys()),
                  default=None)  # fmt: skip
    own = [one for one in whole if _is_look(one, target, surgery, removed)]
    told = _is_told(whole, target, surgery)
    every = [*own, *(one for one in images if _is_look(one, term, surgery, removed))]
    drug = _first_drug(live)
    before = [one for one in every if drug is None or _day(one) <= drug]
    if not before:
        return found
    newest = [one for one in before if _span(one)[1] >= max(_span(other)[0] for other in before)]
    clash = [] if told else _clashing(newest, before)
    counting = _beside_specimen(newest, own, drug) if told else _once([*newest, *clash])
    kept = [one for one in whole if one not in own] + counting
    later = [one for one in own if one not in before]
    changed = {target.name: kept, term.name: _once([*images, *later])}
    older = [one for one in _once(before) if one not in (*newest, *clash)]
    remarks = () if told else tuple(_remarks(target, newest, older, later))
    flat = {target.name: replace(target, precedence=())} if clash else {}
    return Looks(
        {**found.said, **{name: values for name, values in changed.items() if values}},
        {**found.terms, **flat},
        (*found.remarks, *remarks),
    )


def _is_look(one: Said, term: Term, surgery: Operations, removed: int | None) -> bool:
    """A dated value that is no finding in the specimen of an operation, nor later than that."""
    taker = surgery.taken_by.get(id(one.event))
    of_operation = taker is not None and taker.kind == _RESECTION
    if of_operation or days_of(one.event) is None or not tells(term, one):
        return False
    return removed is None or _day(one).toordinal() <= removed


def _is_told(whole: Sequence[Said], target: Term, surgery: Operations) -> bool:
    """True if a specimen of an operation tells the fact."""
    takers = (surgery.taken_by.get(id(one.event)) for one in whole if tells(target, one))
    return any(taker is not None and taker.kind == _RESECTION for taker in takers)


def _beside_specimen(
    newest: Sequence[Said], own: Sequence[Said], drug: datetime.date | None
) -> list[Said]:
    """What is held against the specimen: the last look, unless a drug was given after it."""
    return [one for one in newest if one in own and drug is None]


def _first_drug(live: Sequence[Event]) -> datetime.date | None:
    """The first day on which a tumour drug may have been taken."""
    taken = (event for event in live if event.kind == _DRUG or _names_drug(event))
    return min((days[0] for event in taken if (days := days_of(event))), default=None)


def _names_drug(event: Event) -> bool:
    given = event.facts.get("last_drug", "none")
    return str(given).strip().lower() not in (*_NOT_GIVEN, "?", "not recorded")


def _clashing(newest: Sequence[Said], before: Sequence[Said]) -> list[Said]:
    """The older looks that a tumour without a drug cannot have shrunk from."""
    top = max(_numbers(one).high for one in newest)
    return [one for one in before if one not in newest and top < SHRINKS * _numbers(one).low]


def _once(said: Sequence[Said]) -> list[Said]:
    """One event that says the same under both names says it once."""
    return list({(one.event.id, str(one.value.possible)): one for one in said}.values())


def _remarks(
    target: Term, newest: Sequence[Said], older: Sequence[Said], later: Sequence[Said]
) -> Iterator[str]:
    name = target.name.replace("_", " ")
    moved = [one for one in older if one.value.possible != newest[-1].value.possible]
    if moved:
        others = {one.event.kind for one in moved} - {one.event.kind for one in newest}
        method = "; they were measured by another method" if others else ""
        yield f"{name}: {_words(newest)} counts; before: {_words(moved)}{method}"
    if later:
        under = f"{_words(later)} was measured after a drug was begun"
        yield f"{name}: {under}; the look before it counts"


def _words(said: Sequence[Said]) -> str:
    each = (f"{one.value.given} ({one.event.kind}, {one.event.day})" for one in said)
    return ", ".join(dict.fromkeys(each))


def _numbers(one: Said) -> Numbers:
    assert isinstance(one.value.possible, Numbers)
    return one.value.possible


def _span(one: Said) -> Span:
    days = days_of(one.event)
    assert days is not None
    return days


def _day(one: Said) -> datetime.date:
    return _span(one)[0]
