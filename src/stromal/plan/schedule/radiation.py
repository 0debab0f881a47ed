"""The dose of the scans that were done and of those to come, with what MRI would spare.

The dose of one examination, and what another print of the same card has, are rows and disputes of
the documents with the role `radiation`. No risk is computed: the table it needs was not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.record import Event
from stromal.followup.calendar import OPEN_STATES, Line
from stromal.plan.patient import Patient
from stromal.plan.schedule.looks import (
    CT,
    ENDOSCOPIC_ULTRASOUND,
    ENDOSCOPY,
    MRI,
    PET_CT,
    ULTRASOUND,
    is_look,
    modality_of,
    places_of,
)
from stromal.plan.schedule.looks import wanted_modalities as wanted
from stromal.tables.document import Dispute, Row, Table

ROLE = "radiation"
_ABDOMEN, _CHEST = "CT of the abdomen and pelvis", "CT of the chest"
_WHOLE = "PET-CT of the whole body"
_FREE = frozenset((MRI, ULTRASOUND))
_READ = _FREE | {CT, PET_CT, ENDOSCOPY, ENDOSCOPIC_ULTRASOUND}


@dataclass(frozen=True, slots=True)
class Span:
    """A dose in mSv, from the least to the most that the sources allow."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Doses:
    """The dose of one examination by its name: from the lower print to the higher.

    `sources` are the rows and disputes that print them, with what they cite.
    """

    spans: Mapping[str, tuple[Fraction, Fraction]]
    sources: tuple[str, ...]

    def of(self, examination: str) -> tuple[Fraction, Fraction]:
        """The dose of an examination; none where no row names it."""
        return self.spans.get(examination, (Fraction(0), Fraction(0)))


@dataclass(frozen=True, slots=True)
class Given:
    """What the recorded scans gave. `unsaid` are days of scans without modality.

    Such a scan may have given nothing, or as much as a CT; `unread` have no dose in the documents.
    """

    dose: Span
    counts: Mapping[str, int]
    unsaid: tuple[str, ...]
    unread: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """What the looks to come give: with CT wherever the schedule allows it, and with MRI.

    `unread` of the looks have no dose in the documents.
    """

    looks: int
    with_ct: Span
    with_mri: Span
    unread: int


def doses_of(patient: Patient) -> Doses:
    """The doses that the documents print, with those that another print has."""
    spans: dict[str, tuple[Fraction, Fraction]] = {}
    sources: list[str] = []
    for compiled in patient.network.tables:
        if compiled.table.role != ROLE:
            continue
        for row in compiled.table.rows:
            printed = [Fraction(row.outputs["millisievert"])]
            printed += [Fraction(one.printed) for one in compiled.table.disputes
                        if row.id in one.rows]  # fmt: skip
            spans[row.outputs["examination"]] = min(printed), max(printed)
        sources += _sources(compiled.table)
    return Doses(spans, tuple(sources))


def _sources(table: Table) -> Iterator[str]:
    """'RAD-1 RAD-2: acr-rsna-nd, newer card (secondary)': what prints the doses."""
    by_source: dict[str, list[str]] = {}
    printed: tuple[Row | Dispute, ...] = (*table.rows, *table.disputes)
    for one in printed:
        cited = f"{'; '.join(map(str, one.citations))} ({one.status})"
        by_source.setdefault(cited, []).append(one.id)
    yield from (f"{table.id} {' '.join(ids)}: {cited}" for cited, ids in by_source.items())


def given(events: Iterable[Event], doses: Doses) -> Given:
    """The dose of the scans of the record, by their modality."""
    counts: dict[str, int] = {}
    unsaid, unread, spans = [], [], [(Fraction(0), Fraction(0))]
    for event in events:
        if not is_look(event):
            continue
        modality = modality_of(event)
        if not modality and event.kind == "imaging":
            unsaid.append(event.day or event.id)
            spans.append((Fraction(0), doses.of(_ABDOMEN)[1]))
        elif modality in (CT, PET_CT):
            counts[modality] = counts.get(modality, 0) + 1
            spans.append(_of_ct(event, modality, doses))
        elif modality and modality not in _READ and event.kind == "imaging":
            unread.append(event.day or event.id)
    return Given(_sum(spans), counts, tuple(unsaid), tuple(unread), doses.sources)


def _of_ct(event: Event, modality: str, doses: Doses) -> tuple[Fraction, Fraction]:
    if modality == PET_CT:
        return doses.of(_WHOLE)
    places = places_of(event)
    if places == {"chest"}:
        return doses.of(_CHEST)
    if "chest" in places:
        return _sum_of((doses.of(_CHEST), doses.of(_ABDOMEN)))
    return doses.of(_ABDOMEN)


def coming(lines: Sequence[Line], doses: Doses) -> Coming:
    """The dose of the looks to come of one authority."""
    numbers = [
        (wanted(line.test), sum(look.state in OPEN_STATES for look in line.looks))
        for line in lines
        if wanted(line.test)
    ]
    by_ct = [_times(_heaviest(allowed, doses), number) for allowed, number in numbers]
    by_mri = [
        (Fraction(0), Fraction(0)) if allowed & _FREE else dose
        for (allowed, _), dose in zip(numbers, by_ct, strict=True)
    ]
    unread = sum(number for allowed, number in numbers if not allowed & _READ)
    return Coming(sum(number for _, number in numbers), _sum(by_ct), _sum(by_mri), unread)


def _heaviest(allowed: frozenset[str], doses: Doses) -> tuple[Fraction, Fraction]:
    """The dose of a look if it is done by CT where it may be."""
    if CT in allowed:
        return doses.of(_ABDOMEN)
    return doses.of(_WHOLE) if PET_CT in allowed else (Fraction(0), Fraction(0))


def _times(dose: tuple[Fraction, Fraction], number: int) -> tuple[Fraction, Fraction]:
    return dose[0] * number, dose[1] * number


def _sum_of(spans: Iterable[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    several = list(spans)
    return sum((s[0] for s in several), Fraction(0)), sum((s[1] for s in several), Fraction(0))


def _sum(spans: Iterable[tuple[Fraction, Fraction]]) -> Span:
    least, most = _sum_of(spans)
    return Span(float(least), float(most))
