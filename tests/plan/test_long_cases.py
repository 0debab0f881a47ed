"""Courses over years, replayed day by day: nothing lost, every change explained, twice the same."""

import datetime
import json
from itertools import pairwise
from pathlib import Path

import pytest

from stromal.cli.machine import plain_data
from stromal.facts.fact import State
from stromal.facts.record import Record, days_of, read_record_file
from stromal.facts.timeline import live_events
from stromal.library import Library
from stromal.plan.differences import Differences, differences
from stromal.plan.make import Made, make_plan

CASES = sorted((Path(__file__).parents[2] / "cases" / "long").glob("*.yaml"))
GUIDELINES = ("ESMO",)
LEAST_LONG = 10
LONG = 10


def days(record: Record) -> list[datetime.date]:
    spans = (days_of(event) for event in record.events)
    return sorted({span[0] for span in spans if span})


def replay(library: Library, record: Record) -> list[Made]:
    return [make_plan(library, record, day, GUIDELINES) for day in days(record)]


def as_text(plans: list[Made], steps: list[Differences]) -> str:
    return json.dumps([plain_data([made.plan for made in plans]), plain_data(steps)])


def test_ten_published_courses_have_ten_dated_events_or_more() -> None:
    records = [read_record_file(path) for path in CASES]
    long = [r for r in records if sum(bool(event.day) for event in r.events) >= LONG]
    published = [r.id for r in long if not r.source.startswith("constructed")]
    assert len(published) >= LEAST_LONG


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_course_replayed_loses_no_fact_and_explains_every_change(
    path: Path, library: Library
) -> None:
    record = read_record_file(path)
    plans = replay(library, record)
    steps = [differences(before, after) for before, after in pairwise(plans)]
    for day, made in zip(days(record), plans, strict=True):
        assert not lost(record, made, day)
    for (before, after), step in zip(pairwise(plans), steps, strict=True):
        assert not unexplained(step)
        assert not unseen(before, after, step)
    again = replay(library, read_record_file(path))
    steps_again = [differences(b, a) for b, a in pairwise(again)]
    assert as_text(plans, steps) == as_text(again, steps_again)


def lost(record: Record, made: Made, day: datetime.date) -> list[str]:
    """Facts that an event known on the day tells, and that the plan knows nothing of."""
    found = []
    for event in live_events(record, day):
        for name in event.facts:
            fact = made.patient.facts.get(name)
            came_from = {origin.event for origin in fact.origins} if fact else set()
            open_again = f"{name.replace('_', ' ')} ("
            told = any(note.startswith(open_again) for note in made.plan.notes)
            if fact is None or fact.state is State.UNKNOWN:
                found += [] if told else [f"{day}, {name} of {event.id}: gone"]
            elif not came_from:
                found.append(f"{day}, {name}: from nowhere")
    return found


def unexplained(step: Differences) -> list[str]:
    """Changes without a cause, and causes without an event, an edition or the day."""
    names = {cause.name for cause in step.causes}
    bare = [c.name for c in step.causes if c.kind in ("fact", "time") and not c.events]
    changes = [c for c in step.changes if c.what != "side effect"]
    return bare + [c.name for c in changes if not c.because or not set(c.because) <= names]


def unseen(before: Made, after: Made, step: Differences) -> list[str]:
    """Facts that differ though no cause says so."""
    named = {cause.name for cause in step.causes}
    old, new = before.patient.known, after.patient.known
    return [n for n in old.keys() & new.keys() if old[n] != new[n] and n not in named]
