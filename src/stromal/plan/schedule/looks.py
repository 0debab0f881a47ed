"""Which event of the record is the look that a schedule asks for.

A scan counts by its modality: an ultrasound is no CT, an endoscopy no endoscopic ultrasound. What
is not recorded is not guessed: such a look counts by the convention of the calendar, and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from stromal.facts.record import Event
from stromal.plan.schedule.conventions import Conventions

CT, MRI, PET_CT, PET, ULTRASOUND = "CT", "MRI", "PET-CT", "PET", "ultrasound"
ENDOSCOPIC_ULTRASOUND, ENDOSCOPY = "endoscopic ultrasound", "endoscopy"
X_RAY, OTHER = "X-ray", "other"
_MODALITIES = (
    (OTHER, r"colonoscop|capsule|enteroscop"),
    (ENDOSCOPIC_ULTRASOUND, r"endoscopic ultraso|endosonograph|\beus\b"),
    (PET_CT, r"\bpet\W?ct\b"),
    (PET, r"\bpet\b"),
    (X_RAY, r"\bx-?ray|radiograph"),
    (CT, r"\bct\b|computed tomograph"),
    (MRI, r"\bmri?\b|magnetic resonance"),
    (ULTRASOUND, r"ultraso|sonograph"),
    (ENDOSCOPY, r"scop|\b(?:egd|ogd)\b"),
)
_PLACES = (
    ("chest", r"chest|thora|lung"),
    ("brain", r"brain|head|skull|cerebr"),
    ("neck", r"neck"),
    ("abdomen", r"abdom|liver|pelvi|stomach|bowel"),
    ("whole body", r"whole.body|head, neck, abdomen|trunk"),
)
_COUNT = (
    "blood count", "haemoglobin", "neutrophils", "platelets", "white cells", "lymphocytes", "hb",
    "anc", "absolute neutrophil count", "thrombocytes", "wbc", "leucocytes", "leukocytes",
    "hgb", "plt", "thrombo", "wcc", "leuko", "neut", "lymph",
)  # fmt: skip
_LIVER = (
    "liver tests", "alt", "ast", "bilirubin", "alkaline phosphatase", "alat", "asat", "alp",
    "total bilirubin", "gpt", "sgpt", "got", "sgot", "bili", "ap",
)  # fmt: skip
_KIDNEY = ("kidney function", "creatinine", "creatinine clearance", "egfr", "crea", "creat", "krea")
_LABORATORY: Mapping[str, tuple[str, ...]] = {
    "blood count": _COUNT,
    "liver tests": _LIVER,
    "liver tests and lipase": _LIVER,
    "kidney function": _KIDNEY,
    "thyroid function": ("thyroid function", "tsh", "thyrotropin", "free t4", "ft4"),
    "blood pressure": ("blood pressure", "bp", "systolic pressure", "diastolic pressure"),
    "ejection fraction": ("ejection fraction", "lvef"),
    "ECG with potassium and magnesium": (
        "electrocardiogram",
        "ecg",
        "corrected qt interval",
        "qtc",
        "qtcf",
    ),
    "skin examination": ("skin examination",),
    "metanephrines": ("metanephrines",),
}
"""By which tests of the record a check is done."""


class Match(StrEnum):
    """How an event answers a line of a schedule."""

    YES = "yes"
    STANDS_FOR = "stands for it"
    UNSAID = "modality not recorded"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """The events that count as looks of a line, with how they count."""

    event: Event
    match: Match


def modality_of(event: Event) -> str:
    """The modality of a scan or endoscopy; '' where the record does not say it."""
    said = str(event.details.get("modality") or "").strip().lower()
    if not said:
        return ""
    return next((name for name, words in _MODALITIES if re.search(words, said)), OTHER)


def places_of(event: Event) -> frozenset[str]:
    """The parts of the body that a scan looked at; empty where the record does not say it."""
    said = f"{event.details.get('region') or ''} {event.details.get('modality') or ''}".lower()
    return frozenset(name for name, words in _PLACES if re.search(words, said))


def is_look(event: Event) -> bool:
    """True for a scan or endoscopy, of whatever modality."""
    return event.kind in ("imaging", "endoscopy")


def answers(events: Iterable[Event], test: str, settings: Conventions) -> Iterator[Answer]:
    """The dated events that count for a test, oldest first as they stand in the record."""
    for event in events:
        match = match_of(event, test, settings) if event.day else Match.NO
        if match is not Match.NO:
            yield Answer(event, match)


def match_of(event: Event, test: str, settings: Conventions) -> Match:
    """Whether an event is the look that a line asks for."""
    if _tests(event) & set(_LABORATORY.get(test, ())):
        return Match.YES
    if "visit" in test or event.kind == "visit":
        return Match.YES if "visit" in test and event.kind == "visit" else Match.NO
    if not is_look(event):
        return Match.NO
    return _modality_match(event, test, settings)


def _tests(event: Event) -> set[str]:
    values = event.details.get("values")
    names = [event.details.get("test"), *(values if isinstance(values, Mapping) else ())]
    return {str(name).strip().lower() for name in names if name}


def _modality_match(event: Event, test: str, settings: Conventions) -> Match:
    wanted = wanted_modalities(test)
    endoscopic = bool(wanted & {ENDOSCOPY, ENDOSCOPIC_ULTRASOUND})
    wanted -= {ENDOSCOPY} if ENDOSCOPIC_ULTRASOUND in wanted else set()  # it is one
    had = modality_of(event)
    if not wanted or (not had and endoscopic != (event.kind == "endoscopy")):
        return Match.NO
    if not _place_fits(places_of(event), test):
        return Match.NO
    if not had:
        return Match.UNSAID if settings.says("a look without its modality", "counts") else Match.NO
    return Match.YES if had in wanted else _stand_in(had, wanted, settings)


def _stand_in(had: str, wanted: frozenset[str], settings: Conventions) -> Match:
    ct = had == MRI and CT in wanted and settings.says("MRI stands for CT", "yes")
    scope = had == ENDOSCOPIC_ULTRASOUND and wanted == {ENDOSCOPY}
    scope = scope and settings.says("endoscopic ultrasound stands for endoscopy", "yes")
    return Match.STANDS_FOR if ct or scope else Match.NO


def _place_fits(places: frozenset[str], test: str) -> bool:
    """True unless the record says that another part of the body was looked at."""
    if not places or "whole body" in places:
        return True
    if "whole-body" in test or "head" in test:
        return {"abdomen", "brain"} <= places
    return ("chest" if "chest" in test else "abdomen") in places or "endoscop" in test


@cache
def wanted_modalities(test: str) -> frozenset[str]:
    """The modalities that a line allows, as its words name them.

    >>> sorted(wanted_modalities("CT of the abdomen and pelvis or ultrasound"))
    ['CT', 'ultrasound']
    >>> sorted(wanted_modalities("CT or PET-CT"))
    ['CT', 'PET-CT']
    """
    words, found = test.lower(), set()
    for name, pattern in _MODALITIES:
        if re.search(pattern, words):
            found.add(name)
            words = re.sub(rf"({pattern})\w*", " ", words)
    return frozenset(found)
