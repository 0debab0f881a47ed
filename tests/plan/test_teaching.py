"""What is taught is what the rules say on the day of the question, and can never drift from it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from stromal.facts.record import Record, read_record, read_record_file
from stromal.library import Library
from stromal.plan.exam.teaching import check_teaching, grade, length_of, pose, topic_of

FOLDER = Path(__file__).parents[2] / "cases"
TAUGHT = [r for path in sorted(FOLDER.rglob("*.yaml")) if (r := read_record_file(path)).teaching]
CASE = """\
id: a-course
events:
  - {id: seen, kind: imaging, day: 2013-01-05, facts: {disease_extent: metastatic}}
  - {id: first, kind: drug start, day: 2013-02-05, drug: imatinib, purpose: advanced}
  - {id: gene, kind: molecular test, day: 2016-02, facts: {molecular_findings: "BRAF p.V600E"}}
teaching:
  - day: 2016-02-29
    ask: What holds?
    choices: [imatinib is struck out, imatinib goes on]
    answer: imatinib is struck out
    expect: {facts: {line_of_therapy: 1}, guards: therapy/guards#BRAF-1}
    reason: BRAF drives it.
    rows: [therapy/guards#BRAF-1]
"""


def record(text: str = CASE) -> Record:
    return read_record(text.encode(), "a-course.yaml")


def wrong(library: Library, text: str) -> list[tuple[str, str]]:
    answers = check_teaching(library, record(text), library.at(None))
    return [(answer.name, answer.found) for answer in answers if not answer.ok]


def test_a_true_question_has_nothing_wrong_and_its_rows_speak_with_their_sources(
    library: Library,
) -> None:
    posed = pose(library, record(), 1, library.at(None))
    assert not posed.wrong
    assert [(voice.id, voice.certain) for voice in posed.voices] == [
        ("therapy/guards#BRAF-1", True)
    ]
    assert posed.voices[0].citations
    assert all(answer.place == "a-course.yaml:7, question 1" for answer in posed.answers)


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("answer: imatinib is struck out", "answer: nothing", ("answer", "nothing")),
        ("day: 2016-02-29", "day: 2012-12-31", ("day", "2012-12-31")),
        ("day: 2016-02-29", "day: 2016-03-01", ("day", "2016-03-01")),
        ("line_of_therapy: 1", "line_of_therapy: 2", ("facts, line_of_therapy", "1")),
        ("guards: therapy", "not_guards: therapy", ("not_guards", "certain")),
        ("rows: [therapy/guards#BRAF-1]", "rows: [therapy/guards#NTRK-1]", ("rows", "silent")),
        ("rows: [therapy/guards#BRAF-1]", "rows: [therapy/guards#NONE]", ("rows", "silent")),
    ],
)
def test_each_thing_that_can_be_taught_wrongly_is_noticed(
    library: Library, written: str, instead: str, fault: tuple[str, str]
) -> None:
    assert fault in wrong(library, CASE.replace(written, instead, 1))


def test_a_row_that_only_a_later_event_wakes_is_silent_on_the_day(library: Library) -> None:
    early = CASE.replace("day: 2016-02-29", "day: 2015-12-31")
    assert ("guards", "possible") in wrong(library, early)


def test_a_day_that_is_none_is_one_fault_and_no_exception(library: Library) -> None:
    assert wrong(library, CASE.replace("2016-02-29", "2016-02-30")) == [("day", "2016-02-30")]


def test_a_changed_rule_makes_the_teaching_wrong(library: Library) -> None:
    guards = library.compiled["therapy/guards"].table
    silent = library.with_table(
        replace(guards, rows=tuple(row for row in guards.rows if row.id != "BRAF-1"))
    )
    answers = check_teaching(silent, record(), silent.at(None))
    assert {answer.name for answer in answers if not answer.ok} == {"guards", "rows"}


def test_the_grade_counts_right_wrong_and_unanswered_by_topic() -> None:
    two = replace(record(), teaching=(record().teaching[0],) * 2)
    assert grade(two, "A", {1: {1}, 2: {2}}).topics == (("drug treatment", 1, 2),)
    assert grade(two, "A", {1: {1}, 2: {2}}).wrong == (2,)
    assert grade(two, "A", {1: {1, 2}}).right == 0
    assert grade(two, "A", {}).unanswered == (1, 2)


def test_a_course_is_as_long_as_its_dated_events() -> None:
    length = length_of(record())
    assert (length.events, length.first) == (3, datetime.date(2013, 1, 5))
    assert length.last == datetime.date(2016, 2, 29)
    assert length_of(read_record(b"facts: {sex: male}")).years == 0


@pytest.mark.parametrize("taught", TAUGHT, ids=lambda one: one.id)
def test_a_teaching_case_asks_in_order_with_a_topic_and_a_reason(taught: Record) -> None:
    assert not taught.problems
    days = [question.day for question in taught.teaching]
    assert days == sorted(days)
    assert 3 <= len(days) <= 6
    for question in taught.teaching:
        assert topic_of(question) != "other"
        assert len(question.choices) >= 2
        assert len(question.reason) > 40


def test_the_place_of_the_right_choice_gives_nothing_away() -> None:
    places = [question.choices.index(question.answer[0]) for one in TAUGHT
              for question in one.teaching]  # fmt: skip
    assert max(places.count(place) for place in set(places)) <= 0.5 * len(places)


def test_choices_keep_their_order_however_they_were_written() -> None:
    other = CASE.replace(
        "[imatinib is struck out, imatinib goes on]", "[imatinib goes on, imatinib is struck out]"
    )
    assert record(other).teaching[0].choices == record().teaching[0].choices


def test_thirty_long_courses_are_taught_by_a_hundred_and_twenty_questions() -> None:
    long = [one for one in TAUGHT if length_of(one).events >= 10 and length_of(one).years >= 2]
    assert len(long) >= 30
    assert sum(len(one.teaching) for one in TAUGHT) >= 120


def test_a_row_that_makes_one_fact_of_others_speaks_too(library: Library) -> None:
    row = "nature/what-follows#LOCAL"
    text = CASE.replace("rows: [", f"rows: [{row}, ")
    assert wrong(library, text) == [("rows", "silent")]
    local = text.replace("disease_extent: metastatic", "disease_extent: localised")
    assert ("rows", "silent") not in wrong(library, local)
