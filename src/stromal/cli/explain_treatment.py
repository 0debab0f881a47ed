"""`stromal explain` for an option, a drug, a guard or a task: "why not imatinib?"."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.pages.treatment_page import by_strength, mark, objection_lines
from stromal.cli.show import source_lines
from stromal.cli.speak import READ, fault_lines, faults, near, output_page, problem_lines, spoken
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.assessment import Basis, Objection, Remark
from stromal.plan.drugs.rules import parts_of
from stromal.plan.known.derive import derive
from stromal.plan.option_whatif import OptionChange, option_changes
from stromal.plan.patient import Patient, consider
from stromal.plan.treatment import Advice, Option, Treatment, treat_record
from stromal.tables.document import Citation

STATES = {
    "offered": "can be done",
    "depends": "depends on something that is not known yet",
    "refused": "must not be done",
}
MOST_EXPLAINED = 4
"""Of more options, only the names and states are shown; each can be asked for by its name."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What a word of the command line stands for."""

    options: tuple[Option, ...]
    guards: tuple[Objection, ...]
    tasks: tuple[Remark, ...]

    @property
    def is_empty(self) -> bool:
        """True if nothing has that name."""
        return not (self.options or self.guards or self.tasks)


def explain_treatment(
    args: argparse.Namespace, library: Library, record: Record
) -> int | tuple[str, ...]:
    """Explain what the word names; the exit code, or the names that could be meant instead."""
    treatment = treat_record(library, record, args.day)
    wanted = args.decision.strip()
    drug = _drug_named(library, wanted)
    found = _matches(treatment, wanted, drug)
    if found.is_empty and not drug:
        return tuple(dict.fromkeys(option.name for option in treatment.options))
    patient = _patient(library, record, args)
    changes = {
        place: option_changes(patient, treatment.guidelines, option)
        for place, option in enumerate(found.options[:MOST_EXPLAINED])
    }
    problems = [*faults(library), *treatment.problems]
    if args.json:
        data = {"options": found.options, "guards": found.guards, "tasks": found.tasks}
        say_json({**data, "changes": changes, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(problem_lines(page, treatment.problems))
        write(_lines(page, library, treatment, found, changes, drug or wanted))
    return 1 if problems else 0


def _patient(library: Library, record: Record, args: argparse.Namespace) -> Patient:
    facts = derive(as_of(record, library.terms, args.day), library).facts
    return consider(library, library.at(args.day), facts)


def _drug_named(library: Library, wanted: str) -> str:
    """The drug of a generic or brand name, also where it has no document; '' if it is none."""
    name = wanted.lower()
    for key, raw in library.documents.items():
        brands = raw.front.get("names")
        known = [str(b).lower() for b in brands] if isinstance(brands, list) else []
        if key.startswith("drugs/") and (name == key.removeprefix("drugs/") or name in known):
            return key.removeprefix("drugs/")
    return name if name in _drugs(library) else ""


def _drugs(library: Library) -> tuple[str, ...]:
    term = library.terms.get("drug")
    return term.values if term else ()


def _matches(treatment: Treatment, wanted: str, drug: str) -> Matches:
    name = wanted.lower()
    if drug:
        options = [o for o in treatment.options if drug in (o.drug, *parts_of(o.drug))]
        guards = [g for g in treatment.guards if _speaks_of(g, drug)]
        return Matches(tuple(options), tuple(guards), ())
    return Matches(
        tuple(o for o in treatment.options if name == o.name.lower()),
        tuple(g for g in treatment.guards if _is_row(g.basis, name)),
        tuple(t for t in treatment.tasks if _is_row(t.basis, name) or name == t.topic.lower()),
    )


def _speaks_of(guard: Objection, drug: str) -> bool:
    names = [target.partition(":")[2].partition("@")[0] for target in guard.targets]
    drugs = [part for name in names for part in parts_of(name)]
    kinds = {target.partition(":")[0] for target in guard.targets}
    return "drug" in kinds and (drug in drugs or "*" in names)


def _is_row(basis: Basis, name: str) -> bool:
    return name in (basis.row.lower(), f"{basis.document}#{basis.row}".lower(), basis.document)


def _lines(
    page: Page, library: Library, treatment: Treatment, found: Matches,
    changes: dict[int, list[OptionChange]], name: str,
) -> Iterator[str]:  # fmt: skip
    yield from page.text(f"{name}, for {treatment.title or treatment.patient}", style="bold")
    if not found.options and not found.tasks and not _is_guard(found, name):
        text = f"No guideline that was read names {name} for these facts."
        yield from page.text(text, 2, style="yellow")
    for place, option in enumerate(found.options):
        if place in changes:
            yield from _option(page, option, changes[place])
        else:
            yield from page.text(f"Also: {option.name}, {STATES[option.state]}", 2, 2)
    said = {(o.basis.document, o.basis.row) for x in found.options for o in x.objections}
    rest = [g for g in found.guards if (g.basis.document, g.basis.row) not in said]
    # What forbids for certain comes first: it is the answer to "why not?".
    rest.sort(key=lambda guard: (not guard.certain, guard.effect != "refuse"))
    if rest:
        yield from page.heading("Guards that speak of it")
    for guard in rest:
        yield from objection_lines(page, guard, 2)
        yield from _conditions(page, guard.basis, 4)
    for task in found.tasks:
        yield from page.heading(task.topic)
        yield from page.text(f"{task.basis.words}{mark(task.basis)}", 2)
        yield from _conditions(page, task.basis, 2)
        if not task.certain:
            yield from page.text(f"Depends on: {_names(task.depends_on)}", 2, 2, "yellow")
    yield from page.heading("Sources")
    yield from source_lines(page, library, _citations(library, _bases(found, changes)))


def _bases(found: Matches, shown: Iterable[int]) -> Iterator[Basis]:
    """Every row that the page shows."""
    for place in shown:
        option = found.options[place]
        yield from (advice.basis for advice in option.advice)
        yield from (o.basis for o in option.objections if o.certain or o.effect == "refuse")
    yield from (guard.basis for guard in found.guards)
    yield from (task.basis for task in found.tasks)


def _is_guard(found: Matches, name: str) -> bool:
    return any(_is_row(guard.basis, name.lower()) for guard in found.guards)


def _option(page: Page, option: Option, changes: list[OptionChange]) -> Iterator[str]:
    yield from page.heading(f"{option.name} ({option.setting}): {STATES[option.state]}")
    for strength, named in by_strength(option.advice):
        yield from page.text(f"{strength}: {named}", 2, 2)
    if option.state == "depends":
        yield from page.text(f"Depends on: {_names(option.depends_on)}", 2, 2, "yellow")
    against = [o for o in option.objections if o.certain or o.effect == "refuse"]
    if against:
        yield from page.text("What speaks against it", 2, style="bold")
    for objection in against:
        yield from objection_lines(page, objection, 4)
    cautions = [o for o in option.objections if not o.certain and o.effect != "refuse"]
    if names := _names(name for o in cautions for name in o.depends_on):
        yield from page.text(f"Check for it: {names}", 4, 2)
    yield from page.text("Who says what", 2, style="bold")
    for advice in option.advice:
        yield from _advice(page, advice)
    yield from _changes(page, changes)


def _advice(page: Page, advice: Advice) -> Iterator[str]:
    basis = advice.basis
    said = ("authority", "grade", "since")
    more = ", ".join(
        f"{name} {basis.outputs[name]}" for name in said if basis.outputs.get(name, "-") != "-"
    )
    who = "whatever the guideline" if advice.guideline == "all" else advice.guideline
    open_words = "" if advice.certain else f", if {_names(advice.depends_on)} fits"
    yield from page.text(f"{who}: {advice.strength}{open_words}", 4, 2, "cyan")
    yield from page.text(f"{basis.words}{mark(basis)}", 6)
    if more:
        yield from page.text(more, 6, 2)
    yield from _conditions(page, basis, 6)
    yield from page.text(f"{basis.document} {basis.row}; {READ[basis.status]}", 6, 2, "dim")


def _changes(page: Page, changes: Iterable[OptionChange]) -> Iterator[str]:
    changes = list(changes)
    if changes:
        yield from page.text("What single change would change it", 2, style="bold")
    for change in changes:
        strengths = f" ({', '.join(change.strengths)})" if change.strengths else ""
        state = STATES.get(change.state, "no row names it")
        text = f"- {spoken(change.name)} {change.instead} (now {change.now}): {state}{strengths}"
        yield from page.text(text, 4, 2)


def _conditions(page: Page, basis: Basis, indent: int) -> list[str]:
    words = ", ".join(c.replace("_", " ") for c in basis.conditions) or "always"
    return page.text(f"asks for: {words}", indent, 2, "dim")


def _citations(library: Library, bases: Iterable[Basis]) -> tuple[Citation, ...]:
    rows = (library.compiled[basis.document].table.row(basis.row) for basis in bases)
    return tuple(dict.fromkeys(citation for row in rows for citation in row.citations))


def _names(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(spoken(name) for name in names))


def no_such_name(
    library: Library, wanted: str, decisions: Iterable[str], options: Iterable[str]
) -> Problem:
    """What can be explained, where a word names nothing."""
    names = [*decisions, *_drugs(library), *options]
    remedy = (
        f"{near(wanted, names)}name a decision ({', '.join(decisions)}), a drug, an option "
        f"({', '.join(options) or 'none here'}), or a row of a guard or task"
    )
    return Problem("DECISION", f"nothing here is called {wanted!r}", remedy)
