"""Laboratory values graded by CTCAE, through the tables in `knowledge/followup/ctcae-*`.

Each grade carries its version, since the same number can have another grade in another version. A
limit that is not known leaves the grade open unless an absolute border decides; it is never 0 for
want of a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.facts.units import convert, units_like
from stromal.tables.cell import overlaps
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import decide
from stromal.tables.document import Row, Table

ROLE = "grading"
TEST, VERSION = "laboratory_test", "ctcae_version"
RATIO = "ratio"
MOST_TIMES = 10_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value with its unit, and the limits and baseline in the same unit where they are known.

    `symptoms`: whether the deviation is felt or was treated; None where nobody has said.
    """

    test: str
    value: Fraction
    unit: str = ""
    lower_limit: Fraction | None = None
    upper_limit: Fraction | None = None
    baseline: Fraction | None = None
    baseline_level: str | None = None
    symptoms: bool | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, or the grades still possible, of one CTCAE term in one version.

    0: the term does not apply. No grade at all (`possible` empty): the version has no numbers
    for the term. `missing`: the facts that would settle it.
    """

    term: str
    version: str
    possible: tuple[int, ...]
    missing: tuple[str, ...]
    document: str
    rows: tuple[str, ...]

    @property
    def grade(self) -> int | None:
        """The grade, if only one is possible."""
        return self.possible[0] if len(self.possible) == 1 else None


def grade(
    tables: Iterable[CompiledTable], measured: Measurement, version: str
) -> tuple[Grade, ...] | Problem:
    """The grade of every term that the tables have for the test, or what is wrong in the input.

    `version`: "CTCAE 5" or "CTCAE 6". Source of the tables: pharmaverse-admiral-2026.
    """
    chosen = [one for one in tables if one.table.role == ROLE]
    if problem := _check(chosen, measured, version):
        return problem
    readings = list(_readings(measured))
    several = [_graded(chosen, one, version) for one in readings]
    wrong = next((one for one in several if isinstance(one, Problem)), None)
    if wrong is not None:
        return wrong
    read = [one for one in several if not isinstance(one, Problem)]
    return tuple(_merged(readings, same) for same in zip(*read, strict=True))


def _graded(
    chosen: Iterable[CompiledTable], reading: _Reading, version: str
) -> list[Grade] | Problem:
    found: list[Grade] = []
    for compiled in chosen:
        rows = _rows_of(compiled.table, TEST, reading.measured.test)
        known = _known(reading.measured, version, rows)
        if isinstance(known, Problem):
            return known
        found += _grades(compiled, rows, {**known, **reading.facts}, version)
    return found


def graded_tests(tables: Iterable[CompiledTable]) -> frozenset[str]:
    """The tests for which there is a row in some version."""
    return frozenset(
        test for one in tables if one.table.role == ROLE for test in _used(one.table, TEST)
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way in which what is not known may be; `supposes` what of the baseline, '' nothing."""

    measured: Measurement
    facts: Mapping[str, Possible]
    supposes: str


def _readings(measured: Measurement) -> Iterator[_Reading]:
    """Every way in which symptoms and the baseline may be, where they are not known.

    A baseline that is not known still lies below, between or above the limits, which bounds how
    many times it the value can be: a value within the limits is never twice a raised baseline.
    """
    symptoms = (measured.symptoms,) if measured.symptoms is not None else (False, True)
    for feels in symptoms:
        one = replace(measured, symptoms=feels)
        if measured.baseline is not None or measured.baseline_level or not measured.upper_limit:
            yield _Reading(one, {}, "")
            continue
        for level, times in _baselines(measured.value, measured.lower_limit, measured.upper_limit):
            yield _Reading(replace(one, baseline_level=level), {"times_baseline": times}, level)


def _baselines(
    value: Fraction, low: Fraction | None, high: Fraction
) -> Iterator[tuple[str, Numbers]]:
    """Each level that a baseline may have, and how many times it the value then is."""
    if not value:
        yield "normal", Numbers.exactly(0)
        return
    times_high = min(float(value / high), MOST_TIMES)
    times_low = min(float(value / low), MOST_TIMES) if low else MOST_TIMES
    yield "raised", Numbers.between(0, times_high, high_open=True)
    yield "normal", Numbers.between(times_high, times_low)
    if low != 0:
        least = times_low if low else times_high
        yield "low", Numbers.between(least, MOST_TIMES)


def _merged(readings: Sequence[_Reading], grades: Sequence[Grade]) -> Grade:
    """The grades of all ways together; a fact is asked for only where it makes a difference."""
    first = grades[0]
    possible = tuple(sorted({number for one in grades for number in one.possible}))
    if len(possible) < 2:
        return replace(first, possible=possible, missing=())
    by_feeling: dict[bool | None, list[Grade]] = {}
    for reading, one in zip(readings, grades, strict=True):
        by_feeling.setdefault(reading.measured.symptoms, []).append(one)
    asked = dict.fromkeys(name for one in grades for name in one.missing)
    if len({tuple(one.possible for one in same) for same in by_feeling.values()}) > 1:
        asked["laboratory_symptoms"] = None
    if readings[0].supposes and any(map(_hangs_on_baseline, by_feeling.values())):
        asked |= {"baseline_level": None, "times_baseline": None}
    rows = tuple(dict.fromkeys(row for one in grades for row in one.rows))
    return replace(first, possible=possible, missing=tuple(asked), rows=rows)


