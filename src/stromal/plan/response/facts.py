"""What the last scan under the present drug says, as facts that rules can test.

Computed, never typed. Where anything in the series is wrong, or a later day says otherwise,
nothing is said: an open fact is safer than one from a comparison that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import Numbers, Possible, intersect
from stromal.facts.problem import Problem
from stromal.facts.timeline import Folded

PROGRESSION, COMPARED, CONFIRMED = "progression", "compared_scans", "progression_confirmed"
RESPONSE_FACTS = (
    COMPARED, "recist_response", "modified_recist_response", "choi_response", "metabolic_response",
    "growing_lesions", "growing_nodules", "controlled_lesions", "equivocal_lesions",
    "pseudo_progression",
)  # fmt: skip
ASSUMED = "assumed"
"""The kind of the origin of a value that is only tried."""


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """The computed facts, the typed ones that they overtake, and what was noticed."""

    facts: Mapping[str, Fact]
    overtaken: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def nothing_compared(terms: Mapping[str, Term]) -> ResponseFacts:
    """The facts of a record without a scan that can be compared."""
    if COMPARED not in terms:
        return ResponseFacts({})
    return ResponseFacts({COMPARED: fact_of(terms[COMPARED], Numbers.exactly(0), ())})


def scans_are_typed(folded: Folded) -> bool:
    """Whether any event lists lesions or uptake."""
    return any("lesions" in event.details or "uptake" in event.details for event in folded.events)


def with_typed(found: ResponseFacts, folded: Folded) -> ResponseFacts:
    """The facts found, with the problem of each that was typed all the same."""
    typed = [*_typed(folded)]
    return replace(
        found,
        overtaken=(*(name for name, _ in typed), *found.overtaken),
        problems=(*(problem for _, problem in typed), *found.problems),
    )


def _typed(folded: Folded) -> Iterator[tuple[str, Problem]]:
    """Response facts that somebody typed: they are computed, so a typed one is not used."""
    for name in RESPONSE_FACTS:
        fact = folded.facts.get(name)
        if fact and all(one.kind != ASSUMED for one in fact.origins):
            what = f"{name} is computed from the scans, so what was typed is not used"
            remedy = "type the lesions under the imaging event ('stromal response' shows how)"
            yield name, Problem(fact.origins[0].event if fact.origins else name, what, remedy)


def fact_of(term: Term, possible: Possible, origins: tuple[Origin, ...]) -> Fact:
    """A computed fact, within what the dictionary allows."""
    inside = intersect(possible, term.domain)
    whole = State.UNKNOWN if inside == term.domain else State.RANGE
    state = State.KNOWN if inside.is_single() else whole
    return Fact(term.name, inside, state, None, origins)
