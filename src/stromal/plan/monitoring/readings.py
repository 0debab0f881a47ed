"""Every laboratory value of the record as a reading: one test, one unit, its limits.

Names and units are those of the dictionary and of `followup/laboratory-units`. Limits that a report
does not repeat are those that the same source gave last; that is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from stromal.facts.laboratory import RATIOS, Amount, Limits, read_report
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import live_events
from stromal.facts.units import convert, units_like
from stromal.facts.values import read_value
from stromal.library import Library
from stromal.tables.cell import overlaps

KINDS = ("laboratory", "visit")
UNITS = "followup/laboratory-units"
TEST = "laboratory_test"
GLUCOSE, FASTING = "glucose", "fasting glucose"
MOST = Fraction(100_000)
"""The largest value of the dictionary: what '>' has no end above."""
ROUNDING = Fraction(1, 200)
"""A factor and the borders printed in its unit are rounded: half a per cent either way."""
SLIVER = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Reading:
    """One value, in the unit in which its test is shown.

    `low` and `high` enclose what it can be: '<0.1', or a value converted by a rounded factor, is
    no single number. `converted` names the row of the factor. Limits are None where unknown.
    """

    event: str
    day: datetime.date | None
    test: str
    given: str
    value: Fraction
    low: Fraction
    high: Fraction
    unit: str
    converted: str
    lower_limit: Fraction | None
    upper_limit: Fraction | None
    limits_converted: bool
    limits_from: str
    symptoms: bool | None
    is_baseline: bool | None

    @property
    def is_exact(self) -> bool:
        """True if the value is one number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the units: what `also` is worth. `factor` None: no unit of another kind."""

    row: str
    unit: str
    also: str
    factor: Fraction | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """Limits that a source gave, and when."""

    low: Fraction | None
    high: Fraction | None
    converted: bool
    event: str
    where: str


def readings_of(
    library: Library, record: Record, day: datetime.date | None
) -> tuple[tuple[Reading, ...], tuple[Problem, ...]]:
    """The readings known on `day`, oldest first, and what could not be read."""
    events = [e for e in live_events(record, day) if e.kind in KINDS and e.details]
    events.sort(key=lambda e: (_first_day(e) or datetime.date.min, e.id))
    problems: list[Problem] = []
    found: list[Reading] = []
    limits: dict[tuple[str, str], _Kept] = {}
    for event in events:
        found += _of_event(library, record, event, limits, problems)
    return tuple(found), tuple(problems)


def units_of(library: Library, test: str) -> Unit | None:
    """How a test is shown, from the rows of the units."""
    compiled = library.compiled.get(UNITS)
    if compiled is None:
        return None
    for row in compiled.table.rows:
        if overlaps(Choices.of(test), row.cells[0]):
            out = row.outputs
            factor = None if out["factor"] == "-" else Fraction(out["factor"])
            return Unit(row.id, out["unit"], out["also"], factor)
    return None


def _first_day(event: Event) -> datetime.date | None:
    days = days_of(event)
    return days[0] if days else None


def _of_event(
    library: Library,
    record: Record,
    event: Event,
    limits: dict[tuple[str, str], _Kept],
    problems: list[Problem],
) -> Iterator[Reading]:
    report, _ = read_report(event.details)  # what is wrong in the form, the record itself says
    place = f"{record.name}:{event.line}, {event.id}"
    names = _names(library, (*report.values, *report.limits, *report.symptoms), place, problems)
    if report.values and _first_day(event) is None:
        problems.append(Problem(place, "values without a day", "add 'day: 2024-05-17'"))
    symptoms = {names.get(name, ""): answer for name, answer in report.symptoms.items()}
    for name, given in report.limits.items():
        if name in names:
            kept = _limits(library, names[name], given, event, place, problems)
            if kept:
                limits[names[name], event.source] = kept
    for name, amount in report.values.items():
        if name not in names:
            continue
        test = FASTING if names[name] == GLUCOSE and report.fasting else names[name]
        reading = _reading(library, event, test, amount)
        if isinstance(reading, Problem):
            problems.append(Problem(f"{place}, {name}", reading.what, reading.remedy))
            continue
        kept = limits.get((names[name], event.source))
        yield replace(
            reading,
            lower_limit=kept.low if kept else None,
            upper_limit=kept.high if kept else None,
            limits_converted=bool(kept and kept.converted),
            limits_from=kept.where if kept and kept.event != event.id else "",
            symptoms=symptoms.get(names[name], symptoms.get("")),
            is_baseline=report.baseline,
        )


def _names(
    library: Library, written: Iterable[str], place: str, problems: list[Problem]
) -> dict[str, str]:
    """The test that each name stands for."""
    term = library.terms[TEST]
    found: dict[str, str] = {}
    for name in dict.fromkeys(written):
        value = read_value(term, name) if name else None
        if isinstance(value, Problem):
            hint = value.remedy.partition("? ")[0] + "? " if "did you mean" in value.remedy else ""
            remedy = f"{hint}'stromal facts {TEST}' lists the tests"
            problems.append(Problem(place, f"there is no test {name!r}", remedy))
        elif value is not None and isinstance(value.possible, Choices):
            found[name] = " or ".join(sorted(value.possible.values))
    return found


def _reading(library: Library, event: Event, test: str, amount: Amount) -> Reading | Problem:
    scaled = _scaled(library, test, amount)
    if isinstance(scaled, Problem):
        return scaled
    value, low, high, unit, row = scaled
    return Reading(
        event.id, _first_day(event), test, amount.given, value, low, high, unit, row,
        None, None, False, "", None, None,
    )  # fmt: skip


Scaled = tuple[Fraction, Fraction, Fraction, str, str]


def _scaled(library: Library, test: str, amount: Amount) -> Scaled | Problem:
    """The value, what it can be, the unit, and the row by which it was converted."""
    shown = units_of(library, test)
    if shown is None:
        return Problem(test, "no unit is known for it", "report it; the row is missing")
    value, row = convert(amount.number, amount.unit, shown.unit), ""
    if shown.unit.casefold() == "ratio":
        value = amount.number if not amount.unit or test.casefold() not in RATIOS else None
    if value is None and shown.factor is not None:
        other = convert(amount.number, amount.unit, shown.also)
        value, row = (None if other is None else other * shown.factor), shown.row
    if value is None:
        also = (shown.also,) if shown.factor is not None else ()
        known = " or ".join((*units_like(shown.unit), *also))
        return Problem(test, f"{amount.unit!r} is no unit of {test}", f"use {known}")
    if shown.factor == 1:
        row = ""
    loose = ROUNDING if row else Fraction(0)
    low, high = _ends(amount.sign, value * (1 - loose), value * (1 + loose))
    return value, low, high, shown.unit, row


def _ends(sign: str, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """What '<0.1' or '>500' can be."""
    if sign.startswith("<"):
        return Fraction(0), high if sign == "<=" else high * (1 - SLIVER)
    if sign.startswith(">"):
        return (low if sign == ">=" else low * (1 + SLIVER)), max(MOST, high)
    return low, high


def _limits(
    library: Library,
    test: str,
    given: Limits,
    event: Event,
    place: str,
    problems: list[Problem],
) -> _Kept | None:
    ends: dict[str, Fraction | None] = {}
    rows: set[str] = set()
    for name, amount in (("low", given.low), ("high", given.high)):
        scaled = _scaled(library, test, replace(amount, sign="")) if amount else None
        if isinstance(scaled, Problem):
            what = f"limit of {test}: {scaled.what}"
            problems.append(Problem(place, what, scaled.remedy))
            return None
        ends[name] = scaled[0] if scaled else None
        rows |= {scaled[4]} - {""} if scaled else set()
    return _Kept(ends["low"], ends["high"], bool(rows), event.id, event.day)


def by_test(readings: Iterable[Reading]) -> Mapping[str, tuple[Reading, ...]]:
    """The readings of each test, in the order given."""
    found: dict[str, tuple[Reading, ...]] = {}
    for reading in readings:
        found[reading.test] = (*found.get(reading.test, ()), reading)
    return found
