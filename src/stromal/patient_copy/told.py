"""What the doctor's pages say of one patient, asked the way the patient's sentences ask it.

Every answer comes from the same trace as the doctor's page: facts, decisions and rows that fit for
certain. What a guard refuses is not said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from stromal.facts.dictionary import Term
from stromal.facts.possible import Possible
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.patient_copy.texts import MADE, Condition, SentenceRule
from stromal.plan.assessment import Basis, Decision
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import drugs_taken
from stromal.plan.patient import Patient, basis, consider, decisions
from stromal.plan.treatment import Treatment, treat_record
from stromal.tables.cell import covers
from stromal.tables.decide import Answer, decide
from stromal.tables.document import Row, Table


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence stands on: a row, a fact of the record, or a source named by the text.

    `kind` is row, fact or source; `words` are those of the doctor's page.
    """

    kind: str
    name: str
    citations: tuple[str, ...]
    status: str
    words: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One patient on the day of the release. `newer`: events came to light after it."""

    library: Library
    record: Record
    day: datetime.date
    newer: bool
    patient: Patient
    treatment: Treatment

    @cached_property
    def taken(self) -> tuple[str, ...]:
        """The tumour drugs being taken."""
        return drugs_taken(self.patient, self.record, self.day)

    @cached_property
    def decided(self) -> Mapping[str, Decision]:
        """Every decision by name."""
        return {decision.name: decision for decision in decisions(self.patient)}

    @cached_property
    def refused(self) -> frozenset[str]:
        """The decisions that a guard refuses for certain."""
        return frozenset(name for name, d in self.decided.items() if d.state == "refused")

    @cached_property
    def known(self) -> Mapping[str, Possible]:
        """Facts and decisions as far as anything is known of them; refused ones left out."""
        return {
            name: possible
            for name, possible in self.patient.all_known.items()
            if name not in self.refused and possible != self.patient.terms[name].domain
        }

    def answer(self, document: str) -> Answer | None:
        """What a document says, also one that no decision needs; None if it is not in force."""
        compiled = self.patient.network.by_id.get(document)
        if compiled is None:
            return None
        answer = self.patient.answers.get(document)
        return answer if answer else decide(compiled, self.patient.all_known)

    @property
    def terms(self) -> Mapping[str, Term]:
        """The dictionary and the decisions."""
        return self.patient.terms


def tell(library: Library, record: Record, day: datetime.date, newer: bool) -> Told:
    """Everything that is known on the day, decided once."""
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    return Told(library, record, day, newer, patient, treat_record(library, record, day))


def holds(told: Told, rule: SentenceRule) -> bool:
    """True if every condition of the sentence holds for certain."""
    return all(_holds(told, condition) for condition in rule.when)


def grounds(told: Told, rule: SentenceRule) -> tuple[Ground, ...]:
    """What the sentence stands on, each once."""
    found = [g for condition in rule.when for g in _grounds(told, condition)]
    if rule.citations:
        found.append(Ground("source", rule.id, rule.citations, rule.status, ""))
    return tuple({(ground.kind, ground.name): ground for ground in found}.values())


def row_ground(spoken: Basis) -> Ground:
    """A row as the ground of a sentence."""
    name = f"{spoken.document}#{spoken.row}"
    return Ground("row", name, spoken.citations, spoken.status, spoken.words, spoken.outputs)


def drug_of(condition: Condition) -> str:
    """The drug whose document a row condition speaks of; '' for any other."""
    parts = condition.name.split("/")
    return parts[1] if condition.kind == "row" and parts[0] == "drugs" else ""


def _holds(told: Told, condition: Condition) -> bool:
    kind, name = condition.kind, condition.name
    if kind == "row":
        drug = drug_of(condition)
        return (not drug or drug in told.taken) and _row(told, name) is not None
    if not name:
        whole = {MADE: False, "newer": told.newer, "taking any": bool(told.taken)}
        return whole.get(kind, not told.taken)
    if kind == "taking":
        return name in told.taken
    if kind == "refused" or name in told.refused:
        return kind == "refused" and name in told.refused
    return _holds_of_value(told, condition)


def _holds_of_value(told: Told, condition: Condition) -> bool:
    """A condition on a fact, or on a decision that no guard refuses."""
    kind, name = condition.kind, condition.name
    possible = told.known.get(name)
    if possible is None:
        return kind in ("open", "unknown")
    if kind in ("doubted", "cautioned"):
        certain, effect = (False, "refuse") if kind == "doubted" else (True, "caution")
        spoken = told.decided[name].objections
        return any(o.certain is certain and o.effect == effect for o in spoken)
    if kind in ("settled", "open"):
        return possible.is_single() == (kind == "settled")
    return kind == "known" or (kind == "fits" and covers(possible, condition.cell))


def _row(told: Told, name: str) -> Basis | None:
    """The row if it fits for certain and stands on no decision that a guard refuses."""
    document, _, row_id = name.partition("#")
    answer = told.answer(document)
    for row in answer.certain_rows if answer else ():
        if answer and row.id == row_id and not told.refused.intersection(_asked(answer.table, row)):
            return basis(told.patient, answer.table, row)
    return None


def _asked(table: Table, row: Row) -> list[str]:
    """The facts and decisions that a row sets a condition on."""
    pairs = zip(table.inputs, row.texts, strict=True)
    return [term.name for term, text in pairs if text != "-"]


def _grounds(told: Told, condition: Condition) -> Iterator[Ground]:
    kind, name = condition.kind, condition.name
    if kind == "row":
        spoken = _row(told, name)
        if spoken:
            yield row_ground(spoken)
    elif kind in ("refused", "doubted", "cautioned"):
        yield from (row_ground(o.basis) for o in told.decided[name].objections)
    elif name in told.decided:
        yield from (row_ground(spoken) for spoken in told.decided[name].bases)
    elif name in told.terms:
        yield fact_ground(told, name)


def fact_ground(told: Told, name: str) -> Ground:
    """A fact of the record with the events that it comes from; one that is unknown says so."""
    fact = told.patient.facts.get(name)
    origins = fact.origins if fact else ()
    events = tuple(dict.fromkeys(f"{o.event} {o.day} {o.source}".strip() for o in origins))
    given = "; ".join(dict.fromkeys(o.given for o in origins))
    return Ground("fact", name, events, fact.state.value if fact else "unknown", given)
