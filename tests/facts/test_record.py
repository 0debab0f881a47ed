"""A record is read with nothing lost; what is wrong is named by file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.record import read_record, read_record_file, write_record

GOOD = """id: a-patient
title: A worked patient
facts:
  sex: female
events:
  - id: operation
    day: 2008-03-01
    kind: resection
    source: pathology report
    facts:
      tumour_size: 2.5 cm
      tumour_site: duodenum
  - id: revision
    day: 2008-03-01
    recorded: 2008-04-01
    kind: pathology
    corrects: operation
    facts: {tumour_size: 3 cm}
expect:
  nih_2002_risk: low
"""


def read(text: str) -> list[str]:
    return [str(problem) for problem in read_record(text.encode(), "case.yaml").problems]


def test_a_good_record_is_read_whole() -> None:
    record = read_record(GOOD.encode(), "case.yaml")
    assert record.problems == ()
    assert [event.id for event in record.events] == ["facts", "operation", "revision"]
    assert record.events[1].facts == {"tumour_size": "2.5 cm", "tumour_site": "duodenum"}
    assert record.events[1].lines["tumour_size"] == 11
    assert record.expect == {"nih_2002_risk": "low"}


def test_a_record_written_and_read_again_is_the_same() -> None:
    record = read_record(GOOD.encode())
    assert read_record(write_record(record).encode()) == record


def test_json_is_read_by_the_same_door() -> None:
    record = read_record(b'{"id": "j", "facts": {"sex": "male", "tumour_size": "3 cm"}}')
    assert record.problems == ()
    assert record.events[0].facts == {"sex": "male", "tumour_size": "3 cm"}


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("facts: {sex: female", "case.yaml:", "not valid YAML"),
        (GOOD.replace("title:", "titel:"), "case.yaml:2, titel", "unknown key 'titel'"),
        (
            GOOD.replace("kind: resection", "kind: opration"),
            "case.yaml:8, event 1, kind",
            "kind 'opration'",
        ),
        (
            GOOD.replace("day: 2008-03-01", "day: 2008-02-30", 1),
            "case.yaml:7, event 1, day",
            "not a day",
        ),
        (GOOD + "---\nid: other\n", "case.yaml:22", "a second patient begins here"),
        (GOOD + "id: other\n", "case.yaml:21, id", "given twice"),
        (
            GOOD.replace("corrects: operation", "corrects: nothing"),
            "case.yaml:13, revision",
            "not an event here",
        ),
        (
            GOOD.replace("id: revision", "id: operation"),
            "case.yaml:13, operation",
            "two events have this id",
        ),
        ("- a\n- b\n", "case.yaml:1", "not a record"),
        ("", "case.yaml:1", "not a record"),
        ("facts: 7\n", "case.yaml:1, facts", "not a list of 'key: value'"),
        ("events: 7\n", "case.yaml:1, events", "not a list"),
        (
            GOOD.replace("    source: pathology report\n", "    dose: 400 mg\n"),
            "case.yaml:9, event 1, dose",
            "unknown key 'dose'",
        ),
    ],
)
def test_a_bad_record_is_told_where_and_what(text: str, place: str, what: str) -> None:
    found = read(text)
    assert any(problem.startswith(place) and what in problem for problem in found), found


def test_what_can_be_read_is_kept_beside_what_cannot() -> None:
    record = read_record(GOOD.replace("kind: pathology", "kind: gossip").encode())
    assert len(record.problems) == 1
    assert len(record.events) == 3


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("facts: {}".encode("utf-16"), "UTF-16"),
        ("title: Müller".encode("latin-1"), "not UTF-8"),
        (b"\x7fELF\x00\x00\x01", "binary"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"facts: !!python/object/apply:os.system [ls]", ""),
        (b"a: &a [x, x]\nfacts: {sex: [*a, *a]}", ""),
    ],
)
def test_files_that_are_not_records_are_refused_by_name(data: bytes, what: str) -> None:
    problems = read_record(data, "file").problems
    assert any(what in problem.what for problem in problems)
    assert all(problem.remedy for problem in problems)


def test_aliases_that_multiply_without_end_are_stopped() -> None:
    lines = ["facts:", "  a: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"  b{n}: &x{n + 1} [{', '.join([f'*x{n}'] * 9)}]" for n in range(9)]
    problems = read_record("\n".join(lines).encode(), "bomb").problems
    assert [problem.place for problem in problems] == ["bomb:3"]
    assert "an alias (*x0)" in problems[0].what


def test_a_file_that_is_not_there_is_a_problem_and_no_error(tmp_path: Path) -> None:
    assert "No such file" in read_record_file(tmp_path / "none.yaml").problems[0].what


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    record = read_record(data)
    assert record.problems or record.events or not record.expect or record.expect


@given(st.text(alphabet="abc:-[]{}&*!'\"\n \t#?0.", max_size=120))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for problem in read_record(text.encode()).problems:
        assert problem.place
        assert problem.what
        assert problem.remedy


TAUGHT = """id: p
events:
  - {kind: visit, day: 2016-01-01}
teaching:
  - day: 2016-02-29
    ask: Which drug?
    choices: [imatinib, none]
    answer: imatinib
    expect: {facts: {line_of_therapy: 0}}
    reason: It is so.
    rows: [therapy/guards#BRAF-1]
"""


def test_the_questions_of_a_teaching_case_are_read_and_written_back() -> None:
    record = read_record(TAUGHT.encode(), "case.yaml")
    assert record.problems == ()
    question = record.teaching[0]
    assert question.answer == ("imatinib",)
    assert question.rows == ("therapy/guards#BRAF-1",)
    assert question.expect == {"facts": {"line_of_therapy": "0"}}
    assert read_record(write_record(record).encode()) == record
    assert "teaching" not in write_record(read_record(GOOD.encode()))


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ("2016-02-29", "2016-02-30", "'2016-02-30' is not one day"),
        ("2016-02-29", "2016-02", "'2016-02' is not one day"),
        ("answer: imatinib", "answer: sunitinib", "'sunitinib' is none of the choices"),
        ("[imatinib, none]", "[imatinib, imatinib]", "fewer than two different choices"),
        ("    reason: It is so.\n", "", "a question without its reason"),
        ("reason:", "raeson:", "unknown key 'raeson'"),
        ("    rows: [therapy/guards#BRAF-1]\n", "", "a question without its rows"),
        ("    answer: imatinib\n", "", "a question without its answer"),
    ],
)
def test_a_question_in_a_wrong_form_is_named_and_kept(
    written: str, instead: str, named: str
) -> None:
    text = TAUGHT.replace(written, instead)
    record = read_record(text.encode(), "case.yaml")
    assert any(named in str(problem) for problem in record.problems)
    assert all("case.yaml:" in problem.place for problem in record.problems)
    assert read_record(write_record(record).encode()).teaching == record.teaching


@pytest.mark.parametrize(
    "part", ["teaching: soon\n", "teaching:\n  - soon\n", "teaching: {a: b}\n"]
)
def test_what_is_no_list_of_questions_is_a_problem_and_kept(part: str) -> None:
    record = read_record(("id: p\n" + part).encode(), "case.yaml")
    assert record.problems
    again = read_record(write_record(record).encode(), "case.yaml")
    assert again == record
