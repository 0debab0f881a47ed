"""Why a drug was stopped or its dose changed: a closed list, so that rules can go by it.

What else there is to say of it stands in the `words` of the event.
"""

from __future__ import annotations

from collections.abc import Mapping

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.values import read_value

BECAUSE = "because"
ENDINGS = ("drug stop", "dose change")
"""The kinds of event whose reason comes from the list."""
PROGRESSION, NOT_TOLERATED, PLANNED, OTHER = "progression", "not tolerated", "planned end", "other"
REASONS = (
    PROGRESSION, NOT_TOLERATED, PLANNED, "operation", "patient's wish", "pregnancy",
    "cost or access", OTHER,
)  # fmt: skip
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    PROGRESSION: (
        "progressive disease", "growth", "relapse", "recurrence", "general progression",
        "focal progression",
    ),
    NOT_TOLERATED: (
        "intolerance", "side effect", "side effects", "adverse event", "adverse events",
        "adverse reaction", "toxicity",
    ),
    PLANNED: ("planned", "as planned", "end of treatment", "completed", "complete", "finished"),
    "operation": ("surgery",),
    "patient's wish": ("wish of the patient", "patient's decision", "patient's choice"),
    "pregnancy": ("pregnant",),
    "cost or access": ("cost", "costs", "access", "not available", "not funded"),
    OTHER: ("other reason",),
}  # fmt: skip
_TERM = Term(
    BECAUSE,
    "choice",
    Choices.of(*REASONS),
    values=REASONS,
    synonyms={word: frozenset((value,)) for value, words in _SYNONYMS.items() for word in words},
)


def wrong_reason(raw: object) -> Problem | None:
    """What is wrong with a reason as written, with the list as the remedy; None if it is in it."""
    value = read_value(_TERM, raw)
    if not isinstance(value, Problem):
        return None
    remedy = f"write one of {', '.join(REASONS)}, and the rest under 'words:' of the event"
    return Problem(BECAUSE, value.what, remedy)


def reasons(details: Mapping[str, object]) -> frozenset[str]:
    """The reasons still possible of a stop or a change; all of them where none can be read."""
    value = read_value(_TERM, details[BECAUSE]) if details.get(BECAUSE) is not None else None
    read = value.possible if value is not None and not isinstance(value, Problem) else _TERM.domain
    return read.values if isinstance(read, Choices) else frozenset(REASONS)
