"""What follows from facts: tables whose rows narrow other facts instead of advising.

A row that surely fits leaves of the fact that it names only what its `means` allows. A row that
only may fit says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Numbers, Possible
from stromal.tables.cell import CellError, read_cell
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import Known, decide_bits, numbers_of
from stromal.tables.document import Row

ROLE = "consequence"


@dataclass(frozen=True, slots=True)
class Consequence:
    """A row, the facts that it tests, and what it leaves possible of the fact `name`."""

    document: str
    row: Row
    tested: tuple[str, ...]
    name: str
    means: Possible


@dataclass(frozen=True, slots=True)
class Consequences:
    """A compiled table of this role, with the meaning of each row in their order."""

    compiled: CompiledTable
    rows: tuple[Consequence, ...]


def read_consequences(compiled: CompiledTable, terms: Mapping[str, Term]) -> Consequences:
    """The meaning of each row. Raises CellError for one that cannot be read (`meaning_of`)."""
    table = compiled.table
    names = [term.name for term in table.inputs]
    return Consequences(
        compiled,
        tuple(
            Consequence(
                document=table.id,
                row=row,
                tested=tuple(n for n, cell in zip(names, row.cells, strict=True) if cell),
                name=row.outputs["fact"],
                means=meaning_of(row.outputs["fact"], row.outputs["means"], terms),
            )
            for row in table.rows
        ),
    )


def meaning_of(name: str, text: str, terms: Mapping[str, Term]) -> Possible:
    """What a row leaves possible of a fact, from its two cells; raises CellError."""
    if name not in terms:
        raise CellError(f"{name!r} is not a fact of the dictionary; name one")
    cell = read_cell(text, terms[name])
    if not isinstance(cell, Numbers | Choices):
        raise CellError("no row can mean this; name the values of a choice or a number")
    return cell


def what_follows(tables: Sequence[Consequences], known: Known) -> Iterator[Consequence]:
    """Every row that surely fits, table by table."""
    for one in tables:
        _, every = decide_bits(one.compiled, known)
        yield from (one.rows[number] for number in numbers_of(every))


def of_role(compiled: Iterable[CompiledTable]) -> Iterator[CompiledTable]:
    """The tables of this role."""
    return (one for one in compiled if one.table.role == ROLE)
