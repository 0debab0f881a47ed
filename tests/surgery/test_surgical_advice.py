"""What the surgical room says over whole grids of patients, and where the guidelines part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

import pytest

from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.library import Library, load
from stromal.tables.decide import Answer, decide

SHRINK = "drug treatment before surgery"
NO_SIGNS = Members(frozenset(), frozenset())
NODULE: Mapping[str, Possible] = {
    "setting": Choices.of("diagnosis"),
    "disease_extent": Choices.of("localised"),
    "tumour_site": Choices.of("stomach"),
    "tumour_size": Numbers.exactly(1.4),
    "surgical_risk": Choices.of("acceptable"),
    "lesion_growth": Choices.of("not growing"),
    "lesion_signs": NO_SIGNS,
    "tumour_symptoms": NO_SIGNS,
}


@cache
def library() -> Library:
    return load()


def answer(document: str, known: Mapping[str, Possible]) -> Answer:
    return decide(library().compiled[f"surgery/{document}"], known)


def strengths(document: str, known: Mapping[str, Possible], authority: str) -> dict[str, str]:
    """Option and strength of the rows that certainly fit, as one authority puts them."""
    return {
        row.outputs["option"]: row.outputs["strength"]
        for row in answer(document, known).certain_rows
        if row.outputs["authority"].startswith(authority)
    }


def effects(document: str, target: str, known: Mapping[str, Possible]) -> set[str]:
    """What the guards that certainly fit say of a target."""
    return {
        row.outputs["effect"]
        for row in answer(document, known).certain_rows
        if target in [part.strip() for part in row.outputs["target"].split(";")]
    }


def nodule(guideline: str, biopsy: str) -> Mapping[str, Possible]:
    return {
        **NODULE,
        "guideline": Choices.of(guideline),
        "biopsy_result": Choices.of(biopsy),
    }


def test_esmo_resects_the_proven_small_lesion_and_watches_the_suspected_one() -> None:
    proven = strengths("small-lesions", nodule("ESMO", "GIST"), "ESMO")
    suspected = strengths("small-lesions", nodule("ESMO", "not diagnostic"), "ESMO")
    assert (proven["resect"], proven["watch"]) == ("recommended", "acceptable")
    assert (suspected["watch"], suspected["resect"]) == ("recommended", "acceptable")


def test_nccn_watches_the_same_proven_lesion_without_asking_for_resection() -> None:
    assert strengths("small-lesions", nodule("NCCN", "GIST"), "NCCN") == {"watch": "acceptable"}


def test_the_conflict_on_the_proven_small_lesion_is_laid_open() -> None:
    disputes = library().compiled["surgery/small-lesions"].table.disputes
    sources = {c.key for d in disputes for c in d.citations if "SML-E2" in d.rows}
    assert {"nci-pdq-2024", "acg-2023-subepithelial"} <= sources


def test_esmo_of_2018_speaks_before_the_edition_of_2022_and_never_after_it() -> None:
    old = library().compiled["surgery/small-lesions-esmo-2018"].table
    new = library().compiled["surgery/small-lesions"].table
    assert old.until == new.in_force


@pytest.mark.parametrize("biopsy", ["not attempted", "not possible", "not diagnostic"])
def test_no_drug_shrinks_a_tumour_that_is_not_proven(biopsy: str) -> None:
    known = {"biopsy_result": Choices.of(biopsy)}
    assert "refuse" in effects("guards-preoperative-drug", f"option:{SHRINK}", known)


@pytest.mark.parametrize("genotype", ["SDH-deficient", "NF1", "RAS", "no driver found"])
def test_no_drug_shrinks_a_tumour_that_does_not_answer(genotype: str) -> None:
    known = {"genotype": Choices.of(genotype)}
    assert "refuse" in effects("guards-preoperative-drug", f"option:{SHRINK}", known)


def test_shrinking_an_untested_tumour_waits_for_the_test() -> None:
    known = {"biopsy_result": Choices.of("GIST")}
    found = answer("guards-preoperative-drug", known)
    waiting = {row.id for row in found.rows} - {row.id for row in found.certain_rows}
    assert {"PRE-2", "PRE-3", "PRE-5", "PRE-6"} <= waiting


def test_a_margin_alone_brings_no_imatinib_to_an_insensitive_tumour() -> None:
    target = "option:adjuvant imatinib because of R1 alone"
    for genotype in ("PDGFRA exon 18 D842V", "SDH-deficient", "NF1", "BRAF V600E", "NTRK fusion"):
        known = {"genotype": Choices.of(genotype)}
        assert effects("guards-preoperative-drug", target, known) == {"refuse"}


def test_sunitinib_is_stopped_by_the_longer_time_and_the_shorter_is_shown() -> None:
    known = {"operation_planned": Choices.of("yes"), "last_drug": Choices.of("sunitinib")}
    found = answer("stop-drug-before-operation", known)
    assert "at least 3 weeks" in {row.outputs["before"] for row in found.certain_rows}
    assert any("3 to 4 days" in dispute.printed for dispute in found.table.disputes)


def test_every_drug_has_a_word_on_what_to_do_before_an_operation() -> None:
    for drug in library().terms["last_drug"].values:
        known = {"operation_planned": Choices.of("yes"), "last_drug": Choices.of(drug)}
        assert bool(answer("stop-drug-before-operation", known).certain) == (drug != "none")


def states() -> Iterator[Mapping[str, Possible]]:
    """Guideline x setting x extent x site, each known or not."""
    names = ("guideline", "setting", "disease_extent", "tumour_site")
    values = [(None, *library().terms[name].values) for name in names]
    for combination in product(*values):
        yield {n: Choices.of(v) for n, v in zip(names, combination, strict=True) if v is not None}


def test_every_state_has_a_next_step() -> None:
    assert all(answer("next-steps", state).certain for state in states())


def test_every_localised_tumour_has_an_operation_whatever_its_site() -> None:
    for site in library().terms["tumour_site"].values:
        known = {
            "setting": Choices.of("primary surgery"),
            "disease_extent": Choices.of("localised"),
            "tumour_site": Choices.of(site),
        }
        assert answer("operation-by-site", known).certain, site


@pytest.mark.parametrize("sign", ["acute bleeding", "perforation", "complete obstruction"])
def test_an_emergency_is_outside_the_tool_and_says_act_now(sign: str) -> None:
    known: Mapping[str, Possible] = {
        "emergency_signs": Members(frozenset({sign}), frozenset({sign}))
    }
    assert all(
        "act now" in row.outputs["remedy"] for row in answer("emergency", known).certain_rows
    )
    assert effects("emergency", "option:*", known) == {"caution"}
    assert "STP-M1" in {row.id for row in answer("next-steps", known).certain_rows}


def test_every_surgical_option_of_the_dictionary_is_offered_by_some_rule() -> None:
    offered = {
        row.outputs["option"]
        for table in library().tables
        if table.role == "option"
        for row in table.rows
    }
    assert set(library().terms["surgical_option"].values) <= offered


def test_every_option_that_a_surgical_guard_names_exists() -> None:
    known = {*library().terms["surgical_option"].values, "*"}
    for name in ("guards", "guards-preoperative-drug", "emergency"):
        for row in library().compiled[f"surgery/{name}"].table.rows:
            parts = [part.strip() for part in row.outputs["target"].split(";")]
            assert {p.removeprefix("option:") for p in parts if p.startswith("option:")} <= known
