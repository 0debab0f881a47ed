"""From rules to dates: published counts, moved looks, restarts, leap days, calendar files."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.followup.calendar import Line, Phase, Request, Rule, State, line, phases
from stromal.followup.months import Interval, Step, add_months, read_interval, read_step
from stromal.library import load

SURGERY = datetime.date(2020, 3, 31)
TABLES = {table.id: table for table in load(rooms=("followup",)).tables}
STOP = add_months(SURGERY, 36)
ANCHORS = {"surgery": SURGERY, "end of adjuvant drug": STOP}


def rules(document: str, *rows: str) -> list[Rule]:
    table = TABLES[f"followup/{document}"]
    found = []
    for row in table.rows:
        if row.id in rows:
            out = row.outputs
            found.append(
                Rule(table.id, row.id, out["authority"], out["test"],
                     read_interval(out["every_months"]), out["every_months"],
                     read_step(out["from_month"]), out["until_month"], out["anchor"])
            )  # fmt: skip
    return found


def looks(document: str, *rows: str, years: int = 10, longest: bool = True, **more) -> Line:
    spans = dict.fromkeys(("ESM-1", "UKF-1", "ALF-1", "ALF-2", "JOF-3"), (SURGERY, STOP))
    stages = phases(rules(document, *rows), ANCHORS, spans)
    until = add_months(SURGERY, 12 * years)
    return line(stages, Request(until=until, longest=longest, **{"grace": 14, **more}))


@pytest.mark.parametrize(
    ("document", "rows", "longest", "to_10", "to_13"),
    [
        ("after-resection-esmo", "ESM-1 ESM-2 ESM-3 ESM-4", False, 28, 31),
        ("after-resection-esmo", "ESM-1 ESM-2 ESM-3 ESM-4", True, 22, 25),
        ("after-resection-nccn", "NCC-3 NCC-4 NCC-5", False, 25, 28),
        ("after-resection-japan", "JPF-1 JPF-2 JPF-3", False, 18, 18),
        ("after-resection-others", "ASF-1 ASF-2 ASF-3", False, 21, None),
        ("after-resection-others", "ASF-1 ASF-2 ASF-3", True, 18, None),
        ("after-resection-china", "CHF-1 CHF-2 CHF-3", True, 21, None),
        ("after-resection-others", "ALF-1 ALF-2 ALF-4", True, 22, None),
    ],
)
def test_the_number_of_scans_is_that_of_the_published_comparison(
    document, rows, longest, to_10, to_13
) -> None:
    """High risk, three years of adjuvant imatinib, counted to 10 and 13 years from surgery."""
    assert len(looks(document, *rows.split(), longest=longest).looks) == to_10
    if to_13:
        assert len(looks(document, *rows.split(), longest=longest, years=13).looks) == to_13


def test_after_the_drug_stops_the_clock_restarts_for_esmo_and_not_for_china() -> None:
    def between(found: Line) -> int:
        return sum(STOP < look.day <= add_months(STOP, 24) for look in found.looks)

    esmo = looks("after-resection-esmo", "ESM-1", "ESM-2", "ESM-3", "ESM-4")
    china = looks("after-resection-china", "CHF-1", "CHF-2", "CHF-3")
    assert (between(esmo), between(china)) == (8, 4)


def test_low_risk_over_five_years_is_5_to_10_scans_by_esmo() -> None:
    counts = [
        len(looks("after-resection-esmo", "ESM-5", longest=one).looks) for one in (True, False)
    ]
    assert counts == [5, 10]


def test_month_ends_and_leap_days_do_not_drift() -> None:
    found = looks("after-resection-china", "CHF-1")
    days = [look.planned for look in found.looks[:4]]
    assert [str(day) for day in days] == ["2020-06-30", "2020-09-30", "2020-12-31", "2021-03-31"]
    assert add_months(datetime.date(2024, 2, 29), 12) == datetime.date(2025, 2, 28)
    assert add_months(datetime.date(2024, 2, 29), 48) == datetime.date(2028, 2, 29)


def test_a_late_scan_moves_what_hangs_on_it() -> None:
    late = datetime.date(2020, 8, 20)
    found = looks("after-resection-china", "CHF-1", done=(late,), today=datetime.date(2020, 9, 1))
    first, second = found.looks[:2]
    assert (first.state, first.done) == (State.LATE, late)
    assert second.planned == datetime.date(2020, 11, 20)


def test_an_early_scan_is_named_and_counts() -> None:
    early = datetime.date(2020, 5, 1)
    found = looks("after-resection-china", "CHF-1", done=(early,), today=datetime.date(2020, 5, 2))
    assert found.looks[0].state is State.EARLY
    assert found.looks[1].planned == datetime.date(2020, 8, 1)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2020-06-01", State.PLANNED),
        ("2020-06-16", State.DUE),  # two weeks before
        ("2020-07-14", State.DUE),
        ("2020-07-15", State.OVERDUE),
    ],
)
def test_a_look_becomes_due_and_then_overdue(today, state) -> None:
    found = looks("after-resection-china", "CHF-1", today=datetime.date.fromisoformat(today))
    assert found.looks[0].state is state


def test_after_an_overdue_look_the_rest_is_counted_from_today() -> None:
    today = datetime.date(2020, 12, 1)
    found = looks("after-resection-china", "CHF-1", today=today)
    assert [look.state for look in found.looks[:2]] == [State.OVERDUE, State.PLANNED]
    assert found.looks[1].planned == datetime.date(2021, 3, 1)


def test_a_scan_of_tomorrow_is_not_done_yet() -> None:
    today = datetime.date(2020, 6, 20)
    found = looks("after-resection-china", "CHF-1", today=today, done=(datetime.date(2020, 6, 21),))
    assert found.looks[0].done is None


def test_a_drug_that_stops_early_starts_the_denser_scheme_at_once() -> None:
    stop = add_months(SURGERY, 7)
    spans = {"ESM-1": (SURGERY, stop)}
    anchors = {"surgery": SURGERY, "end of adjuvant drug": stop}
    stages = phases(rules("after-resection-esmo", "ESM-1", "ESM-2"), anchors, spans)
    days = [look.planned for look in line(stages, Request(add_months(stop, 6))).looks]
    assert days[0] == add_months(SURGERY, 6)
    assert days[1] <= add_months(stop, 3)


def test_without_its_anchor_a_rule_gives_no_date() -> None:
    assert phases(rules("after-resection-esmo", "ESM-2"), {"surgery": SURGERY}, {}) == ()


def test_a_rule_that_states_no_interval_gives_no_date() -> None:
    assert phases(rules("after-resection-esmo", "ESM-6", "ESM-7"), ANCHORS, {}) == ()


def test_an_end_may_be_counted_from_another_anchor() -> None:
    found = looks("after-resection-others", "JOF-5", years=15)
    assert found.looks[-1].planned <= add_months(SURGERY, 120)


def test_silence_between_two_phases_is_said() -> None:
    china = rules("after-resection-china", "CHF-1", "CHF-3")
    found = line(phases(china, ANCHORS, {}), Request(add_months(SURGERY, 100)))
    assert "nothing is stated from 2023-03-31 to 2025-03-31" in found.notes


DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1))


@given(DAYS, st.integers(1, 24), st.integers(0, 24), st.integers(6, 120), st.booleans())
def test_no_gap_exceeds_the_stated_interval_and_no_look_lies_before_its_anchor(
    anchor, shortest, wider, length, longest
) -> None:
    interval = Interval(Step(shortest), Step(shortest + wider))
    rule = Rule("d", "r", "a", "t", interval, "", Step(), str(length), "surgery")
    (stage,) = phases([rule], {"surgery": anchor}, {}) or (None,)
    assert isinstance(stage, Phase)
    found = line([stage], Request(add_months(anchor, 200), longest=longest)).looks
    days = [anchor, *(look.planned for look in found)]
    for before, after in pairwise(days):
        assert before < after
        # Months have 28 to 31 days; a month end may give back what February took.
        assert after <= add_months(before, shortest + wider) + datetime.timedelta(days=3)
    assert all(look.planned <= add_months(anchor, length) for look in found)


@given(DAYS, st.integers(1, 60), st.integers(1, 12), st.integers(1, 12))
def test_no_gap_grows_where_the_clock_restarts(anchor, months, before, after) -> None:
    stop = add_months(anchor, months)
    make = lambda row, every, at: Rule(  # noqa: E731
        "d", row, "a", "t", Interval(Step(every), Step(every)), "", Step(), "open", at)  # fmt: skip
    two = [make("on", before, "surgery"), make("off", after, "stop")]
    stages = phases(two, {"surgery": anchor, "stop": stop}, {"on": (anchor, stop)})
    found = line(stages, Request(add_months(stop, 40))).looks
    days = [anchor, *(look.planned for look in found)]
    most = max(before, after)
    for one, other in pairwise(days):
        assert other <= add_months(one, most) + datetime.timedelta(days=3)


@given(DAYS, st.integers(-120, 120), st.integers(0, 120))
def test_months_add_up(day, one, other) -> None:
    there = add_months(day, one)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == one
    assert add_months(day, other) >= day


@given(st.lists(st.dates(SURGERY, datetime.date(2031, 1, 1)), max_size=12), st.booleans())
def test_every_scan_that_was_done_is_kept_whatever_its_day(done, longest) -> None:
    found = looks("after-resection-china", "CHF-1", "CHF-2", "CHF-3", years=12, longest=longest,
                  done=done)  # fmt: skip
    wanted = sorted({day for day in done if day > SURGERY})
    assert [look.done for look in found.looks if look.done] == wanted
    assert [look.number for look in found.looks] == list(range(1, len(found.looks) + 1))


@pytest.mark.parametrize(
    ("text", "shortest", "longest"),
    [
        ("3", Step(3), Step(3)),
        ("3 to 6", Step(3), Step(6)),
        ("12 weeks", Step(0, 12), Step(0, 12)),
        ("every 2 to 3 years", Step(24), Step(36)),
        ("about 3 months", Step(3), Step(3)),
        ("every 6 to 12 months", Step(6), Step(12)),
        ("once or twice a year", Step(6), Step(12)),
    ],
)
def test_intervals_are_read_as_the_documents_write_them(text, shortest, longest) -> None:
    assert read_interval(text) == Interval(shortest, longest)


@pytest.mark.parametrize(
    "text", ["none", "not stated", "widen while it does not grow", "0", "6 to 3"]
)
def test_what_is_no_interval_is_not_read_as_one(text) -> None:
    assert read_interval(text) is None


def test_every_interval_of_the_documents_is_read_or_says_why_not() -> None:
    for table in TABLES.values():
        for row in table.rows:
            every = row.outputs.get("every_months")
            assert every in (None, "none", "not stated") or read_interval(every), (row.id, every)


def test_phases_of_two_tests_are_no_line() -> None:
    mixed = phases(rules("after-resection-nccn", "NCC-1", "NCC-3"), ANCHORS, {})
    with pytest.raises(ValueError, match="one test"):
        line(mixed, Request(add_months(SURGERY, 12)))


def test_a_phase_of_one_look_ends_with_that_look() -> None:
    """First control once, at 3 to 6 months; then every 2 to 3 years."""
    rule = Rule("d", "r", "a", "t", read_interval("3 to 6"), "", Step(), "6", "surgery")
    then = Rule("d", "r", "a", "t", read_interval("24 to 36"), "", Step(6), "open", "surgery")
    stages = phases([rule, then], ANCHORS, {})
    done = datetime.date(2020, 7, 10)
    found = line(stages, Request(add_months(SURGERY, 80), done=(done,))).looks
    assert [str(look.day) for look in found] == ["2020-07-10", "2023-07-10", "2026-07-10"]


def test_of_looks_long_past_there_is_no_record() -> None:
    done = datetime.date(2021, 4, 2)
    found = looks("after-resection-china", "CHF-1", done=(done,), today=datetime.date(2021, 4, 3))
    assert [look.state for look in found.looks[:4]] == [State.MISSED] * 3 + [State.DONE]


def test_a_scan_after_the_restart_is_judged_by_the_new_phase() -> None:
    done = add_months(STOP, 3)
    found = looks("after-resection-esmo", "ESM-1", "ESM-2", done=(done,))
    (one,) = (look for look in found.looks if look.done)
    assert (one.state, one.rule.row) == (State.DONE, "ESM-2")
