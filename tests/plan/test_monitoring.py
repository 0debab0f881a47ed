"""Blood, side effects and what the label then asks: from the record, by both versions of CTCAE."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plan.records import IMATINIB, count, record_of
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.drugs.dosing import dosing
from stromal.plan.known.derive import derive
from stromal.plan.make import make_plan
from stromal.plan.monitoring.report import Monitoring, monitoring_of
from stromal.plan.monitoring.toxicity import Finding
from stromal.plan.patient import consider

FEW = settings(max_examples=20)
DAY = datetime.date(2025, 6, 1)


def seen(library: Library, *events: str, day: datetime.date | None = None) -> Monitoring:
    record = record_of(*events)
    assert record.problems == ()
    return monitoring_of(library, record, day)


def grades(found: Monitoring, test: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The grades of every reading of a test, in CTCAE 5 and 6."""
    (history,) = (one for one in found.tests if one.test == test)
    return [(one.worst("CTCAE 5"), one.worst("CTCAE 6")) for one in history.readings]


def rows(finding: Finding) -> list[list[str]]:
    return [[rule.basis.row for rule in step.rules if rule.certain] for step in finding.steps]


def test_every_grade_carries_its_version(library: Library) -> None:
    found = seen(library, IMATINIB, count("2025-02-10", "neutrophils: 0.8 10^9/L, ALT: 30 U/L"))
    given = [grade for one in found.tests for r in one.readings for grade in r.grades]
    assert given
    assert {grade.version for grade in given} == {"CTCAE 5", "CTCAE 6"}


def test_two_versions_that_lead_to_two_steps_are_said_to_depend(library: Library) -> None:
    avapritinib = IMATINIB.replace("imatinib", "avapritinib").replace("400", "300")
    found = seen(library, avapritinib, count("2025-02-10", "neutrophils: 0.8 10^9/L"))
    assert found.findings[0].depends
    assert rows(found.findings[0]) == [["AVA-D05"], []]


def test_the_step_is_that_of_the_drug_and_dose_of_the_day(library: Library) -> None:
    change = "{id: up, kind: dose change, day: 2025-03-01, drug: imatinib, dose: 800 mg daily}"
    low = "neutrophils: 0.8 10^9/L"
    found = seen(library, IMATINIB, change, count("2025-02-10", low), count("2025-04-10", low))
    assert [rows(one)[0] for one in found.findings] == [["IMA-D04a", "IMA-D08a"], ["IMA-D06"]]


def test_the_same_rows_speak_for_a_value_as_for_the_side_effect_typed_in(library: Library) -> None:
    event = "{id: low, kind: adverse event, day: 2025-02-10, term: neutropenia, grade: 3, ctcae: 5,"
    event += " occurrence: 1, facts: {neutrophil_count: 0.8}}"
    record = record_of(IMATINIB, event)
    facts = derive(as_of(record, library.terms, None), library).facts
    typed = dosing(library, consider(library, library.at(None), facts), record)
    measured = seen(library, IMATINIB, count("2025-02-10", "neutrophils: 0.8 10^9/L"))
    steps = [step.basis.row for step in typed.side_effects[0].steps if step.certain]
    assert sorted(steps) == sorted(rows(measured.findings[0])[0])


def test_what_was_measured_on_another_day_is_not_taken_for_today(library: Library) -> None:
    limits = "limits: {ALT: up to 40 U/L, bilirubin: up to 20 umol/L}"
    before = count("2025-02-01", "bilirubin: 45 umol/L", limits)
    now = count("2025-02-20", "ALT: 150 U/L")
    regorafenib = IMATINIB.replace("imatinib", "regorafenib").replace("400", "160")
    found = seen(library, regorafenib, before, now)
    last = [one for one in found.findings if one.tests == ("ALT",)][-1]
    assert "REG-D12" not in rows(last)[0]
    together = seen(library, regorafenib, count("2025-02-20", "ALT: 150 U/L, bilirubin: 45 umol/L",
                                                limits))  # fmt: skip
    assert "REG-D12" in rows(together.findings[0])[0]


