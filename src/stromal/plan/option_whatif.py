"""What would change an option: every other value of each fact that its rows and guards look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Numbers, Possible, union
from stromal.plan.drugs.rules import parts_of
from stromal.plan.patient import Patient, all_objections
from stromal.plan.present_drug import SAME_DRUG
from stromal.plan.treatment import GUIDELINE, Option, options
from stromal.plan.whatif import elements, say_part
from stromal.plan.words import say
from stromal.tables.chain import arrange, decide_again
from stromal.tables.document import Row, Table

ABSENT = "not named"
Key = tuple[str, str, str]
Standing = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OptionChange:
    """One fact with another value (or, where it is open, one value) and what the option then is."""

    name: str
    now: str
    instead: str
    state: str
    strengths: tuple[str, ...]


def option_changes(
    patient: Patient, guidelines: tuple[str, ...], option: Option
) -> list[OptionChange]:
    """Every single change of a fact after which the option stands otherwise."""
    few = _with_what_it_needs(patient, option)
    before = _standing(few, guidelines, option)
    return [
        change
        for name in _names(few, option)
        for change in _changes(few, guidelines, option, patient.library.terms[name])
        if (change.state, change.strengths) != before
    ]


def _with_what_it_needs(patient: Patient, option: Option) -> Patient:
    """The patient before the tables on which the option hangs, and no others."""
    network = patient.network
    drugs = tuple(f"drugs/{drug}/" for drug in parts_of(option.drug))
    wanted: dict[str, None] = {}
    for table in (compiled.table for compiled in network.tables):
        names_it = any(_key(row) == _key_of(option) for row in table.rows)
        if table.role == "guard" or names_it or table.id.startswith(drugs or ("-",)):
            wanted.update(dict.fromkeys(c.table.id for c in network.below(table.id)))
            wanted[table.id] = None
    tables = arrange(c for c in network.tables if c.table.id in wanted)
    answers = {name: patient.answers[name] for name in wanted}
    return replace(patient, network=tables, answers=answers)


def _names(patient: Patient, option: Option) -> list[str]:
    """The facts below the conditions of the option's rows and of the guards that may hit it."""
    found: dict[str, None] = {}
    for table in (compiled.table for compiled in patient.network.tables):
        rows = [row for row in table.rows if _key(row) == _key_of(option) or _may_hit(row, option)]
        for name in _conditions(table, rows):
            deciding = patient.network.by_decision.get(name)
            below = patient.network.rests_on(deciding.table.id) if deciding else (name,)
            found.update(dict.fromkeys(below))
    return [name for name in found if name != GUIDELINE and name in patient.library.terms]


def _key(row: Row) -> Key:
    outputs = row.outputs
    return outputs.get("option", ""), outputs.get("drug", ""), outputs.get("setting", "")


def _key_of(option: Option) -> Key:
    return option.name, option.drug, option.setting


def _conditions(table: Table, rows: list[Row]) -> Iterator[str]:
    for place, term in enumerate(table.inputs):
        if any(row.cells[place] is not None for row in rows):
            yield term.name


def _may_hit(row: Row, option: Option) -> bool:
    """True if the row is a guard that refuses and may speak of the option."""
    if row.outputs.get("effect") != "refuse" or "target" not in row.outputs:
        return False
    names = {f"option:{option.name}", "option:*", f"setting:{option.setting}"}
    for drug in (option.drug, *parts_of(option.drug), "*") if option.drug != "-" else ():
        names |= {f"drug:{drug}", f"drug:{drug}@{option.setting}"}
    targets = [target.strip() for target in row.outputs["target"].split(";")]
    same = option.name in SAME_DRUG and any(target.startswith("drug:") for target in targets)
    return same or bool(names & set(targets))


def _changes(
    patient: Patient, guidelines: tuple[str, ...], option: Option, term: Term
) -> Iterator[OptionChange]:
    known = patient.known.get(term.name)
    tables = tuple(c.table.id for c in patient.network.resting_on(term.name))
    found: dict[Standing, list[Possible]] = {}
    for element in elements(patient, term, None, tables):
        if known is None or not known.is_single() or not _holds(element, known):
            standing = _standing(_with(patient, term.name, element), guidelines, option)
            found.setdefault(standing, []).append(element)
    for (state, strengths), values in found.items():
        yield OptionChange(term.name, say(term, known), _words(term, values), state, strengths)


def _words(term: Term, values: list[Possible]) -> str:
    if isinstance(term.domain, Members):
        return " or ".join(say_part(term, value) for value in values)
    return say_part(term, reduce(union, values))


def _with(patient: Patient, name: str, value: Possible) -> Patient:
    known = {**patient.known, name: value}
    answers = decide_again(patient.network, known, patient.answers, name)
    return replace(patient, known=known, answers=answers)


def _holds(element: Possible, known: Possible) -> bool:
    if isinstance(element, Numbers) and isinstance(known, Numbers):
        return not element.intersect(known).is_empty()
    if isinstance(element, Choices) and isinstance(known, Choices):
        return bool(element.values & known.values)
    return element == known


def _standing(patient: Patient, guidelines: tuple[str, ...], option: Option) -> Standing:
    found = options(patient, guidelines, tuple(all_objections(patient)))
    here = [one for one in found if _key_of(one) == _key_of(option)]
    if not here:
        return ABSENT, ()
    state = here[0].state
    strengths = (a.strength for a in here[0].advice if a.certain or state != "offered")
    return state, tuple(sorted(dict.fromkeys(strengths)))
