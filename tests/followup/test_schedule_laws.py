"""Laws of every printed schedule, whatever the day of the operation and of the drug's end."""

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stromal.followup.calendar import Line, Phase, Request, Rule, State, line, phases
from stromal.followup.months import Step, add_months, read_interval, read_step
from stromal.library import load

ROOMS = ("followup",)
MONTH_ENDS = datetime.timedelta(days=3)
"""Months have 28 to 31 days, so a gap of months may be so many days longer or shorter."""


def _rules() -> list[list[Rule]]:
    """The rules of each line that documents print: one authority, test and patient."""
    lines: dict[tuple[str, ...], list[Rule]] = {}
    for table in load(rooms=ROOMS).tables:
        for row in table.rows if table.role == "schedule" else ():
            out = row.outputs
            rule = Rule(
                table.id, row.id, out["authority"], out["test"], read_interval(out["every_months"]),
                out["every_months"], read_step(out["from_month"]), out["until_month"],
                out["anchor"],
            )  # fmt: skip
            patient = [str(cell) for cell in row.cells]
            lines.setdefault((rule.authority, rule.test, rule.anchor, *patient), []).append(rule)
    return [several for several in lines.values() if any(rule.interval for rule in several)]


PRINTED = _rules()
DAYS = st.dates(datetime.date(1996, 1, 1), datetime.date(2095, 12, 31)) | st.sampled_from(
    [datetime.date(year, month, day) for year in (2023, 2024) for month, day in
     ((1, 31), (2, 28), (3, 1), (8, 31), (12, 31))] + [datetime.date(2024, 2, 29)]
)  # fmt: skip
LINES = st.sampled_from(PRINTED)
GRACE = {"grace": 14, "share": 4}


def _stages(rules: list[Rule], anchor: datetime.date) -> tuple[Phase, ...]:
    """All phases of a line; an end counted from the operation counts from the same day."""
    anchors = {rule.anchor: anchor for rule in rules} | {"surgery": anchor}
    return phases(rules, anchors, {})


def _looks(rules: list[Rule], anchor: datetime.date, **more) -> Line:
    return line(_stages(rules, anchor), Request(add_months(anchor, 150), **{**GRACE, **more}))


@given(LINES, DAYS, st.booleans())
def test_no_gap_is_longer_than_the_interval_that_is_printed_for_its_time(rules, anchor, longest):
    stages = _stages(rules, anchor)
    found = _looks(rules, anchor, longest=longest).looks
    days = [stages[0].start, *(look.planned for look in found)]
    for before, after in pairwise(days):
        in_force = [p.rule.interval for p in stages
                    if p.start < after and (p.end is None or before < p.end)]  # fmt: skip
        most = max(one.longest.after(before) for one in in_force if one)
        assert before < after <= most + MONTH_ENDS


@given(LINES, DAYS, st.booleans())
def test_no_look_lies_before_its_anchor_or_after_the_end_of_its_schedule(rules, anchor, longest):
    stages = _stages(rules, anchor)
    for look in _looks(rules, anchor, longest=longest).looks:
        assert anchor < look.planned
        assert look.earliest <= look.planned <= look.latest
        assert stages[-1].end is None or look.planned <= stages[-1].end + MONTH_ENDS


@given(LINES, DAYS, st.booleans(), st.integers(0, 40))
def test_a_plan_of_a_plan_is_the_same_plan(rules, anchor, longest, number):
    """Every look done on its day leaves the dates of all others as they were."""
    plan = _looks(rules, anchor, longest=longest).looks
    done = [look.planned for look in plan[:number]]
    today = done[-1] if done else None
    again = _looks(rules, anchor, longest=longest, done=done, today=today).looks
    assert [look.planned for look in again] == [look.planned for look in plan]
    assert [look.rule for look in again] == [look.rule for look in plan]
    assert {look.state for look in again[: len(done)]} <= {State.DONE}
    assert not {State.OVERDUE, State.MISSED} & {look.state for look in again}


@given(LINES, DAYS, st.integers(1, 12))
def test_the_looks_that_were_done_do_not_hang_on_those_to_come(rules, anchor, number):
    """What is planned at a day is planned the same when the rest is looked at from further on."""
    whole = _looks(rules, anchor).looks
    part = line(_stages(rules, anchor), Request(add_months(anchor, 12 * number), **GRACE)).looks
    assert part == whole[: len(part)]


@given(LINES, DAYS, st.integers(0, 8), st.integers(-14, 14).filter(bool))
def test_a_look_that_is_moved_moves_what_hangs_on_it(rules, anchor, number, shift):
    """The next look is one interval after the moved one, as far as no phase ends in between."""
    plan = _looks(rules, anchor).looks
    if number + 2 >= len(plan) or len({look.rule for look in plan[number : number + 3]}) > 1:
        return
    moved_to = plan[number].planned + datetime.timedelta(shift)
    last = plan[number - 1].planned if number else _stages(rules, anchor)[0].start
    shortest = plan[number].rule.interval.shortest.after(last) - last
    if moved_to <= last or abs(shift) > shortest.days // 4:  # so late, it is another look
        return
    done = [*(look.planned for look in plan[:number]), moved_to]
    again = _looks(rules, anchor, done=done, today=moved_to).looks
    assert again[number].done == moved_to
    assert again[number + 1].planned == plan[number].rule.interval.longest.after(moved_to)
    assert [look.number for look in again[: number + 2]] == list(range(1, number + 3))


def test_the_last_look_of_a_schedule_is_not_lost_because_the_one_before_was_some_days_late():
    china = next(rules for rules in PRINTED if rules[0].row == "CHF-4")
    anchor = datetime.date(2023, 1, 31)
    plan = _looks(china, anchor).looks
    late = plan[8].planned + datetime.timedelta(10)
    again = _looks(china, anchor, done=[*(x.planned for x in plan[:8]), late], today=late).looks
    assert [str(look.planned) for look in again[9:]] == ["2028-01-31"]


def test_a_schedule_that_counts_from_the_29th_of_february_keeps_to_the_month_end():
    leap = datetime.date(2024, 2, 29)
    china = next(rules for rules in PRINTED if rules[0].row == "CHF-1")
    days = [str(look.planned) for look in _looks(china, leap).looks]
    assert days[11:17] == [
        "2027-02-28", "2027-08-29", "2028-02-29", "2028-08-29", "2029-02-28", "2030-02-28",
    ]  # fmt: skip
    assert Step(48).after(leap) == datetime.date(2028, 2, 29)
