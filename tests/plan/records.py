"""Records written as text, for tests of the plan."""

from __future__ import annotations

from stromal.facts.record import Record, read_record

IMATINIB = (
    "{id: start, kind: drug start, day: 2025-01-10, drug: imatinib, dose: 400 mg daily, "
    "purpose: advanced}"
)


def record_of(*events: str, facts: str = "sex: female, age: 60") -> Record:
    """The record with these events, in the order given."""
    lines = "".join(f"  - {event}\n" for event in events)
    return read_record(f"id: p\nfacts: {{{facts}}}\nevents:\n{lines}".encode(), "p.yaml")


def count(day: str, values: str, more: str = "", name: str = "") -> str:
    """A laboratory event."""
    lead = f"id: {name}, " if name else ""
    return (
        f"{{{lead}kind: laboratory, day: {day}, values: {{{values}}}{', ' + more if more else ''}}}"
    )
