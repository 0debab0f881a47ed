"""The closed list of events, and the keys that a kind has of its own."""

from __future__ import annotations

from collections.abc import Mapping

EVENT_KINDS = (
    "imaging", "endoscopy", "biopsy", "resection", "pathology", "molecular test", "drug start",
    "drug stop", "dose change", "drug level", "laboratory", "adverse event", "questionnaire",
    "status", "history", "decision", "visit",
)  # fmt: skip
OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "drug start": ("drug", "dose", "purpose"),
    "drug stop": ("drug", "because"),
    "dose change": ("drug", "dose", "because"),
    "drug level": ("drug", "level", "hours_after_dose"),
    "laboratory": ("test", "value"),
    "adverse event": ("term", "grade", "ctcae", "drug", "occurrence"),
    "questionnaire": ("name", "answers"),
    "decision": ("text", "option", "dissent", "decided_by", "release"),
}
NEEDED_KEYS: Mapping[str, tuple[str, ...]] = {
    "drug start": ("drug",),
    "drug stop": ("drug",),
    "dose change": ("drug", "dose"),
    "drug level": ("drug", "level"),
    "adverse event": ("term",),
    "decision": ("text",),
}
"""Without these an event of the kind says nothing."""
AFTER_DEATH = ("pathology", "molecular test", "history", "decision")
"""Kinds that may carry a day after the death."""
