"""The reason of a stop comes from a list, so that 'failed' never has to be guessed from words."""

import pytest

from stromal.facts.ending import REASONS, reasons
from stromal.facts.record import read_record


def read(kind: str, because: str) -> list[str]:
    event = f"kind: {kind}, day: 2020-01-01, drug: imatinib, dose: 400 mg daily, because: {because}"
    if kind == "drug stop":
        event = event.replace("dose: 400 mg daily, ", "")
    record = read_record(f"id: patient\nevents:\n  - {{{event}}}\n".encode())
    return [f"{problem.what} -> {problem.remedy}" for problem in record.problems]


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("kind", ["drug stop", "dose change"])
def test_a_reason_of_the_list_is_read(kind: str, reason: str) -> None:
    assert not read(kind, f'"{reason}"')
    assert reasons({"because": reason}) == {reason}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("relapse", "progression"), ("Focal progression", "progression"),
        ("side effects", "not tolerated"), ("completed", "planned end"), ("surgery", "operation"),
        ("not funded", "cost or access"), ("pregnant", "pregnancy"),
    ],
)  # fmt: skip
def test_what_people_write_is_read_as_the_word_of_the_list(written: str, meant: str) -> None:
    assert reasons({"because": written}) == {meant}


@pytest.mark.parametrize("kind", ["drug stop", "dose change"])
def test_another_reason_is_refused_with_the_list_and_a_place_for_the_rest(kind: str) -> None:
    (problem,) = read(kind, "three years are over")
    assert "'three years are over' is no value of because" in problem
    assert "write one of progression, not tolerated, planned end" in problem
    assert "words:" in problem


def test_a_reason_that_is_missing_or_unknown_leaves_all_open() -> None:
    every = frozenset(REASONS)
    assert reasons({}) == reasons({"because": "?"}) == reasons({"because": "no idea"}) == every


def test_two_reasons_may_both_be_possible() -> None:
    both = reasons({"because": "progression or not tolerated"})
    assert both == {"progression", "not tolerated"}
