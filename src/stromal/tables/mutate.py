"""Would anybody notice? Each cell, border, sign, outcome and column pair is changed in turn.

A mutant counts if it changes the meaning of the table; it is caught if a proof, a law, a copy
or an example of the document then fails, or a case of the exam (asked last, being slower).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers
from stromal.tables.cell import Cell, Condition
from stromal.tables.compile import CompiledTable, compile_table
from stromal.tables.document import Row, Table
from stromal.tables.prove import prove

CaseCheck = Callable[[Table], bool]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A table with one thing changed, and what was changed, in words."""

    table: Table
    row: str
    column: str
    change: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether anything noticed the mutant: 'proof', 'case' or '' if nothing did."""

    mutant: Mutant
    noticed_by: str


def mutants(table: Table) -> Iterator[Mutant]:
    """Every single change that alters the meaning of one row, then every swap of two columns."""
    for number, row in enumerate(table.rows):
        for place, (term, cell) in enumerate(zip(table.inputs, row.cells, strict=True)):
            for changed, words in _changed_cells(cell, term):
                if _meaning(changed, term) != _meaning(cell, term):
                    cells = (*row.cells[:place], changed, *row.cells[place + 1 :])
                    yield _mutant(table, number, replace(row, cells=cells), term.name, words)
        yield from _outcome_mutants(table, number, row)
    yield from _swaps(table)


def judge(
    mutant: Mutant, others: Mapping[str, CompiledTable], in_cases: CaseCheck | None
) -> Verdict:
    """What notices the mutant."""
    if prove(compile_table(mutant.table), others):
        return Verdict(mutant, "proof")
    if in_cases is not None and in_cases(mutant.table):
        return Verdict(mutant, "case")
    return Verdict(mutant, "")


def _mutant(table: Table, number: int, row: Row, column: str, change: str) -> Mutant:
    rows = (*table.rows[:number], row, *table.rows[number + 1 :])
    return Mutant(replace(table, rows=rows), row.id, column, change)


def _meaning(cell: Cell, term: Term) -> object:
    if cell is None:
        return None if isinstance(term.domain, Members) else term.domain
    if isinstance(cell, Numbers) and isinstance(term.domain, Numbers):
        return cell.intersect(term.domain)
    return cell


def _changed_cells(cell: Cell, term: Term) -> Iterator[tuple[Cell, str]]:
    if cell is None:
        return
    yield None, "any value"
    if isinstance(cell, Numbers):
        yield from _changed_numbers(cell, term)
    elif isinstance(cell, Choices):
        for word in term.values:
            changed = Choices(cell.values ^ {word})
            if not changed.is_empty():
                yield changed, f"{'without' if word in cell.values else 'with'} {word}"
        if len(term.values) > len(cell.values):
            yield Choices(frozenset(term.values) - cell.values), "negated"
    else:
        yield from _changed_condition(cell)


def _changed_numbers(cell: Numbers, term: Term) -> Iterator[tuple[Cell, str]]:
    assert isinstance(term.domain, Numbers)
    yield cell.complement(), "negated"
    for number, interval in enumerate(cell.intervals):
        for changed, words in _changed_interval(interval):
            parts = (*cell.intervals[:number], changed, *cell.intervals[number + 1 :])
            numbers = Numbers.of(parts)
            if not numbers.intersect(term.domain).is_empty():
                yield numbers, words


def _changed_interval(interval: Interval) -> Iterator[tuple[Interval, str]]:
    for end in ("low", "high"):
        value: float = getattr(interval, end)
        if value in (float("inf"), float("-inf")):
            continue
        flipped = not getattr(interval, f"{end}_open")
        yield replace(interval, **{f"{end}_open": flipped}), f"border {value:g} flipped"
        for moved in _moved(value):
            yield _with_end(interval, end, moved), f"border {value:g} moved to {moved:g}"


def _with_end(interval: Interval, end: str, value: float) -> Interval:
    return replace(interval, low=value) if end == "low" else replace(interval, high=value)


def _moved(value: float) -> tuple[float, float]:
    step = 1.0 if abs(value) >= 2 else 0.5
    return value - step, value + step


def _changed_condition(cell: Condition) -> Iterator[tuple[Cell, str]]:
    if not cell.none_of and len(cell.any_of) == 1:
        yield Condition((), cell.any_of[0]), "negated"
    if cell.none_of and not cell.any_of:
        yield Condition((cell.none_of,), frozenset()), "negated"
    for number, wanted in enumerate(cell.any_of):
        for word in sorted(wanted):
            fewer = (wanted - {word},) if len(wanted) > 1 else ()
            parts = (*cell.any_of[:number], *fewer, *cell.any_of[number + 1 :])
            if parts or cell.none_of:
                yield replace(cell, any_of=parts), f"without {word}"
    for word in sorted(cell.none_of):
        if len(cell.none_of) > 1 or cell.any_of:
            yield replace(cell, none_of=cell.none_of - {word}), f"without {word}"


def _outcome_mutants(table: Table, number: int, row: Row) -> Iterator[Mutant]:
    if table.kind != "one":
        return
    for outcome in table.outcomes:
        if outcome != row.outputs[table.decides]:
            outputs = {**row.outputs, table.decides: outcome}
            changed = replace(row, outputs=outputs)
            yield _mutant(table, number, changed, table.decides, f"outcome {outcome}")


def output_mutants(table: Table) -> Iterator[Mutant]:
    """Every output but the outcome of a `one` table exchanged for another value of its column.

    No proof looks at these (a dose, a strength, an effect), so only the exam can notice.
    """
    for name in table.outputs:
        if name == table.decides:
            continue
        values = tuple(dict.fromkeys(row.outputs[name] for row in table.rows))
        for number, row in enumerate(table.rows):
            other = next((value for value in values if value != row.outputs[name]), None)
            if other is not None:
                changed = replace(row, outputs={**row.outputs, name: other})
                yield _mutant(table, number, changed, name, f"{row.outputs[name]} -> {other}")


def _swaps(table: Table) -> Iterator[Mutant]:
    """Two columns of the same shape exchanged, where that changes a row."""
    for a, first in enumerate(table.inputs):
        for b, second in enumerate(table.inputs[a + 1 :], a + 1):
            if first.domain == second.domain:
                rows = tuple(replace(row, cells=_swapped(row.cells, a, b)) for row in table.rows)
                if rows != table.rows:
                    change = f"columns {first.name} and {second.name} exchanged"
                    yield Mutant(replace(table, rows=rows), "", first.name, change)
    yield from _value_swaps(table)


def _value_swaps(table: Table) -> Iterator[Mutant]:
    """Two values of one choice exchanged in every row: the swapped heading of a printed table."""
    for place, term in enumerate(table.inputs):
        if not isinstance(term.domain, Choices):
            continue
        used = sorted(
            {
                frozenset(c.values)
                for row in table.rows
                if isinstance(c := row.cells[place], Choices)
            },
            key=sorted,
        )
        for i, one in enumerate(used):
            for other in used[i + 1 :]:
                if one & other:
                    continue
                rows = tuple(_exchange(row, place, one, other) for row in table.rows)
                change = f"{', '.join(sorted(one))} and {', '.join(sorted(other))} exchanged"
                if set(_outcomes_by_box(table, rows)) != set(_outcomes_by_box(table, table.rows)):
                    yield Mutant(replace(table, rows=rows), "", term.name, change)


def _exchange(row: Row, place: int, one: frozenset[str], other: frozenset[str]) -> Row:
    cell = row.cells[place]
    if not isinstance(cell, Choices) or cell.values not in (one, other):
        return row
    swapped = Choices(other if cell.values == one else one)
    return replace(row, cells=(*row.cells[:place], swapped, *row.cells[place + 1 :]))


def _outcomes_by_box(table: Table, rows: tuple[Row, ...]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        outcome = row.outputs[table.decides] if table.kind == "one" else row.id
        yield (row.cells, outcome)


def _swapped(cells: tuple[Cell, ...], a: int, b: int) -> tuple[Cell, ...]:
    changed = list(cells)
    changed[a], changed[b] = changed[b], changed[a]
    return tuple(changed)
