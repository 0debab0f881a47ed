"""What can be done: options of every guideline, struck out where a guard forbids them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stromal.facts.fact import Fact
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.timeline import Conflict, as_of
from stromal.library import Library
from stromal.plan.assessment import Basis, Decision, Objection, Remark
from stromal.plan.cover import refused_whatever
from stromal.plan.drugs.dosing import Dosing, dosing
from stromal.plan.drugs.interactions import interaction_objections
from stromal.plan.drugs.medicines import Medicines, medicines_of
from stromal.plan.drugs.rules import organ_objections, single
from stromal.plan.known.derive import Derived, derive
from stromal.plan.known.vital import death_words, has_died
from stromal.plan.patient import (
    Patient,
    all_objections,
    basis,
    consider,
    decisions,
    open_conditions,
    remarks,
)
from stromal.plan.present_drug import SAME_DRUG, says_nothing
from stromal.tables.document import Row, Table

EVERYWHERE = "all"
LAST_DRUG = "last_drug"
SOME_DRUG = frozenset(
    ("drug treatment before surgery", "combination of inhibitors outside a trial")
)
"""Options that give a drug still to be chosen: what forbids every drug forbids them."""
GUIDELINE = "guideline"


@dataclass(frozen=True, slots=True)
class Advice:
    """What one guideline says of an option: its strength and the row; `certain` or still open."""

    guideline: str
    strength: str
    certain: bool
    depends_on: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be done. `state` is offered, depends (on what is unknown) or refused."""

    name: str
    drug: str
    setting: str
    state: str
    advice: tuple[Advice, ...]
    objections: tuple[Objection, ...]
    depends_on: tuple[str, ...]

    @property
    def standing(self) -> str:
        """As `state`, but discouraged where all who name it advise against it."""
        discouraged = all(advice.strength == "discouraged" for advice in self.advice)
        return "discouraged" if discouraged and self.state != "refused" else self.state


@dataclass(frozen=True, slots=True)
class Treatment:
    """Options, guards and next steps for one patient on one day.

    `ended` says why there are none, where the patient has died.
    """

    patient: str
    title: str
    day: str
    guidelines: tuple[str, ...]
    facts: tuple[Fact, ...]
    decisions: tuple[Decision, ...]
    options: tuple[Option, ...]
    guards: tuple[Objection, ...]
    tasks: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    dosing: Dosing
    medicines: Medicines
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    ended: str = ""


@dataclass(slots=True)
class _Gathered:
    row: Row
    advice: list[Advice] = field(default_factory=list)
    seen: set[tuple[str, str, str]] = field(default_factory=set)


def treat_record(
    library: Library,
    record: Record,
    day: datetime.date | None = None,
    guidelines: tuple[str, ...] = (),
) -> Treatment:
    """The options for the record as known on `day`, under the guidelines named (or all)."""
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    return treatment_of(patient, derived, record, day, guidelines)


def treatment_of(
    patient: Patient,
    derived: Derived,
    record: Record,
    day: datetime.date | None = None,
    guidelines: tuple[str, ...] = (),
) -> Treatment:
    """The options for a patient already decided, whose facts are those of `derived`."""
    chosen = guidelines or guidelines_of(patient)
    objections = tuple(o for o in all_objections(patient) if _is_about_treatment(o))
    medicines = medicines_of(patient, record, day)
    interacting = tuple(interaction_objections(patient, medicines.medicines))
    rest = remarks(patient, ("task", "note"), open_too=("task",))
    found = Treatment(
        patient=record.id,
        title=record.title,
        day=day.isoformat() if day else "",
        guidelines=chosen,
        facts=tuple(derived.facts.values()),
        decisions=tuple(decisions(patient)),
        options=tuple(options(patient, chosen, (*objections, *interacting))),
        guards=objections,
        tasks=tuple(remark for remark in rest if remark.role == "task"),
        notes=tuple(remark for remark in rest if remark.role == "note" and remark.certain),
        dosing=dosing(patient.library, patient, record, day),
        medicines=medicines,
        conflicts=derived.conflicts,
        problems=derived.problems,
    )
    return _ended(found, derived) if has_died(derived.facts) else found


def _ended(found: Treatment, derived: Derived) -> Treatment:
    """After death nothing is offered, refused, asked for or adjusted."""
    words = death_words(derived.facts)
    nothing = Dosing((), (), ())
    return replace(found, options=(), guards=(), tasks=(), notes=(), dosing=nothing, ended=words)


def options(
    patient: Patient, guidelines: tuple[str, ...], objections: tuple[Objection, ...]
) -> list[Option]:
    """Every option that some guideline names, those offered first, those struck out last.

    To the objections come those of the drugs' labels on organ function and contraindications.
    """
    if has_died(patient.facts):
        return []
    every = indexed((*objections, *organ_objections(patient)))
    gathered: dict[tuple[str, str, str], _Gathered] = {}
    for number, guideline in enumerate(guidelines):
        for row, advice in _advice(_under(patient, guideline), again=number > 0):
            key = (row.outputs["option"], row.outputs["drug"], row.outputs["setting"])
            if says_nothing(key[0], patient.known):
                continue
            _keep(gathered.setdefault(key, _Gathered(row)), advice)
    found = [
        _option(patient, key, entry, objections_to(patient, every, *key))
        for key, entry in gathered.items()
    ]
    order = ("offered", "depends", "discouraged", "refused")
    return sorted(found, key=lambda option: (order.index(option.standing), _weakest(option)))


@dataclass(frozen=True, slots=True)
class Targeted:
    """The guards, and for each target the places of those that name it."""

    objections: tuple[Objection, ...]
    by_target: Mapping[str, tuple[int, ...]]

    def at(self, names: Iterable[str]) -> set[int]:
        """The places of the guards that name any of these targets."""
        return {place for name in names for place in self.by_target.get(name, ())}


