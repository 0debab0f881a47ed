"""Mitoses as they were counted, and the rate per 5 mm2 that follows.

"4 per 5 mm2" says all that is needed. "4 per 50 HPF" does not: a field of the authors of the
schemes was about 0.1 mm2, one of a modern microscope is 0.16 to 0.34 mm2. Without the size of
the field the area is a range, and so is the rate.
Field geometry: diameter = field number / objective (renne-2023); 50 fields of the authors are
about 5 mm2; the widest field number in use is 26.5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from stromal.facts.possible import INFINITY, Interval, Numbers, format_number
from stromal.facts.problem import Problem
from stromal.nature.mitoses_text import Said, read_said
from stromal.nature.uncertainty import RATE_AREA, rate_limits

FIELDS_OF_AUTHORS_IN_1_MM2 = 10
WIDEST_FIELD_NUMBER = 26.5
USUAL_OBJECTIVE = 40
MOST_MITOSES = 500
MOST_FIELDS = 500
LARGEST_AREA = 100.0
LARGEST_RATE = 500.0
FIELD_DIAMETERS = (0.1, 3.0)
FIELD_NUMBERS = (10.0, 30.0)
OBJECTIVES = (2.0, 100.0)
AGREEMENT = 0.03
"""Two statements of one area may differ by rounding, not by more than this part."""
PLACE = "mitotic_count"
FORMS = "write '4 per 5 mm2', or '7 per 50 HPF, field number 22, objective 40'"


class Basis(StrEnum):
    """How the counted area is known."""

    AREA = "area stated"
    FIELD_SIZE = "fields of stated size"
    FIELDS = "fields of unknown size"
    AUTHORS = "fields taken as those of the schemes' authors"


@dataclass(frozen=True, slots=True)
class MitoticCount:
    """Mitoses and the area (mm2) they were counted in, each as the values still possible."""

    count: Numbers
    area: Numbers
    fields: float | None
    basis: Basis
    given: str
    notes: tuple[str, ...] = ()

    @property
    def rate(self) -> Numbers:
        """Mitoses per 5 mm2, every value that count and area allow."""
        return _rates(self.count, self.area)

    @property
    def is_exact(self) -> bool:
        """True if one count in one area was stated."""
        return self.count.is_single() and self.area.is_single()

    @property
    def is_scaled_up(self) -> bool:
        """True if the area is, or may be, under 5 mm2, so that chance is scaled up as well."""
        return self.area.low < RATE_AREA

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Exact Poisson limits of the rate per 5 mm2, over every count and area still possible."""
        low, _ = rate_limits(self.count.low, self.area.high, level)
        if math.isinf(self.count.high):
            return low, INFINITY
        _, high = rate_limits(self.count.high, self.area.low, level)
        return low, high


def read_count(raw: object) -> MitoticCount | Problem:
    """Read a count: a text, or a mapping {count, fields, area, field_number, objective, ...}.

    >>> print(read_count("<5 per 10 mm2").rate)
    [0..2.5)
    >>> print(read_count("4 per 50 HPF").area)
    [5..17.235808132683065]
    """
    text = _as_text(raw)
    if isinstance(text, Problem):
        return text
    said = read_said(text)
    if isinstance(said, Problem):
        return said
    return _beyond_limits(said) or _mitotic_count(said, text)


def as_authors(count: MitoticCount) -> MitoticCount | None:
    """The second reading of fields of unknown size: 50 of them are 5 mm2.

    None where the size of the fields, or the area, is known.
    """
    if count.basis is not Basis.FIELDS or count.fields is None:
        return None
    area = Numbers.exactly(count.fields / FIELDS_OF_AUTHORS_IN_1_MM2)
    note = f"{format_number(count.fields)} fields taken as {format_number(area.low)} mm2"
    other = replace(count, area=area, basis=Basis.AUTHORS, notes=(note,))
    return replace(other, notes=(note, *_notes(other)))


def field_area(field_number: float, objective: float) -> float:
    """The area (mm2) of one field: pi (d/2)^2 with the diameter d = field number / objective.

    >>> round(field_area(22, 40), 3)
    0.238
    """
    return _circle(field_number / objective)


def _circle(diameter: float) -> float:
    return math.pi * (diameter / 2) ** 2


def _rates(count: Numbers, area: Numbers) -> Numbers:
    least, most = area.low, area.high
    return Numbers.of(
        Interval(RATE_AREA * i.low / most, RATE_AREA * i.high / least, i.low_open, i.high_open)
        for i in count.intervals
    )


