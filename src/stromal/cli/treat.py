"""`stromal treat`: what can be done, what must not be, what to do first."""

from __future__ import annotations

import argparse

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import write
from stromal.cli.pages.treatment_page import treatment_lines
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page
from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.plan.treatment import treat_record


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case, library)
    treatment = treat_record(library, record, args.day, guidelines)
    if args.json:
        say_json({"treatment": treatment, "problems": problems_data(treatment.problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(treatment_lines(page, library, treatment))
    return 1 if treatment.problems else 0


def chosen_guidelines(library: Library, text: str | None) -> tuple[str, ...] | Problem:
    """The guidelines named on the command line, in the dictionary's spelling; () for all."""
    term = library.terms["guideline"]
    by_name = {value.lower(): value for value in term.values}
    names = [part.strip() for part in (text or "").split(",") if part.strip()]
    unknown = [name for name in names if name.lower() not in by_name]
    if unknown:
        return Problem(
            "--guidelines", f"no guideline {unknown[0]!r}", f"use {', '.join(term.values)}"
        )
    return tuple(by_name[name.lower()] for name in names)
