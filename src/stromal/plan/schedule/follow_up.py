"""The dated follow-up of one patient: which schedules fit, from which anchor, on which days.

Every authority is shown beside the others; none is chosen. What an authority leaves open is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record
from stromal.facts.timeline import Conflict, as_of, live_events
from stromal.followup.calendar import Line, Request, Rule, line, phases
from stromal.followup.months import add_months
from stromal.library import Library
from stromal.plan.known.course import Course, course_of, first_day
from stromal.plan.known.derive import derive
from stromal.plan.known.vital import death_words, has_died
from stromal.plan.patient import Patient, consider
from stromal.plan.schedule.conventions import Conventions, conventions_of
from stromal.plan.schedule.looks import answers
from stromal.plan.schedule.notes import Seen, adjuvant, notes, stop_of
from stromal.plan.schedule.radiation import Coming, Given, coming, doses_of, given
from stromal.plan.schedule.rules import (
    FIRST,
    OTHERS,
    RISK,
    STATE,
    Fitting,
    Stage,
    read_since,
    rules_of,
)
from stromal.plan.treatment import EVERYWHERE, guidelines_of

LABEL = "label"
BY_SCHEME = "modified_nih_2008_risk"
ON, AFTER, RESECTED = "on adjuvant drug", "after adjuvant drug", "resected"
SURGERY, STOP, START = "surgery", "end of adjuvant drug", "start of drug"


@dataclass(frozen=True, slots=True)
class Stated:
    """A row that gives no dates: nothing advised, nothing stated, or it hangs on the unknown.

    `depends_on` names the facts on which it hangs.
    """

    rule: Rule
    why: str
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """What one authority says: the lines with dates, and the rows without.

    `dose` is what its looks to come give, by CT and by MRI.
    """

    authority: str
    lines: tuple[Line, ...]
    stated: tuple[Stated, ...]
    dose: Coming

    @property
    def is_label(self) -> bool:
        """True for the checks that a drug's label asks for, whatever the guideline."""
        rules = [look.rule for one in self.lines for look in one.looks]
        return bool(rules) and all(rule.standing == LABEL for rule in rules)

    @property
    def is_beside(self) -> bool:
        """True for what stands beside guidelines and labels: reviews, trials, payers, memory."""
        rules = [look.rule for one in self.lines for look in one.looks]
        rules += [stated.rule for stated in self.stated]
        return bool(rules) and all(rule.document.endswith(OTHERS) for rule in rules)


@dataclass(frozen=True, slots=True)
class Silence:
    """A guideline of which no row that was read speaks of a state, at the risk it has.

    `states` is empty where no state is known, as in a carrier without a tumour. `read_since` is the
    day from which the only edition that was read counts, where that is later than the day asked.
    """

    guideline: str
    states: tuple[str, ...]
    read_since: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The follow-up of one patient as seen on a day, up to `until`.

    `radiation` is what the scans of the record gave; `conventions` are the rows that the calendar
    rests on beside its sources.
    """

    patient: str
    title: str
    today: datetime.date | None
    until: datetime.date | None
    stages: tuple[Stage, ...]
    risk: tuple[str, ...]
    risk_from: str
    anchors: Mapping[str, datetime.date]
    schedules: tuple[Schedule, ...]
    silent: tuple[Silence, ...]
    radiation: Given
    conventions: tuple[str, ...]
    notes: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]

    @property
    def risk_counts(self) -> bool:
        """True if the risk class has a say: after complete removal."""
        return _counts(self.stages)


@dataclass(frozen=True, slots=True)
class Wish:
    """How to plan: for how many years, at which end of a range, and when the drug should stop.

    `as_printed`: as if every look were done on its day, so that schedules can be compared.
    """

    years: int = 10
    longest: bool = True
    drug_until: datetime.date | None = None
    guidelines: tuple[str, ...] = ()
    as_printed: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every line of a patient is planned with."""

    events: Sequence[Event]
    anchors: Mapping[str, datetime.date]
    day: datetime.date | None
    until: datetime.date | None
    wish: Wish
    settings: Conventions

    def request(self, until: datetime.date, test: str) -> Request:
        """The request for one line: its looks of the record with it."""
        if self.wish.as_printed:
            return Request(until, longest=self.wish.longest)
        found = answers(self.events, test, self.settings)
        done = tuple(first_day(answer.event) for answer in found)
        settings = self.settings
        return Request(until, self.day, done, self.wish.longest, settings.grace, settings.share)


