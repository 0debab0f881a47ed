"""Side effects of the record: what the label of the drug says to do about each."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.days import last_day
from stromal.facts.dictionary import Term
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import as_of, live_events
from stromal.facts.values import read_value
from stromal.library import Library
from stromal.plan.drugs.rules import Rule, drug_names, parts_of, rules, section, single, with_facts
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import daily_dose, drugs_taken
from stromal.plan.patient import Patient

DOSE_CHANGES = "dose-changes"
EFFECT, GRADE, OCCURRENCE = "side_effect", "side_effect_grade", "side_effect_occurrence"
DOSE = "current_daily_dose"
NOW = "as recorded"
_TIMES = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class SideEffect:
    """One side effect under one drug, and the steps of the label.

    Steps that fit for certain come first; the others hang on what `depends_on` of each names.
    `problems` say what of the event could not be read: nothing is then guessed for it.
    """

    event: str
    day: str
    drug: str
    written: str
    grade: str
    ctcae: str
    occurrence: str
    dose: str
    label_read: bool
    steps: tuple[Rule, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Dosing:
    """The drugs being taken, what their labels say of this patient's organs, the side effects."""

    drugs: tuple[str, ...]
    organs: tuple[tuple[str, tuple[Rule, ...]], ...]
    side_effects: tuple[SideEffect, ...]


def dosing(
    library: Library, patient: Patient, record: Record, day: datetime.date | None = None
) -> Dosing:
    """Every adverse event known on `day`, each judged by the facts of its own day."""
    taken = drugs_taken(patient, record, day)
    events = [event for event in live_events(record, day) if event.kind == "adverse event"]
    effects = [
        _of_event(patient, then, record, event, drug)
        for event in events
        for then in (_patient_then(library, patient, record, event, day),)
        for drug in _drugs_of(event, then, record, day) or ("",)
    ]
    if not events and single(patient.known.get(EFFECT)):
        effects += [_of_facts(patient, record, day, drug) for drug in taken or ("",)]
    return Dosing(
        drugs=taken,
        organs=tuple((drug, tuple(rules(patient, drug, "organ-function"))) for drug in taken),
        side_effects=tuple(effects),
    )


def _patient_then(
    library: Library, patient: Patient, record: Record, event: Event, day: datetime.date | None
) -> Patient:
    """The patient with the facts of the day of the event, as far as they are known on `day`."""
    when = _last_day(event, day)
    if when is None or when == (day or last_day(live_events(record, day))):
        return patient
    facts = derive(as_of(record, library.terms, when), library).facts
    known = {name: fact.possible for name, fact in facts.items()}
    return Patient(library, patient.network, facts, known, patient.answers)


def _last_day(event: Event, day: datetime.date | None) -> datetime.date | None:
    days = days_of(event)
    return min(days[1], day) if days and day else days[1] if days else day


def _drugs_of(
    event: Event, then: Patient, record: Record, day: datetime.date | None
) -> tuple[str, ...]:
    """The drug that the event names, or those taken on its day."""
    named = str(event.details.get("drug") or "").strip().lower()
    return parts_of(named) if named else drugs_taken(then, record, _last_day(event, day))


def _of_event(
    patient: Patient, then: Patient, record: Record, event: Event, drug: str
) -> SideEffect:
    terms = patient.library.terms
    facts: dict[str, Possible] = {}
    problems: list[Problem] = []
    for name, raw in _said(event):
        value = read_value(terms[name], raw)
        if isinstance(value, Problem):
            remedy = _effect_remedy(terms[name], raw) if name == EFFECT else value.remedy
            problems.append(Problem(f"{event.id}, {name}", value.what, remedy))
        else:
            facts[name] = value.possible
    dose = daily_dose(record, _last_day(event, None), drug)
    if dose is not None and DOSE not in then.known:
        facts[DOSE] = dose
    details = {key: _words(event.details.get(key)) for key in ("grade", "ctcae", "occurrence")}
    return _judged(
        with_facts(then, _unknown(terms) | facts), drug, event.id, event.day,
        _words(event.details.get("term")), details, tuple(problems),
    )  # fmt: skip


def _unknown(terms: Mapping[str, Term]) -> dict[str, Possible]:
    """What an event does not say is not to be filled in from another event's facts."""
    return {name: terms[name].domain for name in (EFFECT, GRADE, OCCURRENCE)}


def _said(event: Event) -> Iterator[tuple[str, object]]:
    """The facts that the event's own keys stand for."""
    yield EFFECT, event.details.get("term")
    if event.details.get("grade") is not None:
        yield GRADE, event.details["grade"]
    times = event.details.get("occurrence")
    if times is not None:
        number = _words(times)
        yield OCCURRENCE, _TIMES.get(int(number), "later") if number.isdigit() else times


def _of_facts(patient: Patient, record: Record, day: datetime.date | None, drug: str) -> SideEffect:
    """The side effect that the facts themselves hold, without an event of its own."""
    dose = daily_dose(record, day, drug)
    facts = {DOSE: dose} if dose is not None and DOSE not in patient.known else {}
    written = single(patient.known.get(EFFECT)) or ""
    details = {
        "grade": str(patient.known.get(GRADE, "")),
        "ctcae": "",
        "occurrence": str(patient.known.get(OCCURRENCE, "")),
    }
    return _judged(with_facts(patient, facts), drug, "facts", NOW, written, details, ())


def _judged(
    patient: Patient, drug: str, event: str, day: str, written: str,
    details: dict[str, str], problems: tuple[Problem, ...],
) -> SideEffect:  # fmt: skip
    found = [*problems, *_drug_problems(patient, drug, event)]
    steps = [] if found else rules(patient, drug, DOSE_CHANGES)
    dose = patient.known.get(DOSE)
    return SideEffect(
        event=event,
        day=day,
        drug=drug,
        written=written,
        grade=details["grade"],
        ctcae=details["ctcae"],
        occurrence=details["occurrence"],
        dose=f"{dose} mg/day" if dose is not None else "",
        label_read=section(patient, drug, DOSE_CHANGES) is not None,
        steps=tuple(sorted(steps, key=lambda rule: not rule.certain)),
        problems=tuple(found),
    )


def _drug_problems(patient: Patient, drug: str, event: str) -> Iterator[Problem]:
    names = drug_names(patient)
    if not drug:
        remedy = "add 'drug:' to the event, or record the start of the drug"
        yield Problem(event, "it is not said under which drug this came", remedy)
    elif drug not in names:
        yield Problem(event, f"nothing was read of {drug}", f"the drugs are {', '.join(names)}")


def _effect_remedy(term: Term, raw: object) -> str:
    near = difflib.get_close_matches(_words(raw).lower(), term.values, n=2, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return f"{hint}'stromal facts side_effect' lists them; 'other' for one that is not among them"


def _words(raw: object) -> str:
    return "" if raw is None else str(raw)
