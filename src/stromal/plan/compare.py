"""Where guidelines part: computed from their rows, for one patient or for all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from stromal.facts.possible import Choices
from stromal.library import Library
from stromal.plan.treatment import EVERYWHERE, GUIDELINE, Option, Treatment
from stromal.tables.boxes import Box, box_of, shared, without_all
from stromal.tables.compile import CompiledTable
from stromal.tables.document import Row

MOST_PIECES = 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that one guideline says and another does not say in the same situation."""

    document: str
    first: str
    second: str
    option: str
    strength: str
    situation: str
    row: str
    words: str
    citations: tuple[str, ...]
    status: str
    instead: tuple[str, ...]
    """What the second says there: 'option (strength), row'; empty where it is silent."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One option under several guidelines: the strength each gives it, '' where it is silent.

    `beside` is what rows that stand under every guideline say of it (labels, other bodies).
    """

    option: str
    drug: str
    setting: str
    state: str
    strengths: tuple[tuple[str, str], ...]
    beside: str

    @property
    def differs(self) -> bool:
        """True if not all say the same."""
        return len({strength for _, strength in self.strengths}) > 1


def compare_options(treatment: Treatment) -> list[Comparison]:
    """One patient's options with what each guideline says of them."""
    return [_comparison(treatment, option) for option in treatment.options]


def differences(
    library: Library, guidelines: tuple[str, ...] = (), day: datetime.date | None = None
) -> Iterator[Difference]:
    """Every pairwise difference on a day, over all patients that the rows can tell apart."""
    for compiled in sorted(library.at(day).tables, key=lambda c: c.table.id):
        names = [column.term.name for column in compiled.columns]
        if compiled.table.role == "option" and GUIDELINE in names:
            yield from _table_differences(compiled, names.index(GUIDELINE), guidelines)


def _comparison(treatment: Treatment, option: Option) -> Comparison:
    said: dict[str, dict[str, bool]] = {}
    for advice in option.advice:
        by_strength = said.setdefault(advice.guideline, {})
        by_strength[advice.strength] = by_strength.get(advice.strength, False) or advice.certain
    by_name = {
        name: " or ".join(word if sure else f"{word} if it fits" for word, sure in words.items())
        for name, words in said.items()
    }
    return Comparison(
        option=option.name,
        drug=option.drug,
        setting=option.setting,
        state=option.state,
        strengths=tuple((name, by_name.get(name, "")) for name in treatment.guidelines),
        beside=by_name.get(EVERYWHERE, ""),
    )


def _table_differences(
    compiled: CompiledTable, place: int, guidelines: tuple[str, ...]
) -> Iterator[Difference]:
    values = guidelines or compiled.columns[place].term.values
    rows = {name: list(_rows_of(compiled, place, name)) for name in values}
    for first, second in permutations(values, 2):
        if not rows[first] or not rows[second]:
            continue
        for number, box in rows[first]:
            yield from _difference(compiled, (first, second), number, box, rows[second])


def _rows_of(compiled: CompiledTable, place: int, name: str) -> Iterator[tuple[int, Box]]:
    """The rows that count under a guideline, as boxes over the other inputs."""
    for number, row in enumerate(compiled.table.rows):
        cell = row.cells[place]
        if cell is None or (isinstance(cell, Choices) and name in cell.values):
            columns = [c for i, c in enumerate(compiled.columns) if i != place]
            yield number, box_of(columns, number)


def _difference(
    compiled: CompiledTable,
    pair: tuple[str, str],
    number: int,
    box: Box,
    others: list[tuple[int, Box]],
) -> Iterator[Difference]:
    row = compiled.table.rows[number]
    alike = [
        other_box for other, other_box in others if _says(compiled.table.rows[other]) == _says(row)
    ]
    left = without_all(box, alike, MOST_PIECES)
    if left is None:  # too many pieces to tell: shown whole rather than not at all
        left = [box]
    if not left:
        return
    instead = dict.fromkeys(
        f"{compiled.table.rows[other].outputs['option']} "
        f"({compiled.table.rows[other].outputs['strength']}), row {compiled.table.rows[other].id}"
        for other, other_box in others
        if any(shared(part, other_box) for part in left)
    )
    conditions = [
        f"{term.name} {text}"
        for term, text in zip(compiled.table.inputs, row.texts, strict=True)
        if text != "-" and term.name != GUIDELINE
    ]
    yield Difference(
        document=compiled.table.id,
        first=pair[0],
        second=pair[1],
        option=row.outputs["option"],
        strength=row.outputs["strength"],
        situation=", ".join(conditions) or "always",
        row=row.id,
        words=row.words,
        citations=tuple(str(citation) for citation in row.citations),
        status=row.status,
        instead=tuple(instead),
    )


def _says(row: Row) -> tuple[str, str, str]:
    return row.outputs["option"], row.outputs["strength"], row.outputs["setting"]
