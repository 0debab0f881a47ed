"""Adherence to each drug from the refills of the record, beside its published thresholds.

The window runs from the first refill to the day asked about, or to the stop of the drug. Planned
days off are read from the dose as recorded; where it tells no schedule and the label has days off,
both ways of counting are shown. Shown with its rules; it decides nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.days import last_day
from stromal.facts.laboratory import read_amount
from stromal.facts.possible import Numbers
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.taking import ABSENCES, one_day, wrong_taking
from stromal.facts.timeline import live_events
from stromal.facts.units import convert
from stromal.followup.adherence import Adherence, Refill, Stay, adherence
from stromal.followup.cycles import EVERY_DAY, Cycle, Phase, distinct, read_cycle
from stromal.library import Library
from stromal.plan.known.drugs_taken import daily_dose, read_daily

THRESHOLDS = "threshold"
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A published threshold; `percent` None for a row of words only. `reached`: None likewise."""

    row: str
    measure: str
    percent: Fraction | None
    reached: bool | None
    words: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class DrugAdherence:
    """The figures of one drug; `found` None where they could not be made, and `notes` say why.

    `by_label` counts the days off of the label's schedule as planned, where the record does not say
    by which schedule the drug is taken; None where there is nothing to choose.
    """

    drug: str
    refills: int
    found: Adherence | None
    percent_covered: Fraction | None
    percent_possessed: Fraction | None
    thresholds: tuple[Threshold, ...]
    notes: tuple[str, ...]
    by_label: Adherence | None = None


def adherence_of(
    library: Library, record: Record, day: datetime.date | None
) -> tuple[tuple[DrugAdherence, ...], tuple[Problem, ...]]:
    """Every drug with a refill known on `day`, and what could not be read."""
    events = live_events(record, day)
    problems: list[Problem] = []
    drugs = dict.fromkeys(_drug(e) for e in events if e.kind == "refill")
    found = [_of_drug(library, record, events, drug, day, problems) for drug in drugs]
    return tuple(found), tuple(problems)


def _drug(event: Event) -> str:
    return str(event.details.get("drug") or "").strip().lower()


