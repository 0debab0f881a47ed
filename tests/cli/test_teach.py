"""`stromal teach`: nothing of a later day is shown, answers are graded, wrong teaching is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cli.terminal import Ran, stromal
from stromal.cli.teach import FOLDERS

CASE = """\
id: a-course
title: The title tells the end
source: "Some Journal 2020;1:1"
events:
  - {id: seen, kind: imaging, day: 2013-01-05, facts: {disease_extent: metastatic}}
  - {id: first, kind: drug start, day: 2013-02-05, drug: imatinib, purpose: advanced}
  - id: gene
    kind: molecular test
    day: 2016-02
    words: read very late
    facts: {molecular_findings: "BRAF p.V600E"}
teaching:
  - day: 2013-01-31
    ask: What is done before the first tablet?
    choices: [Nothing, A gene test, A blood count]
    answer: A gene test
    expect: {facts: {genotype: "?"}, possible_guards: therapy/guards#BRAF-1}
    reason: The gene decides.
    rows: [therapy/guards#BRAF-1]
  - day: 2016-02-29
    topic: other drivers
    ask: Which two hold now?
    choices: [Imatinib is struck out, The line is the first, The line is the fourth]
    answer: [Imatinib is struck out, The line is the first]
    expect: {facts: {line_of_therapy: 1}, guards: therapy/guards#BRAF-1}
    reason: BRAF drives it.
    rows: [therapy/guards#BRAF-1]
why: Made up.
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "cases" / "a-course.yaml"
    path.parent.mkdir()
    path.write_text(CASE, "utf-8")
    return path


def teach(*words: str | Path, typed: str = "") -> Ran:
    return stromal("teach", *words, typed=typed, knowledge=None)


def told(ran: Ran) -> str:
    """What was written, wherever the lines were broken."""
    return " ".join(ran.out.split())


def test_the_list_counts_cases_questions_and_length(case: Path) -> None:
    data = teach("--cases", case.parent, "--list", "--json").data
    assert (data["count"], data["questions"], data["long"]) == (1, 2, 0)
    assert data["cases"][0]["length"]["events"] == 3
    assert data["cases"][0]["topics"] == ["drug treatment", "other drivers"]
    assert "3 dated events over 3.1 years, 2 questions" in told(teach("--cases", case.parent))


def test_a_student_sees_nothing_of_a_later_day_before_the_answer(case: Path) -> None:
    ran = teach(case, typed="")
    assert ran.code == 0
    assert "disease extent: metastatic" in ran.out
    for later in ("imatinib", "read very late", "The title tells the end", "2016"):
        assert later not in ran.out
    assert "0 of 2 right" in ran.out


def test_answers_are_judged_with_reason_row_and_source_and_graded_by_topic(case: Path) -> None:
    ran = teach(case, typed="3\n1, 3\n")
    assert ran.code == 0
    assert "Not right. It is: A gene test" in ran.out
    assert "The gene decides." in ran.out
    assert "therapy/guards, row BRAF-1" in ran.out
    assert "Right.\n" in ran.out
    assert "1 of 2 right" in ran.out
    assert "The title tells the end" in ran.out
    assert "drug treatment                    0 of 1" in ran.out


def test_half_of_an_answer_is_not_right(case: Path) -> None:
    assert teach(case, "--json", typed="2\n1\n").data["grade"]["right"] == 1


def test_what_is_no_choice_is_asked_again(case: Path) -> None:
    ran = teach(case, typed="7\nperhaps\n2\n1 and 3\n")
    assert "'7' is no number of a choice" in ran.out
    assert "2 of 2 right" in ran.out


def test_a_lesson_is_saved_stopped_and_gone_on_with(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    first = teach(case, "--name", "Li", typed=f"2\nsave {file}\nstop\n")
    assert "1 of 2 right" in first.out
    assert "a-course,Li,1,2" in file.read_text("utf-8")
    again = teach(case, "--go-on", file, typed=f"1, 3\nsave {file}\n")
    assert "Question 1 of 2" not in again.out
    assert "2 of 2 right" in again.out
    assert "the file exists" in told(teach(case, typed=f"save {file}\n"))


def test_a_class_is_graded_from_a_file(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    file.write_text(
        "case,student,question,choice\na-course,A,1,2\na-course,A,2,1;3\na-course,B,1,1\n", "utf-8"
    )
    grades = teach(case, "--answers", file, "--json").data["grades"]
    assert [(g["student"], g["right"], g["wrong"], g["unanswered"]) for g in grades] == [
        ("A", 2, [], []),
        ("B", 0, [1], [2]),
    ]
    assert "1: 1/2, 2: 1/2" in teach(case, "--answers", file).out


@pytest.mark.parametrize(
    ("line", "place", "what"),
    [
        ("other,A,1,2", ":2, case", "no teaching case 'other'"),
        ("a-course,A,3,2", ":2, question", "no question '3'"),
        ("a-course,A,1,4", ":2, choice", "'4' is no number of a choice"),
        ("a-course,A,1,1\na-course,A,1,2", ":3, question", "answered twice"),
    ],
)
def test_a_wrong_line_of_answers_is_named_and_the_rest_counts(
    case: Path, tmp_path: Path, line: str, place: str, what: str
) -> None:
    file = tmp_path / "class.csv"
    file.write_text(f"case,student,question,choice\n{line}\na-course,Z,1,2\n", "utf-8")
    ran = teach(case, "--answers", file, "--json")
    assert ran.code == 1
    assert ran.data["problems"][0]["place"].endswith(place)
    assert what in ran.data["problems"][0]["what"]
    assert ran.data["grades"][-1]["right"] == 1


def test_a_file_of_answers_without_its_columns_is_refused(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    file.write_text("who,what\n", "utf-8")
    ran = teach(case, "--answers", file)
    assert ran.code == 1
    assert "no column case, student, question, choice" in told(ran)


def test_the_sheet_has_no_answers_and_the_key_has_them(case: Path) -> None:
    sheet, key = teach(case, "--print").out, teach(case, "--key").out
    assert "Which two hold now?" in sheet
    for secret in ("BRAF drives it", "Answer:", "The title tells the end"):
        assert secret not in sheet
        assert secret in key
    assert "answer" not in str(teach(case, "--print", "--json").data)


def test_teaching_that_the_rules_do_not_hold_is_said(case: Path) -> None:
    case.write_text(CASE.replace("line_of_therapy: 1}", "line_of_therapy: 4}"), "utf-8")
    ran = teach(case, typed="2\n1, 3\n")
    assert ran.code == 1
    assert "expected 4, found 1" in told(ran)
    checked = teach(case, "--check", "--json")
    assert checked.code == 1
    assert [wrong["name"] for wrong in checked.data["wrong"]] == ["facts, line_of_therapy"]


def test_a_case_that_does_not_exist_or_asks_nothing_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text("id: bare\nfacts: {sex: male}\n", "utf-8")
    assert "no questions in this case" in teach("bare", "--cases", tmp_path).err
    assert "did you mean bare" in teach("bars", "--cases", tmp_path).err
    assert teach("--cases", tmp_path / "none").code == 1


@pytest.mark.parametrize("words", [("--print",), ("--key",), ("--go-on", "mine.csv")])
def test_a_sheet_or_a_lesson_without_a_case_is_wrong_usage(words: tuple[str, ...]) -> None:
    ran = teach(*words)
    assert ran.code == 2
    assert f"{words[0]} needs a CASE" in ran.err


def test_an_installed_stromal_brings_its_teaching_cases() -> None:
    root = Path(__file__).resolve().parents[2]
    built = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    forced = built["targets"]["wheel"]["force-include"]
    assert root / "src" / forced["cases/long"] == FOLDERS[0]
    assert root / "cases" / "long" == FOLDERS[1]
