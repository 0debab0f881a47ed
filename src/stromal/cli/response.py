"""`stromal response`: how the tumour answers to each drug, scan by scan, with what follows."""

from __future__ import annotations

import argparse
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import write
from stromal.cli.pages.response_page import response_lines
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.plan.response.reading import ResponseSettings
from stromal.plan.response.report import response_of
from stromal.plan.response.values import ResponseReport


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record or the rules could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case, library)
    if record.problems and not record.events:
        return fail(args, *record.problems)
    report = response_of(library, record, args.day, settings_of(args), guidelines)
    if problem := _files(args, report):
        return fail(args, problem)
    mine = (p for course in report.courses for p in course.problems)
    problems = tuple(dict.fromkeys((*faults(library), *report.problems, *mine)))
    if args.json:
        say_json({"response": report, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(response_lines(page, report))
    return 1 if problems else 0


def settings_of(args: argparse.Namespace) -> ResponseSettings:
    """The settings that the command line names; None where it names none."""
    border = {None: None, "at-least": False, "more-than": True}[args.choi_border]
    drift = {None: None, "keep": True, "strict": False}[args.drift]
    return ResponseSettings(
        criteria=args.criteria,
        least_stable=args.least_stable,
        confirm_after=args.confirm_after,
        most_not_evaluable=args.most_not_evaluable,
        accept_stable=args.accept_stable,
        keep_partial=drift,
        choi_size=args.choi_size,
        choi_density=args.choi_density,
        choi_strict=border,
        growth_from=args.growth_from,
        error=args.error,
    )


def _files(args: argparse.Namespace, report: ResponseReport) -> Problem | None:
    """Write what was asked for; the first thing that went wrong."""
    if not (args.html or args.svg):
        return None
    from stromal.cli.pages.response_chart import report_svg
    from stromal.cli.pages.response_html import response_html

    for name, make in ((args.html, response_html), (args.svg, report_svg)):
        if name and (problem := _write(args, name, make(report))):
            return problem
    return None


def _write(args: argparse.Namespace, name: str, text: str) -> Problem | None:
    path = Path(name)
    if not text:
        return Problem(name, "no two scans can be compared, so there is no chart", "see the page")
    if path.exists() and not args.force:
        return Problem(name, "the file exists", "choose another name, or add --force")
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        return Problem(name, error.strerror or str(error), "check the folder")
    return None
