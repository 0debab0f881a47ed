"""Metabolic response from typed numbers: EORTC 1999 and PERCIST 1.0.

Sources (secondary): percist-table-pmc4377159-nd, percist-table-pmc6506740-nd,
percist-table-pmc7046919-nd.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stromal.followup.lesions import Number, exact

LEAST_FALL = Fraction(8, 10)
"""PERCIST also asks for 0.8 units of SUL; one of three tables leaves this out."""


class Metabolic(StrEnum):
    """Complete, partial, stable and progressive metabolic response."""

    CMR = "CMR"
    PMR = "PMR"
    SMD = "SMD"
    PMD = "PMD"
    NE = "NE"


@dataclass(frozen=True, slots=True)
class Uptake:
    """What was read: uptake before and now; `background`: liver mean or blood pool (PERCIST).

    `length_change`, `glycolysis_change` in per cent: extent of uptake, total lesion glycolysis.
    """

    before: Number | None
    now: Number
    background: Number | None = None
    new_lesion: bool = False
    length_change: Number | None = None
    glycolysis_change: Number | None = None


def eortc_1999(uptake: Uptake, *, after_one_cycle: bool) -> Metabolic:
    """The EORTC response from SUV (maximum or mean).

    A fall of 15 % is enough after one cycle; after more it must exceed 25 %.
    """
    change = _change(uptake)
    length = exact(uptake.length_change) if uptake.length_change is not None else Fraction(0)
    if uptake.new_lesion or length > 20:
        return Metabolic.PMD
    if exact(uptake.now) == 0:
        return Metabolic.CMR
    if change is None:
        return Metabolic.NE
    if change > 25:
        return Metabolic.PMD
    fallen = -change >= 15 if after_one_cycle else -change > 25
    return Metabolic.PMR if fallen else Metabolic.SMD


def percist(uptake: Uptake) -> Metabolic:
    """The PERCIST response from SULpeak of the hottest lesion."""
    change, now = _change(uptake), exact(uptake.now)
    glycolysis = exact(uptake.glycolysis_change or 0)
    if uptake.new_lesion or glycolysis >= 75:
        return Metabolic.PMD
    if uptake.background is not None and now <= exact(uptake.background):
        return Metabolic.CMR
    if change is None or uptake.before is None:
        return Metabolic.NE
    step = now - exact(uptake.before)
    if change > 30 and step >= LEAST_FALL:
        return Metabolic.PMD
    return Metabolic.PMR if -change >= 30 and -step >= LEAST_FALL else Metabolic.SMD


def _change(uptake: Uptake) -> Fraction | None:
    """Per cent from before; None without a scan before treatment, which the PET reading needs."""
    if uptake.before is None or not exact(uptake.before):
        return None
    before = exact(uptake.before)
    return 100 * (exact(uptake.now) - before) / before
