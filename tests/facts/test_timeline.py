"""Dated events give the facts of a day; what disagrees is shown, and nothing is lost."""

from __future__ import annotations

import datetime
import json

import pytest

from facts.small_dictionary import TERMS
from stromal.facts.fact import Fact, Reason, State
from stromal.facts.possible import Choices, Members, Numbers
from stromal.facts.record import Record, read_record
from stromal.facts.timeline import Folded, as_of, unknown


def record(*events: dict[str, object], facts: dict[str, object] | None = None) -> Record:
    data: dict[str, object] = {"id": "p", "events": list(events)}
    if facts:
        data["facts"] = facts
    found = read_record(json.dumps(data).encode(), "p.yaml")
    assert found.problems == (), found.problems
    return found


def event(kind: str = "visit", day: str = "", **keys: object) -> dict[str, object]:
    """One event; keys that are facts of the small dictionary go below `facts`."""
    facts = {name: value for name, value in keys.items() if name in TERMS}
    rest = {name: value for name, value in keys.items() if name not in TERMS}
    return {"kind": kind, **({"day": day} if day else {}), **rest, "facts": facts}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def folded(*events: dict[str, object], on: str = "", **facts: object) -> Folded:
    found = as_of(record(*events, facts=facts), TERMS, day(on) if on else None)
    assert found.problems == (), found.problems
    return found


def fact(name: str, *events: dict[str, object], on: str = "", **facts: object) -> Fact:
    return folded(*events, on=on, **facts).facts[name]


def test_one_value_is_known_and_says_where_it_comes_from() -> None:
    found = fact("size", event("resection", "2008-03-01", source="report", id="op", size="25 mm"))
    assert found.possible == Numbers.exactly(2.5)
    assert found.state is State.KNOWN
    origin = found.origins[0]
    assert (origin.event, origin.day, origin.kind) == ("op", "2008-03-01", "resection")
    assert (origin.source, origin.given) == ("report", "25 mm")


def test_what_nobody_said_is_not_there_and_counts_as_unknown() -> None:
    assert "size" not in folded(event()).facts
    assert unknown(TERMS["size"]).state is State.UNKNOWN
    assert unknown(TERMS["size"]).possible == TERMS["size"].domain


def test_the_reason_for_not_knowing_is_kept() -> None:
    found = fact("stain", event("biopsy", stain="pending"))
    assert (found.state, found.reason) == (State.UNKNOWN, Reason.PENDING)
    assert found.possible == TERMS["stain"].domain


# agree, precedence and conflicts


def test_two_reports_of_one_kind_that_disagree_leave_both_possible() -> None:
    found = folded(event("resection", id="a", size="5 cm"), event("resection", id="b", size="7 cm"))
    assert found.facts["size"].state is State.CONFLICTING
    assert found.facts["size"].possible == Numbers.exactly(5).union(Numbers.exactly(7))
    assert found.conflicts[0].name == "size"
    assert found.conflicts[0].what == "5 cm (resection) against 7 cm (resection)"
    assert found.conflicts[0].kept == "both stay possible"


def test_ranges_that_overlap_agree_on_what_they_share() -> None:
    found = folded(event("biopsy", size="5 to 7 cm"), event("biopsy", size=">6 cm"))
    assert found.conflicts == ()
    assert found.facts["size"].possible == Numbers.between(6, 7, low_open=True)
    assert found.facts["size"].state is State.RANGE


def test_a_better_source_outranks_and_the_disagreement_is_shown() -> None:
    found = folded(event("imaging", size="8 cm"), event("resection", size="7 cm"))
    assert found.facts["size"].possible == Numbers.exactly(7)
    assert found.facts["size"].state is State.KNOWN
    assert found.conflicts[0].kept == "resection counts"
    assert "8 cm (imaging)" in found.conflicts[0].what


def test_a_lesser_source_that_agrees_may_say_more_in_words_but_not_in_numbers() -> None:
    found = folded(
        event("resection", site="small bowel", size="5 to 7 cm"),
        event("imaging", site="ileum", size="6 cm"),
    )
    assert found.conflicts == ()
    assert found.facts["site"].possible == Choices.of("ileum")
    assert found.facts["size"].possible == Numbers.between(5, 7)


def test_a_source_that_leaves_everything_open_outranks_nobody() -> None:
    found = fact("size", event("resection", size="?"), event("imaging", size="6 cm"))
    assert found.possible == Numbers.exactly(6)


# latest, first, ever, highest, lowest, together


def test_the_latest_day_counts_and_an_older_value_is_no_conflict() -> None:
    found = folded(
        event("imaging", "2020-01-05", status="none"), event("imaging", "2021", status="focal")
    )
    assert found.facts["status"].possible == Choices.of("focal")
    assert found.conflicts == ()


