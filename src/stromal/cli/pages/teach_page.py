"""The pages of `stromal teach`: the list, what was known, questions, answers, grades."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stromal.cli.pages.page import Cell, Page
from stromal.cli.speak import MARK, READ, spoken
from stromal.facts.record import Event, Record
from stromal.facts.teaching import Question
from stromal.facts.timeline import live_events
from stromal.facts.values import read_day
from stromal.plan.exam.cases import CheckedAnswer
from stromal.plan.exam.teaching import Grade, Posed, Voice, is_right, length_of, topic_of
from stromal.plan.known.course import first_day

RULES_OF_NOW = "What was known is that of each day; the answers are by the rules of now."


def list_lines(page: Page, records: Sequence[Record]) -> Iterator[str]:
    """The cases with their length, questions and topics."""
    yield from page.heading("Teaching cases")
    for record in records:
        length, asked = length_of(record), len(record.teaching)
        size = f"{length.events} dated events over {length.years:.1f} years, {asked} questions"
        yield from page.entry(record.id, size, at=40)
        yield from page.text(record.title, 4)
        topics = dict.fromkeys(topic_of(question) for question in record.teaching)
        yield from page.text(", ".join(topics), 4, style="dim")
    asked = sum(len(record.teaching) for record in records)
    yield ""
    yield from page.text(f"{len(records)} cases, {asked} questions. 'stromal teach CASE' begins.")


def opening_lines(page: Page, record: Record) -> Iterator[str]:
    """How the case is meant. Its title would tell how it ends."""
    yield from page.text(f"{record.id}, {len(record.teaching)} questions", style="bold")
    yield from page.text(RULES_OF_NOW, 2, style="dim")


def closing_lines(page: Page, record: Record) -> Iterator[str]:
    """What the case was and where it comes from; what of it is invented."""
    yield from page.heading(record.title or record.id)
    yield from page.text(record.source, 2, style="dim")
    yield from page.text(record.why, 2, style="dim")


def known_lines(page: Page, record: Record, number: int) -> Iterator[str]:
    """What became known since the question before; never anything of a later day."""
    day = _day(record.teaching[number - 1])
    before = _day(record.teaching[number - 2]) if number > 1 else None
    seen = {event.id for event in live_events(record, before)} if before else set()
    new = [event for event in live_events(record, day) if event.id not in seen]
    for event in sorted(new, key=first_day):
        yield from page.entry(event.day or "-", _told(event), at=14)
    if not new:
        yield from page.text("nothing new", 2, style="dim")


def _day(question: Question) -> datetime.date | None:
    days = read_day(question.day)
    return days[0] if days else None


def _told(event: Event) -> str:
    """An event in words, as it was written."""
    parts = [event.words] if event.words else []
    parts += [_said(spoken(name), value) for name, value in event.details.items()]
    parts += [_said(spoken(name), value) for name, value in event.facts.items()]
    parts += [f"instead of {event.corrects!r}"] if event.corrects else []
    told = "; ".join(part for part in parts if part)
    return f"{event.kind}: {told}" if told else event.kind


def _said(name: str, value: object) -> str:
    return f"{name}: {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_said(str(name), one) for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value) or "none"
    return "?" if value is None else str(value)


def question_lines(page: Page, record: Record, number: int) -> Iterator[str]:
    """The question and its numbered choices."""
    question = record.teaching[number - 1]
    head = f"Question {number} of {len(record.teaching)}, {question.day}: {topic_of(question)}"
    yield from page.heading(head)
    yield from known_lines(page, record, number)
    yield ""
    yield from page.text(question.ask, 2, style="bold")
    for place, choice in enumerate(question.choices, 1):
        yield from page.text(f"{place}  {choice}", 4, 3)
    if len(question.answer) > 1:
        yield from page.text("More than one is right; give all, as 1, 3.", 4, style="dim")


def verdict_lines(page: Page, question: Question, chosen: Iterable[int]) -> list[str]:
    """Right or wrong, and what is right."""
    if is_right(question, chosen):
        return page.text("Right.", 2, style="green")
    return page.text(f"Not right. It is: {' and '.join(question.answer)}", 2, style="red")


def reason_lines(page: Page, posed: Posed) -> Iterator[str]:
    """The reason, the rows with their sources, and what the rules say on that day."""
    yield from page.text(posed.question.reason, 2)
    for voice in posed.voices:
        yield from _voice_lines(page, voice)
    yield from page.text("The rules on that day:", 2, style="dim")
    for answer in posed.answers:
        if answer.ok and answer.name not in ("day", "answer", "rows"):
            yield from page.text(_checked(answer), 4, 2, "dim")
    yield from fault_of_question(page, posed)


def fault_of_question(page: Page, posed: Posed) -> Iterator[str]:
    """Where the rules no longer say what is taught."""
    for wrong in posed.wrong:
        what = f"expected {wrong.expected}, found {wrong.found}"
        yield from page.text(f"{wrong.place}: {wrong.name}: {what}", 2, 2, "red")
    if posed.wrong:
        remedy = "The rules do not agree with this question: do not learn from it; report it."
        yield from page.text(remedy, 2, 2, "red")


def _checked(answer: CheckedAnswer) -> str:
    """What was found; of rows, which row it is."""
    if answer.found in ("certain", "possible", "silent"):
        return f"{spoken(answer.name)}: {answer.expected.replace('#', ', row ')}"
    return f"{spoken(answer.name)}: {answer.found}"


def _voice_lines(page: Page, voice: Voice) -> Iterator[str]:
    perhaps = "" if voice.certain else "Perhaps: "
    mark = f" [{MARK[voice.status]}]" if voice.status in MARK else ""
    yield from page.text(f"{perhaps}{voice.words}{mark}", 4, 2)
    read = READ.get(voice.status, voice.status)
    sources = "; ".join(voice.citations)
    yield from page.text(f"{voice.id.replace('#', ', row ')}: {sources} ({read})", 6, 2, "dim")


def answer_lines(page: Page, posed: Posed) -> Iterator[str]:
    """The right answer with its reason, for the key."""
    right = [str(posed.question.choices.index(a) + 1) for a in posed.question.answer
             if a in posed.question.choices]  # fmt: skip
    answer = " and ".join(posed.question.answer)
    yield from page.text(f"Answer: {', '.join(right)}  {answer}", 2, 2, "green")
    yield from reason_lines(page, posed)


def grade_lines(page: Page, grade: Grade) -> Iterator[str]:
    """The grade of one student: of all, and by topic."""
    yield from page.heading(f"{grade.right} of {grade.asked} right")
    for topic, right, asked in grade.topics:
        yield from page.entry(topic, f"{right} of {asked}", at=36)
    if grade.unanswered:
        numbers = ", ".join(map(str, grade.unanswered))
        yield from page.text(f"not answered: {numbers}", 2, style="yellow")


def class_lines(page: Page, grades: Sequence[Grade]) -> Iterator[str]:
    """One line for each student and case, then which questions were not answered rightly."""
    yield from page.heading("Grades")
    rows = [tuple(map(Cell, _graded(grade))) for grade in grades]
    yield from page.table(("student", "case", "right", "wrong", "not answered"), rows, 1, 44)
    yield from page.heading("By question: how many were right")
    cases = dict.fromkeys(grade.case for grade in grades)
    for case in cases:
        mine = [grade for grade in grades if grade.case == case]
        counts = (f"{n}: {_right(mine, n)}/{len(mine)}" for n in range(1, mine[0].asked + 1))
        yield from page.entry(case, ", ".join(counts), at=36)


def _graded(grade: Grade) -> tuple[str, ...]:
    wrong, left = (
        ", ".join(map(str, numbers)) or "-" for numbers in (grade.wrong, grade.unanswered)
    )
    return grade.student or "-", grade.case, f"{grade.right}/{grade.asked}", wrong, left


def _right(grades: Iterable[Grade], number: int) -> int:
    return sum(number not in (*grade.wrong, *grade.unanswered) for grade in grades)
