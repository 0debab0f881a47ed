"""The response to treatment over the whole record, with what follows from it by the tables."""

from __future__ import annotations

import datetime

from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.assessment import Basis
from stromal.plan.course import course_of
from stromal.plan.derive import derive
from stromal.plan.patient import consider
from stromal.plan.response_course import scanned, stretches
from stromal.plan.response_facts import RESPONSE_FACTS
from stromal.plan.response_reading import (
    ResponseSettings,
)
from stromal.plan.response_scans import course_response
from stromal.plan.response_values import ResponseReport
from stromal.plan.treatment import Option, treatment_of
from stromal.plan.words import say

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
    scans, undated = scanned(course_of(folded.events, library.terms))
    found = stretches(course_of(folded.events, library.terms), scans, library.terms)
    return ResponseReport(
        patient=record.id,
        title=record.title,
        day=str(folded.day or ""),
        settings=chosen,
        courses=tuple(course_response(one, chosen) for one in found),
        facts={
            name: say(library.terms[name], derived.facts[name].possible)
            for name in SHOWN
            if name in derived.facts
        },
        advice=tuple(task for task in treatment.tasks if task.certain and _is_of(task.basis)),
        options=tuple(option for option in treatment.options if _hangs_on_response(option)),
        conflicts=derived.conflicts,
        problems=(*derived.problems, *undated),
        notes=derived.remarks,
    )


def _is_of(basis: Basis) -> bool:
    """Whether a row speaks for what the scans show."""
    names = {condition.partition(" ")[0] for condition in basis.conditions}
    return bool(names & {"progression", *RESPONSE_FACTS})


def _hangs_on_response(option: Option) -> bool:
    return any(advice.certain and _is_of(advice.basis) for advice in option.advice)
