"""Deciding one patient: the rows that still may fit and those that must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stromal.facts.possible import Choices, Possible
from stromal.tables.cell import covers, overlaps
from stromal.tables.compile import Bits, CompiledTable
from stromal.tables.document import Row, Table

Known = Mapping[str, Possible]
MOST_KEPT = 4096
"""For so many sets of rows a table keeps what they say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says of one patient.

    `some` are the rows that may fit, `every` those that fit whatever the unknown turns out to be,
    both as bits. `exact` is False where `some` may hold too many rows.
    """

    table: Table
    some: Bits
    every: Bits
    exact: bool = True

    @property
    def possible(self) -> tuple[int, ...]:
        """The numbers of the rows that may fit, rising."""
        return numbers_of(self.some)

    @property
    def certain(self) -> tuple[int, ...]:
        """The numbers of the rows that must fit, rising."""
        return numbers_of(self.every)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes still possible, in the document's order."""
        return outcomes_of(self.table, self.some)

    @property
    def settled(self) -> bool:
        """True if nothing that is unknown can change the answer."""
        if self.table.kind == "one":
            return len(self.outcomes) == 1
        return self.some == self.every

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows still possible."""
        return tuple(self.table.rows[number] for number in self.possible)

    @property
    def certain_rows(self) -> tuple[Row, ...]:
        """The rows that fit whatever the unknown turns out to be."""
        return tuple(self.table.rows[number] for number in self.certain)


def outcomes_of(table: Table, rows: Bits) -> tuple[str, ...]:
    """The outcomes of some rows, in the document's order."""
    return _said_by(table, rows)[0]


def choices_of(table: Table, rows: Bits) -> Choices:
    """The outcomes of some rows as what is possible of the decision."""
    return _said_by(table, rows)[1]


def _said_by(table: Table, rows: Bits) -> tuple[tuple[str, ...], Choices]:
    found = table.said_by.get(rows)
    if found is None:
        outcomes = tuple(outcome for outcome, bits in table.outcome_bits if bits & rows)
        found = (outcomes, Choices(frozenset(outcomes)))
        if len(table.said_by) < MOST_KEPT:
            table.said_by[rows] = found
    return found


def decide(compiled: CompiledTable, known: Known) -> Answer:
    """The rows of one table for one patient; an input that is not in `known` is unknown."""
    some, every = decide_bits(compiled, known)
    return Answer(compiled.table, some, every)


def decide_bits(compiled: CompiledTable, known: Known) -> tuple[Bits, Bits]:
    """As `decide`, with rows as bits."""
    some = every = compiled.all_rows
    for name, column in zip(compiled.names, compiled.columns, strict=True):
        possible = known.get(name)
        fit, must = column.whole if possible is None else column.rows(possible)
        some &= fit
        if not some:  # a guard that speaks of somebody else
            return 0, 0
        every &= must
    return some, every


def decide_by_reading(table: Table, known: Known) -> Answer:
    """The meaning of a table, read cell by cell: what every faster reading must equal."""
    some = every = 0
    for number, row in enumerate(table.rows):
        facts = [known.get(term.name, term.domain) for term in table.inputs]
        pairs = list(zip(facts, row.cells, strict=True))
        some |= all(overlaps(fact, cell) for fact, cell in pairs) << number
        every |= all(covers(fact, cell) for fact, cell in pairs) << number
    return Answer(table, some, every)


def numbers_of(bits: Bits) -> tuple[int, ...]:
    """The places of the set bits, rising."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return tuple(found)
