"""Protein stains that stand in for a mutation test: what they do and do not tell."""

from __future__ import annotations

from dataclasses import replace

from stromal.facts.problem import Problem
from stromal.nature.variant_class import SDH_GENES
from stromal.nature.variant_reading import SDH_DEFICIENT, Coverage, VariantReading
from stromal.nature.variant_statement import Said

# Genes of which "positive" and "negative" may mean a stain or a mutation.
STAINED = frozenset({*SDH_GENES, "KIT", "PDGFRA", "NTRK", "NTRK1", "NTRK2", "NTRK3"})


def stained(statement: Said, base: VariantReading) -> VariantReading | None:
    """The reading of a statement about a protein stain; None for any other statement."""
    marker = next((w for w in statement.words("gene word") if w in ("PTRK", "VE1", "CD117")), None)
    if marker:
        return _marker(marker, base)
    named = statement.genes
    if statement.has("change") or statement.has("exon") or len(named) != 1:
        return None
    gene = named[0]
    if gene in SDH_GENES and (found := _sdh(statement, base, gene)):
        return found
    if statement.has("assay") or statement.has("protein level"):
        return _expression(base, gene)
    return _two_meanings(statement, base, gene)


_MARKERS = {
    "PTRK": ("NTRK", "a pan-TRK stain is not specific", "confirm by an RNA fusion panel"),
    "VE1": ("BRAF", "a VE1 stain stands in for BRAF V600E only", "confirm by sequencing BRAF"),
    "CD117": ("KIT", "a KIT or DOG1 stain says nothing of a mutation", "sequence KIT and PDGFRA"),
}


def _marker(marker: str, base: VariantReading) -> VariantReading:
    gene, what, remedy = _MARKERS[marker]
    return replace(
        base,
        kind="expression",
        gene=gene,
        incomplete=(*base.incomplete, Problem(marker, what, remedy)),
    )


def _sdh(statement: Said, base: VariantReading, gene: str) -> VariantReading | None:
    stain = statement.has("assay")
    lost = statement.has("loss") or (stain and statement.has("negative"))
    kept = statement.has("protein level", "retained") or (stain and statement.has("positive"))
    denied = statement.has("wild") or (not stain and statement.has("negative"))
    if statement.has("mutated") or statement.has("epimutation") or denied == (lost or kept):
        return (
            _contradiction(base, gene)
            if denied and (lost or kept) and not _no_loss(statement)
            else (_kept(base, gene) if _no_loss(statement) else None)
        )
    if lost and kept:
        return _contradiction(base, gene)
    return _lost(base, gene) if lost else _kept(base, gene) if kept else None


def _no_loss(statement: Said) -> bool:
    """`no loss of SDHB expression`: a denied loss is a protein that is there."""
    return statement.has("loss") and statement.has("wild", "not found") and statement.has("assay")


def _lost(base: VariantReading, gene: str) -> VariantReading:
    subtypes = (f"{gene} lost by immunohistochemistry",)
    return replace(
        base,
        kind="loss",
        gene=gene,
        variant_class=SDH_DEFICIENT,
        genotype=frozenset({SDH_DEFICIENT}),
        subtypes=subtypes,
        notes=(*base.notes, "mutation panels miss a silenced SDHC: the stain decides"),
    )


def _kept(base: VariantReading, gene: str) -> VariantReading:
    genotype = base.genotype - {SDH_DEFICIENT} if gene in ("SDH", "SDHB") else base.genotype
    return replace(
        base,
        kind="retained",
        gene=gene,
        genotype=genotype,
        coverage=(Coverage(gene, (), False, "protein"),),
    )


def _contradiction(base: VariantReading, gene: str) -> VariantReading:
    what = f"the text says both that {gene} is lost and that it is there"
    problem = Problem(base.text[:60], what, "ask the laboratory which of the two is right")
    return replace(base, gene=gene, problems=(*base.problems, problem))


def _expression(base: VariantReading, gene: str) -> VariantReading:
    what = f"expression of {gene} says nothing of a mutation"
    problem = Problem(gene, what, f"sequence {gene}")
    return replace(base, kind="expression", gene=gene, incomplete=(*base.incomplete, problem))


def _two_meanings(statement: Said, base: VariantReading, gene: str) -> VariantReading | None:
    """`KIT positive`, `SDHB negative`: a stain or a mutation test, which is not said."""
    unclear = statement.has("positive") or statement.has("negative")
    told = statement.has("mutated") or statement.has("wild") or statement.has("fusion")
    if gene not in STAINED or not unclear or told or statement.has("pair"):
        return None
    word = (*statement.words("positive"), *statement.words("negative"))[0]
    what = f'"{gene} {word}" may mean the stain or the mutation test'
    remedy = f'write "{gene} immunohistochemistry {word}" or "{gene} mutation {word}"'
    return replace(base, gene=gene, problems=(*base.problems, Problem(word, what, remedy)))