def test_two_values_of_the_same_last_day_are_a_conflict() -> None:
    found = folded(
        event("imaging", "2020-01-05", id="a", status="none"),
        event("visit", "2020-01-05", id="b", status="general"),
    )
    assert found.facts["status"].possible == Choices.of("none", "general")
    assert found.conflicts[0].name == "status"


def test_a_vague_day_may_be_the_latest() -> None:
    found = folded(
        event("imaging", "2020-05-05", status="none"), event("visit", "2020", status="focal")
    )
    assert found.facts["status"].state is State.CONFLICTING


def test_what_has_no_day_was_true_before_all_that_has_one() -> None:
    found = fact("status", event("imaging", "2020-05-05", status="focal"), status="none")
    assert found.possible == Choices.of("focal")


@pytest.mark.parametrize("said", ["not done", "pending", "?"])
def test_a_later_event_that_says_nothing_takes_nothing_away(said: str) -> None:
    older, newer = event("biopsy", "2020", stain="positive"), event("biopsy", "2021", stain=said)
    assert fact("stain", older, newer).possible == Choices.of("positive")


def test_a_later_finding_that_is_indeterminate_leaves_it_open() -> None:
    found = fact(
        "status",
        event("imaging", "2020", status="none"),
        event("imaging", "2021", status="indeterminate"),
    )
    assert (found.state, found.reason) == (State.UNKNOWN, Reason.INDETERMINATE)


def test_the_better_kind_counts_even_if_it_is_older_and_the_newer_is_shown() -> None:
    found = folded(
        event("resection", "2020", stain="positive"), event("biopsy", "2021", stain="negative")
    )
    assert found.facts["stain"].possible == Choices.of("positive")
    assert found.conflicts[0].kept == "resection counts"


def test_the_first_stays_the_first() -> None:
    found = fact(
        "first_drug",
        event("drug start", "2020", drug="sunitinib", first_drug="sunitinib"),
        event("drug start", "2019", drug="imatinib", first_drug="imatinib"),
    )
    assert found.possible == Choices.of("imatinib")


def test_once_yes_is_yes_for_ever() -> None:
    found = folded(event("visit", "2019", syndrome="yes"), event("visit", "2020", syndrome="no"))
    assert found.facts["syndrome"].possible == Choices.of("yes")
    assert found.conflicts == ()


def test_one_no_is_a_no_and_an_open_answer_keeps_it_open() -> None:
    assert fact("syndrome", event(syndrome="no")).possible == Choices.of("no")
    assert "syndrome" in folded(event(syndrome="?")).facts
    assert fact("syndrome", event(syndrome="?")).state is State.UNKNOWN


def test_the_highest_and_the_lowest_are_those_of_all_sources() -> None:
    events = (
        event("adverse event", "2020", term="rash", worst_grade=2, best_response="stable"),
        event("visit", "2021", worst_grade="1 to 3", best_response="partial"),
    )
    assert fact("worst_grade", *events).possible == Numbers.between(2, 3)
    assert fact("best_response", *events).possible == Choices.of("partial")


def test_findings_of_all_sources_come_together() -> None:
    found = fact("findings", event(findings=["spillage"]), event(findings=["ascites"]))
    assert found.possible == Members.exactly(["spillage", "ascites"])
    still_open = fact("findings", event(findings=["spillage", "?"]), event(findings=[]))
    assert still_open.possible == Members(
        frozenset(["spillage"]), frozenset(["spillage", "perforation", "ascites"])
    )


def test_all_texts_are_kept() -> None:
    found = fact("report", event(report="KIT  exon 11"), event(report=["PDGFRA wild type"]))
    assert found.possible == Choices.of("KIT exon 11", "PDGFRA wild type")
    assert found.state is State.KNOWN


# the day asked about


def test_what_happened_or_was_recorded_later_is_not_known_yet() -> None:
    events = (
        event("imaging", "2020-01-01", id="a", status="none"),
        event("imaging", "2020-06-01", id="b", status="focal"),
        event("imaging", "2020-02-01", id="c", recorded="2020-07-01", status="general"),
    )
    for on, expected in (
        ("2020-01-01", "none"), ("2020-05-31", "none"), ("2020-06-01", "focal"),
        ("2020-08-01", "focal"),
    ):  # fmt: skip
        assert fact("status", *events, on=on).possible == Choices.of(expected)
    assert "status" not in folded(*events, on="2019-12-31").facts


def test_what_was_recorded_late_counts_from_then_on() -> None:
    late = event("resection", "2020-01-01", recorded="2020-07-01", size="5 cm")
    assert "size" not in folded(late, on="2020-06-30").facts
    assert fact("size", late, on="2020-07-01").possible == Numbers.exactly(5)


# corrections


