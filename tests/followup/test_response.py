"""Best response, time to progression, pattern: also against an independent implementation."""

import datetime

import pytest

from followup.looks import LIVER, day, scan, series, sums
from stromal.followup.lesions import NewLesion
from stromal.followup.recist import Response, Settings, TimePoint, time_points
from stromal.followup.response import (
    best_response,
    day_of_progression,
    days_to_progression,
    pattern,
)

# Courses and answers of the tests of pharmaverse/admiralonco (tests/testthat/
# test-derive_param_confirmed_bor.R, commit 14bfe089, and test-derive_param_bor.R, commit 0b2e13a2,
# Apache-2.0), read on 24 November 2026. Per patient: start, the course, then the best response with
# confirmation after 28 days (one NE and no SD allowed between), after 14 days (no NE and one SD
# allowed), and without confirmation.
ADMIRALONCO = [
    ("20-01-01", "20-01-01 PR 20-02-01 CR 20-02-16 NE 20-03-01 CR 20-04-01 SD",
     "CR 20-02-01", "PR 20-01-01", "CR 20-02-01"),
    ("19-12-12", "20-01-01 SD 20-02-01 PR 20-03-01 SD 20-03-13 CR",
     "SD 20-02-01", "PR 20-02-01", "CR 20-03-13"),
    ("19-11-11", "19-11-12 CR 19-12-02 CR 20-01-01 SD",
     "SD 20-01-01", "CR 19-11-12", "CR 19-11-12"),
    ("19-12-30", "20-01-01 PR 20-03-01 SD 20-04-01 SD 20-05-01 PR 20-05-15 NON",
     "SD 20-03-01", "SD 20-03-01", "PR 20-01-01"),
    ("20-01-01", "20-01-01 PR 20-01-10 SD 20-01-20 PR 20-05-15 NON",
     "NON 20-05-15", "PR 20-01-01", "PR 20-01-01"),
    ("20-02-02", "20-02-06 PR 20-02-16 CR 20-03-30 PR",
     "SD 20-03-30", "SD 20-03-30", "CR 20-02-16"),
    ("20-02-02", "20-02-06 PR 20-02-16 CR 20-04-01 NE", "NE 20-02-06", None, "CR 20-02-16"),
    ("20-02-01", "20-02-16 PD 20-03-06 SD", "PD 20-02-16", "PD 20-02-16", None),
]  # fmt: skip
CODES = {"NON": Response.NON_CR_NON_PD} | {one.value: one for one in Response}
UNCONFIRMED = Settings(least_stable=28)
STRICT = Settings(least_stable=28, confirm_after=28)
LOOSE = Settings(least_stable=28, confirm_after=14, most_not_evaluable=0, accept_stable=True)


def on(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"20{text}")


def point(when: datetime.date, response: Response) -> TimePoint:
    return TimePoint(when, None, None, None, response, None, False, response)


@pytest.mark.parametrize(("start", "course", "strict", "loose", "plain"), ADMIRALONCO)
def test_best_response_agrees_with_admiralonco(start, course, strict, loose, plain) -> None:
    words = course.split()
    points = [point(on(w), CODES[c]) for w, c in zip(words[::2], words[1::2], strict=True)]
    for settings, answer in ((STRICT, strict), (LOOSE, loose), (UNCONFIRMED, plain)):
        if answer is None:
            continue
        best = best_response(points, on(start), settings)
        response, when = answer.split()
        assert best.response is CODES[response]
        assert best.day == on(when)


def best(*sizes: float, **settings) -> tuple[str, bool | None]:
    chosen = Settings(**({"least_stable": 42} | settings))
    found = best_response(time_points(sums(*sizes), chosen), day(0), chosen)
    return str(found.response), found.confirmed


@pytest.mark.parametrize(
    ("sizes", "settings", "expected"),
    [
        ((100, 60, 60), {}, ("PR", None)),
        ((100, 60, 0), {}, ("CR", None)),  # CR after PR is kept
        ((100, 60, 60), {"confirm_after": 28}, ("PR", True)),
        ((100, 60), {"confirm_after": 28}, ("SD", False)),
        ((100, 60, 80), {"confirm_after": 28}, ("SD", False)),
        ((100, 60, 80, 60), {"confirm_after": 28}, ("SD", False)),
        ((100, 150, 60), {}, ("PD", None)),  # nothing after progression counts
        ((100, 90), {}, ("SD", None)),
        ((100, 90), {"least_stable": 57}, ("NE", None)),  # too soon to be called stable
        ((100, 90), {"least_stable": 56}, ("SD", None)),
    ],
)
def test_the_best_response_of_a_course(sizes, settings, expected) -> None:
    assert best(*sizes, **settings) == expected


def test_a_stable_look_between_may_be_allowed_before_confirmation() -> None:
    settings = {"confirm_after": 28, "accept_stable": True, "keep_partial_response": False}
    assert best(100, 70, 71, 70, **settings) == ("PR", True)


def test_time_to_progression_dates_back_to_the_first_sight_of_a_new_lesion() -> None:
    maybe, sure = (NewLesion("x", certain=certain) for certain in (False, True))
    course = series(scan(0, 50, 50), scan(8, 50, 50, new=(maybe,)), scan(16, 50, 50, new=(sure,)))
    points = time_points(course, Settings(least_stable=42))
    assert day_of_progression(points) == day(8)
    assert days_to_progression(points, day(0)) == (56, True)


def test_without_progression_the_time_ends_at_the_last_look_that_said_something() -> None:
    course = series(scan(0, 50, 50), scan(8, 50, 50), scan(16, 50, None))
    points = time_points(course, Settings(least_stable=42))
    assert days_to_progression(points, day(0)) == (56, False)


@pytest.mark.parametrize(
    ("sizes", "name"),
    [((50, 50), "none"), ((60, 50), "mixed"), ((60, 60), "general"), ((60, None), "mixed")],
)
def test_the_pattern_says_which_lesions_grow_and_does_not_call_a_mixed_one_focal(
    sizes, name
) -> None:
    course = series(scan(0, 50, 50), scan(8, *sizes))
    found = pattern(course, course.scans[-1])
    assert found.name == name
    assert len(found.growing) + len(found.controlled) + len(found.not_evaluated) == len(LIVER)
