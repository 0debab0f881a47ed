"""Whether a plan is still to be made: not after death. Lost contact changes nothing but is said."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from stromal.facts.days import DEAD, DEATH, VITAL
from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact
from stromal.facts.possible import Choices, Numbers
from stromal.facts.record import Record
from stromal.facts.timeline import as_of

LOST = "lost_to_follow_up"


def has_died(facts: Mapping[str, Fact]) -> bool:
    """True if the record tells of the death for sure."""
    fact = facts.get(VITAL)
    return fact is not None and fact.possible == DEAD


def died(record: Record, terms: Mapping[str, Term], day: datetime.date | None) -> bool:
    """The same of a record as known on a day (all of it where there is none)."""
    return has_died(as_of(record, terms, day).facts)


def death_words(facts: Mapping[str, Fact]) -> str:
    """What stands in the place of options and dates after death; '' while there is none."""
    if not has_died(facts):
        return ""
    return f"The patient died{_on(facts.get(DEATH))}: nothing is offered, ordered or dated."


def notes(facts: Mapping[str, Fact]) -> Iterator[str]:
    """What the page says of death and of lost contact."""
    if words := death_words(facts):
        yield words
    lost = facts.get(LOST)
    if lost is not None and lost.possible == Choices.of("yes"):
        since = next((f" (said on {o.day})" for o in lost.origins if o.day), "")
        yield f"Contact was lost{since}: all that is said here is what was known before."


def _on(fact: Fact | None) -> str:
    if fact is None or not isinstance(fact.possible, Numbers):
        return ""
    low, high = fact.possible.low, fact.possible.high
    if fact.possible.is_single():
        return f" on {datetime.date.fromordinal(int(low))}"
    given = fact.origins[0].day if fact.origins else ""
    return f" in {given}" if given and low > 1 and high > low else ""
