"""What became of the genetic test: done, pending, failed or not done, and what it looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Possible
from stromal.nature.variant_reading import Coverage, MolecularReading, VariantReading

_NO_RESULT = frozenset(("not tested", "failed", "expression", "unread", "several"))
_DRIVERS = ("KIT", "PDGFRA")
_WAITING = re.compile(r"(?i)pending|outstanding|awaited")
_BY_GENE = {"BRAF": "BRAF", "NF1": "NF1", "KRAS": "RAS", "NRAS": "RAS", "HRAS": "RAS"}
_FAMILIES = (("NTRK", "NTRK fusion"), ("FGFR", "FGFR"), ("SDH", "SDH genes"))


def what_was_tested(report: MolecularReading, terms: Mapping[str, Term]) -> dict[str, Possible]:
    """`genotype_test` and `genes_covered` as far as the report states them.

    A stain is no genetic test. What a report does not name may have been looked at, so
    `genes_covered` stays open.
    """
    facts: dict[str, Possible] = {}
    state = _state(report)
    if state and "genotype_test" in terms:
        facts["genotype_test"] = Choices.of(state)
    domain = terms["genes_covered"].domain if "genes_covered" in terms else None
    if isinstance(domain, Members) and (covered := _covered(report) & domain.possible):
        facts["genes_covered"] = Members(covered, domain.possible)
    return facts


def _state(report: MolecularReading) -> str:
    if any(_is_driver_test(reading) for reading in report.statements):
        return "done"
    kinds = {reading.kind for reading in report.statements}
    if kinds == {"failed"}:
        return "failed"
    if kinds == {"not tested"}:
        waiting = any(_WAITING.search(reading.text) for reading in report.statements)
        return "pending" if waiting else "not done"
    return ""


def _is_driver_test(reading: VariantReading) -> bool:
    """A result on KIT or PDGFRA, or a driver found elsewhere by a genetic test."""
    if reading.problems or reading.kind in _NO_RESULT or _is_stain(reading):
        return False
    genes = {reading.gene, *(part.gene for part in reading.coverage)}
    return bool(genes & set(_DRIVERS)) or len(reading.genotype) == 1


def _is_stain(reading: VariantReading) -> bool:
    on_sdh = (reading.gene or "").startswith("SDH")
    return reading.kind == "retained" or (reading.kind == "loss" and on_sdh)


def _covered(report: MolecularReading) -> frozenset[str]:
    named = {name for part in report.coverage for name in _names(part)}
    for reading in report.statements:
        if reading.gene in _DRIVERS and reading.kind not in (*_NO_RESULT, "wild type"):
            named |= {f"{reading.gene} exon {exon}" for exon in reading.exons}
        if _is_stain(reading) and reading.gene == "SDHB":
            named.add("SDHB stain")
    return frozenset(named)


def _names(part: Coverage) -> frozenset[str]:
    if part.variant == "protein":
        return frozenset(("SDHB stain",)) if part.gene == "SDHB" else frozenset()
    if part.gene in _DRIVERS:
        return frozenset(f"{part.gene} exon {exon}" for exon in part.exons)
    if part.gene in _BY_GENE:
        return frozenset((_BY_GENE[part.gene],))
    return frozenset(name for start, name in _FAMILIES if part.gene.startswith(start))
