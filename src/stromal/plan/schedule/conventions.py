"""What the calendar takes for granted: the rows of the documents with the role `convention`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stromal.plan.patient import Patient
from stromal.tables.document import Row

ROLE = "convention"


@dataclass(frozen=True, slots=True)
class Conventions:
    """The settings of the calendar by name, as rows that a page can quote.

    A setting without a row is the strictest: no grace, nothing stands for anything else.
    """

    rows: Mapping[str, Row]

    @property
    def grace(self) -> int:
        """Days that a look may lie outside its window."""
        return self._number("grace in days", 0)

    @property
    def share(self) -> int:
        """The grace is at most the interval divided by this."""
        return self._number("grace as part of the interval", 4)

    @property
    def young(self) -> int:
        """Below this age, in years, the dose stands first; 0 if there is no such row."""
        return self._number("young patient, years", 0)

    def says(self, setting: str, value: str) -> bool:
        """True if a setting has a value."""
        return setting in self.rows and self.rows[setting].outputs["value"] == value

    def _number(self, setting: str, otherwise: int) -> int:
        row = self.rows.get(setting)
        return int(row.outputs["value"]) if row else otherwise


def conventions_of(patient: Patient) -> Conventions:
    """The settings in force for a patient's library."""
    rows = {
        row.outputs["convention"]: row
        for compiled in patient.network.tables
        if compiled.table.role == ROLE
        for row in compiled.table.rows
    }
    return Conventions(rows)
