"""Leaving out a day never rules out what was so: the state without days holds the dated one."""

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from stromal.facts.fact import State
from stromal.facts.possible import Choices, Members, Numbers
from stromal.facts.record import Event, read_record
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.known.derive import Derived, derive
from stromal.plan.known.orders import MOST_ORDERS, orders_of

NAMES = ("disease_state", "setting", "line_of_therapy", "last_drug", "drugs_given", "drugs_failed",
         "drugs_not_tolerated", "progression", "resection_margin")  # fmt: skip
LIBRARY = load()
KINDS = (
    "kind: resection, facts: {specimen: resection, resection_margin: R0}",
    "kind: resection, facts: {specimen: resection of metastasis, resection_margin: R1}",
    "kind: imaging, facts: {disease_extent: localised}",
    "kind: imaging, facts: {disease_extent: metastatic, distant_metastasis: yes}",
    "kind: imaging, facts: {progression: general}",
    "kind: drug start, drug: imatinib",
    "kind: drug start, drug: sunitinib, purpose: advanced",
    "kind: drug start, drug: regorafenib, purpose: advanced",
    "kind: dose change, drug: imatinib, dose: 800 mg daily, because: progression",
    "kind: visit, facts: {setting: advanced}",
)
COURSES = st.lists(st.sampled_from(KINDS), min_size=1, max_size=5)


def stand(library: Library, events: list[str]) -> Derived:
    body = "\n".join(f"  - {{id: e{n}, {event}}}" for n, event in enumerate(events))
    record = read_record(f"id: patient\nevents:\n{body}\n".encode())
    assert not record.problems
    return derive(as_of(record, library.terms, None), library)


def dated(events: list[str]) -> list[str]:
    return [f"day: 20{10 + n}-03-01, {event}" for n, event in enumerate(events)]


def loose(events: list[str], places: tuple[int, ...]) -> list[str]:
    return [re.sub(r"day: \S+ ", "", e) if n in places else e for n, e in enumerate(events)]


def holds(wide: Derived, narrow: Derived, name: str) -> bool:
    """Whether all that the dated record leaves possible is possible without the days too."""
    some, exact = wide.facts.get(name), narrow.facts.get(name)
    if some is None or some.state is State.UNKNOWN:
        return True
    inside = exact.possible if exact else LIBRARY.terms[name].domain
    if isinstance(inside, Numbers) and isinstance(some.possible, Numbers):
        return inside.is_subset(some.possible)
    if isinstance(inside, Choices) and isinstance(some.possible, Choices):
        return inside.is_subset(some.possible)
    assert isinstance(inside, Members)
    assert isinstance(some.possible, Members)
    return inside.is_subset(some.possible)


@settings(max_examples=60, deadline=None)
@given(COURSES, st.integers(0, 31))
def test_a_record_without_a_day_holds_what_is_so_with_it(course: list[str], mask: int) -> None:
    events = dated(course)
    places = tuple(
        n for n in range(len(events)) if mask >> n & 1 and "kind: visit" not in events[n]
    )
    exact = stand(LIBRARY, events)
    wide = stand(LIBRARY, loose(events, places))
    wrong = [name for name in NAMES if not holds(wide, exact, name)]
    assert not wrong, {n: (exact.facts.get(n), wide.facts.get(n)) for n in wrong}


def test_each_order_is_tried_once_and_dated_events_never_change_places() -> None:
    given_on = {"imatinib": "2010-01-01", "sunitinib": "2012-01-01", "regorafenib": "", "other": ""}
    events = [
        Event(f"e{n}", day, "", "drug start", "", {}, details={"drug": drug})
        for n, (drug, day) in enumerate(given_on.items())
    ]
    found = orders_of(events, LIBRARY.terms)
    rows = [tuple(event.id for event in course.events) for course in found.courses]
    assert len(rows) == len(set(rows)) == 12  # 3 places for the first, 4 for the second
    assert all(row.index("e0") < row.index("e1") for row in rows)


def test_the_number_of_orders_is_counted_before_they_are_made() -> None:
    for count in range(1, 8):
        events = [Event(f"e{n}", "", "", "drug start", "", {}, details={"drug": f"d{n}"})
                  for n in range(count)]  # fmt: skip
        found = orders_of(events, LIBRARY.terms)
        assert len(found.courses) == (1, 2, 6, 24, 120, 0, 0)[count - 1] <= MOST_ORDERS
        assert len(found.undated) == count
        assert all(a.events != b.events for a, b in combinations(found.courses, 2))
