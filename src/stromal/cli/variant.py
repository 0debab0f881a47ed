"""`stromal variant`: what a laboratory's words mean, or why they cannot be read."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from stromal.cli.machine import say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import fail, output_page
from stromal.facts.problem import Problem
from stromal.nature.variant import read_variants
from stromal.nature.variant_reading import GENOTYPE_CLASSES, VariantReading


def run(args: argparse.Namespace) -> int:
    """Exit code 0 if every text was read, 1 if some could not be."""
    texts = list(args.texts)
    if args.source:
        column = _column(Path(args.source), args.column)
        if isinstance(column, Problem):
            return fail(args, column)
        texts += column
    if not texts:
        return fail(
            args, Problem("command line", "no variant given", 'write stromal variant "KIT V654A"')
        )
    readings = read_variants(texts)
    if args.json:
        say_json({"variants": readings})
    else:
        page = output_page(args)
        write([line for reading in readings for line in _lines(page, reading)])
    return 1 if any(reading.problems for reading in readings) else 0


def _column(path: Path, name: str | None) -> list[str] | Problem:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return Problem(str(path), str(error), "give a CSV file saved as UTF-8")
    columns = list(rows[0]) if rows else []
    chosen = name or (columns[0] if len(columns) == 1 else None)
    if chosen is None or chosen not in columns:
        return Problem(
            str(path),
            f"no column {name or '(several)'}",
            f"choose --column of {', '.join(columns)}",
        )
    return [row[chosen] or "" for row in rows]


def _lines(page: Page, reading: VariantReading) -> Iterator[str]:
    yield from page.text(reading.text, style="bold")
    for label, text in _parts(reading):
        yield from page.entry(label, text, at=20)
    for problem in (*reading.problems, *reading.incomplete):
        style = "red" if problem in reading.problems else "yellow"
        yield from page.text(f"{problem.place}: {problem.what}", 4, 2, style)
        yield from page.text(f"-> {problem.remedy}", 6, 3)
    yield ""


def _parts(reading: VariantReading) -> Iterator[tuple[str, str]]:
    exons = ", ".join(map(str, reading.exons))
    change = " = ".join(str(c) for c in (reading.protein, reading.cdna) if c)
    where = " ".join(
        part for part in (reading.gene or "", f"exon {exons}" if exons else "") if part
    )
    yield "change", ", ".join(part for part in (where, reading.kind, change) if part)
    if reading.subtypes:
        yield "kind", ", ".join(reading.subtypes)
    yield "driver class", _classes(reading.genotype)
    if reading.primary_or_secondary != "unknown":
        drugs = f", under {', '.join(reading.acquired_under)}" if reading.acquired_under else ""
        yield "when", reading.primary_or_secondary + drugs
    if reading.isoform:
        yield "numbering", reading.isoform
    if reading.coverage:
        tested = [f"{c.gene} {', '.join(map(str, c.exons))}".strip() for c in reading.coverage]
        yield "tested", "; ".join(tested)
    yield from (("note", note) for note in reading.notes)


def _classes(genotype: frozenset[str]) -> str:
    if len(genotype) == len(GENOTYPE_CLASSES):
        return "not settled: every class is still possible"
    if len(genotype) > 4:
        left = [name for name in GENOTYPE_CLASSES if name not in genotype]
        return f"not settled: {len(genotype)} classes possible, not {', '.join(left)}"
    return " or ".join(name for name in GENOTYPE_CLASSES if name in genotype) or "none"
