"""The events that did what a board had decided: they are no news that re-opens the decision."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from stromal.facts.ending import PLANNED, reasons
from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import live_events
from stromal.plan.differences import Cause, Difference
from stromal.plan.drugs.rules import parts_of
from stromal.plan.treatment import Option

OPERATION = re.compile(r"\b(?:resect|resection|excision|operation|debulking|\w*duodenectomy)\b")
NO_OPERATION = re.compile(r"^(?:no|without)\b")
OF_COURSE = frozenset(
    (
        "disease_state", "setting", "line_of_therapy", "last_drug", "drugs_given",
        "neoadjuvant_drug_given", "progression", "progression_confirmed",
        "last_drug_not_tolerated", "weeks_since_surgery", "months_on_current_drug",
        "adjuvant_years", "current_daily_dose", "operation_planned", "specimen",
    )
)  # fmt: skip
"""Facts that an event makes by having happened, whatever it found."""
BOOKED = frozenset(("operation_planned",))
"""What may be told of an operation that was decided before it is done."""


_NO_DRUG = frozenset(("a drug that is not named",))


@dataclass(frozen=True, slots=True)
class _Decided:
    """The drugs that a decision gives, those it speaks against, and whether it is to operate."""

    given: frozenset[str]
    denied: frozenset[str]
    operation: bool


def carrying_out(
    record: Record,
    decision: Event,
    options: Sequence[Option],
    denied: Sequence[str],
    day: datetime.date | None = None,
) -> tuple[str, ...]:
    """The ids of the events from the day of the decision on that did what it says.

    A start or dose of a drug that its options give, the planned end of it, the end of a drug that
    it speaks against, the operation that it names with what is paused for it.
    """
    decided = _Decided(
        frozenset(drug for option in options for drug in parts_of(option.drug)),
        frozenset(denied),
        any(_is_operation(option) for option in options),
    )
    since, done = days_of(decision), []
    later = [event for event in live_events(record, day) if _is_after(event, since)]
    for place, event in enumerate(later):
        if _does(event, decided, later[:place]):
            done.append(event.id)
    return tuple(done)


def is_carrying_out(change: Difference, causes: Sequence[Cause], events: Sequence[str]) -> bool:
    """True if nothing but the course that these events made is behind a change.

    What an operation found (a margin, a rupture) is news though it was decided to operate.
    """
    named = [cause for cause in causes if cause.name in change.because]
    behind = [cause for cause in named if cause.kind != "time"]
    done = frozenset(events)
    return bool(behind) and all(
        cause.name in OF_COURSE and cause.events and done >= set(cause.events) for cause in behind
    )


def _is_after(event: Event, since: tuple[datetime.date, datetime.date] | None) -> bool:
    span = days_of(event)
    return since is not None and span is not None and span[1] >= since[0]


def _does(event: Event, decided: _Decided, before: Sequence[Event]) -> bool:
    """Whether an event does what was decided; `before` are those between the two."""
    if event.kind in ("drug start", "dose change"):
        return _drugs(event) <= decided.given or _is_restart(event, decided, before)
    if event.kind == "drug stop":
        return _is_end(event, decided, before)
    booked = bool(event.facts) and event.facts.keys() <= BOOKED
    return decided.operation and (event.kind == "resection" or booked)


def _is_end(event: Event, decided: _Decided, before: Sequence[Event]) -> bool:
    """The end as planned, the end for the operation, or that of a drug which was spoken against.

    A drug that was spoken against and begun all the same does not end by that decision.
    """
    drugs = _drugs(event)
    begun = any(drugs & _drugs(other) for other in before if other.kind == "drug start")
    if drugs <= decided.denied and not begun:
        return True
    why = reasons(event.details)
    return (decided.operation and why == {"operation"}) or (
        drugs <= decided.given and why == {PLANNED}
    )


def _is_restart(event: Event, decided: _Decided, before: Sequence[Event]) -> bool:
    """A drug that was stopped for the operation and is taken again."""
    stops = [other for other in before if other.kind == "drug stop"]
    return decided.operation and any(
        _drugs(event) <= _drugs(other) and reasons(other.details) == {"operation"}
        for other in stops
    )


def _drugs(event: Event) -> frozenset[str]:
    """The drugs of an event of a drug, which has one at least."""
    return frozenset(parts_of(str(event.details.get("drug", "")).strip().lower())) or _NO_DRUG


def _is_operation(option: Option) -> bool:
    name = option.name
    return option.drug == "-" and bool(OPERATION.search(name)) and not NO_OPERATION.match(name)
