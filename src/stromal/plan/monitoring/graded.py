"""Each reading graded by both versions of CTCAE, against its limits and the patient's baseline.

The baseline is the value that the record marks, or the last one before the drug of that day was
started; a value from before any drug is its own. A later value never changes an earlier grade.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stromal.facts.problem import Problem
from stromal.followup.grading import Grade, Measurement, grade, graded_tests
from stromal.plan.monitoring.readings import ROUNDING, Reading
from stromal.tables.compile import CompiledTable

VERSIONS = ("CTCAE 5", "CTCAE 6")
MARKED, LAST_BEFORE, ITSELF = "marked as baseline", "last value before the drug", "before any drug"
RANGE = "the exact value"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The value against which a reading is held, and why this one."""

    reading: Reading
    why: str


@dataclass(frozen=True, slots=True)
class Graded:
    """A reading with its grades, one for each term and version; `note` says why there is none."""

    reading: Reading
    baseline: Baseline | None
    grades: tuple[Grade, ...]
    note: str

    @property
    def differ(self) -> bool:
        """True if two versions have rows for a term and give other grades."""
        terms: dict[str, set[tuple[int, ...]]] = {}
        for one in self.grades:
            if one.possible:
                terms.setdefault(one.term, set()).add(one.possible)
        return any(len(found) > 1 for found in terms.values())

    def missing(self, version: str | None = None) -> tuple[str, ...]:
        """What would settle the worst grade; a term that cannot be the worst asks for nothing."""
        asked: dict[str, None] = {}
        for one in VERSIONS if version is None else (version,):
            mine = [grade for grade in self.grades if grade.version == one and grade.possible]
            least = max((min(grade.possible) for grade in mine), default=0)
            hang = [g for g in mine if len(g.possible) > 1 and max(g.possible) > least]
            asked |= dict.fromkeys(name for grade in hang for name in grade.missing)
        return tuple(asked)

    def worst(self, version: str) -> tuple[int, ...]:
        """The grades possible for the worst term of a version; empty where it has no row.

        Nor is it called 0 where the version has no row for a term that another version has.
        """
        mine = [one for one in self.grades if one.version == version]
        found = [one.possible for one in mine if one.possible]
        if not found:
            return ()
        worst = tuple(sorted({max(chosen) for chosen in itertools.product(*found)}))
        return () if len(found) < len(mine) and worst[0] == 0 else worst


def graded_readings(
    tables: Sequence[CompiledTable],
    readings: Sequence[Reading],
    starts: Sequence[datetime.date],
) -> tuple[Graded, ...]:
    """Every reading with its grades; `starts` are the days on which tumour drugs were started."""
    found = []
    by_table = [(table, graded_tests([table])) for table in tables]
    for reading in readings:
        mine = [one for one in readings if one.test == reading.test]
        baseline = baseline_of(reading, mine, starts)
        asked = [table for table, tests in by_table if reading.test in tests]
        if asked:
            found.append(_graded(asked, reading, baseline))
        else:
            note = f"no CTCAE row by number was read for {reading.test}"
            found.append(Graded(reading, baseline, (), note))
    return tuple(found)


def baseline_of(
    reading: Reading, same_test: Iterable[Reading], starts: Iterable[datetime.date]
) -> Baseline | None:
    """The baseline that holds on the day of the reading; None where the record has none."""
    day = reading.day
    if day is None:
        return None
    until_then = [one for one in same_test if one.day and one.day <= day]
    marked = [one for one in until_then if one.is_baseline]
    if marked:
        return Baseline(marked[-1], MARKED)
    begun = [start for start in starts if start <= day]
    if not begun:
        return Baseline(reading, ITSELF) if any(start > day for start in starts) else None
    before = [one for one in until_then if one.day and one.day < max(begun)]
    return Baseline(before[-1], LAST_BEFORE) if before else None


def _graded(tables: Sequence[CompiledTable], reading: Reading, baseline: Baseline | None) -> Graded:
    found: list[Grade] = []
    for version in VERSIONS:
        ends = [grade(tables, one, version) for one in _measurements(reading, baseline)]
        read = [end for end in ends if not isinstance(end, Problem)]
        if len(read) < len(ends):
            problem = next(end for end in ends if isinstance(end, Problem))
            return Graded(reading, baseline, (), f"not graded: {problem.what}; {problem.remedy}")
        missing = f"the value in {reading.unit}" if reading.converted else RANGE
        found += [_spanning(several, missing) for several in zip(*read, strict=True)]
    return Graded(reading, baseline, tuple(found), "")


def _measurements(reading: Reading, baseline: Baseline | None) -> list[Measurement]:
    """The reading at each end of what it can be. What was converted alike moves with it."""
    if reading.is_exact:
        return [_measurement(reading, baseline, reading.value, Fraction(0))]
    loose = ROUNDING if reading.converted else Fraction(0)
    ends = ((reading.low, -loose), (reading.high, loose))
    return [_measurement(reading, baseline, value, shift) for value, shift in ends]


def _measurement(
    reading: Reading, baseline: Baseline | None, value: Fraction, shift: Fraction
) -> Measurement:
    stretch = 1 + shift if reading.limits_converted else Fraction(1)
    base = baseline.reading if baseline else None
    base_stretch = 1 + shift if base and base.converted else Fraction(1)
    return Measurement(
        test=reading.test,
        value=value,
        unit="" if reading.unit == "ratio" else reading.unit,
        lower_limit=_times(reading.lower_limit, stretch),
        upper_limit=_times(reading.upper_limit, stretch),
        baseline=_times(base.value, base_stretch) if base else None,
        baseline_level=_level(base),
        symptoms=reading.symptoms,
    )


def _times(number: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if number is None else number * factor


def _level(base: Reading | None) -> str | None:
    """Where the baseline lay against its own limits.

    A value that is not above a given upper limit, where no lower one is given, is not raised: the
    tables part raised from the rest, so it is called normal.
    """
    if base is None:
        return None
    low, high = base.lower_limit, base.upper_limit
    if high is not None and base.value > high:
        return "raised"
    if low is not None and base.value < low:
        return "low"
    return "normal" if high is not None else None


def _spanning(grades: Sequence[Grade], missing: str) -> Grade:
    """One grade from those at both ends of a value: all between them are possible."""
    first = grades[0]
    possible = [number for one in grades for number in one.possible]
    if len(grades) == 1 or not possible or all(g.possible == first.possible for g in grades):
        return first
    rows = tuple(dict.fromkeys(row for one in grades for row in one.rows))
    asked = tuple(dict.fromkeys((missing, *(m for one in grades for m in one.missing))))
    between = tuple(range(min(possible), max(possible) + 1))
    return replace(first, possible=between, missing=asked, rows=rows)
