"""`stromal decide`: one rule document for every line of a CSV file."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from stromal.cli.lines import Job, Tally, UnusableError, decide_lines
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.progress import bar
from stromal.cli.show import find_tables
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page, problem_lines
from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.tables.document import Table

MOST_SHOWN = 20


def run(args: argparse.Namespace) -> int:
    """Decide the file; 1 if something could not be read, with every other line decided."""
    started = time.perf_counter()
    source, target = Path(args.source), Path(args.target)
    library = library_for(args)
    job = _job(args, library, source)
    wrong = job if isinstance(job, Problem) else _wrong_files(source, target, args.force)
    if wrong or isinstance(job, Problem):
        assert wrong
        return fail(args, wrong)
    try:
        tally = _decide_file(job, target, args.json)
    except UnusableError as error:
        return fail(args, error.problem)
    except OSError as error:
        what = error.strerror or type(error).__name__
        return fail(args, Problem(str(target), what, "check disk space and permissions"))
    _report(args, job, tally, time.perf_counter() - started)
    return 1 if tally.problem_count or faults(library, [job.table]) else 0


def _job(args: argparse.Namespace, library: Library, source: Path) -> Job | Problem:
    tables = find_tables(library, args.document)
    if isinstance(tables, Problem):
        return tables
    if len(tables) > 1:
        names = ", ".join(table.id for table in tables)
        return Problem(args.document, "has several tables", f"name one of {names}")
    network = library.at(args.day)
    if tables[0].id not in network.by_id:
        when = f"on {args.day}" if args.day else "any more, or not yet"
        return Problem(tables[0].id, f"not in force {when}", "give another --day")
    return Job(source, library, network, tables[0])


def _wrong_files(source: Path, target: Path, force: bool) -> Problem | None:
    if not source.is_file():
        return Problem(str(source), "no such file", "check the name given with --in")
    if not target.exists():
        if target.absolute().parent.is_dir():
            return None
        return Problem(str(target.parent), "no such folder", "make it first")
    if target.samefile(source):
        what = "--out is the same file as --in"
        return Problem(str(target), what, "name another file; the input is never overwritten")
    if not target.is_file():
        return Problem(str(target), "is not a file", "name a file with --out")
    if not force:
        return Problem(str(target), "exists already", "name another file, or add --force")
    return None


def _decide_file(job: Job, target: Path, quiet: bool) -> Tally:
    """Write beside the target and move it there at the end, so that no half file remains."""
    tally = Tally()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with (
            part.open("w", encoding="utf-8", newline="") as out,
            job.source.open("rb") as raw,
            bar(raw, "deciding", quiet) as advance,
        ):
            decide_lines(job, raw, out, tally, advance)
        part.replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    return tally


def _report(args: argparse.Namespace, job: Job, tally: Tally, seconds: float) -> None:
    counts = _counts(job.table, tally)
    if args.json:
        say_json(
            {
                "document": job.table.id,
                "written": args.target,
                "lines": tally.lines,
                "seconds": round(seconds, 3),
                "outcomes": counts,
                "not_exact": tally.inexact,
                "columns_not_read": tally.header.unread if tally.header else (),
                "facts_without_a_column": tally.header.unknown if tally.header else (),
                "problem_count": tally.problem_count,
                "problems": problems_data([*faults(job.library, [job.table]), *tally.problems]),
            }
        )
        return
    page = output_page(args)
    write(fault_lines(page, faults(job.library, [job.table])))
    write(_summary(page, args, job, tally, seconds, counts))


def _counts(table: Table, tally: Tally) -> dict[str, int]:
    """Lines by outcome; those that stay open and those that are refused are counted apart."""
    found: Counter[str] = Counter()
    for cells, count in tally.outcomes.items():
        if table.kind == "all":
            found["at least one row fits" if cells[0] else "no row fits for certain"] += count
        elif cells[3]:
            found["refused"] += count
        else:
            found[cells[0] or f"open: {cells[2]}"] += count
    return dict(found.most_common())


def _summary(
    page: Page,
    args: argparse.Namespace,
    job: Job,
    tally: Tally,
    seconds: float,
    counts: dict[str, int],
) -> Iterator[str]:
    yield from page.text(
        f"{job.table.title}: {tally.lines:,} lines in {seconds:.1f} s, {args.target}"
    )
    for outcome, count in counts.items():
        yield from page.text(f"{count:>12,}  {outcome}", hang=14)
    header = tally.header
    if header and header.unread:
        yield from page.text(f"not read: {', '.join(header.unread)}", hang=2, style="dim")
    if header and header.unknown:
        yield from page.text(
            f"unknown for all, for want of a column: {', '.join(header.unknown)}",
            hang=2,
            style="dim",
        )
    if tally.inexact:
        words = "Some answers may hold outcomes that are not possible: too much is unknown."
        yield from page.text(words, style="yellow")
    if tally.problem_count:
        words = f"{tally.problem_count:,} problems; every other line was decided:"
        yield from page.text(words, style="red")
        yield from problem_lines(page, tally.problems[:MOST_SHOWN])
    if tally.problem_count > MOST_SHOWN:
        yield from page.text("... the rest is in the last column of the file", 4)
