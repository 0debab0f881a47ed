"""Blood-count indices of inflammation and nutrition: shown, never deciding.

Published cut-offs for the same index lie far apart, come from single centres and were not
validated outside; a kinase inhibitor changes the counts themselves, so only blood from before
treatment counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from stromal.tables.document import Table

WARNING = (
    "Shown for information. The cut-offs come from single centres and differ between them; "
    "no treatment and no interval may hang on them."
)
UNDER_DRUG = (
    "Not computed: a kinase inhibitor changes the counts; only blood before treatment counts."
)


@dataclass(frozen=True, slots=True)
class Blood:
    """Counts in 10*9/L, albumin and haemoglobin in g/L, CRP in mg/L; None where not measured."""

    neutrophils: Fraction | None = None
    lymphocytes: Fraction | None = None
    monocytes: Fraction | None = None
    platelets: Fraction | None = None
    albumin: Fraction | None = None
    haemoglobin: Fraction | None = None
    c_reactive_protein: Fraction | None = None
    before_treatment: bool | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut-off as one study published it; `status` as the study was read."""

    value: str
    words: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Index:
    """An index, where its formula was read, and what studies of GIST said of it."""

    name: str
    value: Fraction
    formula: str
    status: str
    cuts: tuple[Cut, ...] = ()


def cuts_of(table: Table) -> dict[str, tuple[Cut, ...]]:
    """The published cut-offs by index, from the table of role `index`."""
    cuts: dict[str, tuple[Cut, ...]] = {}
    for row in table.rows:
        source = "; ".join(map(str, row.citations))
        cut = Cut(row.outputs["cut_off"], row.words, source, row.status)
        cuts[row.outputs["index"]] = (*cuts.get(row.outputs["index"], ()), cut)
    return cuts


def indices(
    blood: Blood, cuts: Mapping[str, tuple[Cut, ...]] = MappingProxyType({})
) -> tuple[Index, ...]:
    """Every index that the values allow; none unless the blood was taken before treatment."""
    if not blood.before_treatment:
        return ()
    return tuple(replace(index, cuts=cuts.get(index.name, ())) for index in _all(blood))


def _all(blood: Blood) -> Iterator[Index]:
    b = blood
    if b.lymphocytes:
        yield from _ratios(b, b.lymphocytes)
        if b.albumin is not None:
            formula = "albumin (g/L) + 5 x lymphocytes"
            yield _index("PNI", b.albumin + 5 * b.lymphocytes, formula, "abstract")
        if b.haemoglobin is not None and b.albumin is not None and b.platelets:
            value = b.haemoglobin * b.albumin * b.lymphocytes / b.platelets
            formula = "haemoglobin x albumin x lymphocytes / platelets"
            yield _index("HALP", value, formula, "recalled")
    if b.c_reactive_protein is not None and b.albumin is not None:
        yield _glasgow(b.c_reactive_protein, b.albumin)


def _ratios(b: Blood, lymphocytes: Fraction) -> Iterator[Index]:
    if b.neutrophils is not None:
        yield _index("NLR", b.neutrophils / lymphocytes, "neutrophils / lymphocytes", "abstract")
    if b.platelets is not None:
        yield _index("PLR", b.platelets / lymphocytes, "platelets / lymphocytes", "abstract")
    if b.monocytes:
        yield _index("LMR", lymphocytes / b.monocytes, "lymphocytes / monocytes", "recalled")
    if b.platelets is not None and b.neutrophils is not None:
        value = b.platelets * b.neutrophils / lymphocytes
        yield _index("SII", value, "platelets x neutrophils / lymphocytes", "recalled")


def _glasgow(c_reactive_protein: Fraction, albumin: Fraction) -> Index:
    points = Fraction((c_reactive_protein > 10) + (albumin < 35))
    return _index("GPS", points, "1 each for CRP > 10 mg/L, albumin < 35 g/L", "abstract")


def _index(name: str, value: Fraction, formula: str, status: str) -> Index:
    return Index(name, value, formula, status)
