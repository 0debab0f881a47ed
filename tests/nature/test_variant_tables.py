"""The reader's own tables: cited row by row, and in agreement with each other."""

import csv
import re

import pytest

from stromal.nature.variant import read_variant
from stromal.nature.variant_genes import TABLES, named_variants

STATUSES = {"full", "abstract", "secondary", "recalled", "derived"}
NAMES = ("genes", "transcripts", "reference_residues", "panels", "named_variants")


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_an_evidence_status(name: str) -> None:
    for row in rows(name):
        assert row["status"] in STATUSES
        assert row["source"]
        assert row["source"] != "-" or row["status"] == "recalled"


def test_the_two_kit_isoforms_differ_by_four_codons_behind_exon_9() -> None:
    borders = {
        (row["isoform"], int(row["exon"])): int(row["last_codon"])
        for row in rows("genes")
        if row["gene"] == "KIT"
    }
    for exon in range(1, 22):
        shift = 4 if exon >= 9 else 0
        assert borders["GNNK+", exon] - borders["GNNK-", exon] == shift


@pytest.mark.parametrize("named", named_variants(), ids=lambda named: named.protein)
def test_each_named_variant_reads_back_as_itself(named: object) -> None:
    gene, protein, cdna = (getattr(named, name) for name in ("gene", "protein", "cdna"))
    reading = read_variant(f"{gene} {protein}")
    assert reading.problems == ()
    assert reading.protein is not None
    assert reading.protein.one_letter == f"p.{protein}"
    by_base = read_variant(f"{gene} {cdna}") if cdna else reading
    assert by_base.protein == reading.protein
    assert by_base.exons == reading.exons


def test_named_bases_lie_in_the_named_codon() -> None:
    for named in named_variants():
        base, codon = re.search(r"\d+", named.cdna), re.search(r"\d+", named.protein)
        if base and codon:
            assert abs((int(base[0]) + 2) // 3 - int(codon[0])) <= 1