def _of_drug(
    library: Library,
    record: Record,
    events: Sequence[Event],
    drug: str,
    day: datetime.date | None,
    problems: list[Problem],
) -> DrugAdherence:
    notes: list[str] = []
    refills = list(_refills(record, events, drug, notes, problems))
    until = day or last_day(events)
    if not refills or until is None:
        return DrugAdherence(drug, 0, None, None, None, (), tuple(notes))
    first = min(refill.day for refill in refills)
    stop, gaps = _stops(events, drug, until)
    last = min(until, stop - ONE_DAY) if stop else until
    stays = [*_absences(record, events, drug, until, problems), *gaps]
    recorded = _phases(events, drug, first)
    found = adherence(refills, first, last, stays, _every_day(recorded))
    notes += _start_note(events, drug, first)
    if isinstance(found, Problem):
        notes.append(f"{found.what}; {found.remedy}")
        return DrugAdherence(drug, len(refills), None, None, None, (), tuple(notes))
    covered, possessed = 100 * found.days_covered, 100 * found.possession
    label = _label_cycle(library, drug)
    by_label = None
    if label and any(phase.cycle is None for phase in recorded):
        counted = adherence(refills, first, last, stays, _filled(recorded, label))
        by_label = counted if isinstance(counted, Adherence) else None
    figures = [{"PDC": covered, "MPR": possessed}]
    if label and by_label:
        figures.append({"PDC": 100 * by_label.days_covered, "MPR": 100 * by_label.possession})
        notes.append(_both_ways(label, found, by_label))
    thresholds = tuple(_thresholds(library, figures))
    noted = tuple(dict.fromkeys(notes))
    return DrugAdherence(drug, len(refills), found, covered, possessed, thresholds, noted, by_label)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The schedule that the dose of a start or change tells; None if it tells none."""

    first: datetime.date
    cycle: Cycle | None


def _phases(events: Sequence[Event], drug: str, first: datetime.date) -> list[_Recorded]:
    dated = [(days[0], e) for e in events if _drug(e) == drug and (days := days_of(e))]
    doses = sorted(
        ((on, str(e.details.get("dose") or "")) for on, e in dated
         if e.kind in ("drug start", "dose change")),
        key=lambda dose: dose[0],
    )  # fmt: skip
    found = [_Recorded(on, read_cycle(text)) for on, text in doses]
    return found if found and found[0].first <= first else [_Recorded(first, None), *found]


def _every_day(recorded: Iterable[_Recorded]) -> list[Phase]:
    return _filled(recorded, EVERY_DAY)


def _filled(recorded: Iterable[_Recorded], cycle: Cycle) -> list[Phase]:
    return [Phase(one.first, one.cycle or cycle) for one in recorded]


def _label_cycle(library: Library, drug: str) -> Cycle | None:
    """The schedule with days off that the rows on the dose of the drug tell, if it is but one."""
    compiled = library.compiled.get(f"drugs/{drug}/dose")
    rows = compiled.table.rows if compiled else ()
    told = [c for c in distinct(row.outputs.get("schedule", "") for row in rows) if c.off]
    return told[0] if len(told) == 1 else None


def _both_ways(label: Cycle, found: Adherence, by_label: Adherence) -> str:
    daily, planned = (float(100 * one.days_covered) for one in (found, by_label))
    return (
        f"no schedule is recorded with the dose: {daily:.1f} % of days covered if taken every day, "
        f"{planned:.1f} % by the label's {label} (longest gap {by_label.longest_gap} days); write "
        f"'dose: ... mg daily, {label}' or 'without a break'"
    )


def _refills(
    record: Record,
    events: Iterable[Event],
    drug: str,
    notes: list[str],
    problems: list[Problem],
) -> Iterator[Refill]:
    for event in events:
        if event.kind != "refill" or _drug(event) != drug:
            continue
        place = f"{record.name}:{event.line}, {event.id}"
        days = days_of(event)
        if days is None or days[0] != days[1]:
            problems.append(Problem(place, "a refill without its day", "write 'day: 2024-05-17'"))
            continue
        if any(wrong_taking("refill", event.details)):
            continue  # the record itself says what is wrong in the form
        lasts = _lasts(record, event, drug, days[0])
        if isinstance(lasts, Problem):
            problems.append(Problem(place, lasts.what, lasts.remedy))
            continue
        if lasts.denominator != 1:
            notes.append(f"{event.id}: {float(lasts):g} days of tablets, counted as whole days")
        if int(lasts):
            yield Refill(days[0], int(lasts))


def _lasts(record: Record, event: Event, drug: str, day: datetime.date) -> Fraction | Problem:
    """For how many days the tablets last."""
    told = event.details.get("days")
    if told is not None:
        text = str(told)
        return Fraction(text) if text.isdecimal() else Problem("", f"{text!r} days", "days: 30")
    tablets, strength = str(event.details.get("tablets") or ""), event.details.get("strength")
    amount = read_amount(str(strength or ""))
    each = convert(amount.number, amount.unit, "mg") if amount else None
    if not tablets.isdecimal() or not each:
        what = "it is not said for how long the tablets last"
        return Problem("", what, "write 'days: 30', or 'tablets: 30' with 'strength: 400 mg'")
    dose = _dose(record, event, drug, day)
    if dose is None:
        what = "the daily dose at this refill is not known"
        return Problem("", what, "add 'dose: 400 mg daily', or write 'days: 30'")
    return int(tablets) * each / dose


def _dose(record: Record, event: Event, drug: str, day: datetime.date) -> Fraction | None:
    said = event.details.get("dose")
    found = read_daily(str(said)) if said else daily_dose(record, day, drug)
    if not isinstance(found, Numbers) or not found.is_single() or not found.low:
        return None
    return Fraction(str(found.low))


def _stops(
    events: Sequence[Event], drug: str, until: datetime.date
) -> tuple[datetime.date | None, list[Stay]]:
    """The day of the last stop, if not taken since; and the days between a stop and a start."""
    dated = [(days[0], e) for e in events if _drug(e) == drug and (days := days_of(e))]
    turns = sorted(
        ((on, e.kind) for on, e in dated if e.kind in ("drug start", "drug stop")),
        key=lambda turn: turn[0],
    )
    stop: datetime.date | None = None
    gaps: list[Stay] = []
    for on, kind in turns:
        if kind == "drug stop":
            stop = stop or on
        elif stop:
            if on > stop:
                gaps.append(Stay(stop, on - ONE_DAY))
            stop = None
    return (stop if stop and stop <= until else None), gaps


def _absences(
    record: Record,
    events: Iterable[Event],
    drug: str,
    until: datetime.date,
    problems: list[Problem],
) -> Iterator[Stay]:
    """Days in hospital, and pauses of this drug or of all; one without an end goes on."""
    for event in events:
        if event.kind not in ABSENCES or _drug(event) not in ("", drug):
            continue
        days = days_of(event)
        first = one_day(event.details.get("from")) or (days[0] if days else None)
        last = one_day(event.details.get("to")) or until
        if first is None:
            place = f"{record.name}:{event.line}, {event.id}"
            problems.append(Problem(place, f"a {event.kind} without its first day", "add 'from:'"))
        elif first <= until:
            yield Stay(first, max(first, last))


def _start_note(events: Iterable[Event], drug: str, first: datetime.date) -> Iterator[str]:
    starts = [
        days[0]
        for event in events
        if event.kind == "drug start" and _drug(event) == drug and (days := days_of(event))
    ]
    if starts and min(starts) < first:
        start, number = min(starts), (first - min(starts)).days
        yield f"no refill is recorded for the {number} days from the start, {start}, to {first}"


def _thresholds(library: Library, figures: Sequence[dict[str, Fraction]]) -> Iterator[Threshold]:
    """Each threshold; whether it is reached stays open where the ways of counting disagree."""
    tables = (c.table for c in library.compiled.values() if c.table.role == THRESHOLDS)
    for row in (row for table in tables for row in table.rows):
        measure, written = row.outputs["measure"], row.outputs["at_least_percent"]
        percent = Fraction(written) if written != "-" else None
        said = {f[measure] >= percent for f in figures if measure in f and percent is not None}
        reached = said.pop() if len(said) == 1 else None
        source = "; ".join(map(str, row.citations))
        yield Threshold(row.id, measure, percent, reached, row.words, source, row.status)
