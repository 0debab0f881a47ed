"""Which tumour drugs are being taken, and at which dose, from the record's own events."""

from __future__ import annotations

import datetime
import re

from stromal.facts.possible import Numbers
from stromal.facts.record import Event, Record
from stromal.facts.timeline import live_events
from stromal.followup.cycles import without_cycle
from stromal.plan.drugs.rules import parts_of, single
from stromal.plan.patient import Patient

_DAILY = re.compile(
    r"(?P<amount>\d+(?:\.\d+)?)\s*mg(?:"
    r"(?:\s+(?P<times>once|twice))?(?:\s+(?:daily|a day|per day)|\s*/\s*(?:d|day))"
    r"|\s+(?:o\.?d\.?|q\.?d\.?|(?P<twice>b\.?i\.?d\.?|b\.?d\.?)))",
    re.IGNORECASE,
)


def drugs_taken(patient: Patient, record: Record, day: datetime.date | None) -> tuple[str, ...]:
    """The drugs started and not stopped by `day`, and the last one that the record names."""
    taken: dict[str, None] = {}
    for event in _drug_events(record, day):
        for drug in _drugs(event):
            if event.kind == "drug stop":
                taken.pop(drug, None)
            else:
                taken[drug] = None
    last = single(patient.known.get("last_drug"))
    if last and not _stopped(record, day, last):
        taken.update(dict.fromkeys(parts_of(last)))
    return tuple(taken)


def daily_dose(record: Record, day: datetime.date | None, drug: str) -> Numbers | None:
    """The mg per day of the last start or change of the drug; None if it is not written so.

    A start or change without a dose makes the dose unknown, whatever was written before.
    Only "400 mg daily", "400 mg once daily", "400 mg twice daily", "400 mg/day" and the short
    forms "od", "qd", "bid" and "bd" are read, with or without a schedule ("4 weeks on, 2 weeks
    off"), which changes no dose of a day.
    """
    events = [event for event in _drug_events(record, day) if drug in _drugs(event)]
    if not events or events[-1].kind == "drug stop":
        return None
    return read_daily(str(events[-1].details.get("dose", "")))


def read_daily(text: str) -> Numbers | None:
    """The mg per day that a dose as written means; None if it is not written as a daily dose."""
    match = _DAILY.fullmatch(without_cycle(text))
    if match is None:
        return None
    times = 2 if match["twice"] or (match["times"] or "").lower() == "twice" else 1
    amount = float(match["amount"]) * times
    return Numbers.between(amount, amount)


def _drug_events(record: Record, day: datetime.date | None) -> list[Event]:
    kinds = ("drug start", "dose change", "drug stop")
    events = [event for event in live_events(record, day) if event.kind in kinds]
    return sorted(events, key=lambda event: event.day)


def _drugs(event: Event) -> tuple[str, ...]:
    return parts_of(str(event.details.get("drug", "")).strip().lower())


def _stopped(record: Record, day: datetime.date | None, drug: str) -> bool:
    """True if the last event of the drug is its stop, so that it is no longer taken."""
    events = [e for e in _drug_events(record, day) if set(parts_of(drug)) & set(_drugs(e))]
    return bool(events) and events[-1].kind == "drug stop"
