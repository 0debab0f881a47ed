"""From typed scans to a series: names, kinds, what is silent, what may only be softening."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.imaging import read_imaging
from stromal.followup.doubt import doubt, growing
from stromal.followup.lesions import NonTargets, Seen
from stromal.followup.recist import Settings, time_points
from stromal.followup.scans import BuiltSeries, TypedScan, build_series

START = datetime.date(2024, 1, 1)
SETTINGS = Settings(least_stable=42)
BASE = ("liver 7, liver, 50 mm, 70", "omentum, peritoneum, 40 mm, 72")


def lesion(text: str) -> dict[str, object]:
    """'name, organ, size, density' or 'name, key=value, ...'."""
    name, *rest = (part.strip() for part in text.split(","))
    if any("=" in part for part in rest):
        return {"name": name} | dict(part.split("=") for part in rest)
    keys = dict(zip(("organ", "size", "density"), rest, strict=False))
    return (
        {"name": name} | keys | ({"density": f"{keys['density']} HU"} if "density" in keys else {})
    )


def scan(weeks: int, *lesions: str, **keys: object) -> TypedScan:
    typed = {"modality": "CT", "phase": "portal venous", "new_lesions": "none"} | keys
    typed = {key: value for key, value in typed.items() if value is not None}
    report, problems = read_imaging({**typed, "lesions": [lesion(one) for one in lesions]})
    assert not problems, problems
    return TypedScan(START + datetime.timedelta(weeks=weeks), f"week {weeks}", report)


def built(*scans: TypedScan) -> BuiltSeries:
    return build_series(scans)


def said(series: BuiltSeries) -> list[str]:
    return [f"{p.place}: {p.what}" for p in series.problems]


def test_measured_lesions_of_the_baseline_are_the_targets() -> None:
    found = built(scan(0, *BASE, "seeds, organ=peritoneum, kind=non-target"), scan(8, *BASE))
    assert [target.name for target in found.series.targets] == ["liver 7", "omentum"]
    assert not said(found)
    assert found.series.sum(found.series.baseline) == 90


def test_what_a_scan_does_not_name_was_not_evaluated() -> None:
    found = built(scan(0, *BASE, "seeds, organ=peritoneum, kind=non-target"), scan(8, BASE[0]))
    assert found.series.scans[1].size_of("omentum") is None
    assert found.series.scans[1].non_targets is NonTargets.NOT_EVALUATED
    assert found.notes[1] == (
        "not listed, so not evaluated: omentum",
        "the non-targets are not spoken of, so not evaluated: add 'non_targets: persist'",
    )


def test_a_name_that_nobody_gave_before_is_no_new_lesion_by_guess() -> None:
    found = built(scan(0, *BASE), scan(8, *BASE, "liver 8, size=9 mm"))
    assert said(found) == ["week 8: 'liver 8' is no lesion of the baseline (2024-01-01)"]


def test_a_scan_that_is_silent_on_new_lesions_says_so() -> None:
    found = built(scan(0, *BASE), scan(8, *BASE, new_lesions=None))
    assert found.new_stated == (True, False)
    assert "new lesions are not spoken of" in found.notes[1][0]


def test_a_new_lesion_stays_new_on_a_later_scan_that_does_not_name_it() -> None:
    new = "pelvis, kind=new, organ=peritoneum, size=12 mm, certain=yes"
    found = built(scan(0, *BASE), scan(8, *BASE, new, new_lesions=None), scan(16, *BASE))
    assert [point.overall for point in time_points(found.series, SETTINGS)] == ["PD", "PD"]
    gone = built(scan(0, *BASE), scan(8, *BASE, new, new_lesions=None),
                 scan(16, *BASE, "pelvis, seen=gone", new_lesions=None))  # fmt: skip
    assert not gone.series.scans[2].new_lesions


def test_what_was_new_for_an_earlier_drug_is_no_target_of_the_next() -> None:
    new = "pelvis, kind=new, organ=peritoneum, size=12 mm, certain=yes"
    found = built(scan(0, *BASE, new, new_lesions=None), scan(8, *BASE, "pelvis, size=12 mm"))
    assert [target.name for target in found.series.targets] == ["liver 7", "omentum"]
    assert found.series.scans[1].non_targets is NonTargets.PERSIST
    assert any("followed as non-target from here: pelvis" in note for note in found.notes[0])


@pytest.mark.parametrize(
    ("words", "seen", "size"),
    [
        ("seen=gone", Seen.GONE, 0),
        ("size=0 mm", Seen.GONE, 0),
        ("seen=too small to measure", Seen.TOO_SMALL, 5),
        ("seen=too small to measure, size=4 mm", Seen.MEASURED, 4),
        ("seen=merged", Seen.MERGED, 0),
        ("seen=not evaluated", Seen.NOT_EVALUATED, None),
    ],
)
def test_a_target_without_a_size_counts_as_its_word_says(words, seen, size) -> None:
    found = built(scan(0, *BASE), scan(8, BASE[0], f"omentum, {words}"))
    assert found.series.scans[1].looks[1].seen is seen
    assert found.series.scans[1].size_of("omentum") == size


def test_two_phases_do_not_compare_in_density() -> None:
    found = built(scan(0, *BASE), scan(8, *BASE, phase="arterial"))
    assert all(look.density is None for look in found.series.scans[1].looks)
    assert "phase arterial against portal venous: the densities" in " ".join(found.notes[1])


@pytest.mark.parametrize(
    ("first", "then", "what"),
    [
        ([*BASE, "liver 8, liver, 9 mm"], BASE, "9 mm at baseline, less than 10 mm"),
        ([*BASE, *(f"liver {n}, liver, 20 mm" for n in (1, 2))], BASE, "3 targets in liver"),
        ([*BASE, "spleen, size=20 mm"], BASE, "spleen: no organ"),
        (BASE, [*BASE, "knot, kind=nodule, size=9 mm"], "a nodule without its mass"),
        (BASE, [*BASE, "knot, inside=mass, size=9 mm"], "which is no lesion"),
        (BASE, [*BASE, "liver 3, kind=new, organ=liver, certain=yes"], "its density not told"),
        (BASE, ["liver 7, kind=non-target, size=20 mm"], "non-target here, but target before"),
    ],
)
def test_what_does_not_hold_together_is_a_problem(first, then, what) -> None:
    found = built(scan(0, *first), scan(8, *then, new_lesions=None))
    assert any(what in one for one in said(found)), said(found)


def test_what_only_the_modification_forbids_is_kept_apart() -> None:
    found = built(scan(0, *BASE, "node, lymph node, 20 mm"), scan(8, *BASE))
    assert not found.problems
    assert "lymph node as a target" in found.gist_problems[0].what


def test_thick_slices_double_what_can_be_measured() -> None:
    thick = scan(0, "liver 7, liver, 14 mm", slice_thickness="8 mm")
    assert any(
        "less than 16 mm" in one for one in said(built(thick, scan(8, "liver 7, size=14 mm")))
    )


SOFT = ("liver 7, size=62 mm, density=45 HU", "omentum, size=50 mm, density=44 HU")


def test_larger_but_less_dense_is_suspected() -> None:
    found = doubt(built(scan(0, *BASE), scan(8, *SOFT)).series, 1)
    assert found.possible == {"suspected"}
    assert found.reasons == (
        "liver 7 is larger, but less dense",
        "omentum is larger, but less dense",
    )


def test_a_lesion_that_grows_as_dense_as_before_is_not_excused_by_softer_ones() -> None:
    dense = "liver 7, size=90 mm, density=71 HU"
    series = built(scan(0, *BASE), scan(8, dense, "omentum, size=38 mm, density=30 HU")).series
    assert growing(series, 1).targets == ("liver 7",)
    assert doubt(series, 1).possible == {"no"}


def test_a_density_that_nobody_read_leaves_the_doubt_open() -> None:
    series = built(scan(0, *BASE), scan(8, "liver 7, size=62 mm", "omentum, size=50 mm")).series
    assert doubt(series, 1).possible == {"no", "suspected"}


def test_growth_from_the_nadir_below_the_first_size_is_no_softening() -> None:
    small, grown = ("liver 7, size=20 mm", "omentum, size=20 mm"), ("liver 7, size=40 mm",)
    series = built(scan(0, *BASE), scan(8, *small), scan(16, *grown, small[1])).series
    assert growing(series, 2).targets == ("liver 7",)
    assert doubt(series, 2).possible == {"no"}


def test_a_pale_lesion_of_the_first_scan_stays_in_doubt_later_and_one_of_the_second_is_none() -> (
    None
):
    pale = "liver 3, kind=new, organ=liver, size=12 mm, certain=yes, less_dense=yes"
    early = built(scan(0, *BASE), scan(8, *BASE, pale, new_lesions=None), scan(16, *BASE))
    late = built(scan(0, *BASE), scan(8, *BASE), scan(16, *BASE, pale, new_lesions=None))
    assert [doubt(one.series, 2).possible for one in (early, late)] == [{"suspected"}, {"no"}]


def test_a_nodule_grows_if_it_came_after_the_baseline_or_is_larger_than_it_was() -> None:
    knot = "knot, inside=liver 7, size={} mm"
    came = built(scan(0, *BASE), scan(8, *BASE, knot.format(8)), scan(16, *BASE, knot.format(8)))
    there = built(scan(0, *BASE, knot.format(8)), scan(8, *BASE, knot.format(8)),
                  scan(16, *BASE, knot.format(9)))  # fmt: skip
    assert [growing(came.series, n).nodules for n in (1, 2)] == [("knot",), ("knot",)]
    assert [growing(there.series, n).nodules for n in (1, 2)] == [(), ("knot",)]


sizes = st.lists(st.integers(15, 120), min_size=2, max_size=2)


@given(sizes, sizes, st.permutations([0, 1]))
def test_the_order_of_lesions_does_not_matter(first, then, order) -> None:
    def series(places: list[int]) -> BuiltSeries:
        organs = ("liver", "peritoneum")
        return built(*(
            scan(8 * n, *(f"l{p}, {organs[p]}, {mm[p]} mm, {60 + n * p}" for p in places))
            for n, mm in enumerate((first, then))
        ))  # fmt: skip

    straight, turned = series([0, 1]), series(list(order))
    assert time_points(straight.series, SETTINGS) == time_points(turned.series, SETTINGS)
    assert doubt(straight.series, 1).possible == doubt(turned.series, 1).possible


@given(sizes, sizes, st.integers(1, 4))
def test_scaling_all_sizes_leaves_the_percentages(first, then, factor) -> None:
    def changes(by: int) -> list[Fraction | None]:
        organs = ("liver", "peritoneum")
        scans = [
            scan(8 * n, *(f"l{p}, {organs[p]}, {mm[p] * by} mm" for p in (0, 1)))
            for n, mm in enumerate((first, then))
        ]
        return [point.from_baseline for point in time_points(built(*scans).series, SETTINGS)]

    assert changes(1) == changes(factor)
