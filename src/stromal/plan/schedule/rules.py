"""The rows of the schedules that fit a patient, as rules for the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.possible import Choices, Possible
from stromal.followup.calendar import Rule
from stromal.followup.months import Step, read_interval, read_step
from stromal.plan.patient import Patient
from stromal.plan.treatment import EVERYWHERE, guidelines_of
from stromal.tables.cell import covers
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import decide
from stromal.tables.document import Row, Table

ROLE = "schedule"
STATE, RISK, GUIDELINE, FIRST = "disease_state", "follow_up_risk", "guideline", "first visit"
WATCHED, SETTING, UNTREATED = "watched", "setting", ("diagnosis", "primary surgery")
OTHERS = "-others"
"""How the id ends of a document beside the guidelines: it is shown if none of them is chosen."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A state of the disease (or those possible) with its days; `end` None: it goes on."""

    states: frozenset[str]
    start: datetime.date | None
    end: datetime.date | None


@dataclass(frozen=True, slots=True)
class Fitting:
    """A rule that fits in a stage, or may: `depends_on` names the facts on which that hangs.

    `guideline` is that which the row names, '' for a row that names none.
    """

    rule: Rule
    stage: Stage
    depends_on: tuple[str, ...]
    guideline: str


def read_since(patient: Patient, guideline: str, day: datetime.date | None) -> str:
    """From when the only edition of a guideline that was read counts; '' if by the day it does."""
    tables = [c.table for c in patient.library.compiled.values()
              if c.table.role == ROLE and c.table.guideline == guideline]  # fmt: skip
    first = min((table.in_force for table in tables), default="")
    return first if day and first > day.isoformat() else ""


def rules_of(
    patient: Patient, stage: Stage, risk: tuple[str, ...], guidelines: tuple[str, ...]
) -> Iterator[Fitting]:
    """Each rule that fits, or may fit, in a stage."""
    known: dict[str, Possible] = {**patient.all_known, RISK: Choices(frozenset(risk))}
    if stage.states:
        known[STATE] = Choices(stage.states)
    if stage.states == {WATCHED}:  # what is watched is not operated now, nor given a drug
        known[SETTING] = Choices.of(*UNTREATED)
    seen: set[tuple[str, str]] = set()
    for guideline in (*(guidelines or guidelines_of(patient)), EVERYWHERE):
        under = known if guideline == EVERYWHERE else {**known, GUIDELINE: Choices.of(guideline)}
        for compiled in _tables(patient, named=guideline != EVERYWHERE, beside=not guidelines):
            answer = decide(compiled, under)
            for number in answer.possible:
                row = compiled.table.rows[number]
                if (compiled.table.id, row.id) not in seen:
                    seen.add((compiled.table.id, row.id))
                    sure = number in answer.certain
                    names = () if sure else _open_facts(compiled.table, row, under)
                    own = guideline if _names_guideline(compiled.table, row) else ""
                    yield from (Fitting(rule, stage, names, own) for rule in _of(compiled, row))


def _names_guideline(table: Table, row: Row) -> bool:
    cells = zip(table.inputs, row.cells, strict=True)
    return any(term.name == GUIDELINE and cell is not None for term, cell in cells)


def _tables(patient: Patient, *, named: bool, beside: bool) -> Iterator[CompiledTable]:
    """The schedules that ask for the guideline, or those that do not.

    `beside`: also the schedules that stand beside the guidelines.
    """
    for compiled in patient.network.tables:
        names = [term.name for term in compiled.table.inputs]
        is_beside = compiled.table.id.endswith(OTHERS)
        if (
            compiled.table.role == ROLE
            and (GUIDELINE in names) == named
            and (beside or not is_beside)
        ):
            yield compiled


def _open_facts(table: Table, row: Row, known: Mapping[str, Possible]) -> tuple[str, ...]:
    """The inputs that leave open whether a row fits."""
    return tuple(
        term.name
        for term, cell in zip(table.inputs, row.cells, strict=True)
        if cell is not None and not covers(known.get(term.name, term.domain), cell)
    )


def _of(compiled: CompiledTable, row: Row) -> Iterator[Rule]:
    """The rules of a row: one, or two where it gives a first look and an interval after it."""
    out, table = row.outputs, compiled.table
    if "every_months" in out:
        every, start = out["every_months"], read_step(out["from_month"])
        yield _rule(table, row, every, start, out["until_month"], out["anchor"])
        return
    first = read_interval(out.get("first", ""))
    if first is None:
        return
    months = first.longest.months
    yield _rule(table, row, out["first"], Step(), str(months), FIRST)
    if out.get("then", "-") != "-":  # without a number it is shown as the document words it
        yield _rule(table, row, out["then"], first.longest, "open", FIRST)


def _rule(table: Table, row: Row, every: str, start: Step, until: str, anchor: str) -> Rule:
    return Rule(
        document=table.id,
        row=row.id,
        authority=row.outputs["authority"],
        test=row.outputs["test"],
        interval=read_interval(every),
        every=every,
        begins=start,
        until=until,
        anchor=anchor,
        standing=row.outputs.get("standing", ""),
        words=row.words,
        source="; ".join(map(str, row.citations)),
        status=row.status,
    )
