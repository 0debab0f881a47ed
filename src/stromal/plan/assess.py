"""One patient's record, one day, one assessment."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator

from stromal.facts.possible import Numbers
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.nature.mitoses import MitoticCount, as_authors
from stromal.nature.uncertainty import joint, rate_distribution, rate_limits, size_distribution
from stromal.plan.assessment import Assessment, ClassProbability, Reading, Uncertainty
from stromal.plan.known.derive import Derived, derive
from stromal.plan.patient import Patient, consider, decisions, remarks
from stromal.plan.whatif import changes, missing
from stromal.plan.words import say
from stromal.tables.chain import decide_again, decide_table
from stromal.tables.document import Table


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
    derived = derive(as_of(record, library.terms, day), library)
    patient = consider(library, library.at(day), derived.facts)
    decided = tuple(decisions(patient))
    # A refused scheme gets no class: not by another reading either, and no probability of one.
    schemes = [d.document for d in decided if d.role == "scheme" and d.state != "refused"]
    return Assessment(
        patient=record.id,
        title=record.title,
        day=day.isoformat() if day else "",
        facts=tuple(derived.facts.values()),
        decisions=decided,
        remarks=tuple(remarks(patient)),
        missing=tuple(missing(patient)),
        changes=tuple(changes(patient)),
        readings=tuple(readings(patient, derived.counts, schemes)),
        uncertainty=uncertainty(patient, derived, size_error, schemes),
        conflicts=derived.conflicts,
        problems=derived.problems,
        observations=derived.remarks,
    )


def readings(
    patient: Patient, counts: tuple[MitoticCount, ...], schemes: Collection[str] | None = None
) -> Iterator[Reading]:
    """The schemes (all, or those documents) with '50 HPF' taken as 5 mm2.

    Nothing where the size of the fields is known.
    """
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
            if _is_asked(c.table, schemes)
        )
        term = patient.library.terms["mitotic_rate"]
        words = "; ".join(other.notes)
        yield Reading(words, say(term, rate), found)


def uncertainty(
    patient: Patient,
    derived: Derived,
    size_error: float | None,
    schemes: Collection[str] | None = None,
) -> Uncertainty | None:
    """The exact limits of the rate, and each class with its probability, for one exact count.

    `schemes` are the documents of the schemes that give this patient a class; None means all.
    """
    counted = _counted(derived)
    if counted is None:
        return None
    mitoses, area = counted.count.low, counted.area.low
    return Uncertainty(
        count=f"{mitoses:g}",
        area=say(patient.library.terms["counted_area"], counted.area),
        rate=say(patient.library.terms["mitotic_rate"], counted.rate),
        limits=rate_limits(mitoses, area),
        method=_method(size_error),
        classes=tuple(_class_probabilities(patient, schemes, mitoses, area, size_error)),
    )


def _is_asked(table: Table, schemes: Collection[str] | None) -> bool:
    return table.role == "scheme" and (schemes is None or table.id in schemes)


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
    patient: Patient,
    schemes: Collection[str] | None,
    mitoses: float,
    area: float,
    size_error: float | None,
) -> Iterator[ClassProbability]:
    """For each scheme, how probable each answer is when count and size are uncertain."""
    size = patient.known.get("tumour_size")
    for compiled in patient.network.tables:
        table = compiled.table
        if not _is_asked(table, schemes) or "mitotic_rate" not in patient.network.rests_on(
            table.id
        ):
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
