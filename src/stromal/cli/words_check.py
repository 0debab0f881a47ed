"""What `stromal check` says of the languages: a word that is missing, or one that nobody needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from stromal.cli.pages.plan_words import ENGLISH, Words, doctors_languages, read_doctor
from stromal.cli.speak import spoken
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.library import Library, read_words
from stromal.patient_copy.texts import (
    gaps,
    languages,
    numbers_in,
    read_language,
    read_skeleton,
)
from stromal.plan.make import GENOTYPE_FACTS, STATE_FACTS

ROLES = ("scheme", "finding", "option", "guard", "task")
"""The tables of which a plan can name inputs and decisions."""
_TOKEN = re.compile(r"\{\w+\}")
_CODE = re.compile(r"[A-Z0-9][\w/.%+() -]*[A-Z0-9]|[A-Z0-9*]+")
"""Values that are the same in every language: IIIA, T1, D816V, KIT V654A, 2.0."""
ASKS = {"question": {"{question}", "{name}"}}
"""A language may ask by the dictionary's question or by the name of the fact."""


def words_problems(library: Library) -> Iterator[Problem]:
    """Every gap in the texts for patients and in the doctor's page, by language."""
    raws = read_words(library.root)
    if not raws:
        return
    skeleton = read_skeleton(raws, {**library.terms, **library.decisions})
    yield from skeleton.problems
    for code in languages(raws):
        for gap in gaps(skeleton, read_language(raws, code)):
            yield _problem(code, "the patient's copy", gap)
    codes = doctors_languages(library.root)
    if ENGLISH in codes:
        english = read_doctor(raws, ENGLISH)
        for code in codes:
            yield from doctor_problems(library, english, read_doctor(raws, code))


def doctor_problems(library: Library, english: Words, words: Words) -> Iterator[Problem]:
    """What one language of the doctor's page lacks beside English, or has in vain."""
    if words.code == english.code:
        return
    for gap in (
        *_phrase_gaps(english.phrases, words.phrases),
        *(f"no name for the fact {name}" for name in _names(library) if _nameless(words, name)),
        *(f"the name of {name} has other numbers" for name in _names(library) if _off(words, name)),
        *(f"no word for the value {value!r}" for value in _values(library) if _lacks(words, value)),
        *_text_gaps(library, words.texts),
    ):
        yield _problem(words.code, "the doctor's page", gap)


def _problem(code: str, page: str, gap: str) -> Problem:
    return Problem(f"words/{code}", f"{page}: {gap}", "mend the documents of that language")


def _phrase_gaps(english: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(english.keys() ^ other.keys()):
        yield f"no phrase {name!r}" if name in english else f"phrase {name!r} is not used"
    for name in sorted(english.keys() & other.keys()):
        wanted = set(_TOKEN.findall(english[name]))
        found = set(_TOKEN.findall(other[name]))
        if found != wanted and not found <= ASKS.get(name, set()):
            yield f"phrase {name!r} has the tokens {sorted(found)}, not {sorted(wanted)}"


def _names(library: Library) -> list[str]:
    """The facts and decisions that a plan may name."""
    found = dict.fromkeys((*GENOTYPE_FACTS, *STATE_FACTS, *library.decisions))
    for table in library.tables:
        if table.role in ROLES:
            found.update(dict.fromkeys(term.name for term in table.inputs))
    return [name for name in found if name in library.terms or name in library.decisions]


def _nameless(words: Words, name: str) -> bool:
    return name not in words.names and name not in words.lay_names


def _off(words: Words, name: str) -> bool:
    return sorted(numbers_in(words.name(name))) != sorted(numbers_in(spoken(name)))


def _values(library: Library) -> list[str]:
    """The values that a plan may say: of its facts and decisions, of options, of their strength."""
    stated = (library.terms[n] for n in (*GENOTYPE_FACTS, *STATE_FACTS) if n in library.terms)
    found = dict.fromkeys(v for term in (*stated, *library.decisions.values()) for v in _said(term))
    for table in library.tables:
        if table.role == "option":
            for row in table.rows:
                found.update(
                    dict.fromkeys(row.outputs[o] for o in ("option", "drug", "setting", "strength"))
                )
    return [value for value in found if value not in ("", "-")]


def _said(term: Term) -> Iterable[str]:
    return (*(term.values or ()), *([term.unit] if term.unit else []))


def _lacks(words: Words, value: str) -> bool:
    known = any(
        key == value or key.endswith(f": {value}") for key in (*words.values, *words.lay_values)
    )
    return not known and not _CODE.fullmatch(value)


def _text_gaps(library: Library, texts: Mapping[str, str]) -> Iterator[str]:
    """Translations of what no rule says any more, or with other numbers."""
    said = set(_source_texts(library))
    for text, translated in texts.items():
        if text not in said:
            yield f"no rule says {text[:60]!r}: its translation is used no more"
        if sorted(numbers_in(text)) != sorted(numbers_in(translated)):
            yield f"the translation of {text[:60]!r} has other numbers"


def _source_texts(library: Library) -> Iterator[str]:
    for table in library.tables:
        for row in table.rows:
            yield row.words
            yield from row.outputs.values()
            yield f"{row.outputs.get('action')}; {row.outputs.get('dose')}"  # as guards say it
    yield from (term.question for term in library.terms.values())
