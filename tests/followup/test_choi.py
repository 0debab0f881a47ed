"""Choi criteria, pseudo-progression, PET and growth."""

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.looks import LIVER, nodule, scan, series
from stromal.followup.choi import ChoiSettings, choi, may_be_pseudo_progression
from stromal.followup.growth import Size, growth, volume_change
from stromal.followup.lesions import NewLesion, NonTargets, Series
from stromal.followup.pet import Metabolic, Uptake, eortc_1999, percist
from stromal.followup.recist import Response, Settings, time_points

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE
ONE = LIVER[:1]


def pair(then, now, **more) -> Series:
    return Series(ONE, (scan(0, then, targets=ONE), scan(8, now, targets=ONE, **more)))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((90, 100), PR),  # 10 % smaller
        ((91, 100), SD),
        ((100, 85), PR),  # 15 % less dense
        ((100, 86), SD),
        ((110, 100), PD),  # 10 % larger, as dense
        ((109, 100), SD),
        ((110, 85), PR),  # larger, but less dense: a response, not progression
        ((150, 84), PR),
        ((0, 0), CR),
    ],
)
def test_choi_judges_size_and_density(now, expected) -> None:
    assert choi(pair((100, 100), now), 1).response is expected


@pytest.mark.parametrize(("now", "expected"), [((90, 100), SD), ((100, 85), SD), ((89, 100), PR)])
def test_the_original_abstract_says_more_than(now, expected) -> None:
    assert choi(pair((100, 100), now), 1, ChoiSettings(strict=True)).response is expected


def test_the_modified_criteria_ask_for_both() -> None:
    both = ChoiSettings(both=True)
    assert choi(pair((100, 100), (90, 100)), 1, both).response is SD
    assert choi(pair((100, 100), (90, 85)), 1, both).response is PR


def test_the_mean_density_fall_of_the_first_publication_is_a_response() -> None:
    """choi-2004: density fell by 12.3 HU, 16.5 %, so it began at about 74.5 HU."""
    found = choi(pair((50, 74.5), (50, 62.2)), 1)
    assert found.response is PR
    assert round(float(found.density_change), 1) == -16.5


def test_growth_without_a_density_is_not_judged() -> None:
    found = choi(pair((100, 100), 115), 1)
    assert found.response is NE
    assert "perhaps less dense" in found.notes[0]


def test_a_new_lesion_or_a_nodule_in_a_mass_is_progression_for_choi() -> None:
    fresh = (NewLesion("x", certain=True),)
    assert choi(pair((100, 100), (80, 60), new=fresh), 1).response is PD
    assert choi(pair((100, 100), (80, 60), nodules=(nodule(6),)), 1).response is PD


def test_a_nodule_that_shrinks_is_no_progression() -> None:
    scans = (scan(0, (100, 100), targets=ONE, nodules=(nodule(8),)),
             scan(8, (100, 100), targets=ONE, nodules=(nodule(7),)))  # fmt: skip
    assert choi(Series(ONE, scans), 1).response is SD


@pytest.mark.parametrize("more", [{"rest": NonTargets.PROGRESS}, {"worse": True}])
def test_other_disease_that_gets_worse_is_left_to_the_readers(more) -> None:
    assert choi(pair((100, 100), (80, 60), **more), 1).response is NE


def test_the_reference_of_growth_is_a_setting_and_a_difference_is_noted() -> None:
    scans = [scan(8 * n, (size, 100), targets=ONE) for n, size in enumerate((100, 92, 104))]
    course = Series(ONE, tuple(scans))
    from_baseline = choi(course, 2)
    from_nadir = choi(course, 2, ChoiSettings(growth_from="nadir"))
    assert (from_baseline.response, from_nadir.response) == (SD, PD)
    assert "measured from the nadir" in from_baseline.notes[0]


def test_larger_but_less_dense_is_flagged_where_recist_says_progression() -> None:
    course = pair((50, 70), (62, 40))
    assert time_points(course, Settings(least_stable=42))[0].overall is PD
    suspicion = may_be_pseudo_progression(course, 1)
    assert suspicion is not None
    assert "larger, but less dense" in suspicion.reasons
    assert choi(course, 1).response is PR


def test_new_pale_liver_lesions_at_the_first_scan_are_flagged_later_ones_are_not() -> None:
    pale = (NewLesion("liver 3", certain=True, less_dense=True),)
    first = pair((50, 70), (40, 50), new=pale)
    assert may_be_pseudo_progression(first, 1) is not None
    later = Series(ONE, (*first.scans[:1], scan(4, (45, 60), targets=ONE), first.scans[1]))
    assert may_be_pseudo_progression(later, 2) is None


def test_shrinking_is_not_flagged() -> None:
    assert may_be_pseudo_progression(pair((50, 70), (40, 50)), 1) is None


@given(st.integers(10, 300), st.integers(10, 100), st.integers(1, 300), st.integers(1, 100))
def test_larger_but_less_dense_by_15_per_cent_is_never_choi_progression(a, d, b, e) -> None:
    found = choi(pair((a, d), (b, e)), 1).response
    if 100 * e <= 85 * d:
        assert found is PR
    assert found in (PR, SD, PD)


