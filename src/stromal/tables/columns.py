"""Deciding many patients: the same compiled table over columns of small codes.

Each input becomes one small code per patient, a code standing for the set of elementary cells
still possible; the answer is a look-up in a table over all combinations of codes. This module
needs NumPy; nothing on the one-patient path imports it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stromal.facts.possible import Choices, Interval, Numbers, Possible
from stromal.tables.compile import Bits, Column, CompiledTable
from stromal.tables.decide import numbers_of

Codes = npt.NDArray[np.uint8]
CHUNK = 1 << 16
MOST_ANSWERS = 1 << 18


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """One input of many patients: `codes[i]` is the place of patient i's value in `meanings`."""

    name: str
    codes: Codes
    meanings: tuple[Possible | None, ...]


@dataclass(frozen=True, slots=True)
class ManyAnswers:
    """`answers[i]` is the place of patient i's answer in `some` and `every` (rows as bits)."""

    compiled: CompiledTable
    answers: npt.NDArray[np.unsignedinteger]
    some: tuple[Bits, ...]
    every: tuple[Bits, ...]

    def outcomes(self) -> tuple[str, ...]:
        """For each distinct answer the outcomes still possible, joined by ' or '."""
        table = self.compiled.table
        found = []
        for bits in self.some:
            names = {table.rows[n].outputs[table.decides] for n in numbers_of(bits)}
            found.append(" or ".join(o for o in table.outcomes if o in names))
        return tuple(found)

    def row_ids(self) -> tuple[str, ...]:
        """For each distinct answer the ids of the rows still possible, joined by blanks."""
        rows = self.compiled.table.rows
        return tuple(" ".join(rows[n].id for n in numbers_of(bits)) for bits in self.some)


def encode_numbers(
    column: Column, values: npt.NDArray[np.floating], *, threads: int | None = None
) -> CodedColumn:
    """Codes for exact numbers in the dictionary's unit; NaN is unknown.

    Raises ValueError, naming the place, if a number lies outside the dictionary's limits.
    """
    borders = [piece for piece, _ in column.pieces[1:]]
    unknown = np.uint8(len(column.elements))
    codes = np.empty(values.shape, np.uint8)

    def encode(part: slice) -> None:
        here, found = values[part], codes[part]
        found[:] = 0
        for border in borders:
            beyond = here > border.low if border.low_open else here >= border.low
            np.add(found, beyond.view(np.uint8), out=found)
        _refuse_outside(column, here, part.start)
        found[np.isnan(here)] = unknown

    _in_parts(encode, len(values), threads)
    return CodedColumn(column.term.name, codes, (*column.elements, None))


def _refuse_outside(column: Column, values: npt.NDArray[np.floating], start: int) -> None:
    domain = column.term.domain
    assert isinstance(domain, Numbers)
    first, last = domain.intervals[0], domain.intervals[-1]
    # fmin and fmax pass over NaN; only a part that fails is searched for the place.
    lowest, highest = np.fmin.reduce(values), np.fmax.reduce(values)
    if np.isnan(lowest) or (first.meets(_point(lowest)) and last.meets(_point(highest))):
        return
    for place, value in enumerate(values):
        if not np.isnan(value) and Numbers.exactly(float(value)).intersect(domain).is_empty():
            what = f"value {value:g} at place {start + place} lies outside {domain}"
            raise ValueError(f"{column.term.name}: {what}")


def _point(value: np.floating) -> Interval:
    return Interval(float(value), float(value))


def encode_choices(
    column: Column, places: npt.NDArray[np.integer], *, threads: int | None = None
) -> CodedColumn:
    """Codes for choices given as places in the dictionary's values; -1 is unknown."""
    values = column.term.values
    if places.size and (int(places.max()) >= len(values) or int(places.min()) < -1):
        raise ValueError(f"{column.term.name}: places run from -1 (unknown) to {len(values) - 1}")
    look_up = np.empty(len(values) + 1, np.uint8)
    for number, element in enumerate(column.elements):
        assert isinstance(element, Choices)
        for value in element.values:
            look_up[values.index(value)] = number
    look_up[-1] = len(column.elements)
    codes = np.empty(places.shape, np.uint8)

    def encode(part: slice) -> None:
        np.take(look_up, places[part], out=codes[part], mode="wrap")

    _in_parts(encode, len(places), threads)
    return CodedColumn(column.term.name, codes, (*column.elements, None))


def encode_sets(column: Column, values: Sequence[Possible | None]) -> CodedColumn:
    """Codes for any sets of possible values (ranges, conflicts, findings); None is unknown."""
    meanings: dict[Possible | None, int] = {}
    codes = np.fromiter(
        (meanings.setdefault(value, len(meanings)) for value in values), np.int64, len(values)
    )
    if len(meanings) > 256:
        merged = _merge_alike(column, tuple(meanings))
        codes, meanings = merged[0][codes], {m: n for n, m in enumerate(merged[1])}
    return CodedColumn(column.term.name, codes.astype(np.uint8), tuple(meanings))


