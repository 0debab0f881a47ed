"""Wild-type results: what was looked at, and which classes that rules out."""

from __future__ import annotations

from dataclasses import replace

from stromal.facts.problem import Problem
from stromal.nature.variant_change import protein_of
from stromal.nature.variant_class import excluded_by
from stromal.nature.variant_event import deduced
from stromal.nature.variant_genes import DRIVER_EXONS, exon_table, panels
from stromal.nature.variant_reading import BRAF_V600E, D842V, Coverage, VariantReading
from stromal.nature.variant_statement import FAMILIES, Said, negation

QUADRUPLE = ("NF1", "BRAF", "RAS")
_ONE_VARIANT = {("PDGFRA", "D842V"): D842V, ("BRAF", "V600E"): BRAF_V600E}


def denied(statement: Said, base: VariantReading) -> VariantReading | None:
    """The reading of a wild-type statement; None where the text denies nothing."""
    if statement.has("quadruple"):
        return _quadruple(statement, base)
    denial = negation(statement)
    if denial is None:
        return None
    coverage, problems = _coverage(statement, base)
    if denial == "wild" and statement.has("change"):
        what = "the text gives a change and calls the gene wild type"
        remedy = "write the change and the wild-type result as two statements"
        problems = (*problems, Problem(base.text[:60], what, remedy))
    if denial == "not found":
        problems += _unclear_denial(statement, base)
    return _excluding(base, coverage, problems)


def _unclear_denial(statement: Said, base: VariantReading) -> tuple[Problem, ...]:
    """A change in a text that denies: it must be plain that the change itself is denied."""
    changes = statement.by_kind.get("change", ())
    if not changes:
        return ()
    start = changes[0].start
    denials = [token.start for token in statement.by_kind.get("wild", ())]
    words = [token.start for token in statement.by_kind.get("mutated", ())]
    between = any(denial < word < start for denial in denials for word in words)
    many = len(statement.genes) > 1 or len(statement.numbers("exon")) > 1
    if not (between or many or statement.has("detected")):
        return ()
    what = "it is not plain which finding is denied"
    return (Problem(base.text[:60], what, "write each finding as a statement of its own"),)


def _excluding(
    base: VariantReading,
    coverage: tuple[Coverage, ...],
    problems: tuple[Problem, ...],
) -> VariantReading:
    genes = tuple(dict.fromkeys(part.gene for part in coverage))
    exons = tuple(exon for part in coverage for exon in part.exons) if len(genes) == 1 else ()
    open_ones = _open(coverage, base)
    return replace(
        base,
        kind="wild type",
        gene=genes[0] if len(genes) == 1 else None,
        exons=exons,
        coverage=coverage,
        genotype=base.genotype - ruled_out(coverage, base.specimen),
        problems=(*base.problems, *problems),
        incomplete=(*base.incomplete, *open_ones),
    )


def ruled_out(coverage: tuple[Coverage, ...], specimen: str) -> frozenset[str]:
    """The classes that wild-type results exclude; circulating DNA excludes none."""
    if specimen == "ctDNA":
        return frozenset()
    found: set[str] = set()
    for part in coverage:
        if part.variant is None:
            found |= excluded_by(part.gene, part.exons, part.whole)
        elif (part.gene, part.variant) in _ONE_VARIANT:
            found.add(_ONE_VARIANT[part.gene, part.variant])
    single = {part.gene for part in coverage if part.variant is None and not part.exons}
    if {"KRAS", "NRAS", "HRAS"} <= single:
        found.add("RAS")
    if {"NTRK1", "NTRK2", "NTRK3"} <= single:
        found.add("NTRK fusion")
    return frozenset(found)


def _coverage(
    statement: Said, base: VariantReading
) -> tuple[tuple[Coverage, ...], tuple[Problem, ...]]:
    """Gene by gene what was looked at."""
    panel = [Coverage(gene, exons) for gene, exons in _panel(statement)]
    if panel:
        return tuple(panel), ()
    pairs = _exons_by_gene(statement)
    if not pairs:
        what = "it is not said which gene was tested"
        return (), (Problem(base.text[:60], what, "name genes and exons tested"),)
    variant = _denied_variant(statement)
    whole = statement.has("whole")
    found = tuple(
        Coverage(gene, tuple(exons), whole and not exons, variant) for gene, exons in pairs.items()
    )
    return found, _impossible(found)


