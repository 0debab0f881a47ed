"""Where the schedules of one patient differ: computed line by line, not written down.

What an authority does not state is unknown, and unknown is no difference; that it advises no look
is one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from stromal.followup.calendar import NONE, Line, Look, Rule
from stromal.followup.months import Step, add_months
from stromal.plan.schedule.follow_up import FollowUp, Stated
from stromal.plan.schedule.looks import ENDOSCOPIC_ULTRASOUND, ENDOSCOPY, X_RAY, wanted_modalities

NO_LOOK, UNKNOWN, NO_LOOK_IN_YEAR = "none advised", "not stated", "no look"
YEAR = "interval in year"
IMAGING, VISIT = "imaging of the abdomen", "visit"


@dataclass(frozen=True, slots=True)
class Side:
    """One authority's schedule of a topic, in words that can be held against another's.

    `years` are the intervals of each year from the common day; '' where the schedule has ended.
    `rows` are the rows it rests on; `known` is False where the authority states nothing.
    """

    authority: str
    examination: str
    anchors: str
    first: str
    years: tuple[str, ...]
    looks: int | None
    end: str
    standing: str
    rows: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that can differ: each value with the authorities that hold it."""

    name: str
    held: Mapping[str, tuple[str, ...]]

    @property
    def pairs(self) -> int:
        """How many pairs of authorities differ in it."""
        sizes = [len(several) for several in self.held.values()]
        return sum(one * other for one, other in combinations(sizes, 2))


@dataclass(frozen=True, slots=True)
class Topic:
    """The schedules of one kind of look, side by side from a common day, and what differs."""

    name: str
    start: datetime.date
    sides: tuple[Side, ...]
    differences: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class SchedulesCompared:
    """All topics; `differences` counts what differs, each pair of authorities once."""

    topics: tuple[Topic, ...]
    differences: int


def compare_schedules(found: FollowUp, years: int = 10) -> SchedulesCompared:
    """Hold the schedules of a patient against each other, topic by topic."""
    topics = tuple(_topics(found, years))
    return SchedulesCompared(topics, sum(one.pairs for t in topics for one in t.differences))


def topic_of(test: str) -> str:
    """What a test is compared with: all scans of the abdomen are one topic.

    >>> topic_of("CT or MRI of the abdomen and pelvis"), topic_of("blood count")
    ('imaging of the abdomen', 'blood count')
    """
    wanted = wanted_modalities(test)
    if wanted & {ENDOSCOPIC_ULTRASOUND, ENDOSCOPY}:
        return ENDOSCOPY
    if X_RAY in wanted:
        return test
    return IMAGING if wanted else VISIT if VISIT in test else test


def _topics(found: FollowUp, years: int) -> Iterator[Topic]:
    lines: dict[str, list[Line]] = {}
    stated: dict[str, list[Stated]] = {}
    for schedule in found.schedules:
        for line in schedule.lines:
            lines.setdefault(topic_of(line.test), []).append(line)
        for one in schedule.stated:
            if not one.depends_on:
                stated.setdefault(topic_of(one.rule.test), []).append(one)
    for name in dict.fromkeys((*lines, *stated)):
        mine = lines.get(name, [])
        start = _start(found, mine)
        if start is None:
            continue
        sides = [_side(line, start, years) for line in mine]
        heard = {side.authority for side in sides}
        sides += [_silent(one, years) for one in stated.get(name, ())
                  if one.rule.authority not in heard]  # fmt: skip
        yield Topic(name, start, tuple(sides), tuple(_differences(sides)))


def _start(found: FollowUp, lines: Sequence[Line]) -> datetime.date | None:
    """The earliest day from which a line of the topic counts."""
    anchors = {look.rule.anchor for line in lines for look in line.looks[:1]}
    days = [found.anchors[name] for name in anchors if name in found.anchors]
    return min(days or found.anchors.values(), default=None)


def _side(line: Line, start: datetime.date, years: int) -> Side:
    looks = [look for look in line.looks if look.planned <= add_months(start, 12 * years)]
    rules = list(dict.fromkeys(look.rule for look in line.looks))
    return Side(
        authority=line.authority,
        examination=line.test,
        anchors=", then ".join(dict.fromkeys(rule.anchor for rule in rules)),
        first=str(looks[0].planned) if looks else "",
        years=tuple(_year(looks, start, number) for number in range(years)),
        looks=len(looks),
        end=_end(rules[-1]) if rules else "",
        standing=", ".join(dict.fromkeys(rule.standing for rule in rules if rule.standing)),
        rows=tuple(dict.fromkeys(rule.row for rule in rules)),
        known=True,
    )


def _year(looks: Sequence[Look], start: datetime.date, number: int) -> str:
    """The intervals of the looks of one year from the start."""
    first, last = add_months(start, 12 * number), add_months(start, 12 * number + 12)
    inside = [look.rule for look in looks if first < look.planned <= last]
    return "; ".join(dict.fromkeys(interval_words(rule) for rule in inside))


def interval_words(rule: Rule) -> str:
    """An interval in months, or weeks where the source counts them: '3-6', '12 w'."""
    if rule.interval is None:
        return rule.every
    ends = dict.fromkeys((rule.interval.shortest, rule.interval.longest))
    return "-".join(_length(step) for step in ends)


def _length(step: Step) -> str:
    return f"{step.weeks} w" if step.weeks else str(step.months)


def _end(rule: Rule) -> str:
    if rule.until in ("open", "-"):
        return "no end stated"
    length, _, other = rule.until.partition(" from ")
    unit = length if "week" in length else f"{length} months"
    return f"{unit} after {other or rule.anchor}"


def _silent(stated: Stated, years: int) -> Side:
    rule = stated.rule
    advised = rule.every == NONE
    words = NO_LOOK if advised else UNKNOWN
    rows = (rule.row,)
    return Side(rule.authority, rule.test, rule.anchor, words, (words,) * years,
                0 if advised else None, words, rule.standing, rows, advised)  # fmt: skip


def _differences(sides: Sequence[Side]) -> Iterator[Aspect]:
    """The aspects in which the sides that state something part."""
    known = [side for side in sides if side.known]
    aspects = {
        "examination": [side.examination for side in known],
        "counted from": [side.anchors for side in known],
        "first look": [side.first for side in known],
        "number of looks": [str(side.looks) for side in known],
        "end": [side.end for side in known],
    }
    for number in range(len(known[0].years) if known else 0):
        values = [side.years[number] or NO_LOOK_IN_YEAR for side in known]
        aspects[f"{YEAR} {number + 1}"] = values
    for name, values in aspects.items():
        held: dict[str, list[str]] = {}
        for side, value in zip(known, values, strict=True):
            held.setdefault(value, []).append(side.authority)
        if len(held) > 1:
            yield Aspect(name, {value: tuple(several) for value, several in held.items()})


def in_spans(differences: Sequence[Aspect]) -> Iterator[Aspect]:
    """The same, with years that follow one another and differ alike told as one span."""
    spans: list[tuple[Aspect, str]] = []
    for aspect in differences:
        last = aspect.name.rpartition(" ")[2]
        if spans and aspect.name.startswith(YEAR) and spans[-1][0].held == aspect.held:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((aspect, last))
    for aspect, last in spans:
        more = "" if aspect.name.endswith(last) else f" to {last}"
        yield Aspect(aspect.name + more, aspect.held)
