"""Laws of the fold: any events, in any order, on any day."""

from __future__ import annotations

import datetime
import json
import random

from hypothesis import given
from hypothesis import strategies as st

from facts.small_dictionary import TERMS
from stromal.facts.fact import State
from stromal.facts.possible import intersect
from stromal.facts.record import Record, read_record
from stromal.facts.timeline import as_of

Events = list[dict[str, object]]


def record(*events: dict[str, object]) -> Record:
    return read_record(json.dumps({"id": "p", "events": list(events)}).encode(), "p.yaml")


DAYS = ["", "2019", "2020", "2020-03", "2020-03-01", "2020-03-02", "2021-01-01"]
VALUES: dict[str, list[object]] = {
    "size": ["5 cm", "50 mm", "5 to 6 cm", ">5 cm", "?"],
    "site": ["ileum", "small bowel", "stomach", "not done"],
    "stain": ["positive", "negative", "pending", "indeterminate"],
    "first_drug": ["imatinib", "sunitinib"],
    "status": ["none", "focal", "none or focal", "?"],
    "syndrome": ["yes", "no", "?"],
    "worst_grade": [1, "2 to 3", ">3"],
    "best_response": ["stable", "partial or stable"],
    "findings": [[], ["spillage"], ["ascites", "?"], "?"],
    "birth_date": ["1979", "2020-03-01"],
    "death_date": ["2020-03-01"],
    "age": [17, "40 to 41"],
}


@st.composite
def events(draw: st.DrawFn) -> Events:
    found = []
    for number in range(draw(st.integers(0, 5))):
        names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True))
        facts = {name: draw(st.sampled_from(VALUES[name])) for name in names}
        one = {"kind": draw(st.sampled_from(["resection", "biopsy", "imaging", "visit"]))}
        one |= {key: draw(st.sampled_from(DAYS)) for key in ("day", "recorded")}
        one = {key: value for key, value in one.items() if value}
        found.append({"id": f"e{number}", **one, "facts": facts})
    for number in range(1, len(found)):
        if draw(st.integers(0, 5)) == 0:
            found[number]["corrects"] = f"e{draw(st.integers(0, number))}"
    return found


ON = st.sampled_from(
    [None, datetime.date.fromisoformat("2020-03-01"), datetime.date.fromisoformat("2022-01-01")]
)


@given(events(), ON, st.randoms(use_true_random=False))
def test_the_order_in_the_file_does_not_matter(
    drawn: Events, on: datetime.date | None, shuffler: random.Random
) -> None:
    shuffled = list(drawn)
    shuffler.shuffle(shuffled)
    one, other = (as_of(record(*order), TERMS, on) for order in (drawn, shuffled))
    assert one.facts == other.facts
    assert one.conflicts == other.conflicts
    assert {p.what for p in one.problems} == {p.what for p in other.problems}


@given(events(), ON)
def test_a_fact_is_never_empty_and_never_leaves_the_dictionary(
    drawn: Events, on: datetime.date | None
) -> None:
    for name, found in as_of(record(*drawn), TERMS, on).facts.items():
        assert not found.possible.is_empty()
        assert intersect(found.possible, TERMS[name].domain) == found.possible
        assert found.state is not State.KNOWN or found.possible.is_single()
        assert found.origins


@given(events(), ON)
def test_nobody_learns_from_an_event_that_says_nothing(
    drawn: Events, on: datetime.date | None
) -> None:
    silent = {
        "id": "silent",
        "kind": "visit",
        "facts": dict.fromkeys(["size", "site", "stain"], "?"),
    }
    with_it = as_of(record(*drawn, silent), TERMS, on).facts
    for name, found in as_of(record(*drawn), TERMS, on).facts.items():
        if name in ("size", "site", "stain"):
            assert with_it[name].possible == found.possible


@given(events())
def test_a_conflict_keeps_the_value_of_every_source_it_names(drawn: Events) -> None:
    found = as_of(record(*drawn), TERMS, None)
    for conflict in found.conflicts:
        if conflict.kept == "both stay possible":
            assert found.facts[conflict.name].state is State.CONFLICTING
            assert len(conflict.origins) > 1
