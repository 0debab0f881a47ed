"""`stromal compare`: where guidelines part, for one patient or for all that the rows tell apart."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import fail, library_for, output_page, problem_lines
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
        found = list(differences(library, guidelines, args.day))
        if args.json:
            say_json({"differences": found})
        else:
            write(list(_all(page, found)))
        return 0
    every = guidelines or library.terms["guideline"].values
    treatment = treat_record(library, read_case(args.case, library), args.day, every)
    compared = compare_options(treatment)
    if args.json:
        problems = problems_data(treatment.problems)
        say_json({"guidelines": every, "comparison": compared, "problems": problems})
    else:
        write(problem_lines(page, treatment.problems))
        write(list(_one(page, treatment.guidelines, compared)))
    return 1 if treatment.problems else 0


def _one(page: Page, guidelines: tuple[str, ...], compared: list[Comparison]) -> Iterator[str]:
    if not compared:
        yield from page.text("No guideline names an option for these facts; see 'stromal treat'.")
        return
    named = [one for one in compared if any(said for _, said in one.strengths)]
    parting = [one for one in named if one.differs]
    yield from page.text(f"Guidelines compared: {', '.join(guidelines)}")
    for title, chosen in (
        ("Where they part", parting),
        ("Where they say the same", [one for one in named if not one.differs]),
    ):
        if chosen:
            yield from page.heading(title)
        for one in chosen:
            yield from _comparison(page, one)
    rest = [one for one in compared if one not in named]
    if rest:
        yield from page.heading("Where all of them are silent")
    for one in rest:
        yield from page.text(f"{_title(one)}: {one.beside} by others", 2, 4)
    yield from page.text("")
    yield from page.text(f"{len(parting)} of {len(compared)} options differ.")


def _comparison(page: Page, one: Comparison) -> Iterator[str]:
    style = "red" if one.state == "refused" else "bold"
    yield from page.text(_title(one), 2, 4, style)
    by_words: dict[str, list[str]] = {}
    for guideline, said in one.strengths:
        by_words.setdefault(said, []).append(guideline)
    for said, names in sorted(by_words.items(), key=lambda pair: not pair[0]):
        yield from page.entry(said or "silent", ", ".join(names), at=34, indent=4)
    if one.beside:
        yield from page.entry(one.beside, "others, whatever the guideline", at=34, indent=4)


def _title(one: Comparison) -> str:
    is_named = one.drug in ("-", "") or one.drug in one.option
    drug = "" if is_named else f", {one.drug}"
    state = {"refused": "; struck out by a guard", "depends": "; still open"}.get(one.state, "")
    return f"{one.option} ({one.setting}{drug}{state})"


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
