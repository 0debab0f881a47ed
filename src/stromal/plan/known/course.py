"""The course of the disease as the record tells it: what was removed, which drugs ran, what spread.

Events stand in the order of their first possible day. On one day findings come first, then an
operation, then the end of a drug, then the start of one: a drug is changed for what was found.
An event without a day stands where an order puts it (see `orders`), else before all others.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, days_of
from stromal.facts.values import read_value
from stromal.plan.drugs.rules import parts_of

START, STOP, CHANGE, RESECTION = "drug start", "drug stop", "dose change", "resection"
DRUG_KINDS = (START, STOP, CHANGE)
PURPOSES = ("neoadjuvant", "adjuvant", "advanced")
LOOKS = ("imaging", "endoscopy")
EXTENT = ("disease_extent", "distant_metastasis", "resectability", "resection_margin")
"""The facts by which an event says that the disease is spread, back or not to be removed."""
SPREAD = ("metastatic", "recurrent")
Places = Mapping[int, float]
"""For events without a day, by identity, where one order puts them on the scale of days."""
_RANK = {RESECTION: 1, STOP: 2, CHANGE: 3, START: 3}
_RANK_WITHOUT_DAY = {RESECTION: 1, START: 2, CHANGE: 3, STOP: 4}
_NO_REMOVAL = frozenset(
    ("core needle biopsy", "fine needle aspiration", "incisional biopsy", "resection of metastasis")
)


@dataclass(frozen=True, slots=True)
class Run:
    """One drug, or two started together, from start to stop. `purposes` are those possible."""

    drugs: tuple[str, ...]
    purposes: frozenset[str]
    start: Event
    stop: Event | None = None
    changes: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What happened up to a day. `extent` is '' while it is not known for sure.

    `advanced` is the event by which the disease is spread, back or not to be removed; `places`
    say where the events without a day were put.
    """

    events: tuple[Event, ...]
    runs: tuple[Run, ...]
    removals: tuple[Event, ...]
    extent: str
    advanced: Event | None
    stray_stops: tuple[Event, ...]
    places: Places = field(default_factory=dict, compare=False)

    @property
    def running(self) -> tuple[Run, ...]:
        """The drugs that were started and not stopped."""
        return tuple(run for run in self.runs if run.stop is None)

    @property
    def changing(self) -> tuple[Event, ...]:
        """The events that move the state of the disease."""
        kept = {id(event) for event in (*self.removals, *filter(None, (self.advanced,)))}
        return tuple(e for e in self.events if e.kind in DRUG_KINDS or id(e) in kept)

    def when(self, event: Event) -> float:
        """Where an event stands on the scale of days."""
        return _when(event, self.places)


def first_day(event: Event) -> datetime.date:
    """The first day on which a dated event may lie; the earliest of all for one without."""
    days = days_of(event)
    return days[0] if days else datetime.date.min


def course_of(
    events: Iterable[Event], terms: Mapping[str, Term], places: Places | None = None
) -> Course:
    """Read the course out of the events that count; facts that cannot be read are passed over."""
    put = places or {}
    ordered = tuple(sorted(events, key=lambda event: _order(event, put)))
    runs, stray = _runs(ordered)
    removals = tuple(e for e in ordered if _removes(e, terms))
    bare = Course(ordered, runs, removals, _extent(ordered, terms), None, stray, put)
    course = replace(bare, advanced=_advanced(bare, terms))
    return replace(course, runs=tuple(_with_purposes(run, course) for run in runs))


def until(course: Course, place: float, terms: Mapping[str, Term]) -> Course:
    """The same course as it stood at a place on the scale of days."""
    kept = (event for event in course.events if course.when(event) <= place)
    return course_of(kept, terms, course.places)


def said(event: Event, name: str, terms: Mapping[str, Term]) -> str:
    """The one value that an event gives a choice; '' if it gives none, or several."""
    if name not in event.facts or name not in terms:
        return ""
    value = read_value(terms[name], event.facts[name])
    if isinstance(value, Problem) or not isinstance(value.possible, Choices):
        return ""
    return next(iter(value.possible.values)) if value.possible.is_single() else ""


def _when(event: Event, places: Places) -> float:
    place = places.get(id(event))
    return first_day(event).toordinal() if place is None else place


def _order(event: Event, places: Places) -> tuple[float, int, str, str]:
    ranks = _RANK if event.day else _RANK_WITHOUT_DAY
    return _when(event, places), ranks.get(event.kind, 0), event.day, event.id


