"""Other medicines by name, the drugs being taken, and the label's step for a side effect."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import Numbers
from stromal.facts.record import Record, read_record
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.drugs.dosing import SideEffect, dosing
from stromal.plan.drugs.interactions import interactions
from stromal.plan.drugs.medicines import NOT_LISTED, medicines_of, names_in
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import daily_dose, drugs_taken
from stromal.plan.patient import Patient, consider


@cache
def library() -> Library:
    return load(rooms=("therapy", "drugs"))


def patient_of(record: Record, day: datetime.date | None = None) -> Patient:
    facts = derive(as_of(record, library().terms, day), library()).facts
    return consider(library(), library().at(day), facts)


def record(text: str) -> Record:
    found = read_record(text.encode())
    assert found.problems == ()
    return found


MEDICATION = library().terms["co_medication"]


@pytest.mark.parametrize("name", [v for v in MEDICATION.values if v != NOT_LISTED])
def test_every_medicine_is_found_by_its_name_with_or_without_a_dose(name: str) -> None:
    assert name in names_in(MEDICATION, name)
    assert name in names_in(MEDICATION, f"{name.upper()} 20 mg daily")


@pytest.mark.parametrize(("brand", "names"), sorted(MEDICATION.synonyms.items()))
def test_every_brand_leads_to_its_medicine(brand: str, names: frozenset[str]) -> None:
    assert set(names_in(MEDICATION, f"{brand} 1x")) == names


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    assert set(names_in(MEDICATION, text)) <= set(MEDICATION.values) - {NOT_LISTED}


def test_a_name_inside_another_word_is_not_that_medicine() -> None:
    assert names_in(MEDICATION, "ironwood") == ()
    assert names_in(MEDICATION, "nirmatrelvir with ritonavir") == ("nirmatrelvir with ritonavir",)


def test_every_class_that_a_medicine_may_have_is_in_the_dictionary() -> None:
    known = set(library().terms["interaction_class"].values)
    text = f"facts: {{co_medications: [{', '.join(repr(v) for v in MEDICATION.values)}]}}"
    found = medicines_of(patient_of(record("facts: {}")), record(text), None)
    assert {c for medicine in found.medicines for c in medicine.classes} <= known
    assert len(found.medicines) == len(MEDICATION.values)


def test_each_event_adds_its_medicines_and_a_correction_takes_its_own_away() -> None:
    text = """
events:
  - {id: a, day: 2024-01-01, kind: visit, facts: {co_medication: warfarin}}
  - {id: b, day: 2024-02-01, kind: visit, facts: {co_medications: [omeprazole]}}
  - {id: c, day: 2024-02-02, kind: visit, corrects: b, facts: {co_medications: [pantoprazole]}}
  - {id: d, day: 2025-02-01, kind: visit, facts: {co_medication: digoxin}}
"""
    day = datetime.date(2024, 12, 31)
    found = medicines_of(patient_of(record("facts: {}")), record(text), day)
    assert [m.name for m in found.medicines] == ["warfarin", "pantoprazole"]


DRUGS = """
events:
  - {id: a, day: 2020-01-01, kind: drug start, drug: imatinib, dose: 400 mg daily}
  - {id: b, day: 2021-01-01, kind: dose change, drug: imatinib, dose: 400 mg twice daily}
  - {id: c, day: 2022-01-01, kind: drug stop, drug: imatinib}
  - {id: d, day: 2022-01-08, kind: drug start, drug: sunitinib, dose: 37.5 mg daily}
"""


@pytest.mark.parametrize(
    ("day", "drugs", "drug", "dose"),
    [
        ("2020-06-01", ("imatinib",), "imatinib", 400.0),
        ("2021-06-01", ("imatinib",), "imatinib", 800.0),
        ("2022-01-03", (), "imatinib", None),
        ("2023-01-01", ("sunitinib",), "sunitinib", 37.5),
    ],
)
def test_the_drug_and_its_dose_follow_the_events(
    day: str, drugs: tuple[str, ...], drug: str, dose: float | None
) -> None:
    on = datetime.date.fromisoformat(day)
    assert drugs_taken(patient_of(record("facts: {}")), record(DRUGS), on) == drugs
    expected = None if dose is None else Numbers.between(dose, dose)
    assert daily_dose(record(DRUGS), on, drug) == expected


@pytest.mark.parametrize(
    "dose", ["400", "400 mg", "one tablet daily", "half", "400 mg on alternate days"]
)
def test_a_dose_that_is_not_written_per_day_is_not_guessed(dose: str) -> None:
    text = f"events: [{{kind: drug start, day: 2020-01-01, drug: imatinib, dose: '{dose}'}}]"
    assert daily_dose(record(text), None, "imatinib") is None


def test_a_new_start_without_a_dose_is_not_given_at_the_old_dose() -> None:
    text = DRUGS + "  - {id: e, day: 2023-01-01, kind: drug start, drug: imatinib}\n"
    assert daily_dose(record(text), None, "imatinib") is None


def effects(text: str) -> tuple[SideEffect, ...]:
    written = record(text)
    return dosing(library(), patient_of(written), written).side_effects


def test_without_the_count_the_step_stays_open_and_says_what_it_hangs_on() -> None:
    text = """