def test_a_missing_limit_leaves_the_grade_open_and_says_what_is_missing(library: Library) -> None:
    found = seen(library, IMATINIB, count("2025-02-10", "platelets: 120 10^9/L"))
    assert grades(found, "platelets") == [((0, 1), (0, 1))]
    assert found.tests[0].readings[0].missing() == ("times_lower_limit",)


def test_a_value_within_the_limits_is_grade_0_whatever_the_baseline_was(library: Library) -> None:
    event = count("2025-02-10", "ALT: 30 U/L", "limits: {ALT: up to 40 U/L}")
    assert grades(seen(library, IMATINIB, event), "ALT") == [((0,), (0,))]


def test_symptoms_that_nobody_asked_about_part_the_grades_and_never_make_0(
    library: Library,
) -> None:
    found = seen(library, IMATINIB, count("2025-02-10", "sodium: 127 mmol/L"))
    assert grades(found, "sodium") == [((2, 3), (2, 3))]


def test_a_corrected_value_is_not_used_any_more(library: Library) -> None:
    wrong = count("2025-02-10", "platelets: 20 10^9/L", name="wrong")
    right = count("2025-02-10", "platelets: 200 10^9/L", "corrects: wrong", name="right")
    found = seen(library, IMATINIB, wrong, right)
    assert [one.reading.given for one in found.tests[0].readings] == ["200 10^9/L"]


def test_what_happened_later_is_not_known_yet(library: Library) -> None:
    events = [IMATINIB, *(count(f"2025-0{m}-10", f"platelets: {m}0 10^9/L") for m in (3, 4, 5))]
    found = monitoring_of(library, record_of(*events), datetime.date(2025, 4, 20))
    assert [one.reading.given for one in found.tests[0].readings] == ["30 10^9/L", "40 10^9/L"]
    assert found.checks is not None


def test_without_a_day_nothing_is_called_overdue(library: Library) -> None:
    assert seen(library, IMATINIB, count("2025-02-10", "ALT: 30 U/L")).checks is None


def test_a_check_is_done_by_whatever_name_its_test_was_written(library: Library) -> None:
    term = library.terms["laboratory_test"]
    names = [name for name, values in term.synonyms.items() if values <= {"neutrophils", "TSH"}]
    assert "ANC" in names
    for name in [*names, "Hb", "WBC"]:
        sunitinib = IMATINIB.replace("imatinib", "sunitinib")
        drug, unit = (sunitinib, "mU/L") if name == "thyrotropin" else (IMATINIB, "10^9/L")
        event = count("2025-05-28", f"{name}: 3 {'g/L' if name == 'Hb' else unit}")
        found = seen(library, drug, event, day=DAY)
        assert found.checks is not None
        wanted = "thyroid function" if name == "thyrotropin" else "blood count"
        assert wanted not in [check.test for check in found.checks if check.state == "overdue"], (
            name
        )


def test_haemoglobin_is_the_same_in_every_unit(library: Library) -> None:
    limits = "limits: {Hb: 120 to 160 g/L}"
    found = [
        grades(seen(library, IMATINIB, count("2025-02-10", f"Hb: {value}", limits)), "haemoglobin")
        for value in ("90 g/L", "9 g/dL", "5.59 mmol/L")
    ]
    assert found == [[((2,), (2,))]] * 3


HAEMOGLOBIN = st.integers(400, 1600)


@FEW
@given(HAEMOGLOBIN)
def test_the_unit_in_which_it_was_written_never_changes_a_grade(library: Library, tenths) -> None:
    grams = Fraction(tenths, 10)
    texts = (f"{float(grams)} g/L", f"{float(grams / 10)} g/dL")
    events = [count("2025-02-10", f"haemoglobin: {t}", "limits: {haemoglobin: 12 to 16 g/dL}")
              for t in texts]  # fmt: skip
    one, other = (grades(seen(library, IMATINIB, event), "haemoglobin") for event in events)
    assert one == other


