"""What a board has decided: shown as it was said, held beside the options, never argued with.

A decision is re-opened by a later change: whatever now stands otherwise than on its day.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import live_events
from stromal.library import Library
from stromal.plan.differences import Difference, differences
from stromal.plan.make import Made, make_plan
from stromal.plan.treatment import Option

REOPENING = ("option", "guard", "decision")
"""What has to stand otherwise for a decision to be looked at again."""


@dataclass(frozen=True, slots=True)
class BoardDecision:
    """One decision of the record. `options` are those that it names, by the facts of its day.

    `differs` says where it departs from them; `reopened` is what has changed since, `events` the
    events that changed it.
    """

    event: str
    day: str
    text: str
    decided_by: str
    dissent: str
    options: tuple[str, ...]
    differs: tuple[str, ...]
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
    return tuple(_decision(library, record, now, event, guidelines) for event in events)


def options_named(text: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """The options that a text names in full, else those that give a drug that it names."""
    words = " ".join(text.lower().split())
    full = tuple(option for option in options if _stands_in(option.name.lower(), words))
    if full:
        return full
    return tuple(o for o in options if o.drug not in ("-", "") and _stands_in(o.drug, words))


def _is_release(event: Event) -> bool:
    """True for the release of the patient's copy, which decides nothing about treatment."""
    return event.details.get("release") is not None


def _stands_in(name: str, words: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words) is not None


def _decision(
    library: Library, record: Record, now: Made, event: Event, guidelines: tuple[str, ...]
) -> BoardDecision:
    days = days_of(event)
    rules = now.patient.network  # facts, not new editions, re-open a decision
    then = make_plan(library, record, days[1], guidelines, rules=rules) if days else now
    later = differences(then, now)
    text = str(event.details.get("text") or "")
    named = str(event.details.get("option") or text)
    found = options_named(named, then.plan.treatment.options)
    reopened = tuple(change for change in later.changes if change.what in REOPENING)
    causes = {name for change in reopened for name in change.because}
    behind = (e for cause in later.causes if cause.name in causes for e in cause.events)
    return BoardDecision(
        event=event.id,
        day=event.day,
        text=text,
        decided_by=str(event.details.get("decided_by") or ""),
        dissent=str(event.details.get("dissent") or ""),
        options=tuple(f"{option.name} ({option.setting}): {option.state}" for option in found),
        differs=(
            *_differs(found, then.plan.treatment.options),
            *(() if found else _guarded(named, then)),
        ),
        reopened=reopened,
        events=tuple(dict.fromkeys(behind)),
    )


def _differs(found: Sequence[Option], options: Sequence[Option]) -> Iterator[str]:
    """Where a decision departs from the options of its day, told without a verdict."""
    if not found:
        names = "; ".join(o.name for o in options if o.state == "offered") or "none without a doubt"
        yield f"it names none of the options for the facts of that day; offered: {names}"
        return
    if any(option.state == "offered" for option in found):
        found = [option for option in found if option.state == "offered"]
    for option in found:
        yield from _departs(option)


def _guarded(text: str, then: Made) -> Iterator[str]:
    """The guards that refuse a drug which the text names, though no option gives it."""
    words = " ".join(text.lower().split())
    for guard in then.plan.treatment.guards:
        drugs = (t.removeprefix("drug:").partition("@")[0] for t in guard.targets)
        named = sorted({drug for drug in drugs if _stands_in(drug, words)})
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
