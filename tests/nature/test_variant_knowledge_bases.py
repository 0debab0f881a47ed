"""Every GIST variant of CIViC and the Molecular Oncology Almanac is read, or its fault is named.

The data lie beside the repository and are not part of it; without them these tests are skipped.
"""

import csv
import json
import re
from pathlib import Path

from stromal.nature.variant import read_variant
from stromal.nature.variant_genes import exons_of_codons, residue
from stromal.nature.variant_reading import VariantReading

# CIViC names a residue that the protein does not have there: the reader says so.
FAULTY = {("KIT", "K550_K559DEL")}
NOT_A_CHANGE = re.compile("EXPRESSION|WILDTYPE|MUTATION|AMPLIFICATION|FUSION|DUPLICATION")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def civic(shared_data: Path) -> set[tuple[str, str]]:
    folder = shared_data / "civic"
    table = rows(folder / "civic_variants_kit_pdgfra_2022-11.csv")
    found = {(row["gene"], row["variant"]) for row in table}
    evidence = rows(folder / "civic_evidence_kit_pdgfra_gist_2022-11.csv")
    return found | {(r["gene"], r["variant"]) for r in evidence}


def test_every_civic_variant_is_read(shared_data: Path) -> None:
    names = civic(shared_data)
    assert len(names) > 60
    for gene, name in sorted(names - FAULTY):
        reading = read_variant(f"{gene} {name}")
        assert reading.problems == (), (name, reading.problems)
        assert reading.gene == gene, name
        codon = re.match(r"[A-Z](\d+)", name)
        if codon and not NOT_A_CHANGE.search(name) and not name.startswith("RS"):
            assert int(codon[1]) - 1 <= (reading.codon_first or 0) + 1, name
            assert reading.protein is not None, name


def test_faults_of_civic_are_named(shared_data: Path) -> None:
    assert civic(shared_data) >= FAULTY
    for gene, name in FAULTY:
        reading = read_variant(f"{gene} {name}")
        assert "KIT has V at codon 559" in reading.problems[0].what


def test_every_expression_of_a_civic_variant_is_read_alike(shared_data: Path) -> None:
    table = rows(shared_data / "civic" / "civic_variants_kit_pdgfra_2022-11.csv")
    compared = 0
    for row in table:
        by_name = read_variant(f"{row['gene']} {row['variant']}")
        for expression in filter(None, row["hgvs_expressions"].split(",")):
            reading = read_variant(f"{row['gene']} {expression}")
            assert reading.problems == (), (expression, reading.problems)
            if by_name.kind == "fusion":
                continue
            assert by_name.exons == reading.exons, expression
            same(by_name, reading, expression)
            compared += 1
    assert compared > 100


def same(one: VariantReading, other: VariantReading, expression: str) -> None:
    """One class; a class left open by a c. change without its p. change is no contradiction."""
    assert other.genotype >= one.genotype, expression
    if other.protein and one.protein:
        assert one.protein == other.protein, expression


def test_every_almanac_assertion_is_read(shared_data: Path) -> None:
    path = shared_data / "civic" / "moalmanac_gist_assertions_2026-05.json"
    assertions = json.loads(path.read_text("utf-8"))
    assert len(assertions) == 19
    for item in assertions:
        exon = f"exon {item['exon']} " if item["exon"] else ""
        change = " ".join(filter(None, (item["cdna_change"], item["protein_change"])))
        reading = read_variant(f"{item['gene']} {exon}{change or 'mutation'}")
        assert reading.problems == (), (item, reading.problems)
        assert reading.gene == item["gene"]
        assert not item["exon"] or reading.exons == (item["exon"],)
        if item["gene"] == "PDGFRA" and item["therapy_name"] == "Imatinib" and change:
            assert reading.variant_class == "PDGFRA exon 18 D842V"


def test_reference_residues_agree_with_every_civic_protein_change(shared_data: Path) -> None:
    table = rows(shared_data / "civic" / "civic_variants_kit_pdgfra_2022-11.csv")
    checked = 0
    for row in table:
        for codon in re.findall(r"(?<![A-Z0-9_])([A-Z])(\d{3})(?=[A-Z]$)", row["variant"]):
            assert residue(row["gene"], int(codon[1])) in ("", codon[0]), row["variant"]
            assert exons_of_codons(row["gene"], int(codon[1]), int(codon[1]))
            checked += 1
    assert checked > 30