def follow_up(library: Library, record: Record, day: datetime.date | None, wish: Wish) -> FollowUp:
    """The dates for the record as known on `day` (all of it where there is none).

    After death there are none.
    """
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    events = live_events(record, day)
    course = course_of(events, library.terms)
    stages = tuple(_stages(patient, course, wish))
    anchors = _anchors(course, wish)
    risk, risk_from = _risk(patient)
    until = _until(day, anchors, wish)
    settings = conventions_of(patient)
    frame = _Frame(events, anchors, day, until, wish, settings)
    fitting = [one for stage in stages for one in rules_of(patient, stage, risk, wish.guidelines)]
    doses = doses_of(patient)
    dose = given(events, doses)
    schedules = tuple(_schedules(fitting, frame, patient))
    found = FollowUp(
        patient=record.id,
        title=record.title,
        today=day,
        until=until,
        stages=stages,
        risk=risk,
        risk_from=risk_from,
        anchors=anchors,
        schedules=schedules,
        silent=tuple(_silences(patient, stages, fitting, wish, day)),
        radiation=dose,
        conventions=tuple(row.words for row in settings.rows.values()),
        notes=tuple(notes(patient, course, _seen(frame, schedules, dose, risk, stages))),
        conflicts=derived.conflicts,
        problems=derived.problems,
    )
    if not has_died(derived.facts):
        return found
    return replace(found, schedules=(), silent=(), notes=(death_words(derived.facts),))


def _seen(
    frame: _Frame,
    schedules: Sequence[Schedule],
    dose: Given,
    risk: tuple[str, ...],
    stages: Sequence[Stage],
) -> Seen:
    tests = {line.test for schedule in schedules for line in schedule.lines}
    found = [one for test in sorted(tests) for one in answers(frame.events, test, frame.settings)]
    until = frame.wish.drug_until
    counted = risk if _counts(stages) else ()
    return Seen(until, counted, frame.anchors, found, dose, frame.settings)


def _counts(stages: Sequence[Stage]) -> bool:
    return any(stage.states & {ON, AFTER, RESECTED} for stage in stages)


def _risk(patient: Patient) -> tuple[tuple[str, ...], str]:
    """The risk classes still possible, and where they come from."""
    values = patient.library.terms[RISK].values
    given = patient.facts.get(RISK)
    if given and isinstance(given.possible, Choices) and given.possible.values != set(values):
        return tuple(v for v in values if v in given.possible.values), "the team"
    scheme = None if BY_SCHEME in patient.withdrawn else patient.all_known.get(BY_SCHEME)
    if isinstance(scheme, Choices) and scheme.values & set(values):
        return tuple(v for v in values if v in scheme.values), BY_SCHEME
    return values, "not known"


def _stages(patient: Patient, course: Course, wish: Wish) -> Iterator[Stage]:
    """The states that the calendar runs through, those of the past included."""
    fact = patient.facts.get(STATE)
    states = fact.possible.values if fact and isinstance(fact.possible, Choices) else frozenset()
    run = adjuvant(course)
    if not course.removals or not states & {ON, AFTER, RESECTED}:
        start = course.running[-1].start if course.running else None
        yield Stage(frozenset(states), first_day(start) if start and start.day else None, None)
        return
    removed = first_day(course.removals[-1]) if course.removals[-1].day else None
    if run and run.stop and not run.stop.day:
        yield Stage(frozenset({AFTER}), None, None)
        return
    if run is None:
        yield Stage(frozenset(states), removed, None)
        return
    stop = stop_of(run, wish.drug_until)
    yield Stage(frozenset({ON}), removed, stop)
    if stop:
        yield Stage(frozenset({AFTER}), stop, None)


