"""The dictionary: the one place where a fact is named, with its type, unit, limits and question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stromal.facts.kinds import EVENT_KINDS
from stromal.facts.possible import INFINITY, Choices, Members, Numbers, Possible
from stromal.facts.problem import Problem

KINDS = ("number", "choice", "members", "date", "text")
REDUCERS = ("agree", "latest", "first", "ever", "highest", "lowest", "together")
KEYS = (
    "type",
    "unit",
    "bare",
    "limits",
    "values",
    "synonyms",
    "reducer",
    "precedence",
    "of",
    "looks",
    "ends",
    "question",
    "plain",
    "codes",
)
_NUMBER = r"-?\d+(?:\.\d+)?"
_LIMITS = re.compile(rf"([\[(])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})?\s*([\])])")
_ITEM = re.compile(r"-\s+([a-z]+):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One fact of the dictionary. `domain` holds every value it can take.

    `of` is "operation" for what is found in the specimen of one operation (see `operations`).
    `looks` names the number that each value is one more measurement of (see `looks`).
    `ends` is "operation" for what an operation can end: on its day it speaks last.
    """

    name: str
    kind: str
    domain: Possible
    unit: str = ""
    bare: bool = False
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reducer: str = "agree"
    precedence: tuple[str, ...] = ()
    question: str = ""
    plain: str = ""
    codes: tuple[str, ...] = ()
    description: str = ""
    document: str = ""
    line: int = 0
    of: str = ""
    looks: str = ""
    ends: str = ""

    @staticmethod
    def decided(name: str, outcomes: tuple[str, ...], question: str, document: str) -> Term:
        """The outcome of a table, as a name that other tables can use."""
        domain = Choices(frozenset(outcomes))
        return Term(name, "choice", domain, values=outcomes, question=question, document=document)


def read_terms(document: str, text: str) -> tuple[list[Term], list[Problem]]:
    """The terms of one dictionary document, and what is wrong in it by document and line."""
    terms: list[Term] = []
    problems: list[Problem] = []
    for line, name, body in _sections(text):
        keys, description = _items(body)
        wrong = list(_wrong_keys(document, line, name, keys))
        problems += wrong
        if not wrong:
            terms.append(_term(document, line, name, keys, description))
    return terms, problems


def _sections(text: str) -> list[tuple[int, str, list[str]]]:
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("## "):
            found.append((number, line[3:].strip(), []))
        elif found:
            found[-1][2].append(line)
    return found


def _items(lines: list[str]) -> tuple[dict[str, str], str]:
    keys: dict[str, str] = {}
    words: list[str] = []
    last = ""
    for line in lines:
        if match := _ITEM.fullmatch(line.rstrip()):
            last = match.group(1)
            keys[last] = match.group(2).strip()
        elif last and line.startswith("  ") and line.strip():
            keys[last] += f" {line.strip()}"
        elif line.strip():
            words.append(line.strip())
    return keys, " ".join(words)


def _wrong_keys(document: str, line: int, name: str, keys: dict[str, str]) -> list[Problem]:
    place = f"{document}:{line}, {name}"
    found = (*_wrong_names(name, keys), *_wrong_type(keys), *_wrong_words(keys))
    return [Problem(place, what, remedy) for what, remedy in found]


def _wrong_names(name: str, keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        if key not in KEYS:
            yield f"unknown key {key!r}", f"use {', '.join(KEYS)}"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        yield "not a name", "write lower case words joined by _"
    if not keys.get("question"):
        yield "no question", "add '- question: ...?'"
    for kind in _listed(keys.get("precedence", "")):
        if kind not in EVENT_KINDS:
            yield f"precedence of {kind!r}, which is no event", f"use {', '.join(EVENT_KINDS)}"


def _wrong_type(keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    kind, reducer = keys.get("type"), keys.get("reducer", "agree")
    if kind not in KINDS:
        yield f"type {kind!r}", f"use one of {', '.join(KINDS)}"
    if reducer not in REDUCERS:
        yield f"reducer {reducer!r}", f"use one of {', '.join(REDUCERS)}"
    if reducer in ("highest", "lowest") and kind not in ("number", "choice"):
        yield f"reducer {reducer!r} of a {kind}", "only numbers and choices have an order"
    for key in ("of", "ends"):
        if keys.get(key, "operation") != "operation":
            yield f"{key} {keys[key]!r}", f"write '{key}: operation', or nothing"
    if keys.get("looks") and kind != "number":
        yield f"looks in a {kind}", "only numbers are measured again"
    if keys.get("bare", "no") not in ("yes", "no"):
        yield f"bare {keys['bare']!r}", "write yes or no"
    if kind == "number" and _limits(keys) is None:
        yield "no limits", "add '- limits: (0..100]' ('[0..)' without end)"


def _wrong_words(keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    values = _listed(keys.get("values", ""))
    if keys.get("type") in ("choice", "members") and not values:
        yield "no values", "add '- values: a, b, c'"
    if len(set(values)) < len(values):
        yield "a value is listed twice", "keep one of the two"
    if keys.get("reducer") == "ever" and keys.get("type") == "choice" and "yes" not in values:
        yield "reducer 'ever' without a value 'yes'", "add it, or use another reducer"
    for word, meant in _synonyms(keys.get("synonyms", "")).items():
        for value in sorted(meant - set(values)):
            yield f"synonym {word!r} of {value!r}, which is no value", f"use {', '.join(values)}"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _term(document: str, line: int, name: str, keys: dict[str, str], description: str) -> Term:
    values = _listed(keys.get("values", ""))
    return Term(
        name=name,
        kind=keys["type"],
        domain=_domain(keys, values),
        unit=keys.get("unit", ""),
        bare=keys.get("bare", "no") == "yes",
        values=values,
        synonyms=_synonyms(keys.get("synonyms", "")),
        reducer=keys.get("reducer", "agree"),
        precedence=_listed(keys.get("precedence", "")),
        question=keys["question"],
        plain=keys.get("plain", ""),
        codes=tuple(c.strip() for c in keys.get("codes", "").split(";") if c.strip()),
        description=description,
        document=document,
        line=line,
        of=keys.get("of", ""),
        looks=keys.get("looks", ""),
        ends=keys.get("ends", ""),
    )


def _limits(keys: dict[str, str]) -> Numbers | None:
    """The interval that a number must lie in; None if it is not written or is empty."""
    match = _LIMITS.fullmatch(keys.get("limits", ""))
    if not match:
        return None
    left, low, high, right = match.groups()
    top = float(high) if high else INFINITY
    limits = Numbers.between(float(low), top, low_open=left == "(", high_open=right == ")")
    return None if limits.is_empty() else limits


def _domain(keys: dict[str, str], values: tuple[str, ...]) -> Possible:
    if keys["type"] == "number":
        limits = _limits(keys)
        assert limits is not None
        return limits
    if keys["type"] == "members":
        return Members(frozenset(), frozenset(values))
    if keys["type"] == "date":
        return Numbers.between(1.0, 3_652_059.0)
    return Choices(frozenset(values))


def _synonyms(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for part in text.split(";"):
        if "=" in part:
            word, meaning = part.split("=", 1)
            found[word.strip()] = frozenset(v.strip() for v in meaning.split("|"))
    return found
