"""From the rules of a schedule to dates: what is done, due, overdue, planned.

A line is one test of one authority. It runs through phases (every 3 months for two years, then
...), each with its own anchor: the operation, or the day on which a drug stopped. A look that was
done early or late moves everything that hangs on it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from stromal.followup.months import Interval, Step, read_step

NONE, NOT_STATED, OPEN = "none", "not stated", "open"
SLACK = datetime.timedelta(days=3)
"""Months have 28 to 31 days: so near to the end of a phase, the next one has begun."""


AT_ONCE = Step()


class State(StrEnum):
    """What became of a look."""

    DONE = "done"
    EARLY = "done early"
    LATE = "done late"
    DUE = "due"
    OVERDUE = "overdue"
    PLANNED = "planned"
    MISSED = "no record of it"


OPEN_STATES = (State.DUE, State.OVERDUE, State.PLANNED)
"""What is still to be done."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a schedule. `interval` is None where none is stated, or no look is advised.

    `begins` and `until` count from the anchor.
    """

    document: str
    row: str
    authority: str
    test: str
    interval: Interval | None
    every: str
    begins: Step
    until: str
    anchor: str
    standing: str = ""
    words: str = ""
    source: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A rule with its days: from `start`, up to and with `end` (None: open).

    `origin` is the day of the anchor, from which the months are counted.
    """

    rule: Rule
    start: datetime.date
    end: datetime.date | None
    origin: datetime.date


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when it may be (earliest to latest), when it is planned, when it was done.

    `number` counts the looks of the line from 1 and names the look in exported calendars, so that
    a look that moves stays the same look.
    """

    rule: Rule
    number: int
    earliest: datetime.date
    latest: datetime.date
    planned: datetime.date
    state: State
    done: datetime.date | None = None

    @property
    def day(self) -> datetime.date:
        """The day on which it was done, or is planned."""
        return self.done or self.planned


@dataclass(frozen=True, slots=True)
class Line:
    """One test of one authority, with the looks and with what the authority leaves open."""

    authority: str
    test: str
    looks: tuple[Look, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What to plan: up to which day, as seen on which day, and what was done.

    `longest`: an interval given as a range is planned at its longer end (else at its shorter).
    A look may lie outside its window by `grace` days, or by the interval divided by `share` if that
    is less, without being called early, late or overdue; no source states it, so the caller must.
    """

    until: datetime.date
    today: datetime.date | None = None
    done: Sequence[datetime.date] = ()
    longest: bool = True
    grace: int = 0
    share: int = 4

    def grace_of(self, look: Look) -> datetime.timedelta:
        """The grace of one look."""
        interval = look.rule.interval
        assert interval is not None
        length = interval.shortest.after(look.earliest) - look.earliest
        return min(datetime.timedelta(self.grace), length // self.share)


@dataclass(slots=True)
class _Walk:
    """Where the walk along the phases stands, on `last`.

    That is `steps` regular steps after `base` and `lead`: from the anchor as long as nothing moved,
    so that no day is lost where February was in between.
    """

    request: Request
    base: datetime.date
    last: datetime.date
    lead: Step = AT_ONCE
    steps: int = 0
    stage: Phase | None = None
    once: set[Rule] = field(default_factory=set)

    def step(self, phase: Phase) -> Step:
        """The step by which looks are planned in a phase."""
        assert phase.rule.interval is not None
        interval = phase.rule.interval
        return interval.longest if self.request.longest else interval.shortest

    def next(self, phase: Phase, more: int = 1) -> datetime.date:
        """The day of a regular look in a phase, so many steps on."""
        step, count = self.step(phase), self.steps + more
        months, weeks = self.lead.months + count * step.months, count * step.weeks
        return Step(months, self.lead.weeks + weeks).after(self.base)

    def count_from(self, day: datetime.date, phase: Phase | None) -> None:
        """Begin to count anew: from the anchor of the phase if it begins on that day."""
        regular = phase is not None and phase.rule.begins.after(phase.origin) == day
        self.base, self.last, self.lead = day, day, AT_ONCE
        if phase is not None and regular:
            self.base, self.lead = phase.origin, phase.rule.begins
        self.steps, self.stage = 0, phase


def phases(
    rules: Sequence[Rule],
    anchors: Mapping[str, datetime.date],
    spans: Mapping[str, tuple[datetime.date, datetime.date | None]],
) -> tuple[Phase, ...]:
    """The rules that state an interval, with their days, oldest first.

    `spans` gives for a row (by its id) the days to which the patient's state confines it: a rule
    for the time on a drug ends when the drug stops. A rule without its anchor gives no phase.
    """
    found = []
    for rule in rules:
        if rule.interval is None or rule.anchor not in anchors:
            continue
        start = rule.begins.after(anchors[rule.anchor])
        end = _end(rule, anchors)
        first, last = spans.get(rule.row, (start, None))
        start, end = max(start, first), min((d for d in (end, last) if d), default=None)
        if end is None or start < end:
            found.append(Phase(rule, start, end, anchors[rule.anchor]))
    return tuple(sorted(found, key=lambda phase: (phase.start, phase.rule.row)))


def _end(rule: Rule, anchors: Mapping[str, datetime.date]) -> datetime.date | None:
    """The end of a rule: '60' (months), '6 weeks', '120 from surgery', or open."""
    if rule.until in (OPEN, "-"):
        return None
    length, _, other = rule.until.partition(" from ")
    anchor = anchors.get(other or rule.anchor)
    return read_step(length).after(anchor) if anchor else None


def line(stages: Sequence[Phase], request: Request) -> Line:
    """The looks of one line. Raises ValueError without a phase or for phases of several tests."""
    if len({(phase.rule.authority, phase.rule.test) for phase in stages}) != 1:
        raise ValueError("a line has the phases of one test of one authority")
    walk = _Walk(request, stages[0].start, stages[0].start)
    looks: list[Look] = []
    while (phase := _phase_at(walk, stages)) and walk.last < request.until:
        look = _look(walk, stages, phase, len(looks) + 1)
        if look is None or look.day > request.until:
            break
        looks.append(look)
        if _is_single(look.rule):
            walk.once.add(look.rule)
    rule = stages[0].rule
    return Line(rule.authority, rule.test, tuple(looks), tuple(_silences(stages)))


def _phase_at(walk: _Walk, stages: Sequence[Phase]) -> Phase | None:
    """The phase that rules after the last look; where there is none, the next that begins."""
    day = walk.last + SLACK
    inside = [p for p in stages if p.start <= day and (p.end is None or day < p.end)]
    later = [p for p in stages if p.start > walk.last]
    phase = inside[-1] if inside else later[0] if later else None
    if phase and phase.rule in walk.once:  # its one look was made: on with what follows
        inside, phase = later, later[0] if later else None
    if phase is not walk.stage:
        walk.count_from(walk.last if inside else phase.start if phase else walk.last, phase)
    return phase


def _is_single(rule: Rule) -> bool:
    """True if a rule asks for one look: it lasts as long as its longest interval."""
    if rule.interval is None or rule.until in (OPEN, "-") or " from " in rule.until:
        return False
    end, start = read_step(rule.until), rule.begins
    return Step(end.months - start.months, end.weeks - start.weeks) == rule.interval.longest


def _look(walk: _Walk, stages: Sequence[Phase], phase: Phase, number: int) -> Look | None:
    """The next look, done or planned; None where the schedule ends before it.

    A scan more than a whole interval late is not that look: of that one there is no record.
    """
    look = _planned(walk, stages, phase, number)
    done = _next_done(walk)
    if look is not None and done == look.planned:  # as planned: what follows stays as it is
        _go_on(walk, look, phase)
        return replace(look, done=done, state=State.DONE)
    rule = (_rule_on(stages, done) if done else None) or phase.rule
    if done is not None and look is not None and _is_missed(walk.request, look, done, rule):
        _go_on(walk, look, phase)
        return replace(look, state=State.MISSED)
    if done is not None and _in_reach(look, done, stages):
        walk.count_from(done, None)
        kept = look or _extra(phase, number, done)
        return replace(kept, rule=rule, done=done, state=_how(walk.request, look, done))
    if look is None:
        return None
    today = walk.request.today
    grace = walk.request.grace_of(look)
    if today and today > look.latest + grace:
        walk.count_from(today, None)
        return replace(look, state=State.OVERDUE)
    _go_on(walk, look, phase)
    is_due = today is not None and today >= look.earliest - grace
    return replace(look, state=State.DUE if is_due else State.PLANNED)


def _planned(walk: _Walk, stages: Sequence[Phase], phase: Phase, number: int) -> Look | None:
    interval = phase.rule.interval
    assert interval is not None
    planned = walk.next(phase)
    earliest = min(interval.shortest.after(walk.last), planned)
    latest = max(interval.longest.after(walk.last), planned)
    look = Look(phase.rule, number, earliest, latest, planned, State.PLANNED)
    if phase.end is None or planned <= phase.end + SLACK:
        return look
    follower = next((p for p in stages if p.start > walk.last), None)
    if follower is None:
        if earliest - walk.request.grace_of(look) > phase.end:
            return None
        first = min(earliest, phase.end)
        return replace(look, earliest=first, planned=phase.end, latest=phase.end)
    return _across(walk, look, phase, follower)


def _across(walk: _Walk, look: Look, phase: Phase, follower: Phase) -> Look:
    """A look that falls into the next phase.

    Under the same anchor it stays where it is. Under another, or after a pause, the clock restarts;
    but no gap grows longer than the longer interval of the two phases.
    """
    assert phase.end is not None
    if follower.start > phase.end + SLACK:
        walk.count_from(follower.start, follower)
        return _restarted(walk, look, follower)
    if follower.rule.anchor == phase.rule.anchor:
        return look
    bound = max(walk.step(one).after(walk.last) for one in (phase, follower))
    walk.stage = follower
    return _restarted(walk, look, follower, bound)


def _restarted(
    walk: _Walk, look: Look, phase: Phase, bound: datetime.date = datetime.date.max
) -> Look:
    """The look as the first of a phase that begins anew, not later than `bound`."""
    interval, day = phase.rule.interval, phase.start
    assert interval is not None
    return replace(
        look,
        rule=phase.rule,
        earliest=min(interval.shortest.after(day), bound),
        latest=min(interval.longest.after(day), bound),
        planned=min(walk.step(phase).after(day), bound),
    )


def _go_on(walk: _Walk, look: Look, phase: Phase) -> None:
    """Step on to a look that was not disturbed; a look in another phase is a new base."""
    walk.steps += 1
    regular = walk.next(phase, 0) == look.planned
    walk.last = look.planned
    if look.rule is not phase.rule or not regular:
        walk.count_from(look.planned, walk.stage if look.rule is phase.rule else None)


def _next_done(walk: _Walk) -> datetime.date | None:
    request = walk.request
    known = [day for day in request.done if request.today is None or day <= request.today]
    return min((day for day in known if day > walk.last), default=None)


def _in_reach(look: Look | None, done: datetime.date, stages: Sequence[Phase]) -> bool:
    """True unless the schedule has ended by then."""
    end = stages[-1].end
    return look is not None or end is None or done <= end


def _is_missed(request: Request, look: Look, done: datetime.date, rule: Rule) -> bool:
    """True if the scan came so late that another look was due by then."""
    assert rule.interval is not None
    return done >= rule.interval.longest.after(look.planned) - request.grace_of(look)


def _rule_on(stages: Sequence[Phase], day: datetime.date) -> Rule | None:
    """The rule of the phase in which a day lies."""
    inside = [p.rule for p in stages if p.start < day and (p.end is None or day <= p.end)]
    return inside[-1] if inside else None


def _extra(phase: Phase, number: int, done: datetime.date) -> Look:
    return Look(phase.rule, number, done, done, done, State.DONE)


def _how(request: Request, look: Look | None, done: datetime.date) -> State:
    if look is None:
        return State.DONE
    grace = request.grace_of(look)
    if look.earliest - grace <= done <= look.latest + grace:
        return State.DONE
    return State.EARLY if done < look.earliest else State.LATE


def _silences(stages: Sequence[Phase]) -> Iterator[str]:
    """Where the authority says nothing between two phases."""
    for before, after in pairwise(stages):
        if before.end and after.start > before.end + SLACK:
            yield f"nothing is stated from {before.end} to {after.start}"