@FEW
@given(st.integers(300, 1600))
def test_a_converted_value_keeps_the_true_grade_among_those_possible(library, tenths) -> None:
    """6.2 mmol/L may be either side of 100 g/L; the grade of the value in g/L is never lost."""
    millimoles = Fraction(tenths, 100)
    limits = "limits: {haemoglobin: 120 to 160 g/L}"
    exact = count("2025-02-10", f"haemoglobin: {float(millimoles / Fraction('0.06206')):.6f} g/L",
                  limits)  # fmt: skip
    written = count("2025-02-10", f"haemoglobin: {float(millimoles)} mmol/L", limits)
    ((true, _),) = grades(seen(library, IMATINIB, exact), "haemoglobin")
    ((found, _),) = grades(seen(library, IMATINIB, written), "haemoglobin")
    assert set(true) <= set(found)


VALUES = st.lists(
    st.tuples(st.integers(1, 27), st.sampled_from(("0.4", "0.9", "1.2", "2.5"))),
    min_size=1, max_size=5, unique_by=lambda pair: pair[0],
)  # fmt: skip


def counts(values: list[tuple[int, str]]) -> list[str]:
    return [
        count(f"2025-02-{day:02}", f"neutrophils: {v} 10^9/L", name=f"e{day}") for day, v in values
    ]


@FEW
@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_events_in_the_file_means_nothing(library, values, random) -> None:
    events = [IMATINIB, *counts(values)]
    shuffled = list(events)
    random.shuffle(shuffled)
    one, other = seen(library, *events), seen(library, *shuffled)
    assert (one.tests, one.findings) == (other.tests, other.findings)


@FEW
@given(VALUES, st.sampled_from(("0.05", "0.7", "3.0")), st.booleans())
def test_a_later_value_never_changes_an_earlier_grade_or_step(
    library, values, more, marked
) -> None:
    events = [IMATINIB, *counts(values)]
    later = count("2025-03-20", f"neutrophils: {more} 10^9/L",
                  f"baseline: {'yes' if marked else 'no'}", name="later")  # fmt: skip
    before, after = seen(library, *events), seen(library, *events, later)
    kept = after.tests[0].readings[: len(values)]
    assert before.tests[0].readings == kept
    assert before.findings == after.findings[: len(before.findings)]


@FEW
@given(VALUES)
def test_the_times_never_fall_and_rise_only_after_a_recovery(library, values) -> None:
    ordered = sorted(values)
    found = seen(library, IMATINIB, *counts(ordered))
    told = {one.day: one.steps[0].occurrence for one in found.findings if one.steps}
    number, was_low = 0, False
    for day, value in ordered:
        is_low = float(value) < 1.0
        number += is_low and not was_low
        was_low = is_low
        if is_low:
            word = ("first", "second", "third", "later")[min(number, 4) - 1]
            assert told[datetime.date(2025, 2, day)] == (word,)


SYMPTOMS = st.dictionaries(
    st.sampled_from(("tiredness", "cramps", "bleeding", "swollen legs", "low mood")),
    st.sampled_from(("none", "a little", "quite a bit", "very much")),
    max_size=3,
)
DIARIES = st.lists(st.tuples(st.integers(1, 28), SYMPTOMS), min_size=1, max_size=3)
COURSE = (
    "{id: seen, kind: imaging, day: 2024-12-01, facts: {tumour_site: ileum, disease_extent: "
    "metastatic, distant_metastasis: yes}}",
    "{id: gene, kind: molecular test, day: 2024-12-10, facts: {genotype: KIT exon 11}}",
    IMATINIB,
    count("2025-02-10", "neutrophils: 0.8 10^9/L", name="count"),
)


