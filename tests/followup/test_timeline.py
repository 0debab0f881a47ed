"""The picture of the schedules: every look in it, every state with a shape of its own."""

import re
from dataclasses import replace
from xml.etree import ElementTree as Tree

import pytest

from cli.terminal import stromal
from followup.patients import START, STOP, planned
from followup.test_follow_up_plan import CASE
from stromal.cli.pages.follow_up_html import follow_up_html
from stromal.cli.pages.follow_up_svg import SHAPES, timeline
from stromal.followup.calendar import State
from stromal.plan.schedule.follow_up import FollowUp

SPACE = "{http://www.w3.org/2000/svg}"
SCANS = [f"{{id: s{n}, day: {day}, kind: imaging, modality: CT}}"
         for n, day in enumerate(("2024-08-20", "2025-01-10", "2025-09-25"))]  # fmt: skip


def seen() -> FollowUp:
    return planned(START, STOP, *SCANS, day="2027-07-20", guidelines=("ESMO", "China"))


def looks(found: FollowUp):
    return [look for s in found.schedules for line in s.lines for look in line.looks]


def test_every_look_stands_in_the_picture_with_its_day_state_and_row() -> None:
    found = seen()
    root = Tree.fromstring(timeline(found))
    told = sorted(title.text for title in root.iter(f"{SPACE}title"))
    assert told == sorted(f"{x.day} {x.state}; {x.rule.row}" for x in looks(found))


def test_each_state_has_a_shape_of_its_own_and_stands_in_the_legend() -> None:
    assert set(SHAPES) == set(State)
    assert len({shape for shape, *_ in SHAPES.values()}) == len(State)
    text = timeline(seen())
    assert all(words in text for *_, words in SHAPES.values())


def test_later_days_stand_further_to_the_right_and_within_the_picture() -> None:
    found = seen()
    root = Tree.fromstring(timeline(found))
    groups = [(group.find(f"{SPACE}title"), group.find(f"{SPACE}circle"))
              for group in root.iter(f"{SPACE}g")]  # fmt: skip
    rings = [(title.text[:10], float(ring.get("cx"))) for title, ring in groups if ring is not None]
    places = [x for _, x in sorted(rings)]
    assert places == sorted(places)
    width = float(root.get("viewBox").split()[2])
    assert all(0 <= x <= width for x in places)


def test_the_anchors_and_today_are_named() -> None:
    text = timeline(seen())
    assert "first visit, surgery" in text
    assert "end of adjuvant drug" in text
    assert "today" in text


def test_without_a_date_there_is_no_picture_and_the_page_says_so() -> None:
    found = planned(risk="very low", guidelines=("ESMO",))
    assert timeline(found) == ""
    assert "No date can be told." in follow_up_html(found, [])


def test_the_page_holds_every_date_with_row_and_source_and_loads_nothing() -> None:
    found = seen()
    page = follow_up_html(found, ["UK: nothing stated"])
    for look in looks(found):
        assert str(look.day) in page
        assert f"{look.rule.document} {look.rule.row}: " in page
    assert not re.search(r"<script|<link|src=|https?://(?!www\.w3\.org/2000/svg)", page)
    assert "UK: nothing stated" in page


def test_what_was_typed_is_shown_as_text_and_never_as_markup() -> None:
    found = planned(guidelines=("ESMO",))
    page = follow_up_html(replace(found, title="<b>Ada & Bea</b>"), [])
    assert "&lt;b&gt;Ada &amp; Bea&lt;/b&gt;" in page


@pytest.mark.parametrize("force", [False, True])
def test_the_command_writes_the_page_and_keeps_an_older_one(tmp_path, force) -> None:
    case, target = tmp_path / "case.yaml", tmp_path / "dates.html"
    case.write_text(CASE, "utf-8")
    target.write_text("older", "utf-8")
    words = ("follow-up", case, "--html", target, *(("--force",) if force else ()))
    ran = stromal(*words, knowledge=None)
    assert ran.code == (0 if force else 1)
    assert target.read_text("utf-8").startswith("<!doctype html>" if force else "older")


def test_the_dose_of_an_examination_without_one_is_called_not_read() -> None:
    page = follow_up_html(seen(), [])
    assert re.search(r"China consensus 2011</td><td>\d+</td><td>not read</td>", page)
