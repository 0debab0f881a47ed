"""Values in words: the one place where a number, a range or a choice becomes text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers, Possible, format_number

LONGEST_NUMBER = 7
_TOKEN = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def say(term: Term, possible: Possible | None) -> str:
    """A set of possible values in words, with the dictionary's unit: '2.5 cm', '5 to 6 cm'."""
    if possible is None or possible == term.domain:
        return "not known"
    if isinstance(possible, Numbers):
        unit = _unit(term)
        return " or ".join(_interval(i, term, unit) for i in possible.intervals)
    if isinstance(possible, Choices):
        return _choices(term, possible)
    return _members(possible)


def _unit(term: Term) -> str:
    """The unit with what stands between it and the number: ' cm', ' %', ' per 5 mm2'."""
    if term.unit.startswith("/"):
        return f" per {term.unit[1:]}"
    return f" {term.unit}" if term.unit else ""


def _interval(interval: Interval, term: Term, unit: str) -> str:
    low, high = _number(interval.low), _number(interval.high)
    if interval.low == interval.high:
        return f"{low}{unit}"
    assert isinstance(term.domain, Numbers)
    if math.isinf(interval.high) or interval.high >= term.domain.high:
        return f"{'more than' if interval.low_open else 'at least'} {low}{unit}"
    if interval.low <= term.domain.low:
        return f"{'less than' if interval.high_open else 'at most'} {high}{unit}"
    left = f"more than {low}" if interval.low_open else low
    right = f"less than {high}" if interval.high_open else high
    return f"{left} to {right}{unit}"


def _number(number: float) -> str:
    """The number as written; one that a division made is cut, and says so.

    >>> _number(2.5), _number(2.900937374975095)
    ('2.5', 'about 2.9')
    """
    text = format_number(number)
    return text if len(text) <= LONGEST_NUMBER else f"about {number:.3g}"


def _choices(term: Term, possible: Choices) -> str:
    left = [value for value in term.values if value not in possible.values]
    if 0 < len(left) < len(possible.values) and len(possible.values) > 3:
        return f"not {' or '.join(left)}"
    return " or ".join(value for value in term.values if value in possible.values)


def _members(possible: Members) -> str:
    open_findings = possible.possible - possible.certain
    certain = ", ".join(sorted(possible.certain))
    if not open_findings:
        return certain or "none of those listed"
    return (
        f"{certain}, perhaps others" if certain else f"perhaps {', '.join(sorted(open_findings))}"
    )


def named_in(words: str) -> tuple[str, ...]:
    """The names of the facts whose values a text says.

    >>> named_in("{genotype} at {age}"), named_in("no name")
    (('genotype', 'age'), ())
    """
    return tuple(_TOKEN.findall(words)) if "{" in words else ()


def fill(words: str, terms: Mapping[str, Term], known: Mapping[str, Possible]) -> str:
    """Put the patient's own values into `{name}`; what is unknown is said to be so."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return say(terms[name], known.get(name)) if name in terms else match.group(0)

    return _TOKEN.sub(value, words)
