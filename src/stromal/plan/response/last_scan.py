"""The last scan under the present drug, as facts; and what it overtakes of what was typed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import INFINITY, Choices, Numbers, Possible
from stromal.facts.timeline import Folded
from stromal.facts.values import read_day
from stromal.followup.doubt import Growing, doubt, growing
from stromal.plan.known.course import course_of, first_day
from stromal.plan.response.course import Scanned, Stretch, last_started, scanned, stretches
from stromal.plan.response.facts import (
    ASSUMED,
    COMPARED,
    CONFIRMED,
    PROGRESSION,
    ResponseFacts,
    fact_of,
)
from stromal.plan.response.reading import (
    Measured,
    ResponseSettings,
    choi_values,
    measure,
    pet_values,
    recist_values,
)


def last_scan(folded: Folded, terms: Mapping[str, Term], none: ResponseFacts) -> ResponseFacts:
    """The facts; `none` are those of a record without a scan that can be compared."""
    course = course_of(folded.events, terms)
    scans, undated = scanned(course)
    none = replace(none, problems=tuple(undated))
    present = _present([*stretches(course, scans, terms)], last_started(course))
    if present is None:
        return none
    measured = measure(present, ResponseSettings())
    if measured is None:
        return replace(none, problems=(*undated, *present.problems))
    if len(measured.stretch.scans) < 2:
        return none
    if not measured.sure or measured.stretch.ended_by:
        why = measured.stretch.ended_by or "something in them has to be mended first"
        note = f"the scans under {_drug(measured.stretch)} decide nothing: {why}"
        return replace(none, notes=(note,), problems=(*undated, *measured.built.problems))
    return replace(_of_last_scan(measured, folded, terms), problems=tuple(undated))


def _present(found: list[Stretch], since: datetime.date | None) -> Stretch | None:
    """The last stretch under the present drug; that before a new baseline until it is followed."""
    mine = [one for one in found if since is not None and one.since == since]
    if len(mine) > 1 and len(mine[-1].scans) == 1 and mine[-2].scans[-1:] == mine[-1].scans:
        return mine[-2]
    return mine[-1] if mine else None


def _drug(stretch: Stretch) -> str:
    return " with ".join(stretch.drugs)


def _of_last_scan(measured: Measured, folded: Folded, terms: Mapping[str, Term]) -> ResponseFacts:
    scan = measured.stretch.scans[-1]
    typed = folded.facts.get(PROGRESSION)
    when = _when(typed) if typed and typed.state is not State.UNKNOWN else None
    origin = _origin(scan)
    facts = {
        name: fact_of(terms[name], possible, (origin,))
        for name, possible in _values(measured)
        if name in terms
    }
    if typed and any(one.kind == ASSUMED for one in typed.origins):
        return ResponseFacts(facts)
    if typed and when and when[0] > scan.last:
        note = (
            f"{_said(typed)} was said after the last measured scan ({scan.event.day}), so it counts"
        )
        return ResponseFacts({COMPARED: facts[COMPARED]}, notes=(note,))
    overtaken = [*_of_an_earlier_drug(folded, measured.stretch)]
    drug = _drug(measured.stretch)
    notes = [f"{_said(folded.facts[n])} was said before {drug} began; now it is open"
             for n in overtaken]  # fmt: skip
    older = typed and typed.state is not State.UNKNOWN and (when is None or when[1] < scan.first)
    if typed and older and recist_values(measured, len(measured.stretch.scans) - 1) != ("NE",):
        overtaken.append(PROGRESSION)
        notes.append(
            f"{_said(typed)} is older than the measured scan of {scan.event.day}, which counts"
        )
    return ResponseFacts(facts, tuple(overtaken), tuple(notes))


def _of_an_earlier_drug(folded: Folded, stretch: Stretch) -> Iterator[str]:
    """What was confirmed before the present drug was started confirms nothing under it."""
    confirmed = folded.facts.get(CONFIRMED)
    when = _when(confirmed) if confirmed else None
    if when and stretch.start and when[1] <= first_day(stretch.start):
        yield CONFIRMED


def _values(measured: Measured) -> Iterator[tuple[str, Possible]]:
    series, number = measured.built.series, len(measured.stretch.scans) - 1
    grown = growing(series, number)
    yield COMPARED, Numbers.exactly(float(number))
    yield "recist_response", Choices(frozenset(recist_values(measured, number)))
    modified = recist_values(measured, number, gist=True)
    if modified:
        yield "modified_recist_response", Choices(frozenset(modified))
    if series.targets:
        yield "choi_response", Choices(frozenset(choi_values(measured, number)[0]))
    yield "metabolic_response", Choices(frozenset(_metabolic(measured)))
    yield "growing_lesions", _count_of_growing(grown, stated=measured.built.new_stated[number])
    yield "growing_nodules", Numbers.exactly(float(len(grown.nodules)))
    least = len(grown.controlled)
    most = least + len(grown.not_evaluated)
    yield "controlled_lesions", Numbers.between(float(least), float(most))
    yield "equivocal_lesions", Numbers.exactly(float(len(grown.equivocal)))
    yield "pseudo_progression", Choices(doubt(series, number).possible)


def _count_of_growing(grown: Growing, *, stated: bool) -> Numbers:
    """How many grow: more may, where new lesions are not spoken of or the rest progresses."""
    least = len(grown.names) + grown.uncounted
    most = len(grown.names) + len(grown.not_evaluated)
    open_end = grown.uncounted or not stated
    return Numbers.between(float(least), INFINITY if open_end else float(most))


def _metabolic(measured: Measured) -> tuple[str, ...]:
    """The metabolic response of a PET on the day of the last scan, or later; NE without one."""
    last, baseline = measured.stretch.scans[-1], measured.stretch.scans[0]
    pets = [one for one in measured.stretch.uptakes if one.first >= last.first]
    if not pets:
        return ("NE",)
    eortc, percist, _ = pet_values(pets[-1], baseline)
    return eortc or percist or ("NE",)


def _when(fact: Fact) -> tuple[datetime.date, datetime.date] | None:
    """The days on which the typed value may have been said; None if it has no day."""
    days = [span for one in fact.origins if one.day and (span := read_day(one.day))]
    return max(days, default=None)


def _said(fact: Fact) -> str:
    given = " or ".join(dict.fromkeys(one.given for one in fact.origins))
    return f"{fact.name.replace('_', ' ')} ({given})"


def _origin(scan: Scanned) -> Origin:
    event = scan.event
    words = event.words or f"{scan.report.modality or 'imaging'} of {event.day}"
    return Origin(event.id, event.day, event.kind, event.source, words)
