"""`stromal compare`: where guidelines part, for one patient or for all that the rows tell apart."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from stromal.cli.assess import read_case
from stromal.cli.machine import say_json
from stromal.cli.page import Cell, Page, write
from stromal.cli.speak import fail, library_for, output_page
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.plan.compare import Comparison, Difference, compare_options, differences
from stromal.plan.treatment import treat_record


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    page = output_page(args)
    if not args.case:
        found = list(differences(library, guidelines))
        if args.json:
            say_json({"differences": found})
        else:
            write(list(_all(page, found)))
        return 0
    treatment = treat_record(library, read_case(args.case), args.day, guidelines)
    compared = compare_options(treatment)
    if args.json:
        say_json({"comparison": compared, "problems": treatment.problems})
    else:
        write(list(_one(page, treatment.guidelines, compared)))
    return 1 if treatment.problems else 0


def _one(page: Page, guidelines: tuple[str, ...], compared: list[Comparison]) -> Iterator[str]:
    if not compared:
        yield from page.text("No guideline names an option for these facts; see 'stromal treat'.")
        return
    header = ("option", "state", *guidelines)
    rows = [
        tuple(
            Cell(text, style)
            for text, style in (
                (one.option, "bold" if one.differs else ""),
                (one.state, "red" if one.state == "refused" else ""),
                *(
                    (strength or "silent", "" if strength else "dim")
                    for _, strength in one.strengths
                ),
            )
        )
        for one in compared
    ]
    yield from page.table(header, rows, flex=0, most=14)
    differing = sum(one.differs for one in compared)
    yield from page.text(f"{differing} of {len(compared)} options differ between the guidelines.")


def _all(page: Page, found: list[Difference]) -> Iterator[str]:
    document = ""
    for one in found:
        if one.document != document:
            document = one.document
            yield from page.heading(document)
        yield from page.text(f"{one.first} against {one.second}: {one.situation}", 2, 4, "bold")
        yield from page.text(f"{one.first}: {one.option} ({one.strength}). {one.words}", 6, 2)
        said = "; ".join(one.instead) or "silent"
        yield from page.text(f"{one.second}: {said}", 6, 2)
        yield from page.text(
            f"row {one.row}: {'; '.join(one.citations)} ({one.status})", 6, 2, "dim"
        )
    yield from page.text(f"{len(found)} differences between two guidelines.")