def _removes(event: Event, terms: Mapping[str, Term]) -> bool:
    return event.kind == RESECTION and said(event, "specimen", terms) not in _NO_REMOVAL


def _extent(events: Sequence[Event], terms: Mapping[str, Term]) -> str:
    found = ""
    for event in events:
        found = said(event, "disease_extent", terms) or found
        if said(event, "distant_metastasis", terms) == "yes" and found in ("", "localised"):
            found = "metastatic"
    return found


def _advanced(course: Course, terms: Mapping[str, Term]) -> Event | None:
    starts = {id(run.start) for run in course.runs if run.purposes == {"advanced"}}
    later = [course.when(event) for event in course.removals]
    for event in course.events:
        spread = said(event, "disease_extent", terms) in SPREAD
        if spread or said(event, "distant_metastasis", terms) == "yes" or id(event) in starts:
            return event
        left = said(event, "resection_margin", terms) == "R2"
        fixed = said(event, "resectability", terms) == "not resectable"
        if (left or fixed) and not any(place > course.when(event) for place in later):
            return event
    return None


def _runs(events: Sequence[Event]) -> tuple[tuple[Run, ...], tuple[Event, ...]]:
    runs: list[Run] = []
    stray: list[Event] = []
    for event in events:
        drugs = parts_of(str(event.details.get("drug") or "").strip().lower())
        if event.kind not in DRUG_KINDS or not drugs:
            continue
        mine = [n for n, run in enumerate(runs) if not run.stop and set(run.drugs) & set(drugs)]
        if event.kind == START:
            for number in mine:
                runs[number] = replace(runs[number], stop=event)
            runs.append(Run(drugs, _given_purpose(event), event))
        elif event.kind == STOP:
            stray += [] if mine else [event]
            for number in mine:
                runs[number] = replace(runs[number], stop=event)
        else:
            for number in mine:
                runs[number] = replace(runs[number], changes=(*runs[number].changes, event))
    return tuple(runs), tuple(stray)


def _given_purpose(event: Event) -> frozenset[str]:
    purpose = str(event.details.get("purpose") or "").strip().lower()
    return frozenset((purpose,)) if purpose in PURPOSES else frozenset(PURPOSES)


def _with_purposes(run: Run, course: Course) -> Run:
    """What a drug may be for where nobody said it: nothing is adjuvant before an operation."""
    if len(run.purposes) == 1:
        return run
    start = course.when(run.start)
    if course.advanced and course.when(course.advanced) <= start:
        return replace(run, purposes=frozenset(("advanced",)))
    removed = any(course.when(event) <= start for event in course.removals)
    either = ("adjuvant", "advanced") if removed else ("neoadjuvant", "advanced")
    return replace(run, purposes=frozenset(either))


def lines(course: Course) -> Iterator[tuple[tuple[str, ...], Event, bool]]:
    """The lines of systemic treatment for advanced disease: drugs, first event, and if certain.

    Drugs started on one day are one line. A drug taken up again is a new line only if another
    was given between. Adjuvant and neoadjuvant drugs are none, but an adjuvant drug that is gone on
    with after the disease came back may be one, and is one once its dose was changed for it.
    """
    before: tuple[str, ...] = ()
    for drugs, start, certain in _advanced_runs(course):
        if drugs != before:
            yield drugs, start, certain
            before = drugs


def _advanced_runs(course: Course) -> Iterator[tuple[tuple[str, ...], Event, bool]]:
    by_day: dict[tuple[float, bool], list[tuple[Run, Event]]] = {}
    for run in course.runs:
        certain, event = _counts(course, run)
        if event is not None:
            by_day.setdefault((course.when(event), certain), []).append((run, event))
    for (_, certain), found in sorted(by_day.items(), key=lambda item: item[0][0]):
        drugs = tuple(sorted({drug for run, _ in found for drug in run.drugs}))
        yield drugs, found[0][1], certain


def _counts(course: Course, run: Run) -> tuple[bool, Event | None]:
    """Whether a run is a line for advanced disease, and from which event on; None if it is none."""
    if "advanced" in run.purposes:
        return len(run.purposes) == 1, run.start
    if course.advanced is None:
        return False, None
    back = course.when(course.advanced)
    if changed := [event for event in run.changes if course.when(event) >= back]:
        return True, changed[0]
    others = [one for one in course.runs if course.when(one.start) >= back and one is not run]
    goes_on = run.stop is None and course.when(run.start) <= back and not others
    return False, course.advanced if goes_on else None
