"""What a tumour board has to talk about: asked from the plan's own open ends, answering nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stromal.plan.assessment import Decision
from stromal.plan.compare import Comparison
from stromal.plan.treatment import Treatment

MOST_OPTIONS = 4
MOST_FACTS = 3
CONFLICT, SCHEMES, DISPUTE = "conflict", "schemes", "dispute"
MISSING, GUIDELINES, SEVERAL = "missing", "guidelines", "several"


@dataclass(frozen=True, slots=True)
class Question:
    """One question without its words, which each language has for its `kind`.

    `about` is the fact, decision or option in question; `parts` are what stands side by side:
    what was said, schemes with their class, sources, facts, guidelines with their strength
    ('' where silent) or options.
    """

    kind: str
    about: str
    parts: tuple[tuple[str, str], ...]


def questions(
    treatment: Treatment, comparison: Sequence[Comparison], needed: Sequence[str]
) -> Iterator[Question]:
    """The questions in the order in which a board would take them up."""
    for conflict in treatment.conflicts:
        yield Question(CONFLICT, conflict.name, ((conflict.what, ""),))
    yield from _schemes_apart(treatment.decisions)
    yield from _disputes(treatment.decisions)
    if needed:
        yield Question(MISSING, "", tuple((name, "") for name in needed[:MOST_FACTS]))
    yield from _guidelines_apart(comparison)
    yield from _several(treatment)


def _schemes_apart(decisions: Sequence[Decision]) -> Iterator[Question]:
    """Risk schemes that part in their class, told with their answers."""
    found = tuple(
        (d.name, d.outcomes[0])
        for d in decisions
        if d.role == "scheme" and d.state == "settled" and d.name.endswith("_risk")
    )
    if len({outcome for _, outcome in found}) > 1:
        yield Question(SCHEMES, "", found)


def _disputes(decisions: Sequence[Decision]) -> Iterator[Question]:
    """Where printed sources differ on what is settled; while it is open nothing can be weighed."""
    for decision in decisions:
        printed = dict.fromkeys(dispute.printed for dispute in decision.disagreements)
        if printed and decision.state == "settled":
            yield Question(DISPUTE, decision.name, tuple((one, "") for one in printed))


def _guidelines_apart(comparison: Sequence[Comparison]) -> Iterator[Question]:
    """The options that guidelines rate otherwise, as far as each speaks of them."""
    for one in [c for c in comparison if c.state == "offered" and c.differs][:MOST_OPTIONS]:
        yield Question(GUIDELINES, one.option, one.strengths)


def _several(treatment: Treatment) -> Iterator[Question]:
    offered = dict.fromkeys(
        o.name
        for o in treatment.options
        if o.state == "offered" and any(a.strength == "recommended" for a in o.advice)
    )
    if len(offered) > 1:
        yield Question(SEVERAL, "", tuple((name, "") for name in offered))
