"""A published kind of course, typed late in the evening: liver metastases, imatinib, sunitinib.

Sizes, densities and days are invented; each slip is one that a tired person makes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.terminal import Ran, stromal

COURSE = """\
id: liver-58m
facts: {sex: male, age: 58, cd117: positive, dog1: positive}
events:
  - kind: imaging
    day: 2023-02-06
    modality: CT
    phase: portal venous
    slice_thickness: 5 mm
    facts: {disease_extent: recurrent, metastasis_sites: [liver]}
    lesions:
      - {name: liver seg 7, organ: liver, size: 4.2 cm, density: 68 HU}
      - {name: liver seg 4, organ: liver, size: 31 mm, density: 72 HU}
  - {kind: drug start, day: 2023-02-20, drug: Glivec, dose: 400 mg daily, purpose: advanced}
  - kind: imaging
    day: 2023-05-08
    modality: CT
    lesions:
      - {name: liver seg 7, size: 28 mm, density: 40 HU}
      - {name: liver seg 4, size: 20 mm, density: 41 HU}
    new_lesions: no
  - {kind: drug stop, day: 2025-03-17, drug: imatinib, because: progression}
  - {kind: drug start, day: 2025-03-24, drug: Sutent, dose: 37.5 mg daily, purpose: advanced}
  - {kind: visit, day: 2025-04-21, values: {BP: 168/104 mmHg}}
"""


def run(tmp_path: Path, command: str, text: str, *more: str) -> Ran:
    path = tmp_path / "liver-58m.yaml"
    path.write_text(text, encoding="utf-8")
    ran = stromal(command, path, *more, knowledge=None)
    assert ran.code in (0, 1), ran.err
    return ran


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_course_as_it_should_be_is_read_without_a_question(tmp_path: Path) -> None:
    ran = run(tmp_path, "response", COURSE)
    assert ran.code == 0
    assert "2023-05-08 48 -34.2 %" in re.sub(" +", " ", ran.out)
    assert "imatinib (advanced), 2023-02-20 to 2025-03-17" in words(ran.out)


def test_new_lesions_no_is_none(tmp_path: Path) -> None:
    ran = run(tmp_path, "response", COURSE)
    assert "new lesions are not spoken of" not in words(ran.out)


@pytest.mark.parametrize("size", ["31", "3,1 cm", "31 x 20 mm"])
def test_a_size_that_cannot_be_read_makes_no_response_of_the_others(
    size: str, tmp_path: Path
) -> None:
    ran = run(tmp_path, "response", COURSE.replace("size: 31 mm", f"size: '{size}'"))
    text = words(ran.out)
    assert ran.code == 1
    assert "not judged: the size of liver seg 4 on 2023-02-06 cannot be read" in text
    assert "liver-58m.yaml:12, event 1, lesions 2" in text
    assert "-33.3 %" not in text
    assert "best, RECIST 1.1 PR" not in text


def test_a_name_that_changed_leads_to_the_name_that_is_meant(tmp_path: Path) -> None:
    second = "{name: liver seg 7, size: 28 mm"
    ran = run(tmp_path, "response", COURSE.replace(second, "{name: liver segment 7, size: 28 mm"))
    assert "did you mean 'liver seg 7'?" in words(ran.out)


def test_a_pressure_without_its_unit_is_asked_about_with_the_unit(tmp_path: Path) -> None:
    ran = run(tmp_path, "monitor", COURSE.replace("168/104 mmHg", "168/104"))
    assert "write '168/104 mmHg' if that is meant" in words(ran.out + ran.err)


def test_a_drug_that_nobody_stopped_is_asked_about_when_the_next_begins(tmp_path: Path) -> None:
    lines = [line for line in COURSE.splitlines() if "drug stop" not in line]
    ran = run(tmp_path, "monitor", "\n".join(lines) + "\n")
    text = words(ran.out + ran.err)
    assert ran.code == 1
    assert "sunitinib begins, but imatinib (since 2023-02-20) has no stop" in text
    assert "add a 'drug stop' of imatinib" in text


def test_a_drug_that_was_stopped_is_not_asked_about(tmp_path: Path) -> None:
    ran = run(tmp_path, "monitor", COURSE)
    assert "has no stop" not in words(ran.out + ran.err)


def test_two_drugs_that_are_one_treatment_are_not_asked_about(tmp_path: Path) -> None:
    pair = "".join(
        f"  - {{kind: drug start, day: 2026-01-0{day}, drug: {drug}, purpose: advanced}}\n"
        for day, drug in ((1, "Tafinlar"), (2, "Mekinist"))
    )
    stop = "  - {kind: drug stop, day: 2025-12-30, drug: sunitinib}\n"
    ran = run(tmp_path, "monitor", COURSE + stop + pair)
    assert "has no stop" not in words(ran.out + ran.err)


def test_no_question_about_the_record_is_hidden_on_the_page_of_the_plan(tmp_path: Path) -> None:
    visit = "  - {{kind: visit, day: 2025-05-0{0}, facts: {{wrong{0}: 1}}}}\n"
    wrong = "".join(visit.format(number) for number in range(1, 9))
    ran = run(tmp_path, "plan", COURSE + wrong)
    for number in range(1, 9):
        assert f"unknown fact 'wrong{number}'" in words(ran.out)


def test_the_plan_asks_about_a_drug_that_nobody_stopped(tmp_path: Path) -> None:
    lines = [line for line in COURSE.splitlines() if "drug stop" not in line]
    ran = run(tmp_path, "plan", "\n".join(lines) + "\n")
    assert "sunitinib begins, but imatinib (since 2023-02-20) has no stop" in words(ran.out)


@pytest.mark.parametrize("term", ["'?'", "fever or infection"])
@pytest.mark.parametrize("command", ["plan", "monitor"])
def test_a_side_effect_that_is_not_one_is_asked_about(
    command: str, term: str, tmp_path: Path
) -> None:
    event = f"  - {{kind: adverse event, day: 2025-05-02, term: {term}, grade: 3, ctcae: 5}}\n"
    ran = run(tmp_path, command, COURSE + event, *(["--all"] if command == "plan" else []))
    assert "is not one side effect" in words(ran.out + ran.err)
