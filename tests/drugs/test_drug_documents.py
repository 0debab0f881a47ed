"""The drug documents, as a clinician who gives the drugs would try them."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.library import Library, load
from stromal.tables.decide import decide
from stromal.tables.document import Row

DRUGS = (
    *("imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib", "pimitespib"),
    *("dasatinib", "nilotinib", "pazopanib", "cabozantinib", "larotrectinib", "entrectinib"),
    *("dabrafenib", "trametinib", "olverembatinib", "bezuclastinib"),
)
WITHOUT_LABEL = ("olverembatinib", "bezuclastinib")
OFF_LABEL = ("dasatinib", "nilotinib", "pazopanib", "cabozantinib")
APPROVED = {"approved", "accelerated approval", "conditional approval"}
# The rows on dose changes of each label, as numbered in the evidence: prefix, how many.
LABEL_ROWS = {
    "IMA-D": 15, "SUN-D": 17, "REG-D": 20, "RIP-D": 13, "AVA-D": 7,
    "LAR-D": 7, "ENT-D": 18, "OFF-D": 39, "DAB-D": 33, "DAB-P": 8,
}  # fmt: skip


@cache
def library() -> Library:
    return load(rooms=("therapy", "drugs"))


def rows_of(table: str) -> tuple[Row, ...]:
    return library().compiled[table].table.rows


def fits(drug: str, section: str, **facts: Possible) -> tuple[Row, ...]:
    """The rows that certainly fit."""
    return decide(library().compiled[f"drugs/{drug}/{section}"], facts).certain_rows


def classes_of(medicine: Choices) -> list[str]:
    answer = decide(library().compiled["therapy/co-medications"], {"co_medication": medicine})
    return [row.outputs["interaction_class"] for row in answer.certain_rows]


def word(value: str) -> Choices:
    return Choices.of(value)


def number(value: float) -> Numbers:
    return Numbers.exactly(value)


def effect(name: str, **more: Possible) -> dict[str, Possible]:
    return {"side_effect": word(name), **more}


@pytest.mark.parametrize("drug", DRUGS)
def test_every_drug_has_a_document_with_approvals_and_pregnancy(drug: str) -> None:
    assert library().compiled[f"drugs/{drug}/approvals"].table.rows
    rows = fits(drug, "pregnancy", pregnancy=word("pregnant"))
    assert any("avoid" in row.outputs["rule"] for row in rows)


@pytest.mark.parametrize("prefix", LABEL_ROWS)
def test_every_dose_change_of_a_label_in_the_evidence_is_a_row(prefix: str) -> None:
    tables = (table for table in library().tables if table.id.startswith("drugs/"))
    ids = {re.sub(r"[a-z]$", "", row.id) for table in tables for row in table.rows}
    numbers = range(1, LABEL_ROWS[prefix] + 1)
    assert [n for n in numbers if f"{prefix}{n:02d}" not in ids] == []


@given(
    grade=st.integers(1, 5),
    occurrence=st.sampled_from(["first", "second", "third", "later"]),
    dose=st.sampled_from([100.0, 200.0, 300.0]),
)
def test_any_bleed_in_the_head_ends_avapritinib(grade: int, occurrence: str, dose: float) -> None:
    bleed = effect(
        "intracranial haemorrhage",
        side_effect_grade=number(grade),
        side_effect_occurrence=word(occurrence),
        current_daily_dose=number(dose),
        current_dose_tolerated=word("yes"),
    )
    rows = fits("avapritinib", "dose-changes", **bleed)
    assert [row.outputs["action"] for row in rows] == ["stop for good"]


def test_the_first_bleed_ends_avapritinib_even_when_nothing_else_is_known() -> None:
    rows = fits("avapritinib", "dose-changes", **effect("intracranial haemorrhage"))
    assert [row.id for row in rows] == ["AVA-D01"]


def test_the_old_rule_on_bleeding_is_shown_as_a_dispute_and_not_as_a_row() -> None:
    disputes = library().compiled["drugs/avapritinib/dose-changes"].table.disputes
    printed = [dispute.printed for dispute in disputes if "AVA-D01" in dispute.rows]
    assert printed == ["first grade 1 to 2: hold until resolved, then resume lower"]


@pytest.mark.parametrize("drug", [drug for drug in DRUGS if drug not in WITHOUT_LABEL])
def test_no_side_effect_ends_a_drug_and_leaves_it_unchanged_at_once(drug: str) -> None:
    names, grades = library().terms["side_effect"].values, (1, 2, 3, 4)
    for name, grade, occurrence in product(names, grades, ("first", "second")):
        graded = effect(
            name, side_effect_grade=number(grade), side_effect_occurrence=word(occurrence)
        )
        # OFF-D08 asks for an ECG after any change and speaks of no side effect.
        rows = (row for row in fits(drug, "dose-changes", **graded) if row.id != "OFF-D08")
        actions = {row.outputs["action"] for row in rows}
        assert not {"stop for good", "continue"} <= actions, (name, grade, occurrence)


def test_a_second_severe_liver_injury_ends_sunitinib() -> None:
    second = effect(
        "hepatotoxicity", side_effect_grade=number(3), side_effect_occurrence=word("second")
    )
    assert [r.outputs["action"] for r in fits("sunitinib", "dose-changes", **second)] == [
        "stop for good"
    ]


def test_regorafenib_goes_on_at_the_same_dose_after_a_severe_infection() -> None:
    severe = effect("infection", side_effect_grade=number(3))
    assert [r.outputs["next_dose"] for r in fits("regorafenib", "dose-changes", **severe)] == [
        "same dose"
    ]


def test_the_blood_count_rule_of_imatinib_is_not_stretched_beyond_400_mg() -> None:
    low = effect("neutropenia", neutrophil_count=number(0.9), side_effect_occurrence=word("second"))
    at_400 = fits("imatinib", "dose-changes", **low, current_daily_dose=number(400))
    at_800 = fits("imatinib", "dose-changes", **low, current_daily_dose=number(800))
    assert [row.outputs["next_dose"] for row in at_400] == ["300 mg once daily"]
    assert [row.outputs["action"] for row in at_800] == ["no rule"]


@pytest.mark.parametrize("drug", ["imatinib", "avapritinib"])
def test_a_row_on_another_disease_never_fits_a_patient_with_gist(drug: str) -> None:
    compiled = library().compiled[f"drugs/{drug}/dose-changes-in-other-diseases"]
    assert decide(compiled, {"treated_disease": word("GIST")}).rows == ()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Paxlovid", "strong CYP3A4 inhibitor"),
        ("rifampin", "strong CYP3A4 inducer"),
        ("Coumadin", "vitamin K antagonist"),
    ],
)
def test_a_brand_name_leads_to_the_interaction_class(written: str, found: str) -> None:
    assert found in classes_of(Choices(library().terms["co_medication"].synonyms[written]))


def test_a_medicine_that_is_not_listed_has_no_class_and_is_not_said_to_be_safe() -> None:
    assert classes_of(word("another medicine")) == ["-"]
    (last,) = (
        r for r in rows_of("therapy/co-medications") if r.outputs["interaction_class"] == "-"
    )
    assert "does not mean that it is safe" in last.words


def test_every_interaction_class_has_a_medicine_and_a_rule() -> None:
    classes = library().terms["interaction_class"].values
    named = {row.outputs["interaction_class"] for row in rows_of("therapy/co-medications")}
    assert [name for name in classes if name not in named or not _has_rule(name)] == []


def _has_rule(name: str) -> bool:
    drugs = [drug for drug in DRUGS if drug not in WITHOUT_LABEL]
    some, none = Members.exactly({name}), Members.exactly(())
    return any(
        len(fits(drug, "interactions", interaction_class=some))
        > len(fits(drug, "interactions", interaction_class=none))
        for drug in drugs
    )


@pytest.mark.parametrize("drug", [drug for drug in DRUGS if drug not in WITHOUT_LABEL])
def test_the_codes_of_the_front_matter_are_the_cited_ones(drug: str) -> None:
    front = library().documents[f"drugs/{drug}"].front["codes"]
    cited = {row.outputs["system"]: row.outputs["code"] for row in rows_of(f"drugs/{drug}/codes")}
    assert isinstance(front, dict)
    assert front.items() <= cited.items()


@pytest.mark.parametrize("drug", [*OFF_LABEL, *WITHOUT_LABEL])
def test_no_approval_is_claimed_for_a_drug_that_has_none(drug: str) -> None:
    states = {row.outputs["approval_state"] for row in rows_of(f"drugs/{drug}/approvals")}
    assert states.isdisjoint(APPROVED)
