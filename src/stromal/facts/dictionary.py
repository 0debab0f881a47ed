"""The dictionary: the one place where a fact is named, with its type, unit, limits and question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stromal.facts.possible import INFINITY, Choices, Interval, Members, Numbers, Possible
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
    "question",
    "plain",
    "codes",
)
_LIMITS = re.compile(r"([\[(])\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)?\s*([\])])")
_ITEM = re.compile(r"-\s+([a-z]+):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One fact of the dictionary. `domain` holds every value it can take."""

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
    wrong = [
        Problem(place, f"unknown key {key!r}", f"use {', '.join(KEYS)}")
        for key in keys
        if key not in KEYS
    ]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        wrong.append(Problem(place, "not a name", "write lower case words joined by _"))
    if keys.get("type") not in KINDS:
        wrong.append(Problem(place, f"type {keys.get('type')!r}", f"use one of {', '.join(KINDS)}"))
    if keys.get("reducer", "agree") not in REDUCERS:
        wrong.append(
            Problem(place, f"reducer {keys['reducer']!r}", f"use one of {', '.join(REDUCERS)}")
        )
    if keys.get("type") in ("choice", "members") and not keys.get("values"):
        wrong.append(Problem(place, "no values", "add '- values: a, b, c'"))
    if keys.get("type") == "number" and not _LIMITS.fullmatch(keys.get("limits", "")):
        wrong.append(Problem(place, "no limits", "add '- limits: (0..100]' ('[0..)' without end)"))
    if not keys.get("question"):
        wrong.append(Problem(place, "no question", "add '- question: ...?'"))
    return wrong


def _term(document: str, line: int, name: str, keys: dict[str, str], description: str) -> Term:
    values = tuple(v.strip() for v in keys.get("values", "").split(",") if v.strip())
    return Term(
        name=name,
        kind=keys["type"],
        domain=_domain(keys, values),
        unit=keys.get("unit", ""),
        bare=keys.get("bare", "no") == "yes",
        values=values,
        synonyms=_synonyms(keys.get("synonyms", "")),
        reducer=keys.get("reducer", "agree"),
        precedence=tuple(p.strip() for p in keys.get("precedence", "").split(",") if p.strip()),
        question=keys["question"],
        plain=keys.get("plain", ""),
        codes=tuple(c.strip() for c in keys.get("codes", "").split(";") if c.strip()),
        description=description,
        document=document,
        line=line,
    )


def _domain(keys: dict[str, str], values: tuple[str, ...]) -> Possible:
    if keys["type"] == "number":
        match = _LIMITS.fullmatch(keys["limits"])
        assert match
        left, low, high, right = match.groups()
        top = float(high) if high else INFINITY
        return Numbers((Interval(float(low), top, left == "(", right == ")"),))
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
