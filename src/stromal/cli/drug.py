"""`stromal drug`: what the documents say of a drug, section by section."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from stromal.cli.machine import say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import MARK, fail, library_for, near, output_page
from stromal.facts.problem import Problem
from stromal.library import Library, in_force
from stromal.tables.document import Row, Table

LONG = ("dose-changes", "dose-changes-in-other-diseases", "interactions", "figures", "codes")


def run(args: argparse.Namespace) -> int:
    """List the drugs, or show one of them, or one section of it."""
    library = library_for(args, rooms=("nature", "therapy", "drugs"))
    if not args.name:
        return _list(args, library, _names(library))
    name = drug_by_name(library, args.name)
    if isinstance(name, Problem):
        return fail(args, name)
    tables = [t for t in in_force(library.tables, args.day) if t.id.startswith(f"drugs/{name}/")]
    sections = [table.id.rpartition("/")[2] for table in tables]
    if args.section and args.section not in sections:
        remedy = f"{near(args.section, sections)}its sections are {', '.join(sections)}"
        return fail(args, Problem("SECTION", f"no section {args.section!r}", remedy))
    chosen = [t for t, s in zip(tables, sections, strict=True) if args.section in (None, s)]
    if args.json:
        say_json(
            {
                "drug": name,
                "about": library.documents[f"drugs/{name}"].front,
                "sections": _data(chosen),
            }
        )
    else:
        page = output_page(args)
        write(list(_lines(page, library, name, chosen, whole=args.section is not None)))
    return 0


def drug_by_name(library: Library, text: str) -> str | Problem:
    """The drug of a generic or brand name, or what is wrong with the name."""
    names, name = _names(library), text.strip().lower()
    found = name if name in names else _by_brand(library, name)
    if found is None:
        remedy = f"{near(name, names)}the drugs are {', '.join(names)}"
        return Problem("NAME", f"no drug {text!r}", remedy)
    return found


def _names(library: Library) -> list[str]:
    return sorted(
        name.removeprefix("drugs/") for name in library.documents if name.startswith("drugs/")
    )


def _list(args: argparse.Namespace, library: Library, names: Sequence[str]) -> int:
    fronts = {name: library.documents[f"drugs/{name}"].front for name in names}
    if args.json:
        say_json({"drugs": fronts})
        return 0
    page = output_page(args)
    for name, front in fronts.items():
        brands = front.get("names")
        known = f" ({', '.join(map(str, brands))})" if isinstance(brands, list) and brands else ""
        write(page.entry(name, f"{front.get('class', '')}{known}", at=18))
    return 0


def _by_brand(library: Library, name: str) -> str | None:
    for key, raw in library.documents.items():
        brands = raw.front.get("names")
        known = [str(b).lower() for b in brands] if isinstance(brands, list) else []
        if key.startswith("drugs/") and name in known:
            return key.removeprefix("drugs/")
    return None


def _data(tables: Sequence[Table]) -> list[dict[str, object]]:
    return [
        {
            "section": table.id,
            "rows": [
                {
                    "id": row.id,
                    "when": _conditions(table, row),
                    **{f"= {name}": text for name, text in row.outputs.items()},
                    "words": row.words,
                    "sources": [str(c) for c in row.citations],
                    "status": row.status,
                }
                for row in table.rows
            ],
            "disputes": table.disputes and [d.words for d in table.disputes],
        }
        for table in tables
    ]


def _lines(
    page: Page, library: Library, name: str, tables: Sequence[Table], *, whole: bool
) -> Iterator[str]:
    raw = library.documents[f"drugs/{name}"]
    yield from page.heading(f"{raw.front.get('title', name)}: {raw.front.get('class', '')}")
    yield from page.text(raw.text)
    for table in tables:
        section = table.id.rpartition("/")[2]
        yield from page.heading(section.replace("-", " ").capitalize())
        if section in LONG and not whole:
            count = f"{len(table.rows)} rows"
            yield from page.text(f"{count}; see 'stromal drug {name} {section}'", 2)
            continue
        for row in table.rows:
            yield from _row(page, table, row)
        for dispute in table.disputes:
            yield from page.text(f"Sources disagree: {dispute.words}", 4, 2, "yellow")


def _row(page: Page, table: Table, row: Row) -> Iterator[str]:
    conditions = _conditions(table, row)
    outputs = [text for text in row.outputs.values() if text != "-"]
    head = "; ".join(outputs)
    yield from page.text(f"{row.id}  {head}", 2, 4, "bold")
    if conditions:
        yield from page.text(f"when {', '.join(conditions)}", 6, 2)
    mark = f" [{MARK[row.status]}]" if row.status in MARK else ""
    source = "; ".join(map(str, row.citations))
    yield from page.text(f"{row.words}{mark}", 6)
    yield from page.text(f"{source} ({row.status})", 6, 2, "dim")


def _conditions(table: Table, row: Row) -> list[str]:
    return [
        f"{term.name.replace('_', ' ')} {text}"
        for term, text in zip(table.inputs, row.texts, strict=True)
        if text != "-"
    ]
