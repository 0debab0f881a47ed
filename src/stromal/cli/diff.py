"""`stromal diff`: what changed between two days, because of which fact, event or edition."""

from __future__ import annotations

import argparse

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.diff_page import brief_lines, compared, whole_lines
from stromal.cli.pages.page import write
from stromal.cli.speak import fail, library_for, output_page, problem_lines
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.plan.make import make_plan
from stromal.plan.schedule.date_changes import date_changes
from stromal.plan.schedule.follow_up import Wish, follow_up


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record could not be read."""
    if args.end and args.end < args.start:
        what = f"{args.end} is before {args.start}"
        return fail(args, Problem("--to", what, "give the earlier day with --from"))
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case, library)
    before = make_plan(library, record, args.start, guidelines)
    after = make_plan(library, record, args.end, guidelines)
    wish = Wish(guidelines=guidelines)
    then, now = (follow_up(library, record, day, wish) for day in (args.start, args.end))
    dates = date_changes(then, now, args.start, args.end)
    found = compared(before, after, dates)
    problems = after.plan.problems
    if args.json:
        data = {"differences": found.found, "dates": found.dates}
        say_json({**data, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(problem_lines(page, problems))
        until = args.end or "all that is known"
        title = f"{after.plan.title or after.plan.patient}: {args.start} to {until}"
        write(page.text(title, style="bold"))
        write((whole_lines if args.all else brief_lines)(page, found))
    return 1 if problems else 0