events:
  - {id: s, day: 2020-01-01, kind: drug start, drug: imatinib, dose: 400 mg daily}
  - {id: n, day: 2020-02-01, kind: adverse event, term: neutropenia, grade: 3, occurrence: 1}
"""
    (effect,) = effects(text)
    assert (effect.drug, effect.dose) == ("imatinib", "400 mg/day")
    assert not any(step.certain for step in effect.steps)
    assert {n for step in effect.steps for n in step.depends_on} == {"neutrophil_count"}


def test_one_side_effect_is_not_filled_in_from_the_facts_of_another() -> None:
    text = """
facts: {side_effect_grade: 4, last_drug: imatinib}
events:
  - {id: n, day: 2020-02-01, kind: adverse event, term: fluid retention}
"""
    (effect,) = effects(text)
    assert effect.grade == ""
    assert not any(step.certain for step in effect.steps)


def test_the_first_intracranial_bleed_of_any_grade_stops_avapritinib_for_good() -> None:
    text = """
events:
  - {kind: adverse event, day: 2024-01-01, term: intracranial haemorrhage, grade: 1,
     drug: avapritinib, occurrence: 1}
"""
    (effect,) = effects(text)
    actions = {step.basis.outputs["action"] for step in effect.steps if step.certain}
    assert actions == {"stop for good"}


def test_a_drug_without_a_document_is_said_to_be_unknown() -> None:
    (effect,) = effects("events: [{kind: adverse event, term: diarrhoea, drug: aspirin}]")
    assert "nothing was read of aspirin" in effect.problems[0].what


def test_the_two_drugs_of_a_pair_are_both_looked_up() -> None:
    text = "facts: {co_medications: [rifampicin]}"
    found = interactions(library(), record(text), None, "dabrafenib with trametinib")
    assert [on_drug.drug for on_drug in found.drugs] == ["dabrafenib", "trametinib"]


@pytest.mark.parametrize(
    "drug", ["imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib"]
)
def test_every_label_speaks_against_rifampicin(drug: str) -> None:
    found = interactions(library(), record("facts: {co_medications: Rifadin}"), None, drug)
    actions = {one.rule.basis.outputs["action"] for one in found.drugs[0].interactions}
    assert actions & {"avoid", "start higher", "monitor"}, actions


def taken_on(day: str, *events: str) -> tuple[list[str], list[str], list[str]]:
    """The medicines taken and ended on a day, and what is wrong with them."""
    text = "events:\n" + "".join(f"  - {{kind: visit, {event}}}\n" for event in events)
    on = datetime.date.fromisoformat(day)
    found = medicines_of(patient_of(record("facts: {}")), record(text), on)
    wrong = derive(as_of(record(text), library().terms, on), library()).problems
    return [m.name for m in found.medicines], [m.name for m in found.ended], [p.what for p in wrong]


TAKES = "day: 2021-02-01, facts: {co_medications: [Rifadin 600 mg, warfarin]}"
ENDS = "day: 2021-11-01, facts: {co_medications_ended: rifampicin}"


def test_a_medicine_that_ended_no_longer_counts_until_it_is_named_again() -> None:
    again = "day: 2023-01-01, facts: {co_medications: rifampicin}"
    assert taken_on("2021-10-31", TAKES, ENDS, again) == (["rifampicin", "warfarin"], [], [])
    assert taken_on("2021-11-01", TAKES, ENDS, again) == (["warfarin"], ["rifampicin"], [])
    assert taken_on("2023-01-01", TAKES, ENDS, again) == (["rifampicin", "warfarin"], [], [])


def test_an_end_that_cannot_be_right_changes_nothing_and_is_said() -> None:
    on_one_day = TAKES.replace("co_medications:", "co_medications_ended: warfarin, co_medications:")
    taken, ended, (wrong,) = taken_on("2022-01-01", on_one_day)
    assert (taken, ended) == (["rifampicin", "warfarin"], [])
    assert wrong == "'warfarin' is named and ended on one day, so it still counts"
    taken, ended, (wrong,) = taken_on("2022-01-01", TAKES, ENDS.replace("day: 2021-11-01, ", ""))
    assert (taken, wrong) == (
        ["rifampicin", "warfarin"],
        "'rifampicin' has ended, but not on which day, so it still counts",
    )


def test_the_end_of_a_medicine_that_nobody_named_is_a_problem_with_the_nearest_names() -> None:
    text = f"events:\n  - {{kind: visit, {TAKES}}}\n  - {{kind: visit, {ENDS}}}\n"
    slip = record(text.replace("ended: rifampicin", "ended: warfarine"))
    (problem,) = derive(as_of(slip, library().terms, None), library()).problems
    assert problem.what.startswith("'warfarine' has ended, but")
    assert problem.remedy.startswith("did you mean warfarin?")


def test_what_has_ended_is_shown_as_ended_beside_what_is_taken() -> None:
    found = interactions(
        library(),
        record(f"events: [{{kind: visit, {TAKES}}}, {{kind: visit, {ENDS}}}]"),
        drug="imatinib",
    )
    assert [m.name for m in found.medicines] == ["warfarin"]
    assert [(m.name, m.day) for m in found.ended] == [("rifampicin", "2021-11-01")]
