"""Units: the one place where a number with a unit becomes a number in the dictionary's unit.

Conversions are exact (fractions of the written decimal), so 25 mm is 2.5 cm and not 2.5000000001.
The names are those of UCUM where it has them; what people write instead is understood too.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

# Each family: unit -> how many of the family's first unit it is.
_FAMILIES: tuple[dict[str, Fraction], ...] = (
    {"mm": Fraction(1), "cm": Fraction(10), "m": Fraction(1000), "um": Fraction(1, 1000)},
    {"mm2": Fraction(1), "cm2": Fraction(100)},
    {"/5 mm2": Fraction(1), "/mm2": Fraction(5), "/10 mm2": Fraction(1, 2)},
    {
        "ng/mL": Fraction(1),
        "ug/L": Fraction(1),
        "ug/mL": Fraction(1000),
        "mg/L": Fraction(1000),
        "mg/dL": Fraction(10_000),
    },
    {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)},
    {"mg/day": Fraction(1), "g/day": Fraction(1000)},
    {"days": Fraction(1), "weeks": Fraction(7), "hours": Fraction(1, 24)},
    {"months": Fraction(1), "years": Fraction(12)},
    {"g/L": Fraction(1), "g/dL": Fraction(10)},
    {"10*9/L": Fraction(1), "/nL": Fraction(1), "10*3/uL": Fraction(1), "/uL": Fraction(1, 1000)},
    {"mmol/L": Fraction(1), "umol/L": Fraction(1, 1000)},
    {"U/L": Fraction(1), "ukat/L": Fraction(60), "nkat/L": Fraction(60, 1000)},
    {"mU/L": Fraction(1), "uU/mL": Fraction(1)},
    {"%": Fraction(1)},
    {"kg": Fraction(1)},
    {"mL/min": Fraction(1)},
    {"ms": Fraction(1), "s": Fraction(1000)},
    {"mmHg": Fraction(1)},
    {"m2": Fraction(1)},
    {"Cel": Fraction(1)},
    {"HU": Fraction(1)},
)
_OTHER_NAMES = {
    "mm": "millimetre millimetres millimeter millimeters",
    "cm": "centimetre centimetres centimeter centimeters",
    "/5 mm2": "/(5.mm2) {mitoses}/(5.mm2)",
    "years": "year yr yrs y a",
    "months": "month mo",
    "weeks": "week wk wks",
    "days": "day d",
    "hours": "hour h hr hrs",
    "%": "percent",
    "mg/day": "mg/d mgdaily mg/24h",
    "g/day": "g/d gdaily g/24h",
    "U/L": "iu/l units/l",
    "mU/L": "miu/l",
    "uU/mL": "uiu/ml",
    "Cel": "°c c celsius",
    "10*9/L": "10^9/l x10^9/l x10*9/l 10e9/l giga/l gpt/l",
    "10*3/uL": "10^3/ul x10^3/ul x10*3/ul 10e3/ul k/ul tsd/ul tsd./ul th/ul 10^3/mm3 10*3/mm3",
    "/uL": "/mm3",
    "mmHg": "mm[hg]",
    "HU": "[hnsf'u] hounsfield",
}


_WRITTEN = (
    ("10⁹", "10^9"), ("10³", "10^3"), ("×", "x"), ("µ", "u"), ("μ", "u"), ("²", "2"), ("³", "3"),
    ("mm^2", "mm2"), ("mm^3", "mm3"), ("per ", "/"),
)  # fmt: skip


def convert(number: Fraction, unit: str, wanted: str) -> Fraction | None:
    """`number` of `unit` in the unit `wanted`, exactly; None if the two do not measure the same."""
    is_giga = unit.strip().startswith("G")  # G/l on a blood count is giga; g/l is a slip
    unit, wanted = _name(unit), _name(wanted)
    if is_giga and unit == "g/L" and wanted == "10*9/L":
        unit = wanted
    if unit == wanted:
        return number
    for family in _FAMILIES:
        if unit in family and wanted in family:
            return number * family[unit] / family[wanted]
    return None


def units_like(wanted: str) -> tuple[str, ...]:
    """The units that can be converted into `wanted`, that one first."""
    for family in _FAMILIES:
        if _name(wanted) in family:
            return (wanted, *(unit for unit in family if unit != _name(wanted)))
    return (wanted,) if wanted else ()


def _name(unit: str) -> str:
    """The name by which a unit is known here; as written if it is not known."""
    return _names().get(_plain(unit), unit.strip())


def _plain(unit: str) -> str:
    """A unit as it is compared: capitals, blanks, 'per' and raised figures do not count.

    Capitals may be ignored because no two units here differ only in them.
    """
    for written, meant in _WRITTEN:
        unit = unit.replace(written, meant)
    return "".join(unit.split()).casefold()


@cache
def _names() -> dict[str, str]:
    """Every way to write every unit, each with the unit's name here."""
    return {
        _plain(spelling): unit
        for family in _FAMILIES
        for unit in family
        for spelling in (unit, *_OTHER_NAMES.get(unit, "").split())
    }
