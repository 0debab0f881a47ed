"""Every worked patient of cases/ gets the answers that the printed sources give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stromal.facts.record import read_record, read_record_file
from stromal.library import Library, load
from stromal.plan.exam.cases import check_case, notices
from stromal.plan.exam.teaching import check_teaching
from stromal.tables.chain import Network

CASES = sorted((Path(__file__).resolve().parent.parent / "cases").glob("*/*.yaml"))
LEAST_CASES, LEAST_ANSWERS = 1000, 8000


@pytest.fixture(scope="module")
def library() -> Library:
    """The whole knowledge, read once."""
    return load()


@pytest.fixture(scope="module")
def network(library: Library) -> Network:
    """The newest edition of every table."""
    return library.at(None)


@pytest.fixture(scope="module")
def counted() -> dict[str, int]:
    """How many answers each case checked."""
    return {}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_worked_patient_gets_the_expected_answers(
    path: Path, library: Library, network: Network, counted: dict[str, int]
) -> None:
    record = read_record_file(path)
    assert record.id == path.stem
    assert all((record.source, record.title, record.why)), "a case says whence and why"
    answers = [*check_case(library, record, network), *check_teaching(library, record, network)]
    counted[f"{path.parent.name}/{path.stem}"] = len(answers)
    wrong = [f"{a.place}: {a.name}: expected {a.expected}, found {a.found}"
             for a in answers if not a.ok]  # fmt: skip
    assert answers
    assert not wrong, "\n".join(wrong)


def test_the_exam_has_as_many_answers_as_it_says(
    counted: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    if len(counted) < len(CASES):
        pytest.skip("only some of the cases were run")
    with capsys.disabled():
        print(f"\n{len(counted)} worked patients, {sum(counted.values())} checked answers")
    assert sum(counted.values()) >= LEAST_ANSWERS


def test_the_exam_has_as_many_cases_as_it_says() -> None:
    assert len(CASES) >= LEAST_CASES


def test_no_two_cases_have_one_name() -> None:
    names = [path.stem for path in CASES]
    assert len(set(names)) == len(names)


def test_a_case_notices_a_changed_outcome_and_is_silent_on_an_unchanged_table(
    library: Library,
) -> None:
    record = read_record_file(CASES[0].parent.parent / "published" / "duodenum-29m.yaml")
    in_cases = notices(library, [record])
    table = library.compiled["nature/nih-2002"].table
    wrong = tuple(
        replace(row, outputs={**row.outputs, "nih_2002_risk": "high"}) for row in table.rows
    )
    assert in_cases(replace(table, rows=wrong))
    assert not in_cases(table)


def test_a_wrong_expectation_is_a_wrong_answer_with_its_place(library: Library) -> None:
    text = (
        b"facts: {tumour_size: 2.5 cm}\nexpect: {tnm_t: T3, no_such: x, facts: {tumour_size: 3 cm}}"
    )
    answers = check_case(library, read_record(text, "made-up.yaml"))
    assert [(a.name, a.found, a.ok) for a in answers] == [
        ("tnm_t", "T2", False),
        ("no_such", "no such decision", False),
        ("facts, tumour_size", "2.5 cm", False),
    ]
    assert all(a.place == "made-up.yaml, expect" for a in answers)


SIDE_EFFECTS = """\
facts: {sex: male}
events:
  - {id: seen, kind: imaging, day: 2017-01-02, facts: {disease_extent: metastatic}}
  - id: third
    kind: drug start
    day: 2017-03-13
    drug: regorafenib
    dose: 160 mg daily
    purpose: advanced
  - id: hands
    kind: adverse event
    day: 2017-04-03
    drug: regorafenib
    term: hand-foot skin reaction
    grade: 2
    occurrence: 1
  - {id: infection, kind: visit, day: 2017-05-02, facts: {co_medications: rifampicin}}
expect:
  side_effects: {hands: {row: REG-D01, next_dose: 80 mg once daily}, feet: {action: hold}}
  interactions: [drugs/imatinib/interactions#IMA-F19]
  days:
    2017-02-01: {setting: advanced, options: {continue the present drug: offered}, no_such: x}
"""


def test_the_steps_of_labels_and_earlier_days_are_checked_and_wrong_ones_noticed(
    library: Library,
) -> None:
    answers = check_case(library, read_record(SIDE_EFFECTS.encode(), "made-up.yaml"))
    assert [(a.name, a.found) for a in answers if a.name.startswith("side")] == [
        ("side_effects, hands, row", "REG-D01"),
        ("side_effects, hands, next_dose", "120 mg once daily"),
        ("side_effects, feet, action", "nothing"),
    ]
    wrong = {a.name: a.found for a in answers if not a.ok}
    assert "drugs/regorafenib/interactions#" in wrong["interactions"]
    assert "2017-02-01, options, continue the present drug" in wrong
    assert wrong["2017-02-01, no_such"] == "no such decision"
    assert "2017-02-01, setting" not in wrong
