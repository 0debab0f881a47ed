"""One patient on one day before the library: every answer, and the rows that speak."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact
from stromal.facts.possible import Choices, Possible
from stromal.library import Library
from stromal.plan.assessment import Basis, Decision, Disagreement, Objection, Remark
from stromal.plan.withdrawn import ADVISING, advising, withdrawn
from stromal.plan.words import fill, named_in
from stromal.tables.cell import overlaps
from stromal.tables.chain import Network, decide_again, decide_all
from stromal.tables.compile import Bits
from stromal.tables.decide import Answer
from stromal.tables.document import Dispute, Row, Table

REMARK_ROLES = ("note", "task", "requirement")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Patient:
    """One patient on one day before the library: the facts and every table's answer."""

    library: Library
    network: Network
    facts: Mapping[str, Fact]
    known: Mapping[str, Possible]
    answers: Mapping[str, Answer]

    @cached_property
    def all_known(self) -> Mapping[str, Possible]:
        """Facts and decisions together, as the tables see them."""
        decided = {
            name: Choices(frozenset(self.answers[c.table.id].outcomes))
            for name, c in self.network.by_decision.items()
        }
        return {**self.known, **decided}

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The decisions that are refused for certain: advice must not rest on them."""
        return withdrawn(self.library, self.network, self.answers)

    @cached_property
    def advice(self) -> Mapping[str, Answer]:
        """Every table's answer; those that advise do not know what is refused."""
        return advising(self.network, self.all_known, self.answers, self.withdrawn)

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The dictionary and the decisions."""
        return {**self.library.terms, **self.library.decisions}

    @cached_property
    def objections(self) -> tuple[Objection, ...]:
        """Every guard that fits, or may fit."""
        return tuple(_objections(self))

    @cached_property
    def covered(self) -> dict[tuple[str, frozenset[str]], bool]:
        """Rows of a document of which one surely holds, as found so far (see `cover`)."""
        return {}

    def once(self, ask: Callable[[Patient, str], Found], table_id: str) -> Found:
        """What `ask` finds of this patient in one table, worked out once.

        A patient made by `moved` takes it over, so it may rest on nothing but the values of what
        the table tests and its words name.
        """
        key = ask, table_id
        if key not in self.found:
            self.found[key] = ask(self, table_id)
        return cast(Found, self.found[key])

    @cached_property
    def found(self) -> dict[tuple[object, str], object]:
        """What `once` found so far."""
        return {}

    def under(self, name: str, value: Possible) -> Patient:
        """The same patient where one fact has another value, made once for each value."""
        if (name, value) not in self.others:
            self.others[name, value] = _moved(
                self, self.facts, {**self.known, name: value}, (name,)
            )
        return self.others[name, value]

    @cached_property
    def others(self) -> dict[tuple[str, Possible], Patient]:
        """What `under` made so far."""
        return {}


@dataclass(frozen=True, slots=True)
class _OpenRows:
    """The place of each row, and for each input the facts behind it with the rows left open."""

    numbers: Mapping[str, int]
    columns: tuple[tuple[tuple[str, ...], Bits], ...]


def consider(library: Library, network: Network, facts: Mapping[str, Fact]) -> Patient:
    """Decide every table of the network for the facts given."""
    known = {name: fact.possible for name, fact in facts.items()}
    return Patient(library, network, facts, known, decide_all(network, known))


def moved(
    last: Patient,
    facts: Mapping[str, Fact],
    known: Mapping[str, Possible],
    names: Sequence[str],
) -> Patient:
    """The patient of `last` where only the facts of these names have other values.

    What the tables said that does not rest on them is taken over, also for what `under` made.
    """
    patient = _moved(last, facts, known, names)
    for (name, value), other in last.others.items():
        left = tuple(n for n in names if n != name)
        patient.others[name, value] = _moved(other, facts, {**known, name: value}, left)
    return patient


def _moved(
    last: Patient,
    facts: Mapping[str, Fact],
    known: Mapping[str, Possible],
    names: Sequence[str],
) -> Patient:
    between, answers = dict(last.known), last.answers
    for name in names:
        if name in known:
            between[name] = known[name]
        else:
            del between[name]
        answers = decide_again(last.network, between, answers, name)
    patient = Patient(last.library, last.network, facts, known, answers)
    touched = {table_id for name in names for table_id in _speaking_of(last.network, name)}
    if apart := last.withdrawn ^ patient.withdrawn:
        touched |= {c.table.id for c in last.network.tables if not apart.isdisjoint(c.names)}
    patient.found.update({k: v for k, v in last.found.items() if k[1] not in touched})
    patient.covered.update({k: v for k, v in last.covered.items() if k[0] not in touched})
    return patient


def _speaking_of(network: Network, name: str) -> frozenset[str]:
    """The tables that rest on a fact, or that say its value or ask for it."""
    return network.once(_tables_by_fact).get(name, frozenset())


def _tables_by_fact(network: Network) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for compiled in network.tables:
        table = compiled.table
        named = {n for row in table.rows for n in (*named_in(row.words), row.outputs.get("asks"))}
        for name in (*network.rests_on(table.id), *(n for n in named if n)):
            for fact in network.facts_behind(name):
                found.setdefault(fact, set()).add(table.id)
    return {name: frozenset(tables) for name, tables in found.items()}


def decisions(patient: Patient, roles: Iterable[str] = ("scheme", "finding")) -> list[Decision]:
    """Every decision with its rows, objections and disputes, in the order of the documents."""
    wanted = set(roles)
    objections = list(all_objections(patient))
    return [
        _decision(patient, compiled.table, objections)
        for compiled in patient.network.tables
        if compiled.table.kind == "one" and compiled.table.role in wanted
    ]


def all_objections(patient: Patient) -> Iterator[Objection]:
    """Every guard that fits, or may fit."""
    return iter(patient.objections)


def _objections(patient: Patient) -> Iterator[Objection]:
    for compiled in patient.network.tables:
        if compiled.table.role == "guard":
            yield from patient.once(_objections_of, compiled.table.id)


def _objections_of(patient: Patient, table_id: str) -> tuple[Objection, ...]:
    answer = patient.answers[table_id]
    rows = answer.possible
    certain = answer.certain
    return tuple(_objection(patient, answer.table, n, n in certain) for n in rows)


def remarks(
    patient: Patient,
    roles: Iterable[str] = REMARK_ROLES,
    open_too: Iterable[str] = REMARK_ROLES,
) -> list[Remark]:
    """Notes, tasks and requirements that apply; those of `open_too` also where they may apply."""
    wanted, loose = set(roles), set(open_too)
    return [
        remark
        for table in (c.table for c in patient.network.tables if c.table.role in wanted)
        for remark in patient.once(_remarks if table.role in loose else _sure_remarks, table.id)
    ]


def _remarks(patient: Patient, table_id: str) -> tuple[Remark, ...]:
    """What a table says that applies or may apply, without what is done already."""
    answer = patient.advice[table_id]
    certain = answer.certain
    return tuple(_remarks_of(patient, answer.table, answer.possible, certain))


def _sure_remarks(patient: Patient, table_id: str) -> tuple[Remark, ...]:
    """As `_remarks`, without what only may apply."""
    answer = patient.advice[table_id]
    return tuple(_remarks_of(patient, answer.table, answer.certain, answer.certain))


def _remarks_of(
    patient: Patient, table: Table, numbers: Iterable[int], certain: tuple[int, ...]
) -> Iterator[Remark]:
    for number in numbers:
        row = table.rows[number]
        if not _done(patient, row):
            yield _remark(patient, table, row, number in certain)


def _done(patient: Patient, row: Row) -> bool:
    """True if the row asks for a fact that is known by now."""
    asked = patient.all_known.get(row.outputs.get("asks", "-"))
    return asked is not None and asked.is_single()


def basis(patient: Patient, table: Table, row: Row) -> Basis:
    """A row as it speaks to this patient."""
    printed = _printed(patient.library, table, row)
    if not named_in(row.words):
        return printed
    return replace(printed, words=fill(row.words, patient.terms, patient.all_known))


def _printed(library: Library, table: Table, row: Row) -> Basis:
    """The row as its document has it, the same for every patient."""
    kept = library.printed.get((table.id, row.id))
    if kept is not None and kept[0] is row:
        return cast(Basis, kept[1])
    texts = zip(table.inputs, row.texts, strict=True)
    printed = Basis(
        document=table.id,
        row=row.id,
        words=row.words,
        citations=tuple(str(citation) for citation in row.citations),
        status=row.status,
        outputs=dict(row.outputs),
        conditions=tuple(f"{term.name} {text}" for term, text in texts if text != "-"),
    )
    library.printed[table.id, row.id] = row, printed
    return printed


def speaks_of(objection: Objection, decision: str, role: str) -> bool:
    """True if the guard's targets include the decision, by name or as a group."""
    return decision in objection.targets or f"{role}:*" in objection.targets