@pytest.mark.parametrize(
    ("now", "one_cycle", "expected"),
    [
        (8.5, True, "PMR"),
        (8.6, True, "SMD"),
        (7.5, False, "SMD"),  # more than 25 % after more than one cycle
        (7.4, False, "PMR"),
        (12.5, True, "SMD"),
        (12.6, True, "PMD"),
        (0, True, "CMR"),
    ],
)
def test_pet_by_eortc(now, one_cycle, expected) -> None:
    assert eortc_1999(Uptake(10, now), after_one_cycle=one_cycle) == expected


def test_pet_by_eortc_counts_extent_and_new_lesions() -> None:
    assert eortc_1999(Uptake(10, 10, length_change=21), after_one_cycle=True) == "PMD"
    assert eortc_1999(Uptake(10, 10, length_change=20), after_one_cycle=True) == "SMD"
    assert eortc_1999(Uptake(10, 1, new_lesion=True), after_one_cycle=True) == "PMD"


def test_the_mean_fall_of_uptake_in_the_first_publication_is_a_response() -> None:
    """choi-2004: SUV fell by 64.9 %; choi-2007: SUVmax began at 5.8."""
    now = 5.8 * (1 - 0.649)
    assert eortc_1999(Uptake(5.8, now), after_one_cycle=False) == "PMR"
    assert percist(Uptake(5.8, now)) == "PMR"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (10, 7, "PMR"),
        (10, 7.1, "SMD"),
        (2, 1.3, "SMD"),  # 35 %, but less than 0.8
        (10, 13, "SMD"),
        (10, 13.1, "PMD"),
        (2, 2.7, "SMD"),  # 35 %, but less than 0.8
    ],
)
def test_pet_by_percist(before, now, expected) -> None:
    assert percist(Uptake(before, now)) == expected


def test_percist_needs_liver_for_a_complete_response_and_counts_glycolysis() -> None:
    assert percist(Uptake(10, 1.5, background=2)) is Metabolic.CMR
    assert percist(Uptake(10, 1.5)) is Metabolic.PMR
    assert percist(Uptake(10, 10, glycolysis_change=75)) is Metabolic.PMD


def test_pet_without_a_scan_before_treatment_says_nothing() -> None:
    assert eortc_1999(Uptake(None, 3), after_one_cycle=True) is Metabolic.NE
    assert percist(Uptake(None, 3)) is Metabolic.NE


@pytest.mark.parametrize(
    ("diameter", "volume"), [(-30, -65.7), (20, 72.8), (-10, -27.1), (10, 33.1)]
)
def test_volumes_of_spheres(diameter, volume) -> None:
    assert round(volume_change(diameter), 1) == volume


def on(days: int) -> datetime.date:
    return datetime.date(2024, 1, 1) + datetime.timedelta(days=days)


def test_a_diameter_that_grows_by_a_quarter_doubles_the_volume() -> None:
    found = growth([Size(on(0), 20), Size(on(100), 20 * 2 ** (1 / 3))])
    assert found.doubling_days == pytest.approx(100)
    assert found.doubling_interval is None


def test_two_sizes_with_an_error_give_an_interval_that_holds_the_estimate() -> None:
    found = growth([Size(on(0), 20), Size(on(100), 26)], error=1)
    assert found.low < found.rate < found.high
    assert found.surely_grows
    short, long = found.doubling_interval
    assert short < found.doubling_days < long


def test_a_change_within_the_error_may_be_no_growth() -> None:
    found = growth([Size(on(0), 20), Size(on(100), 21)], error=1)
    assert not found.surely_grows
    assert found.doubling_interval[1] is None


def test_three_sizes_give_the_interval_of_the_regression() -> None:
    """Slope, and Student's 12.706 for one degree of freedom, by hand."""
    sizes = [Size(on(0), 20), Size(on(100), 25), Size(on(200), 26)]
    found = growth(sizes)
    logs = [3 * math.log(size.diameter) for size in sizes]
    slope = (logs[2] - logs[0]) / 200
    rest = [y - sum(logs) / 3 - slope * d for y, d in zip(logs, (-100, 0, 100), strict=True)]
    half = 12.7062 * math.sqrt(sum(r * r for r in rest) / 20_000)
    assert found.rate == pytest.approx(slope)
    assert found.high - found.rate == pytest.approx(half, rel=1e-4)


@given(st.floats(1, 100), st.floats(20, 2000), st.lists(st.integers(1, 900), min_size=2,
       max_size=6, unique=True))  # fmt: skip
def test_exact_growth_is_found_again(first, doubling, days) -> None:
    sizes = [Size(on(d), first * 2 ** (d / doubling / 3)) for d in days]
    assert growth(sizes).doubling_days == pytest.approx(doubling, rel=1e-6)


@pytest.mark.parametrize("sizes", [[], [Size(on(0), 20)], [Size(on(0), 20), Size(on(9), 0)]])
def test_growth_needs_two_days_and_sizes(sizes) -> None:
    with pytest.raises(ValueError, match=r"needed|more than 0"):
        growth(sizes)


def test_a_target_less_gives_no_sum() -> None:
    assert choi(series(scan(0, 50, 50), scan(8, 50, None)), 1).response is NE
