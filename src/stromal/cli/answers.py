"""What a person types at a question, as a record would hold it; and the answers as a record."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from stromal.cli.speak import spoken
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.record import UNDATED, Event, Record, write_record

Raw = str | list[str]
UNKNOWN = "?"
NOBODY = Record("answers", "", "", (), {}, "", (), "answers")
"""The record of somebody who has no file yet."""
SHORTEST = 3
"""So many letters may stand for a value that begins with them."""
FEW = 4
_NUMBER_ONLY = re.compile(
    r"(?:<=|>=|<|>|at least |at most |more than |less than |over |under |up to )?\s*\d+(?:\.\d+)?"
    r"(?:\s*(?:to|-|–)\s*\d+(?:\.\d+)?)?"
)
_NONE = ("none", "no", "none of these", "none of them", "[]", "0")


def typed_answer(term: Term, text: str) -> Raw:
    """The raw value that `text` stands for.

    Numbers of a list become its words; a bare number gets the unit that the question names. What
    cannot be understood is left as typed, for the reader of values to refuse.
    """
    text = text.strip()
    if text == UNKNOWN or term.kind in ("text", "date"):
        return text
    if term.kind == "number":
        has_no_unit = term.unit and not term.bare and _NUMBER_ONLY.fullmatch(text)
        return f"{text} {term.unit}" if has_no_unit else text
    if term.kind == "members":
        return _findings(term, text)
    return _choice(term, text)


def _findings(term: Term, text: str) -> Raw:
    if text.lower() in _NONE:
        return []
    parts = [part.strip() for part in text.strip("[]").split(",")]
    return [_numbered(term, part) for part in parts if part]


def _choice(term: Term, text: str) -> str:
    if (whole := _numbered(term, text)) != text:
        return whole
    negated = text.lower().startswith("not ")
    parts = re.split(r"\s+or\s+|\s*,\s*|\s*/\s*", text[4:] if negated else text)
    words = [_numbered(term, part.strip()) for part in parts]
    if all(word in term.values for word in words):
        return ("not " if negated else "") + " or ".join(words)
    return text


def _numbered(term: Term, text: str) -> str:
    """The value of that number in the list, or that begins so, or the text itself."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(term.values):
        return term.values[int(text) - 1]
    short = {"y": "yes", "n": "no", "+": "positive", "-": "negative"}.get(text, text).lower()
    if short in (value.lower() for value in term.values):
        return next(value for value in term.values if value.lower() == short)
    return _begun(term, short) or text


def _begun(term: Term, text: str) -> str:
    """The one value or synonym that begins with the text, '' if there is none or are several."""
    if len(text) < SHORTEST or text in term.values or text in term.synonyms:
        return ""
    meant = _meant(term, text)
    return next(iter(meant)) if len(set(meant.values())) == 1 else ""


def _meant(term: Term, text: str) -> dict[str, frozenset[str]]:
    """The values and synonyms that begin with the text, and what they stand for."""
    words = {value: frozenset((value,)) for value in term.values} | dict(term.synonyms)
    return {word: meant for word, meant in words.items() if word.lower().startswith(text)}


def as_typed(problem: Problem, terms: Mapping[str, Term], given: Mapping[str, Raw]) -> Problem:
    """The problem as it concerns what was typed, not a place in a file."""
    name = next((name for name in given if problem.place.endswith(name)), next(iter(given)))
    term = terms[name]
    if term.kind not in ("choice", "members"):
        return Problem(spoken(name), problem.what, problem.remedy)
    remedy = "type the number of a value or its first letters; '?' if unknown"
    typed = given[name]
    if isinstance(typed, str) and typed.isdigit():
        what = f"there is no number {typed}: the last is {len(term.values)}"
        return Problem(spoken(name), what, remedy)
    begun = _meant(term, typed.lower()) if isinstance(typed, str) else {}
    if len(begun) > 1:
        return Problem(spoken(name), f"{typed!r} may mean {' or '.join(begun)}", remedy)
    if len(term.values) <= FEW or "mean" in problem.remedy:
        remedy = f"type the number of a value, or {problem.remedy}"
    return Problem(spoken(name), problem.what, remedy)


def record_text(answers: Mapping[str, Raw], record: Record = NOBODY) -> str:
    """The answers as the YAML of a record, which `stromal assess` reads, beside what it held."""
    undated = Event(UNDATED, "", "", "history", record.source, dict(answers))
    return write_record(dataclasses.replace(record, events=(undated,)))
