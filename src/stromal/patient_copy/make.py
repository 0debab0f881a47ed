"""The patient's copy of the plan: the doctor's facts, decisions and rows in the patient's words.

Nothing is decided here. Without a clinician's release there is no copy, and it says what was
known on the day of the release, so that nothing reaches a patient before a clinician has read it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.library import Library
from stromal.patient_copy.dates import dates
from stromal.patient_copy.medicine import (
    doses,
    own_medicines,
    pregnancy,
    side_effects,
    to_avoid,
)
from stromal.patient_copy.options import not_known, options, why_this_drug
from stromal.patient_copy.release import Release, is_newer, plans_of, release_of
from stromal.patient_copy.sentences import Sentence, make, said, sentences
from stromal.patient_copy.texts import OPTION, Language, Skeleton
from stromal.patient_copy.told import Ground, Told, tell
from stromal.plan.drugs.interactions import interactions
from stromal.plan.known.vital import died

SECTIONS = (
    "about", "call", "tumour", "spread", "working", "risk", "unknown", "plan", "matters", "dates",
    "medicine", "do",
)  # fmt: skip
_NUMBERS = "wants_numbers"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page; `items` are the sentences that are shown as a list."""

    id: str
    title: str
    sentences: tuple[Sentence, ...]
    items: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question of patients with what the record answers; `ask` is for the doctor to answer."""

    id: str
    group: str
    question: str
    answers: tuple[Sentence, ...]
    ask: str
    ask_anyway: bool

    @property
    def left_open(self) -> bool:
        """True if the doctor is to be asked even so, or an answer says that something is open."""
        return self.ask_anyway or any(
            answer.id.endswith(("-open", "-unknown")) for answer in self.answers
        )


@dataclass(frozen=True, slots=True)
class PatientCopy:
    """The whole page in one language, and what of the record could not be read."""

    patient: str
    language: str
    day: str
    released_by: str
    release: str
    parts: tuple[Part, ...]
    questions: tuple[AnsweredQuestion, ...]
    glossary: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]

    @property
    def to_ask(self) -> tuple[AnsweredQuestion, ...]:
        """The questions that the record leaves open: those for the next visit."""
        return tuple(q for q in self.questions if not q.answers or q.left_open)


def patient_copy(
    library: Library,
    record: Record,
    skeleton: Skeleton,
    language: Language,
    day: datetime.date | None = None,
) -> PatientCopy | None:
    """The copy as released on or before `day`; None where no clinician has released one.

    None, too, where the patient has died since.
    """
    release = release_of(record, day)
    if release is None or died(record, library.terms, day):
        return None
    told = tell(library, record, release.day, is_newer(record, release, day))
    parts = tuple(_parts(told, skeleton, language, release))
    questions = tuple(_questions(told, skeleton, language, parts))
    return PatientCopy(
        patient=record.id,
        language=language.code,
        day=release.day.isoformat(),
        released_by=release.decided_by,
        release=release.event,
        parts=parts,
        questions=questions,
        glossary=tuple(_glossary(language, parts, questions)),
        problems=told.treatment.problems,
    )


def _parts(told: Told, skeleton: Skeleton, language: Language, release: Release) -> Iterable[Part]:
    lists = _lists(told, skeleton, language)
    for name in SECTIONS:
        found = list(sentences(told, skeleton, language, name))
        if name == "plan":
            choice = make(language, "plan-choice" if lists[name] else "plan-none", [])
            why = why_this_drug(told, language)
            found = [*_decisions(language, told, release), *found, *why, choice]
        if name == "unknown" and lists[name]:
            found.append(make(language, "unknown-lead", []))
        if name == "dates":
            found.append(make(language, "dates-lead" if lists[name] else "dates-none", []))
        if name == "risk" and _no_numbers(told):
            found = [sentence for sentence in found if not _tells_a_share(sentence)]
        shown = [_standing(skeleton, sentence) for sentence in found]
        items = [_standing(skeleton, sentence) for sentence in lists.get(name, ())]
        if shown or items:
            yield Part(name, language.phrases[f"section {name}"], tuple(shown), tuple(items))


def _standing(skeleton: Skeleton, sentence: Sentence) -> Sentence:
    """A composed sentence without a row stands on the source that the document gives it."""
    if sentence.grounds:
        return sentence
    rule = next(rule for rule in skeleton.rules if rule.id == sentence.id)
    return replace(sentence, grounds=(Ground("source", rule.id, rule.citations, rule.status, ""),))


def _lists(told: Told, skeleton: Skeleton, language: Language) -> Mapping[str, list[Sentence]]:
    """The sentences that are composed from rows rather than chosen, by section."""
    found = interactions(told.library, told.record, told.day)
    return {
        "unknown": list(not_known(told, skeleton, language)),
        "plan": list(options(told, language)),
        "dates": list(dates(told, language)),
        "medicine": [
            *doses(told, language),
            *to_avoid(told, language),
            *(own_medicines(language, found) if told.taken else ()),
            *pregnancy(told, language),
        ],
        "call": list(side_effects(told, skeleton, language)),
    }


def _decisions(language: Language, told: Told, release: Release) -> Iterable[Sentence]:
    return (_decision(language, plan) for plan in plans_of(told.record, release))


def _decision(language: Language, release: Release) -> Sentence:
    """What the team decided, in its own words and in the language in which it wrote them."""
    where = Ground("fact", "decision", (f"{release.event} {release.day}",), "known", release.text)
    day = release.day.isoformat()
    return make(
        language, "plan-decision", [where], day=day, text=release.text, by=release.decided_by
    )


def _no_numbers(told: Told) -> bool:
    possible = told.known.get(_NUMBERS)
    return possible is not None and str(possible) == "no"


def _tells_a_share(sentence: Sentence) -> bool:
    """True if the sentence says how many of a hundred, of this risk class or of all."""
    return bool(sentence.share) or "free" in dict(sentence.tokens)


def _questions(
    told: Told, skeleton: Skeleton, language: Language, parts: Iterable[Part]
) -> Iterable[AnsweredQuestion]:
    shown = [s for part in parts for s in (*part.sentences, *part.items)]
    only_here = {rule.id: rule for rule in skeleton.rules if rule.section == "answers"}
    for question in skeleton.questions:
        found: list[Sentence] = []
        for name in question.answers:
            found += [s for s in shown if _answers(s, name)]
            if name in only_here:
                found += said(told, language, only_here[name])
        if _no_numbers(told):
            found = [sentence for sentence in found if not _tells_a_share(sentence)]
        words, ask = language.questions[question.id]
        yield AnsweredQuestion(question.id, question.group, words, tuple(found), ask, question.ask)


def _answers(sentence: Sentence, name: str) -> bool:
    """True if a sentence of the page is meant by its id, by 'eat-*' or by its option."""
    if not name.startswith(OPTION):
        return fnmatchcase(sentence.id, name)
    option = name.removeprefix(OPTION).replace("_", " ")
    return dict(sentence.tokens).get("name") == option


def _glossary(
    language: Language, parts: Iterable[Part], questions: Iterable[AnsweredQuestion]
) -> Iterable[tuple[str, str]]:
    """The words explained that stand somewhere on the page."""
    texts = [s.words for part in parts for s in (*part.sentences, *part.items)]
    for question in questions:
        texts += [question.question, question.ask, *(s.words for s in question.answers)]
    page = " ".join(texts).lower()
    return ((term, meaning) for term, meaning in language.glossary if term.lower() in page)
