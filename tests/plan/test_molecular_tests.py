"""What a report says about the test itself, so that "not tested" never passes for "negative"."""

from __future__ import annotations

import pytest

from stromal.facts.possible import Choices, Members
from stromal.library import load
from stromal.nature.variant_report import read_report
from stromal.plan.known.molecular_tests import what_was_tested

TERMS = load(rooms=()).terms


def state_of(text: str) -> str:
    possible = what_was_tested(read_report([text]), TERMS).get("genotype_test")
    return next(iter(possible.values)) if isinstance(possible, Choices) else "not stated"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("not tested", "not done"),
        ("KIT not tested", "not done"),
        ("result pending", "pending"),
        ("failed", "failed"),
        ("KIT exon 11 p.W557_K558del", "done"),
        ("KIT exons 9, 11, 13, 17 and PDGFRA 12, 14, 18 wild type", "done"),
        ("KIT exon 11 deletion; BRAF not tested", "done"),
        ("ETV6::NTRK3", "done"),
        ("SDHB lost", "not stated"),
        ("SDHB retained", "not stated"),
        ("CD117 positive", "not stated"),
        ("BRAF V600E not detected", "not stated"),
    ],
)
def test_the_state_of_the_test_follows_from_the_report(text: str, state: str) -> None:
    assert state_of(text) == state


def test_what_a_report_does_not_name_may_have_been_looked_at() -> None:
    covered = what_was_tested(read_report(["KIT exons 9, 11 wild type"]), TERMS)["genes_covered"]
    assert isinstance(covered, Members)
    assert covered.certain == {"KIT exon 9", "KIT exon 11"}
    assert "SDHB stain" in covered.possible
