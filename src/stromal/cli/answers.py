"""What a person types at a question, as a record would hold it; and the answers as a record."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from stromal.facts.dictionary import Term

Raw = str | list[str]
UNKNOWN = "?"
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
    negated = text.lower().startswith("not ")
    parts = re.split(r"\s+or\s+|\s*,\s*|\s*/\s*", text[4:] if negated else text)
    words = [_numbered(term, part.strip()) for part in parts]
    if all(word in term.values for word in words):
        return ("not " if negated else "") + " or ".join(words)
    return text


def _numbered(term: Term, text: str) -> str:
    """The value of that number in the list, or the text itself; y and n mean yes and no."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(term.values):
        return term.values[int(text) - 1]
    short = {"y": "yes", "n": "no"}.get(text.lower(), text)
    return next((value for value in term.values if value.lower() == short.lower()), text)


def record_text(answers: Mapping[str, Raw], title: str = "") -> str:
    """The answers as the YAML of a record, which `stromal assess` reads."""
    data: dict[str, object] = {"id": "answers"}
    if title:
        data["title"] = title
    data["facts"] = dict(answers)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
