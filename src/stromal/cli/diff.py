"""`stromal diff`: what changed between two days, because of which fact, event or edition."""

from __future__ import annotations

import argparse

from stromal.cli.assess import read_case
from stromal.cli.diff_page import difference_lines
from stromal.cli.machine import problems_data, say_json
from stromal.cli.page import write
from stromal.cli.speak import fail, library_for, output_page, problem_lines
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.plan.differences import differences
from stromal.plan.make import make_plan


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record could not be read."""
    if args.end and args.end < args.start:
        what = f"{args.end} is before {args.start}"
        return fail(args, Problem("--to", what, "give the earlier day with --from"))
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case)
    before = make_plan(library, record, args.start, guidelines)
    after = make_plan(library, record, args.end, guidelines)
    found = differences(before, after)
    problems = after.plan.problems
    if args.json:
        say_json({"differences": found, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(problem_lines(page, problems))
        until = args.end or "all that is known"
        title = f"{after.plan.title or after.plan.patient}: {args.start} to {until}"
        write(page.text(title, style="bold"))
        write(difference_lines(page, found))
    return 1 if problems else 0
