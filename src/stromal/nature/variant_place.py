"""Where a change lies: gene, exons and codons, checked against the reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stromal.facts.problem import Problem
from stromal.nature import variant_genes as genes
from stromal.nature.variant_change import Change, as_duplication, fill_residues, protein_of

TABLED = ("KIT", "PDGFRA")
INDEL_TOLERANCE = 4  # codons by which c. and p. of one in-frame change may differ (3' rule)


@dataclass(frozen=True, slots=True)
class Place:
    """A change in reference numbering: the p. change, the c. change, the exons it reaches."""

    protein: Change | None = None
    coding: Change | None = None
    exons: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def codons(self) -> tuple[int | None, int | None]:
        """The first and last codon, from p. or else from c."""
        if self.protein:
            return self.protein.first, self.protein.last
        if self.coding:
            return genes.codon_of(self.coding.first), genes.codon_of(self.coding.last)
        return None, None


def renumbered(change: Change) -> Change:
    """A KIT change numbered by GNNK-, in reference numbering."""
    if change.level == "p":
        first, last = map(genes.reference_codon, (change.first, change.last))
    else:
        first, last = map(_reference_base, (change.first, change.last))
    return replace(change, first=first, last=last)


def _reference_base(base: int) -> int:
    return base + 12 if genes.codon_of(base) >= genes.GNNK_CODONS[0] else base


def named_change(gene: str, name: str) -> Change | None:
    """The p. change that sources give for a c. change; None where no source names it."""
    from stromal.nature.variant_text import tokens

    named = genes.named_by_cdna(gene, name)
    if named is None:
        return None
    value = tokens(f"p.{named.protein}")[0].value
    return value if isinstance(value, Change) else None


def mismatches(gene: str, change: Change) -> list[Problem]:
    """Residues of the text that are not those of the reference."""
    stated = [(change.first, change.first_residue), (change.last, change.last_residue)]
    if len(change.removed) == change.last - change.first + 1 and change.removed.isalpha():
        stated += [(change.first + i, letter) for i, letter in enumerate(change.removed)]
    wrong = {
        (codon, letter, genes.residue(gene, codon))
        for codon, letter in stated
        if letter and genes.residue(gene, codon) not in ("", letter)
    }
    return [_mismatch(gene, *found) for found in sorted(wrong)]


def _mismatch(gene: str, codon: int, letter: str, true: str) -> Problem:
    remedy = "check gene and number against the laboratory's report"
    moved = genes.reference_codon(codon)
    if gene == "KIT" and moved != codon and genes.residue("KIT", moved) == letter:
        remedy += (
            f"; {letter} stands at {moved}: if the report counts by the isoform GNNK-"
            " (NM_001093772), say so"
        )
    where = f"{letter}{codon}"
    return Problem(where, f"{gene} has {true} at codon {codon}, the text says {letter}", remedy)


def range_problems(gene: str, change: Change) -> list[Problem]:
    """Positions that run backwards or past the end of the protein."""
    end = genes.LENGTHS.get(gene)
    limit = None if end is None else end if change.level == "p" else 3 * end + 3
    span = f"{change.first}_{change.last}"
    if change.last < change.first:
        return [Problem(span, f"the range {span} runs backwards", "give the smaller number first")]
    if change.first == 0 or (limit is not None and change.last > limit):
        return [
            Problem(
                span,
                f"{gene} has no position {change.last} (it ends at {limit})",
                "check gene and number against the laboratory's report",
            )
        ]
    return length_problems(change, span)


def length_problems(change: Change, span: str) -> list[Problem]:
    """A removed sequence, or its length, that does not fill the stated range."""
    before, behind = change.offsets
    if not change.removed or before > 0 or behind:
        return []
    stated = int(change.removed) if change.removed.isdigit() else len(change.removed)
    filled = change.last - change.first + 1 - before
    if stated == filled:
        return []
    return [
        Problem(
            change.removed,
            f"the text removes {stated}, but {span} holds {filled}",
            "ask the laboratory which of the two is right",
        )
    ]


def disagreement(protein: Change, coding: Change) -> list[Problem]:
    """A c. and a p. change that cannot be the same event."""
    first, last = genes.codon_of(coding.first), genes.codon_of(coding.last)
    allowed = 0 if protein.kind in ("substitution", "synonymous") else INDEL_TOLERANCE
    if protein.kind == "frameshift":
        allowed = 60  # the first changed residue may lie well behind the changed base
    apart = max(first - protein.last, protein.first - last)
    if apart <= allowed or any(coding.offsets):
        return []
    where = f"c.{coding.first} and codon {protein.first}"
    return [
        Problem(
            where,
            f"c.{coding.first} lies in codon {first}, the protein change in codon {protein.first}",
            "ask the laboratory which of the two is right",
        )
    ]


def exons_of(gene: str, protein: Change | None, coding: Change | None) -> tuple[int, ...]:
    """The exons that the change reaches, by the c. change where there is one."""
    if coding and gene in TABLED:
        return genes.exons_of_bases(gene, coding.first, coding.last)
    if coding and not protein:
        codons = genes.codon_of(coding.first), genes.codon_of(coding.last)
        return genes.exons_of_codons(gene, *codons)
    return genes.exons_of_codons(gene, protein.first, protein.last) if protein else ()


def settle_exons(
    gene: str, computed: tuple[int, ...], stated: tuple[int, ...], written: str
) -> tuple[tuple[int, ...], list[Problem]]:
    """The exons, and a problem where the stated exon is not one that the change reaches."""
    if not computed or not stated:
        return computed or stated, []
    both = tuple(exon for exon in computed if exon in stated)
    if both:
        return (both if len(stated) == 1 else computed), []
    words = " and ".join(str(exon) for exon in stated)
    true = " or ".join(str(exon) for exon in computed)
    return computed, [
        Problem(
            f"{written}, exon {words}",
            f"the text contradicts itself: {gene} {written} lies in exon {true},"
            f" not in exon {words}",
            "ask the laboratory which of the two is right",
        )
    ]


def locate(
    gene: str, protein: Change | None, coding: Change | None, stated: tuple[int, ...]
) -> Place:
    """The change in its place, with all that does not fit the reference."""
    problems = [p for change in (protein, coding) if change for p in range_problems(gene, change)]
    if problems:
        return Place(protein, coding, stated, tuple(problems))
    if protein:
        problems += mismatches(gene, protein)
        protein = fill_residues(gene, as_duplication(gene, protein))
    if protein and coding:
        problems += disagreement(protein, coding)
    computed = exons_of(gene, protein, coding)
    exons, against = settle_exons(gene, computed, stated, written(protein, coding))
    return Place(protein, coding, exons, tuple(problems + against))


def written(protein: Change | None, coding: Change | None) -> str:
    """A short name for a change in a message."""
    if protein:
        form = protein_of(protein)
        return form.one_letter.removeprefix("p.") if form else f"codon {protein.first}"
    return f"c.{coding.first}" if coding else "the change"
