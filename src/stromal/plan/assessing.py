"""One patient's record, one day, one assessment."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from stromal.facts.possible import Numbers
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.nature.mitoses import MitoticCount, as_authors
from stromal.nature.uncertainty import joint, rate_distribution, rate_limits, size_distribution
from stromal.plan.assess import Patient, consider, decisions, remarks
from stromal.plan.assessment import Assessment, ClassProbability, Reading, Uncertainty
from stromal.plan.derive import Derived, derive
from stromal.plan.whatif import changes, missing
from stromal.plan.words import say
from stromal.tables.chain import decide_again, decide_table


def assess_record(
    library: Library,
    record: Record,
    day: datetime.date | None = None,
    *,
    size_error: float | None = None,
) -> Assessment:
    """What the record, as known on `day`, says of the nature of the tumour.

    `size_error` is the standard error of the measured size in cm, if one is to be reckoned with.
    """
    derived = derive(as_of(record, library.terms, day), library.terms)
    patient = consider(library, library.at(day), derived.facts)
    return Assessment(
        patient=record.id,
        title=record.title,
        day=day.isoformat() if day else "",
        facts=tuple(derived.facts.values()),
        decisions=tuple(decisions(patient)),
        remarks=tuple(remarks(patient)),
        missing=tuple(missing(patient)),
        changes=tuple(changes(patient)),
        readings=tuple(readings(patient, derived.counts)),
        uncertainty=uncertainty(patient, derived, size_error),
        conflicts=derived.conflicts,
        problems=derived.problems,
        observations=derived.remarks,
    )


def readings(patient: Patient, counts: tuple[MitoticCount, ...]) -> Iterator[Reading]:
    """The schemes with '50 HPF' taken as 5 mm2, where the size of the fields is not known."""
    for count in counts:
        other = as_authors(count)
        if other is None:
            continue
        rate = other.rate
        known = {**patient.known, "mitotic_rate": rate}
        answers = decide_again(patient.network, known, patient.answers, "mitotic_rate")
        found = tuple(
            (c.table.decides, answers[c.table.id].outcomes)
            for c in patient.network.tables
            if c.table.role == "scheme"
        )
        term = patient.library.terms["mitotic_rate"]
        words = "; ".join(other.notes)
        yield Reading(words, say(term, rate), found)


def uncertainty(patient: Patient, derived: Derived, size_error: float | None) -> Uncertainty | None:
    """The exact limits of the rate, and each class with its probability, for one exact count."""
    counted = _counted(derived)
    if counted is None:
        return None
    mitoses, area = counted.count.low, counted.area.low
    return Uncertainty(
        count=f"{mitoses:g}",
        area=f"{area:.3g} mm2",
        rate=say(patient.library.terms["mitotic_rate"], counted.rate),
        limits=rate_limits(mitoses, area),
        method=_method(size_error),
        classes=tuple(_class_probabilities(patient, mitoses, area, size_error)),
    )


def _counted(derived: Derived) -> MitoticCount | None:
    """The one exact count over one exact area, if that is what was counted."""
    if len(derived.counts) != 1:
        return None
    count = derived.counts[0]
    return count if count.is_exact else None


def _method(size_error: float | None) -> str:
    size = f"; size normal with standard error {size_error:g} cm" if size_error else ""
    return f"Poisson count, exact (Garwood) 95 % limits; classes with Jeffreys' prior{size}"


def _class_probabilities(
    patient: Patient, mitoses: float, area: float, size_error: float | None
) -> Iterator[ClassProbability]:
    """For each scheme, how probable each answer is when count and size are uncertain."""
    size = patient.known.get("tumour_size")
    for compiled in patient.network.tables:
        table = compiled.table
        if table.role != "scheme" or "mitotic_rate" not in patient.network.rests_on(table.id):
            continue
        distributions = {
            "mitotic_rate": rate_distribution(
                mitoses, area, _cells(patient, table.id, "mitotic_rate")
            )
        }
        if size_error and isinstance(size, Numbers) and size.is_single():
            cells = _cells(patient, table.id, "tumour_size")
            distributions["tumour_size"] = size_distribution(size.low, size_error, cells)
        yield ClassProbability(table.decides, _by_outcome(patient, table.id, joint(distributions)))


def _cells(patient: Patient, table_id: str, name: str) -> list[Numbers]:
    return [e for e in patient.network.elements([table_id], name) if isinstance(e, Numbers)]


def _by_outcome(
    patient: Patient, table_id: str, cells: Iterable[tuple[dict[str, Numbers], float]]
) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for known, probability in cells:
        answer = decide_table(patient.network, table_id, {**patient.known, **known})
        words = " or ".join(answer.outcomes)
        found[words] = found.get(words, 0.0) + probability
    return tuple(found.items())
