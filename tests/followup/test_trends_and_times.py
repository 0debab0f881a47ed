"""Trends of values over days, and how often something came."""

from __future__ import annotations

import datetime
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.followup.episodes import Met, times
from stromal.followup.trends import Point, trend

FIRST = datetime.date(2025, 1, 1)


def points(*pairs: tuple[int, int]) -> list[Point]:
    return [Point(FIRST + datetime.timedelta(days=day), Fraction(value)) for day, value in pairs]


def test_the_change_is_since_the_value_before_and_since_the_baseline() -> None:
    found = trend(points((0, 100), (10, 80), (20, 90)), Fraction(100))
    assert found is not None
    assert (found.since_last, found.days_since_last, found.since_baseline) == (10, 10, -10)
    assert (found.direction, found.number, found.days) == ("rising", 3, 20)


def test_the_slope_of_a_straight_line_is_its_own() -> None:
    found = trend(points((0, 5), (3, 11), (10, 25)), None)
    assert found is not None
    assert (found.slope, found.since_baseline) == (2, None)


@pytest.mark.parametrize("several", [((0, 5),), ((4, 5), (4, 7))])
def test_values_of_one_day_have_no_slope(several: tuple[tuple[int, int], ...]) -> None:
    found = trend(points(*several), None)
    assert found is not None
    assert found.slope is None


def test_without_a_value_there_is_no_trend() -> None:
    assert trend([], Fraction(1)) is None


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 500)), min_size=2, max_size=8,
                unique_by=lambda pair: pair[0]), st.integers(-50, 50))  # fmt: skip
def test_a_shift_of_all_values_changes_no_slope(pairs, shift) -> None:
    one, other = (
        trend(points(*pairs), None),
        trend(points(*((d, v + shift) for d, v in pairs)), None),
    )
    assert one is not None
    assert other is not None
    assert (one.slope, one.since_last) == (other.slope, other.since_last)


@given(st.lists(st.sampled_from(list(Met)), max_size=7))
def test_the_times_are_the_least_and_most_over_all_that_may_be(findings) -> None:
    """Against counting each completion of the open findings."""
    open_places = [place for place, met in enumerate(findings) if met is Met.MAYBE]
    seen: list[set[int]] = [set() for _ in findings]
    for answers in product((Met.YES, Met.NO), repeat=len(open_places)):
        whole = list(findings)
        for place, answer in zip(open_places, answers, strict=True):
            whole[place] = answer
        number, inside = 0, False
        for place, met in enumerate(whole):
            number += met is Met.YES and not inside
            inside = met is Met.YES
            if inside:
                seen[place].add(number)
    expected = [(min(one), max(one)) if one else None for one in seen]
    assert times(findings) == expected
