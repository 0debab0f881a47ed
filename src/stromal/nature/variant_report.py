"""Puts the statements of one or several molecular reports about a tumour together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from stromal.facts.problem import Problem
from stromal.nature.variant import read_variant
from stromal.nature.variant_denial import ruled_out
from stromal.nature.variant_reading import (
    ALL_CLASSES,
    KIT_CLASSES,
    Coverage,
    MolecularReading,
    VariantReading,
)
from stromal.nature.variant_statement import said
from stromal.nature.variant_text import normalised, tokens

_NEGATIVE = frozenset({"wild type", "retained"})
_NO_RESULT = frozenset({"not tested", "failed", "expression", "unread", "several"})
_STATEMENT_END = re.compile(r"[;\n\r]+|\.\s+(?=[A-Z])|\.\s*$")
_SOFT_END = re.compile(r",\s+|\s+(?:and|plus|with)\s+|\s+[+&]\s+")
_GENE_AHEAD = re.compile(r"(?i)\bc?-?(KIT|PDGFRA|BRAF|NF1|SDH[ABCD])\b")


def read_report(texts: Iterable[str], *, before_any_drug: bool | None = None) -> MolecularReading:
    """The genotype classes still possible, with primary and secondary changes kept apart.

    `before_any_drug` is what the record knows of the sample; None if it does not. Not tested,
    failed and not covered exclude nothing; a change of uncertain significance decides nothing.

    >>> sorted(read_report(["KIT exon 11 L576P; KIT V654A acquired under imatinib"]).genotype)
    ['KIT exon 11']
    """
    timing = "primary" if before_any_drug else "unknown"
    readings = tuple(r for text in texts for r in _statements(text, timing))
    found = tuple(r for r in readings if r.kind not in _NEGATIVE | _NO_RESULT and r.genotype)
    found = tuple(r for r in found if not r.problems)
    primary, unknown, secondary = _by_timing(found)
    genotype, problems = _genotype(readings, primary, unknown, secondary)
    return MolecularReading(
        statements=readings,
        genotype=genotype,
        primary=primary,
        secondary=secondary,
        timing_unknown=unknown,
        coverage=_coverage(readings),
        subtypes=tuple(dict.fromkeys(s for r in primary for s in r.subtypes)),
        problems=(*(p for r in readings for p in r.problems), *problems),
        incomplete=tuple(dict.fromkeys(p for r in readings for p in r.incomplete)),
        notes=tuple(dict.fromkeys(note for r in readings for note in r.notes)),
    )


def _statements(text: str, timing: str) -> list[VariantReading]:
    pieces = [piece.strip() for piece in _STATEMENT_END.split(text) if piece and piece.strip()]
    return [r for piece in pieces or [text] for r in _one_or_more(piece, timing)]


def _one_or_more(piece: str, timing: str) -> list[VariantReading]:
    """The piece as one statement or, if that fails, as several that all can be read."""
    whole = read_variant(piece, timing)
    parts = [part for part in _SOFT_END.split(piece) if part.strip()]
    if len(parts) < 2 or not _may_split(piece, parts, whole):
        return [whole]
    gene, readings = "", []
    for part in parts:
        named = _GENE_AHEAD.search(part)
        gene = named[1] if named else gene
        reading = read_variant(part if named else f"{gene} {part}", timing)
        readings.append(replace(reading, text=part))
    return [whole] if any(reading.problems for reading in readings) else readings


def _may_split(piece: str, parts: list[str], whole: VariantReading) -> bool:
    """Whether only the number of findings is at fault, and no word could belong to several.

    "D842V and V561D not detected" denies both: taking it apart would make a finding of the first.
    """
    if not whole.problems or not all(p.what.startswith(_SPLITTABLE) for p in whole.problems):
        return False
    words = said(tokens(normalised(piece)))
    if words.has("wild", "not found") or any(words.has(kind) for kind in _SHARED):
        return False
    return not (re.search(r"\sand\s", piece) and _trailing_words(parts[-1]))


def _trailing_words(part: str) -> bool:
    """Whether words about time, origin or meaning stand behind the change of this part."""
    found = tokens(normalised(part))
    changes = [token.start for token in found if token.kind == "change"]
    return any(t.kind in _ABOUT and t.start > place for t in found for place in changes[:1])


_SPLITTABLE = ("several findings", "several genes", "the text gives a change and calls")
_SHARED = ("not tested", "failed", "hedge", "negative", "unread")
_ABOUT = frozenset({"timing", "when", "drug", "significance", "origin"})


def _by_timing(
    found: tuple[VariantReading, ...],
) -> tuple[tuple[VariantReading, ...], ...]:
    """Primary, unknown, secondary. A late-exon KIT change beside an early one is left unknown."""
    early = any(r.variant_class in KIT_CLASSES[:3] for r in found)
    groups: dict[str, list[VariantReading]] = {"primary": [], "unknown": [], "secondary": []}
    for reading in found:
        group = reading.primary_or_secondary
        late = reading.variant_class in KIT_CLASSES[3:]
        if group == "unknown" and len(reading.genotype) == 1 and not (early and late):
            group = "primary"
        groups[group].append(reading)
    return tuple(tuple(groups[name]) for name in ("primary", "unknown", "secondary"))


def _genotype(
    readings: tuple[VariantReading, ...],
    primary: tuple[VariantReading, ...],
    unknown: tuple[VariantReading, ...],
    secondary: tuple[VariantReading, ...],
) -> tuple[frozenset[str], tuple[Problem, ...]]:
    if any(r.problems and (r.gene or r.exons or r.codon_first) for r in readings):
        return ALL_CLASSES, ()
    positive, problems = _positive(primary)
    if positive == ALL_CLASSES:
        positive = _narrowed(positive, unknown + secondary)
    left = positive - _excluded(readings)
    if left:
        return left, problems
    what = "the reports contradict each other: a class that one finds is excluded by another"
    where = ", ".join(sorted(positive))
    remedy = "ask the laboratories which result is right"
    return ALL_CLASSES, (*problems, Problem(where, what, remedy))


def _positive(
    primary: tuple[VariantReading, ...],
) -> tuple[frozenset[str], tuple[Problem, ...]]:
    """The classes that the primary changes allow; two drivers leave both possible."""
    together = _intersection(primary)
    if together:
        return together, ()
    either = frozenset(c for r in primary for c in r.genotype if r.genotype != ALL_CLASSES)
    what = "two different drivers are reported"
    remedy = "ask the laboratory which of them is the primary driver"
    return either, (Problem(", ".join(sorted(either)), what, remedy),)


def _intersection(readings: tuple[VariantReading, ...]) -> frozenset[str]:
    return ALL_CLASSES.intersection(*(reading.genotype for reading in readings))


def _narrowed(classes: frozenset[str], readings: tuple[VariantReading, ...]) -> frozenset[str]:
    """What changes of open or later timing leave, as long as they agree."""
    return classes & _intersection(readings) or classes


def _excluded(readings: tuple[VariantReading, ...]) -> frozenset[str]:
    tissue = tuple(r for r in readings if r.kind in _NEGATIVE and r.specimen != "ctDNA")
    alone = frozenset(c for r in tissue for c in ALL_CLASSES - r.genotype if not r.problems)
    return alone | ruled_out(_coverage(tissue), "tissue")


def _coverage(readings: tuple[VariantReading, ...]) -> tuple[Coverage, ...]:
    return tuple(dict.fromkeys(part for reading in readings for part in reading.coverage))
