"""Genes, exons, transcripts and reference residues: look-ups in the tables of `knowledge/nature`.

The tables are read once, on first use. Codons and exons are those of the reference transcripts;
the KIT isoform GNNK- (972 residues) is numbered four lower from exon 10 on.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent / "knowledge" / "nature"

ISOFORMS = {
    "KIT": "NM_000222.3 (GNNK+, 976 aa)",
    "PDGFRA": "NM_006206.6 (1089 aa)",
    "BRAF": "NM_004333.6",
}
LENGTHS = {"KIT": 976, "PDGFRA": 1089}
DRIVER_EXONS = {
    "KIT": frozenset({8, 9, 11, 13, 14, 17, 18}),
    "PDGFRA": frozenset({12, 14, 18}),
}
# GNNK- lacks codons 510 to 513 of the reference: what lies behind them moves by four.
GNNK_CODONS = (510, 513)


@dataclass(frozen=True, slots=True)
class Exon:
    """One exon: its codons, whether the outer ones are shared, its c. and GRCh37 positions."""

    number: int
    first: int
    last: int
    first_split: bool
    last_split: bool
    c_first: int
    c_last: int
    g_first: int
    g_last: int

    def whole(self, codon: int) -> bool:
        """True if the codon lies in this exon and is not shared with a neighbour."""
        return self.first + self.first_split <= codon <= self.last - self.last_split


@dataclass(frozen=True, slots=True)
class Transcript:
    """The gene and isoform that a sequence accession stands for."""

    gene: str
    isoform: str


@dataclass(frozen=True, slots=True)
class NamedVariant:
    """A variant that sources name: protein (one-letter), c., rs number, usual timing."""

    gene: str
    protein: str
    cdna: str
    rsid: str
    timing: str


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _number(cell: str) -> int:
    return int(cell) if cell else 0


def _exon(row: dict[str, str]) -> Exon:
    numbers = ("exon", "first_codon", "last_codon")
    places = ("c_first", "c_last", "grch37_first", "grch37_last")
    exon, first, last = (int(row[name]) for name in numbers)
    split = (row["first_split"] == "yes", row["last_split"] == "yes")
    return Exon(exon, first, last, *split, *(_number(row[name]) for name in places))


@cache
def exon_table(gene: str) -> tuple[Exon, ...]:
    """The exons of the gene's reference transcript; empty where the table has none."""
    return tuple(
        _exon(row)
        for row in _rows("genes.csv")
        if row["gene"] == gene and row["isoform"] != "GNNK-"
    )


@cache
def _transcripts() -> dict[str, Transcript]:
    return {
        row["accession"]: Transcript(row["gene"], row["isoform"])
        for row in _rows("transcripts.csv")
    }


def transcript(accession: str) -> Transcript | None:
    """The transcript of an accession such as `NM_000222.2`, whatever its version."""
    return _transcripts().get(accession.upper().partition(".")[0])


@cache
def _residues(gene: str) -> dict[int, str]:
    return {
        int(row["first_codon"]) + place: residue
        for row in _rows("reference_residues.csv")
        if row["gene"] == gene
        for place, residue in enumerate(row["residues"])
    }


def residue(gene: str | None, codon: int) -> str:
    """The reference amino acid (one letter) at a codon; empty where the table has none."""
    return _residues(gene).get(codon, "") if gene else ""


@cache
def panels() -> dict[str, tuple[tuple[str, tuple[int, ...]], ...]]:
    """Named laboratory panels, in lower case, with the exons each tests by gene."""
    found: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for row in _rows("panels.csv"):
        exons = tuple(int(part) for part in row["exons"].split())
        found.setdefault(row["panel"].lower(), []).append((row["gene"], exons))
    return {name: tuple(parts) for name, parts in found.items()}


@cache
def named_variants() -> tuple[NamedVariant, ...]:
    """All variants that the table names."""
    names = ("gene", "protein", "cdna", "rsid", "timing")
    return tuple(
        NamedVariant(*(row[name] for name in names)) for row in _rows("named_variants.csv")
    )


@cache
def _by(column: str) -> dict[tuple[str, str], NamedVariant]:
    found: dict[tuple[str, str], NamedVariant] = {}
    for named in named_variants():
        key = getattr(named, column)
        if key:
            found.setdefault((named.gene, key), named)
    return found


def named_by_protein(gene: str | None, protein: str) -> NamedVariant | None:
    """The named variant of this protein change (one-letter, without `p.`)."""
    return _by("protein").get((gene or "", protein))


def named_by_cdna(gene: str | None, cdna: str) -> NamedVariant | None:
    """The named variant of this coding-sequence change."""
    return _by("cdna").get((gene or "", cdna))


def named_by_rsid(rsid: str) -> tuple[NamedVariant, ...]:
    """All named variants that share an rs number."""
    return tuple(named for named in named_variants() if named.rsid == rsid)


@cache
def genes_of_protein(protein: str) -> tuple[str, ...]:
    """The genes in which this protein change is a named variant."""
    return tuple(sorted({n.gene for n in named_variants() if n.protein == protein}))


def exons_of_codons(gene: str, first: int, last: int) -> tuple[int, ...]:
    """Exons that codons `first` to `last` certainly reach; a shared codon alone gives both."""
    touched = [e for e in exon_table(gene) if e.first <= last and first <= e.last]
    certain = [
        e.number
        for e in touched
        if max(first, e.first + e.first_split) <= min(last, e.last - e.last_split)
    ]
    return tuple(certain or [e.number for e in touched])


def exons_of_bases(gene: str, first: int, last: int) -> tuple[int, ...]:
    """Exons that the coding positions `first` to `last` reach."""
    return tuple(e.number for e in exon_table(gene) if e.c_first <= last and first <= e.c_last)


def coding_position(gene: str, position: int) -> int | None:
    """The c. position of a GRCh37 position inside a coding exon; both genes lie on the + strand."""
    for exon in exon_table(gene):
        if exon.g_first <= position <= exon.g_last:
            first_exon = exon.c_first == 1
            counted = exon.c_last - (exon.g_last - position)
            found = counted if first_exon else exon.c_first + position - exon.g_first
            return found if exon.c_first <= found <= exon.c_last else None
    return None


def codon_of(base: int) -> int:
    """The codon that holds a coding position."""
    return (base + 2) // 3


def reference_codon(codon: int) -> int:
    """The reference (GNNK+) number of a KIT codon numbered by the GNNK- isoform."""
    shift = GNNK_CODONS[1] - GNNK_CODONS[0] + 1
    return codon + shift if codon >= GNNK_CODONS[0] else codon
