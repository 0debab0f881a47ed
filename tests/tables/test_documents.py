"""What is wrong in a document is said with its place and its remedy, and nothing else is said."""

from __future__ import annotations

import pytest

from tables.small import GOOD, HEAD, ROWS, faults


def test_a_good_document_has_no_faults() -> None:
    assert faults(GOOD) == []


BAD = {
    "a gap": (
        GOOD.replace("| <= 5 |", "| < 5 |"),
        "no row fits tumour_size 5, tumour_site stomach",
    ),
    "an overlap": (GOOD.replace("| > 5 |", "| >= 5 |"), "rows L1 and H1 both fit tumour_size 5"),
    "a dead row": (GOOD.replace("| > 5 |", "| > 100 |"), "row H1 can never fit"),
    "no citation": (
        GOOD.replace("someone-2001, table 1 | full | Low", " | full | Low"),
        "cites nothing",
    ),
    "no words": (GOOD.replace("Low at {tumour_size}.", ""), "has no words"),
    "an unknown status": (GOOD.replace("full | Low", "certain | Low"), "'certain' is no status"),
    "an unknown name": (
        GOOD.replace("| tumour_site |", "| site |"),
        "not a name of the dictionary",
    ),
    "an unknown value": (GOOD.replace('"stomach"', '"gut"'), "tumour_site has no value 'gut'"),
    "a wrong unit": (GOOD.replace("(cm)", "(mm)"), "the dictionary's unit is 'cm'"),
    "a wrong outcome": (
        GOOD.replace("| low | someone", "| lowish | someone"),
        "'lowish' is not an outcome",
    ),
    "a cell that is no test": (
        GOOD.replace("| <= 5 |", "| up to 5 |"),
        "'up to 5' is not a test of a number",
    ),
    "an interval the wrong way round": (GOOD.replace("| <= 5 |", "| (5..1] |"), "holds no number"),
    "an empty cell": (GOOD.replace("| <= 5 |", "|  |"), "the cell is empty"),
    "a row too short": (
        GOOD.replace('| <= 5 | "stomach" |', '| "stomach" |'),
        "the row has 6 cells, the header 7",
    ),
    "no dashes": (GOOD.replace("|---|---|---|---|---|---|---|", ""), "without the line of dashes"),
    "no rows": (HEAD, "no '## Rows' section"),
    "no examples": (HEAD + ROWS, "no example reaches row L1"),
    "a wrong example": (GOOD.replace("| low | L1", "| high | H1"), "expected high, found low"),
    "a wrong row in an example": (
        GOOD.replace("| high | H2", "| high | H1"),
        "expected row H1, found H2",
    ),
    "a broken law": (
        GOOD.replace("| low | someone", "| HIGH | someone")
        .replace('H1 | > 5 | "stomach" | high', 'H1 | > 5 | "stomach" | low')
        .replace("| HIGH |", "| high |"),
        "'rising tumour_size' is broken",
    ),
    "an unknown law": (GOOD.replace("rising tumour_size", "upwards"), "unknown law 'upwards'"),
    "two rows of one id": (GOOD.replace("| H2 |", "| H1 |"), "a second row H1"),
    "no front matter": (ROWS, "no front matter"),
    "front matter without an end": ("---\nid: x\n" + ROWS, "front matter without an end"),
    "a date as an input": (
        GOOD.replace("| tumour_site |", "| day_of_surgery |"),
        "a date cannot be tested",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_told_what_is_wrong_where_and_what_to_do(name: str) -> None:
    text, expected = BAD[name]
    assert text != GOOD
    found = [fault for fault in faults(text) if expected in fault]
    assert found, faults(text)
    assert found[0].startswith("nature/small.md:")
    assert found[0].rpartition("; ")[2].strip()


COPIES = """
## Copies

| row | output | first-copy | second-copy |
|---|---|---|---|
| L1 | small_risk | low | high |
"""
DISPUTE = """
## Disputes

| id | row | printed | source | status | words |
|---|---|---|---|---|---|
| D1 | L1 | high | second-copy, table 2 | full | The second copy says high. |
"""


def test_a_printed_copy_that_differs_must_be_declared() -> None:
    assert any(
        "second-copy prints 'high' where row L1 has 'low'" in f for f in faults(GOOD + COPIES)
    )
    assert faults(GOOD + COPIES + DISPUTE) == []


def test_a_dispute_declares_only_the_value_it_names() -> None:
    other = DISPUTE.replace("| high |", "| moderate |")
    assert any("second-copy prints" in fault for fault in faults(GOOD + COPIES + other))
