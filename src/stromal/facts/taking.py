"""How a drug was handed out and taken, and what the patient wrote: the forms of these events.

A diary holds words and how much a symptom bothers. It holds no facts, so nothing can hang on it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from stromal.facts.problem import Problem

REFILL_KEYS = ("drug", "days", "tablets", "strength", "dose")
STAY_KEYS = ("from", "to", "because")
PAUSE_KEYS = ("drug", *STAY_KEYS)
DIARY_KEYS = ("symptoms",)
QUESTIONNAIRE_KEYS = ("name", "version", "answers")
DIARY = "diary"
_STRENGTH = re.compile(r"\s*\d+(?:\.\d+)?\s*(?:mg|g|µg|ug|mcg)\s*", re.IGNORECASE)
ABSENCES = ("pause", "hospital stay")


def wrong_taking(kind: str, details: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong in the form of such an event; the place is the key."""
    if kind == "refill":
        yield from _refill(details)
    elif kind in ABSENCES:
        yield from _absence(details)
    elif kind == DIARY:
        yield from _by_name(details, "symptoms", "{fatigue: a little, cramps: very much}")
    elif kind == "questionnaire":
        yield from _answers(details)


def _refill(details: Mapping[str, object]) -> Iterator[Problem]:
    days, tablets, strength = (details.get(key) for key in ("days", "tablets", "strength"))
    for key in ("days", "tablets"):
        if details.get(key) is not None and not _is_count(details[key]):
            yield Problem(key, f"{details[key]!r} is not a whole number above 0", f"{key}: 30")
    if strength is not None and not _STRENGTH.fullmatch(str(strength)):
        what = f"{strength!r} is not the strength of one tablet"
        yield Problem("strength", what, "write it with its unit: 'strength: 400 mg'")
    if days is None and (tablets is None or strength is None):
        remedy = "write 'days: 30', or 'tablets: 30' with 'strength: 400 mg'"
        yield Problem("days", "it is not said for how long the tablets last", remedy)
    if days is not None and tablets is not None:
        what = "both days and tablets are given"
        yield Problem("days", what, "keep the one that the pharmacy counted")


def _is_count(raw: object) -> bool:
    return str(raw).isdecimal() and int(str(raw)) > 0


def _absence(details: Mapping[str, object]) -> Iterator[Problem]:
    days = {key: one_day(details[key]) for key in ("from", "to") if details.get(key) is not None}
    for key, day in days.items():
        if day is None:
            yield Problem(key, f"{details[key]!r} is not one day", "write 2024-05-17")
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        yield Problem("to", "it ends before it begins", "exchange the days")


def one_day(raw: object) -> datetime.date | None:
    """A day written as 2024-05-17; None for anything else."""
    try:
        return datetime.date.fromisoformat(str(raw).strip())
    except ValueError:
        return None


def _by_name(details: Mapping[str, object], key: str, example: str) -> Iterator[Problem]:
    raw = details.get(key)
    if raw is not None and not isinstance(raw, dict):
        yield Problem(key, "not a list of 'name: answer'", f"write '{key}: {example}'")


def _answers(details: Mapping[str, object]) -> Iterator[Problem]:
    raw = details.get("answers")
    if isinstance(raw, dict):
        for item, answer in raw.items():
            if not str(item).isdecimal():
                what = f"item {item!r} is not the number of a question"
                yield Problem("answers", what, "write 'answers: {1: 2, 2: 1, ...}'")
            if answer is not None and not str(answer).isdecimal():
                what = f"item {item}: {answer!r} is not the number of an answer"
                yield Problem("answers", what, "write the number ticked; leave out what is missing")
    elif isinstance(raw, list):
        for item, answer in enumerate(raw, 1):
            if answer not in (None, "", "?") and not str(answer).isdecimal():
                what = f"item {item}: {answer!r} is not the number of an answer"
                yield Problem("answers", what, "write the number ticked; '?' for what is missing")
    elif raw is not None:
        yield Problem("answers", "not a list of answers", "write 'answers: {1: 2, 2: 1, ...}'")
