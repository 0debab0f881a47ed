"""The indices of inflammation from blood taken before any tumour drug: shown, deciding nothing."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.followup.inflammation import UNDER_DRUG, WARNING, Blood, Cut, Index, cuts_of, indices
from stromal.library import Library
from stromal.plan.monitoring.readings import Reading

ROLE = "index"
_TESTS = (
    "neutrophils", "lymphocytes", "monocytes", "platelets", "albumin", "haemoglobin",
    "C-reactive protein",
)  # fmt: skip
NOT_SAID = "It is not recorded when the first tumour drug was started: mark the blood taken before "
NOT_SAID += "it with 'baseline: yes'."
NOTHING = "No counts with lymphocytes, or CRP with albumin, from before a tumour drug are recorded."


@dataclass(frozen=True, slots=True)
class Indices:
    """The indices of one draw; none without a `note` that says why."""

    day: datetime.date | None
    found: tuple[Index, ...]
    warning: str
    note: str


def indices_of(
    library: Library, readings: Sequence[Reading], starts: Sequence[datetime.date]
) -> Indices:
    """The indices of the last draw before the first tumour drug."""
    draws = {
        day: {one.test: one for one in of_day if one.test in _TESTS and one.is_exact}
        for day, of_day in itertools.groupby(readings, key=lambda one: one.day)
        if day is not None
    }
    note = NOTHING if not starts else UNDER_DRUG
    for day, draw in sorted(draws.items(), reverse=True):
        if not draw:
            continue
        marked = any(one.is_baseline for one in draw.values())
        if not starts and not marked:
            note = NOT_SAID
            continue
        if not marked and day >= min(starts):
            continue
        found = indices(_blood(draw), _cuts(library))
        if found:
            return Indices(day, found, WARNING, "")
        note = NOTHING
    return Indices(None, (), WARNING, note if any(draws.values()) else NOTHING)


def _cuts(library: Library) -> Mapping[str, tuple[Cut, ...]]:
    tables = [c.table for c in library.compiled.values() if c.table.role == ROLE]
    return cuts_of(tables[0]) if tables else {}


def _blood(draw: Mapping[str, Reading]) -> Blood:
    def value(test: str) -> Fraction | None:
        return draw[test].value if test in draw else None

    return Blood(
        neutrophils=value("neutrophils"),
        lymphocytes=value("lymphocytes"),
        monocytes=value("monocytes"),
        platelets=value("platelets"),
        albumin=value("albumin"),
        haemoglobin=value("haemoglobin"),
        c_reactive_protein=value("C-reactive protein"),
        before_treatment=True,
    )
