"""`stromal show`: a rule document as it reads, or one row of it with everything behind it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import (
    MARK,
    READ,
    fail,
    fault_lines,
    faults,
    library_for,
    near,
    output_page,
    say_cell,
    spoken,
)
from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.tables.document import Citation, Dispute, Example, Row, Table


def run(args: argparse.Namespace) -> int:
    """Show a document or a row; 1 if there is none of that name, or if it has faults."""
    library = library_for(args, examples=True)
    tables = find_tables(library, args.document)
    if isinstance(tables, Problem):
        return fail(args, tables)
    found = [(t, row) for t in tables for row in t.rows if _is_asked(row, args.row)]
    if args.row and not found:
        ids = [row.id for table in tables for row in table.rows]
        remedy = f"{near(args.row, ids)}its rows are {', '.join(ids)}"
        return fail(args, Problem(args.document, f"no row {args.row}", remedy))
    problems = faults(library, tables)
    if args.json:
        data = _data(library, tables, found if args.row else None)
        say_json({**data, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, problems))
        write(_lines(page, library, tables, found if args.row else None))
    return 1 if problems else 0


Found = list[tuple[Table, Row]]


def _is_asked(row: Row, wanted: str | None) -> bool:
    return wanted is not None and row.id.lower() == wanted.lower()


def _data(library: Library, tables: list[Table], found: Found | None) -> dict[str, object]:
    if found is None:
        return {"tables": [table_data(library, table) for table in tables]}
    return {"rows": [row_data(library, table, row) for table, row in found]}


def _lines(page: Page, library: Library, tables: list[Table], found: Found | None) -> Iterator[str]:
    if found is None:
        return (line for table in tables for line in table_lines(page, table))
    return (line for table, row in found for line in row_lines(page, library, table, row))


def find_tables(library: Library, name: str) -> list[Table] | Problem:
    """The tables of a document by its id, the last part of its id, or what it decides."""
    wanted = name.strip().strip("/").removesuffix(".md")
    for fits in (
        lambda t: wanted in (t.id, t.decides, t.source_path.removesuffix(".md")),
        lambda t: t.id.endswith(f"/{wanted}") or t.source_path.endswith(f"/{wanted}.md"),
    ):
        found = [table for table in library.tables if fits(table)]
        if len({table.source_path for table in found}) == 1:
            return found
        if found:
            several = ", ".join(sorted({table.id for table in found}))
            return Problem(name, "more than one document has this name", f"name one of {several}")
    ids = [table.id for table in library.tables]
    every = "; 'stromal show' takes the id of a document, such as nature/nih-2002"
    return Problem(name, "no such document", f"{near(wanted, ids)}check the name{every}")


def table_data(library: Library, table: Table) -> dict[str, object]:
    """A table as data for JSON."""
    return {
        "id": table.id,
        "title": table.title,
        "kind": table.kind,
        "role": table.role,
        "decides": table.decides,
        "question": table.question,
        "outcomes": table.outcomes,
        "inputs": [term.name for term in table.inputs],
        "guideline": table.guideline,
        "edition": table.edition,
        "in_force": table.in_force,
        "until": table.until,
        "text": table.text,
        "laws": [law.text for law in table.laws],
        "rows": [row_data(library, table, row) for row in table.rows],
    }


def row_data(library: Library, table: Table, row: Row) -> dict[str, object]:
    """A row with its conditions, sources, disputes and examples as data for JSON."""
    return {
        "document": table.id,
        "row": row.id,
        "conditions": {t.name: x for t, x in zip(table.inputs, row.texts, strict=True) if x != "-"},
        "outputs": row.outputs,
        "words": row.words,
        "status": row.status,
        "sources": [_source_data(library, citation) for citation in row.citations],
        "disputes": [
            {"id": d.id, "printed": d.printed, "words": d.words, "status": d.status}
            for d in _disputes(table, row)
        ],
        "examples": [example.case for example in _examples(table, row)],
    }


def _source_data(library: Library, citation: Citation) -> dict[str, str]:
    source = library.sources.get(citation.key)
    return {
        "key": citation.key,
        "place": citation.place,
        "reference": source.reference if source else "",
        "identifier": source.identifier if source else "",
        "read": source.read if source else "",
    }


def table_lines(page: Page, table: Table) -> Iterator[str]:
    """A whole table: what it is for, then row by row."""
    yield from page.heading(f"{table.title}  [{table.id}]")
    yield from page.text(_kind_words(table), style="dim")
    for label, text in (
        ("question", table.question),
        ("looks at", ", ".join(term.name for term in table.inputs)),
        ("outcomes", ", ".join(table.outcomes)),
        ("laws", "; ".join(law.text for law in table.laws)),
    ):
        if text:
            yield from page.entry(label, text, 13)
    for part in table.text.split("\n\n"):
        yield from page.text(" ".join(part.split()), indent=2)
    for row in table.rows:
        yield ""
        yield from _short_row(page, table, row)
    for dispute in table.disputes:
        yield ""
        yield from _dispute_lines(page, dispute)


def _kind_words(table: Table) -> str:
    fits = "exactly one row fits" if table.kind == "one" else "every row that fits applies"
    parts = [table.role, fits]
    parts += [f"guideline {table.guideline}"] if table.guideline not in ("", "none") else []
    parts += [f"edition {table.edition}"] if table.edition else []
    parts += [f"in force from {table.in_force}"] if table.in_force else []
    parts += [f"until {table.until}"] if table.until else []
    return "; ".join(parts)


def _short_row(page: Page, table: Table, row: Row) -> Iterator[str]:
    mark = f"  [{MARK[row.status]}]" if row.status in MARK else ""
    yield from page.entry(row.id, f"{_outputs(row)}{mark}", 13)
    yield from page.text(f"if {conditions(table, row)}", indent=13, hang=3)
    yield from page.text(row.words, indent=13)
    yield from page.text("; ".join(map(str, row.citations)), indent=13, hang=2, style="dim")


def _outputs(row: Row) -> str:
    first, *others = row.outputs.items()
    shown = [f"{spoken(name)}: {value}" for name, value in others if value != "-"]
    return "; ".join([first[1], *shown])


def conditions(table: Table, row: Row) -> str:
    """What the row asks for, in words."""
    parts = [
        f"{spoken(term.name)}: {say_cell(term, cell)}"
        for term, cell in zip(table.inputs, row.cells, strict=True)
        if cell is not None
    ]
    return "; ".join(parts) or "any patient"


def row_lines(page: Page, library: Library, table: Table, row: Row) -> Iterator[str]:
    """One row with its full references, disputes and examples."""
    yield from page.text(f"{table.title}: row {row.id}  [{table.id}#{row.id}]", style="bold")
    for name, value in row.outputs.items():
        yield from page.entry(spoken(name), value, 28)
    yield from page.text(row.words, indent=2)
    yield from page.heading("It fits if")
    if not table.inputs:
        yield from page.text("any patient", 2)
    for term, cell in zip(table.inputs, row.cells, strict=True):
        yield from page.entry(spoken(term.name), say_cell(term, cell), 28)
    yield from page.heading(f"Sources ({READ[row.status]})")
    yield from source_lines(page, library, row.citations)
    disputes = _disputes(table, row)
    if disputes:
        yield from page.heading("Printed differently")
        for dispute in disputes:
            yield from _dispute_lines(page, dispute)
    examples = _examples(table, row)
    if examples:
        yield from page.heading("Examples")
        yield from (line for e in examples for line in page.text(f"- {e.case}", 2, 2))
    yield from page.text(f"{table.source_path}, line {row.line}", style="dim")


def source_lines(page: Page, library: Library, citations: Iterable[Citation]) -> Iterator[str]:
    """Each citation with the full reference and how the work was read."""
    for citation in citations:
        source = library.sources.get(citation.key)
        if source is None:
            yield from page.text(f"{citation} (not in the bibliography)", 2, 2, "red")
            continue
        place = f", {citation.place}" if citation.place else ""
        text = f"{source.reference} {source.identifier}{place} [{source.key}; read: {source.read}]"
        yield from page.text(text, 2, 2)


def _dispute_lines(page: Page, dispute: Dispute) -> Iterator[str]:
    sources = "; ".join(map(str, dispute.citations))
    about = f"dispute {dispute.id}, rows {', '.join(dispute.rows)}: printed '{dispute.printed}'"
    yield from page.text(about, 2, 4, "yellow")
    yield from page.text(dispute.words, 4)
    yield from page.text(f"{sources} ({READ[dispute.status]})", 4, 2, "dim")


def _disputes(table: Table, row: Row) -> list[Dispute]:
    return [dispute for dispute in table.disputes if row.id in dispute.rows]


def _examples(table: Table, row: Row) -> list[Example]:
    if table.kind == "all":
        return [example for example in table.examples if row.id in example.expected]
    return [example for example in table.examples if example.row == row.id]
