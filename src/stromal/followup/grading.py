"""Laboratory values graded by CTCAE, through the tables in `knowledge/followup/ctcae-*`.

Each grade carries its version, since the same number can have another grade in another version. A
limit that is not known leaves the grade open unless an absolute border decides; it is never 0 for
want of a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    found: list[Grade] = []
    for compiled in chosen:
        rows = _rows_of(compiled.table, TEST, measured.test)
        known = _known(measured, version, rows)
        if isinstance(known, Problem):
            return known
        found += _grades(compiled, rows, known, version)
    return tuple(found)


def graded_tests(tables: Iterable[CompiledTable]) -> frozenset[str]:
    """The tests for which there is a row in some version."""
    return frozenset(
        test for one in tables if one.table.role == ROLE for test in _used(one.table, TEST)
    )


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
