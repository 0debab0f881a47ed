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


def _release(event: Event) -> Release | None:
    days = days_of(event)
    by = str(event.details.get("decided_by") or "").strip()
    if event.kind != "decision" or event.details.get("release") != RELEASE or not by:
        return None
    if days is None or days[0] != days[1]:
        return None
    return Release(event.id, days[0], by, str(event.details.get("text") or ""))
