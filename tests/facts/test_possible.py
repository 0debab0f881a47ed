"""Sets of possible values obey the laws of sets, with every end open or closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import (
    INFINITY,
    Choices,
    Interval,
    Members,
    Numbers,
    completions,
    format_number,
    intersect,
    union,
)

ENDS = st.sampled_from([-INFINITY, -1.0, 0.0, 2.0, 5.0, 10.0, INFINITY])
ALL = Numbers.between(-INFINITY, INFINITY)
NOTHING = Numbers(())
PROBES = [-2.0, -1.0, -0.5, 0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 11.0]


@st.composite
def numbers(draw: st.DrawFn) -> Numbers:
    found = NOTHING
    for _ in range(draw(st.integers(0, 3))):
        low, high = sorted((draw(ENDS), draw(ENDS)))
        opens = {"low_open": draw(st.booleans()), "high_open": draw(st.booleans())}
        found = found.union(Numbers.between(low, high, **opens))
    return found


def holds(found: Numbers, number: float) -> bool:
    return any(interval.contains(number) for interval in found.intervals)


@given(numbers(), numbers())
def test_a_number_is_in_both_in_either_or_outside_as_the_words_say(a: Numbers, b: Numbers) -> None:
    for probe in PROBES:
        assert holds(a.intersect(b), probe) == (holds(a, probe) and holds(b, probe))
        assert holds(a.union(b), probe) == (holds(a, probe) or holds(b, probe))
        assert holds(a.complement(), probe) != holds(a, probe)


@given(numbers())
def test_the_complement_of_the_complement_is_the_set_itself(a: Numbers) -> None:
    assert a.complement().complement() == a
    assert a.union(a.complement()) == ALL
    assert a.intersect(a.complement()) == NOTHING


@given(numbers(), numbers())
def test_de_morgan(a: Numbers, b: Numbers) -> None:
    assert a.union(b).complement() == a.complement().intersect(b.complement())
    assert a.intersect(b).complement() == a.complement().union(b.complement())


@given(numbers(), numbers(), numbers())
def test_union_and_intersection_do_not_mind_order_and_distribute(
    a: Numbers, b: Numbers, c: Numbers
) -> None:
    assert a.union(b) == b.union(a)
    assert a.intersect(b) == b.intersect(a)
    assert a.union(b).union(c) == a.union(b.union(c))
    assert a.intersect(b.union(c)) == a.intersect(b).union(a.intersect(c))


@given(numbers(), numbers())
def test_an_intersection_is_part_of_both_and_both_of_the_union(a: Numbers, b: Numbers) -> None:
    assert a.intersect(b).is_subset(a)
    assert a.is_subset(a.union(b))
    assert a.is_subset(b) == a.intersect(b.complement()).is_empty()


@given(numbers())
def test_intervals_stand_apart_in_rising_order(a: Numbers) -> None:
    for left, right in zip(a.intervals, a.intervals[1:], strict=False):
        assert left.high <= right.low
        assert left.high < right.low or (left.high_open and right.low_open)


def test_touching_intervals_are_joined_and_a_missing_point_is_kept() -> None:
    low = Numbers.between(0, 5)
    assert low.union(Numbers.between(5, 10, low_open=True)) == Numbers.between(0, 10)
    without_5 = Numbers.between(0, 5, high_open=True).union(Numbers.between(5, 10, low_open=True))
    assert str(without_5) == "[0..5) or (5..10]"


FINDINGS = ["a", "b", "c"]


@st.composite
def members(draw: st.DrawFn) -> Members:
    states = draw(st.lists(st.sampled_from(["yes", "no", "open"]), min_size=3, max_size=3))
    pairs = list(zip(FINDINGS, states, strict=True))
    return Members(
        frozenset(name for name, state in pairs if state == "yes"),
        frozenset(name for name, state in pairs if state != "no"),
    )


@given(members(), members())
def test_findings_are_intersected_completion_by_completion(a: Members, b: Members) -> None:
    both = set(completions(a)) & set(completions(b))
    common = a.intersect(b)
    assert (set() if common.is_empty() else set(completions(common))) == both
    assert set(completions(a)) | set(completions(b)) <= set(completions(a.union(b)))
    assert a.is_subset(b) == (set(completions(a)) <= set(completions(b)))
    assert a.is_single() == (len(set(completions(a))) == 1)


@given(st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_choices_are_sets_of_words(a: frozenset[str], b: frozenset[str]) -> None:
    assert Choices(a).intersect(Choices(b)).values == a & b
    assert Choices(a).union(Choices(b)).values == a | b
    assert Choices(a).is_subset(Choices(b)) == (a <= b)


def test_sets_of_different_shapes_are_not_compared() -> None:
    with pytest.raises(TypeError, match="cannot compare Choices with Numbers"):
        intersect(Choices.of("a"), Numbers.exactly(1))
    with pytest.raises(TypeError, match="cannot compare"):
        union(Members.exactly([]), Numbers.exactly(1))


def test_numbers_are_written_as_they_are() -> None:
    assert [format_number(n) for n in (2.0, 2.5, 0.1, INFINITY, 1e21)] == [
        "2", "2.5", "0.1", "inf", "1000000000000000000000",
    ]  # fmt: skip
    assert str(Interval(5, 5)) == "5"
    assert str(NOTHING) == "nothing"
