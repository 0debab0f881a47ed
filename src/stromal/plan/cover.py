"""Guards that refuse together: each hangs on an unknown, but one of them holds whatever it is."""

from __future__ import annotations

from collections.abc import Iterable

from stromal.facts.possible import Possible, intersect
from stromal.plan.assessment import Objection
from stromal.plan.patient import Patient
from stromal.tables.boxes import Box, box_of, without_all
from stromal.tables.compile import Column, CompiledTable

MOST_PIECES = 500


def refused_whatever(patient: Patient, doubts: Iterable[Objection]) -> bool:
    """True if every completion of what is unknown meets one of these refusals.

    Only the rows of one table are taken together. Decisions count as independent of one another,
    which can only make the space to be covered larger.
    """
    by_document: dict[str, list[str]] = {}
    for doubt in doubts:
        if not doubt.certain and doubt.effect == "refuse":
            by_document.setdefault(doubt.basis.document, []).append(doubt.basis.row)
    return any(
        _is_covered(patient, document, frozenset(rows))
        for document, rows in by_document.items()
        if len(rows) > 1
    )


def _is_covered(patient: Patient, document: str, ids: frozenset[str]) -> bool:
    """As `_covered`, found once for a patient: many options hang on the same rows."""
    key = document, ids
    if key not in patient.covered:
        patient.covered[key] = _covered(patient, patient.library.compiled[document], ids)
    return patient.covered[key]


def _covered(patient: Patient, compiled: CompiledTable, wanted: frozenset[str]) -> bool:
    whole = _patient_box(patient, compiled.columns)
    if whole is None:
        return False
    boxes = [
        box_of(compiled.columns, number)
        for number, row in enumerate(compiled.table.rows)
        if row.id in wanted
    ]
    return without_all(whole, boxes, MOST_PIECES) == []


def _patient_box(patient: Patient, columns: Iterable[Column]) -> Box | None:
    """The elementary cells in which the patient may lie; None if a column has too many to list."""
    box = []
    for column in columns:
        possible = patient.all_known.get(column.term.name, column.term.domain)
        mask = sum(_meets(e, possible) << place for place, e in enumerate(column.elements))
        if not mask:
            return None
        box.append(mask)
    return tuple(box)


def _meets(element: Possible, possible: Possible) -> bool:
    return not intersect(element, possible).is_empty()
