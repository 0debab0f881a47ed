"""One worked patient before the library on one day; what nobody asks for is not computed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.assessment import Basis, Decision, Objection, Remark
from stromal.plan.drugs.dosing import Dosing, dosing
from stromal.plan.drugs.interactions import interaction_objections
from stromal.plan.drugs.medicines import medicines_of
from stromal.plan.drugs.rules import Rule
from stromal.plan.exam.drugs import interaction_rules
from stromal.plan.known.derive import Derived, derive
from stromal.plan.patient import Patient, all_objections, consider, decisions, remarks
from stromal.plan.treatment import Option, guidelines_of, options
from stromal.tables.chain import Network


@dataclass(frozen=True)
class Sitting:
    """A case before the library on a day; what no line of `expect` asks for is not computed."""

    library: Library
    record: Record
    day: datetime.date | None
    tables: Network

    @cached_property
    def derived(self) -> Derived:
        """The facts known on the day."""
        return derive(as_of(self.record, self.library.terms, self.day), self.library)

    @cached_property
    def patient(self) -> Patient:
        """The patient with every table decided."""
        return consider(self.library, self.tables, self.derived.facts)

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """Each decision by name."""
        return {decision.name: decision for decision in decisions(self.patient)}

    @cached_property
    def objections(self) -> tuple[Objection, ...]:
        """Every guard that fits, or may fit."""
        return tuple(all_objections(self.patient))

    @cached_property
    def options(self) -> list[Option]:
        """The options of every guideline that the record names, or of all."""
        medicines = medicines_of(self.patient, self.record, self.day).medicines
        against = (*self.objections, *interaction_objections(self.patient, medicines))
        return options(self.patient, guidelines_of(self.patient), against)

    @cached_property
    def remarks(self) -> list[Remark]:
        """Notes, tasks and requirements that apply, or may."""
        return remarks(self.patient)

    @cached_property
    def speaking(self) -> Mapping[str, Mapping[str, bool]]:
        """For each kind the row ids (the facts, for requirements), and whether for certain."""
        said = self.remarks
        return {
            "guards": {row_id(o.basis): o.certain for o in self.objections},
            "notes": {row_id(r.basis): r.certain for r in said if r.role == "note"},
            "tasks": {row_id(r.basis): r.certain for r in said if r.role == "task"},
            "requirements": {r.topic: r.certain for r in said if r.role == "requirement"},
        }

    @cached_property
    def dosing(self) -> Dosing:
        """The side effects, and what the labels say of them and of the organs."""
        return dosing(self.library, self.patient, self.record, self.day)

    @cached_property
    def interactions(self) -> list[Rule]:
        """What the labels of the drugs taken say of the other medicines."""
        return interaction_rules(self.patient, self.record, self.day)


def row_id(basis: Basis) -> str:
    """A row as cases name it: document#row."""
    return f"{basis.document}#{basis.row}"