def _as_text(raw: object) -> str | Problem:
    if isinstance(raw, Mapping):
        return ", ".join(f"{key} {value}" for key, value in raw.items())
    if isinstance(raw, str):
        return raw
    return Problem(PLACE, f"{raw} says no area", FORMS)


def _beyond_limits(said: Said) -> Problem | None:
    ends = [end for i in said.count.intervals for end in (i.low, i.high) if math.isfinite(end)]
    checks = (
        ("mitoses", max(ends, default=0), (0, MOST_MITOSES)),
        ("fields", said.fields, (1, MOST_FIELDS)),
        ("mm2", said.area, (0.01, LARGEST_AREA)),
        ("mm2 of a field", said.field_area, (_circle(FIELD_DIAMETERS[0]), 8)),
        ("mm of field diameter", said.field_diameter, FIELD_DIAMETERS),
        ("field number", said.field_number, FIELD_NUMBERS),
        ("objective", said.objective, OBJECTIVES),
    )
    for name, number, (low, high) in checks:
        if number is not None and not low <= number <= high:
            what = f"{name}: {format_number(number)} lies outside {low:.4g} to {high:.4g}"
            return Problem(PLACE, what, "check the number and its unit")
    return None


def _mitotic_count(said: Said, text: str) -> MitoticCount | Problem:
    of_fields = _area_of_fields(said)
    if isinstance(of_fields, Problem):
        return of_fields
    areas = [area for area in (said.area, of_fields) if area is not None]
    if len(areas) == 2 and not _agree(*areas):
        what = f"{format_number(areas[0])} mm2 and {areas[1]:.3g} mm2 by its fields disagree"
        return Problem(PLACE, what, "keep the one that was measured")
    if said.area is None and said.fields is None:
        return Problem(PLACE, f"{text!r} says no area and no number of fields", FORMS)
    basis = Basis.AREA if said.area else Basis.FIELD_SIZE if areas else Basis.FIELDS
    area = Numbers.exactly(areas[0]) if areas else _any_field(said.fields or 0)
    found = MitoticCount(said.count, area, said.fields, basis, text, said.notes)
    if found.rate.low > LARGEST_RATE:
        what = f"{text!r} is more than {format_number(LARGEST_RATE)} per 5 mm2"
        return Problem(PLACE, what, "check the count and the area")
    return replace(found, notes=(*found.notes, *_notes(found)))


def _area_of_fields(said: Said) -> float | Problem | None:
    """The area of all fields by their stated size; None if the size is not stated."""
    sizes = [said.field_area] if said.field_area else []
    if said.field_diameter:
        sizes.append(_circle(said.field_diameter))
    if said.field_number and said.objective:
        sizes.append(field_area(said.field_number, said.objective))
    if bool(said.field_number) != bool(said.objective) and not (sizes or said.area):
        missing = "objective" if said.field_number else "field number"
        remedy = f"add the {missing}: 'field number 22, objective 40'"
        if said.objective:
            remedy += f", or leave out 'objective {format_number(said.objective)}'"
        return Problem(PLACE, f"the {missing} is missing, so the field has no size", remedy)
    if any(not _agree(sizes[0], size) for size in sizes):
        return Problem(PLACE, "the sizes given for one field disagree", "keep the one measured")
    if sizes and said.fields is None and said.area is None:
        what = "the size of a field is given, but not how many were counted"
        return Problem(PLACE, what, "add the number of fields: 'fields 50'")
    return said.fields * sizes[0] if sizes and said.fields else None


def _agree(one: float, other: float) -> bool:
    return abs(one - other) <= AGREEMENT * max(one, other)


def _any_field(fields: float) -> Numbers:
    widest = fields * field_area(WIDEST_FIELD_NUMBER, USUAL_OBJECTIVE)
    return Numbers.between(fields / FIELDS_OF_AUTHORS_IN_1_MM2, widest)


def _notes(found: MitoticCount) -> tuple[str, ...]:
    notes = []
    if found.basis is Basis.FIELDS:
        notes.append(
            f"the size of a field is not stated: {format_number(found.fields or 0)} fields cover "
            f"{format_number(found.area.low)} to {found.area.high:.4g} mm2"
        )
    if found.is_scaled_up:
        area = f"{found.area.low:.4g}"
        area += "" if found.area.is_single() else f" to {found.area.high:.4g}"
        notes.append(
            f"counted in {area} mm2, less than 5 mm2: the rate is scaled up, and chance too"
        )
    if any(
        end != int(end) for i in found.count.intervals for end in (i.low, i.high) if end < INFINITY
    ):
        notes.append("the count is no whole number; it is read as a mean")
    return tuple(notes)
