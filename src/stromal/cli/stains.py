"""Stains typed as a report lists them: 'CD117+, DOG1+, desmin-, SDHB retained'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stromal.cli.answers import UNKNOWN, Raw
from stromal.cli.speak import spoken
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem

FEWEST = 3
"""Fewer stains than these are asked for one by one."""
DOCUMENT = "immunohistochemistry.md"
_RESULTS = ("negative", "positive", "retained", "lost")
_SIGNS = {"+": "positive", "-": "negative", "–": "negative", "−": "negative", "?": UNKNOWN}
_NOTHING = ("?", "none", "none done", "not done")
_OTHER_NAMES = {"kit": "cd117", "ckit": "cd117", "ano1": "dog1", "sma": "smooth_muscle_actin"}
_PART = re.compile(r"(.*?)\s*[:=]?\s*(?:([+?–−-])|\(([+?–−-])\)|\b([a-z]+))\s*", re.IGNORECASE)


def is_stain(term: Term) -> bool:
    """True if the fact is what one stain showed."""
    return term.document.endswith(DOCUMENT) and set(term.values) <= set(_RESULTS)


def read_stains(
    text: str, terms: Mapping[str, Term], asked: Sequence[str]
) -> Mapping[str, Raw] | Problem:
    """The stains named, and every other one of those asked as not known; or what is wrong."""
    found: dict[str, Raw] = {}
    if text.strip().lower() not in _NOTHING:
        for part in filter(None, map(str.strip, re.split(r"[,;]|\band\b", text))):
            read = _read_part(part, terms)
            if isinstance(read, Problem):
                return read
            name, value = read
            if found.get(name, value) != value:
                return Problem(part, f"{spoken(name)} is named twice", "say which it is")
            found[name] = value
    return {**found, **{name: UNKNOWN for name in asked if name not in found}}


def _read_part(part: str, terms: Mapping[str, Term]) -> tuple[str, str] | Problem:
    matched = _PART.fullmatch(part)
    stain = _named(matched[1], terms) if matched else None
    if matched is None or stain is None:
        names = ", ".join(spoken(term.name) for term in terms.values() if is_stain(term))
        remedy = f"put commas between, such as 'CD117+, DOG1+'; the stains are {names}"
        return Problem(part, "is no stain with its result", remedy)
    sign = matched[2] or matched[3]
    value = _SIGNS[sign] if sign else _result(matched[4], stain)
    if value != UNKNOWN and value not in stain.values:
        what = f"is no result of {spoken(stain.name)}"
        return Problem(part, what, f"type {' or '.join(stain.values)}, or ? if it is not known")
    return stain.name, value


def _result(word: str, stain: Term) -> str:
    """The result that a word of three letters or more begins or names."""
    word = word.lower()
    return next((v for v in stain.values if len(word) >= 3 and v.startswith(word)), word)


def _named(text: str, terms: Mapping[str, Term]) -> Term | None:
    wanted = set(_keys(text))
    for term in filter(is_stain, terms.values()):
        if wanted & set(_keys(term.name)):
            return term
    other = next((_OTHER_NAMES[key] for key in wanted if key in _OTHER_NAMES), "")
    return terms.get(other)


def _keys(text: str) -> Iterator[str]:
    """The name without signs, and with its words in the order of the alphabet."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if words:
        yield "".join(words)
        yield " ".join(sorted(words))
