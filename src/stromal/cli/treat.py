"""`stromal treat`: what can be done, what must not be, what to do first."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from stromal.cli.assess import read_case
from stromal.cli.machine import say_json
from stromal.cli.page import Page, write
from stromal.cli.speak import MARK, fail, library_for, output_page, problem_lines, spoken
from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.plan.assessment import Basis, Objection, Remark
from stromal.plan.treatment import Advice, Option, Treatment, treat_record

TITLES = {
    "offered": "What can be done",
    "depends": "What depends on something not known yet",
    "refused": "What must not be done",
}
EMERGENCY = (
    "Bleeding, perforation or obstruction now: this is outside Stromal. Act, and come back later."
)


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case)
    treatment = treat_record(library, record, args.day, guidelines)
    if args.json:
        say_json({"treatment": treatment})
    else:
        page = output_page(args)
        write(list(lines(page, treatment)))
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


def lines(page: Page, treatment: Treatment) -> Iterator[str]:
    """The page: problems, decisions, tasks, options by state, notes."""
    yield from page.text(f"{treatment.title or treatment.patient}", style="bold")
    yield from page.text(EMERGENCY, style="dim")
    yield from problem_lines(page, treatment.problems)
    for conflict in treatment.conflicts:
        yield from page.text(
            f"Conflict in {spoken(conflict.name)}: {conflict.what}", 2, 4, "yellow"
        )
    yield from page.heading("What it rests on")
    for decision in treatment.decisions:
        words = "refused" if decision.state == "refused" else " or ".join(decision.outcomes)
        yield from page.entry(spoken(decision.name), words, at=30)
    yield from _tasks(page, treatment.tasks)
    for state, title in TITLES.items():
        chosen = [option for option in treatment.options if option.state == state]
        if chosen:
            yield from page.heading(title)
            for option in chosen:
                yield from _option(page, option)
    yield from _guards(page, treatment)
    if treatment.notes:
        yield from page.heading("Beside it")
        for note in treatment.notes:
            yield from page.text(f"{note.topic}: {note.basis.words}{_mark(note.basis)}", 2, 2)


def _tasks(page: Page, tasks: Iterable[Remark]) -> Iterator[str]:
    certain = [task for task in tasks if task.certain]
    if certain:
        yield from page.heading("Do first")
    for task in certain:
        yield from page.text(f"* {task.topic}: {task.basis.words}{_mark(task.basis)}", 2, 2)


def _option(page: Page, option: Option) -> Iterator[str]:
    struck = "X " if option.state == "refused" else ""
    yield from page.text(f"{struck}{option.name} ({option.setting})", 2, 2, "bold")
    for strength, named in _by_strength(option.advice):
        yield from page.text(f"{strength}: {named}", 6, 2)
    basis = option.advice[0].basis
    yield from page.text(f"{basis.words}{_mark(basis)}", 6)
    yield from page.text(_where(basis), 6, 2, "dim")
    for objection in option.objections:
        yield from _objection(page, objection)
    if option.state == "depends":
        names = ", ".join(spoken(name) for name in option.depends_on) or "what is not known yet"
        yield from page.text(f"Depends on: {names}", 6, 2, "yellow")


def _by_strength(advice: Iterable[Advice]) -> Iterator[tuple[str, str]]:
    found: dict[str, dict[str, None]] = {}
    for one in advice:
        strength = one.strength if one.certain else f"{one.strength}, if it fits"
        found.setdefault(strength, {})[one.guideline] = None
    for strength, names in found.items():
        everyone = "whatever the guideline"
        yield strength, ", ".join(everyone if name == "all" else name for name in names)


def _objection(page: Page, objection: Objection) -> Iterator[str]:
    style = "red" if objection.effect == "refuse" and objection.certain else "yellow"
    lead = "No" if objection.effect == "refuse" else "Care"
    if not objection.certain:
        lead += f", if so (not known: {', '.join(spoken(n) for n in objection.depends_on)})"
    yield from page.text(f"{lead}: {objection.basis.words}{_mark(objection.basis)}", 6, 2, style)
    if objection.remedy != "-":
        yield from page.text(f"-> {objection.remedy}", 8, 3)
    yield from page.text(_where(objection.basis), 8, 2, "dim")


def _guards(page: Page, treatment: Treatment) -> Iterator[str]:
    """Guards that stand even where no option names what they forbid."""
    used = {(o.basis.document, o.basis.row) for x in treatment.options for o in x.objections}
    rest = [
        g for g in treatment.guards if g.certain and (g.basis.document, g.basis.row) not in used
    ]
    if rest:
        yield from page.heading("Also forbidden or to be watched")
    for guard in rest:
        yield from page.text(f"{'; '.join(guard.targets)}", 2, 2, "bold")
        yield from _objection(page, guard)


def _mark(basis: Basis) -> str:
    return f" [{MARK[basis.status]}]" if basis.status in MARK else ""


def _where(basis: Basis) -> str:
    return f"{basis.document} {basis.row}: {'; '.join(basis.citations)} ({basis.status})"
