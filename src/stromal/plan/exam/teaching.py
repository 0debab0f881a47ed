"""Teaching cases: questions on a course of years, held against the rules, and their grading.

A question is asked about the patient as known on its day, by the rules of now. Its answer is only
taught while the rules agree: `expect` must be true and the rows named must speak on that day.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.possible import Choices
from stromal.facts.record import Record, days_of
from stromal.facts.teaching import Question
from stromal.facts.values import read_day
from stromal.library import Library
from stromal.plan.assessment import Basis
from stromal.plan.exam.cases import CheckedAnswer, Found, check
from stromal.plan.exam.sitting import Sitting, row_id
from stromal.plan.patient import basis
from stromal.plan.schedule.rules import RISK, STATE, Stage, rules_of
from stromal.tables.chain import Network
from stromal.tables.consequence import what_follows

TOPICS: Mapping[str, str] = {
    "nature": "what the tumour is",
    "surgery": "surgery",
    "therapy": "drug treatment",
    "drugs": "drugs, doses and interactions",
    "followup": "follow-up",
}
"""What a question is about where it does not say so: the room of its first row."""
_BY_SCHEME = "modified_nih_2008_risk"


@dataclass(frozen=True, slots=True)
class Voice:
    """A row that speaks on the day of a question; not `certain` while it hangs on the unknown."""

    id: str
    certain: bool
    words: str
    citations: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Posed:
    """A question held against the rules: what was checked, and the rows with their sources."""

    number: int
    question: Question
    answers: tuple[CheckedAnswer, ...]
    voices: tuple[Voice, ...]

    @property
    def wrong(self) -> tuple[CheckedAnswer, ...]:
        """Where the rules do not agree with what is taught."""
        return tuple(answer for answer in self.answers if not answer.ok)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a course is: its dated events, its first and last day, and the years between."""

    events: int
    first: datetime.date | None
    last: datetime.date | None
    years: float


@dataclass(frozen=True, slots=True)
class Grade:
    """What one student answered of one case: right and asked, also by topic."""

    case: str
    student: str
    right: int
    asked: int
    topics: tuple[tuple[str, int, int], ...]
    wrong: tuple[int, ...]
    unanswered: tuple[int, ...]


def topic_of(question: Question) -> str:
    """What the question is about, as it says or by the room of its first row."""
    room = question.rows[0].partition("/")[0] if question.rows else ""
    return question.topic or TOPICS.get(room, "other")


def length_of(record: Record) -> Length:
    """The dated events of a record and the years that they span."""
    spans = [span for event in record.events if (span := days_of(event))]
    if not spans:
        return Length(0, None, None, 0.0)
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return Length(len(spans), first, last, (last - first).days / 365.25)


def check_teaching(library: Library, record: Record, tables: Network) -> list[CheckedAnswer]:
    """Every question of a record checked: its day, its answer, what it expects, its rows."""
    numbers = range(1, len(record.teaching) + 1)
    return [one for n in numbers for one in pose(library, record, n, tables).answers]


def pose(library: Library, record: Record, number: int, tables: Network) -> Posed:
    """The question of that number, counted from 1, with all that it rests on checked."""
    question = record.teaching[number - 1]
    place = f"{record.name}:{question.line}, question {number}"
    days = read_day(question.day)
    if days is None:
        wrong = CheckedAnswer("day", "a day of the calendar", question.day, False, place)
        return Posed(number, question, (wrong,), ())
    sitting = Sitting(library, record, days[0], tables)
    voices = tuple(_wanted(sitting, question.rows))
    found = (*_form(record, question, days[0]), *check(sitting, question.expect),
             *_rows(question, voices))  # fmt: skip
    answers = (CheckedAnswer(*one, place=place) for one in found)
    return Posed(number, question, tuple(answers), voices)


def grade(record: Record, student: str, given: Mapping[int, Collection[int]]) -> Grade:
    """Grade the choices given, by number of question and of choice, both counted from 1.

    A question with several answers is right if exactly these were chosen.
    """
    numbers = range(1, len(record.teaching) + 1)
    right = {n for n in numbers if is_right(record.teaching[n - 1], given.get(n, ()))}
    topics = [topic_of(question) for question in record.teaching]
    return Grade(
        case=record.id,
        student=student,
        right=len(right),
        asked=len(record.teaching),
        topics=tuple(
            (t, sum(topics[n - 1] == t for n in right), topics.count(t))
            for t in dict.fromkeys(topics)
        ),
        wrong=tuple(n for n in numbers if given.get(n) and n not in right),
        unanswered=tuple(n for n in numbers if not given.get(n)),
    )


