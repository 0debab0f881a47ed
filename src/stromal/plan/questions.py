"""What a tumour board has to talk about: asked from the plan's own open ends, answering nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stromal.plan.assessment import Decision
from stromal.plan.compare import Comparison
from stromal.plan.treatment import Treatment

MOST_OPTIONS = 4
MOST_FACTS = 3


def questions(
    treatment: Treatment, comparison: Sequence[Comparison], needed: Sequence[str]
) -> Iterator[str]:
    """The questions in the order in which a board would take them up."""
    for conflict in treatment.conflicts:
        yield f"Which is right for {_spoken(conflict.name)}: {conflict.what}?"
    yield from _schemes_apart(treatment.decisions)
    for decision in (d for d in treatment.decisions if d.state != "refused"):
        for dispute in decision.disagreements:
            yield f"{decision.title}: a source prints {dispute.printed}. Which is followed?"
    if needed:
        names = ", ".join(_spoken(name) for name in needed[:MOST_FACTS])
        yield f"Can {names} be found out before the decision?"
    yield from _guidelines_apart(comparison)
    yield from _several(treatment)


def _schemes_apart(decisions: Sequence[Decision]) -> Iterator[str]:
    """Risk schemes that part in their class, told with their answers."""
    found = [
        (d.title, d.outcomes[0])
        for d in decisions
        if d.role == "scheme" and d.state == "settled" and d.name.endswith("_risk")
    ]
    if len({outcome for _, outcome in found}) > 1:
        answers = "; ".join(f"{title}: {outcome}" for title, outcome in found)
        yield f"The risk schemes part ({answers}). By which is the patient followed and treated?"


def _guidelines_apart(comparison: Sequence[Comparison]) -> Iterator[str]:
    """The options that guidelines rate otherwise, as far as each speaks of them."""
    for one in [c for c in comparison if c.state == "offered" and c.differs][:MOST_OPTIONS]:
        said = [(name, strength) for name, strength in one.strengths if strength]
        silent = [name for name, strength in one.strengths if not strength]
        words = ", ".join(f"{name}: {strength}" for name, strength in said)
        rest = f"; not named by {', '.join(silent)}" if silent else ""
        yield f"Guidelines part on {one.option} ({words}{rest}). Which holds here?"


def _several(treatment: Treatment) -> Iterator[str]:
    offered = [
        o.name
        for o in treatment.options
        if o.state == "offered" and any(a.strength == "recommended" for a in o.advice)
    ]
    if len(offered) > 1:
        names = "; ".join(dict.fromkeys(offered))
        yield f"More than one option is recommended ({names}). Which fits best, and why?"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
