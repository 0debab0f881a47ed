"""Reads what laboratories write about a mutation: `read_variant`, `read_variants`.

A statement is either understood word for word, or it leaves every genotype class possible and
says why. Nothing here raises on any text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stromal.facts.problem import Problem
from stromal.nature import variant_genes as genes
from stromal.nature.variant_change import coding_name, protein_of
from stromal.nature.variant_circumstances import clashes, with_circumstances
from stromal.nature.variant_class import Finding, Verdict, classify
from stromal.nature.variant_denial import denied
from stromal.nature.variant_event import Event, event_of, exons_said, word_kind, word_problems
from stromal.nature.variant_reading import ALL_CLASSES, VariantReading
from stromal.nature.variant_stain import stained
from stromal.nature.variant_statement import Said, said, text_problems
from stromal.nature.variant_text import normalised, tokens

LONGEST_TEXT = 600


def read_variant(text: str, timing: str = "unknown") -> VariantReading:
    """What one statement of a molecular report says; never raises, never guesses.

    `timing` ("primary" or "secondary") is what the record knows of the sample: whether it was taken
    before any drug. It counts only where the text itself says nothing.

    >>> reading = read_variant("KIT exon 11 p.(Trp557_Lys558del)")
    >>> reading.variant_class, reading.protein.one_letter, reading.codon_first
    ('KIT exon 11', 'p.W557_K558del', 557)
    >>> read_variant("D842V, exon 11").problems[0].what
    'the text contradicts itself: PDGFRA D842V lies in exon 18, not in exon 11'
    """
    clean = normalised(text)
    if not clean:
        return _unread(text, "the text is empty", "give the laboratory's wording")
    if len(clean) > LONGEST_TEXT:
        return _unread(text, "the text is too long for one statement", "give one finding at a time")
    return _safe(_read(text, said(tokens(clean)), timing))


def read_variants(texts: Iterable[str]) -> list[VariantReading]:
    """The readings of many texts, in their order; a text that recurs is read once."""
    known: dict[str, VariantReading] = {}
    found = []
    for text in texts:
        reading = known.get(text)
        if reading is None:
            reading = known[text] = read_variant(text)
        found.append(reading)
    return found


def _unread(text: str, what: str, remedy: str) -> VariantReading:
    return VariantReading(text, problems=(Problem(text[:60], what, remedy),))


def _safe(reading: VariantReading) -> VariantReading:
    """A reading with a problem keeps no class as certain."""
    if not reading.problems:
        return reading
    return replace(reading, variant_class=None, genotype=ALL_CLASSES, subtypes=(), coverage=())


def _read(text: str, statement: Said, timing: str) -> VariantReading:
    problems = text_problems(statement) + clashes(statement)
    base = with_circumstances(text, statement, problems, timing)
    return (
        _without_result(statement, base)
        or stained(statement, base)
        or denied(statement, base)
        or _found(statement, base)
    )


def _without_result(statement: Said, base: VariantReading) -> VariantReading | None:
    """Not tested and failed: no result, which is never a negative one."""
    for kind in ("failed", "not tested"):
        if not statement.has(kind):
            continue
        named = statement.genes
        problems = base.problems
        if statement.changes("p") or statement.changes("c"):
            remedy = "write the finding and the missing result as two statements"
            problems += (Problem(base.text[:60], f'a finding and "{kind}" in one text', remedy),)
        return replace(
            base,
            kind=kind,
            gene=named[0] if len(named) == 1 else None,
            exons=exons_said(statement),
            problems=problems,
        )
    return None


def _found(statement: Said, base: VariantReading) -> VariantReading:
    """A change that is there."""
    several = _several(statement)
    if several:
        return replace(base, kind="several", problems=(*base.problems, several))
    event = event_of(statement)
    problems = (*base.problems, *event.place.problems, *word_problems(statement, event))
    if event.gene and event.kind == "exon word" and not _result_said(statement, event):
        what = f"no result is stated for {event.gene}"
        remedy = 'name the change, or say "wild type", "not tested" or "failed"'
        problems = (*problems, Problem(event.gene, what, remedy))
    if event.gene is None:
        return _without_gene(statement, base, event, problems)
    finding = Finding(
        event.gene,
        event.kind,
        event.place,
        word_kind(statement),
        base.significance,
        base.primary_or_secondary,
    )
    return _filled(base, problems, event, classify(finding))


def _result_said(statement: Said, event: Event) -> bool:
    """Whether a gene stands there with more than its name."""
    words = ("mutated", "kind", "positive", "significance")
    return bool(event.place.exons) or any(statement.has(word) for word in words)


def _filled(
    base: VariantReading, problems: tuple[Problem, ...], event: Event, verdict: Verdict
) -> VariantReading:
    place = event.place
    first, last = place.codons()
    return replace(
        base,
        problems=problems,
        kind=event.kind,
        gene=event.gene,
        exons=place.exons,
        codon_first=first,
        codon_last=last,
        protein=protein_of(place.protein) if place.protein and event.gene else None,
        cdna=coding_name(place.coding) if place.coding else None,
        partner=event.partner,
        isoform=genes.ISOFORMS.get(event.gene or ""),
        variant_class=verdict.variant_class,
        genotype=verdict.genotype,
        subtypes=verdict.subtypes,
        incomplete=(*base.incomplete, *verdict.incomplete),
        notes=(*base.notes, *event.notes, *place.notes),
    )


def _without_gene(
    statement: Said, base: VariantReading, event: Event, problems: tuple[Problem, ...]
) -> VariantReading:
    empty = not (event.place.protein or event.place.coding or event.place.exons)
    what = "no gene and no change is named" if empty else "the gene is not named"
    remedy = 'name gene and change, for instance "KIT exon 11 p.Trp557_Lys558del"'
    found = Problem(base.text[:60], what, remedy)
    if not (statement.has("unread") and problems):
        problems = (*problems, found)
    blank = Verdict()
    return _filled(base, problems, event, blank)


def _several(statement: Said) -> Problem | None:
    """More than one finding in one statement."""
    proteins, codings = statement.changes("p"), statement.changes("c")
    pairs = {t.value for t in statement.by_kind.get("pair", ())}
    named = statement.genes
    many = len(proteins) > 1 or len(codings) > 1 or len(pairs) > 1
    if not many and (pairs or len(named) < 2):
        return None
    if not many and not (proteins or codings):
        what = "several genes are named, and it is not said which one is changed"
    else:
        what = "several findings in one text"
    where = " ".join(str(token.text) for token in statement.tokens)[:80]
    return Problem(where, what, "write each finding as a statement of its own, with its gene")
