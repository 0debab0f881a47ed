"""Checks of the keys that an event has of its own, by the same reader as the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stromal.facts.dictionary import Term
from stromal.facts.ending import BECAUSE, ENDINGS, wrong_reason
from stromal.facts.kinds import NEEDED_KEYS
from stromal.facts.laboratory import read_report
from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.facts.taking import wrong_taking
from stromal.facts.values import read_value

_PURPOSES = ("neoadjuvant", "adjuvant", "advanced")
_RELEASES = ("patient copy",)
_REGIONS = (
    "abdomen and pelvis", "abdomen", "pelvis", "chest", "chest, abdomen and pelvis", "head", "neck",
    "head, neck, abdomen and pelvis", "whole body",
)  # fmt: skip
_SCOPES = ("endoscopy", "gastroscopy", "endoscopic ultrasound", "colonoscopy", "capsule endoscopy")


def _number(name: str, domain: Possible, unit: str = "") -> Term:
    return Term(name, "number", domain, unit=unit, bare=unit in ("", "hours"))


_TERMS: Mapping[str, Term] = {
    "grade": _number("grade", Numbers.between(1, 5)),
    "occurrence": _number("occurrence", Numbers.between(1, 100)),
    "level": _number("level", Numbers.between(0, 100_000), "ng/mL"),
    "hours_after_dose": _number("hours_after_dose", Numbers.between(0, 2000), "hours"),
    "purpose": Term("purpose", "choice", Choices.of(*_PURPOSES), values=_PURPOSES),
    "release": Term("release", "choice", Choices.of(*_RELEASES), values=_RELEASES),
    "region": Term("region", "choice", Choices.of(*_REGIONS), values=_REGIONS),
}
_SHORT_SCOPES = {
    word: frozenset((scope,))
    for scope, words in {"endoscopic ultrasound": ("EUS",), "gastroscopy": ("EGD", "OGD")}.items()
    for word in words
}
_ENDOSCOPY = {
    "modality": Term(
        "modality", "choice", Choices.of(*_SCOPES), values=_SCOPES, synonyms=_SHORT_SCOPES
    )
}


def wrong_details(kind: str, details: Mapping[str, object]) -> Iterator[tuple[str, Problem]]:
    """Each key of an event that is missing or cannot be read, with the problem."""
    for key in NEEDED_KEYS.get(kind, ()):
        if details.get(key) in (None, ""):
            yield key, Problem(key, f"a {kind} without its {key}", f"add '{key}: ...'")
    terms = {**_TERMS, **_ENDOSCOPY} if kind == "endoscopy" else _TERMS
    for key, raw in details.items():
        if key in terms and raw is not None:
            value = read_value(terms[key], raw)
            if isinstance(value, Problem):
                yield key, value
    if kind in ENDINGS and details.get(BECAUSE) is not None:
        wrong = wrong_reason(details[BECAUSE])
        yield from [(BECAUSE, wrong)] if wrong else []
    if kind == "imaging" and details:
        from stromal.facts.imaging import read_imaging  # not read where no scan was typed

        yield from ((problem.place, problem) for problem in read_imaging(details)[1])
    if kind in ("laboratory", "visit") and details:
        yield from ((problem.place, problem) for problem in read_report(details)[1])
    yield from ((problem.place, problem) for problem in wrong_taking(kind, details))
