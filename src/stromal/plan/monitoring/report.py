"""All that is watched under treatment, from one record: blood, side effects, taking, reports.

Each part says what it rests on and what is missing. Diary, questionnaires, indices and adherence
are shown and decide nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stromal.facts.days import last_day
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import as_of, live_events
from stromal.facts.values import read_value
from stromal.followup.calendar import State
from stromal.followup.grading import ROLE as GRADING
from stromal.followup.trends import Point, Trend, trend
from stromal.library import Library
from stromal.plan.drugs.dosing import DOSE_CHANGES, EFFECT
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import daily_dose, drugs_taken
from stromal.plan.monitoring.before_treatment import Indices, indices_of
from stromal.plan.monitoring.deviations import VERSION, Course, deviations_of, links_of, patients_of
from stromal.plan.monitoring.graded import Graded, graded_readings
from stromal.plan.monitoring.patient_reports import (
    Diary,
    Questionnaire,
    diary_of,
    questionnaires_of,
)
from stromal.plan.monitoring.readings import by_test, readings_of
from stromal.plan.monitoring.refills import DrugAdherence, adherence_of
from stromal.plan.monitoring.toxicity import Finding, findings_of
from stromal.plan.patient import Patient
from stromal.plan.schedule.follow_up import Wish, follow_up
from stromal.tables.cell import overlaps
from stromal.tables.chain import Network, arrange
from stromal.tables.compile import CompiledTable
from stromal.tables.document import Table

LABELS, ADVERSE = "drugs/", "adverse event"
CRITERIA, TERM = "criteria", "adverse_event_term"
STARTS = ("drug start",)


@dataclass(frozen=True, slots=True)
class TestHistory:
    """One test: its graded readings, oldest first, and its trend."""

    test: str
    unit: str
    readings: tuple[Graded, ...]
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a grade means in words, with the row that says so and what other sources print."""

    row: str
    term: str
    version: str
    grade: int
    means: str
    source: str
    status: str
    disputes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """A recorded side effect with the meanings of its grades; `question`: what to ask, if open.

    `by_values`: a laboratory measures it, and its grade is that of the values.
    """

    event: str
    day: str
    term: str
    grade: str
    version: str
    drug: str
    meanings: tuple[Meaning, ...]
    question: str
    by_values: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A look of the label that is due or overdue."""

    test: str
    state: State
    planned: datetime.date
    last_done: datetime.date | None
    words: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Level:
    """A drug level with the hours after the dose; `dose` in mg/day where it is known."""

    event: str
    day: str
    drug: str
    level: str
    hours: str
    dose: str


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Everything watched, as known on `day`. `checks` is None where no day was asked about."""

    patient: str
    title: str
    day: datetime.date | None
    drugs: tuple[str, ...]
    tests: tuple[TestHistory, ...]
    findings: tuple[Finding, ...]
    events: tuple[AdverseEvent, ...]
    checks: tuple[Check, ...] | None
    indices: Indices
    adherence: tuple[DrugAdherence, ...]
    questionnaires: tuple[Questionnaire, ...]
    diary: Diary
    levels: tuple[Level, ...]
    problems: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        """True if the record has nothing to be watched."""
        parts = (self.tests, self.events, self.adherence, self.questionnaires, self.levels)
        return not any(parts) and not self.diary.entries


def monitoring_of(library: Library, record: Record, day: datetime.date | None) -> Monitoring:
    """What is watched, by the events known on `day` (all of them where there is none)."""
    derived = derive(as_of(record, library.terms, day), library)
    known = {name: fact.possible for name, fact in derived.facts.items()}
    patient = Patient(library, _labels(library, day), derived.facts, known, {})
    events = live_events(record, day)
    starts = tuple(_starts(events))
    readings, unread = readings_of(library, record, day)
    graded = graded_readings(_of_role(library, GRADING), readings, starts)
    course = Course(library, record, day, patients_of(library, patient, record))
    findings = findings_of(*deviations_of(course, graded))
    adherence, wrong_refills = adherence_of(library, record, day)
    questionnaires, wrong_answers = questionnaires_of(record, day)
    diary, wrong_entries = diary_of(library, record, day)
    problems = (*derived.problems, *unread, *wrong_refills, *wrong_answers, *wrong_entries)
    return Monitoring(
        patient=record.id,
        title=record.title,
        day=day,
        drugs=drugs_taken(patient, record, day or last_day(events)),
        tests=tuple(_history(test, graded) for test in by_test(readings)),
        findings=findings,
        events=tuple(_adverse(library, e, findings) for e in events if e.kind == ADVERSE),
        checks=tuple(_checks(library, record, day)) if day else None,
        indices=indices_of(library, readings, starts),
        adherence=adherence,
        questionnaires=questionnaires,
        diary=diary,
        levels=tuple(_levels(record, events)),
        problems=tuple(dict.fromkeys(problems)),
    )


def _of_role(library: Library, role: str) -> tuple[CompiledTable, ...]:
    return tuple(one for one in library.compiled.values() if one.table.role == role)


