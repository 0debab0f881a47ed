"""One compilation of a table: each input's domain cut at the table's own borders.

A `Column` knows its elementary cells (no cell of the table tells two values in one of them
apart) and, for each, the rows that fit as a bit set. Both readings, one patient and many,
start from here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers, Possible
from stromal.tables.cell import Cell, Condition, covers, overlaps
from stromal.tables.document import Table

Bits = int
MOST_FINDINGS = 10
MOST_KEPT = 256
"""So many answers of a column are kept."""


@dataclass(frozen=True, slots=True)
class Column:
    """One input of a table. `fits[e]` are the rows (bits) that element `e` fits."""

    term: Term
    cells: tuple[Cell, ...]
    elements: tuple[Possible, ...]
    fits: tuple[Bits, ...]
    by_word: dict[str, Bits]
    pieces: tuple[tuple[Interval, Bits], ...]
    whole: tuple[Bits, Bits]
    found: dict[int, tuple[Possible, tuple[Bits, Bits]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def rows(self, possible: Possible) -> tuple[Bits, Bits]:
        """The rows that some possible value fits, and those that every possible value fits.

        The last answers are kept by the very object asked for, since the what-ifs of one patient
        ask again and again.
        """
        kept = self.found.get(id(possible))
        if kept is not None and kept[0] is possible:
            return kept[1]
        rows = self._rows(possible)
        if len(self.found) >= MOST_KEPT:
            self.found.clear()
        self.found[id(possible)] = (possible, rows)
        return rows

    def _rows(self, possible: Possible) -> tuple[Bits, Bits]:
        if isinstance(possible, Choices):
            return _any_and_all(self.by_word[word] for word in possible.values)
        if isinstance(possible, Numbers):
            return self._rows_of_numbers(possible)
        return self._rows_of_findings(possible)

    def _rows_of_numbers(self, possible: Numbers) -> tuple[Bits, Bits]:
        some, every = 0, -1
        for piece, fit in self.pieces:
            for interval in possible.intervals:
                if piece.meets(interval):
                    some |= fit
                    every &= fit
                    break
        return some, every

    def _rows_of_findings(self, possible: Members) -> tuple[Bits, Bits]:
        some = every = 0
        for number, cell in enumerate(self.cells):
            some |= overlaps(possible, cell) << number
            every |= covers(possible, cell) << number
        return some, every


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table ready to be decided."""

    table: Table
    columns: tuple[Column, ...]
    all_rows: Bits
    names: tuple[str, ...]
    """The names of the inputs, in the order of the columns."""


def compile_table(table: Table) -> CompiledTable:
    """Cut every input at the table's own borders."""
    columns = tuple(
        compile_column(term, tuple(row.cells[place] for row in table.rows))
        for place, term in enumerate(table.inputs)
    )
    names = tuple(term.name for term in table.inputs)
    return CompiledTable(table, columns, (1 << len(table.rows)) - 1, names)


def compile_column(term: Term, cells: tuple[Cell, ...]) -> Column:
    """One input with the cells of all rows, in row order."""
    elements = elementary(term, cells)
    rows = _rows_by_cell(cells)
    fits = tuple(_fitting(element, rows) for element in elements)
    by_word: dict[str, Bits] = {}
    for element, fit in zip(elements, fits, strict=True):
        if isinstance(element, Choices):
            by_word |= dict.fromkeys(element.values, fit)
    pieces = tuple(
        (element.intervals[0], fit)
        for element, fit in zip(elements, fits, strict=True)
        if isinstance(element, Numbers)
    )
    column = Column(term, cells, elements, fits, by_word, pieces, (0, 0))
    return replace(column, whole=column.rows(term.domain))


def _rows_by_cell(cells: Iterable[Cell]) -> dict[Cell, Bits]:
    """For each cell, the rows that have it: most cells stand in many rows."""
    rows: dict[Cell, Bits] = {}
    for number, cell in enumerate(cells):
        rows[cell] = rows.get(cell, 0) | 1 << number
    return rows


def elementary(
    term: Term, cells: Iterable[Cell], possible: Possible | None = None
) -> tuple[Possible, ...]:
    """What is possible of `term`, cut so finely that no cell parts two values of one piece.

    `possible` is the whole domain unless given. Findings are represented by one completion for
    each combination that the cells can tell apart; beyond MOST_FINDINGS open ones there are too
    many combinations, and none is returned.
    """
    distinct = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
    whole = term.domain if possible is None else possible
    if isinstance(whole, Numbers):
        return tuple(_number_elements(whole, distinct))
    if isinstance(whole, Choices):
        values = [value for value in term.values if value in whole.values]
        return tuple(_choice_elements(values, distinct))
    return tuple(_finding_elements(whole, distinct))


def _number_elements(domain: Numbers, cells: Sequence[Cell]) -> Iterator[Numbers]:
    parts: list[Interval] = []
    for piece in _pieces(domain, cells):
        if (
            parts
            and _same(Numbers((parts[-1],)), Numbers((piece,)), cells)
            and _adjacent(parts[-1], piece)
        ):
            parts[-1] = Interval(parts[-1].low, piece.high, parts[-1].low_open, piece.high_open)
        else:
            parts.append(piece)
    return (Numbers((part,)) for part in parts)


def _pieces(domain: Numbers, cells: Sequence[Cell]) -> Iterator[Interval]:
    sets = [domain, *(cell for cell in cells if isinstance(cell, Numbers))]
    ends = sorted({end for s in sets for i in s.intervals for end in (i.low, i.high)})
    for low, high in itertools.pairwise([*ends, ends[-1]]):
        for piece in (Interval(low, low), Interval(low, high, True, True)):
            if not piece.is_empty() and Numbers((piece,)).is_subset(domain):
                yield piece


def _adjacent(left: Interval, right: Interval) -> bool:
    return left.high == right.low and (left.high_open != right.low_open)


def _same(left: Possible, right: Possible, cells: Sequence[Cell]) -> bool:
    return all(overlaps(left, cell) == overlaps(right, cell) for cell in cells)


def _choice_elements(values: Sequence[str], cells: Sequence[Cell]) -> Iterator[Choices]:
    groups: dict[tuple[bool, ...], list[str]] = {}
    for value in values:
        signature = tuple(overlaps(Choices.of(value), cell) for cell in cells)
        groups.setdefault(signature, []).append(value)
    return (Choices.of(*group) for group in groups.values())


def _finding_elements(whole: Members, cells: Sequence[Cell]) -> Iterator[Members]:
    sets = [
        s for cell in cells if isinstance(cell, Condition) for s in (*cell.any_of, cell.none_of)
    ]
    settled = {_signature(value, sets) for value in whole.certain}
    heads: dict[tuple[bool, ...], str] = {}
    for value in sorted(whole.possible - whole.certain):
        signature = _signature(value, sets)
        if any(signature) and signature not in settled:
            heads.setdefault(signature, value)
    if len(heads) > MOST_FINDINGS:
        return
    for present in itertools.product((False, True), repeat=len(heads)):
        yield Members.exactly(whole.certain.union(itertools.compress(heads.values(), present)))


def _signature(value: str, sets: Sequence[frozenset[str]]) -> tuple[bool, ...]:
    return tuple(value in s for s in sets)


def _fitting(element: Possible, rows: Mapping[Cell, Bits]) -> Bits:
    # The cells part the rows, so that their bits add up.
    return sum(bits for cell, bits in rows.items() if overlaps(element, cell))


def _any_and_all(parts: Iterable[Bits]) -> tuple[Bits, Bits]:
    some, every = 0, -1
    for part in parts:
        some |= part
        every &= part
    return some, every
