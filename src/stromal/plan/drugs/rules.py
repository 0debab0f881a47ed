"""What the document of a drug says to one patient, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stromal.facts.possible import Choices, Possible
from stromal.plan.assessment import Basis, Objection
from stromal.plan.patient import Patient, basis, open_conditions
from stromal.tables.decide import decide
from stromal.tables.document import Row, Table

JOIN = " with "
FORBIDS = frozenset(("avoid", "not recommended"))
"""Actions of an organ-function row that strike the drug out."""
CONTRAINDICATES = frozenset(("contraindication", "not for"))
"""Topics of a warning that strike the drug out where its condition holds."""
SILENT = frozenset(("no change", "no rule"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a drug document that fits, or may fit while `depends_on` is not known."""

    basis: Basis
    certain: bool
    depends_on: tuple[str, ...]


def drug_names(patient: Patient) -> tuple[str, ...]:
    """The drugs that have a document, by name."""
    names = (i for i in patient.library.documents if i.startswith("drugs/"))
    return tuple(sorted(name.removeprefix("drugs/") for name in names))


def parts_of(drug: str) -> tuple[str, ...]:
    """The single drugs of a combination.

    >>> parts_of("dabrafenib with trametinib")
    ('dabrafenib', 'trametinib')
    """
    return tuple(drug.split(JOIN)) if drug not in ("", "-", "none", "other") else ()


def with_facts(patient: Patient, facts: Mapping[str, Possible]) -> Patient:
    """The same patient with some facts set; the decisions stay."""
    return replace(patient, known={**patient.known, **facts})


def section(patient: Patient, drug: str, name: str) -> Table | None:
    """The table of one section of a drug's document, if it counts on the day."""
    compiled = patient.network.by_id.get(f"drugs/{drug}/{name}")
    return compiled.table if compiled else None


def rules(patient: Patient, drug: str, name: str) -> list[Rule]:
    """The rows of a section that fit the patient, and those that may."""
    table = section(patient, drug, name)
    return [] if table is None else list(_rules(patient, table))


def organ_objections(patient: Patient) -> Iterator[Objection]:
    """What organ function and contraindications on the labels say against each drug.

    A row that fits for certain refuses where the label does; while its facts are unknown it is a
    caution, so that what has to be checked is said and nothing is struck out on a guess.
    """
    for drug in drug_names(patient):
        for name in ("organ-function", "warnings-and-contraindications"):
            table = section(patient, drug, name)
            yield from patient.once(_label_objections, table.id) if table else ()


def _label_objections(patient: Patient, table_id: str) -> tuple[Objection, ...]:
    """What one section of a drug's document says against it."""
    _, drug, name = table_id.split("/")
    return tuple(
        _objection(drug, rule)
        for rule in rules(patient, drug, name)
        if rule.basis.conditions and rule.basis.outputs.get("action") not in SILENT
    )


def _rules(patient: Patient, table: Table) -> Iterator[Rule]:
    answer = decide(patient.library.compiled[table.id], patient.all_known)
    for number in answer.possible:
        row = table.rows[number]
        certain = number in answer.certain
        depends = () if certain else open_conditions(patient, table, row)
        yield Rule(basis(patient, table, row), certain, depends)


def _objection(drug: str, rule: Rule) -> Objection:
    outputs = rule.basis.outputs
    forbids = outputs.get("action") in FORBIDS or outputs.get("topic") in CONTRAINDICATES
    # The fact speaks of "the drug in question" and does not say which drug that is.
    vague = any(condition.startswith("hypersensitivity ") for condition in rule.basis.conditions)
    said = (outputs.get(name, "-") for name in ("action", "dose", "rule"))
    return Objection(
        targets=(f"drug:{drug}",),
        effect="refuse" if forbids and rule.certain and not vague else "caution",
        certain=rule.certain,
        remedy="; ".join(dict.fromkeys(part for part in said if part != "-")) or "-",
        depends_on=rule.depends_on,
        basis=rule.basis,
    )


def single(possible: Possible | None) -> str | None:
    """The one value of a choice, or None while several are possible."""
    if isinstance(possible, Choices) and possible.is_single():
        return next(iter(possible.values))
    return None


def row_of(patient: Patient, rule: Rule) -> Row:
    """The row behind a rule."""
    return patient.library.compiled[rule.basis.document].table.row(rule.basis.row)
