"""What a specimen shows belongs to its operation: two operations never contradict one another."""

import pytest

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members
from stromal.facts.record import read_record
from stromal.facts.timeline import Folded, as_of

MARGINS, SPECIMENS = ("R0", "R1", "R2"), ("resection", "resection of metastasis", "core biopsy")
EXTENTS = ("localised", "recurrent")
TERMS = {
    "margin": Term(
        "margin", "choice", Choices.of(*MARGINS), values=MARGINS, of="operation",
        precedence=("resection", "pathology"),
    ),
    "specimen": Term(
        "specimen", "choice", Choices.of(*SPECIMENS), values=SPECIMENS, of="operation",
        reducer="latest",
    ),
    "disease_extent": Term(
        "disease_extent", "choice", Choices.of(*EXTENTS), values=EXTENTS, reducer="latest"
    ),
    "signs": Term(
        "signs", "members", Members(frozenset(), frozenset(("bleeding",))), values=("bleeding",),
        reducer="latest", ends="operation",
    ),
}  # fmt: skip


def fold(*events: str) -> Folded:
    body = "\n".join(f"  - {{{event}}}" for event in events)
    record = read_record(f"id: patient\nevents:\n{body}\n".encode())
    assert not record.problems
    return as_of(record, TERMS, None)


def margin(*events: str) -> str:
    found = fold(*events)
    return str(found.facts["margin"].possible) + ("!" if found.conflicts else "")


FIRST = "kind: resection, day: 2010-02-01, facts: {specimen: resection, margin: R1}"
REPORT = "kind: pathology, day: 2010-02-08, facts: {margin: R1}"
AGAIN = "kind: resection, day: 2010-05-01, facts: {margin: R0}"
BACK = "kind: imaging, day: 2014-01-01, facts: {disease_extent: recurrent}"
RELAPSE = "kind: resection, day: 2014-03-01, facts: {specimen: resection, margin: R2}"
METASTASIS = (
    "kind: resection, day: 2013-03-01, facts: {specimen: resection of metastasis, margin: R2}"
)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ((FIRST, REPORT), "R1"),
        ((FIRST, REPORT, AGAIN), "R0"),  # the last removal of the primary counts
        ((AGAIN, REPORT, FIRST), "R0"),  # whatever the order of the file
        ((FIRST, METASTASIS), "R1"),
        ((FIRST, BACK, RELAPSE), "R1"),
        ((METASTASIS,), "R2"),  # nothing else tells it
        ((FIRST, "kind: resection, day: 2010-05-01, facts: {specimen: resection}"), "R1"),
        ((FIRST, REPORT.replace("R1", "R0")), "R1!"),  # one operation and its report
        ((FIRST, AGAIN, "kind: pathology, day: 2010-05-03, facts: {margin: R1}"), "R0!"),
        ((FIRST.replace(" day: 2010-02-01,", ""), AGAIN), "R0 or R1!"),  # which is the last?
        ((REPORT, REPORT.replace("R1", "R0")), "R0 or R1!"),  # reports without an operation
    ],
)
def test_a_margin_is_that_of_the_last_removal_of_the_primary(
    events: tuple[str, ...], found: str
) -> None:
    assert margin(*events) == found


def test_a_biopsy_of_the_relapse_does_not_become_the_specimen_of_the_primary() -> None:
    biopsy = "kind: biopsy, day: 2014-02-01, facts: {specimen: core biopsy}"
    assert fold(FIRST, BACK, biopsy).facts["specimen"].possible == Choices.of("resection")
    assert fold(biopsy).facts["specimen"].possible == Choices.of("core biopsy")


def test_the_report_of_a_biopsy_is_not_held_against_the_operation_before() -> None:
    biopsy = "kind: biopsy, day: 2014-02-01"
    report = "kind: pathology, day: 2014-02-05, facts: {specimen: core biopsy}"
    assert fold(FIRST, biopsy, report).facts["specimen"].possible == Choices.of("resection")


@pytest.mark.parametrize(
    ("found_on", "conflicts", "left"),
    [
        ("2010-02-01", 0, ()),  # found and ended on one day: the operation came after it
        ("2010-02-02", 0, ("bleeding",)),  # it bleeds again
        ("2010-02", 1, ("bleeding",)),  # before or after?
    ],
)
def test_on_its_day_an_operation_ends_what_was_found_before_it(
    found_on: str, conflicts: int, left: tuple[str, ...]
) -> None:
    bleeds = f"kind: visit, day: {found_on}, facts: {{signs: [bleeding]}}"
    found = fold(bleeds, "kind: resection, day: 2010-02-01, facts: {signs: []}")
    possible = found.facts["signs"].possible
    assert isinstance(possible, Members)
    assert (len(found.conflicts), tuple(possible.possible)) == (conflicts, left)