def _hangs_on_baseline(grades: Sequence[Grade]) -> bool:
    """True if the levels of a baseline part the grades, or its size within a level does."""
    parted = len({one.possible for one in grades}) > 1
    return parted or any(len(one.possible) > 1 and not one.missing for one in grades)


def _check(tables: Sequence[CompiledTable], measured: Measurement, version: str) -> Problem | None:
    tests = sorted({test for one in tables for test in _used(one.table, TEST)})
    versions = sorted({v for one in tables for v in _values(one.table, VERSION)})
    if measured.test not in tests:
        return Problem("test", f"no test {measured.test!r}", f"use one of {', '.join(tests)}")
    if version not in versions:
        return Problem("version", f"no version {version!r}", f"use {' or '.join(versions)}")
    low, high = measured.lower_limit, measured.upper_limit
    if any(one is not None and one < 0 for one in (measured.value, low, high, measured.baseline)):
        return Problem(measured.test, "a value or limit below 0", "check it")
    if high == 0:
        return Problem(measured.test, "an upper limit of 0", "leave it out where there is none")
    if low is not None and high is not None and low >= high:
        return Problem(measured.test, "the lower limit is not below the upper", "exchange them")
    return None


def _column(table: Table, name: str) -> int | None:
    names = [term.name for term in table.inputs]
    return names.index(name) if name in names else None


def _values(table: Table, name: str) -> tuple[str, ...]:
    column = _column(table, name)
    return table.inputs[column].values if column is not None else ()


def _used(table: Table, name: str) -> set[str]:
    column = _column(table, name)
    cells = [row.cells[column] for row in table.rows] if column is not None else []
    return {value for cell in cells if isinstance(cell, Choices) for value in cell.values}


def _rows_of(table: Table, name: str, value: str) -> list[Row]:
    column = _column(table, name)
    if column is None:
        return list(table.rows)
    return [row for row in table.rows if overlaps(Choices.of(value), row.cells[column])]


def _known(
    measured: Measurement, version: str, rows: Iterable[Row]
) -> dict[str, Possible] | Problem:
    """The facts that the tables ask about, from the measurement."""
    known: dict[str, Possible] = {TEST: Choices.of(measured.test), VERSION: Choices.of(version)}
    units = {row.outputs["unit"] for row in rows} - {"-"}
    for unit in units:
        value = _in_unit(measured, unit)
        if isinstance(value, Problem):
            return value
        known["laboratory_value"] = Numbers.exactly(float(value))
    limits: Mapping[str, Fraction | None] = {
        "times_lower_limit": measured.lower_limit,
        "times_upper_limit": measured.upper_limit,
        "times_baseline": measured.baseline,
    }
    for name, limit in limits.items():
        if limit:
            known[name] = Numbers.exactly(float(measured.value / limit))
    if measured.baseline is not None:
        known["rise_since_baseline"] = Numbers.exactly(float(measured.value - measured.baseline))
    if measured.lower_limit == 0:  # nothing can lie below it
        known["times_lower_limit"] = Numbers.between(1, MOST_TIMES)
    if level := measured.baseline_level or _level(measured):
        known["baseline_level"] = Choices.of(level)
    if measured.symptoms is not None:
        known["laboratory_symptoms"] = Choices.of("yes" if measured.symptoms else "no")
    return known


def _in_unit(measured: Measurement, unit: str) -> Fraction | Problem:
    """The value in the unit of the table; a ratio has none."""
    if unit == RATIO:
        return measured.value
    value = convert(measured.value, measured.unit, unit) if measured.unit else None
    if value is not None:
        return value
    what = f"unit {measured.unit!r}" if measured.unit else "no unit"
    return Problem(measured.test, what, f"give it in {' or '.join(units_like(unit))}")


def _level(measured: Measurement) -> str | None:
    """Where the baseline lay; None where the limits do not tell."""
    low, base, high = measured.lower_limit, measured.baseline, measured.upper_limit
    if base is None:
        return None
    if high is not None and base > high:
        return "raised"
    if low is not None and base < low:
        return "low"
    return "normal" if low is not None and high is not None else None


def _grades(
    compiled: CompiledTable, rows: Sequence[Row], known: Mapping[str, Possible], version: str
) -> Iterator[Grade]:
    table = compiled.table
    versioned = {row.id for row in _rows_of(table, VERSION, version)}
    answer = decide(compiled, known)
    certain = {row.id for row in answer.certain_rows}
    for term in dict.fromkeys(row.outputs["term"] for row in rows):
        mine = [row for row in rows if row.outputs["term"] == term]
        if not any(row.id in versioned for row in mine):
            yield Grade(term, version, (), (), table.id, ())
            continue
        some = [row for row in answer.rows if row.outputs["term"] == term]
        least = max((_number(row) for row in some if row.id in certain), default=0)
        open_rows = [row for row in some if row.id not in certain and _number(row) > least]
        grades = sorted({least, *(_number(row) for row in open_rows)})
        missing = _missing(table, open_rows, known)
        told = tuple(row.id for row in some if _number(row) in grades)
        yield Grade(term, version, tuple(grades), missing, table.id, told)


def _number(row: Row) -> int:
    return int(row.outputs["grade"])


def _missing(table: Table, rows: Iterable[Row], known: Mapping[str, Possible]) -> tuple[str, ...]:
    """The unknown facts on which the open rows hang."""
    asked = {
        term.name: None
        for row in rows
        for term, cell in zip(table.inputs, row.cells, strict=True)
        if cell is not None and term.name not in known
    }
    return tuple(asked)
