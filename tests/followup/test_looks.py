"""Which examination of the record counts as the look that a schedule asks for."""

import pytest

from followup.patients import library, planned, record
from stromal.facts.record import read_record
from stromal.facts.timeline import as_of
from stromal.followup.calendar import State
from stromal.plan.known.derive import derive
from stromal.plan.patient import consider
from stromal.plan.schedule.conventions import Conventions, conventions_of
from stromal.plan.schedule.follow_up import Wish, follow_up
from stromal.plan.schedule.looks import Match, match_of

ABDOMEN = "CT of the abdomen and pelvis"
EITHER = "CT or MRI of the abdomen and pelvis"
BOTH = "endoscopy and endoscopic ultrasound"
WHOLE = "whole-body MRI"
ULTRASOUND = "CT of the abdomen and pelvis or ultrasound"


def settings() -> Conventions:
    derived = derive(as_of(record(), library().terms, None), library())
    return conventions_of(consider(library(), library().at(None), derived.facts))


def match(kind: str, test: str, rules: Conventions | None = None, **details: str) -> Match:
    keys = "".join(f", {key}: '{value}'" for key, value in details.items())
    found = record(f"{{id: look, day: 2024-08-20, kind: {kind}{keys}}}").events[-1]
    return match_of(found, test, rules or settings())


@pytest.mark.parametrize(
    ("kind", "modality", "region", "test", "expected"),
    [
        ("imaging", "CT", "abdomen and pelvis", ABDOMEN, Match.YES),
        ("imaging", "CT", "chest, abdomen and pelvis", ABDOMEN, Match.YES),
        ("imaging", "CT", "chest", ABDOMEN, Match.NO),
        ("imaging", "CT", "", ABDOMEN, Match.YES),
        ("imaging", "MRI", "abdomen", EITHER, Match.YES),
        ("imaging", "MRI", "abdomen", ABDOMEN, Match.STANDS_FOR),
        ("imaging", "MRI", "head", EITHER, Match.NO),
        ("imaging", "ultrasound", "", ABDOMEN, Match.NO),
        ("imaging", "ultrasound", "", ULTRASOUND, Match.YES),
        ("imaging", "X-ray", "chest", ABDOMEN, Match.NO),
        ("imaging", "X-ray", "chest", "chest X-ray", Match.YES),
        ("imaging", "CT", "chest", "chest X-ray", Match.NO),
        ("imaging", "PET-CT", "", ABDOMEN, Match.NO),
        ("imaging", "PET-CT", "", "CT or PET-CT", Match.YES),
        ("imaging", "MRI", "whole body", WHOLE, Match.YES),
        ("imaging", "MRI", "abdomen and pelvis", WHOLE, Match.NO),
        ("imaging", "endoscopic ultrasound", "", "endoscopic ultrasound", Match.YES),
        ("imaging", "endoscopic ultrasound", "", "endoscopy", Match.STANDS_FOR),
        ("imaging", "endoscopic ultrasound", "", ABDOMEN, Match.NO),
        ("imaging", "endoscopic ultrasound", "", BOTH, Match.YES),
    ],
)
def test_a_scan_counts_by_its_modality_and_the_part_it_looked_at(
    kind, modality, region, test, expected
) -> None:
    details = {"modality": modality} | ({"region": region} if region else {})
    assert match(kind, test, **details) is expected


@pytest.mark.parametrize(
    ("modality", "test", "expected"),
    [
        ("gastroscopy", "endoscopy", Match.YES),
        ("gastroscopy", "endoscopic ultrasound", Match.NO),
        ("gastroscopy", BOTH, Match.NO),
        ("endoscopic ultrasound", BOTH, Match.YES),
        ("endoscopic ultrasound", "endoscopy", Match.STANDS_FOR),
        ("colonoscopy", "endoscopy", Match.NO),
        ("gastroscopy", ABDOMEN, Match.NO),
    ],
)
def test_an_endoscopy_is_no_endoscopic_ultrasound(modality, test, expected) -> None:
    assert match("endoscopy", test, modality=modality) is expected


