"""A dictionary small enough to reason about, with every kind and every reducer."""

from __future__ import annotations

from stromal.facts.dictionary import Term, read_terms

TEXT = """# Facts for tests

## birth_date

- type: date
- question: When was the patient born?

## death_date

- type: date
- question: When did the patient die?

## age

- type: number
- unit: years
- bare: yes
- limits: [0..130]
- reducer: latest
- question: How old?

## size

The largest diameter.

- type: number
- unit: cm
- limits: (0..60]
- reducer: agree
- precedence: resection, biopsy, imaging
- question: How large?
- plain: how large
- codes: LOINC 33728-7; UCUM cm

## site

- type: choice
- values: stomach, duodenum, jejunum, ileum
- synonyms: small bowel = duodenum | jejunum | ileum; gastric = stomach
- precedence: resection, imaging
- question: Where?

## stain

- type: choice
- values: positive, negative
- reducer: latest
- precedence: resection, biopsy
- question: Does it stain?

## first_drug

- type: choice
- values: imatinib, sunitinib
- reducer: first
- question: Which drug first?

## status

- type: choice
- values: none, focal, general
- reducer: latest
- question: Is there progression?

## syndrome

- type: choice
- values: no, yes
- reducer: ever
- question: Is there a syndrome?

## worst_grade

- type: number
- bare: yes
- limits: [1..5]
- reducer: highest
- question: Which grade at worst?

## best_response

- type: choice
- values: complete, partial, stable, progressive
- reducer: lowest
- question: Which response at best?

## findings

- type: members
- values: perforation, spillage, ascites
- reducer: together
- question: What was found?

## report

- type: text
- reducer: together
- question: What does the report say?
"""


def terms() -> dict[str, Term]:
    """The terms by name; the text has no fault."""
    found, problems = read_terms("facts/small.md", TEXT)
    assert not problems, problems
    return {term.name: term for term in found}


TERMS = terms()
