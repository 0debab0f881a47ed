"""The closed list of events, and the keys that a kind has of its own."""

from __future__ import annotations

from collections.abc import Mapping

from stromal.facts.laboratory import LABORATORY_KEYS, VALUE_KEYS
from stromal.facts.taking import DIARY_KEYS, PAUSE_KEYS, QUESTIONNAIRE_KEYS, REFILL_KEYS, STAY_KEYS

EVENT_KINDS = (
    "imaging", "endoscopy", "biopsy", "resection", "pathology", "molecular test", "drug start",
    "drug stop", "dose change", "drug level", "laboratory", "adverse event", "questionnaire",
    "status", "history", "decision", "visit", "refill", "pause", "hospital stay", "diary",
)  # fmt: skip
MEANT = {
    "ct": "imaging", "mri": "imaging", "pet": "imaging", "scan": "imaging", "lab": "laboratory",
    "labs": "laboratory", "blood": "laboratory", "surgery": "resection", "operation": "resection",
    "histology": "pathology", "mutation": "molecular test", "genetics": "molecular test",
    "side effect": "adverse event", "toxicity": "adverse event", "board": "decision",
    "prescription": "refill", "start": "drug start", "stop": "drug stop", "dose": "dose change",
    "note": "visit", "clinic": "visit", "admission": "hospital stay",
}  # fmt: skip
"""What people write for a kind; a hint in the message, never a guess."""
IMAGING_KEYS = (
    "modality", "slice_thickness", "phase", "baseline", "lesions", "non_targets", "new_lesions",
    "symptomatic_worsening", "uptake",
)  # fmt: skip
OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "imaging": ("region", *IMAGING_KEYS),
    "endoscopy": ("modality",),
    "drug start": ("drug", "dose", "purpose"),
    "drug stop": ("drug", "because"),
    "dose change": ("drug", "dose", "because"),
    "drug level": ("drug", "level", "hours_after_dose"),
    "laboratory": LABORATORY_KEYS,
    "visit": VALUE_KEYS,
    "refill": REFILL_KEYS,
    "pause": PAUSE_KEYS,
    "hospital stay": STAY_KEYS,
    "diary": DIARY_KEYS,
    "adverse event": ("term", "grade", "ctcae", "drug", "occurrence"),
    "questionnaire": QUESTIONNAIRE_KEYS,
    "decision": ("text", "option", "dissent", "decided_by", "release"),
}
NEEDED_KEYS: Mapping[str, tuple[str, ...]] = {
    "drug start": ("drug",),
    "drug stop": ("drug",),
    "dose change": ("drug", "dose"),
    "drug level": ("drug", "level"),
    "adverse event": ("term",),
    "decision": ("text",),
    "refill": ("drug",),
}
"""Without these an event of the kind says nothing."""
AFTER_DEATH = ("pathology", "molecular test", "history", "decision")
"""Kinds that may carry a day after the death."""
