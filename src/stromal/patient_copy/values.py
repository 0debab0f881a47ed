"""Values in the words of a language for patients: numbers with unit, choices, lists."""

from __future__ import annotations

import math
from collections.abc import Iterable

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers, Possible, format_number
from stromal.patient_copy.texts import Language

LONGEST_NUMBER = 7


def say_for_patient(language: Language, term: Term, possible: Possible) -> str:
    """The values still possible, in the patient's words."""
    if isinstance(possible, Numbers):
        parts = [_interval(language, term, interval) for interval in possible.intervals]
        return join_or(language, parts)
    if isinstance(possible, Choices):
        values = [value for value in term.values if value in possible.values]
        return join_or(language, [word(language, value, term.name) for value in values])
    if isinstance(possible, Members):
        return listed(language, (word(language, v, term.name) for v in sorted(possible.certain)))
    raise TypeError(f"a {type(possible).__name__} has no words")


def word(language: Language, value: str, name: str = "") -> str:
    """A value in the language; one that no list holds stands as it was written."""
    return language.values.get(f"{name}: {value}") or language.values.get(value, value)


def fact_name(language: Language, term: Term) -> str:
    """A fact in plain words: the language's own, the dictionary's, or its bare name."""
    return language.facts.get(term.name) or term.plain or term.name


def join_or(language: Language, parts: list[str]) -> str:
    """'a, b or c' in the language."""
    if len(parts) < 2:
        return "".join(parts)
    head = language.phrases["comma"].join(parts[:-1])
    return language.phrases["or"].format(head=head, last=parts[-1])


def listed(language: Language, parts: Iterable[str]) -> str:
    """'a, b, c' in the language."""
    return language.phrases["comma"].join(parts)


def items(language: Language, parts: Iterable[str]) -> str:
    """'a; b; c' in the language: for items that may hold commas themselves."""
    return language.phrases["semicolon"].join(parts)


def _interval(language: Language, term: Term, interval: Interval) -> str:
    low, high = _number(language, interval.low), _number(language, interval.high)
    unit = language.phrases[f"unit {term.unit}"] if term.unit else ""
    assert isinstance(term.domain, Numbers)
    if interval.low == interval.high:
        kind = "exact"
    elif math.isinf(interval.high) or interval.high >= term.domain.high:
        kind = "more than" if interval.low_open else "at least"
    elif interval.low <= term.domain.low:
        kind = "less than" if interval.high_open else "at most"
    else:
        kind = "between"
    return language.phrases[f"number {kind}"].format(low=low, high=high, unit=unit).strip()


def _number(language: Language, number: float) -> str:
    text = format_number(number)
    if len(text) <= LONGEST_NUMBER:
        return text
    return language.phrases["number about"].format(low=f"{number:.3g}")
