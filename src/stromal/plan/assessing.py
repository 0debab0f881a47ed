"""One patient's record, one day, one assessment."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping

from stromal.facts.possible import Numbers
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.nature.mitoses import MitoticCount, poisson_limits
from stromal.nature.uncertainty import CountedRate, Distribution, MeasuredSize, cell_probabilities
from stromal.plan.assess import Patient, consider, decisions, remarks
from stromal.plan.assessment import Assessment, ClassProbability, Reading, Uncertainty
from stromal.plan.derive import Derived, derive
from stromal.plan.whatif import changes, missing
from stromal.plan.words import say
from stromal.tables.chain import decide_again, decide_all


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
        readings=tuple(_readings(patient, derived.counts)),
        uncertainty=_uncertainty(patient, derived, size_error),
        conflicts=derived.conflicts,
        problems=derived.problems,
        observations=derived.remarks,
    )


def _readings(patient: Patient, counts: tuple[MitoticCount, ...]) -> Iterator[Reading]:
    """The schemes with '50 HPF' taken as 5 mm2, where the size of the fields is not known."""
    for count in counts:
        rate = count.rate_by_authors
        if rate is None:
            continue
        known = {**patient.known, "mitotic_rate": rate}
        answers = decide_again(patient.network, known, patient.answers, "mitotic_rate")
        found = tuple(
            (c.table.decides, answers[c.table.id].outcomes)
            for c in patient.network.tables
            if c.table.role == "scheme"
        )
        term = patient.library.terms["mitotic_rate"]
        words = "fields taken as the schemes' authors had them (50 HPF = 5 mm2)"
        yield Reading(words, say(term, rate), found)


def _uncertainty(
    patient: Patient, derived: Derived, size_error: float | None
) -> Uncertainty | None:
    counted = _counted(derived)
    if counted is None:
        return None
    count, rate = counted
    limits = poisson_limits(rate.count)
    distributions: dict[str, Distribution] = {"mitotic_rate": rate}
    size = patient.known.get("tumour_size")
    if size_error and isinstance(size, Numbers) and size.is_single():
        distributions["tumour_size"] = MeasuredSize(size.low, size_error)
    return Uncertainty(
        count=str(rate.count),
        area=f"{rate.area:.3g} mm2",
        rate=say(patient.library.terms["mitotic_rate"], count.rate),
        limits=(limits[0] * 5 / rate.area, limits[1] * 5 / rate.area),
        method=_method(size_error if "tumour_size" in distributions else None),
        classes=tuple(class_probabilities(patient, distributions)),
    )


def _counted(derived: Derived) -> tuple[MitoticCount, CountedRate] | None:
    """The one exact count over one exact area, if that is what was counted."""
    if len(derived.counts) != 1:
        return None
    count = derived.counts[0]
    if not count.count.is_single() or not count.area.is_single() or count.count.low % 1:
        return None
    return count, CountedRate(int(count.count.low), count.area.low)


def _method(size_error: float | None) -> str:
    size = f"; size normal with standard error {size_error:g} cm" if size_error else ""
    return f"Poisson count, exact (Garwood) 95 % limits; classes with Jeffreys prior{size}"


def class_probabilities(
    patient: Patient, distributions: Mapping[str, Distribution]
) -> Iterator[ClassProbability]:
    """For each scheme, how probable each answer is when the facts named are uncertain."""
    for compiled in patient.network.tables:
        table = compiled.table
        rests = patient.network.rests_on(table.id)
        names = [name for name in distributions if name in rests]
        if table.role != "scheme" or not names:
            continue
        cells = [patient.network.elements([table.id], name) for name in names]
        weights = [
            cell_probabilities(distributions[name], [c for c in part if isinstance(c, Numbers)])
            for name, part in zip(names, cells, strict=True)
        ]
        found: dict[str, float] = {}
        for combination in itertools.product(*(range(len(part)) for part in cells)):
            known = dict(patient.known)
            share = 1.0
            for place, number in enumerate(combination):
                known[names[place]] = cells[place][number]
                share *= weights[place][number]
            answer = decide_all(patient.network, known)[table.id]
            words = " or ".join(answer.outcomes)
            found[words] = found.get(words, 0.0) + share
        yield ClassProbability(table.decides, tuple(found.items()))
