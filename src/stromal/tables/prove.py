"""What a table must be: complete, without overlap or dead rows, reached by examples, lawful.

Each function returns the faults it finds as problems that name document, line and remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from stromal.facts.possible import Choices, Numbers
from stromal.facts.problem import Problem
from stromal.tables.boxes import Box, box_of, describe, shared, whole_box, without_all
from stromal.tables.cell import Cell, Condition, overlaps
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import Answer, decide
from stromal.tables.document import Copy, Example, Law, Row, Table

MOST_BOXES = 20_000


def prove(compiled: CompiledTable, others: Mapping[str, CompiledTable]) -> list[Problem]:
    """Every fault of one table. `others` are the tables that laws may compare it with."""
    table = compiled.table
    faults = [*_dead_rows(compiled), *_repeated_ids(table)]
    if table.kind == "one":
        faults += [*_overlaps(compiled), *_gaps(compiled)]
    faults += [*_examples(compiled), *_copies(table)]
    for law in table.laws:
        faults += _law(compiled, law, others)
    return faults


def place(table: Table, line: int, column: str = "") -> str:
    """Where a fault is: file, line and column."""
    return f"{table.source_path}:{line}" + (f", column {column}" if column else "")


def _repeated_ids(table: Table) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in table.rows:
        if row.id in seen:
            yield Problem(place(table, row.line, "id"), f"a second row {row.id}", "rename one")
        seen.add(row.id)


def _dead_rows(compiled: CompiledTable) -> Iterator[Problem]:
    table = compiled.table
    for number, row in enumerate(table.rows):
        for column, text in zip(compiled.columns, row.texts, strict=True):
            if not column.whole[0] >> number & 1:
                what = f"row {row.id} can never fit: {text} lies outside {column.term.domain}"
                yield Problem(place(table, row.line, column.term.name), what, "mend the cell")


def _boxes(compiled: CompiledTable) -> list[Box]:
    return [box_of(compiled.columns, number) for number in range(len(compiled.table.rows))]


def _overlaps(compiled: CompiledTable) -> Iterator[Problem]:
    table = compiled.table
    for (a, first), (b, second) in combinations(enumerate(_boxes(compiled)), 2):
        common = shared(first, second)
        if common is not None:
            both = f"rows {table.rows[a].id} and {table.rows[b].id} both fit"
            what = f"{both} {describe(compiled.columns, common)}"
            yield Problem(place(table, table.rows[b].line), what, "narrow one of them")


def _gaps(compiled: CompiledTable) -> Iterator[Problem]:
    left = without_all(whole_box(compiled.columns), _boxes(compiled), MOST_BOXES)
    if left is None:
        what = "too many pieces to prove that the rows are complete"
        yield Problem(place(compiled.table, 1), what, "split the table")
        return
    for gap in left[:5]:
        what = f"no row fits {describe(compiled.columns, gap)}"
        yield Problem(place(compiled.table, 1), what, "add a row, or widen one")


def _examples(compiled: CompiledTable) -> Iterator[Problem]:
    table = compiled.table
    reached: set[int] = set()
    for example in table.examples:
        answer = decide(compiled, example.facts)
        reached.update(_reached(answer))
        if what := wrong_example(answer, example):
            yield Problem(
                place(table, example.line, "expected"), what, "mend the row or the example"
            )
    for number, row in enumerate(table.rows):
        if number not in reached:
            what = f"no example reaches row {row.id}"
            yield Problem(place(table, row.line), what, "add one below '## Examples'")


def _reached(answer: Answer) -> tuple[int, ...]:
    return answer.certain


def wrong_example(answer: Answer, example: Example) -> str:
    """What is wrong about the answer, or '' if it is as the example expects."""
    if answer.table.kind == "one":
        found = frozenset(answer.outcomes)
        if found != example.expected:
            return f"{example.case!r}: expected {_list(example.expected)}, found {_list(found)}"
        rows = [row.id for row in answer.rows]
        if example.row and rows != [example.row]:
            return f"{example.case!r}: expected row {example.row}, found {_list(rows)}"
        return ""
    certain = frozenset(row.id for row in answer.certain_rows)
    possible = frozenset(row.id for row in answer.rows) - certain
    if certain != example.expected:
        return f"{example.case!r}: expected rows {_list(example.expected)}, found {_list(certain)}"
    if example.possible is not None and possible != example.possible:
        wanted, found_ = _list(example.possible), _list(possible)
        return f"{example.case!r}: expected possible {wanted}, found {found_}"
    if unwanted := (certain | possible) & example.excluded:
        return f"{example.case!r}: must not fit, but may: {_list(unwanted)}"
    return ""


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _copies(table: Table) -> Iterator[Problem]:
    known = {row.id: row for row in table.rows}
    for copy in table.copies:
        row = known.get(copy.row)
        if row is None or copy.output not in row.outputs:
            what = f"a copy names row {copy.row}, output {copy.output}, which are not there"
            yield Problem(place(table, copy.line), what, "name a row and an output")
        else:
            yield from _copied(table, copy, row.outputs[copy.output])


def _copied(table: Table, copy: Copy, ours: str) -> Iterator[Problem]:
    """A copy that differs must be declared, and one that agrees must not be.

    Otherwise a row exchanged for the value that it disputes would go unnoticed.
    """
    declared = _declared(table, copy.row, copy.source, copy.printed)
    where = place(table, copy.line, copy.source)
    if copy.printed != ours and not declared:
        what = f"{copy.source} prints {copy.printed!r} where row {copy.row} has {ours!r}"
        yield Problem(where, what, "mend the row or declare it below '## Disputes'")
    elif copy.printed == ours and declared:
        what = f"row {copy.row} has {ours!r}, which '## Disputes' declares as not ours"
        yield Problem(where, what, "mend the row or take the dispute away")


def _declared(table: Table, row: str, source: str, printed: str) -> bool:
    return any(
        row in dispute.rows
        and printed == dispute.printed
        and any(citation.key == source for citation in dispute.citations)
        for dispute in table.disputes
    )


def _law(
    compiled: CompiledTable, law: Law, others: Mapping[str, CompiledTable]
) -> Iterator[Problem]:
    if law.kind == "rising":
        return _rising(compiled, law)
    if law.kind == "only":
        return _only(compiled.table, law)
    return _same(compiled, law, others)


def _rising(compiled: CompiledTable, law: Law) -> Iterator[Problem]:
    table = compiled.table
    places = [i for i, column in enumerate(compiled.columns) if column.term.name == law.subject]
    if not places:
        yield Problem(
            place(table, 1, "laws"), f"no input {law.subject}", "name an input of the table"
        )
        return
    rank = {outcome: number for number, outcome in enumerate(table.outcomes)}
    boxes = [
        (row, box)
        for row, box in zip(table.rows, _boxes(compiled), strict=True)
        if row.id not in law.rows and row.outputs[table.decides] in rank
    ]
    for lower, low_box in boxes:
        for upper, high_box in boxes:
            if not _below(low_box, high_box, places[0]):
                continue
            if rank[lower.outputs[table.decides]] > rank[upper.outputs[table.decides]]:
                what = f"'{law.text}' is broken: row {lower.id}, below {upper.id}, is higher"
                yield Problem(
                    place(table, upper.line), what, "mend a row, or name it after 'except'"
                )


def _below(low: Box, high: Box, subject: int) -> bool:
    """True if some value of `low` lies below one of `high`, all else being equal."""
    others = all(a & b for i, (a, b) in enumerate(zip(low, high, strict=True)) if i != subject)
    lowest = low[subject] & -low[subject]
    return others and lowest.bit_length() < high[subject].bit_length()


def _only(table: Table, law: Law) -> Iterator[Problem]:
    for row in table.rows:
        if (row.outputs.get(table.decides) == law.subject) != (row.id in law.rows):
            what = f"the law '{law.text}' is broken by row {row.id}"
            yield Problem(place(table, row.line), what, "mend the row or the law")


def _same(
    compiled: CompiledTable, law: Law, others: Mapping[str, CompiledTable]
) -> Iterator[Problem]:
    table, other = compiled.table, others.get(law.subject)
    if other is None:
        yield Problem(place(table, 1, "laws"), f"no document {law.subject}", "name a document")
        return
    for row in table.rows:
        for twin in other.table.rows:
            mine, theirs = row.outputs[table.decides], twin.outputs[other.table.decides]
            if mine != theirs and _meet(table, row, other.table, twin):
                what = f"'{law.text}' is broken: row {row.id} says {mine}, {twin.id} {theirs}"
                yield Problem(place(table, row.line), what, "mend one of them")


def _meet(table: Table, row: Row, other: Table, twin: Row) -> bool:
    """True if one patient may fit both rows."""
    theirs = {term.name: cell for term, cell in zip(other.inputs, twin.cells, strict=True)}
    return all(
        _cells_meet(cell, theirs.get(term.name))
        for term, cell in zip(table.inputs, row.cells, strict=True)
    )


def _cells_meet(mine: Cell, theirs: Cell) -> bool:
    if mine is None or theirs is None:
        return True
    if isinstance(mine, Condition) or isinstance(theirs, Condition):
        return mine == theirs
    assert isinstance(mine, Numbers | Choices)
    return overlaps(mine, theirs)


def unreached_rows(tables: Sequence[CompiledTable]) -> int:
    """How many rows no example reaches."""
    return sum(
        len(compiled.table.rows)
        - len(
            {
                n
                for example in compiled.table.examples
                for n in _reached(decide(compiled, example.facts))
            }
        )
        for compiled in tables
    )
