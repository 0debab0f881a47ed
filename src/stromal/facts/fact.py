"""One fact of one patient on one day: the values still possible, why, and where from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from stromal.facts.possible import Possible


class State(StrEnum):
    """How much is known."""

    KNOWN = "known"
    RANGE = "range"
    UNKNOWN = "unknown"
    CONFLICTING = "conflicting"


class Reason(StrEnum):
    """Why a fact is unknown."""

    NOT_RECORDED = "not recorded"
    NOT_DONE = "not done"
    PENDING = "pending"
    INDETERMINATE = "indeterminate"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: the event, its day, its kind, its source, the words as given."""

    event: str
    day: str
    kind: str
    source: str
    given: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A named fact. `possible` is never empty; an unknown fact has its whole domain."""

    name: str
    possible: Possible
    state: State
    reason: Reason | None = None
    origins: tuple[Origin, ...] = field(default=())