@settings(max_examples=8)
@given(DIARIES, st.booleans())
def test_no_diary_entry_changes_any_decision_option_or_dose(library, entries, has_day) -> None:
    diary = [
        f"{{id: d{n}, kind: diary, day: 2025-07-{day:02}, words: It hurts, symptoms: "
        f"{{{', '.join(f'{name}: {bother}' for name, bother in symptoms.items())}}}}}"
        for n, (day, symptoms) in enumerate(entries)
    ]
    plain, with_diary = record_of(*COURSE), record_of(*COURSE, *diary)
    assert with_diary.problems == ()
    day = datetime.date(2025, 8, 1) if has_day else None
    assert make_plan(library, plain, day).plan == make_plan(library, with_diary, day).plan
    one, other = (monitoring_of(library, record, day) for record in (plain, with_diary))
    assert (one.findings, one.drugs, one.tests) == (other.findings, other.drugs, other.tests)


def test_a_diary_that_holds_facts_is_refused_and_the_facts_are_kept_unread() -> None:
    event = "{id: d, kind: diary, day: 2025-07-01, words: bad, facts: {last_drug: none}}"
    record = record_of(event)
    assert [p.what for p in record.problems] == ["a diary holds words and symptoms, no facts"]
    assert record.events[-1].facts == {}
    assert record.events[-1].unread == {"facts": {"last_drug": "none"}}


def test_the_words_of_the_diary_are_kept_as_they_were_written(library: Library) -> None:
    words = "Legs  cramp; at NIGHT, 3x"
    found = seen(library, f"{{id: d, kind: diary, day: 2025-07-01, words: '{words}'}}")
    assert [entry.words for entry in found.diary.entries] == [words]


def test_a_side_effect_without_a_grade_is_a_question_with_what_each_grade_means(
    library: Library,
) -> None:
    event = "{id: e, kind: adverse event, day: 2025-02-10, term: diarrhoea}"
    (told,) = seen(library, IMATINIB, event).events
    assert told.question == "Which grade is it?"
    assert [one.grade for one in told.meanings] == [1, 2, 3, 4]
    assert {one.status for one in told.meanings} == {"recalled"}


LOW = count("2025-02-10", "neutrophils: 0.8 10^9/L")


def test_a_side_effect_whose_values_were_measured_needs_no_grade(library: Library) -> None:
    event = "{id: e, kind: adverse event, day: 2025-02-10, term: neutropenia}"
    found = seen(library, IMATINIB, event, LOW)
    assert [one.question for one in found.events] == [""]
    assert [one.tests for one in found.findings] == [("neutrophils",)]


def test_how_often_it_came_may_be_written_and_goes_with_the_values(library: Library) -> None:
    event = "{id: e, kind: adverse event, day: 2025-02-10, term: neutropenia, occurrence: 2}"
    assert rows(seen(library, IMATINIB, event, LOW).findings[0])[0] == ["IMA-D05a"]


@pytest.mark.parametrize(
    ("version", "says"), [("5", ""), ("6", "by the values of that day it is 2")]
)
def test_a_written_grade_that_the_values_contradict_is_a_question(
    library: Library, version: str, says: str
) -> None:
    event = "{id: e, kind: adverse event, day: 2025-02-10, term: neutropenia, grade: 3, "
    event += f"ctcae: {version}}}"
    (told,) = seen(library, IMATINIB, event, LOW).events
    assert says in told.question
    assert bool(told.question) == bool(says)


def test_the_dispute_on_the_qt_interval_is_shown_with_its_grade(library: Library) -> None:
    event = "{id: e, kind: adverse event, day: 2025-02-10, term: QT prolongation, grade: 3}"
    (told,) = seen(library, IMATINIB, event).events
    third = next(one for one in told.meanings if one.grade == 3)
    assert "60 ms or more is grade 2 there" in third.disputes[0]