def is_right(question: Question, chosen: Iterable[int]) -> bool:
    """Whether exactly the right choices, counted from 1, were chosen."""
    return set(chosen) == {question.choices.index(answer) + 1 for answer in question.answer}


def _form(record: Record, question: Question, day: datetime.date) -> Found:
    length = length_of(record)
    inside = bool(length.first and length.last and length.first <= day <= length.last)
    yield "day", f"inside the record ({length.first} to {length.last})", str(day), inside
    for answer in question.answer or ("",):
        yield "answer", "one of the choices", answer, answer in question.choices


def _rows(question: Question, voices: Iterable[Voice]) -> Found:
    speaking = {voice.id: "certain" if voice.certain else "possible" for voice in voices}
    for row in question.rows:
        yield "rows", f"{row} speaks", speaking.get(row, "silent"), row in speaking


def _wanted(sitting: Sitting, rows: tuple[str, ...]) -> Iterator[Voice]:
    """The rows named, as they speak; what is certain in one place counts as certain."""
    found: dict[str, Voice] = {}
    for voice in _voices(sitting):
        if voice.id in rows and (voice.id not in found or voice.certain):
            found[voice.id] = voice
            if all(row in found and found[row].certain for row in rows):
                break
    yield from (found[row] for row in rows if row in found)


def _voices(sitting: Sitting) -> Iterator[Voice]:
    """Every row that a page about this patient shows on this day, the nearest at hand first."""
    for decision in sitting.decisions.values():
        yield from (_voice(one, len(decision.bases) == 1) for one in decision.bases)
    yield from (_voice(one.basis, one.certain) for one in sitting.objections)
    yield from (_voice(one.basis, one.certain) for one in sitting.remarks)
    for option in sitting.options:
        yield from (_voice(one.basis, one.certain) for one in option.advice)
        yield from (_voice(one.basis, one.certain) for one in option.objections)
    yield from _of_drugs(sitting)
    yield from _of_schedules(sitting)
    yield from _following(sitting)
    yield from _fitting(sitting)


def _of_drugs(sitting: Sitting) -> Iterator[Voice]:
    """What the labels of the drugs taken say of side effects, organs and other medicines."""
    steps = [step for effect in sitting.dosing.side_effects for step in effect.steps]
    steps += [rule for _, organs in sitting.dosing.organs for rule in organs]
    steps += sitting.interactions
    yield from (_voice(step.basis, step.certain) for step in steps)


def _of_schedules(sitting: Sitting) -> Iterator[Voice]:
    known = sitting.patient.all_known
    states, risk = known.get(STATE), known.get(_BY_SCHEME)
    values = sitting.library.terms[RISK].values if RISK in sitting.library.terms else ()
    classes = risk.values & set(values) if isinstance(risk, Choices) else frozenset()
    stage = Stage(states.values if isinstance(states, Choices) else frozenset(), None, None)
    for one in rules_of(sitting.patient, stage, tuple(classes or values), ()):
        rule, name = one.rule, f"{one.rule.document}#{one.rule.row}"
        yield Voice(
            name, not one.depends_on, rule.words, tuple(rule.source.split("; ")), rule.status
        )


def _following(sitting: Sitting) -> Iterator[Voice]:
    """Rows of consequences that fit: what one fact says of another."""
    patient = sitting.patient
    for table in sitting.library.consequences:
        for one in what_follows((table,), patient.known):
            yield _voice(basis(patient, table.compiled.table, one.row), certain=True)


def _fitting(sitting: Sitting) -> Iterator[Voice]:
    """Rows of any other document that fit for certain."""
    patient = sitting.patient
    for compiled in patient.network.tables:
        for number in patient.answers[compiled.table.id].certain:
            yield _voice(basis(patient, compiled.table, compiled.table.rows[number]), certain=True)


def _voice(basis: Basis, certain: bool) -> Voice:
    return Voice(row_id(basis), certain, basis.words, basis.citations, basis.status)