def _anchors(course: Course, wish: Wish) -> dict[str, datetime.date]:
    anchors: dict[str, datetime.date] = {}
    dated = [event for event in course.events if event.day]
    if dated:
        anchors[FIRST] = first_day(dated[0])
    if course.removals and course.removals[-1].day:
        anchors[SURGERY] = first_day(course.removals[-1])
    run = adjuvant(course)
    if run and (stop := stop_of(run, wish.drug_until)):
        anchors[STOP] = stop
    taken = run or (course.running[-1] if course.running else None)
    if taken and taken.start.day:
        anchors[START] = first_day(taken.start)
    return anchors


def _until(
    day: datetime.date | None, anchors: Mapping[str, datetime.date], wish: Wish
) -> datetime.date | None:
    start = day or max(anchors.values(), default=None)
    return add_months(start, 12 * wish.years) if start else None


def _schedules(fitting: Sequence[Fitting], frame: _Frame, patient: Patient) -> Iterator[Schedule]:
    """What each authority says; the checks of a drug that is no longer taken are left out."""
    doses = doses_of(patient)
    by_authority: dict[str, list[Fitting]] = {}
    for one in fitting:
        is_over = bool(frame.day and one.stage.end and one.stage.end <= frame.day)
        if is_over and one.rule.anchor == START:
            continue
        known = by_authority.setdefault(one.rule.authority, [])
        if all(one.rule != other.rule or one.stage != other.stage for other in known):
            known.append(one)
    for authority, entries in by_authority.items():
        lines = tuple(_lines(entries, frame, frame.until)) if frame.until else ()
        stated = tuple(_stated(entries, frame.anchors))
        yield Schedule(authority, lines, stated, coming(lines, doses))


def _lines(entries: Sequence[Fitting], frame: _Frame, until: datetime.date) -> Iterator[Line]:
    """One line for each test, over all stages."""
    certain = [one for one in entries if not one.depends_on]
    for test in dict.fromkeys(one.rule.test for one in certain):
        mine = [one for one in certain if one.rule.test == test]
        rules = list(dict.fromkeys(one.rule for one in mine))
        found = phases(rules, frame.anchors, _spans(mine))
        if found:
            yield line(found, frame.request(until, test))


def _silences(
    patient: Patient,
    stages: Sequence[Stage],
    fitting: Sequence[Fitting],
    wish: Wish,
    day: datetime.date | None,
) -> Iterator[Silence]:
    """The guidelines that name no row for a state, nor one that may fit."""
    for guideline in wish.guidelines or guidelines_of(patient):
        heard = [one.stage for one in fitting if one.guideline == guideline]
        unheard = [stage for stage in stages if stage not in heard]
        if unheard and guideline != EVERYWHERE:
            states = {state for stage in unheard for state in stage.states}
            since = read_since(patient, guideline, day)
            yield Silence(guideline, tuple(sorted(states)), since)


def _spans(
    mine: Sequence[Fitting],
) -> dict[str, tuple[datetime.date, datetime.date | None]]:
    """The days to which the stages confine each row; stages of one row follow one another."""
    spans: dict[str, tuple[datetime.date, datetime.date | None]] = {}
    for one in mine:
        start, end, row = one.stage.start or datetime.date.min, one.stage.end, one.rule.row
        if row in spans:
            before = spans[row]
            start = min(start, before[0])
            end = max(end, before[1]) if end and before[1] else None
        spans[row] = (start, end)
    return spans


def _stated(entries: Sequence[Fitting], anchors: Mapping[str, datetime.date]) -> Iterator[Stated]:
    for rule, names in {one.rule: one.depends_on for one in entries}.items():
        if names:
            yield Stated(rule, "may apply", names)
        elif rule.interval is None:
            yield Stated(rule, rule.every)
        elif rule.anchor not in anchors:
            yield Stated(rule, f"no date: the day of its anchor ({rule.anchor}) is not recorded")