def _labels(library: Library, day: datetime.date | None) -> Network:
    """The dose changes of the drugs alone: no decision of other tables is asked for here."""
    tables = (one for one in library.at(day).tables if one.table.id.startswith(LABELS))
    return arrange(one for one in tables if one.table.role == DOSE_CHANGES)


def _starts(events: Iterable[Event]) -> Iterator[datetime.date]:
    for event in events:
        days = days_of(event) if event.kind in STARTS else None
        if days:
            yield days[0]


def _history(test: str, graded: Iterable[Graded]) -> TestHistory:
    mine = tuple(one for one in graded if one.reading.test == test)
    points = [Point(r.day, r.value) for r in (one.reading for one in mine) if r.day]
    base = mine[-1].baseline
    return TestHistory(
        test, mine[-1].reading.unit, mine, trend(points, base.reading.value if base else None)
    )


def _adverse(library: Library, event: Event, findings: Sequence[Finding]) -> AdverseEvent:
    grade, version = (str(event.details.get(key) or "") for key in ("grade", "ctcae"))
    written = str(event.details.get("term") or "")
    effects = _words(library, EFFECT, written)
    on_the_day = [f for f in findings if f.tests and str(f.day) == event.day]
    measured = [found for found in on_the_day if found.side_effect in effects]
    meanings = tuple(_meanings(library, written))
    return AdverseEvent(
        event=event.id,
        day=event.day,
        term=written,
        grade=grade,
        version=version,
        drug=str(event.details.get("drug") or ""),
        meanings=meanings,
        question=_question(library, grade, version, measured),
        by_values=bool(effects & set(links_of(library).values())),
    )


def _question(library: Library, grade: str, version: str, measured: Sequence[Finding]) -> str:
    """What to ask about a written grade; '' if nothing."""
    if not grade:
        return "" if measured else "Which grade is it?"
    if not version:
        return "By which version of CTCAE was it graded? Add 'ctcae: 5' or 'ctcae: 6'."
    named = _words(library, VERSION, version)
    if not named:
        return f"Nothing was read of CTCAE {version}: the grade is looked up as it is written."
    steps = [step for found in measured for step in found.steps if step.version in named]
    by_values = next((step.grades for step in steps if step.grades), ())
    if grade.isdecimal() and by_values and int(grade) not in by_values:
        said = " or ".join(map(str, by_values))
        return f"Written as grade {grade}, but by the values of that day it is {said}: which is it?"
    return ""


def _words(library: Library, name: str, written: str) -> frozenset[str]:
    """The values of a fact that a word stands for; none if it stands for nothing."""
    value = read_value(library.terms[name], written)
    if isinstance(value, Problem) or value.reason or not isinstance(value.possible, Choices):
        return frozenset()
    return value.possible.values


def _meanings(library: Library, written: str) -> Iterator[Meaning]:
    terms = Choices(_words(library, TERM, written))
    for table in (one.table for one in _of_role(library, CRITERIA)):
        for row in table.rows:
            if overlaps(terms, row.cells[0]):
                yield _meaning(table, row.id)


def _meaning(table: Table, row_id: str) -> Meaning:
    row = table.row(row_id)
    term, version = (", ".join(sorted(_values(cell))) for cell in row.cells[:2])
    disputes = tuple(d.words for d in table.disputes if row_id in d.rows)
    return Meaning(
        row=f"{table.id}#{row.id}",
        term=term,
        version=version,
        grade=int(row.outputs["grade"]),
        means=row.outputs["means"],
        source="; ".join(map(str, row.citations)),
        status=row.status,
        disputes=disputes,
    )


def _values(cell: object) -> frozenset[str]:
    return cell.values if isinstance(cell, Choices) else frozenset()


def _checks(library: Library, record: Record, day: datetime.date) -> Iterator[Check]:
    """The looks of labels that are due or overdue on the day."""
    found = follow_up(library, record, day, Wish(years=1))
    lines = [line for schedule in found.schedules if schedule.is_label for line in schedule.lines]
    for line in lines:
        done = [look.done for look in line.looks if look.done]
        for look in line.looks:
            if look.state in (State.DUE, State.OVERDUE):
                yield Check(
                    line.test, look.state, look.planned, max(done, default=None),
                    look.rule.words, look.rule.source, look.rule.status,
                )  # fmt: skip


def _levels(record: Record, events: Sequence[Event]) -> Iterator[Level]:
    levels = [event for event in events if event.kind == "drug level"]
    for event in sorted(levels, key=lambda event: (event.day, event.id)):
        days = days_of(event)
        drug = str(event.details.get("drug") or "").strip().lower()
        dose = daily_dose(record, days[0], drug) if days else None
        yield Level(
            event=event.id,
            day=event.day,
            drug=drug,
            level=str(event.details.get("level") or ""),
            hours=str(event.details.get("hours_after_dose") or ""),
            dose=f"{dose} mg/day" if dose is not None else "",
        )
