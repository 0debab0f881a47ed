"""The commands about treatment, with the real knowledge: what a tired oncologist reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from cli.terminal import Ran, stromal
from stromal.library import Library, load

CASE = """\
id: t1
title: A woman of 62 on imatinib
facts:
  sex: female
  age: 62
  pregnancy: not possible
  genotype: KIT exon 11
  genotype_test: done
  sdhb: retained
  tumour_site: ileum
  setting: advanced
  disease_extent: metastatic
  line_of_therapy: 1
  last_drug: imatinib
  progression: none
events:
  - {id: start, day: 2025-03-01, kind: drug start, drug: imatinib, dose: 400 mg daily}
  - id: visit
    day: 2025-06-01
    kind: visit
    facts:
      co_medications: [warfarin 5 mg, omeprazol, Paxlovid, metformin, zolpidem]
      creatinine_clearance: 35
  - id: blood
    day: 2025-06-02
    kind: adverse event
    term: neutropenia
    grade: 3
    drug: imatinib
    occurrence: 1
    facts: {neutrophil_count: 0.8}
"""
D842V = (
    CASE.replace("KIT exon 11", "PDGFRA D842V")
    .replace("line_of_therapy: 1", "line_of_therapy: 0")
    .replace("last_drug: imatinib", "last_drug: none")
    .split("events:")[0]
)


@cache
def knowledge(root: Path, rooms: tuple[str, ...]) -> Library:
    """The knowledge, read once for all these tests."""
    return load(root, rooms)


def run(*words: str | Path, typed: str = CASE) -> Ran:
    with mock.patch("stromal.cli.speak.load", lambda root, rooms, **_: knowledge(root, rooms)):
        return stromal(*words, typed=typed, knowledge=None)


def text(ran: Ran) -> str:
    """The page with its line breaks taken out."""
    return " ".join(ran.out.split())


def test_a_drug_that_is_named_with_its_dose_or_brand_finds_its_interaction() -> None:
    page = text(run("interactions", "-"))
    assert "warfarin (written 'warfarin 5 mg'): vitamin K antagonist" in page
    assert "low-molecular-weight or standard heparin" in page
    assert "nirmatrelvir with ritonavir (written 'Paxlovid'): strong CYP3A4 inhibitor" in page


def test_an_unknown_name_and_a_silent_label_are_never_no_interaction() -> None:
    page = text(run("interactions", "-"))
    assert "omeprazol: not in the list, so what it does is unknown. Did you mean omeprazole" in page
    assert "zolpidem: not in the list, so what it does is unknown." in page
    assert "No row for metformin in what was read: unknown, which is not 'safe'." in page
    assert "no interaction" not in page.replace("no interaction class", "")


def test_a_record_without_medicines_is_not_a_patient_without_medicines() -> None:
    page = text(run("interactions", "-", "--drug", "imatinib", typed="facts: {age: 50}"))
    assert "says nothing of other medicines. That is not 'none': ask." in page


def test_none_is_none() -> None:
    case = "facts: {co_medications: none}"
    assert "None, says the record." in run("interactions", "-", "--drug", "Glivec", typed=case).out


def test_without_a_drug_the_command_asks_for_one() -> None:
    ran = run("interactions", "-", typed="facts: {co_medications: warfarin}")
    assert ran.code == 1
    assert "does not say which tumour drug is taken" in text(ran)


def test_a_wrong_drug_name_gets_near_names() -> None:
    ran = run("interactions", "-", "--drug", "imatinob")
    assert (ran.code, ran.out) == (1, "")
    assert "did you mean imatinib" in ran.err


def test_the_organ_function_of_the_record_speaks_beside_the_interactions() -> None:
    page = text(run("interactions", "-"))
    assert "half the starting dose" in page
    assert "the label asks for it: bilirubin times upper limit" in page


def test_interactions_as_json_hold_every_row_with_its_source() -> None:
    data = run("interactions", "-", "--json").data["interactions"]
    rows = [one["rule"]["basis"] for one in data["drugs"][0]["interactions"]]
    assert {"IMA-F23", "IMA-F20"} <= {row["row"] for row in rows}
    assert all(row["citations"] for row in rows)
    assert [m["name"] for m in data["medicines"] if not m["name"]] == ["", ""]


def test_a_side_effect_gets_the_step_of_the_label_with_the_dose_of_the_record() -> None:
    page = text(run("treat", "-"))
    assert "neutropenia grade 3, time 1, imatinib (2025-06-02)" in page
    assert "hold: 400 mg once daily" in page
    assert "drugs/imatinib/dose-changes IMA-D04a" in page


def test_a_side_effect_is_judged_by_the_counts_of_its_own_day() -> None:
    later = CASE + (
        "  - {id: recovered, day: 2025-07-01, kind: laboratory, facts: {neutrophil_count: 4.0}}\n"
    )
    effects = run("treat", "-", "--json", typed=later).data["treatment"]["dosing"]["side_effects"]
    assert [s["basis"]["row"] for s in effects[0]["steps"] if s["certain"]] == [
        "IMA-D04a", "IMA-D08a",
    ]  # fmt: skip


def test_a_side_effect_that_the_labels_do_not_know_is_asked_about_and_not_guessed() -> None:
    case = CASE.replace("term: neutropenia", "term: neutropaenia")
    ran = run("treat", "-", typed=case)
    assert "did you mean neutropenia" in text(ran)
    assert "IMA-D04a" not in ran.out


def test_a_side_effect_without_a_drug_asks_under_which_drug_it_came() -> None:
    case = "events: [{kind: adverse event, term: neutropenia, grade: 3}]"
    assert "not said under which drug" in text(run("treat", "-", typed=case))


def test_a_forbidden_option_is_struck_out_with_its_reason() -> None:
    case = D842V.replace("genotype_test: done", "genotype_test: pending")
    page = text(run("treat", "-", typed=case))
    assert "NOT imatinib 400 mg daily" in page
    assert "PDGFRA D842V does not answer to imatinib" in page


def test_what_is_missing_is_asked_in_the_words_of_the_dictionary() -> None:
    page = text(run("treat", "-", typed=CASE.replace("  progression: none\n", "")))
    assert "Find out first" in page
    assert "Does the disease not progress, progress in one or a few places" in page


def test_no_line_is_wider_than_the_terminal() -> None:
    for words in (
        ("treat", "-"),
        ("interactions", "-"),
        ("compare", "-"),
        ("explain", "-", "imatinib"),
    ):
        lines = run(*words).out.splitlines()
        wide = [line for line in lines if len(line) > 80 and "http" not in line]
        assert wide == [], words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("avapritinib", "can be done"),
        ("Ayvakit", "can be done"),
        ("avapritinib 300 mg daily", "can be done"),
        ("imatinib", "does not answer to imatinib"),
        ("D842V-1", "does not answer to imatinib"),
        ("therapy/guards#D842V-1", "does not answer to imatinib"),
    ],
)
def test_explain_reaches_options_drugs_and_guards(name: str, expected: str) -> None:
    ran = run("explain", "-", name, typed=D842V)
    assert expected in text(ran)
    assert "Sources" in ran.out


def test_explain_says_what_would_change_an_option() -> None:
    page = text(run("explain", "-", "avapritinib", typed=D842V))
    assert "What single change would change it" in page
    assert "pregnancy pregnant or breast-feeding (now not possible): must not be done" in page


def test_explain_of_an_option_as_json_holds_rows_and_changes() -> None:
    data = run("explain", "-", "avapritinib", "--json", typed=D842V).data
    assert data["options"][0]["state"] == "offered"
    assert data["changes"]["0"]


def test_compare_shows_every_guideline_also_the_silent_ones() -> None:
    case = D842V.replace("PDGFRA D842V", "KIT exon 9")
    page = run("compare", "-", typed=case).out
    assert "Where they part" in page
    data = run("compare", "-", "--json", typed=case).data["comparison"]
    dose = {c["option"]: dict(c["strengths"]) for c in data if c["option"].startswith("imatinib")}
    assert dose["imatinib 800 mg daily"]["ESMO"] == "recommended"
    assert dose["imatinib 600 mg daily"]["China"] == "recommended"
    assert dose["imatinib 600 mg daily"]["ESMO"] == ""


def test_compare_without_a_case_lists_the_differences_with_their_sources() -> None:
    found = run("compare", "--guidelines", "ESMO,Japan", "--json").data["differences"]
    assert found
    assert all(one["citations"] for one in found)
    assert {one["first"] for one in found} == {"ESMO", "Japan"}


@pytest.mark.parametrize("command", ["treat", "compare"])
def test_an_unknown_guideline_is_refused_with_the_names(command: str) -> None:
    ran = run(command, "-", "--guidelines", "ESMA")
    assert ran.code == 1
    assert "ESMO, NCCN, UK" in " ".join(ran.err.split())


@pytest.mark.parametrize("command", ["treat", "interactions", "compare"])
@pytest.mark.parametrize("typed", ["facts: [", "facts: {tumour_size: 5 kg}", "\0"])
def test_a_bad_case_is_said_and_never_a_fault(command: str, typed: str) -> None:
    ran = run(command, "-", typed=typed)
    assert ran.code == 1
    assert "a fault of Stromal" not in ran.err


def test_a_mutation_that_cannot_be_read_ends_with_1_and_says_how_to_write_it() -> None:
    ran = run("variant", "KIT W557_K558del", "foo")
    assert ran.code == 1
    assert "deletion of codons 557 and 558" in text(ran)
    assert "write gene, exon and change" in text(ran)
