"""What the other medicines do to a tumour drug, and what else its label says of the patient.

A medicine that is not known is said to be unknown, and a label without a row for it to be silent:
neither is ever "no interaction".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from stromal.facts.possible import Members
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.timeline import Conflict, as_of
from stromal.library import Library
from stromal.plan.assessment import Disagreement, Objection
from stromal.plan.drugs.medicines import Ended, Medicine, medicines_of
from stromal.plan.drugs.rules import Rule, drug_names, parts_of, row_of, rules, section, with_facts
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import drugs_taken
from stromal.plan.patient import Patient, consider
from stromal.plan.words import fill

CLASS = "interaction_class"
SECTIONS = ("organ-function", "pregnancy", "warnings-and-contraindications")


STRONG = frozenset(("avoid", "change the other drug", "not recommended"))
"""Actions that are shown on every option that gives the drug."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One row on one other medicine; `medicine` is its place in the list of medicines."""

    medicine: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class OnDrug:
    """All that one drug's document says for this patient.

    `read` is False where no label was read on interactions at all. `silent` are the places of the
    medicines that are known by name but that no row of the label speaks of.
    """

    drug: str
    read: bool
    interactions: tuple[Interaction, ...]
    silent: tuple[int, ...]
    general: tuple[Rule, ...]
    organs: tuple[Rule, ...]
    disputes: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Interactions:
    """The other medicines and what they do with each drug in question."""

    patient: str
    title: str
    day: str
    stated: bool
    medicines: tuple[Medicine, ...]
    ended: tuple[Ended, ...]
    drugs: tuple[OnDrug, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]


def interactions(
    library: Library, record: Record, day: datetime.date | None = None, drug: str = ""
) -> Interactions:
    """With the drug named, or with those that the record says are being taken."""
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    found = medicines_of(patient, record, day)
    chosen = parts_of(drug) if drug else drugs_taken(patient, record, day)
    known = set(drug_names(patient))
    problems = [_no_drug()] if not chosen else [_no_document(d) for d in chosen if d not in known]
    return Interactions(
        patient=record.id,
        title=record.title,
        day=day.isoformat() if day else "",
        stated=found.stated,
        medicines=found.medicines,
        ended=found.ended,
        drugs=tuple(_on_drug(patient, d, found.medicines) for d in chosen if d in known),
        conflicts=derived.conflicts,
        problems=(*derived.problems, *problems),
    )


def interaction_objections(patient: Patient, medicines: Iterable[Medicine]) -> Iterator[Objection]:
    """A caution on each drug with which a medicine of the patient should not be taken."""
    told = [medicine for medicine in medicines if medicine.classes]
    for drug in drug_names(patient) if told else ():
        for medicine in told:
            for rule in _of_medicine(patient, drug, medicine):
                if rule.basis.outputs.get("action") in STRONG and rule.basis.conditions:
                    yield _objection(drug, medicine, rule)


def _objection(drug: str, medicine: Medicine, rule: Rule) -> Objection:
    outputs = rule.basis.outputs
    said = (outputs.get("action", "-"), outputs.get("if_unavoidable", "-"))
    return Objection(
        targets=(f"drug:{drug}",),
        effect="caution",
        certain=rule.certain,
        remedy="; if unavoidable: ".join(part for part in said if part != "-"),
        depends_on=rule.depends_on,
        basis=replace(rule.basis, words=f"{medicine.name} with {drug}: {rule.basis.words}"),
    )


def _no_drug() -> Problem:
    what = "the record does not say which tumour drug is taken"
    return Problem("last_drug", what, "name one with --drug, or record its start")


def _no_document(drug: str) -> Problem:
    return Problem("drug", f"nothing was read of {drug}", "look it up in its label")


def _on_drug(patient: Patient, drug: str, medicines: tuple[Medicine, ...]) -> OnDrug:
    # A row that fits without any class speaks of no medicine in particular.
    bare = rules(with_facts(patient, {CLASS: Members.exactly(())}), drug, "interactions")
    general = {rule.basis.row for rule in bare if rule.certain}
    found = [
        Interaction(place, rule)
        for place, medicine in enumerate(medicines)
        if medicine.classes
        for rule in _of_medicine(patient, drug, medicine)
        if rule.basis.row not in general
    ]
    spoken = {one.medicine for one in found}
    return OnDrug(
        drug=drug,
        read=section(patient, drug, "interactions") is not None,
        interactions=tuple(found),
        silent=tuple(i for i, m in enumerate(medicines) if m.name and i not in spoken),
        general=tuple(rule for rule in bare if rule.certain),
        organs=tuple(_organs(patient, drug)),
        disputes=tuple(_disputes(patient, drug, [one.rule for one in found])),
    )


def _of_medicine(patient: Patient, drug: str, medicine: Medicine) -> list[Rule]:
    classes = Members.exactly(medicine.classes)
    return rules(with_facts(patient, {CLASS: classes}), drug, "interactions")


def _organs(patient: Patient, drug: str) -> Iterable[Rule]:
    return (rule for name in SECTIONS for rule in rules(patient, drug, name))


def _disputes(patient: Patient, drug: str, found: Iterable[Rule]) -> Iterable[Disagreement]:
    table = section(patient, drug, "interactions")
    rows = {row_of(patient, rule).id for rule in found}
    for dispute in table.disputes if table else ():
        if rows & set(dispute.rows):
            yield Disagreement(
                document=f"drugs/{drug}/interactions",
                id=dispute.id,
                rows=dispute.rows,
                printed=dispute.printed,
                words=fill(dispute.words, patient.terms, patient.all_known),
                citations=tuple(map(str, dispute.citations)),
                status=dispute.status,
            )
