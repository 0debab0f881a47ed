"""`stromal explain`: one decision for one patient, with everything that it rests on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from stromal.cli.assess import ROOMS, read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.assessment_guards import objection_lines
from stromal.cli.pages.assessment_words import condition_words, labels, names_in_words
from stromal.cli.pages.page import Cell, Page, write
from stromal.cli.show import source_lines
from stromal.cli.speak import (
    READ,
    fail,
    fault_lines,
    faults,
    library_for,
    near,
    output_page,
    problem_lines,
    say_cell,
    say_value,
    spoken,
)
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.library import Library
from stromal.plan.assess import assess_record
from stromal.plan.assessment import Assessment, Basis, Decision
from stromal.tables.document import Table


def run(args: argparse.Namespace) -> int:
    """Explain a decision; 1 if there is none of that name or the case has problems."""
    library = library_for(args, ROOMS)
    record = read_case(args.case, library)
    assessment = assess_record(library, record, args.day)
    found = _find(assessment, args.decision)
    if isinstance(found, Problem):  # perhaps a decision of another room
        library = library_for(args)
        assessment = assess_record(library, record, args.day)
        found = _find(assessment, args.decision)
    if isinstance(found, Problem):
        return _explain_treatment(args, library, record, assessment)
    problems = [*faults(library), *assessment.problems]
    if args.json:
        missing = [m for m in assessment.missing if found.name in (*m.settles, *m.may_settle)]
        changes = [c for c in assessment.changes if found.name in (n for n, _, _ in c.changes)]
        data = {"decision": found, "missing": missing, "changes": changes}
        say_json({**data, "problems": problems_data(problems)})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(problem_lines(page, assessment.problems))
        write(_lines(page, library, assessment, found))
    return 1 if problems else 0


def _explain_treatment(
    args: argparse.Namespace, library: Library, record: Record, assessment: Assessment
) -> int:
    """Perhaps an option, a drug, a guard or a task."""
    from stromal.cli.explain_treatment import explain_treatment, no_such_name

    answer = explain_treatment(args, library, record)
    if isinstance(answer, int):
        return answer
    names = [decision.name for decision in assessment.decisions]
    return fail(args, no_such_name(library, args.decision, names, answer), *assessment.problems)


def _find(assessment: Assessment, wanted: str) -> Decision | Problem:
    name = wanted.strip().lower()
    for decision in assessment.decisions:
        ids = (decision.name, decision.document, decision.document.rpartition("/")[2])
        if name in ids or name.replace("-", "_").replace(" ", "_") == decision.name:
            return decision
    parts = [d for d in assessment.decisions if len(name) > 2 and name in d.name.split("_")]
    if len(parts) == 1:
        return parts[0]
    names = [decision.name for decision in assessment.decisions]
    remedy = f"{near(name, names)}the decisions are {', '.join(names)}"
    return Problem("DECISION", f"no decision {wanted!r}", remedy)


def _lines(
    page: Page, library: Library, assessment: Assessment, decision: Decision
) -> Iterator[str]:
    yield from page.text(f"{decision.title}  [{decision.document}]", style="bold")
    outcomes = " or ".join(decision.outcomes) or "refused"
    yield from page.text(f"{outcomes} ({decision.state})", 2, style="bold")
    for objection in (o for o in decision.objections if o.certain):
        yield from objection_lines(page, library, objection, [decision.name], "full")
    for basis in decision.bases:
        yield from _basis_lines(page, library, assessment, decision, basis)
    for dispute in decision.disagreements:
        yield from page.heading(f"Printed differently ({dispute.id}): {dispute.printed}")
        yield from page.text(dispute.words, 2)
        yield from page.text(f"{'; '.join(dispute.citations)} ({READ[dispute.status]})", 2, 2)
    perhaps = [objection for objection in decision.objections if not objection.certain]
    if perhaps:
        yield from page.heading("Would be refused, or need care, if")
    for objection in perhaps:
        yield from objection_lines(page, library, objection, [decision.name], "full")
    yield from _beneath(page, library, assessment, decision)
    yield from _missing_lines(page, assessment, decision)
    yield from _change_lines(page, library, assessment, decision)


def _basis_lines(
    page: Page, library: Library, assessment: Assessment, decision: Decision, basis: Basis
) -> Iterator[str]:
    table = library.compiled[basis.document].table
    row = table.row(basis.row)
    kind = "Row" if len(decision.bases) == 1 else "Possible row"
    yield from page.heading(f"{kind} {basis.row}: {basis.outputs[decision.name]}")
    yield from page.text(basis.words, 2)
    for name, value in basis.outputs.items():
        if name != decision.name and value != "-":
            yield from page.text(f"{spoken(name)}: {value}", 2)
    rows = [
        (Cell(spoken(t.name)), Cell(_value(library, assessment, t.name)), Cell(say_cell(t, cell)))
        for t, cell in zip(table.inputs, row.cells, strict=True)
    ]
    yield from page.table(("looks at", "this patient", "the row asks for"), rows, 2, 28)
    yield from page.text(f"Sources ({READ[basis.status]}):", 2, style="dim")
    yield from source_lines(page, library, row.citations)


def _value(library: Library, assessment: Assessment, name: str) -> str:
    for decision in assessment.decisions:
        if decision.name == name:
            return " or ".join(decision.outcomes) or "refused"
    for fact in assessment.facts:
        if fact.name == name:
            return say_value(library.terms, name, fact.possible)
    return "not known"


def _beneath(
    page: Page, library: Library, assessment: Assessment, decision: Decision
) -> Iterator[str]:
    """The decisions that this one rests on."""
    tables: dict[str, Table] = {t.decides: t for t in library.tables if t.decides}
    names = {term.name for term in tables[decision.name].inputs} & set(tables)
    below = [d for d in assessment.decisions if d.name in names]
    if below:
        yield from page.heading("It rests on")
    for other in below:
        text = f"- {spoken(other.name)}: {' or '.join(other.outcomes) or 'refused'}"
        yield from page.text(text, 2, 2)
        for basis in other.bases[:3]:
            words = f"{other.document}#{basis.row}, if {condition_words(library, basis)}"
            yield from page.text(words, 4, 2, "dim")


def _missing_lines(page: Page, assessment: Assessment, decision: Decision) -> Iterator[str]:
    found = [m for m in assessment.missing if decision.name in (*m.settles, *m.may_settle)]
    if found:
        yield from page.heading("What would settle it")
    for missing in found:
        yield from page.text(f"- {missing.question} [{missing.name}, {missing.reason}]", 2, 2)
        for value, effects in missing.by_value:
            here = [e for e in effects if e.startswith(f"{decision.name}: ")]
            if here:
                yield from page.text(f"{value}: {here[0].partition(': ')[2]}", 4, 2, "dim")
    rest = [n for n in decision.open_facts if n not in {m.name for m in found}]
    if rest:
        yield from page.text(f"Also open: {names_in_words(rest)}", 2, 2, "dim")


def _change_lines(
    page: Page, library: Library, assessment: Assessment, decision: Decision
) -> Iterator[str]:
    found = [
        (change, then)
        for change in assessment.changes
        for name, _, then in change.changes
        if name == decision.name
    ]
    if found:
        yield from page.heading(f"What single change would change {labels(library)[decision.name]}")
    for change, then in found:
        text = f"- {spoken(change.name)} {change.instead} (now {change.now}): {then}"
        yield from page.text(text, 2, 2)
