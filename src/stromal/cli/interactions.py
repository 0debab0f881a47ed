"""`stromal interactions`: what the patient's other medicines do to a tumour drug."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from stromal.cli.assess import read_case
from stromal.cli.drug import drug_by_name
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import MARK, fail, library_for, output_page, problem_lines, spoken
from stromal.facts.problem import Problem
from stromal.plan.assessment import Basis
from stromal.plan.drugs.interactions import Interactions, OnDrug, interactions
from stromal.plan.drugs.medicines import Medicine
from stromal.plan.drugs.rules import Rule, parts_of

ROOMS = ("nature", "therapy", "drugs")
STRONG = frozenset(("avoid", "change the other drug", "not recommended"))


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something could not be read or no drug is known."""
    library = library_for(args, ROOMS)
    drug = ""
    if args.drug:
        found = [drug_by_name(library, part) for part in parts_of(args.drug.strip().lower())]
        wrong = [one for one in found if isinstance(one, Problem)]
        if wrong:
            return fail(args, *wrong)
        drug = " with ".join(str(one) for one in found)
    result = interactions(library, read_case(args.case, library), args.day, drug)
    if args.json:
        say_json({"interactions": result, "problems": problems_data(result.problems)})
    else:
        write(list(lines(output_page(args), result)))
    return 1 if result.problems else 0


def lines(page: Page, result: Interactions) -> Iterator[str]:
    """The page: the medicines with their classes, then each drug."""
    yield from page.text(result.title or result.patient, style="bold")
    yield from problem_lines(page, result.problems)
    yield from page.heading("Other medicines")
    if not result.stated:
        text = "The record says nothing of other medicines. That is not 'none': ask."
        yield from page.text(text, 2, style="yellow")
    elif not result.medicines:
        yield from page.text(
            "None now, says the record." if result.ended else "None, says the record.", 2
        )
    for medicine in result.medicines:
        yield from _medicine(page, medicine)
    for ended in result.ended:
        yield from page.text(f"{ended.name or ended.written}: ended on {ended.day}", 2, 4, "dim")
    for on_drug in result.drugs:
        yield from _drug(page, result, on_drug)


def _medicine(page: Page, medicine: Medicine) -> Iterator[str]:
    if not medicine.name:
        near = f" Did you mean {' or '.join(medicine.near)}?" if medicine.near else ""
        text = f"{medicine.written}: not in the list, so what it does is unknown.{near}"
        yield from page.text(text, 2, 4, "yellow")
        return
    same = medicine.written.lower() == medicine.name.lower()
    name = medicine.name if same else f"{medicine.name} (written {medicine.written!r})"
    classes = ", ".join(medicine.classes) or "no interaction class is listed: look it up"
    unsure = {c for c in medicine.classes if _recalled(medicine, c)}
    mark = f" [UNCONFIRMED: {', '.join(sorted(unsure))}]" if unsure else ""
    yield from page.text(f"{name}: {classes}{mark}", 2, 4)


def _recalled(medicine: Medicine, name: str) -> bool:
    rows = [b for b in medicine.bases if b.outputs["interaction_class"] == name]
    return all(b.status == "recalled" for b in rows)


def _drug(page: Page, result: Interactions, on_drug: OnDrug) -> Iterator[str]:
    yield from page.heading(f"With {on_drug.drug}")
    if not on_drug.read:
        text = f"No label of {on_drug.drug} was read on interactions: nothing is known here."
        yield from page.text(text, 2, 2, "yellow")
    for place, medicine in enumerate(result.medicines):
        found = [one.rule for one in on_drug.interactions if one.medicine == place]
        if found:
            yield from page.text(f"{medicine.name}", 2, 2, "bold")
            for rule in found:
                yield from rule_lines(page, rule)
    silent = [result.medicines[place].name for place in on_drug.silent]
    if silent and on_drug.read:
        text = f"No row for {', '.join(silent)} in what was read: unknown, which is not 'safe'."
        yield from page.text(text, 2, 2, "yellow")
    for rule in on_drug.general:
        yield from rule_lines(page, rule)
    for dispute in on_drug.disputes:
        yield from page.text(f"Sources disagree: {dispute.words}", 4, 2, "yellow")
    yield from organ_lines(page, on_drug.organs, "Organ function, pregnancy, warnings")


def organ_lines(page: Page, rules: Iterable[Rule], title: str) -> Iterator[str]:
    """The rows that fit, then in one line what would have to be known for the others."""
    rules = list(rules)
    certain = [rule for rule in rules if rule.certain and rule.basis.conditions]
    names = dict.fromkeys(name for rule in rules for name in rule.depends_on)
    if certain or names:
        yield from page.text(title, 2, 2, "bold")
    for rule in certain:
        yield from rule_lines(page, rule)
    if names:
        asked = ", ".join(spoken(name) for name in names)
        yield from page.text(f"Not known, and the label asks for it: {asked}", 4, 2, "yellow")


def rule_lines(page: Page, rule: Rule, indent: int = 4) -> Iterator[str]:
    """One row: what to do, why, what instead, where it stands."""
    outputs = rule.basis.outputs
    action = outputs.get("action") or outputs.get("topic", "")
    style = "red" if action in STRONG else ""
    more = [
        outputs[n] for n in ("effect", "dose", "rule", "next_dose") if outputs.get(n, "-") != "-"
    ]
    lead = ": ".join(part for part in (action, "; ".join(more)) if part)
    yield from page.text(lead, indent, 2, style)
    if not rule.certain:
        names = ", ".join(spoken(name) for name in rule.depends_on)
        yield from page.text(f"if so; not known: {names}", indent + 2, 2, "yellow")
    yield from page.text(f"{rule.basis.words}{_mark(rule.basis)}", indent + 2)
    for name, lead in (("if_unavoidable", "if unavoidable"), ("resume_when", "resume when")):
        if outputs.get(name, "-") != "-":
            yield from page.text(f"-> {lead}: {outputs[name]}", indent + 2, 3)
    yield from page.text(where(rule.basis), indent + 2, 2, "dim")


def where(basis: Basis) -> str:
    """Document, row, sources and how they were read."""
    return f"{basis.document} {basis.row}: {'; '.join(basis.citations)} ({basis.status})"


def _mark(basis: Basis) -> str:
    return f" [{MARK[basis.status]}]" if basis.status in MARK else ""
