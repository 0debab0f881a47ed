"""What the labels say in a worked patient: steps for side effects, rows on other medicines."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from stromal.facts.possible import Members
from stromal.facts.record import Record
from stromal.plan.drugs.dosing import Dosing
from stromal.plan.drugs.interactions import CLASS
from stromal.plan.drugs.medicines import medicines_of
from stromal.plan.drugs.rules import Rule, rules, with_facts
from stromal.plan.known.drugs_taken import drugs_taken
from stromal.plan.patient import Patient

Found = Iterator[tuple[str, str, str, bool]]


def interaction_rules(patient: Patient, record: Record, day: datetime.date | None) -> list[Rule]:
    """The rows of the drugs taken on the other medicines that are known on the day."""
    found: list[Rule] = []
    for medicine in medicines_of(patient, record, day).medicines:
        told = with_facts(patient, {CLASS: Members.exactly(medicine.classes)})
        for drug in drugs_taken(patient, record, day):
            found += rules(told, drug, "interactions")
    return found


def check_side_effect(found: Dosing, event: str, parts: Mapping[str, object]) -> Found:
    """What the steps that fit a side effect for certain say: 'row', or any output by name."""
    steps = [step for one in found.side_effects if one.event == event for step in one.steps]
    certain = [step.basis for step in steps if step.certain]
    for part, wanted in parts.items():
        said = [b.row if part == "row" else b.outputs.get(part, "-") for b in certain]
        text = " or ".join(dict.fromkeys(said)) or "nothing"
        same = set(text.split(" or ")) == set(str(wanted).split(" or "))
        yield f"side_effects, {event}, {part}", str(wanted), text, same


def check_interaction(found: list[Rule], row: str) -> tuple[str, str, str, bool]:
    """Whether a row (document#row) on another medicine speaks for certain."""
    speaking = [f"{r.basis.document}#{r.basis.row}" for r in found if r.certain]
    return "interactions", row, ", ".join(dict.fromkeys(speaking)) or "none", row in speaking