def test_a_correction_replaces_the_event_that_it_names_from_its_own_day_on() -> None:
    events = (
        event("resection", "2020-01-01", id="op", size="5 cm"),
        event("pathology", "2020-01-01", recorded="2020-02-01", corrects="op", size="7 cm"),
    )
    assert fact("size", *events, on="2020-01-15").possible == Numbers.exactly(5)
    later = folded(*events, on="2020-02-01")
    assert later.facts["size"].possible == Numbers.exactly(7)
    assert later.conflicts == ()


def test_a_correction_of_a_correction_stands_alone() -> None:
    events = (
        event(id="a", size="5 cm"),
        event(id="b", corrects="a", size="6 cm"),
        event(id="c", corrects="b", size="7 cm"),
    )
    assert fact("size", *events).possible == Numbers.exactly(7)


def test_what_a_correction_leaves_out_is_said_and_not_dropped_in_silence() -> None:
    found = as_of(
        record(event(id="a", size="5 cm", site="ileum"), event(id="b", corrects="a", size="6 cm")),
        TERMS,
        None,
    )
    assert "site" not in found.facts
    assert "site of 'a' is not in its correction 'b'" in found.problems[0].what
    assert found.problems[0].place.endswith(", a")


def test_events_that_correct_one_another_are_named() -> None:
    found = as_of(
        record(event(id="a", corrects="b", size="5 cm"), event(id="b", corrects="a", size="6 cm")),
        TERMS,
        None,
    )
    assert "size" not in found.facts
    assert {problem.place[-3:] for problem in found.problems} == {", a", ", b"}
    assert all("correct one another" in problem.what for problem in found.problems)


# days that cannot be


def test_an_operation_before_the_birth_is_shown() -> None:
    found = folded(event("resection", "1950-01-01", size="5 cm"), birth_date="1960-05-05")
    assert found.conflicts[0].name == "birth_date"
    assert "resection on 1950-01-01, before the birth" in found.conflicts[0].what
    assert found.facts["size"].possible == Numbers.exactly(5)


def test_an_event_after_the_death_is_shown_but_a_late_report_is_not() -> None:
    found = folded(
        event("visit", "2021-02-01", status="none"),
        event("pathology", "2021-02-01", stain="positive"),
        death_date="2021-01",
    )
    assert [conflict.what for conflict in found.conflicts] == [
        "visit on 2021-02-01, after the death"
    ]


def test_an_event_recorded_before_it_happened_is_shown() -> None:
    found = folded(event("visit", "2021-02-01", id="v", recorded="2021-01-01", status="none"))
    assert found.conflicts[0].name == "v"
    assert "before it happened" in found.conflicts[0].what


# age


def test_the_age_follows_from_the_birth_and_the_day_asked_about() -> None:
    found = folded(birth_date="1979-05-17", on="2020-05-16")
    assert found.facts["age"].possible == Numbers.exactly(40)
    assert folded(birth_date="1979-05-17", on="2020-05-17").facts["age"].possible.is_single()
    vague = fact("age", birth_date="1979", on="2020-05-17")
    assert (vague.possible, vague.state) == (Numbers.between(40, 41), State.RANGE)


def test_without_a_day_the_age_is_that_of_the_last_event() -> None:
    found = fact("age", event("visit", "2020-05-17"), birth_date="1979-05-17")
    assert found.possible == Numbers.exactly(41)
    assert "age" not in folded(event(), birth_date="1979-05-17").facts


def test_an_age_given_long_ago_does_not_contradict_the_birth() -> None:
    old = event("history", "1999-06-01", age=20)
    assert folded(old, birth_date="1979-05-17", on="2020-05-17").conflicts == ()
    assert folded(birth_date="1979-05-17", age=20, on="2020-05-17").conflicts == ()


@pytest.mark.parametrize(
    "wrong", [event("history", "1999-06-01", age=29), event("history", "1999-06-01", age=12)]
)
def test_an_age_that_never_fitted_the_birth_is_shown(wrong: dict[str, object]) -> None:
    found = folded(wrong, birth_date="1979-05-17", on="2020-05-17")
    assert found.facts["age"].possible == Numbers.exactly(41)
    assert found.conflicts[0].name == "age"
    assert found.conflicts[0].kept == "the day of birth counts"


# problems


def test_a_value_that_cannot_be_read_is_named_and_the_others_are_kept() -> None:
    text = """
events:
  - kind: resection
    facts:
      size: 5
      sise: 5 cm
      site: ileum
"""
    found = as_of(read_record(text.encode(), "p.yaml"), TERMS, None)
    assert found.facts["site"].possible == Choices.of("ileum")
    assert [problem.place for problem in found.problems] == ["p.yaml:5, size", "p.yaml:6, sise"]
    assert "write 5 cm if that is meant" in found.problems[0].remedy
    assert "did you mean 'size'" in found.problems[1].remedy