def open_conditions(patient: Patient, table: Table, row: Row) -> tuple[str, ...]:
    """The facts, not decisions, that would have to be known to say whether the row fits."""
    found = patient.once(_open_rows, table.id)
    bit = 1 << found.numbers[row.id]
    return tuple(dict.fromkeys(n for names, rows in found.columns if rows & bit for n in names))


def _open_rows(patient: Patient, table_id: str) -> _OpenRows:
    """For each input of a table that is open, the rows which that leaves open."""
    compiled = patient.network.by_id[table_id]
    columns = []
    refused = patient.withdrawn if compiled.table.role in ADVISING else frozenset()
    for column in compiled.columns:
        name = column.term.name
        possible = None if name in refused else patient.all_known.get(name)
        some, every = column.whole if possible is None else column.rows(possible)
        if left := some & ~every:
            behind = (name,) if name in refused else tuple(_facts_behind(patient, name))
            columns.append((behind, left))
    return _OpenRows({r.id: n for n, r in enumerate(compiled.table.rows)}, tuple(columns))


def _facts_behind(patient: Patient, name: str) -> Iterator[str]:
    if name not in patient.network.by_decision:
        yield name
        return
    for below in patient.network.facts_behind(name):
        possible = patient.known.get(below)
        if possible is None or not possible.is_single():
            yield below


