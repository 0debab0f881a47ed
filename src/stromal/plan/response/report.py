"""The response to treatment over the whole record, with what follows from it by the tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace

from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.assessment import Basis, Remark
from stromal.plan.known.course import course_of
from stromal.plan.known.derive import Derived, derive
from stromal.plan.patient import Patient, basis, consider
from stromal.plan.response.course import scanned, stretches
from stromal.plan.response.facts import RESPONSE_FACTS
from stromal.plan.response.reading import (
    ResponseSettings,
)
from stromal.plan.response.scans import course_response
from stromal.plan.response.values import ResponseReport
from stromal.plan.treatment import Option, treatment_of
from stromal.plan.words import say
from stromal.tables.consequence import what_follows

FROM_SCANS, TASKS = "followup/progression-from-scans", "followup/after-a-scan"
SHOWN = ("progression", "disease_state", *RESPONSE_FACTS)


def response_of(
    library: Library,
    record: Record,
    day: datetime.date | None = None,
    settings: ResponseSettings | None = None,
    guidelines: tuple[str, ...] = (),
) -> ResponseReport:
    """The response as known on `day`, with what follows from it by the tables."""
    chosen = settings or ResponseSettings()
    folded = as_of(record, library.terms, day)
    derived = derive(folded, library)
    patient = consider(library, library.at(day), derived.facts)
    treatment = treatment_of(patient, derived, record, day, guidelines)
    scans, _ = scanned(course_of(folded.events, library.terms))
    found = stretches(course_of(folded.events, library.terms), scans, library.terms)
    return ResponseReport(
        patient=record.id,
        title=record.title,
        day=str(folded.day or ""),
        settings=chosen,
        courses=tuple(course_response(one, chosen) for one in found),
        facts=_facts(library, derived),
        because=tuple(_because(patient)),
        advice=tuple(task for task in treatment.tasks if _advises(task)),
        options=tuple(_resting_on_response(treatment.options)),
        conflicts=derived.conflicts,
        problems=derived.problems,
        notes=derived.remarks,
    )


def _facts(library: Library, derived: Derived) -> dict[str, str]:
    """The response facts in words; progression also where it is open."""
    return {
        name: say(
            library.terms[name], derived.facts[name].possible if name in derived.facts else None
        )
        for name in SHOWN
        if name in derived.facts or name == "progression"
    }


def _because(patient: Patient) -> Iterator[Basis]:
    """The rows by which the scans say something of progression."""
    for one in what_follows(patient.library.consequences, patient.known):
        if one.document == FROM_SCANS:
            yield basis(patient, patient.library.compiled[one.document].table, one.row)


def _advises(task: Remark) -> bool:
    """A task that the scans call for; of this room's own also what hangs on an open response."""
    own = task.basis.document == TASKS and set(task.depends_on) <= set(RESPONSE_FACTS)
    return _is_of(task.basis) and (task.certain or own)


def _is_of(one: Basis) -> bool:
    """Whether a row speaks for what the scans show."""
    names = {condition.partition(" ")[0] for condition in one.conditions}
    return bool(names & {"progression", *RESPONSE_FACTS})


def _resting_on_response(options: Iterable[Option]) -> Iterator[Option]:
    """The options that some row names because of the response, with those rows only."""
    for option in options:
        said = tuple(one for one in option.advice if one.certain and _is_of(one.basis))
        if said:
            yield replace(option, advice=said)
