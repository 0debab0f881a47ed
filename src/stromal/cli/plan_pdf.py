"""The letter and the board summary as a PDF, set by Typst (the optional extra `letter`).

The text goes to Typst as data, never as markup, so that nothing in a record can be read as code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec

from stromal.cli.page import Page
from stromal.cli.plan_html import FOR_WHOM, LETTER_OPTIONS, SIGNS
from stromal.cli.plan_page import (
    board_lines,
    certain_guards,
    decision_words,
    need_words,
    option_name,
    option_reason,
)
from stromal.cli.speak import spoken
from stromal.cli.treatment_page import EMERGENCY
from stromal.facts.problem import Problem
from stromal.plan.boards import BoardDecision
from stromal.plan.make import Plan, Stated
from stromal.plan.treatment import Option

BOARD_LINES = 4
"""So few options that a board usually has one page; the rest is counted."""
WIDE = 10_000
"""Wide enough that no line is broken: Typst breaks them."""
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: 18mm, footer: context [
  #set text(8pt)
  #data.footer #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(size: 10pt, lang: "en", region: "GB")
#show heading.where(level: 2): it => block(above: 1.2em, below: .6em, sticky: true,
  stroke: (bottom: 1pt + rgb("#0b4f8a")), inset: (bottom: 3pt), width: 100%, it)
#for (number, part) in data.parts.enumerate() {
  if number > 0 { pagebreak() }
  heading(level: 1, part.title)
  block(stroke: 1pt, inset: 6pt, width: 100%, data.emergency)
  for section in part.sections {
    heading(level: 2, section.title)
    if section.table {
      table(columns: (auto, 1fr), stroke: none, inset: 3pt,
        ..section.rows.map(row => (text(fill: luma(60), row.at(0)), strong(row.at(1)))).flatten())
    } else { list(..section.rows.map(row => row.at(0))) }
  }
  for line in part.closing { v(1em); text(line) }
}
"""
_Section = dict[str, object]


def plan_pdf(plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]) -> bytes | Problem:
    """The file; a problem where Typst is not installed. The same plan gives the same text."""
    if find_spec("typst") is None:
        return Problem("--pdf", "needs the package typst", "pip install 'stromal[letter]'")
    data = json.dumps(pdf_data(plan, boards, dates), ensure_ascii=False)
    found: bytes = import_module("typst").compile(TEMPLATE.encode(), sys_inputs={"data": data})
    return found


def pdf_data(
    plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]
) -> dict[str, object]:
    """What the letter and the board summary say, section by section."""
    name = plan.title or plan.patient
    rule = "_" * 24
    letter = {
        "title": f"Letter to the referring doctor: {name}",
        "sections": [*_shared(plan, boards, LETTER_OPTIONS), *_listed("Next dates", dates)],
        "closing": [f"Signed: {rule}"],
    }
    board = {
        "title": f"Board summary: {name}",
        "sections": [
            *_listed("Questions", plan.questions),
            *_shared(plan, boards, BOARD_LINES),
        ],
        "closing": [f"Decision: {rule}{rule}", f"Dissent: {rule}   Decided by: {rule}"],
    }
    return {
        "title": f"Plan: {name}",
        "footer": FOR_WHOM,
        "emergency": EMERGENCY,
        "parts": [letter, board],
    }


def _shared(plan: Plan, boards: Sequence[BoardDecision], most: int) -> Iterator[_Section]:
    conflicts = [f"{spoken(c.name)}: {c.what}; {c.kept}" for c in plan.conflicts]
    problems = [f"{p.place}: {p.what}. {p.remedy}" for p in plan.problems]
    yield from _listed("To be asked", [*problems, *conflicts])
    shown = [d for d in plan.nature if d.role == "scheme" or d.state == "settled"]
    nature = [[spoken(d.name), decision_words(d)] for d in shown]
    yield _table("What it is", [*nature, *_stated(plan.genotype)])
    yield _table("Where it stands", [*_stated(plan.state), *(["drug", d] for d in plan.drugs)])
    decided = [line.strip() for line in board_lines(Page(WIDE), boards) if line.strip()]
    yield from _listed("Decided", decided[1:])
    options = plan.treatment.options
    yield from _listed("Options", [_option(plan, place) for place in range(len(options[:most]))])
    if len(options) > most:
        yield from _listed("More", [f"{len(options) - most} more options are on the plan."])
    guards = [f"{g.effect}: {g.basis.words} ({g.basis.document} {g.basis.row})"
              for g in certain_guards(plan)]  # fmt: skip
    yield from _listed("Guards that hold", guards)
    needed = [f"{need.question} [{need_words(need)}]" for need in plan.needed[:LETTER_OPTIONS]]
    yield from _listed("What is missing, the most telling first", needed)


def _option(plan: Plan, place: int) -> str:
    option: Option = plan.treatment.options[place]
    compared = plan.comparison[place]
    said = [f"{name}: {strength}" for name, strength in compared.strengths if strength]
    said += [f"beside guidelines: {compared.beside}"] if compared.beside else []
    told = "; ".join(said)
    return f"{SIGNS[option.standing]}: {option_name(option)}. {told}. {option_reason(option)}"


def _stated(facts: Sequence[Stated]) -> Iterator[list[str]]:
    return ([spoken(fact.name), fact.words] for fact in facts)


def _table(title: str, rows: list[list[str]]) -> _Section:
    return {"title": title, "table": True, "rows": rows}


def _listed(title: str, lines: Sequence[str]) -> Iterator[_Section]:
    if lines:
        yield {"title": title, "table": False, "rows": [[line] for line in lines]}