def test_the_indices_rest_on_blood_from_before_the_drug_only(library: Library) -> None:
    cells = "neutrophils: 4 10^9/L, lymphocytes: 2 10^9/L"
    assert seen(library, IMATINIB, count("2025-02-10", cells)).indices.found == ()
    before = seen(library, IMATINIB, count("2025-01-01", cells)).indices
    assert [(one.name, one.value) for one in before.found] == [("NLR", 2)]
    unknown = seen(library, count("2025-01-01", cells)).indices
    assert unknown.found == ()
    assert "baseline: yes" in unknown.note


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("{kind: laboratory, day: 2025-01-01, values: {ALT: 30}}", "ALT: '30' has no unit"),
        ("{kind: laboratory, day: 2025-01-01, values: {ALT: '3,5 U/L'}}", "comma inside"),
        ("{kind: laboratory, day: 2025-01-01, value: 30 U/L}", "a value without its test"),
        ("{kind: laboratory, day: 2025-01-01, test: ALT}", "a test without its value"),
        ("{kind: laboratory, day: 2025-01-01, values: {ALT: 3 U/L}, limits: {ALT: 40 U/L}}",
         "upper or the lower limit"),
        ("{kind: laboratory, day: 2025-01-01, values: {ALT: 3 U/L}, limits: {ALT: 40 to 3 U/L}}",
         "runs downwards"),
        ("{kind: visit, day: 2025-01-01, values: {blood pressure: 95/165 mmHg}}", "not above"),
        ("{kind: visit, day: 2025-01-01, values: {blood pressure: 165/95}}", "has no unit"),
        ("{kind: laboratory, day: 2025-01-01, values: {ALT: 3 U/L}, baseline: perhaps}",
         "neither yes nor no"),
        ("{kind: refill, day: 2025-01-01, drug: imatinib}", "for how long the tablets last"),
        ("{kind: refill, day: 2025-01-01, drug: imatinib, days: thirty}", "not a whole number"),
        ("{kind: refill, day: 2025-01-01, days: 30}", "a refill without its drug"),
        ("{kind: pause, from: 2025-02-10, to: 2025-02-01}", "ends before it begins"),
        ("{kind: laboratory, day: 2025-01-01, values: {'': 3 g/L}}", "without the name"),
        ("{kind: questionnaire, day: 2025-01-01, answers: [1, x]}", "item 2: 'x' is not"),
        ("{kind: questionnaire, day: 2025-01-01, answers: {one: 2}}", "not the number of a q"),
        ("{kind: diary, day: 2025-01-01, symptoms: tired}", "not a list of"),
    ],
)  # fmt: skip
def test_a_slip_in_the_record_is_named_with_its_place_and_a_remedy(event: str, what: str) -> None:
    record = record_of(event)
    assert any(what in problem.what for problem in record.problems), record.problems
    assert all(p.place.startswith("p.yaml:4, event 1") and p.remedy for p in record.problems)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("{kind: laboratory, day: 2025-01-01, values: {haemoglobn: 9 g/L}}", "no test"),
        ("{kind: laboratory, day: 2025-01-01, values: {platelets: 9 g/L}}", "is no unit of plat"),
        ("{kind: laboratory, values: {platelets: 9 10^9/L}}", "values without a day"),
        ("{kind: refill, day: 2025-01, drug: imatinib, days: 30}", "a refill without its day"),
        ("{kind: pause, drug: imatinib}", "a pause without its first day"),
        ("{kind: diary, day: 2025-01-01, symptoms: {joy: a little}}", "'joy' is no value"),
        ("{kind: questionnaire, day: 2025-01-01, name: QLQ-C30, version: 3.0, answers: {1: 5}}",
         "answer 5"),
        ("{kind: questionnaire, day: 2025-01-01, name: QLQ-C30, answers: {1: 2}}", "the version"),
    ],
)  # fmt: skip
def test_what_only_the_dictionary_can_tell_is_named_by_the_monitoring(
    library: Library, event: str, what: str
) -> None:
    refill = "{id: r, kind: refill, day: 2025-01-05, drug: imatinib, days: 30}"
    record: Record = record_of(event, refill)
    assert record.problems == ()
    problems = monitoring_of(library, record, DAY).problems
    assert any(what in problem.what for problem in problems), problems
    assert all(p.remedy for p in problems)
