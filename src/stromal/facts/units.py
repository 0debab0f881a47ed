"""Units: the one place where a number with a unit becomes a number in the dictionary's unit.

Conversions are exact (fractions of the written decimal), so 25 mm is 2.5 cm and not 2.5000000001.
"""

from __future__ import annotations

from fractions import Fraction

# Each family: unit -> how many of the family's first unit it is.
_FAMILIES: tuple[dict[str, Fraction], ...] = (
    {"mm": Fraction(1), "cm": Fraction(10), "m": Fraction(1000), "um": Fraction(1, 1000)},
    {"mm2": Fraction(1), "cm2": Fraction(100)},
    {"/5 mm2": Fraction(1), "/mm2": Fraction(5), "/10 mm2": Fraction(1, 2)},
    {"ng/mL": Fraction(1), "ug/L": Fraction(1), "ug/mL": Fraction(1000), "mg/L": Fraction(1000)},
    {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)},
    {"mg/day": Fraction(1), "g/day": Fraction(1000)},
    {"days": Fraction(1), "weeks": Fraction(7)},
    {"months": Fraction(1), "years": Fraction(12)},
    {"g/L": Fraction(1), "g/dL": Fraction(10)},
    {"10*9/L": Fraction(1), "/nL": Fraction(1), "10*3/uL": Fraction(1), "/uL": Fraction(1, 1000)},
    {"kg": Fraction(1)},
    {"mL/min": Fraction(1)},
    {"ms": Fraction(1), "s": Fraction(1000)},
    {"mmHg": Fraction(1)},
)
_OTHER_NAMES = {
    "millimetre": "mm", "millimetres": "mm", "millimeter": "mm", "millimeters": "mm",
    "centimetre": "cm", "centimetres": "cm", "centimeter": "cm", "centimeters": "cm",
    "mm²": "mm2", "cm²": "cm2", "/5mm2": "/5 mm2", "/5 mm²": "/5 mm2", "/(5.mm2)": "/5 mm2",
    "{mitoses}/(5.mm2)": "/5 mm2", "per 5 mm2": "/5 mm2", "per 5 mm²": "/5 mm2",
    "year": "years", "y": "years", "a": "years", "month": "months", "mo": "months",
    "week": "weeks", "wk": "weeks", "day": "days", "d": "days", "µg/L": "ug/L", "percent": "%",
    "mg/d": "mg/day", "mg daily": "mg/day", "G/L": "10*9/L", "10^9/L": "10*9/L",
    "x10^9/L": "10*9/L",
}  # fmt: skip


def convert(number: Fraction, unit: str, wanted: str) -> Fraction | None:
    """`number` of `unit` in the unit `wanted`, exactly; None if the two do not measure the same."""
    unit, wanted = _OTHER_NAMES.get(unit, unit), _OTHER_NAMES.get(wanted, wanted)
    if unit == wanted:
        return number
    for family in _FAMILIES:
        if unit in family and wanted in family:
            return number * family[unit] / family[wanted]
    return None


def units_like(wanted: str) -> tuple[str, ...]:
    """The units that can be converted into `wanted`, that one first."""
    for family in _FAMILIES:
        if wanted in family:
            return (wanted, *(unit for unit in family if unit != wanted))
    return (wanted,) if wanted else ()
