"""The dated follow-up of one patient: which schedules fit, from which anchor, on which days.

Every authority is shown beside the others; none is chosen. What an authority leaves open is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record
from stromal.facts.timeline import Conflict, as_of, live_events
from stromal.followup.calendar import Line, Request, Rule, line, millisieverts, phases
from stromal.followup.months import add_months
from stromal.library import Library
from stromal.plan.course import LOOKS, Course, Run, course_of, first_day
from stromal.plan.derive import derive
from stromal.plan.patient import Patient, consider
from stromal.plan.schedule_rules import FIRST, RISK, STATE, Stage, does, rules_of

RADIATION, LABEL = "radiation", "label"
BY_SCHEME = "modified_nih_2008_risk"
ON, AFTER, RESECTED = "on adjuvant drug", "after adjuvant drug", "resected"
SURGERY, STOP, START = "surgery", "end of adjuvant drug", "start of drug"
EXAMINATION = "CT of the abdomen and pelvis"
TOO_LONG = (
    "The drug was given for more than 3 years: most schedules name no interval for the time "
    "beyond, and those that count from surgery thin out too early."
)


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

    `dose_given` and `dose` are what its CTs gave, and give with those to come, in mSv, if no MRI or
    ultrasound takes their place.
    """

    authority: str
    lines: tuple[Line, ...]
    stated: tuple[Stated, ...]
    dose_given: float
    dose: float

    @property
    def is_label(self) -> bool:
        """True for the checks that a drug's label asks for, whatever the guideline."""
        rules = [look.rule for one in self.lines for look in one.looks]
        return bool(rules) and all(rule.standing == LABEL for rule in rules)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The follow-up of one patient as seen on a day, up to `until`."""

    patient: str
    title: str
    today: datetime.date | None
    until: datetime.date | None
    stages: tuple[Stage, ...]
    risk: tuple[str, ...]
    risk_from: str
    anchors: Mapping[str, datetime.date]
    schedules: tuple[Schedule, ...]
    notes: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]

    @property
    def risk_counts(self) -> bool:
        """True if the risk class has a say: after complete removal."""
        return _counts(self.stages)


@dataclass(frozen=True, slots=True)
class Wish:
    """How to plan: for how many years, at which end of a range, and when the drug should stop."""

    years: int = 10
    longest: bool = True
    drug_until: datetime.date | None = None
    guidelines: tuple[str, ...] = ()


def follow_up(library: Library, record: Record, day: datetime.date | None, wish: Wish) -> FollowUp:
    """The dates for the record as known on `day` (all of it where there is none)."""
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    events = live_events(record, day)
    course = course_of(events, library.terms)
    stages = tuple(_stages(patient, course, wish))
    anchors = _anchors(course, wish)
    risk, risk_from = _risk(patient)
    until = _until(day, anchors, wish)
    found = _schedules(patient, events, stages, anchors, (day, until, risk, wish))
    return FollowUp(
        patient=record.id,
        title=record.title,
        today=day,
        until=until,
        stages=stages,
        risk=risk,
        risk_from=risk_from,
        anchors=anchors,
        schedules=tuple(found),
        notes=tuple(_notes(course, wish, risk if _counts(stages) else (), anchors)),
        conflicts=derived.conflicts,
        problems=derived.problems,
    )


def _counts(stages: Sequence[Stage]) -> bool:
    return any(stage.states & {ON, AFTER, RESECTED} for stage in stages)


def _risk(patient: Patient) -> tuple[tuple[str, ...], str]:
    """The risk classes still possible, and where they come from."""
    values = patient.library.terms[RISK].values
    given = patient.facts.get(RISK)
    if given and isinstance(given.possible, Choices) and given.possible.values != set(values):
        return tuple(v for v in values if v in given.possible.values), "the team"
    scheme = patient.all_known.get(BY_SCHEME)
    if isinstance(scheme, Choices) and scheme.values & set(values):
        return tuple(v for v in values if v in scheme.values), BY_SCHEME
    return values, "not known"


def _adjuvant(course: Course) -> Run | None:
    """The adjuvant drug after the last removal."""
    if not course.removals:
        return None
    removed = first_day(course.removals[-1])
    runs = [run for run in course.runs if first_day(run.start) >= removed]
    return next((run for run in reversed(runs) if run.purposes == {"adjuvant"}), None)


def _stages(patient: Patient, course: Course, wish: Wish) -> Iterator[Stage]:
    """The states that the calendar runs through, those of the past included."""
    fact = patient.facts.get(STATE)
    states = fact.possible.values if fact and isinstance(fact.possible, Choices) else frozenset()
    run = _adjuvant(course)
    if not course.removals or not states & {ON, AFTER, RESECTED}:
        start = course.running[-1].start if course.running else None
        yield Stage(frozenset(states), first_day(start) if start else None, None)
        return
    removed = first_day(course.removals[-1])
    if run is None:
        yield Stage(frozenset(states), removed, None)
        return
    stop = _stop(run, wish)
    yield Stage(frozenset({ON}), removed, stop)
    if stop:
        yield Stage(frozenset({AFTER}), stop, None)


def _stop(run: Run, wish: Wish) -> datetime.date | None:
    return first_day(run.stop) if run.stop else wish.drug_until


def _anchors(course: Course, wish: Wish) -> dict[str, datetime.date]:
    anchors: dict[str, datetime.date] = {}
    dated = [event for event in course.events if event.day]
    if dated:
        anchors[FIRST] = first_day(dated[0])
    if course.removals and course.removals[-1].day:
        anchors[SURGERY] = first_day(course.removals[-1])
    run = _adjuvant(course)
    if run and (stop := _stop(run, wish)):
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


def _schedules(
    patient: Patient,
    events: Sequence[Event],
    stages: Sequence[Stage],
    anchors: Mapping[str, datetime.date],
    frame: tuple[datetime.date | None, datetime.date | None, tuple[str, ...], Wish],
) -> Iterator[Schedule]:
    day, until, risk, wish = frame
    rules: dict[str, list[tuple[Rule, Stage, tuple[str, ...]]]] = {}
    for stage in stages:
        is_over = bool(day and stage.end and stage.end <= day)
        for rule, open_facts in rules_of(patient, stage, risk, wish.guidelines):
            if is_over and rule.anchor == START:  # the checks of a drug that is no longer taken
                continue
            entry = (rule, stage, open_facts)
            known = rules.setdefault(rule.authority, [])
            if all(one != rule or place != stage for one, place, _ in known):
                known.append(entry)
    dose = _dose(patient)
    for authority, entries in rules.items():
        lines = tuple(_lines(entries, events, anchors, day, until, wish)) if until else ()
        looks = [look for one in lines if one.test.startswith("CT") for look in one.looks]
        stated = tuple(_stated(entries, anchors))
        yield Schedule(authority, lines, stated, *millisieverts(looks, dose))


def _lines(
    entries: Sequence[tuple[Rule, Stage, tuple[str, ...]]],
    events: Sequence[Event],
    anchors: Mapping[str, datetime.date],
    day: datetime.date | None,
    until: datetime.date,
    wish: Wish,
) -> Iterator[Line]:
    """One line for each test, over all stages."""
    certain = [(rule, stage) for rule, stage, names in entries if not names]
    for test in dict.fromkeys(rule.test for rule, _ in certain):
        mine = [(rule, stage) for rule, stage in certain if rule.test == test]
        rules = list(dict.fromkeys(rule for rule, _ in mine))
        found = phases(rules, anchors, _spans(mine))
        if found:
            done = tuple(first_day(event) for event in events if event.day and does(event, test))
            yield line(found, Request(until, day, done, wish.longest))


def _spans(
    mine: Sequence[tuple[Rule, Stage]],
) -> dict[str, tuple[datetime.date, datetime.date | None]]:
    """The days to which the stages confine each row; stages of one row follow one another."""
    spans: dict[str, tuple[datetime.date, datetime.date | None]] = {}
    for rule, stage in mine:
        start, end = stage.start or datetime.date.min, stage.end
        if rule.row in spans:
            before = spans[rule.row]
            start = min(start, before[0])
            end = max(end, before[1]) if end and before[1] else None
        spans[rule.row] = (start, end)
    return spans


def _stated(
    entries: Sequence[tuple[Rule, Stage, tuple[str, ...]]], anchors: Mapping[str, datetime.date]
) -> Iterator[Stated]:
    for rule, names in {rule: names for rule, _, names in entries}.items():
        if names:
            yield Stated(rule, "may apply", names)
        elif rule.interval is None:
            yield Stated(rule, rule.every)
        elif rule.anchor not in anchors:
            yield Stated(rule, f"no date: the day of its anchor ({rule.anchor}) is not recorded")


def _dose(patient: Patient) -> float:
    rows = [
        row
        for compiled in patient.network.tables
        if compiled.table.role == RADIATION
        for row in compiled.table.rows
    ]
    doses = (float(r.outputs["millisievert"]) for r in rows
             if r.outputs["examination"] == EXAMINATION)  # fmt: skip
    return next(doses, 0.0)


def _notes(
    course: Course, wish: Wish, risk: tuple[str, ...], anchors: Mapping[str, datetime.date]
) -> Iterator[str]:
    run = _adjuvant(course)
    if run and not run.stop:
        when = f"on {wish.drug_until}, as assumed" if wish.drug_until else "has no day yet"
        yield f"The stop of the adjuvant drug {when}; ESMO and the UK count anew from it."
    stop = _stop(run, wish) if run else None
    if run and stop and stop > add_months(first_day(run.start), 37):
        yield TOO_LONG
    if len(risk) > 1:
        yield "The risk class is open: " + " or ".join(risk) + "."
    vague = [e for e in (*course.removals[-1:], *(r.start for r in course.running))
             if 0 < len(e.day) < 10]  # fmt: skip
    for event in vague:
        yield f"The day of the {event.kind} is not exact ({event.day}): its first day is taken."
    if not anchors:
        yield "The record has no dated event to count from."
    if any(event.kind in LOOKS for event in course.events):
        yield "Any imaging of the record counts as the scan of that day, whatever it looked at."
