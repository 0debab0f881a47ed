"""A tumour that grows is no contradiction: the newest look before drug and operation counts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.dictionary import Term
from stromal.facts.possible import Numbers
from stromal.facts.record import read_record
from stromal.facts.timeline import Folded, as_of

WIDTH = Numbers.between(0, 60)
TERMS = {
    "tumour_size": Term(
        "tumour_size", "number", WIDTH, unit="cm", of="operation",
        precedence=("resection", "pathology", "biopsy", "endoscopy", "imaging"),
    ),
    "size_on_imaging": Term(
        "size_on_imaging", "number", WIDTH, unit="cm", reducer="latest", looks="tumour_size"
    ),
}  # fmt: skip
LITTLE = "kind: endoscopy, day: 2016-10-03, facts: {tumour_size: 15 mm}"
LARGE = "kind: imaging, day: 2021-12-13, facts: {size_on_imaging: 95 mm}"
DRUG = "kind: drug start, day: 2022-01-11, drug: imatinib"
SMALLER = "kind: imaging, day: 2022-07-11, facts: {tumour_size: 50 mm}"
REMOVED = "kind: resection, day: 2022-08-01, facts: {tumour_size: 48 mm}"


def fold(*events: str) -> Folded:
    body = "\n".join(f"  - {{{event}}}" for event in events)
    record = read_record(f"id: patient\nevents:\n{body}\n".encode())
    assert not record.problems
    return as_of(record, TERMS, None)


def size(*events: str) -> str:
    found = fold(*events)
    conflict = any(one.name == "tumour_size" for one in found.conflicts)
    return str(found.facts["tumour_size"].possible) + ("!" if conflict else "")


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ((LITTLE,), "1.5"),
        ((LITTLE, LARGE), "9.5"),  # it grew; the better instrument of long ago does not outrank it
        ((LARGE, LITTLE), "9.5"),  # whatever the order of the file
        ((LITTLE, LARGE, DRUG, SMALLER), "9.5"),  # the drug made it smaller
        ((LITTLE, LARGE, REMOVED), "4.8"),  # the specimen counts
        ((LITTLE, LARGE, DRUG, REMOVED), "4.8"),
        ((LARGE.replace("on_imaging", "x").replace("size_x", "tumour_size"), REMOVED), "4.8!"),
        ((DRUG, SMALLER), "5"),  # nothing was measured before the drug
        ((LITTLE, LITTLE.replace("endoscopy", "imaging").replace("15", "19")), "1.5!"),  # one day
        ((LITTLE.replace("2016", "2023"), LARGE), "1.5 or 9.5!"),  # nothing shrinks untreated
        ((LITTLE.replace("day: 2016-10-03, ", ""), LARGE), "1.5!"),  # when was that?
        ((LARGE, "kind: history, day: 2021-12-20, facts: {last_drug: imatinib}", SMALLER), "9.5"),
    ],
)
def test_the_newest_look_before_drug_and_operation_counts(
    events: tuple[str, ...], found: str
) -> None:
    assert size(*events) == found


def test_older_looks_and_looks_under_a_drug_are_told_with_their_method() -> None:
    assert fold(LITTLE, LARGE, DRUG, SMALLER).remarks == (
        "tumour size: 95 mm (imaging, 2021-12-13) counts; before: 15 mm (endoscopy, 2016-10-03); "
        "they were measured by another method",
        "tumour size: 50 mm (imaging, 2022-07-11) was measured after a drug was begun; "
        "the look before it counts",
    )


def test_a_look_under_a_drug_stays_the_size_on_the_latest_image() -> None:
    found = fold(LITTLE, LARGE, DRUG, SMALLER)
    assert str(found.facts["size_on_imaging"].possible) == "5"


@given(st.lists(st.integers(1, 300), min_size=1, max_size=5, unique=True), st.randoms())
def test_of_a_growing_tumour_the_last_measurement_counts_and_nothing_contradicts(
    widths: list[int], random: object
) -> None:
    kinds = itertools.cycle(("imaging", "endoscopy", "biopsy"))
    names = itertools.cycle(("tumour_size", "size_on_imaging", "tumour_size"))
    events = [
        f"kind: {kind}, day: {2000 + year}-01-01, facts: {{{name}: {width} mm}}"
        for year, (width, kind, name) in enumerate(zip(sorted(widths), kinds, names, strict=False))
    ]
    random.shuffle(events)  # type: ignore[attr-defined]
    found = fold(*events)
    assert found.facts["tumour_size"].possible == Numbers.exactly(max(widths) / 10)
    assert not found.conflicts
