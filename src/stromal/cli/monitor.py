"""`stromal monitor`: blood, side effects, taking and diary, with the steps of the label."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.monitor_page import monitor_lines, test_lines
from stromal.cli.pages.page import write
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.values import read_value
from stromal.library import Library
from stromal.plan.drugs.tumour_drugs import with_taking_asked
from stromal.plan.monitoring.report import Monitoring, monitoring_of

TEST = "laboratory_test"


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record or the rules could not be read."""
    library = library_for(args)
    test = _test(library, args.test) if args.test else ""
    if isinstance(test, Problem):
        return fail(args, test)
    record = with_taking_asked(read_case(args.case, library), library.terms, args.day)
    if record.problems and not record.events:
        return fail(args, *record.problems)
    found = monitoring_of(library, record, args.day)
    version = f"CTCAE {args.ctcae}" if args.ctcae else None
    if args.html and (problem := _write_html(args, found, version)):
        return fail(args, problem)
    problems = (*faults(library), *found.problems)
    if args.json:
        say_json({"monitoring": _chosen(found, test), "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        lines = test_lines(page, found, test, version) if test else None
        write(lines or monitor_lines(page, found, version))
    return 1 if problems else 0


def _test(library: Library, name: str) -> str | Problem:
    value = read_value(library.terms[TEST], name)
    if isinstance(value, Problem) or not isinstance(value.possible, Choices):
        remedy = f"'stromal facts {TEST}' lists the tests"
        return Problem("--test", f"there is no test {name!r}", remedy)
    return next(iter(sorted(value.possible.values)))


def _chosen(found: Monitoring, test: str) -> Monitoring:
    """All of it, or what there is of one test."""
    if not test:
        return found
    tests = tuple(history for history in found.tests if history.test == test)
    findings = tuple(one for one in found.findings if test in one.tests)
    return replace(found, tests=tests, findings=findings)


def _write_html(args: argparse.Namespace, found: Monitoring, version: str | None) -> Problem | None:
    from stromal.cli.pages.monitor_html import monitor_html

    path = Path(args.html)
    if path.exists() and not args.force:
        return Problem(args.html, "the file exists", "choose another name, or add --force")
    try:
        path.write_text(monitor_html(found, version), "utf-8")
    except OSError as error:
        return Problem(args.html, error.strerror or str(error), "check the folder")
    return None
