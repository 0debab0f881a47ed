"""What a reader of the calendar must know beside the dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.possible import Numbers
from stromal.facts.record import Event
from stromal.followup.months import add_months
from stromal.plan.known.course import Course, Run, first_day
from stromal.plan.patient import Patient
from stromal.plan.schedule.conventions import Conventions
from stromal.plan.schedule.looks import Answer, Match
from stromal.plan.schedule.radiation import Coming, Given, Span

TOO_LONG = (
    "The drug was given for more than 3 years: most schedules name no interval for the time "
    "beyond, and those that count from surgery have thinned out before it ends."
)
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What the notes speak of.

    `drug_until` is the end of the drug that was assumed, `risk` the classes that count, `answers`
    the events that count as looks.
    """

    drug_until: datetime.date | None
    risk: tuple[str, ...]
    anchors: Mapping[str, datetime.date]
    answers: Sequence[Answer]
    dose: Given
    settings: Conventions


def adjuvant(course: Course) -> Run | None:
    """The adjuvant drug after the last removal."""
    if not course.removals:
        return None
    removed = first_day(course.removals[-1])
    runs = [run for run in course.runs if first_day(run.start) >= removed]
    return next((run for run in reversed(runs) if run.purposes == {"adjuvant"}), None)


def stop_of(run: Run, assumed: datetime.date | None) -> datetime.date | None:
    """The day on which a drug stopped, or is to stop as assumed."""
    if run.stop is None:
        return assumed
    return first_day(run.stop) if run.stop.day else None


def notes(patient: Patient, course: Course, seen: Seen) -> Iterator[str]:
    """The notes, the most pressing first."""
    yield from _of_dose(patient, seen)
    yield from _of_course(course, seen)
    yield from _of_looks(seen)


def _of_dose(patient: Patient, seen: Seen) -> Iterator[str]:
    """The dose at the top for a patient who is, or may be, young."""
    age, young = patient.known.get("age"), seen.settings.young
    if not young or not seen.anchors or not isinstance(age, Numbers) or not age.intervals:
        return
    if age == patient.library.terms["age"].domain or age.intervals[0].low >= young:
        return
    given = dose_words(seen.dose.dose)
    yield (
        f"Below {young} years: the CTs of the record gave {given}; where a schedule allows MRI it "
        f"spares the dose of those to come (the side-by-side table has both)."
    )


def _of_course(course: Course, seen: Seen) -> Iterator[str]:
    run = adjuvant(course)
    if run and not run.stop:
        when = f"on {seen.drug_until}, as assumed" if seen.drug_until else "has no day yet"
        yield f"The stop of the adjuvant drug {when}; ESMO and the UK count anew from it."
    stop = stop_of(run, seen.drug_until) if run else None
    if run and stop and stop > add_months(first_day(run.start), 37):
        yield TOO_LONG
    if len(seen.risk) > 1:
        yield "The risk class is open: " + " or ".join(seen.risk) + "."
    vague = [e for e in (*course.removals[-1:], *(r.start for r in course.running))
             if 0 < len(e.day) < 10]  # fmt: skip
    for event in vague:
        yield f"The day of the {event.kind} is not exact ({event.day}): its first day is taken."
    if not seen.anchors:
        yield "The record has no dated event to count from."


def _of_looks(seen: Seen) -> Iterator[str]:
    for match, words in (
        (Match.UNSAID, "has no modality and counts as the look of its day; add 'modality: CT' "
                       "(or MRI, ultrasound ...) to the event"),
        (Match.STANDS_FOR, "stands for what the schedule names (convention)"),
    ):  # fmt: skip
        events = {one.event.id: one.event for one in seen.answers if one.match is match}
        if events:
            yield f"{_named(list(events.values()))} {words}."
    if seen.dose.unread:
        days = ", ".join(seen.dose.unread[:MOST_NAMED])
        yield f"No dose was read for the examination of {days}: it is not in the sum."


def _named(events: Sequence[Event]) -> str:
    """'The imaging of 2024-08-20, 2025-02-25 and 3 more'."""
    days = ", ".join(event.day for event in events[:MOST_NAMED])
    more = f" and {len(events) - MOST_NAMED} more" if len(events) > MOST_NAMED else ""
    return f"The {events[0].kind} of {days}{more}"


def dose_words(span: Span) -> str:
    """'15.4 to 20 mSv', or one number where all prints agree."""
    least, most = f"{span.least:.4g}", f"{span.most:.4g}"
    return f"{least} mSv" if least == most else f"{least} to {most} mSv"


def coming_words(coming: Coming) -> tuple[str, str]:
    """The dose of the looks to come by CT and by MRI; what has no dose in the documents is said."""
    if coming.unread and coming.unread == coming.looks:
        return "not read", "not read"
    more = f", {coming.unread} looks not read" if coming.unread else ""
    return dose_words(coming.with_ct) + more, dose_words(coming.with_mri) + more
