"""The values that the response to treatment is told in: for the page, the plan and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stromal.facts.problem import Problem
from stromal.facts.timeline import Conflict
from stromal.plan.assessment import Basis, Remark
from stromal.plan.response.reading import ResponseSettings
from stromal.plan.treatment import Option


@dataclass(frozen=True, slots=True)
class LesionSize:
    """One lesion at one scan: mm, HU, and what was said of it where it has no size."""

    name: str
    organ: str
    role: str
    size: float | None
    density: float | None
    seen: str
    from_baseline: float | None


@dataclass(frozen=True, slots=True)
class ScanReading:
    """One scan by every criterion. A response with several values is not settled between them."""

    day: str
    event: str
    modality: str
    sum: float | None
    from_baseline: float | None
    from_nadir: float | None
    density: float | None
    density_change: float | None
    recist: tuple[str, ...]
    modified: tuple[str, ...]
    choi: tuple[str, ...]
    growing: tuple[str, ...]
    controlled: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    pseudo_progression: tuple[str, ...]
    lesions: tuple[LesionSize, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PetReading:
    """One PET: the uptake, its change in per cent, and the response by the criteria it serves."""

    day: str
    event: str
    measure: str
    before: float | None
    now: float
    change: float | None
    eortc: tuple[str, ...]
    percist: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BestReading:
    """The best response under one set of settings. `confirmed` is None where none is asked."""

    criteria: str
    least_stable: int
    confirm_after: int | None
    response: str
    day: str
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class GrowthReading:
    """How fast a lesion, or the sum, grows: under a drug from its smallest size on.

    `volume_per_year` is the factor of the volume in a year, `doubling` its doubling time in days
    (None: it does not grow). `doubling_low` and `doubling_high` are days; None for an end: no
    growth cannot be ruled out. `interval` is false where the sizes allow none.
    """

    of: str
    since: str
    sizes: int
    volume_per_year: float
    doubling: float | None
    interval: bool
    doubling_low: float | None
    doubling_high: float | None
    surely_grows: bool
    basis: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """Days from the start to progression, or without it; two numbers where a day is vague."""

    came: bool
    day: str
    days: tuple[int, int]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class CourseResponse:
    """The response to one drug (or none), the baseline first among its scans."""

    drugs: tuple[str, ...]
    purposes: tuple[str, ...]
    start: str
    stop: str
    scans: tuple[ScanReading, ...]
    pets: tuple[PetReading, ...]
    best: tuple[BestReading, ...]
    progressed: Progressed | None
    growth: tuple[GrowthReading, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    sure: bool

    @property
    def on_drug(self) -> bool:
        """Whether there is a drug to respond to."""
        return bool(self.drugs)


@dataclass(frozen=True, slots=True)
class ResponseReport:
    """Everything that the page, the plan and JSON show of the response."""

    patient: str
    title: str
    day: str
    settings: ResponseSettings
    courses: tuple[CourseResponse, ...]
    facts: Mapping[str, str]
    because: tuple[Basis, ...]
    advice: tuple[Remark, ...]
    options: tuple[Option, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def present(self) -> CourseResponse | None:
        """The response to the present drug; None if none was measured."""
        found = [one for one in self.courses if one.on_drug]
        return found[-1] if found else None
