"""The other medicines of a record: names as written, and the interaction classes behind them."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices
from stromal.facts.record import Event, Record
from stromal.facts.timeline import live_events
from stromal.plan.assessment import Basis
from stromal.plan.patient import Patient, basis
from stromal.tables.decide import decide

MEDICATION = "co_medication"
MEDICATIONS = "co_medications"
CLASSES = "therapy/co-medications"
NOT_LISTED = "another medicine"
NONE = frozenset(("none", "no other medicines", "no other medicine"))
UNKNOWN = frozenset(("?", "unknown", "not recorded", "pending", "not done", "not applicable", ""))
_BETWEEN = re.compile(r"[,;\n]|\s\+\s|\sand\s")
_DOSE = re.compile(r"\b\d[\d.,/]*\s*(?:mg|g|ug|mcg|µg|ml|iu|units?|%)?\b.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Medicine:
    """One other medicine. `name` is '' where the list does not know it; `near` are its likes."""

    written: str
    name: str
    day: str
    event: str
    classes: tuple[str, ...]
    bases: tuple[Basis, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Medicines:
    """The other medicines; `stated` is False where the record says nothing of them."""

    stated: bool
    medicines: tuple[Medicine, ...]


def medicines_of(patient: Patient, record: Record, day: datetime.date | None) -> Medicines:
    """Every other medicine that an event known on `day` names, each written form once."""
    found: dict[str, Medicine] = {}
    stated = False
    for event in live_events(record, day):
        for text in _texts(event):
            stated = True
            for part in _parts(text):
                for name in names_in(patient.library.terms[MEDICATION], part) or ("",):
                    key = name or part.lower()
                    found.setdefault(key, _medicine(patient, event, part, name))
    return Medicines(stated, tuple(found.values()))


def names_in(term: Term, text: str) -> tuple[str, ...]:
    """The medicines of the dictionary whose generic or brand name stands in the text.

    A longer name hides a shorter one within it; the dose and other words do not matter.
    """
    spellings = _spellings(term)
    left = " ".join(text.lower().split())
    found: dict[str, None] = {}
    for spelling in sorted(spellings, key=len, reverse=True):
        pattern = rf"(?<![a-z]){re.escape(spelling)}(?![a-z])"
        if re.search(pattern, left):
            found.update(dict.fromkeys(spellings[spelling]))
            left = re.sub(pattern, "|", left)
    return tuple(sorted(found))


def _spellings(term: Term) -> Mapping[str, tuple[str, ...]]:
    names = {value.lower(): (value,) for value in term.values if value != NOT_LISTED}
    brands = {name.lower(): tuple(sorted(values)) for name, values in term.synonyms.items()}
    return {**brands, **names}


def _texts(event: Event) -> Iterator[str]:
    for name in (MEDICATIONS, MEDICATION):
        raw = event.facts.get(name)
        for item in raw if isinstance(raw, list) else [raw]:
            if item is False:  # "no" in YAML
                yield "none"
            elif isinstance(item, str | int | float) and str(item).strip().lower() not in UNKNOWN:
                yield str(item)


def _parts(text: str) -> Iterable[str]:
    parts = (" ".join(part.split()) for part in _BETWEEN.split(text))
    return [part for part in parts if part and part.lower() not in NONE]


def _medicine(patient: Patient, event: Event, written: str, name: str) -> Medicine:
    bases = tuple(_class_rows(patient, name)) if name else ()
    classes = dict.fromkeys(b.outputs["interaction_class"] for b in bases)
    return Medicine(
        written=written,
        name=name,
        day=event.day,
        event=event.id,
        classes=tuple(c for c in classes if c != "-"),
        bases=bases,
        near=() if name else _near(patient.library.terms[MEDICATION], written),
    )


def _class_rows(patient: Patient, name: str) -> Iterator[Basis]:
    compiled = patient.network.by_id.get(CLASSES)
    if compiled is None:
        return
    answer = decide(compiled, {MEDICATION: Choices.of(name)})
    told = Patient(
        patient.library,
        patient.network,
        patient.facts,
        {**patient.known, MEDICATION: Choices.of(name)},
        patient.answers,
    )
    for row in answer.certain_rows:
        yield basis(told, compiled.table, row)


def _near(term: Term, written: str) -> tuple[str, ...]:
    word = _DOSE.sub("", written).strip().lower()
    spellings = _spellings(term)
    close = difflib.get_close_matches(word, spellings, n=3, cutoff=0.7)
    return tuple(dict.fromkeys(name for spelling in close for name in spellings[spelling]))
