"""A number with a unit becomes a number in the dictionary's unit, exactly, or not at all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.units import convert, units_like


@pytest.mark.parametrize(
    ("number", "unit", "wanted", "expected"),
    [
        ("25", "mm", "cm", "2.5"),
        ("0.3", "cm", "mm", "3"),
        ("1.1", "µg/mL", "ng/mL", "1100"),
        ("1100", "ug/L", "ng/mL", "1100"),
        ("1100", "ng/ml", "ng/mL", "1100"),
        ("4", "MM", "cm", "0.4"),
        ("4", "per 5 mm²", "/5 mm2", "4"),
        ("4", "/5mm2", "/5 mm2", "4"),
        ("1.1", "mg/L", "ng/mL", "1100"),
        ("0.4", "g/day", "mg/day", "400"),
        ("8", "g/dL", "g/L", "80"),
        ("900", "/uL", "10*9/L", "0.9"),
        ("1.2", "10^9/L", "10*9/L", "1.2"),
        ("1", "/mm2", "/5 mm2", "5"),
        ("10", "/10 mm2", "/5 mm2", "5"),
        ("3", "years", "months", "36"),
        ("2", "weeks", "days", "14"),
        ("36", "h", "days", "1.5"),
        ("14", "days", "wk", "2"),
        ("3", "weeks", "d", "21"),
        ("38.5", "°C", "Cel", "38.5"),
        ("0.5", "s", "ms", "500"),
    ],
)
def test_units_of_one_kind_are_converted_exactly(
    number: str, unit: str, wanted: str, expected: str
) -> None:
    assert convert(Fraction(number), unit, wanted) == Fraction(expected)


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [("kg", "cm"), ("mm", "mm2"), ("mm2", "mm"), ("weeks", "months"), ("mg", "ng/mL"), ("", "cm"),
     ("parsec", "cm"), ("cm", "parsec"), ("mg", "mg/day")],
)  # fmt: skip
def test_what_does_not_measure_the_same_is_not_converted(unit: str, wanted: str) -> None:
    assert convert(Fraction(1), unit, wanted) is None


@given(st.decimals(0, 1000, places=3), st.sampled_from(["mm", "m", "um"]))
def test_there_and_back_is_the_same_number(number: object, unit: str) -> None:
    given_number = Fraction(str(number))
    there = convert(given_number, unit, "cm")
    assert there is not None
    assert convert(there, "cm", unit) == given_number


def test_the_units_offered_begin_with_the_one_wanted() -> None:
    assert units_like("cm") == ("cm", "mm", "m", "um")
    assert units_like("%") == ("%",)
    assert units_like("wk") == ("wk", "days", "hours")
    assert units_like("") == ()
