"""What an assessment says: values only, the same for terminal, page and JSON."""

from __future__ import annotations

from dataclasses import dataclass

from stromal.facts.fact import Fact
from stromal.facts.problem import Problem
from stromal.facts.timeline import Conflict


@dataclass(frozen=True, slots=True)
class Basis:
    """A row that speaks: where it stands, what it says, who says so and how well it was read."""

    document: str
    row: str
    words: str
    citations: tuple[str, ...]
    status: str
    outputs: dict[str, str]
    conditions: tuple[str, ...]
    """What the row asks for, in words: 'tumour_size (5..10]'."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A guard that speaks against an answer or an option.

    `certain` is False while it hangs on something unknown, which `depends_on` names.
    """

    targets: tuple[str, ...]
    effect: str
    certain: bool
    remedy: str
    depends_on: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A printed source that says otherwise in the corner where this patient may lie."""

    document: str
    id: str
    rows: tuple[str, ...]
    printed: str
    words: str
    citations: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: settled, open (several outcomes still possible) or refused."""

    name: str
    document: str
    title: str
    role: str
    state: str
    outcomes: tuple[str, ...]
    exact: bool
    bases: tuple[Basis, ...]
    objections: tuple[Objection, ...]
    disagreements: tuple[Disagreement, ...]
    open_facts: tuple[str, ...]

    @property
    def refusals(self) -> tuple[Objection, ...]:
        """The objections that forbid the answer for certain."""
        return tuple(o for o in self.objections if o.certain and o.effect == "refuse")


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, task or requirement that applies for certain, or may apply."""

    role: str
    topic: str
    certain: bool
    depends_on: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not settled, and what settling it would do.

    `settles` are decisions that every value would settle, `may_settle` those that some would.
    """

    name: str
    question: str
    state: str
    reason: str
    settles: tuple[str, ...]
    may_settle: tuple[str, ...]
    may_refuse: tuple[str, ...]
    by_value: tuple[tuple[str, tuple[str, ...]], ...]
    """For each value in words, what the decisions would then be: 'modified NIH: high'."""


@dataclass(frozen=True, slots=True)
class Change:
    """One single change of a known fact and the answers that it would change."""

    name: str
    now: str
    instead: str
    changes: tuple[tuple[str, str, str], ...]
    """Decision, what it is now, what it would be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The same patient with the mitoses read in another way."""

    words: str
    mitotic_rate: str
    decisions: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ClassProbability:
    """How probable each outcome of a scheme is, given counting and measuring error."""

    decision: str
    outcomes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The exact limits of the mitotic rate and what they do to the classes."""

    count: str
    area: str
    rate: str
    limits: tuple[float, float]
    method: str
    classes: tuple[ClassProbability, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that Stromal says of the nature of one patient's tumour on one day."""

    patient: str
    title: str
    day: str
    facts: tuple[Fact, ...]
    decisions: tuple[Decision, ...]
    remarks: tuple[Remark, ...]
    missing: tuple[Missing, ...]
    changes: tuple[Change, ...]
    readings: tuple[Reading, ...]
    uncertainty: Uncertainty | None
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    observations: tuple[str, ...]
