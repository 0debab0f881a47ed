"""An output that bears the name of a fact says only what the dictionary knows."""

from __future__ import annotations

from stromal.facts.dictionary import Term, read_terms
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.tables.markdown import read_raw
from stromal.tables.read import read_tables

WORDS = """
## tumour_site
- type: choice
- values: stomach, rectum
- question: Where?

## option
- type: choice
- values: imatinib 400 mg daily
- question: Which drug?

## surgical_option
- type: choice
- values: resect, watch
- question: Which operation?
"""
DOCUMENT = """---
id: surgery/small
title: A small choice
kind: all
role: option
edition: "1"
---

Words.

## Rows

| id | tumour_site | = option | = drug | = setting | = strength | source | status | words |
|---|---|---|---|---|---|---|---|---|
| A1 | "stomach" | OPTION | - | diagnosis | recommended | someone-2020 | full | Do it. |
"""


def problems_with(option: str) -> list[Problem]:
    terms = {term.name: term for term in read_terms("facts/small.md", WORDS)[0]}
    raw, _ = read_raw("surgery/small", "surgery/small.md", DOCUMENT.replace("OPTION", option))
    return list(read_tables(raw, terms, _no_value)[1])


def _no_value(term: Term, text: str) -> Possible | Problem:
    return Problem(term.name, text, "no examples here")


def test_an_option_may_come_from_the_list_of_drugs() -> None:
    assert problems_with("imatinib 400 mg daily") == []


def test_an_option_may_come_from_the_list_of_operations() -> None:
    assert problems_with("resect") == []


def test_an_option_that_neither_list_knows_is_named_with_its_line() -> None:
    (problem,) = problems_with("wave a wand")
    assert problem.place == "surgery/small.md:15, column option"
    assert "'wave a wand'" in problem.what
