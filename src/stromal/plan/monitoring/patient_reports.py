"""What the patient reports: questionnaires as scores, the diary as it was written.

Scores are numbers without a judgement. A diary is kept word for word; nothing hangs on either.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record
from stromal.facts.taking import DIARY
from stromal.facts.timeline import live_events
from stromal.facts.values import read_value
from stromal.followup.quality_of_life import ITEMS, SCALES, score
from stromal.library import Library

SCORED = "qlq-c30"
SYMPTOM, BOTHER = "diary_symptom", "diary_bother"


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """A scale of 0 to 100; `change` since the questionnaire before; None where it has no score."""

    code: str
    name: str
    kind: str
    value: Fraction | None
    change: Fraction | None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One questionnaire; `note` says why it has no scores."""

    event: str
    day: str
    name: str
    scales: tuple[ScaleScore, ...]
    summary: Fraction | None
    summary_change: Fraction | None
    missing_items: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written on a day, in the patient's own words, and what bothers how much."""

    event: str
    day: str
    words: str
    symptoms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom over all entries: the latest and the worst, each with its day."""

    name: str
    latest: str
    latest_day: str
    worst: str
    worst_day: str
    times: int


@dataclass(frozen=True, slots=True)
class Diary:
    """The diary. It triggers nothing: no decision, option or dose looks at it."""

    entries: tuple[Entry, ...]
    symptoms: tuple[Symptom, ...]


def questionnaires_of(
    record: Record, day: datetime.date | None
) -> tuple[tuple[Questionnaire, ...], tuple[Problem, ...]]:
    """Every questionnaire known on `day`, oldest first, with the change since the one before."""
    problems: list[Problem] = []
    found: list[Questionnaire] = []
    before: Questionnaire | None = None
    for event in _of_kind(record, day, "questionnaire"):
        one = _questionnaire(record, event, before, problems)
        before = one if one.scales else before
        found.append(one)
    return tuple(found), tuple(problems)


def diary_of(
    library: Library, record: Record, day: datetime.date | None
) -> tuple[Diary, tuple[Problem, ...]]:
    """The diary known on `day`, oldest entry first, and the words that are not on our list."""
    problems: list[Problem] = []
    entries = [_entry(library, record, e, problems) for e in _of_kind(record, day, DIARY)]
    levels = library.terms[BOTHER].values
    names = dict.fromkeys(name for entry in entries for name in entry.symptoms)
    symptoms = tuple(_symptom(name, entries, levels) for name in names)
    return Diary(tuple(entries), symptoms), tuple(problems)


def _of_kind(record: Record, day: datetime.date | None, kind: str) -> list[Event]:
    events = [event for event in live_events(record, day) if event.kind == kind]
    return sorted(events, key=lambda event: (event.day, event.id))


def _questionnaire(
    record: Record, event: Event, before: Questionnaire | None, problems: list[Problem]
) -> Questionnaire:
    place = f"{record.name}:{event.line}, {event.id}"
    name, answers = str(event.details.get("name") or ""), _answers(event.details.get("answers"))
    missing = tuple(item for item in range(1, ITEMS + 1) if item not in answers)
    empty = Questionnaire(event.id, event.day, name, (), None, None, (), "")
    if SCORED not in name.casefold().replace(" ", "-"):
        return _noted(empty, "kept, not scored: only the QLQ-C30 is scored here")
    version = str(event.details.get("version") or "")
    if not version:
        remedy = "write 'version: 3.0' as printed on the form: older forms ask otherwise"
        problems.append(Problem(place, "the version of the QLQ-C30 is not said", remedy))
        return _noted(empty, "not scored: the version is not said")
    found = score(answers, "3.0" if version in ("3", "3.0") else version)
    if isinstance(found, tuple):
        problems += [Problem(f"{place}, {p.place}", p.what, p.remedy) for p in found]
        return _noted(empty, "not scored: see the problems")
    old = {scale.code: scale.value for scale in before.scales} if before else {}
    scales = tuple(
        ScaleScore(s.code, s.name, s.kind, found.scales[s.code],
                   _less(found.scales[s.code], old.get(s.code)))
        for s in SCALES
    )  # fmt: skip
    change = _less(found.summary, before.summary if before else None)
    return Questionnaire(event.id, event.day, name, scales, found.summary, change, missing, "")


def _noted(empty: Questionnaire, note: str) -> Questionnaire:
    return Questionnaire(empty.event, empty.day, empty.name, (), None, None, (), note)


def _less(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    return None if now is None or before is None else now - before


def _answers(raw: object) -> dict[int, int]:
    """Answers by item; a list counts from item 1, and '?' or nothing is a missing answer."""
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(raw, Mapping):
        pairs = raw.items()
    elif isinstance(raw, list):
        pairs = enumerate(raw, 1)
    return {
        int(str(item)): int(str(answer))
        for item, answer in pairs
        if str(item).isdecimal() and str(answer).isdecimal()
    }


def _entry(library: Library, record: Record, event: Event, problems: list[Problem]) -> Entry:
    place = f"{record.name}:{event.line}, {event.id}"
    symptoms: dict[str, str] = {}
    raw = event.details.get("symptoms")
    for name, bother in raw.items() if isinstance(raw, Mapping) else ():
        read = [
            read_value(library.terms[term], said)
            for term, said in ((SYMPTOM, name), (BOTHER, bother))
        ]
        wrong = [one for one in read if isinstance(one, Problem)]
        if wrong:
            problems += [Problem(place, one.what, one.remedy) for one in wrong]
            continue
        words = [_words(one.possible) for one in read if not isinstance(one, Problem)]
        symptoms[words[0]] = words[1]
    return Entry(event.id, event.day, event.words, symptoms)


def _words(possible: object) -> str:
    return " or ".join(sorted(possible.values)) if isinstance(possible, Choices) else str(possible)


def _symptom(name: str, entries: Sequence[Entry], levels: Sequence[str]) -> Symptom:
    said = [(entry.symptoms[name], entry.day) for entry in entries if name in entry.symptoms]
    known = [(levels.index(word), day) for word, day in said if word in levels]
    worst, worst_day = max(known, key=lambda one: one[0], default=(0, ""))
    latest, latest_day = said[-1]
    return Symptom(name, latest, latest_day, levels[worst] if known else "?", worst_day, len(said))
