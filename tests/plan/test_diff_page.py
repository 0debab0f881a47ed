"""What changed between two days fits a page: decisions, options, dates, and the facts behind."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from stromal.cli.pages.diff_page import MOST_LINES, Compared, brief_lines, compared, whole_lines
from stromal.cli.pages.page import Page
from stromal.facts.record import read_record
from stromal.library import Library
from stromal.plan.make import make_plan
from stromal.plan.schedule.date_changes import DateChange, date_changes
from stromal.plan.schedule.follow_up import Wish, follow_up

CASES = Path(__file__).resolve().parents[2] / "cases" / "long"
PAGE = Page(80)
DAYS = (datetime.date(2010, 1, 1), datetime.date(2024, 4, 1), datetime.date(2025, 2, 1))


def between(library: Library, start: datetime.date, end: datetime.date) -> Compared:
    record = read_record((CASES / "four-lines-ripretinib-61m.yaml").read_bytes())
    before, after = (make_plan(library, record, day) for day in (start, end))
    then, now = (follow_up(library, record, day, Wish()) for day in (start, end))
    return compared(before, after, date_changes(then, now, start, end))


@pytest.fixture(scope="module")
def one(library: Library) -> Compared:
    return between(library, DAYS[1], DAYS[2])


def test_a_change_of_a_whole_course_is_read_to_its_end(library: Library) -> None:
    assert len(list(brief_lines(PAGE, between(library, DAYS[0], DAYS[2])))) <= MOST_LINES


def test_what_stands_otherwise_comes_before_why(one: Compared) -> None:
    text = "\n".join(brief_lines(PAGE, one))
    heads = [text.index(title) for title in ("Options", "Guards", "Next dates", "Because of")]
    assert heads == sorted(heads)
    assert "progression (growth on\n        ripretinib)" in text or "(growth on ripretinib)" in text


def test_what_all_advise_against_is_not_told_as_possible(one: Compared) -> None:
    text = " ".join("\n".join(brief_lines(PAGE, one)).split())
    possible = text.partition("can be done now: ")[2].partition("is advised against")[0]
    assert "combination of inhibitors outside a trial" not in possible
    assert "is advised against now: resection in general progression" in text


def test_all_names_every_change_and_every_cause(one: Compared) -> None:
    text = " ".join(" ".join(whole_lines(PAGE, one)).split())
    options = [change for change in one.found.changes if change.what == "option"]
    assert all(change.name in text for change in options)
    assert all(cause.before in text for cause in one.found.causes)
    assert "--all" not in text
    assert "--all" in " ".join(brief_lines(PAGE, one))


def test_a_date_that_moved_is_told_once_for_those_who_agree(one: Compared) -> None:
    keys = [(change.test, change.before, change.after) for change in one.dates]
    assert len(keys) == len(set(keys))
    assert all(change.before != change.after for change in one.dates)
    assert any(len(change.authorities) > 1 for change in one.dates)


def test_no_date_moves_between_a_day_and_itself(library: Library) -> None:
    same = between(library, DAYS[2], DAYS[2])
    assert same.dates == ()
    assert list(brief_lines(PAGE, same)) == ["Nothing changed."]


def test_a_date_that_fell_away_is_said_so(one: Compared) -> None:
    gone = DateChange("CT", "2024-06-01", "-", ("ESMO",))
    lines = brief_lines(PAGE, Compared(one.found, (gone,), {}))
    assert "CT: 2024-06-01 -> no date (ESMO)" in "\n".join(lines)
