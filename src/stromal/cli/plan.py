"""`stromal plan`: one page on what it is, where it stands, what can be done and what to ask."""

from __future__ import annotations

import argparse
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.follow_up_calendar import write_calendar
from stromal.cli.machine import problems_data, say_json
from stromal.cli.page import write
from stromal.cli.plan_page import coming, plan_lines
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.plan.boards import board_decisions
from stromal.plan.follow_up import Wish, follow_up
from stromal.plan.make import make_plan


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record or the rules could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case)
    made = make_plan(library, record, args.day, guidelines)
    boards = board_decisions(library, record, made, args.day, guidelines)
    dates = follow_up(library, record, args.day, Wish(guidelines=guidelines))
    if args.html:
        from stromal.cli.plan_html import plan_html

        text = plan_html(library, made.plan, boards, coming(dates))
        if wrong := write_file(args.html, text, force=args.force):
            return fail(args, wrong)
    if args.pdf:
        from stromal.cli.plan_pdf import plan_pdf

        pdf = plan_pdf(made.plan, boards, coming(dates))
        wrong = pdf if isinstance(pdf, Problem) else write_file(args.pdf, pdf, force=args.force)
        if wrong:
            return fail(args, wrong)
    if args.ics and (wrong := write_calendar(args, record, dates)):
        return fail(args, wrong)
    problems = (*faults(library), *made.plan.problems)
    if args.json:
        data = {"plan": made.plan, "decided": boards, "follow_up": dates}
        say_json({**data, "problems": problems_data(problems)})
    elif not (args.html or args.ics or args.pdf):
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(plan_lines(page, made.plan, boards, coming(dates)))
    return 1 if problems else 0


def write_file(name: str, content: str | bytes, *, force: bool) -> Problem | None:
    """Write a new file; one that exists is kept unless `force` says otherwise."""
    path = Path(name)
    if path.exists() and not force:
        return Problem(name, "the file exists", "choose another name, or add --force")
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        return Problem(name, error.strerror or str(error), "check the folder and its permissions")
    return None
