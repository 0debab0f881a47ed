"""A small dictionary and documents to write into: what the tests of the tables hall share."""

from __future__ import annotations

from collections.abc import Mapping

from stromal.facts.dictionary import Term, read_terms
from stromal.facts.possible import Choices, Possible
from stromal.facts.problem import Problem
from stromal.tables.compile import CompiledTable, compile_table
from stromal.tables.document import Table
from stromal.tables.markdown import read_raw
from stromal.tables.prove import prove
from stromal.tables.read import decision_term, read_tables

DICTIONARY = """
## tumour_size
- type: number
- unit: cm
- limits: (0..100]
- question: How large?

## mitotic_rate
- type: number
- unit: /5 mm2
- limits: [0..500]
- question: How many mitoses?

## tumour_site
- type: choice
- values: stomach, duodenum, ileum
- question: Where?

## rupture_findings
- type: members
- values: perforation, spillage, mucosal defect
- question: Which of these?

## day_of_surgery
- type: date
- question: When?
"""
TERMS: Mapping[str, Term] = {t.name: t for t in read_terms("facts/small.md", DICTIONARY)[0]}

HEAD = """---
id: nature/small
title: A small scheme
kind: one
role: scheme
decides: small_risk
outcomes: [low, high]
edition: "1"
laws:
  - rising tumour_size
---

Words.

"""
ROWS = """## Rows

| id | tumour_size (cm) | tumour_site | = small_risk | source | status | words |
|---|---|---|---|---|---|---|
| L1 | <= 5 | "stomach" | low | someone-2001, table 1 | full | Low at {tumour_size}. |
| H1 | > 5 | "stomach" | high | someone-2001, table 1 | full | High. |
| H2 | - | not("stomach") | high | someone-2001, table 1 | full | High. |
"""
EXAMPLES = """
## Examples

| case | tumour_size | tumour_site | expected | row |
|---|---|---|---|---|
| at the border | 5 | stomach | low | L1 |
| beyond it | 5.1 | stomach | high | H1 |
| elsewhere | 1 | ileum | high | H2 |
| size unknown | ? | stomach | low or high | |
"""
GOOD = HEAD + ROWS + EXAMPLES


def read(text: str, terms: Mapping[str, Term] = TERMS) -> tuple[tuple[Table, ...], list[Problem]]:
    """The tables of a document and everything that is wrong with how it is written."""
    raw, problems = read_raw("nature/small", "nature/small.md", text)
    decided = decision_term(raw)
    names = {**terms, **({decided.name: decided} if decided else {})}
    tables, more = read_tables(raw, names, _no_records)
    return tables, [*problems, *more]


def faults(text: str) -> list[str]:
    """Everything that reading and proving say against a document."""
    tables, problems = read(text)
    proved = [p for table in tables for p in prove(compile_table(table), {})]
    return [str(problem) for problem in (*problems, *proved)]


def compiled(text: str, terms: Mapping[str, Term] = TERMS) -> CompiledTable:
    """The one table of a faultless document."""
    tables, problems = read(text, terms)
    assert not problems, problems
    return compile_table(tables[0])


def _no_records(term: Term, text: str) -> Possible | Problem:
    if text in term.values:
        return Choices.of(text)
    return Problem("", f"{text!r} is no value of {term.name}", "write a cell")
