"""The sections around the rows: examples, disputes, printed copies."""

from __future__ import annotations

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.tables.cell import Cell, CellError, Condition
from stromal.tables.document import Copy, Dispute, Example, Table
from stromal.tables.markdown import Section
from stromal.tables.reading import (
    CLOSING,
    Reading,
    input_term,
    read_citations,
    read_status,
    read_words,
    typed_cell,
)


def read_examples(reading: Reading, table: Table, section: Section | None) -> tuple[Example, ...]:
    """The worked patients of a document, if they are wanted."""
    if section is None or not reading.examples:
        return ()
    rows = frozenset(row.id for row in table.rows)
    return tuple(
        example
        for pipe in section.tables
        for line, cells in pipe.rows
        for given in (dict(zip(pipe.header, cells, strict=True)),)
        if (example := _example(reading, table, rows, given, line))
    )


def _example(
    reading: Reading, table: Table, rows: frozenset[str], given: dict[str, str], line: int
) -> Example | None:
    facts: dict[str, Possible] = {}
    for head, text in given.items():
        if head in ("case", "expected", "possible", "excluded", "row", "words"):
            continue
        term = input_term(reading, head, line)
        value = _example_value(reading, term, text, line) if term else None
        if term and value is not None:
            facts[term.name] = value
    expected = _expected(table, given.get("expected", ""))
    known = frozenset(table.outcomes) if table.kind == "one" else rows
    if unknown := sorted(expected - known):
        reading.wrong(line, "expected", f"no such outcome or row: {', '.join(unknown)}", "mend it")
        return None
    if table.kind == "one" and not expected:
        reading.wrong(line, "expected", "nothing is expected", "write the outcome")
        return None
    possible = _row_ids(given["possible"]) if given.get("possible") else None
    row = given.get("row", "").strip().strip("-")
    excluded = _row_ids(given.get("excluded", ""))
    if unknown := sorted(excluded - rows):
        reading.wrong(line, "excluded", f"no such row: {', '.join(unknown)}", "mend it")
    return Example(given.get("case", ""), facts, expected, possible, row, line, excluded)


def _expected(table: Table, text: str) -> frozenset[str]:
    if table.kind == "one":
        return frozenset(part.strip() for part in text.split(" or ") if part.strip())
    return _row_ids(text)


def _row_ids(text: str) -> frozenset[str]:
    return frozenset(word.strip(",") for word in text.split()) - {"-", ""}


def _example_value(reading: Reading, term: Term, text: str, line: int) -> Possible | None:
    if text in ("", "?", "-"):
        return None
    cell = reading.cell(text, term)
    if isinstance(cell, CellError | Condition):
        return _record_value(reading, term, text, line)
    return _within(cell, term)


def _within(cell: Numbers | Choices | None, term: Term) -> Possible | None:
    if isinstance(cell, Numbers) and isinstance(term.domain, Numbers):
        return cell.intersect(term.domain)
    return cell


def _record_value(reading: Reading, term: Term, text: str, line: int) -> Possible | None:
    if isinstance(term.domain, Members) and text.startswith("["):
        return _members(reading, term, text, line)
    value = reading.value_of(term, text)
    if isinstance(value, Problem):
        reading.wrong(line, term.name, value.what, value.remedy)
        return None
    return value


def _members(reading: Reading, term: Term, text: str, line: int) -> Possible | None:
    names = [part.strip().strip('"') for part in text.strip("[]").split(",") if part.strip()]
    is_open = "?" in names
    present = frozenset(names) - {"?"}
    assert isinstance(term.domain, Members)
    if unknown := sorted(present - term.domain.possible):
        reading.wrong(
            line, term.name, f"no such finding: {', '.join(unknown)}", "see the dictionary"
        )
        return None
    return Members(present, term.domain.possible if is_open else present)


def read_disputes(reading: Reading, table: Table, section: Section | None) -> tuple[Dispute, ...]:
    """Where printed sources part."""
    if section is None:
        return ()
    return tuple(
        _dispute(reading, table, dict(zip(pipe.header, cells, strict=True)), line)
        for pipe in section.tables
        for line, cells in pipe.rows
    )


def _dispute(reading: Reading, table: Table, given: dict[str, str], line: int) -> Dispute:
    rows = tuple(given.get("row", "").replace(",", " ").split())
    for unknown in sorted(set(rows) - {row.id for row in table.rows}):
        reading.wrong(line, "row", f"no row {unknown}", "name rows of this document")
    closing = {"id", "row", "printed", *CLOSING}
    cells: dict[str, Cell] = {}
    for head, text in given.items():
        term = None if head in closing else input_term(reading, head, line)
        cell = typed_cell(reading, text or "-", term, line) if term else None
        if term and cell is not None and not isinstance(cell, CellError):
            cells[term.name] = cell
    return Dispute(
        id=given.get("id", ""),
        rows=rows,
        cells=cells,
        printed=given.get("printed", ""),
        citations=read_citations(reading, given.get("source", ""), line),
        status=read_status(reading, given.get("status", ""), line),
        words=read_words(reading, given.get("words", ""), line),
        line=line,
    )


def read_copies(section: Section | None) -> tuple[Copy, ...]:
    """What printed copies of the table show."""
    if section is None:
        return ()
    return tuple(
        Copy(cells[0], cells[1], key, printed, line)
        for pipe in section.tables
        for line, cells in pipe.rows
        for key, printed in zip(pipe.header[2:], cells[2:], strict=True)
        if printed
    )
