"""What a board has decided: shown as it was said, held beside the options, never argued with.

A decision is re-opened by a later change: whatever now stands otherwise than on its day, unless
only the carrying out of the decision made it so (`carried_out`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import live_events
from stromal.library import Library
from stromal.plan.board_text import drugs_denied, names, options_named, stands_in
from stromal.plan.carried_out import carrying_out, is_carrying_out
from stromal.plan.differences import Difference, differences
from stromal.plan.make import Made, make_plan
from stromal.plan.treatment import Option

REOPENING = ("option", "guard", "decision")
"""What has to stand otherwise for a decision to be looked at again."""


@dataclass(frozen=True, slots=True)
class BoardDecision:
    """One decision of the record. `options` are those that it names, by the facts of its day.

    `differs` says where it departs from them; `carried_out` are the events that did what was
    decided; `reopened` is what else has changed since, `events` the events that changed it.
    """

    event: str
    day: str
    text: str
    decided_by: str
    dissent: str
    options: tuple[str, ...]
    differs: tuple[str, ...]
    carried_out: tuple[str, ...]
    reopened: tuple[Difference, ...]
    events: tuple[str, ...]


def board_decisions(
    library: Library,
    record: Record,
    now: Made,
    day: datetime.date | None = None,
    guidelines: tuple[str, ...] = (),
) -> tuple[BoardDecision, ...]:
    """Every decision known on `day`, with what the plan of its day and that of now make of it."""
    events = [e for e in live_events(record, day) if e.kind == "decision" and not _is_release(e)]
    return tuple(_decision(library, record, now, event, day, guidelines) for event in events)


def _is_release(event: Event) -> bool:
    """True for the release of the patient's copy, which decides nothing about treatment."""
    return event.details.get("release") is not None


def _decision(
    library: Library,
    record: Record,
    now: Made,
    event: Event,
    day: datetime.date | None,
    guidelines: tuple[str, ...],
) -> BoardDecision:
    days = days_of(event)
    rules = now.patient.network  # facts, not new editions, re-open a decision
    then = make_plan(library, record, days[1], guidelines, rules=rules) if days else now
    later = differences(then, now)
    text = str(event.details.get("text") or "")
    named = str(event.details.get("option") or text)
    options = then.plan.treatment.options
    found = options_named(named, options)
    done = carrying_out(record, event, found, drugs_denied(named, options), day)
    reopened = tuple(
        change
        for change in later.changes
        if change.what in REOPENING and not is_carrying_out(change, later.causes, done)
    )
    causes = {name for change in reopened for name in change.because}
    behind = (e for cause in later.causes if cause.name in causes for e in cause.events)
    return BoardDecision(
        event=event.id,
        day=event.day,
        text=text,
        decided_by=str(event.details.get("decided_by") or ""),
        dissent=str(event.details.get("dissent") or ""),
        options=tuple(f"{option.name} ({option.setting}): {option.state}" for option in found),
        differs=(*_differs(named, found, options), *(() if found else _guarded(named, then))),
        carried_out=done,
        reopened=reopened,
        events=tuple(dict.fromkeys(behind)),
    )


def _differs(text: str, found: Sequence[Option], options: Sequence[Option]) -> Iterator[str]:
    """Where a decision departs from the options of its day, told without a verdict."""
    if not found:
        yield from _names_none(text, options)
        return
    if any(option.state == "offered" for option in found):
        found = [option for option in found if option.state == "offered"]
    for option in found:
        yield from _departs(option)


def _names_none(text: str, options: Sequence[Option]) -> Iterator[str]:
    """A decision that names no option, or that speaks against a drug."""
    offered = [option for option in options if option.state == "offered"]
    denied = drugs_denied(text, options)
    against = [o.name for o in offered if any(stands_in(drug, o.drug) for drug in denied)]
    if denied and against:
        yield f"it speaks against {', '.join(denied)}; offered: {'; '.join(against)}"
    elif not denied:
        listed = "; ".join(option.name for option in offered) or "none without a doubt"
        yield f"it names none of the options for the facts of that day; offered: {listed}"


def _guarded(text: str, then: Made) -> Iterator[str]:
    """The guards that refuse a drug which the text names, though no option gives it."""
    for guard in then.plan.treatment.guards:
        drugs = {t.removeprefix("drug:").partition("@")[0] for t in guard.targets}
        named = sorted(drug for drug in drugs if names(text, drug))
        if guard.certain and guard.effect == "refuse" and named:
            where = f"{guard.basis.document} {guard.basis.row}"
            yield f"{', '.join(named)}: a guard speaks against it ({where})"


def _departs(option: Option) -> Iterator[str]:
    strengths = {advice.strength for advice in option.advice}
    if option.state == "refused":
        rows = [o.basis for o in option.objections if o.certain and o.effect == "refuse"]
        where = ", ".join(f"{basis.document} {basis.row}" for basis in rows)
        yield f"{option.name}: a guard speaks against it ({where})"
    elif option.state == "depends":
        names = ", ".join(name.replace("_", " ") for name in option.depends_on)
        yield f"{option.name}: it hung on what was not known ({names or 'see the option'})"
    elif strengths <= {"discouraged"}:
        yield f"{option.name}: the guidelines that name it advise against it"
