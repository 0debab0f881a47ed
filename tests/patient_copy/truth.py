"""One truth, two readers: where two languages, or patient and doctor, are told different things."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from patient_copy.copies import (
    DAY,
    case,
    case_record,
    copy_of,
    everything,
    library,
    page,
    terms,
    words_of,
)
from stromal.cli.machine import plain_data
from stromal.facts.fact import Fact
from stromal.facts.timeline import as_of
from stromal.patient_copy.make import PatientCopy
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import numbers_in
from stromal.plan.known.derive import derive
from stromal.plan.patient import consider
from stromal.plan.schedule.follow_up import Wish, follow_up
from stromal.plan.words import say

NOT_IN_ENGLISH = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|cannot|nor|avoid)\b|n't\b", re.IGNORECASE
)
NOT_IN_CHINESE = re.compile("避免|不|没|无|未|勿|别")
NO_NEGATION = re.compile("不同|不久|非常|特别|分别|级别|性别|无论|不过|除非|未来")
"""Chinese words that hold the sign of a negation without being one."""
HUNDRED = "100"
"""The denominator of every share: per cent in the row, 'of 100' for the patient."""


QUOTED = re.compile("“[^”]*”")
"""What a person wrote stands in both languages as it was written."""


def negations(code: str, text: str) -> int:
    text = QUOTED.sub("", text)
    if code == "zh":
        return len(NOT_IN_CHINESE.findall(NO_NEGATION.sub("", text)))
    return len(NOT_IN_ENGLISH.findall(text))


def numbers(text: str) -> Counter[str]:
    return Counter(numbers_in(text))


@lru_cache(maxsize=4)
def copy_in(name: str, code: str) -> PatientCopy:
    return case(name, code)


def has_copy(name: str) -> bool:
    """Nobody gets a copy after the patient's death."""
    return copy_of(case_record(name)) is not None


def between_languages(name: str) -> Iterator[str]:
    """Sentences that say another number, negation, ground or share in Chinese than in English."""
    if not has_copy(name):
        return
    english, chinese = (everything(copy_in(name, code)) for code in ("en", "zh"))
    if [s.id for s in english] != [s.id for s in chinese]:
        yield f"{name}: not the same sentences"
        return
    for ours, theirs in zip(english, chinese, strict=True):
        same = (
            numbers(ours.words) == numbers(theirs.words)
            and negations("en", ours.words) == negations("zh", theirs.words)
            and ours.grounds == theirs.grounds
            and ours.share == theirs.share
        )
        if not same:
            yield f"{name}, {ours.id}: {ours.words!r} but {theirs.words!r}"


def not_the_doctors(name: str) -> Iterator[str]:
    """Sentences of the patient with a number that the doctor's page does not have, or no source."""
    if not has_copy(name):
        return
    copy = copy_in(name, "en")
    calendar = set(numbers_in(" ".join(days_and_names(name))))
    for sentence in page(copy):
        allowed = doctors_numbers(sentence) | set(numbers_in(copy.day))
        allowed |= calendar if sentence.id.startswith("dates-") else set()
        allowed |= set(numbers_in(str(dict(sentence.tokens).get("name", ""))))
        if sentence.id in ("tumour-mitoses", "tumour-size", "tumour-image", "plan-short"):
            allowed |= set(numbers_in(facts_in_doctors_words(name)))
        if foreign := set(numbers_in(sentence.words)) - own_names(sentence) - allowed:
            yield f"{name}, {sentence.id}: {sorted(foreign)} in {sentence.words!r}"
        if not sentence.grounds:
            yield f"{name}, {sentence.id}: no row and no source"


def doctors_numbers(sentence: Sentence) -> set[str]:
    """The numbers of what the sentence stands on, as the doctor's JSON has them."""
    found = {HUNDRED}
    for ground in sentence.grounds:
        data = plain_data(ground)
        found |= set(numbers_in(str(data)))
    return found


def own_names(sentence: Sentence) -> set[str]:
    """Numbers that belong to a name: CYP3A4, exon 11, a protein, a name of the dictionary."""
    words = [w for kind in ("values", "facts") for w in getattr(words_of("en"), kind).values()]
    names = [w for w in words if w in sentence.words]
    names += [
        t.plain for t in terms().values() if t.plain and t.plain.lower() in sentence.words.lower()
    ]
    return {number for name in names for number in numbers_in(name)}


def days_and_names(name: str) -> Iterator[str]:
    for schedule in follow_up(library(), case_record(name), DAY, Wish()).schedules:
        yield schedule.authority
        for line in schedule.lines:
            for look in line.looks:
                yield f"{look.earliest} {look.latest}"


@lru_cache(maxsize=4)
def facts_in_doctors_words(name: str) -> str:
    found = case_record(name)
    facts: dict[str, Fact] = derive(as_of(found, library().terms, None), library()).facts
    known = consider(library(), library().at(None), facts).known
    return "; ".join(say(terms()[n], p) for n, p in known.items() if terms()[n].kind != "text")
