"""The response from the record: by drug, by every criterion, and what it says of progression."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stromal.facts.possible import Choices
from stromal.facts.record import Record, read_record, read_record_file
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.known.derive import derive
from stromal.plan.make import make_plan
from stromal.plan.response.reading import ResponseSettings
from stromal.plan.response.report import response_of
from stromal.plan.response.values import ResponseReport

CASES = Path(__file__).resolve().parents[2] / "cases" / "response"
SEEN = "  - {id: seen, kind: imaging, day: 2023-12-01, facts: {disease_extent: metastatic}}\n"
IMATINIB = "  - {kind: drug start, day: 2024-01-15, drug: imatinib, purpose: advanced}\n"
SUNITINIB = "  - {kind: drug start, day: 2024-07-01, drug: sunitinib, purpose: advanced}\n"


@pytest.fixture(scope="module")
def library() -> Library:
    """The whole knowledge, read once."""
    return load()


def scan(day: str, *sizes: float | None, extra: str = "", density: tuple[int, ...] = ()) -> str:
    organs = ("liver", "peritoneum", "spleen")
    lesions = []
    for place, size in enumerate(sizes):
        size_of = f"size: {size} mm" if size is not None else "seen: not evaluated"
        hu = f", density: {density[place]} HU" if density else ""
        lesions.append(f"      - {{name: l{place}, organ: {organs[place]}, {size_of}{hu}}}\n")
    head = f"  - id: {day}\n    kind: imaging\n    day: {day}\n    modality: CT\n"
    keys = "    slice_thickness: 5 mm\n    phase: portal venous\n    new_lesions: none\n"
    return f"{head}{keys}{extra}    lesions:\n{''.join(lesions)}"


def record(*events: str) -> Record:
    found = read_record(("id: p\nevents:\n" + "".join(events)).encode(), "p.yaml")
    assert not found.problems, found.problems
    return found


def report(library: Library, *events: str, day: str = "", **chosen: object) -> ResponseReport:
    on = datetime.date.fromisoformat(day) if day else None
    return response_of(library, record(*events), on, ResponseSettings(**chosen))  # type: ignore[arg-type]


def table(found: ResponseReport) -> list[tuple[str, ...]]:
    assert found.present is not None
    return [(one.day, " ".join(one.recist), " ".join(one.choi)) for one in found.present.scans[1:]]


FIRST = scan("2024-01-10", 50, 50, density=(70, 72))
BETTER = scan("2024-03-12", 35, 35, density=(50, 50))
WORSE = scan("2024-06-11", 48, 48, density=(72, 74))


def test_a_course_is_told_scan_by_scan(library: Library) -> None:
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE)
    assert table(found) == [("2024-03-12", "PR", "PR"), ("2024-06-11", "PD", "SD PD")]
    assert found.facts["progression"] == "general"
    assert found.facts["disease_state"] == "general progression on drug"
    assert [one.row for one in found.because] == ["PD", "GENERAL"]
    present = found.present
    assert present is not None
    assert present.progressed is not None
    assert (present.progressed.came, present.progressed.days) == (True, (148, 148))
    assert {(one.response, one.confirmed) for one in present.best if one.criteria == "recist"} == {
        ("PR", None),
        ("SD", False),
    }


def test_on_an_earlier_day_only_what_was_known_then_counts(library: Library) -> None:
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, day="2024-04-01")
    assert table(found) == [("2024-03-12", "PR", "PR")]
    assert found.facts["progression"] == "none"


def test_settings_choose_one_reading(library: Library) -> None:
    strict = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, growth_from="nadir")
    assert table(strict)[-1] == ("2024-06-11", "PD", "PD")
    one = report(library, SEEN, FIRST, IMATINIB, BETTER, confirm_after=28, least_stable=42)
    assert one.present is not None
    assert [(b.response, b.confirmed) for b in one.present.best] == [("SD", False)] * 2


def test_settings_change_what_is_shown_and_never_the_fact(library: Library) -> None:
    plain = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE)
    other = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, choi_size=50, choi_strict=True)
    assert plain.facts == other.facts


def test_each_drug_has_its_own_baseline(library: Library) -> None:
    later = scan("2024-09-10", 46, 46, density=(70, 70))
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, SUNITINIB, later)
    assert [course.drugs for course in found.courses] == [("imatinib",), ("sunitinib",)]
    assert found.present is not None
    assert found.present.scans[0].day == "2024-06-11"
    assert table(found) == [("2024-09-10", "SD", "SD")]
    assert found.facts["progression"] == "none"


def test_progression_under_an_earlier_drug_is_not_that_of_the_next(library: Library) -> None:
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, SUNITINIB)
    assert "progression" not in found.facts or found.facts["progression"] == "not known"
    assert found.facts["compared_scans"] == "0"


def test_growth_that_was_confirmed_under_an_earlier_drug_confirms_none_under_the_next(
    library: Library,
) -> None:
    sure = "  - {kind: visit, day: 2024-06-12, facts: {progression_confirmed: yes}}\n"
    soft = scan("2024-09-10", 62, 62, density=(40, 40))
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, WORSE, sure, SUNITINIB, soft)
    assert found.facts["pseudo_progression"] == "suspected"
    assert not found.because


def test_two_possible_baselines_are_asked_about(library: Library) -> None:
    other = scan("2024-01-03", 44, 44)
    found = report(library, SEEN, other, FIRST, IMATINIB, BETTER)
    assert [problem.what for problem in found.problems] == [
        "2 scans in the five weeks before imatinib could be the baseline (2024-01-03, 2024-01-10)"
    ]
    marked = FIRST.replace("    modality", "    baseline: yes\n    modality")
    chosen = report(library, SEEN, other, marked, IMATINIB, BETTER)
    assert not chosen.problems
    assert table(chosen) == [("2024-03-12", "PR", "PR")]


def test_a_drug_without_a_scan_before_it_is_asked_about(library: Library) -> None:
    found = report(library, SEEN, IMATINIB, BETTER, WORSE)
    assert "no scan with lesions at or before the start of imatinib" in found.problems[0].what
    assert found.facts["compared_scans"] == "0"


def test_a_far_baseline_is_taken_and_said(library: Library) -> None:
    far = scan("2023-11-01", 50, 50)
    found = report(library, SEEN, far, IMATINIB, BETTER)
    assert found.present is not None
    assert "that is 75 days before the drug, a trial allowed 35" in found.present.notes[0]


def test_an_operation_ends_the_comparison(library: Library) -> None:
    cut = (
        "  - {kind: resection, day: 2024-04-01, facts: {specimen: resection of metastasis}}\n",
        scan("2024-06-11", 0, 30),
    )
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, *cut)
    assert table(found) == [("2024-03-12", "PR", "PR")]
    assert found.facts["compared_scans"] == "0"
    assert any("decide nothing: resection on 2024-04-01" in note for note in found.notes)


def test_a_drug_taken_up_again_goes_on_being_compared(library: Library) -> None:
    pause = (
        "  - {kind: drug stop, day: 2024-03-20, drug: imatinib}\n",
        "  - {kind: drug start, day: 2024-04-10, drug: imatinib, purpose: advanced}\n",
    )
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, *pause, WORSE)
    assert [one.day for one in found.courses[0].scans] == ["2024-01-10", "2024-03-12", "2024-06-11"]
    assert "interrupted from 2024-03-20 to 2024-04-10" in found.courses[0].notes[0]


def test_a_vague_day_makes_a_span_of_days_and_no_growth_rate(library: Library) -> None:
    vague = WORSE.replace("day: 2024-06-11", "day: 2024-06")
    found = report(library, SEEN, FIRST, IMATINIB, BETTER, vague)
    assert found.present is not None
    assert found.present.progressed is not None
    assert found.present.progressed.days == (138, 167)
    assert not found.present.growth


def test_what_is_watched_without_a_drug_has_a_growth_rate_and_no_response(library: Library) -> None:
    looks = [
        scan(day, size)
        for day, size in (("2022-01-01", 12), ("2023-01-01", 13.5), ("2024-01-01", 15))
    ]
    found = report(library, *looks)
    assert found.present is None
    growth = found.courses[0].growth[0]
    assert growth.doubling == pytest.approx(730 * 0.693147 / (3 * 0.2231436), rel=0.02)
    assert growth.interval
    assert found.facts["progression"] == "not known"


def test_adjuvant_treatment_has_nothing_to_respond(library: Library) -> None:
    drug = IMATINIB.replace("advanced", "adjuvant")
    found = report(library, drug, BETTER)
    assert not found.courses
    assert not found.problems


@pytest.mark.parametrize(("new", "progression"), [("no", "none"), ("yes", "not known")])
def test_a_new_lesion_on_pet_is_not_outvoted_by_the_sizes(
    library: Library, new: str, progression: str
) -> None:
    before = FIRST.replace("    lesions", "    uptake: {measure: SUVmax, now: 10}\n    lesions")
    pet = (
        "  - {id: pet, kind: imaging, day: 2024-03-13, modality: PET, "
        f"uptake: {{measure: SUVmax, now: 3, after_one_cycle: no, new_lesion: {new}}}}}\n"
    )
    found = report(library, SEEN, before, IMATINIB, BETTER, pet)
    assert found.facts["progression"] == progression


def test_pet_is_read_by_both_criteria_with_every_reading(library: Library) -> None:
    before = FIRST.replace("    lesions", "    uptake: {measure: SUVmax, now: 10}\n    lesions")
    after = BETTER.replace("    lesions", "    uptake: {measure: SUVmax, now: 8}\n    lesions")
    found = report(library, SEEN, before, IMATINIB, after)
    assert found.present is not None
    pet = found.present.pets[-1]
    assert (pet.change, pet.eortc, pet.percist) == (-20.0, ("PMR", "SMD"), ())
    assert "after one cycle" in pet.notes[0]
    peak = [text.replace("SUVmax", "SULpeak") for text in (before, after)]
    found = report(library, SEEN, peak[0], IMATINIB, peak[1])
    assert found.present is not None
    assert found.present.pets[-1].percist == ("SMD",)


def test_a_record_without_lesions_compares_nothing(library: Library) -> None:
    found = report(library, SEEN, IMATINIB)
    assert not found.courses
    assert found.facts["compared_scans"] == "0"


def test_what_was_typed_before_the_scan_is_overtaken_and_said(library: Library) -> None:
    typed = "  - {kind: visit, day: 2024-02-01, facts: {progression: general}}\n"
    found = report(library, SEEN, FIRST, IMATINIB, typed, BETTER)
    assert found.facts["progression"] == "none"
    assert any("progression (general) is older than the measured scan" in n for n in found.notes)


def test_a_scan_that_could_not_be_evaluated_overtakes_nothing(library: Library) -> None:
    typed = "  - {kind: visit, day: 2024-02-01, facts: {progression: general}}\n"
    found = report(library, SEEN, FIRST, IMATINIB, typed, scan("2024-03-12", 35, None))
    assert found.facts["recist_response"] == "NE"
    assert found.facts["progression"] == "general"


def test_a_typed_response_is_not_used_and_that_is_said(library: Library) -> None:
    typed = "  - {id: v, kind: visit, day: 2024-02-01, facts: {recist_response: PD}}\n"
    found = report(library, SEEN, IMATINIB, typed)
    assert [(p.place, p.what) for p in found.problems] == [
        ("v", "recist_response is computed from the scans, so what was typed is not used")
    ]
    assert "recist_response" not in found.facts


def test_a_scan_that_cannot_be_read_is_not_passed_over_for_an_older_one(library: Library) -> None:
    broken = WORSE.replace("size: 48 mm", "size: 48")
    events = "id: p\nevents:\n" + "".join((SEEN, FIRST, IMATINIB, BETTER, broken))
    found = response_of(library, read_record(events.encode(), "p.yaml"))
    assert found.facts["compared_scans"] == "0"
    assert any("decide nothing" in note for note in found.notes)


def test_a_scan_without_a_day_is_said(library: Library) -> None:
    undated = BETTER.replace("    day: 2024-03-12\n", "")
    found = report(library, SEEN, FIRST, IMATINIB, undated, WORSE)
    assert "lesions without a day of the scan" in {problem.what for problem in found.problems}


def test_the_same_drug_begun_anew_for_another_purpose_has_no_old_response(library: Library) -> None:
    before = IMATINIB.replace("advanced", "neoadjuvant")
    again = IMATINIB.replace("2024-01-15", "2024-08-01")
    local = SEEN.replace("metastatic", "localised")
    found = report(library, local, FIRST, before, BETTER, again)
    assert found.facts["compared_scans"] == "0"


def test_a_tried_progression_is_not_argued_with(library: Library) -> None:
    tried = {"progression": Choices.of("general")}
    made = make_plan(library, record(SEEN, FIRST, IMATINIB, BETTER), assume=tried)
    assert not made.plan.conflicts
    assert made.patient.known["disease_state"] == Choices.of("general progression on drug")


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_day_by_day_replay_of_a_case_never_fails_and_repeats_itself(
    path: Path, library: Library
) -> None:
    found = read_record_file(path)
    for event in found.events:
        if event.day and len(event.day) == 10:
            day = datetime.date.fromisoformat(event.day)
            assert response_of(library, found, day) == response_of(library, found, day)


def facts_of(library: Library, found: Record) -> dict[str, object]:
    derived = derive(as_of(found, library.terms, None), library)
    return {name: fact.possible for name, fact in derived.facts.items()}


SIZES = st.lists(st.integers(12, 90), min_size=2, max_size=2)


@settings(max_examples=25, deadline=None)
@given(SIZES, SIZES, SIZES)
def test_an_unrelated_event_and_the_order_of_the_file_change_nothing(first, second, third) -> None:
    library = _library()
    scans = [
        scan(day, *sizes, density=(60, 65))
        for day, sizes in zip(
            ("2024-01-10", "2024-03-12", "2024-06-11"), (first, second, third), strict=True
        )
    ]
    events = [SEEN, scans[0], IMATINIB, *scans[1:]]
    visit = "  - {kind: visit, day: 2024-05-01, words: flu}\n"
    plain = facts_of(library, record(*events))
    assert facts_of(library, record(*events, visit)) == plain
    assert facts_of(library, record(*reversed(events))) == plain


@settings(max_examples=25, deadline=None)
@given(SIZES, SIZES)
def test_growth_alone_never_makes_progression_where_the_density_fell(first, second) -> None:
    library = _library()
    before = scan("2024-01-10", *first, density=(70, 70))
    after = scan(
        "2024-03-12", *(a + b for a, b in zip(first, second, strict=True)), density=(50, 50)
    )
    found = facts_of(library, record(SEEN, before, IMATINIB, after))
    progression = found.get("progression")
    assert progression is None or "none" in progression.values  # type: ignore[attr-defined]


@settings(max_examples=25, deadline=None)
@given(SIZES, SIZES, SIZES)
def test_what_is_left_out_of_a_report_never_makes_the_answer_surer(first, second, third) -> None:
    library = _library()
    days = ("2024-01-10", "2024-03-12", "2024-06-11")
    scans = [
        scan(d, *s, density=(60, 65)) for d, s in zip(days, (first, second, third), strict=True)
    ]
    told = record(SEEN, scans[0], IMATINIB, *scans[1:])
    last = told.events[-1]
    silent = {k: v for k, v in last.details.items() if k != "new_lesions"}
    less = replace(told, events=(*told.events[:-1], replace(last, details=silent)))
    sure, unsure = facts_of(library, told), facts_of(library, less)
    whole = library.terms["progression"].domain
    for name in ("progression", "recist_response"):
        domain = whole if name == "progression" else library.terms[name].domain
        a, b = sure.get(name, domain), unsure.get(name, domain)
        assert isinstance(a, Choices)
        assert isinstance(b, Choices)
        assert a.values <= b.values


def _library() -> Library:
    if not _KEPT:
        _KEPT.append(load())
    return _KEPT[0]


_KEPT: list[Library] = []


def test_a_scan_of_progression_marked_as_the_new_baseline_still_tells_it(library: Library) -> None:
    marked = WORSE.replace("    modality", "    baseline: yes\n    modality")
    raised = "  - {kind: dose change, day: 2024-06-12, drug: imatinib, dose: 800 mg}\n"
    now = (SEEN, FIRST, IMATINIB, BETTER, marked, raised)
    assert report(library, *now).facts["progression"] == "general"
    later = report(library, *now, scan("2024-09-10", 47, 47, density=(72, 74)))
    assert later.facts["progression"] == "none"
    assert [len(course.scans) for course in later.courses] == [3, 2]


NEW_AT_LAST = (
    "  - {id: new, kind: imaging, day: 2024-06-20, slice_thickness: 5 mm, lesions: [{name: l0, "
    "size: 40 mm}, {name: pelvis, organ: peritoneum, kind: new, size: 14 mm, certain: yes}]}\n"
)
AFTER_IT = (
    "  - {id: after, kind: imaging, day: 2024-09-20, slice_thickness: 5 mm, new_lesions: none, "
    "lesions: [{name: l0, size: 38 mm}, {name: pelvis, size: 12 mm}]}\n"
)


def test_a_lesion_new_for_the_last_drug_is_one_lesion_of_the_next_and_is_not_asked_for(
    library: Library,
) -> None:
    found = report(
        library, SEEN, scan("2024-01-10", 34), IMATINIB, NEW_AT_LAST, SUNITINIB, AFTER_IT
    )
    assert found.present is not None
    roles = [[(one.name, one.role) for one in seen.lesions] for seen in found.present.scans]
    assert roles == [[("l0", "target"), ("pelvis", "non-target")]] * 2
    assert not any("not spoken of" in note for seen in found.present.scans for note in seen.notes)
