"""How the drugs of a course ended: which the disease grew on, and which were not tolerated.

The reason that was given counts first. Growth that the record reports while a drug ran, with an
end of that drug or a change to another, counts without one. Everything else stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stromal.facts.dictionary import Term
from stromal.facts.ending import NOT_TOLERATED, OTHER, PROGRESSION, REASONS, reasons
from stromal.facts.possible import Choices, Members
from stromal.facts.problem import Problem
from stromal.facts.record import Event
from stromal.facts.values import read_value
from stromal.plan.known.computed import Computed
from stromal.plan.known.course import STOP, Course, Run

GROWTH, INTOLERANCE = "progression", "last_drug_not_tolerated"
Answer = bool | None
"""None: the record leaves it open."""


def endings(course: Course, terms: Mapping[str, Term]) -> Iterator[tuple[str, Computed]]:
    """`drugs_failed` and `drugs_not_tolerated`, from the drugs that were left or raised."""
    for name, answer in (("drugs_failed", _failed), ("drugs_not_tolerated", _not_tolerated)):
        if name in terms:
            yield (
                name,
                _members(course, terms[name], [answer(r, course, terms) for r in course.runs]),
            )


def _members(course: Course, term: Term, answers: list[Answer]) -> Computed:
    yes = _drugs(course, term, answers, {True})
    events = tuple(e for run in course.runs for e in (run.start, run.stop) if e)
    return Computed(Members(yes, yes | _drugs(course, term, answers, {None})), events)


def _drugs(
    course: Course, term: Term, answers: list[Answer], wanted: set[Answer]
) -> frozenset[str]:
    runs = (run for run, one in zip(course.runs, answers, strict=True) if one in wanted)
    return frozenset(d if d in term.values else "other" for run in runs for d in run.drugs)


def _failed(run: Run, course: Course, terms: Mapping[str, Term]) -> Answer:
    """Whether the disease grew on a drug so that it was left, or its dose raised."""
    if any(reasons(event.details) == {PROGRESSION} for event in run.changes):
        return True
    end = _end(run, course)
    if end is None:
        return False
    why = _why(run)
    grown = _last_said(run, course, end, terms, GROWTH)
    if why == {PROGRESSION} or grown == frozenset(("general",)):
        return True
    if why == frozenset(REASONS) and grown is not None and "none" not in grown:
        return True
    return None if {PROGRESSION, OTHER} & why else False


def _not_tolerated(run: Run, course: Course, terms: Mapping[str, Term]) -> Answer:
    end = _end(run, course)
    if end is None:
        return False
    why = _why(run)
    if why == {NOT_TOLERATED}:
        return True
    if why != frozenset(REASONS):
        return None if {NOT_TOLERATED, OTHER} & why else False
    said = _last_said(run, course, end, terms, INTOLERANCE)
    return {frozenset(("yes",)): True, frozenset(("no",)): False}.get(said or frozenset())


def _why(run: Run) -> frozenset[str]:
    """The reasons possible of the end; all where the drug was only followed by another."""
    stopped = run.stop is not None and run.stop.kind == STOP
    return reasons(run.stop.details if run.stop and stopped else {})


def _end(run: Run, course: Course) -> float | None:
    """Where a drug was stopped or another took its place; None while it goes on alone."""
    start = course.when(run.start)
    after = [course.when(other.start) for other in course.runs if course.when(other.start) > start]
    if run.stop is not None:
        after.append(course.when(run.stop))
    return min(after, default=None)


def _last_said(
    run: Run, course: Course, end: float, terms: Mapping[str, Term], name: str
) -> frozenset[str] | None:
    """What was said last of the drug while it ran; None if nothing was."""
    start = course.when(run.start)
    events = [e for e in course.events if name in e.facts and start < course.when(e) <= end]
    return _words(events[-1], terms, name) if events and name in terms else None


def _words(event: Event, terms: Mapping[str, Term], name: str) -> frozenset[str] | None:
    value = read_value(terms[name], event.facts[name])
    if isinstance(value, Problem) or not isinstance(value.possible, Choices):
        return None
    return value.possible.values
