"""Where the schedules of guidelines part: computed, counted, and shown."""

import pytest

from cli.terminal import stromal
from followup.patients import DIFFERENCES, START, STOP, differences, planned
from followup.test_follow_up_plan import CASE
from stromal.plan.schedule.differences import IMAGING, SchedulesCompared, Topic, compare_schedules

ESMO, CHINA = "ESMO-EURACAN-GENTURIS 2022", "China, national scheme as told by clinicians"
ASIA = "Asian consensus 2025"


def compared(*events: str, risk: str = "high", **wish) -> SchedulesCompared:
    return compare_schedules(planned(*events, risk=risk, years=13, as_printed=True, **wish))


def imaging(found: SchedulesCompared) -> Topic:
    return next(topic for topic in found.topics if topic.name == IMAGING)


def held(topic: Topic, name: str) -> dict[str, str]:
    aspect = next(one for one in topic.differences if one.name == name)
    return {who: value for value, several in aspect.held.items() for who in several}


def test_the_differences_of_every_situation_are_as_reviewed() -> None:
    """If a rule was changed on purpose: PYTHONPATH=src:tests python tests/followup/patients.py."""
    assert differences() == DIFFERENCES.read_text("utf-8")


def test_esmo_restarts_the_clock_when_the_drug_stops_and_china_and_asia_do_not() -> None:
    topic = imaging(compared(START, STOP))
    anchors = held(topic, "counted from")
    assert anchors[ESMO] == "surgery, then end of adjuvant drug"
    assert anchors[CHINA] == anchors[ASIA] == "surgery"
    year = held(topic, "interval in year 4")
    assert (year[ESMO], year[CHINA], year[ASIA]) == ("3", "6", "6")


def test_very_low_risk_is_left_alone_by_esmo_and_scanned_every_six_months_by_asia() -> None:
    topic = imaging(compared(risk="very low"))
    first = held(topic, "interval in year 1")
    assert (first[ESMO], first[ASIA]) == ("none advised", "6")
    assert held(topic, "number of looks")[ESMO] == "0"


def test_what_is_not_stated_is_no_difference() -> None:
    topic = imaging(compared(risk="intermediate"))
    unknown = {side.authority for side in topic.sides if not side.known}
    assert ESMO in unknown
    assert not unknown & {who for one in topic.differences for w in one.held.values() for who in w}


def test_pairs_are_counted_once_each() -> None:
    for topic in compared(START, STOP).topics:
        number = sum(side.known for side in topic.sides)
        for aspect in topic.differences:
            sizes = [len(who) for who in aspect.held.values()]
            assert sum(sizes) == number
            same = sum(n * (n - 1) // 2 for n in sizes)
            assert aspect.pairs == number * (number - 1) // 2 - same > 0


def test_scans_that_were_missed_do_not_move_the_comparison() -> None:
    scan = "{id: s, day: 2024-05-20, kind: imaging, modality: CT}"
    one, other = compared(START, STOP), compared(START, STOP, scan)
    assert one == other


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    return path


def test_the_command_shows_the_intervals_of_each_year_and_who_differs(case) -> None:
    ran = stromal("follow-up", case, "--compare", "--guidelines", "ESMO,China", knowledge=None)
    assert ran.code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "differences between pairs of schedules" in text
    assert "(pairs that differ: 1)" in text


def test_the_command_gives_the_comparison_as_json(case) -> None:
    ran = stromal("follow-up", case, "--compare", "--json", knowledge=None)
    topics = {topic["name"]: topic for topic in ran.data["comparison"]["topics"]}
    assert ran.data["comparison"]["differences"] > 0
    assert ESMO in {side["authority"] for side in topics[IMAGING]["sides"]}
