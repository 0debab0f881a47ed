"""`stromal what-if`: the plan beside the plan that other facts would make."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from stromal.cli.answers import typed_answer
from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.diff_page import brief_lines, compared, whole_lines
from stromal.cli.pages.page import write
from stromal.cli.speak import fail, library_for, near, output_page, problem_lines
from stromal.cli.treat import chosen_guidelines
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.facts.values import read_value
from stromal.library import Library
from stromal.plan.make import make_plan


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if a fact or something in the record could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    assumed, wrong = assumptions(library, args.facts)
    if wrong:
        return fail(args, *wrong)
    record = read_case(args.case, library)
    now = make_plan(library, record, args.day, guidelines)
    then = make_plan(library, record, args.day, guidelines, assumed)
    found = compared(now, then)
    problems = then.plan.problems
    if args.json:
        say_json({"differences": found.found, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(problem_lines(page, problems))
        title = f"{now.plan.title or now.plan.patient}, if {', '.join(args.facts)}"
        write(page.text(title, style="bold"))
        write((whole_lines if args.all else brief_lines)(page, found))
    return 1 if problems else 0


def assumptions(
    library: Library, texts: Iterable[str]
) -> tuple[dict[str, Possible], list[Problem]]:
    """The facts to try, read as in a record; with a problem for each that cannot be read."""
    found: dict[str, Possible] = {}
    problems: list[Problem] = []
    for text in texts:
        name, sign, raw = text.partition("=")
        value = _value(library, name.strip(), raw.strip()) if sign else _no_sign(text)
        if isinstance(value, Problem):
            problems.append(value)
        else:
            found[name.strip()] = value
    return found, problems


def _no_sign(text: str) -> Problem:
    return Problem(text, "no value", "write FACT=VALUE, for instance genotype='KIT exon 9'")


def _value(library: Library, name: str, raw: str) -> Possible | Problem:
    term = library.terms.get(name)
    if term is None:
        hint = near(name, list(library.terms))
        return Problem(name, "no such fact", f"{hint}'stromal facts' lists them all")
    value = read_value(term, typed_answer(term, raw))
    if isinstance(value, Problem):
        return Problem(name, value.what, value.remedy)
    return value.possible