def indexed(objections: tuple[Objection, ...]) -> Targeted:
    """The guards by what they speak of, so that each option finds its own at once."""
    found: dict[str, list[int]] = {}
    for place, objection in enumerate(objections):
        for target in objection.targets:
            found.setdefault(target, []).append(place)
    return Targeted(objections, {name: tuple(places) for name, places in found.items()})


def targets_of(option: str, drug: str, setting: str) -> set[str]:
    """All by which a guard may speak of an option: its name, its setting, its drug (in it)."""
    names = {f"option:{option}", f"setting:{setting}", "option:*"}
    for part in () if drug == "-" else (drug, *drug.split(" with ")):
        names |= {f"drug:{part}", f"drug:{part}@{setting}", "drug:*", f"drug:*@{setting}"}
    return names


def objections_to(
    patient: Patient, guards: Targeted, option: str, drug: str, setting: str
) -> tuple[Objection, ...]:
    """The guards that speak of an option, also where it gives a drug without naming it."""
    if drug == "-" and option in SAME_DRUG:
        return tuple(_to_same_drug(patient, guards, option, setting))
    meant = "a drug to be chosen" if drug == "-" and option in SOME_DRUG else drug
    return tuple(
        guards.objections[n] for n in sorted(guards.at(targets_of(option, meant, setting)))
    )


def _to_same_drug(
    patient: Patient, guards: Targeted, option: str, setting: str
) -> Iterator[Objection]:
    """A guard that hits only some of the drugs that may be the present one hangs on that fact."""
    term = patient.library.terms.get(LAST_DRUG)
    possible = patient.known.get(LAST_DRUG, term.domain if term else None)
    words = possible.values - {"none"} if isinstance(possible, Choices) else frozenset()
    drugs = sorted(words) or ["a drug that is not known"]
    hits = Counter(n for d in drugs for n in guards.at(targets_of(option, d, setting)))
    for place in sorted(hits):
        objection = guards.objections[place]
        if hits[place] < len(drugs):
            depends = tuple(dict.fromkeys((*objection.depends_on, LAST_DRUG)))
            objection = replace(objection, certain=False, depends_on=depends)
        yield objection


def _is_about_treatment(objection: Objection) -> bool:
    return any(t.partition(":")[0] in ("drug", "option", "setting") for t in objection.targets)


def guidelines_of(patient: Patient) -> tuple[str, ...]:
    """The guidelines that the record names, or all."""
    term = patient.library.terms.get(GUIDELINE)
    if term is None:
        return (EVERYWHERE,)
    known = patient.known.get(GUIDELINE)
    values = known.values if isinstance(known, Choices) else frozenset(term.values)
    return tuple(value for value in term.values if value in values)


def _under(patient: Patient, guideline: str) -> Patient:
    """The same patient where the plan is made under one guideline."""
    if guideline == EVERYWHERE:
        return patient
    return patient.under(GUIDELINE, Choices.of(guideline))


def _advice(patient: Patient, *, again: bool) -> Iterator[tuple[Row, Advice]]:
    """The rows that fit, or may; `again` leaves out the tables that no guideline moves."""
    for table in (compiled.table for compiled in patient.network.tables):
        if table.role == "option" and not (
            again and GUIDELINE not in patient.network.rests_on(table.id)
        ):
            yield from patient.once(_advice_of, table.id)


def _advice_of(patient: Patient, table_id: str) -> tuple[tuple[Row, Advice], ...]:
    """What a table says to a patient under one guideline, or under every one."""
    answer = patient.advice[table_id]
    table, certain = answer.table, answer.certain
    guideline = single(patient.known.get(GUIDELINE)) or EVERYWHERE
    return tuple(
        (row, _advice_row(patient, table, row, guideline, number in certain))
        for number, row in zip(answer.possible, answer.rows, strict=True)
    )


def _advice_row(patient: Patient, table: Table, row: Row, guideline: str, certain: bool) -> Advice:
    return Advice(
        guideline=guideline if _is_named(table, row) else EVERYWHERE,
        strength=row.outputs["strength"],
        certain=certain,
        depends_on=() if certain else open_conditions(patient, table, row),
        basis=basis(patient, table, row),
    )


def _is_named(table: Table, row: Row) -> bool:
    names = [term.name for term in table.inputs]
    return GUIDELINE in names and row.cells[names.index(GUIDELINE)] is not None


def _keep(entry: _Gathered, advice: Advice) -> None:
    said = advice.guideline, advice.basis.document, advice.basis.row
    if said not in entry.seen:
        entry.seen.add(said)
        entry.advice.append(advice)


def _option(
    patient: Patient,
    key: tuple[str, str, str],
    entry: _Gathered,
    against: tuple[Objection, ...],
) -> Option:
    name, drug, setting = key
    doubts = [o for o in against if not o.certain and o.effect == "refuse"]
    refused = any(o.certain and o.effect == "refuse" for o in against) or (
        name not in SAME_DRUG and refused_whatever(patient, doubts)
    )
    certain = any(advice.certain for advice in entry.advice)
    open_names = [] if certain else [name for a in entry.advice for name in a.depends_on]
    depends = dict.fromkeys([*open_names, *(name for o in doubts for name in o.depends_on)])
    state = "refused" if refused else "depends" if depends or not certain else "offered"
    return Option(name, drug, setting, state, tuple(entry.advice), against, tuple(depends))


_STRENGTHS: Mapping[str, int] = {
    "recommended": 0,
    "acceptable": 1,
    "investigational": 2,
    "discouraged": 3,
}


def _weakest(option: Option) -> tuple[int, str]:
    return min(_STRENGTHS.get(a.strength, 9) for a in option.advice), option.name
