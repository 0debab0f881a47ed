"""What a rule document holds, once read and typed: values only, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Possible
from stromal.tables.cell import Cell

STATUSES = ("full", "abstract", "secondary", "recalled", "derived", "convention")
ROLE_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "scheme": (),
    "finding": (),
    "guard": ("target", "effect", "remedy"),
    "note": ("topic",),
    "requirement": ("requires", "level"),
    "option": ("option", "drug", "setting", "strength"),
    "task": ("task",),
    "consequence": ("fact", "means"),
}
# An output is checked against the fact of its name. Options come from two lists: drugs and surgery.
OUTPUT_FACTS: Mapping[str, tuple[str, ...]] = {"option": ("option", "surgical_option")}


@dataclass(frozen=True, slots=True)
class Citation:
    """A source key and the place in that work ('' if the whole)."""

    key: str
    place: str

    def __str__(self) -> str:
        return f"{self.key}, {self.place}" if self.place else self.key


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: the cells in the order of the table's inputs, what follows, and why."""

    id: str
    cells: tuple[Cell, ...]
    texts: tuple[str, ...]
    outputs: Mapping[str, str]
    citations: tuple[Citation, ...]
    status: str
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """A worked patient inside the document. `expected` are outcomes (one) or row ids (all).

    `excluded` are rows that must not even possibly fit.
    """

    case: str
    facts: Mapping[str, Possible]
    expected: frozenset[str]
    possible: frozenset[str] | None
    row: str
    line: int
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where another source prints something else, for the corner that `cells` describe."""

    id: str
    rows: tuple[str, ...]
    cells: Mapping[str, Cell]
    printed: str
    citations: tuple[Citation, ...]
    status: str
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Copy:
    """What one printed copy of the table shows in one place."""

    row: str
    output: str
    source: str
    printed: str
    line: int


@dataclass(frozen=True, slots=True)
class Law:
    """A law of the document: `kind` rising, only or same, and what it speaks of."""

    kind: str
    subject: str
    rows: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Table:
    """A rule document that can be decided."""

    id: str
    title: str
    kind: str
    role: str
    decides: str
    question: str
    outcomes: tuple[str, ...]
    inputs: tuple[Term, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]
    disputes: tuple[Dispute, ...]
    copies: tuple[Copy, ...]
    laws: tuple[Law, ...]
    guideline: str
    edition: str
    in_force: str
    until: str
    text: str
    source_path: str

    @cached_property
    def outcome_bits(self) -> tuple[tuple[str, int], ...]:
        """For each outcome, in the document's order, the rows that have it as bits."""
        return tuple(
            (
                outcome,
                sum(
                    (row.outputs.get(self.decides) == outcome) << n
                    for n, row in enumerate(self.rows)
                ),
            )
            for outcome in self.outcomes
        )

    @cached_property
    def said_by(self) -> dict[int, tuple[tuple[str, ...], Choices]]:
        """What rows (bits) say, as found so far: kept because every patient asks again."""
        return {}

    def row(self, row_id: str) -> Row:
        """The row of that id; raises KeyError if there is none."""
        for row in self.rows:
            if row.id == row_id:
                return row
        raise KeyError(f"{self.id} has no row {row_id}")
