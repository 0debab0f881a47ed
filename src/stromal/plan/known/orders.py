"""In which orders the events of a record may have happened, where some of them have no day.

The order of the file is no fact. Dated events keep their order; one without a day may stand
before, between or after them, but not on the day of another: what was found, done or given
together is one event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.record import UNDATED, Event
from stromal.plan.known.course import (
    DRUG_KINDS,
    EXTENT,
    RESECTION,
    Course,
    Places,
    course_of,
    first_day,
    said,
)

MOST_ORDERS = 120
"""So many orders are tried one by one; with more, the state is left open and that is said."""
_STATED = frozenset((*EXTENT, "operation_planned"))


@dataclass(frozen=True, slots=True)
class Orders:
    """The courses that the record allows, and the events without a day that make them several.

    `courses` is empty where there are more than `MOST_ORDERS`.
    """

    courses: tuple[Course, ...]
    undated: tuple[Event, ...]


def orders_of(
    events: Sequence[Event], terms: Mapping[str, Term], typed: Collection[str] = ()
) -> Orders:
    """Every course that the events allow. `typed` names facts whose days count in the order too.

    An order that contradicts itself is left out if another does not: a drug stopped before it
    began, a relapse or an adjuvant drug before any removal, a neoadjuvant drug after them all.
    """
    names = _STATED.union(typed)
    undated = tuple(e for e in events if not e.day and _matters(e, names))
    if not undated:
        return Orders((course_of(events, terms),), ())
    days = sorted({first_day(e).toordinal() for e in events if e.day and _matters(e, names)})
    if _number(len(undated), len(days)) > MOST_ORDERS:
        return Orders((), undated)
    courses = tuple(course_of(events, terms, one) for one in _placings(undated, days))
    sound = tuple(course for course in courses if not _is_absurd(course, terms))
    return Orders(sound or courses, undated)


def moves_state(event: Event) -> bool:
    """True for what moves the state of the disease by itself: an operation, a drug."""
    return event.kind in DRUG_KINDS or event.kind == RESECTION


def _matters(event: Event, names: Collection[str]) -> bool:
    """True if the place of the event counts. What the whole record states is said of now."""
    of_it = _STATED if event.id == UNDATED else names
    return moves_state(event) or any(name in of_it for name in event.facts)


def _number(undated: int, days: int) -> int:
    number = 1
    for place in range(undated):
        number *= days + 1 + place
        if number > MOST_ORDERS:
            break
    return number


def _placings(undated: Sequence[Event], days: Sequence[int]) -> Iterator[Places]:
    """Each way to put the events before, between and after the days."""
    rows: list[list[int | Event]] = [list(days)]
    for event in undated:
        rows = [[*row[:at], event, *row[at:]] for row in rows for at in range(len(row) + 1)]
    yield from (_places(row) for row in rows)


def _places(row: Sequence[int | Event]) -> Places:
    """The events of a row on the scale of days, each strictly between its neighbours."""
    places: dict[int, float] = {}
    day, since = 0.0, 0
    for entry in row:
        if isinstance(entry, int):
            day, since = float(entry), 0
        else:
            since += 1
            places[id(entry)] = day + since / (len(row) + 1)
    return places


def _is_absurd(course: Course, terms: Mapping[str, Term]) -> bool:
    if course.stray_stops:
        return True
    removed = [course.when(event) for event in course.removals]
    if not removed:
        return False
    too_early = [run.start for run in course.runs if run.purposes == {"adjuvant"}]
    too_late = [run.start for run in course.runs if run.purposes == {"neoadjuvant"}]
    for event in course.events:
        setting = said(event, "setting", terms)
        back = said(event, "disease_extent", terms) == "recurrent"
        too_early += [event] if back or setting == "adjuvant" else []
        too_late += [event] if setting == "neoadjuvant" else []
    return any(_is_put(e, course) and course.when(e) < min(removed) for e in too_early) or any(
        _is_put(e, course) and course.when(e) > max(removed) for e in too_late
    )


def _is_put(event: Event, course: Course) -> bool:
    """True for an event whose own place, or that of an operation, is not given by the record."""
    own = id(event) in course.places
    return event.id != UNDATED and (own or any(id(e) in course.places for e in course.removals))
