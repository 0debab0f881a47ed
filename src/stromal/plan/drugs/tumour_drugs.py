"""The tumour drug of an event by its generic name, however the clinic writes it.

A brand name that the dictionary knows is the same drug. A name that is nearly one that is known
is a problem with a hint: it would count as another drug, which changes the line of therapy.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record
from stromal.facts.timeline import live_events
from stromal.plan.drugs.rules import JOIN, parts_of
from stromal.plan.known.course import START, STOP
from stromal.plan.known.drugs_taken import read_daily

DRUG, DRUGS = "drug", "drugs_given"
_BETWEEN = re.compile(r"\s+with\s+|\s+and\s+|\s*[+/&,]\s*")
_ALIKE = 0.83
"""Glivek is nearly Glivec; masitinib is a drug of its own."""


def with_generic_names(record: Record, terms: Mapping[str, Term]) -> Record:
    """The record with generic names; a problem for each that is nearly a known one."""
    if DRUGS not in terms:
        return record
    names = _names(terms[DRUGS])
    events = tuple(_with_generic_name(event, names) for event in record.events)
    problems = tuple(p for event in events if (p := _doubt(record, event, names)))
    return replace(record, events=events, problems=(*record.problems, *problems))


def with_taking_asked(
    record: Record, terms: Mapping[str, Term], day: datetime.date | None = None
) -> Record:
    """The record with a question for each dose that is not one of a day, and each drug not ended.

    For the commands in which the drug of now and its dose count.
    """
    events = live_events(record, day)
    doses = (p for event in events if (p := _dose(record, event)))
    return replace(record, problems=(*record.problems, *doses, *_not_ended(record, events, terms)))


def _not_ended(
    record: Record, events: Sequence[Event], terms: Mapping[str, Term]
) -> Iterator[Problem]:
    """Each start of a drug while another has no stop, unless the dictionary has the two as one."""
    together = [set(parts_of(value)) for value in terms[DRUG].values] if DRUG in terms else []
    taken: dict[str, str] = {}
    for event in sorted((e for e in events if e.day), key=lambda e: (e.day, e.kind == START)):
        drugs = parts_of(_written(event)) if event.kind in (START, STOP) else ()
        if event.kind == START:
            for other in [o for o in taken if o not in drugs]:
                if not any({*drugs, other} <= pair for pair in together):
                    yield _both_taken(record, event, other, taken[other])
            taken |= dict.fromkeys(drugs, event.day)
        for drug in drugs if event.kind == STOP else ():
            taken.pop(drug, None)


def _both_taken(record: Record, event: Event, other: str, since: str) -> Problem:
    new = _written(event)
    what = f"{new} begins, but {other} (since {since}) has no stop, so both count as taken"
    remedy = f"add a 'drug stop' of {other}, or write 'drug: {other} with {new}' if both are taken"
    return Problem(f"{record.name}:{event.line}, {event.id}, drug", what, remedy)


def _names(term: Term) -> dict[str, str]:
    """Each generic and brand name, in small letters, with the generic name."""
    brands = {brand.lower(): min(meant) for brand, meant in term.synonyms.items()}
    return brands | {value: value for value in term.values if value != "other"}


def _with_generic_name(event: Event, names: Mapping[str, str]) -> Event:
    written = _written(event)
    parts = [names.get(part) for part in _BETWEEN.split(written)] if written else []
    if not parts or None in parts or written in names.values():
        return event
    drug = JOIN.join(part for part in parts if part)
    return replace(event, details={**event.details, "drug": drug})


def _written(event: Event) -> str:
    return " ".join(str(event.details.get("drug") or "").lower().split())


def _doubt(record: Record, event: Event, names: Mapping[str, str]) -> Problem | None:
    for part in _BETWEEN.split(_written(event)):
        meant = "" if not part or part in names else _meant(part, names)
        if meant:
            place = f"{record.name}:{event.line}, {event.id}, drug"
            what = f"{part!r} is no name of a drug, so it counts as another drug"
            return Problem(place, what, f"did you mean {meant!r}? the dose goes under 'dose:'")
    return None


def _dose(record: Record, event: Event) -> Problem | None:
    """A dose that says no amount of a day: by it no step of a label can be chosen."""
    dose = str(event.details.get("dose") or "").strip()
    if event.kind not in ("drug start", "dose change") or not dose or read_daily(dose):
        return None
    place = f"{record.name}:{event.line}, {event.id}, dose"
    what = f"{dose!r} does not say how much a day, so the daily dose is not known"
    return Problem(place, what, "write '400 mg daily', '400 mg twice daily' or '50 mg daily, ...'")


def _meant(part: str, names: Mapping[str, str]) -> str:
    within = [name for name in names if re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", part)]
    near = within or difflib.get_close_matches(part, names, n=1, cutoff=_ALIKE)
    return names[near[0]] if near else ""
