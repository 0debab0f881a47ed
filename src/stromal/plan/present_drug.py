"""Options that go on with the present drug: nothing where it was left for good.

Whether a drug is taken, and why the last one ended, follows from the events of the record. Where
the record does not say so for certain, the options stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from stromal.facts.possible import Choices, Members, Possible

STATE, LAST_DRUG = "disease_state", "last_drug"
SAME_DRUG = frozenset(
    (
        "continue the present drug",
        "continue the present drug beyond progression",
        "continue the drug and look again",
        "local treatment and the same drug",
    )
)
"""Options that give the present drug without naming it: what forbids that drug forbids them."""
ON_DRUG = frozenset(
    (
        "on drug before surgery",
        "on adjuvant drug",
        "controlled on drug",
        "focal progression on drug",
        "general progression on drug",
    )
)
"""The states of the disease in which a tumour drug is being taken."""


LEFT = ("drugs_not_tolerated", "drugs_failed")


def says_nothing(option: str, known: Mapping[str, Possible]) -> bool:
    """True if the option goes on with a drug that surely was left for good.

    One stopped for an operation, by plan or by wish is not meant: there going on is starting again.
    """
    return option in SAME_DRUG and _is_off(known) and _is_left(known)


def _is_off(known: Mapping[str, Possible]) -> bool:
    state = known.get(STATE)
    return isinstance(state, Choices) and not state.values & ON_DRUG


def _is_left(known: Mapping[str, Possible]) -> bool:
    last = known.get(LAST_DRUG)
    if not isinstance(last, Choices) or not last.is_single():
        return False
    drugs = frozenset(str(last).split(" with "))
    return any(isinstance(m := known.get(name), Members) and drugs <= m.certain for name in LEFT)
