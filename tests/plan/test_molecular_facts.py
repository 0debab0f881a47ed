"""A report in words becomes the facts that the tables ask for, and nothing that it does not say."""

from __future__ import annotations

import pytest

from stromal.library import load
from stromal.plan.known.molecular import molecular_facts

TERMS = load(rooms=()).terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KIT p.W557_K558del", {"exon_11_change": "deletion of 557 and 558"}),
        ("KIT K558del", {"exon_11_change": "other deletion of 557 or 558"}),
        ("KIT L576P", {"genotype": "KIT exon 11", "exon_11_change": "W557R V559A or L576P"}),
        ("KIT D579del", {"genotype": "KIT exon 11", "exon_11_change": "one-codon deletion"}),
        ("KIT D816V", {"genotype": "KIT exon 17", "exon_17_change": "D816V"}),
        ("KIT N822K", {"genotype": "KIT exon 17", "exon_17_change": "other"}),
        ("PDGFRA D842V", {"genotype": "PDGFRA exon 18 D842V"}),
        ("PDGFRA p.I843del", {"genotype": "PDGFRA exon 18 other", "exon_18_change": "other"}),
        ("PDGFRA p.D842_I843delinsVM", {"exon_18_change": "DI842-843VM"}),
    ],
)  # fmt: skip
def test_a_named_change_sets_its_facts(text: str, expected: dict[str, str]) -> None:
    facts = molecular_facts([text], TERMS, before_any_drug=True).facts
    assert {name: str(facts[name]) for name in expected} == expected


def test_an_exon_word_alone_says_nothing_of_the_change() -> None:
    facts = molecular_facts(["KIT exon 17 mutation"], TERMS, before_any_drug=True).facts
    assert "exon_17_change" not in facts
    assert "exon_11_change" not in facts


def test_a_change_acquired_under_a_drug_is_not_the_driver() -> None:
    texts = ["KIT p.W557_K558del", "KIT V654A acquired under imatinib"]
    facts = molecular_facts(texts, TERMS, before_any_drug=None).facts
    assert str(facts["genotype"]) == "KIT exon 11"
    assert "KIT V654A" in str(facts["secondary_mutations"])
