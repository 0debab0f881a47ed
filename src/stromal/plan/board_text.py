"""What the words of a decision name, and what they speak against: no name is read as its denial."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stromal.plan.drugs.rules import parts_of
from stromal.plan.treatment import Option

_CLAUSES = re.compile(r"[.;:,]\s|[.;:,]$|\bbut\b|\bthen\b")
_NO_DENIAL = re.compile(
    r"\bnot only\b|\bno (?:longer|more|later|earlier) than\b|\bnot (?:to )?(?:be )?stop\w*\b"
    r"|\bno doubt\b|\bwithout (?:end|delay|(?:a )?breaks?|interruption)\b|\bnot interrupt\w*\b"
)
_BEFORE = re.compile(
    r"\b(?:no|not|never|neither|nor|without|against|instead of|rather than|stop|stops|stopped"
    r"|stopping|end|ends|ended|refuses?|refused|declines?|declined|avoid|avoids|withhold|omit|forgo)\b"
)
_AFTER = re.compile(
    r"\s+(?:(?:is|was|are|were|to|be|will|has|been|should)\s+)*"
    r"(?:not|stopped|refused|declined|ended|withheld|omitted)\b"
)


def options_named(text: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """The options that a text names in full, else those that give a drug that it names.

    What the text speaks against is not named by it: "no adjuvant imatinib" names no imatinib.
    """
    full = tuple(option for option in options if names(text, option.name))
    if full:
        return full
    return tuple(o for o in options if _drugs(o) and all(names(text, d) for d in _drugs(o)))


def drugs_denied(text: str, options: Sequence[Option]) -> tuple[str, ...]:
    """The drugs of the options that a text speaks against and nowhere for."""
    drugs = dict.fromkeys(drug for option in options for drug in _drugs(option))
    said = {drug: tuple(_said(text, drug)) for drug in drugs}
    return tuple(drug for drug, places in said.items() if places and not any(places))


def names(text: str, name: str) -> bool:
    """True if the text names something somewhere without speaking against it."""
    return any(_said(text, name))


def stands_in(name: str, words: str) -> bool:
    """True if the name stands in the words as a whole."""
    return _whole(name).search(words) is not None


def _said(text: str, name: str) -> Iterator[bool]:
    """For each place where the text has the name, whether it speaks for it."""
    for clause in _CLAUSES.split(_flat(text)):
        for match in _whole(name.lower()).finditer(clause):
            before = _NO_DENIAL.sub(" ", clause[: match.start()])
            after = _NO_DENIAL.sub(" ", clause[match.end() :])
            yield not (_BEFORE.search(before) or _AFTER.match(after))


def _drugs(option: Option) -> tuple[str, ...]:
    return () if option.drug in ("-", "") else tuple(parts_of(option.drug))


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


def _flat(text: str) -> str:
    return " ".join(text.lower().split())