def test_a_look_without_its_modality_counts_and_is_named_and_scans_are_no_endoscopies() -> None:
    assert match("imaging", ABDOMEN) is Match.UNSAID
    assert match("endoscopy", "endoscopic ultrasound") is Match.UNSAID
    assert match("imaging", "endoscopic ultrasound") is Match.NO
    assert match("endoscopy", ABDOMEN) is Match.NO
    found = planned("{id: s, day: 2024-08-20, kind: imaging}", day="2024-09-01")
    assert any("2024-08-20 has no modality" in note for note in found.notes)


def test_without_the_rows_nothing_stands_for_anything_else() -> None:
    bare = Conventions({})
    assert match("imaging", ABDOMEN, bare) is Match.NO
    assert match("imaging", ABDOMEN, bare, modality="MRI") is Match.NO
    assert (bare.grace, bare.young) == (0, 0)


def test_an_ultrasound_leaves_the_ct_of_the_schedule_undone() -> None:
    scan = "{id: s, day: 2024-08-20, kind: imaging, modality: ultrasound}"
    found = planned(scan, guidelines=("China",), day="2024-09-20")
    schedule = next(one for one in found.schedules if one.lines)
    assert all(look.done is None for look in schedule.lines[0].looks)
    assert schedule.lines[0].looks[0].state is State.OVERDUE


def test_the_dose_of_the_record_counts_each_scan_by_its_modality_and_region() -> None:
    scans = [
        "{id: a, day: 2024-05-20, kind: imaging, modality: CT, region: abdomen and pelvis}",
        "{id: b, day: 2024-06-20, kind: imaging, modality: CT, region: chest}",
        "{id: c, day: 2024-07-20, kind: imaging, modality: PET-CT}",
        "{id: d, day: 2024-08-20, kind: imaging, modality: MRI}",
        "{id: e, day: 2024-08-21, kind: imaging, modality: ultrasound}",
    ]
    dose = planned(*scans, day="2024-09-20").radiation
    assert (dose.dose.least, dose.dose.most) == (7.7 + 6.1 + 22.7, 10 + 6.1 + 25)
    assert dose.counts == {"CT": 2, "PET-CT": 1}


def test_a_scan_without_modality_may_have_given_nothing_or_as_much_as_a_ct() -> None:
    dose = planned("{id: s, day: 2024-08-20, kind: imaging}", day="2024-09-01").radiation
    assert (dose.dose.least, dose.dose.most) == (0, 10)
    assert dose.unsaid == ("2024-08-20",)


def test_an_examination_without_a_dose_in_the_documents_is_named_and_not_counted() -> None:
    found = planned("{id: s, day: 2024-08-20, kind: imaging, modality: X-ray}", day="2024-09-01")
    assert (found.radiation.dose.most, found.radiation.unread) == (0, ("2024-08-20",))
    assert any("No dose was read" in note for note in found.notes)


def test_the_dose_to_come_is_nothing_where_the_schedule_allows_mri() -> None:
    either, ct_only = (
        next(one for one in planned(guidelines=(name,), risk="low").schedules if one.lines).dose
        for name in ("ESMO", "Japan")
    )
    assert (either.looks, either.with_ct.least, either.with_ct.most) == (5, 38.5, 50)
    assert either.with_mri.most == 0
    assert ct_only.with_mri == ct_only.with_ct != either.with_ct


@pytest.mark.parametrize(
    ("age", "told"), [("34", True), ("40", False), ("60", False), ("?", False)]
)
def test_the_dose_stands_at_the_top_for_a_young_patient_only(age, told) -> None:
    case = (
        f"id: p\nfacts: {{age: '{age}', follow_up_risk: low}}\nevents:\n  - {{id: o, "
        "day: 2024-02-29, kind: resection, facts: {specimen: resection, resection_margin: R0, "
        "disease_extent: localised}}\n"
    )
    found = follow_up(library(), read_record(case.encode()), None, Wish())
    assert any(note.startswith("Below 40 years") for note in found.notes[:1]) is told


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("{id: x, day: 2024-08-20, kind: imaging, region: thorax}", "region"),
        ("{id: x, day: 2024-08-20, kind: endoscopy, modality: CT}", "modality"),
    ],
)
def test_a_region_or_modality_outside_the_list_is_a_problem_with_its_remedy(line, key) -> None:
    (problem,) = read_record(f"id: p\nevents:\n  - {line}\n".encode()).problems
    assert problem.place.endswith(key)
    assert "one of" in problem.remedy
