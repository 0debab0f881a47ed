"""Adherence, quality of life and the indices of the blood count."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.problem import Problem
from stromal.followup.adherence import ONE_DAY, Refill, Stay, adherence
from stromal.followup.cycles import Cycle, Phase, read_cycle
from stromal.followup.inflammation import Blood, cuts_of, indices
from stromal.followup.quality_of_life import ITEMS, MOST, SCALES, score
from stromal.library import load

FIRST = datetime.date(2024, 1, 1)


def on(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


def covered(*refills: tuple[int, int], days: int = 90, stays=()) -> tuple[int, int]:
    found = adherence([Refill(on(d), n) for d, n in refills], FIRST, on(days - 1), stays)
    return found.covered, found.days


@pytest.mark.parametrize(
    ("refills", "expected"),
    [
        (((0, 30), (30, 30), (60, 30)), 90),
        (((0, 30), (25, 30), (60, 30)), 90),  # an early refill is shifted forward
        (((0, 30), (40, 30), (70, 30)), 80),  # a gap of ten days; the end is cut off
        (((0, 90), (0, 90)), 90),  # no day is covered twice
        (((-15, 30), (15, 30), (45, 45)), 90),  # tablets from before the window
        ((), 0),
    ],
)
def test_days_covered(refills, expected) -> None:
    assert covered(*refills) == (expected, 90)


def test_hospital_days_are_not_counted_and_their_tablets_last_longer() -> None:
    assert covered((0, 80), stays=(Stay(on(10), on(19)),)) == (80, 80)


def test_the_possession_ratio_may_exceed_1_and_says_so() -> None:
    found = adherence([Refill(on(0), 90), Refill(on(45), 90)], FIRST, on(89))
    assert (found.possession, found.days_covered, found.is_capped) == (2, 1, True)


def test_the_longest_gap_is_found() -> None:
    found = adherence([Refill(on(0), 30), Refill(on(40), 30)], FIRST, on(89))
    assert found.longest_gap == 20


def test_impossible_refills_are_named() -> None:
    assert isinstance(adherence([Refill(FIRST, 0)], FIRST, on(9)), Problem)
    assert isinstance(adherence([], on(9), FIRST), Problem)
    assert isinstance(adherence([], FIRST, on(9), [Stay(FIRST, on(9))]), Problem)


REFILLS = st.lists(st.tuples(st.integers(-60, 120), st.integers(1, 120)), max_size=6)


@given(REFILLS, st.tuples(st.integers(-60, 120), st.integers(1, 120)))
def test_one_more_refill_never_covers_fewer_days(refills, more) -> None:
    before, days = covered(*refills)
    after, _ = covered(*refills, more)
    assert 0 <= before <= after <= days


BEST = dict.fromkeys(range(1, 29), 1) | {29: 7, 30: 7}
WORST = dict.fromkeys(range(1, 29), 4) | {29: 1, 30: 1}


def test_the_best_answers_score_100_for_function_and_0_for_symptoms() -> None:
    found, worst = score(BEST), score(WORST)
    for scale in SCALES:
        best = 0 if scale.kind == "symptom" else 100
        assert (found.scales[scale.code], worst.scales[scale.code]) == (best, 100 - best)
    assert (found.summary, worst.summary) == (100, 0)


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        ("QL", {29: 5, 30: 6}, Fraction(75)),  # ((5.5 - 1) / 6) x 100
        ("PF", {1: 2, 2: 2, 3: 1, 4: 1, 5: 1}, Fraction(260, 3)),  # (1 - 0.4 / 3) x 100
        ("EF", {21: 2, 22: 3}, Fraction(50)),  # half of the items is enough
        ("EF", {21: 2}, None),
        ("PF", {1: 1, 2: 1}, None),  # two of five is less than half
        ("PF", {1: 1, 2: 1, 3: 4}, Fraction(200, 3)),
        ("FA", {10: 2, 12: 3, 18: 4}, Fraction(200, 3)),
        ("FA", {10: 4}, None),
        ("DY", {}, None),
        ("DY", {8: 3}, Fraction(200, 3)),
    ],
)
def test_scales_are_scored_by_the_published_rule(code, answers, expected) -> None:
    assert score(answers).scales[code] == expected


def test_the_summary_needs_all_13_scales_and_leaves_out_global_and_money() -> None:
    assert score({**BEST, 28: 4, 29: 1, 30: 1}).summary == 100
    assert score({item: a for item, a in BEST.items() if item not in (28, 29, 30)}).summary == 100
    assert score({item: a for item, a in BEST.items() if item != 8}).summary is None
    assert score({**BEST, 8: 4}).summary == Fraction(1200, 13)


@pytest.mark.parametrize("wrong", [{1: 0}, {1: 5}, {29: 8}, {31: 1}, {1: True}, {1: 2.5}])
def test_an_impossible_answer_is_named(wrong) -> None:
    (problem,) = score({**BEST, **wrong})
    assert "answer" in problem.what


def test_older_versions_are_refused() -> None:
    assert isinstance(score(BEST, "2.0")[0], Problem)


ANSWERS = st.fixed_dictionaries(
    {}, optional={item: st.integers(1, MOST[item]) for item in range(1, ITEMS + 1)}
)


@given(ANSWERS)
def test_every_score_lies_between_0_and_100(answers) -> None:
    found = score(answers)
    for value in (*found.scales.values(), found.summary):
        assert value is None or 0 <= value <= 100


BLOOD = Blood(
    neutrophils=Fraction(5), lymphocytes=Fraction(2), monocytes=Fraction("0.5"),
    platelets=Fraction(300), albumin=Fraction(40), haemoglobin=Fraction(130),
    c_reactive_protein=Fraction(12), before_treatment=True,
)  # fmt: skip


def test_indices_follow_their_formulas() -> None:
    found = {index.name: index.value for index in indices(BLOOD)}
    assert found == {
        "NLR": Fraction(5, 2), "PLR": 150, "LMR": 4, "SII": 750, "PNI": 50,
        "HALP": Fraction(130 * 40 * 2, 300), "GPS": 1,
    }  # fmt: skip


def test_the_nutrition_index_is_the_same_in_either_unit() -> None:
    """10 x albumin (g/dL) + 0.005 x lymphocytes (/mm3)."""
    (value,) = (index.value for index in indices(BLOOD) if index.name == "PNI")
    assert value == 10 * 4 + Fraction("0.005") * 2000


@pytest.mark.parametrize("before", [False, None])
def test_blood_under_a_drug_or_of_unknown_time_gives_no_index(before) -> None:
    assert indices(Blood(neutrophils=Fraction(5), lymphocytes=Fraction(2),
                         before_treatment=before)) == ()  # fmt: skip


def test_contradictory_cut_offs_are_shown_together() -> None:
    (table,) = (t for t in load(rooms=("followup",)).tables if t.role == "index")
    (index,) = (index for index in indices(BLOOD, cuts_of(table)) if index.name == "PNI")
    assert {cut.value for cut in index.cuts} == {"47.45", "46.25", "36.5", "48.05"}


CYCLES = st.builds(Cycle, st.integers(1, 28), st.integers(1, 21))


@given(CYCLES, st.integers(1, 8), st.integers(0, 20))
def test_taken_as_planned_every_day_is_covered_whatever_the_schedule(
    cycle: Cycle, times: int, late: int
) -> None:
    whole = cycle.on + cycle.off
    refills = [Refill(on(number * whole), cycle.on) for number in range(times)]
    last = on(times * whole - 1)
    found = adherence(refills, FIRST, last, phases=[Phase(FIRST, cycle)])
    assert (found.days_covered, found.longest_gap, found.days) == (1, 0, times * cycle.on)
    delayed = adherence(refills, FIRST, last + late * ONE_DAY, phases=[Phase(FIRST, cycle)])
    assert delayed.longest_gap == late  # what is missed after the days off is a gap


@given(CYCLES, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=5))
def test_days_off_never_lower_the_days_covered_of_the_days_that_count(
    cycle: Cycle, handed: list[tuple[int, int]]
) -> None:
    refills = [Refill(on(day), days) for day, days in handed]
    planned = adherence(refills, FIRST, on(89), phases=[Phase(FIRST, cycle)])
    daily = adherence(refills, FIRST, on(89))
    assert planned.covered <= daily.covered
    assert planned.days - planned.covered <= daily.days - daily.covered


@pytest.mark.parametrize(
    ("words", "cycle"),
    [
        ("4 weeks on, 2 weeks off, until progression", Cycle(28, 14)),
        ("50 mg daily, 4 weeks on/2 weeks off", Cycle(28, 14)),
        ("days 1 to 21 of 28, until progression", Cycle(21, 7)),
        ("5 days on, 2 days off, on an empty stomach", Cycle(5, 2)),
        ("37.5 mg daily, without a break", Cycle(1, 0)),
        ("400 mg daily", None),
    ],
)
def test_a_schedule_is_read_from_words(words: str, cycle: Cycle | None) -> None:
    assert read_cycle(words) == cycle
