"""One sentence for the patient: the words of a language with this patient's own values in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from stromal.patient_copy.texts import Language, SentenceRule, Skeleton, numbers_in
from stromal.patient_copy.told import Ground, Told, drug_of, grounds, holds
from stromal.patient_copy.values import say_for_patient, word

_TOKEN = re.compile(r"\{([a-z0-9_]+)\}")
SHARES = ("share", "harm")
"""The tokens whose percentage is drawn: of those who did well, of those who came to harm."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, its tokens by name, and what it stands on.

    `share` is a percentage to draw, as printed in the row; '' where there is none. `drawn` is the
    token that has it.
    """

    id: str
    words: str
    tokens: tuple[tuple[str, str], ...]
    grounds: tuple[Ground, ...]
    share: str = ""
    drawn: str = ""

    @property
    def unconfirmed(self) -> bool:
        """True if it stands on nothing better than what is only recalled."""
        cited = [ground for ground in self.grounds if ground.kind != "fact"]
        return bool(cited) and all(ground.status == "recalled" for ground in cited)


def sentences(
    told: Told, skeleton: Skeleton, language: Language, section: str
) -> Iterator[Sentence]:
    """Every sentence of the section that holds for the patient, in the order of the document."""
    for rule in skeleton.rules:
        if rule.section == section:
            yield from said(told, language, rule)


def said(told: Told, language: Language, rule: SentenceRule) -> list[Sentence]:
    """The sentence if it holds: once, or once for each drug where it names the drug."""
    if not holds(told, rule):
        return []
    words = language.sentences[rule.id]
    standing = grounds(told, rule)
    named = [drug for condition in rule.when if (drug := drug_of(condition))]
    drugs: Iterable[str] = named[:1] or (told.taken if "{drug}" in words else ("",))
    found = (_fill(told, language, rule, words, standing, drug) for drug in drugs)
    return [sentence for sentence in found if sentence is not None]


def make(language: Language, rule_id: str, standing: Iterable[Ground], **tokens: str) -> Sentence:
    """A sentence that code composes, such as a list: its words with the tokens given."""
    return Sentence(
        id=rule_id,
        words=filled(language.sentences[rule_id], tokens),
        tokens=tuple(tokens.items()),
        grounds=tuple({(g.kind, g.name): g for g in standing}.values()),
    )


def filled(words: str, tokens: Mapping[str, str]) -> str:
    """The words with each token in its place; a value is never read as words again."""
    text = _TOKEN.sub(lambda match: tokens[match.group(1)], words)
    return text[:1].upper() + text[1:]


def _fill(
    told: Told,
    language: Language,
    rule: SentenceRule,
    words: str,
    standing: tuple[Ground, ...],
    drug: str,
) -> Sentence | None:
    """The sentence with its tokens, or None where a number that it needs is not in its row."""
    tokens: dict[str, str] = {}
    for name in dict.fromkeys([*_TOKEN.findall(words), *rule.patterns]):
        value = _token(told, language, rule.patterns, standing, name, drug)
        if value is None:
            return None
        tokens[name] = value
    sentence = Sentence(rule.id, filled(words, tokens), tuple(tokens.items()), standing)
    drawn = next((name for name in SHARES if name in tokens), "")
    return replace(sentence, share=tokens.get(drawn, ""), drawn=drawn)


def _token(
    told: Told,
    language: Language,
    patterns: Mapping[str, str],
    standing: tuple[Ground, ...],
    name: str,
    drug: str,
) -> str | None:
    if name == "drug":
        return word(language, drug)
    if name == "day":
        return told.day.isoformat()
    rows = [ground for ground in standing if ground.kind == "row"]
    if name in patterns:
        return _from_rows(rows, patterns[name])
    if name.isdigit():
        numbers = numbers_in(rows[0].outputs.get("rule") or rows[0].words) if rows else []
        return numbers[int(name) - 1] if int(name) <= len(numbers) else None
    return _value(told, language, name)


def _from_rows(rows: list[Ground], pattern: str) -> str | None:
    """What the pattern finds in a row's words, or in an output: '@percent' if it is a number."""
    output, _, within = pattern[1:].partition("~") if pattern.startswith("@") else ("", "", pattern)
    for row in rows:
        text = row.outputs.get(output, "") if output else row.words
        match = re.search(within or r"^(\d+(?:\.\d+)?)$", text)
        if match:
            return match.group(1)
    return None


def _value(told: Told, language: Language, name: str) -> str | None:
    possible = told.known.get(name)
    if possible is None:
        return None
    term = told.terms[name]
    if term.kind == "text":
        origins = told.patient.facts[name].origins
        return "; ".join(dict.fromkeys(origin.given for origin in origins))
    return say_for_patient(language, term, possible)
