"""Whether a clinician has released the patient's copy, and for what was known on which day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import live_events

RELEASE = "patient copy"


@dataclass(frozen=True, slots=True)
class Release:
    """The decision that released the copy. It covers what was known on its day, nothing later."""

    event: str
    day: datetime.date
    decided_by: str
    text: str


def release_of(record: Record, day: datetime.date | None) -> Release | None:
    """The last release known on `day`; None without one, without its day or without its clinician.

    A release is withdrawn like anything else in a record: by an event that corrects it.
    """
    found = [r for event in live_events(record, day) if (r := _release(event)) is not None]
    return max(found, key=lambda release: release.day) if found else None


def is_newer(record: Record, release: Release, day: datetime.date | None) -> bool:
    """True if events became known after the day of the release."""
    before = {event.id for event in live_events(record, release.day)}
    return any(event.id not in before for event in live_events(record, day))


def plans_of(record: Record, release: Release) -> tuple[Release, ...]:
    """What clinicians wrote down: the last decision that was no release, then the release itself.

    A note on the release alone would hide the board's plan; a plan in the release would be lost
    without it.
    """
    found = [
        _signed(event)
        for event in live_events(record, release.day)
        if event.kind == "decision" and not event.details.get("release")
    ]
    boards = [one for one in found if one and one.text]
    last = max(boards, key=lambda one: one.day, default=None)
    return (last, release) if last else (release,)


def _release(event: Event) -> Release | None:
    is_release = event.kind == "decision" and event.details.get("release") == RELEASE
    return _signed(event) if is_release else None


def _signed(event: Event) -> Release | None:
    """A decision with its day and its clinician; None without one of them."""
    days = days_of(event)
    by = str(event.details.get("decided_by") or "").strip()
    if not by or days is None or days[0] != days[1]:
        return None
    return Release(event.id, days[0], by, str(event.details.get("text") or ""))