def _panel(statement: Said) -> tuple[tuple[str, tuple[int, ...]], ...]:
    names = statement.words("panel")
    named = statement.genes
    rows = [row for name in names for row in panels().get(name, ())]
    return tuple((gene, exons) for gene, exons in rows if not named or gene in named)


def _exons_by_gene(
    statement: Said,
) -> dict[str, list[int]]:
    """Each gene with the exons written behind it, or before the first gene."""
    found: dict[str, list[int]] = {}
    waiting: list[int] = []
    current = ""
    for token in statement.tokens:
        is_gene = token.kind == "gene" or (token.kind == "gene word" and token.value in FAMILIES)
        if is_gene and isinstance(token.value, str):
            current = token.value
            found.setdefault(current, []).extend(waiting)
            waiting = []
        elif token.kind in ("exon", "numbers") and isinstance(token.value, tuple):
            exons = [exon for exon in token.value if isinstance(exon, int)]
            (found[current] if current else waiting).extend(exons)
    if not found:
        return dict.fromkeys(_genes(statement), waiting)
    return found


def _genes(statement: Said) -> tuple[str, ...]:
    """The genes that are named, or the one that the denied change leaves."""
    protein = next(iter(statement.changes("p")), None)
    found, _ = deduced(statement, protein)
    return statement.genes or ((found,) if found else ())


def _denied_variant(statement: Said) -> str | None:
    """The one variant, or kind of variant, that was not found; not a whole exon."""
    changes = (*statement.changes("p"), *statement.changes("c"))
    if changes:
        form = protein_of(changes[0]) if changes[0].level == "p" else None
        return form.one_letter.removeprefix("p.") if form else "one change"
    words = statement.words("kind")
    if words:
        return words[0]
    marks = ("timing", "origin", "when", "codon", "legacy", "rsid", "loss", "gain", "epimutation")
    return next((mark for mark in marks if statement.has(mark)), None)


def _impossible(coverage: tuple[Coverage, ...]) -> tuple[Problem, ...]:
    """Exons that the gene does not have."""
    found = []
    for part in coverage:
        numbers = {exon.number for exon in exon_table(part.gene)}
        wrong = [exon for exon in part.exons if part.gene in DRIVER_EXONS and exon not in numbers]
        if wrong:
            what = f"{part.gene} has no exon {wrong[0]}"
            found.append(Problem(f"exon {wrong[0]}", what, "check the exons tested"))
    return tuple(found)


def _open(coverage: tuple[Coverage, ...], base: VariantReading) -> list[Problem]:
    """What a wild-type result leaves unsaid."""
    found = [
        Problem(
            part.gene,
            f"which exons of {part.gene} were tested is not stated",
            f'name them: "{part.gene} exons ... wild type"',
        )
        for part in coverage
        if part.gene in DRIVER_EXONS and not part.exons and not part.whole and not part.variant
    ]
    if base.specimen == "ctDNA":
        what = "a change not found in circulating DNA may still be in the tumour"
        found.append(Problem("circulating DNA", what, "test tumour tissue"))
    if any(part.gene.startswith("SDH") for part in coverage):
        what = "an SDH sequence without a change does not exclude a silenced SDHC"
        found.append(Problem("SDH", what, "ask for SDHB immunohistochemistry"))
    return found


def _quadruple(statement: Said, base: VariantReading) -> VariantReading:
    coverage = tuple(Coverage(gene) for gene in QUADRUPLE)
    what = "quadruple wild type does not name what was tested"
    remedy = (
        "name the exons of KIT and PDGFRA, the result of SDHB immunohistochemistry and whether"
        " RNA was tested for fusions"
    )
    problems = base.problems
    if statement.has("change"):
        problems += (Problem("", "a change and quadruple wild type in one text", "write two"),)
    return replace(
        base,
        kind="wild type",
        coverage=coverage,
        genotype=base.genotype - ruled_out(coverage, base.specimen),
        problems=problems,
        incomplete=(*base.incomplete, Problem("quadruple wild type", what, remedy)),
    )
