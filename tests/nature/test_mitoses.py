"""Mitoses are read as they were counted; an area that nobody stated is a range, never 5 mm2."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import INFINITY, Numbers
from stromal.facts.problem import Problem
from stromal.nature.mitoses import Basis, MitoticCount, as_authors, field_area, read_count


def counted(raw: object) -> MitoticCount:
    found = read_count(raw)
    assert isinstance(found, MitoticCount), found
    return found


def refused(raw: object) -> Problem:
    found = read_count(raw)
    assert isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("field_number", "diameter", "area", "fields_for_5_mm2", "mm2_in_50"),
    [
        (18, 0.450, 0.159, 31.4, 7.95),
        (20, 0.500, 0.196, 25.5, 9.82),
        (22, 0.550, 0.238, 21.0, 11.88),
        (22.5, 0.5625, 0.249, 20.1, 12.43),
        (23, 0.575, 0.260, 19.3, 12.98),
        (25, 0.625, 0.307, 16.3, 15.34),
        (26.5, 0.6625, 0.345, 14.5, 17.24),
    ],
)
def test_the_field_of_a_40x_objective_has_the_area_of_its_field_number(
    field_number: float, diameter: float, area: float, fields_for_5_mm2: float, mm2_in_50: float
) -> None:
    one = field_area(field_number, 40)
    assert one == pytest.approx(area, abs=0.0006)
    assert math.sqrt(one / math.pi) * 2 == pytest.approx(diameter)
    assert 5 / one == pytest.approx(fields_for_5_mm2, abs=0.06)
    assert 50 * one == pytest.approx(mm2_in_50, abs=0.006)


@pytest.mark.parametrize(
    ("text", "count", "area"),
    [
        ("4 per 5 mm2", "4", 5),
        ("24/5mm2", "24", 5),
        ("24 mitoses / 5 mm²", "24", 5),
        ("<5 per 5 mm2", "[0..5)", 5),
        ("up to 5 per 5 square mm", "[0..5]", 5),
        ("at least 10 per 5 mm^2", "[10..inf)", 5),
        ("more than 10 mitotic figures in 5 mm2", "(10..inf)", 5),
        ("5–10 per 10 mm2", "[5..10]", 10),
        ("5 to 10 per 10 mm2", "[5..10]", 10),
        ("no mitoses in 5 mm2", "0", 5),
        ("mitotic count: 3 per 5 mm2", "3", 5),
        ("3 per mm2", "3", 1),
        ("7 per 50 HPF, 5 mm2", "7", 5),
        ("7 per 50 HPF (5 mm2)", "7", 5),
        ("7 per 50 high-power fields, total area 11.9 mm2", "7", 11.9),
        ("7 mitoses, area 5 mm2", "7", 5),
    ],
)
def test_a_stated_area_is_taken_as_it_stands(text: str, count: str, area: float) -> None:
    found = counted(text)
    assert str(found.count) == count
    assert found.area == Numbers.exactly(area)
    assert found.basis is Basis.AREA
    assert as_authors(found) is None


@pytest.mark.parametrize(
    "raw",
    [
        "7 per 50 HPF, field number 22, objective 40",
        "7/50 hpf; FN 22; 40x",
        "7 per 50 HPF with FN 22 and objective 40x",
        "7 per 50 HPF, eyepiece 10x/22, objective 40x",
        "7 per 50 HPF, field diameter 0.55 mm",
        "7 per 50 HPF, diameter 550 µm",
        "7 mitoses, 50 fields, field diameter 0.55 mm",
        {"count": 7, "fields": 50, "field_number": 22, "objective": 40},
        {"count": 7, "fields": 50, "field_diameter": "0.55 mm"},
    ],
)
def test_fields_of_a_stated_size_have_one_area(raw: object) -> None:
    found = counted(raw)
    assert found.count == Numbers.exactly(7)
    assert found.area.is_single()
    assert found.area.low == pytest.approx(11.88, abs=0.005)
    assert found.rate.low == pytest.approx(2.946, abs=0.001)
    assert found.basis is Basis.FIELD_SIZE


def test_fields_without_a_size_are_a_range_and_say_so() -> None:
    found = counted("<5 per 50 HPF")
    assert found.area.low == 5
    assert found.area.high == pytest.approx(17.24, abs=0.005)
    assert found.rate == Numbers.between(0, 5, high_open=True)
    assert "not stated" in found.notes[0]
    assert "5 to 17.24 mm2" in found.notes[0]
    assert not found.is_exact


def test_more_than_ten_per_50_fields_may_be_three_per_5_mm2() -> None:
    rate = counted(">10/50 HPF").rate
    assert rate.low == pytest.approx(2.90, abs=0.005)
    assert rate.high == INFINITY


def test_the_other_reading_takes_the_fields_of_the_authors() -> None:
    other = as_authors(counted("7 per 50 HPF"))
    assert other is not None
    assert other.area == Numbers.exactly(5)
    assert other.rate == Numbers.exactly(7)
    assert other.notes == ("50 fields taken as 5 mm2",)


def test_modern_fields_taken_for_the_authors_inflate_the_rate_two_to_two_and_a_half_fold() -> None:
    for field_number, fold in ((20, 1.96), (22, 2.38), (25, 3.07)):
        text = f"10 per 50 HPF, field number {field_number}, objective 40"
        assert 10 / counted(text).rate.low == pytest.approx(fold, abs=0.005)


def test_a_small_area_is_not_scaled_up_in_silence() -> None:
    found = counted("1 per 1 mm2")
    assert found.is_scaled_up
    assert found.rate == Numbers.exactly(5)
    assert "less than 5 mm2" in found.notes[0]
    assert found.limits() == pytest.approx((0.127, 27.86), abs=0.005)
    assert not counted("1 per 5 mm2").is_scaled_up
    assert counted("1 per 10 HPF").is_scaled_up
    second = as_authors(counted("1 per 10 HPF"))
    assert second is not None
    assert "less than 5 mm2" in second.notes[1]


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.7), (3, 0.6, 8.8), (4, 1.1, 10.2), (5, 1.6, 11.7), (6, 2.2, 13.1),
     (8, 3.5, 15.8), (10, 4.8, 18.4)],
)  # fmt: skip
def test_a_count_in_5_mm2_has_its_exact_limits(count: int, low: float, high: float) -> None:
    assert counted(f"{count} per 5 mm2").limits() == pytest.approx((low, high), abs=0.05)


def test_limits_of_a_range_hold_those_of_every_count_and_area_in_it() -> None:
    low, high = counted("5 to 6 per 50 HPF").limits()
    assert low == pytest.approx(1.6235 * 5 / 17.2358, abs=0.001)
    assert high == pytest.approx(13.059, abs=0.001)
    assert counted(">5 per 5 mm2").limits()[1] == INFINITY


def test_what_is_said_beside_the_count_is_kept() -> None:
    found = counted("7 per 50 HPF, 400x, hot spot")
    assert found.notes[0].startswith("400x: objective and eyepiece together")
    assert found.notes[1] == "hot spot"
    assert "no whole number" in counted("2.5 per 5 mm2").notes[0]


@pytest.mark.parametrize(
    ("raw", "what", "remedy"),
    [
        ("1000 per 50 HPF", "1000 lies outside 0 to 500", "check the number"),
        ("1,000 per 50 HPF", "comma inside a number", "write 0.55"),
        ("400 per 1 mm2", "more than 500 per 5 mm2", "check the count"),
        ("4", "'4' is not understood", "4 per 5 mm2"),
        (4, "4 says no area", "4 per 5 mm2"),
        (None, "says no area", "4 per 5 mm2"),
        ("4 mitoses", "says no area and no number of fields", "4 per 5 mm2"),
        ("-3 per 5 mm2", "not understood", "4 per 5 mm2"),
        ("nan per 5 mm2", "not understood", "4 per 5 mm2"),
        ("rare mitoses", "not understood", "4 per 5 mm2"),
        ("5 mm2", "no count of mitoses", "4 per 5 mm2"),
        ("10-5 per 5 mm2", "no count fits", "smaller number first"),
        ("<0 per 5 mm2", "no count fits", "smaller number first"),
        ("4 per 0 mm2", "lies outside", "check the number"),
        ("4 per 0 HPF", "lies outside", "check the number"),
        ("7 per 50 HPF, field number 22", "objective is missing", "objective 40"),
        ("7 per 50 HPF, objective 40", "field number is missing", "field number 22"),
        ("7 per 50 HPF, field diameter 0.55", "has no unit", "0.55 mm"),
        ("7 per 50 HPF, field diameter 55 mm", "lies outside", "check the number"),
        ("7 per 50 HPF, field number 22, objective 400", "lies outside", "check the number"),
        ("7, FN 22, 40x, 5 mitoses", "'7' is not understood", "write"),
        ("5 mitoses, FN 22, 40x", "how many were counted", "fields 50"),
        ("7 per 50 HPF, 5 mm2, field number 22, objective 40", "disagree", "measured"),
        ("7 per 50 HPF, diameter 0.55 mm, FN 25, 40x", "disagree", "measured"),
        ("7 per 50 HPF, 8 per 5 mm2", "two counts are given", "two events"),
        ("7 per 50 HPF, 40 HPF", "a second time", "keep one"),
        ("7 per 50 HPF, as far as one can tell", "'as far as one can tell' is not", "write"),
        ({"count": 7, "area": 5}, "has no unit", "area 5 mm2"),
        ({"fields": 50}, "no count of mitoses", "4 per 5 mm2"),
        ("7 per 50 HPF" + " " * 400, "longer than 300", "write"),
    ],
)
def test_a_count_that_cannot_be_trusted_is_refused_with_a_remedy(
    raw: object, what: str, remedy: str
) -> None:
    problem = refused(raw)
    assert what in problem.what
    assert remedy in problem.remedy


COUNTS = st.integers(0, 100)


@given(COUNTS, st.integers(1, 100), st.sampled_from([18, 20, 22, 22.5, 23, 25, 26.5]))
def test_a_rate_without_field_size_holds_the_rate_with_any_usual_field(
    count: int, fields: int, field_number: float
) -> None:
    text = f"{count} per {fields} HPF"
    sized = read_count(f"{text}, field number {field_number}, objective 40")
    unsized = read_count(text)
    if isinstance(sized, MitoticCount) and isinstance(unsized, MitoticCount):
        assert sized.rate.is_subset(unsized.rate)
        other = as_authors(unsized)
        assert other is not None
        assert other.rate.is_subset(unsized.rate)


@given(COUNTS, st.integers(1, 20))
def test_the_rate_of_a_stated_area_is_count_by_area_and_lies_within_its_limits(
    count: int, area: int
) -> None:
    found = read_count(f"{count} per {area} mm2")
    if isinstance(found, MitoticCount):
        assert found.rate.low == pytest.approx(5 * count / area)
        low, high = found.limits()
        assert low <= found.rate.low <= high


@given(COUNTS)
def test_a_count_in_5_mm2_is_its_own_rate_to_the_last_digit(count: int) -> None:
    assert counted(f"{count} per 5 mm2").rate == Numbers.exactly(count)


WORDS = ["7", "<5", "per", "/", "50", "HPF", "5 mm2", ",", "(", ")", "field number", "22", "40x",
         "objective", "diameter", "0.55", "mm", "each", "count", "fields", "and", "0"]  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)))
def test_no_text_makes_the_reader_fail_or_guess(text: str) -> None:
    found = read_count(text)
    if isinstance(found, MitoticCount):
        assert not found.count.is_empty()
        assert found.count.low >= 0
        assert found.area.low > 0
        assert found.area.high < INFINITY
        assert found.rate.low <= 500
    else:
        assert found.place
        assert found.what
        assert found.remedy
