"""Chance in a count and in a measurement, checked against printed values and exact sums."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import INFINITY, Numbers
from stromal.nature.uncertainty import (
    Prior,
    cells_between,
    joint,
    poisson_limits,
    rate_distribution,
    rate_limits,
    regularised_gamma,
    size_distribution,
)

RATES = Numbers.between(0, INFINITY)
SIZES = Numbers.between(0, INFINITY, low_open=True)


def poisson_at_most(count: int, mean: float) -> float:
    return math.fsum(
        math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)
    )


@given(st.integers(1, 300), st.floats(0.01, 400))
def test_the_incomplete_gamma_function_is_the_poisson_sum(count: int, mean: float) -> None:
    expected = 1 - poisson_at_most(count - 1, mean)
    assert regularised_gamma(count, mean) == pytest.approx(expected, abs=1e-11)


@given(st.floats(0.0001, 25))
def test_for_shape_one_half_it_is_the_error_function(x: float) -> None:
    assert regularised_gamma(0.5, x) == pytest.approx(math.erf(math.sqrt(x)), abs=1e-13)


def test_its_ends_are_nothing_and_all() -> None:
    assert regularised_gamma(3, 0) == 0
    assert regularised_gamma(3, INFINITY) == 1


@given(st.integers(0, 300), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_at_the_exact_limits_each_tail_holds_half_of_what_is_left(count: int, level: float) -> None:
    low, high = poisson_limits(count, level)
    tail = (1 - level) / 2
    assert poisson_at_most(count, high) == pytest.approx(tail, rel=1e-9)
    if count:
        assert 1 - poisson_at_most(count - 1, low) == pytest.approx(tail, rel=1e-6)
    else:
        assert low == 0


def test_limits_are_scaled_with_the_area() -> None:
    assert rate_limits(10, area=10) == pytest.approx([x / 2 for x in poisson_limits(10)])


@pytest.mark.parametrize("count", [-1, math.inf, math.nan])
def test_limits_of_no_count_are_an_error(count: float) -> None:
    with pytest.raises(ValueError, match="no limits"):
        poisson_limits(count)


def test_a_count_of_5_in_5_mm2_lies_on_both_sides_of_5() -> None:
    low, high = cells_between([5], RATES)
    shares = dict(rate_distribution(5, 5, [low, high]))
    assert shares[low] == pytest.approx(0.4696, abs=0.0001)
    assert shares[high] == pytest.approx(0.5304, abs=0.0001)
    # With a flat prior it is P(Poisson(5) > 5), which any table of the Poisson sum gives.
    flat = dict(rate_distribution(5, 5, [low], Prior.FLAT))
    assert flat[low] == pytest.approx(1 - poisson_at_most(5, 5))


def test_a_count_in_a_larger_area_says_more() -> None:
    small = rate_distribution(10, 5, cells_between([5], RATES))
    large = rate_distribution(40, 20, cells_between([5], RATES))
    assert large[0][1] < small[0][1] < 0.1


CUTS = st.lists(st.floats(0.1, 60), max_size=6)


@given(st.integers(0, 200), st.floats(0.5, 20), CUTS, st.sampled_from(Prior))
def test_the_cells_of_a_domain_share_the_whole_probability(
    count: int, area: float, cuts: list[float], prior: Prior
) -> None:
    shares = [
        share for _, share in rate_distribution(count, area, cells_between(cuts, RATES), prior)
    ]
    assert math.fsum(shares) == pytest.approx(1, abs=1e-12)
    assert all(share >= 0 for share in shares)


@given(st.floats(0.1, 60), st.floats(0.05, 20), CUTS)
def test_a_size_is_somewhere_above_0(size: float, error: float, cuts: list[float]) -> None:
    shares = size_distribution(size, error, cells_between(cuts, SIZES))
    assert math.fsum(share for _, share in shares) == pytest.approx(1, abs=1e-9)


def test_a_size_on_the_border_is_as_probably_above_as_below() -> None:
    below, above = size_distribution(5, 0.5, cells_between([5], SIZES))
    assert below[1] == pytest.approx(0.5)
    assert above[1] == pytest.approx(0.5)
    _, beyond = size_distribution(5, 0.5, cells_between([5.98], SIZES))
    assert beyond[1] == pytest.approx(0.025, abs=0.0001)


def test_a_size_less_than_0_is_not_counted() -> None:
    (cell,) = size_distribution(0.5, 1, [Numbers.between(0, 0.5)])
    below_0 = 0.5 * math.erfc(0.5 / math.sqrt(2))
    assert cell[1] == pytest.approx((0.5 - below_0) / (1 - below_0))


@pytest.mark.parametrize(("size", "error"), [(0, 1), (5, 0), (-1, 1), (math.inf, 1)])
def test_no_size_and_no_error_give_no_distribution(size: float, error: float) -> None:
    with pytest.raises(ValueError, match="no distribution"):
        size_distribution(size, error, [])
    with pytest.raises(ValueError, match="no distribution"):
        rate_distribution(5, 0, [])


def test_independent_inputs_multiply_and_impossible_combinations_are_left_out() -> None:
    small, large = Numbers.between(0, 5), Numbers.between(5, 10)
    rate = [(small, 0.25), (large, 0.75)]
    size = [(small, 1.0), (large, 0.0)]
    found = list(joint({"mitotic_rate": rate, "tumour_size": size}))
    assert found == [
        ({"mitotic_rate": small, "tumour_size": small}, 0.25),
        ({"mitotic_rate": large, "tumour_size": small}, 0.75),
    ]


@given(CUTS)
def test_cells_do_not_overlap_and_cover_the_domain(cuts: list[float]) -> None:
    cells = cells_between(cuts, SIZES)
    assert Numbers.of(i for cell in cells for i in cell.intervals) == SIZES
    for place, cell in enumerate(cells):
        assert all(cell.intersect(other).is_empty() for other in cells[place + 1 :])