def _merge_alike(
    column: Column, meanings: tuple[Possible | None, ...]
) -> tuple[npt.NDArray[np.int64], tuple[Possible | None, ...]]:
    """One code for all sets that fit the same rows."""
    kept: dict[tuple[Bits, Bits], int] = {}
    first: list[Possible | None] = []
    places = []
    for meaning in meanings:
        rows = column.whole if meaning is None else column.rows(meaning)
        if rows not in kept:
            kept[rows] = len(kept)
            first.append(meaning)
        places.append(kept[rows])
    if len(kept) > 256:
        raise ValueError(f"{column.term.name}: more than 256 different kinds of value in one call")
    return np.asarray(places, np.int64), tuple(first)


def decide_columns(
    compiled: CompiledTable, columns: Mapping[str, CodedColumn], *, threads: int | None = None
) -> ManyAnswers:
    """Decide every patient. An input without a column is unknown for all.

    All columns have the same length. Raises ValueError if lengths differ or if there is none.
    """
    given = [columns[c.term.name] for c in compiled.columns if c.term.name in columns]
    if not given:
        raise ValueError(f"none of the inputs of {compiled.table.id} has a column")
    if len({column.codes.shape for column in given}) > 1:
        raise ValueError("the columns have different lengths")
    if math.prod(len(column.meanings) for column in given) > MOST_ANSWERS:
        return _by_combination(compiled, given)
    answers, some, every = _look_up_table(compiled, given)
    used = [column for column in given if len(column.meanings) > 1]
    found = np.empty(given[0].codes.shape, answers.dtype)
    _fill(found, answers, used, threads)
    return ManyAnswers(compiled, found, some, every)


def _by_combination(compiled: CompiledTable, given: list[CodedColumn]) -> ManyAnswers:
    """Decide each combination of codes that occurs, where a table of all would be too large."""
    stacked = np.stack([column.codes for column in given], axis=1)
    combinations, places = np.unique(stacked, axis=0, return_inverse=True)
    fits = _fits(compiled, given)
    pairs = []
    for codes in combinations:
        some, every = _undriven(compiled, given)
        for place, code in enumerate(codes):
            some &= fits[place][code][0]
            every &= fits[place][code][1]
        pairs.append((some, every))
    return ManyAnswers(
        compiled,
        places.reshape(-1).astype(np.uint32),
        tuple(pair[0] for pair in pairs),
        tuple(pair[1] for pair in pairs),
    )


def _fits(compiled: CompiledTable, given: list[CodedColumn]) -> list[list[tuple[Bits, Bits]]]:
    """For every column and code the rows that may and that must fit."""
    columns = {column.term.name: column for column in compiled.columns}
    return [
        [columns[g.name].whole if m is None else columns[g.name].rows(m) for m in g.meanings]
        for g in given
    ]


def _undriven(compiled: CompiledTable, given: list[CodedColumn]) -> tuple[Bits, Bits]:
    """The rows that may and must fit as far as the inputs without a column go."""
    some = every = compiled.all_rows
    names = {column.name for column in given}
    for column in compiled.columns:
        if column.term.name not in names:
            some &= column.whole[0]
            every &= column.whole[1]
    return some, every


def _look_up_table(
    compiled: CompiledTable, given: list[CodedColumn]
) -> tuple[npt.NDArray[np.unsignedinteger], tuple[Bits, ...], tuple[Bits, ...]]:
    """For every combination of codes the number of its answer, and the answers."""
    pairs = [_undriven(compiled, given)]
    for fits in _fits(compiled, given):
        pairs = [(some & a, every & b) for some, every in pairs for a, b in fits]
    distinct = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    dtype: type[np.unsignedinteger] = np.uint8 if len(distinct) <= 256 else np.uint32
    answers: npt.NDArray[np.unsignedinteger] = np.fromiter(
        (distinct[pair] for pair in pairs), dtype, len(pairs)
    )
    return answers, tuple(p[0] for p in distinct), tuple(p[1] for p in distinct)


def _fill(
    found: npt.NDArray[np.unsignedinteger],
    answers: npt.NDArray[np.unsignedinteger],
    columns: list[CodedColumn],
    threads: int | None,
) -> None:
    index = np.min_scalar_type(max(len(answers) - 1, 0))

    def fill(part: slice) -> None:
        place = np.zeros(part.stop - part.start, index)
        for column in columns:
            np.multiply(place, index.type(len(column.meanings)), out=place)
            np.add(place, column.codes[part], out=place, casting="unsafe")
        np.take(answers, place, out=found[part], mode="clip")

    _in_parts(fill, len(found), threads)


def _in_parts(work: Callable[[slice], None], length: int, threads: int | None) -> None:
    """Do the work in parts that stay in the processor's cache, on several threads."""
    parts = [slice(s, min(s + CHUNK, length)) for s in range(0, length, CHUNK)]
    workers = threads or os.cpu_count() or 1
    if workers == 1 or len(parts) == 1:
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, parts))
