"""`stromal check`: prove the knowledge, and ask whether a wrong cell would be noticed."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from stromal.cli.speak import library_for
from stromal.cli.words_check import words_problems
from stromal.facts.record import read_record_file
from stromal.library import Library, load
from stromal.plan.checking import CheckReport, check, mutate
from stromal.tables.mutate import CaseCheck, mutants, output_mutants

Work = tuple[str, str | None, bool, str]
Survivor = tuple[str, str, str]
Tried = tuple[str, int, list[Survivor]]
ENOUGH = 99


def run(args: argparse.Namespace) -> int:
    """Exit code 0 if there is no fault (and at least 99 % of mutants were noticed), else 1."""
    started = time.perf_counter()
    library = library_for(args, examples=True)
    report = check(library, args.documents)
    if not args.documents:
        report = replace(report, problems=(*report.problems, *words_problems(library)))
    seconds = time.perf_counter() - started
    if args.json:
        print(json.dumps(_as_json(report, seconds), indent=2, ensure_ascii=False))
    else:
        _print_report(report, seconds)
    if report.problems or not args.mutate:
        if report.problems and args.mutate:
            print(
                "The mutation test needs documents without faults; mend them first.",
                file=sys.stderr,
            )
        return 1 if report.problems else 0
    return _run_mutations(library, args)


def _as_json(report: CheckReport, seconds: float) -> dict[str, object]:
    data = asdict(report)
    return {**data, "recalled_share": report.recalled_share, "seconds": round(seconds, 3)}


def _print_report(report: CheckReport, seconds: float) -> None:
    for problem in report.problems:
        print(f"{problem.place}: {problem.what}\n    {problem.remedy}")
    faults = len(report.problems)
    print(
        f"{faults} fault{'' if faults == 1 else 's'} in {report.documents} documents "
        f"({report.tables} tables, {report.rows} rows, {report.examples} examples, "
        f"{report.disputes} disputes) in {seconds:.2f} s"
    )
    if not report.rows:
        return
    for name, count in (
        ("cited", report.cited),
        ("worded", report.worded),
        ("reached by an example", report.reached),
    ):
        print(f"  {name}: {count} of {report.rows} rows ({100 * count / report.rows:.1f} %)")
    shares = ", ".join(f"{status} {count}" for status, count in sorted(report.by_status.items()))
    print(f"  read as: {shares}; recalled {100 * report.recalled_share:.1f} %")


def _run_mutations(library: Library, args: argparse.Namespace) -> int:
    names = [
        table.id
        for table in library.tables
        if not args.documents or any(table.id.startswith(name) for name in args.documents)
    ]
    total = noticed = 0
    work = [(str(library.root), args.cases, args.outputs, name) for name in names]
    for name, tried, survivors in _mutated(work, args.jobs or os.cpu_count() or 1):
        total += tried
        noticed += tried - len(survivors)
        for row, column, change in survivors:
            print(f"{name}: row {row or '-'}, column {column}: {change}: nobody noticed")
        print(f"{name}: {tried - len(survivors)} of {tried} noticed", file=sys.stderr)
    share = 100 * noticed / total if total else 100.0
    print(f"{noticed} of {total} mutants noticed ({share:.2f} %)")
    return 0 if share >= ENOUGH else 1


def _mutated(work: list[Work], jobs: int) -> Iterator[Tried]:
    if jobs == 1 or len(work) == 1:
        yield from map(mutate_one, work)
        return
    with ProcessPoolExecutor(min(jobs, len(work))) as pool:
        yield from pool.map(mutate_one, work)


def mutate_one(work: Work) -> Tried:
    """Try every mutant of one table: its name, how many there were, and those nobody noticed."""
    root, cases, outputs, name = work
    library = _library(root)
    in_cases = _case_check(root, cases) if cases else None
    tried = 0
    survivors: list[Survivor] = []
    make = output_mutants if outputs else mutants
    for verdict in mutate(library, name, in_cases, make):
        tried += 1
        if not verdict.noticed_by:
            mutant = verdict.mutant
            survivors.append((mutant.row, mutant.column, mutant.change))
    return name, tried, survivors


@cache
def _library(root: str) -> Library:
    return load(Path(root))


@cache
def _case_check(root: str, cases: str) -> CaseCheck:
    """The exam as a judge of mutants; it is asked only about those that no proof notices."""
    from stromal.plan.exam.cases import notices

    records = [read_record_file(path) for path in sorted(Path(cases).glob("**/*.yaml"))]
    return notices(_library(root), records)