def _decision(patient: Patient, table: Table, objections: list[Objection]) -> Decision:
    answer = patient.answers[table.id]
    spoken = tuple(o for o in objections if speaks_of(o, table.decides, table.role))
    refused = any(o.certain and o.effect == "refuse" for o in spoken)
    state = "refused" if refused else "settled" if answer.settled else "open"
    return Decision(
        name=table.decides,
        document=table.id,
        title=table.title,
        role=table.role,
        state=state,
        outcomes=() if refused else answer.outcomes,
        exact=answer.exact,
        bases=tuple(basis(patient, table, row) for row in answer.rows),
        objections=spoken,
        disagreements=tuple(_disagreements(patient, table, answer)),
        open_facts=() if answer.settled else _open_facts(patient, table),
    )


def _open_facts(patient: Patient, table: Table) -> tuple[str, ...]:
    names = patient.network.rests_on(table.id)
    return tuple(
        name
        for name in names
        if len(patient.network.elements([table.id], name, patient.known.get(name))) != 1
    )


def _objection(patient: Patient, table: Table, number: int, certain: bool) -> Objection:
    row = table.rows[number]
    return Objection(
        targets=tuple(part.strip() for part in row.outputs["target"].split(";")),
        effect=row.outputs["effect"],
        certain=certain,
        remedy=row.outputs["remedy"],
        depends_on=() if certain else open_conditions(patient, table, row),
        basis=basis(patient, table, row),
    )


def _remark(patient: Patient, table: Table, row: Row, certain: bool) -> Remark:
    topic = row.outputs.get("topic") or row.outputs.get("task") or row.outputs.get("requires", "")
    return Remark(
        role=table.role,
        topic=topic,
        certain=certain,
        depends_on=() if certain else open_conditions(patient, table, row),
        basis=basis(patient, table, row),
    )


def _disagreements(patient: Patient, table: Table, answer: Answer) -> Iterator[Disagreement]:
    rows = {row.id for row in answer.rows}
    for dispute in table.disputes:
        if rows & set(dispute.rows) and _in_corner(patient, dispute):
            yield Disagreement(
                document=table.id,
                id=dispute.id,
                rows=dispute.rows,
                printed=dispute.printed,
                words=fill(dispute.words, patient.terms, patient.all_known),
                citations=tuple(str(citation) for citation in dispute.citations),
                status=dispute.status,
            )


def _in_corner(patient: Patient, dispute: Dispute) -> bool:
    return all(
        overlaps(patient.all_known.get(name, patient.terms[name].domain), cell)
        for name, cell in dispute.cells.items()
    )
