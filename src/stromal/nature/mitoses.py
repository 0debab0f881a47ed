"""Mitoses as they were counted, and what they are per 5 mm2.

The rate is count / area x 5, its exact limits those of a Poisson count (Garwood). Field geometry:
diameter = field number / objective, area = pi (d/2)^2 (renne-2023). "50 HPF" without a field size
is no area but a range: the schemes' own fields (50 HPF = 5 mm2) to field number 26.5 (17.24 mm2).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from stromal.facts.possible import INFINITY, Interval, Numbers
from stromal.facts.problem import Problem

AUTHORS_FIELD_MM2 = 0.1
WIDEST_FIELD_NUMBER = 26.5
MOST_MITOSES = 999
_N = r"\d+(?:\.\d+)?"
_COUNT = re.compile(
    rf"(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<low>{_N})(?:\s*(?:-|–|to)\s*(?P<high>{_N}))?"
    r"\s*(?:mitos[ei]s|mitotic figures)?\s*(?:per|/|in)\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_AREA = re.compile(rf"(?P<area>{_N})?\s*(?:mm2|mm²|mm\^2|square millimet\w+)", re.IGNORECASE)
_FIELDS = re.compile(
    rf"(?P<fields>{_N})?\s*(?:HPFs?|high[- ]power fields?|fields?)\b(?P<rest>.*)", re.IGNORECASE
)
_FIELD_NUMBER = re.compile(rf"field number (?P<n>{_N})", re.IGNORECASE)
_OBJECTIVE = re.compile(rf"objective (?P<n>{_N})\s*x?", re.IGNORECASE)
_DIAMETER = re.compile(rf"(?:field )?diameter (?P<n>{_N})\s*mm\b", re.IGNORECASE)
_FIELD_AREA = re.compile(
    rf"(?:of|field area|each)\s*(?P<n>{_N})\s*(?:mm2|mm²|mm\^2)", re.IGNORECASE
)
_NEARLY = re.compile(r"\bobjective\b|\bfield number\b|\bdiameter\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MitoticCount:
    """What was counted. `count` and `area` (mm2) are the values still possible.

    `by_authors` is the area if the fields are taken as those of the schemes' authors; it differs
    from `area` only where the field size is not known.
    """

    given: str
    count: Numbers
    area: Numbers
    by_authors: float | None
    notes: tuple[str, ...]

    @property
    def rate(self) -> Numbers:
        """Mitoses per 5 mm2."""
        return _rate(self.count, self.area)

    @property
    def rate_by_authors(self) -> Numbers | None:
        """Mitoses per 5 mm2 if 50 fields are taken as 5 mm2; None where the area is known."""
        return (
            None if self.by_authors is None else _rate(self.count, Numbers.exactly(self.by_authors))
        )


def field_area(field_number: float, objective: float) -> float:
    """The area of one field in mm2 (renne-2023).

    >>> round(field_area(22, 40), 3)
    0.238
    """
    return math.pi * (field_number / objective / 2) ** 2


def read_count(given: str) -> MitoticCount | Problem:
    """Read '4 per 5 mm2', '<5 per 50 HPF', '7 per 50 HPF, field number 22, objective 40'."""
    match = _COUNT.fullmatch(given.strip())
    if not match:
        return _problem(given, "no count with an area or a number of fields")
    count = _count(match)
    if isinstance(count, str):
        return _problem(given, count)
    rest = match["rest"].strip()
    if area := _AREA.fullmatch(rest):
        return _by_area(given, count, float(area["area"] or 1))
    if fields := _FIELDS.fullmatch(rest):
        return _by_fields(given, count, float(fields["fields"] or 1), fields["rest"])
    return _problem(given, f"{rest!r} is neither an area in mm2 nor a number of HPF")


def poisson_limits(count: int, level: float = 0.95) -> tuple[float, float]:
    """Exact (Garwood) limits of the mean of a Poisson count.

    >>> [round(limit, 1) for limit in poisson_limits(5)]
    [1.6, 11.7]
    """
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else _solve(lambda mean: 1 - _at_most(count - 1, mean), tail, count)
    return low, _solve(lambda mean: 1 - _at_most(count, mean), 1 - tail, count)


def _problem(given: str, what: str) -> Problem:
    remedy = "write '4 per 5 mm2' or '7 per 50 HPF, field number 22, objective 40'"
    return Problem("mitotic_count", f"{given!r}: {what}", remedy)


def _count(match: re.Match[str]) -> Numbers | str:
    low = float(match["low"])
    high = float(match["high"] or match["low"])
    if max(low, high) > MOST_MITOSES:
        return f"more than {MOST_MITOSES} mitoses cannot be right"
    if low > high:
        return "the range runs downwards"
    sign = match["sign"]
    if sign and match["high"]:
        return "a sign and a range at once"
    if sign in ("<", "<=", "≤"):
        top = Interval(0, low, False, sign == "<")
        return f"nothing is below {low:g}" if top.is_empty() else Numbers((top,))
    if sign:
        return Numbers.between(low, INFINITY, low_open=sign == ">")
    return Numbers.between(low, high)


def _by_area(given: str, count: Numbers, area: float) -> MitoticCount | Problem:
    if area <= 0:
        return _problem(given, "an area of 0 mm2")
    return MitoticCount(given, count, Numbers.exactly(area), None, _small(area, count))


def _by_fields(given: str, count: Numbers, fields: float, rest: str) -> MitoticCount | Problem:
    if fields <= 0:
        return _problem(given, "no fields")
    field = _field(rest)
    if isinstance(field, str):
        return _problem(given, field)
    if field is not None:
        area = fields * field
        return MitoticCount(given, count, Numbers.exactly(area), None, _small(area, count))
    low, high = fields * AUTHORS_FIELD_MM2, fields * field_area(WIDEST_FIELD_NUMBER, 40)
    note = (
        f"The size of the fields is not stated: {fields:g} HPF may be {low:.3g} to {high:.4g} mm2, "
        "so the rate per 5 mm2 is a range. Ask for the field number and the objective."
    )
    return MitoticCount(given, count, Numbers.between(low, high), low, (note, *_small(low, count)))


def _field(rest: str) -> float | str | None:
    """The area of one field in mm2, None if it is not stated, or what is wrong."""
    text = rest.strip(" ,;()")
    if not text:
        return None
    if area := _FIELD_AREA.search(text):
        return float(area["n"]) or "a field of 0 mm2"
    if diameter := _DIAMETER.search(text):
        return math.pi * (float(diameter["n"]) / 2) ** 2 or "a field diameter of 0"
    number, objective = _FIELD_NUMBER.search(text), _OBJECTIVE.search(text)
    if number and objective and float(objective["n"]) > 0 and float(number["n"]) > 0:
        return field_area(float(number["n"]), float(objective["n"]))
    if _NEARLY.search(text):
        return "the field needs its number and the objective, or its diameter in mm"
    return f"{text!r} cannot be read"


def _small(area: float, count: Numbers) -> tuple[str, ...]:
    if area >= 5 or count.low == count.high == 0:
        return ()
    return (
        f"Counted in {area:.3g} mm2, less than 5 mm2: the rate is scaled up from a small area; "
        "see its limits.",
    )


def _rate(count: Numbers, area: Numbers) -> Numbers:
    smallest, largest = area.low, area.high
    return Numbers.of(
        Interval(
            i.low * 5 / largest,
            i.high * 5 / smallest,
            i.low_open,
            i.high_open,
        )
        for i in count.intervals
    )


def _at_most(count: int, mean: float) -> float:
    """P(X <= count) of a Poisson variable."""
    term = total = math.exp(-mean)
    for k in range(1, count + 1):
        term *= mean / k
        total += term
    return min(total, 1.0)


def _solve(rising: Callable[[float], float], wanted: float, count: int) -> float:
    """The mean at which a rising function reaches `wanted`, by bisection."""
    low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
