"""The other medicines of a record: names as written, and the interaction classes behind them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices
from stromal.facts.record import Record
from stromal.facts.timeline import live_events
from stromal.plan.assessment import Basis
from stromal.plan.drugs.medicine_names import (
    MEDICATION,
    NOT_LISTED,
    Named,
    names_in,
    names_of,
    near,
)
from stromal.plan.patient import Patient, basis
from stromal.tables.decide import decide

__all__ = ["MEDICATION", "NOT_LISTED", "Medicine", "Medicines", "medicines_of", "names_in"]
CLASSES = "therapy/co-medications"


@dataclass(frozen=True, slots=True)
class Medicine:
    """One other medicine. `name` is '' where the list does not know it; `near` are its likes."""

    written: str
    name: str
    day: str
    event: str
    classes: tuple[str, ...]
    bases: tuple[Basis, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A medicine that is no longer taken, and since when."""

    written: str
    name: str
    day: str


@dataclass(frozen=True, slots=True)
class Medicines:
    """The other medicines; `stated` is False where the record says nothing of them.

    `medicines` are taken; `ended` once were.
    """

    stated: bool
    medicines: tuple[Medicine, ...]
    ended: tuple[Ended, ...] = ()


def medicines_of(patient: Patient, record: Record, day: datetime.date | None) -> Medicines:
    """Every other medicine that an event known on `day` names, each written form once."""
    found = names_of(_term(patient), live_events(record, day))
    return Medicines(
        found.stated,
        tuple(_medicine(patient, one) for one in found.named if not one.ended),
        tuple(Ended(one.written, one.name, one.ended) for one in found.named if one.ended),
    )


def _term(patient: Patient) -> Term:
    """The list of medicines; rules from another folder may have none, and then none is known."""
    nothing = Term(MEDICATION, "choice", Choices.of(NOT_LISTED), values=(NOT_LISTED,))
    return patient.library.terms.get(MEDICATION, nothing)


def _medicine(patient: Patient, named: Named) -> Medicine:
    bases = tuple(_class_rows(patient, named.name)) if named.name else ()
    classes = dict.fromkeys(b.outputs["interaction_class"] for b in bases)
    return Medicine(
        written=named.written,
        name=named.name,
        day=named.event.day,
        event=named.event.id,
        classes=tuple(c for c in classes if c != "-"),
        bases=bases,
        near=() if named.name else near(_term(patient), named.written),
    )


def _class_rows(patient: Patient, name: str) -> Iterator[Basis]:
    compiled = patient.network.by_id.get(CLASSES)
    if compiled is None:
        return
    answer = decide(compiled, {MEDICATION: Choices.of(name)})
    told = Patient(
        patient.library,
        patient.network,
        patient.facts,
        {**patient.known, MEDICATION: Choices.of(name)},
        patient.answers,
    )
    for row in answer.certain_rows:
        yield basis(told, compiled.table, row)
