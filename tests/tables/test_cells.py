"""A cell says of a set of possible values whether it may fit and whether it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import Choices, Members, Numbers, completions
from stromal.tables.cell import CellError, covers, overlaps, read_cell
from tables.small import TERMS

SIZE, SITE, FINDINGS = TERMS["tumour_size"], TERMS["tumour_site"], TERMS["rupture_findings"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("<= 5", (0.1, 5), (5.1,)),
        ("< 5", (4.9,), (5,)),
        ("> 5", (5.1,), (5,)),
        (">= 5", (5,), (4.9,)),
        ("7", (7,), (6.9, 7.1)),
        ("(5..10]", (5.1, 10), (5, 10.1)),
        ("[5..10)", (5, 9.9), (10,)),
        ("]5..10[", (5.1, 9.9), (5, 10)),
        ("<2, >9", (1, 10), (2, 9)),
        ("not(<= 5)", (5.1,), (5,)),
        ("not((5..10])", (5, 10.1), (5.1, 10)),
    ],
)
def test_borders_belong_where_the_sign_says(
    text: str, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    cell = read_cell(text, SIZE)
    assert all(covers(Numbers.exactly(number), cell) for number in inside)
    assert not any(overlaps(Numbers.exactly(number), cell) for number in outside)


def test_a_range_across_a_border_may_fit_but_need_not() -> None:
    cell = read_cell("<= 5", SIZE)
    five_to_six = Numbers.between(5, 6)
    assert overlaps(five_to_six, cell)
    assert not covers(five_to_six, cell)


def test_a_conflict_may_fit_either_side() -> None:
    cell = read_cell("(2..5]", SIZE)
    two_reports = Numbers.exactly(1).union(Numbers.exactly(9))
    assert not overlaps(two_reports, cell)
    assert covers(two_reports, read_cell("not((2..5])", SIZE))


def test_choices_are_named_or_excluded() -> None:
    assert covers(Choices.of("ileum"), read_cell('not("stomach")', SITE))
    assert overlaps(Choices.of("ileum", "stomach"), read_cell('"stomach"', SITE))
    assert not covers(Choices.of("ileum", "stomach"), read_cell('"stomach"', SITE))


@pytest.mark.parametrize(
    "text", ["stomach", '"gut"', '"stomach" "ileum"', '"stomach","stomach"', "", 'any("x")']
)
def test_a_cell_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_cell(text, SITE)


def _members() -> st.SearchStrategy[Members]:
    states = st.lists(st.sampled_from(["yes", "no", "open"]), min_size=3, max_size=3)
    return states.map(
        lambda s: Members(
            frozenset(v for v, x in zip(FINDINGS.values, s, strict=True) if x == "yes"),
            frozenset(v for v, x in zip(FINDINGS.values, s, strict=True) if x != "no"),
        )
    )


CONDITIONS = [
    'any("perforation","spillage")',
    'none("perforation")',
    'any("perforation") and none("spillage")',
    'any("perforation","spillage") and any("mucosal defect")',
    'none("perforation","spillage") and any("mucosal defect")',
]


@given(_members(), st.sampled_from(CONDITIONS))
def test_open_findings_fit_as_their_completions_do(possible: Members, text: str) -> None:
    cell = read_cell(text, FINDINGS)
    each = [overlaps(Members.exactly(c), cell) for c in completions(possible)]
    assert overlaps(possible, cell) == any(each)
    assert covers(possible, cell) == all(each)
