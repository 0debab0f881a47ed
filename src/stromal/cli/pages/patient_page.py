"""The patient's copy for the terminal, and the numbered works that both pages share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stromal.cli.pages.page import Page, wide
from stromal.library import Library
from stromal.patient_copy.make import PatientCopy
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import Language
from stromal.patient_copy.told import Ground
from stromal.patient_copy.values import fact_name

SIGNS = 100
_ROW = 20


@dataclass(frozen=True, slots=True)
class Work:
    """A source with its number on the page, and what of it the sentences stand on.

    `places` are rows with their places in the work, or facts with the events of the record; the
    record of the patient is a work too.
    """

    number: int
    key: str
    title: str
    places: tuple[str, ...]


RECORD = ""
"""The key of the patient's own record among the works."""


def numbered_works(library: Library, language: Language, copy: PatientCopy) -> tuple[Work, ...]:
    """Every work that some sentence stands on, once, in the order of the page."""
    found: dict[str, dict[str, None]] = {}
    for sentence in every_sentence(copy):
        for ground in sentence.grounds:
            for key, place in _places(library, language, ground):
                found.setdefault(key, {}).setdefault(place)
    return tuple(
        Work(number, key, _title(library, language, key), tuple(filter(None, places)))
        for number, (key, places) in enumerate(found.items(), 1)
    )


def every_sentence(copy: PatientCopy) -> Iterator[Sentence]:
    """All sentences of the page, those of the questions last."""
    for part in copy.parts:
        yield from (*part.sentences, *part.items)
    for question in copy.questions:
        yield from question.answers


def references(works: Sequence[Work], sentence: Sentence) -> str:
    """The numbers of the works that the sentence stands on: '3, 7-9'."""
    keys = {key for ground in sentence.grounds for key in _keys(ground)}
    runs: list[list[int]] = []
    for number in (work.number for work in works if work.key in keys):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if run[1:] else str(run[0]) for run in runs)


def sign_states(share: str) -> list[float]:
    """How far each of 100 signs is filled for a percentage: the last one in part, exactly."""
    left = float(share)
    return [max(0.0, min(1.0, left - number)) for number in range(SIGNS)]


def icon_words(language: Language, sentence: Sentence) -> str:
    """What the filled signs of a drawing stand for, and how many there are."""
    return language.phrases[f"icons {sentence.drawn}"].format(share=sentence.share)


def patient_lines(
    page: Page, library: Library, language: Language, copy: PatientCopy
) -> Iterator[str]:
    """The page, section by section; drawings of risk as rows of signs."""
    phrases = language.phrases
    works = numbered_works(library, language, copy)
    yield from _text(page, phrases["title"], 0, "bold")
    released = phrases["released"].format(by=copy.released_by, day=copy.day)
    yield from _text(page, released, 0, "dim")
    for part in copy.parts:
        yield from page.heading(part.title)
        for sentence in part.sentences:
            yield from _sentence(page, language, works, sentence, "")
            yield from _signs(page, language, sentence)
        for sentence in part.items:
            yield from _sentence(page, language, works, sentence, "- ")
    yield from _questions(page, language, works, copy)
    yield from page.heading(phrases["section glossary"])
    for term, meaning in copy.glossary:
        yield from _text(page, f"{term}: {meaning}", 2)
    yield from page.heading(phrases["section sources"])
    for work in works:
        places = f": {'; '.join(work.places)}" if work.places else ""
        yield from _text(page, f"{work.number}. {work.title}{places}", 2, "dim")


def _questions(
    page: Page, language: Language, works: Sequence[Work], copy: PatientCopy
) -> Iterator[str]:
    yield from page.heading(language.phrases["section questions"])
    for question in copy.questions:
        yield from _text(page, question.question, 2, "bold")
        for sentence in question.answers:
            yield from _sentence(page, language, works, sentence, "  ")
        if not question.answers:
            yield from _text(page, language.phrases["doctor answers"], 4)
    yield from page.heading(language.phrases["section ask"])
    for question in copy.to_ask:
        yield from _text(page, f"- {question.question} {question.ask}", 2)


def _sentence(
    page: Page, language: Language, works: Sequence[Work], sentence: Sentence, mark: str
) -> Iterator[str]:
    doubt = f" ({language.phrases['unconfirmed']})" if sentence.unconfirmed else ""
    numbers = references(works, sentence)
    yield from _text(page, f"{mark}{sentence.words}{doubt} [{numbers}]", 2)


def _signs(page: Page, language: Language, sentence: Sentence) -> Iterator[str]:
    if not sentence.share:
        return
    signs = ["#" if s == 1 else "+" if s > 0 else "." for s in sign_states(sentence.share)]
    for start in range(0, SIGNS, _ROW):
        yield "    " + " ".join(signs[start : start + _ROW])
    yield from _text(page, icon_words(language, sentence), 4, "dim")


def _text(page: Page, text: str, indent: int, style: str = "") -> list[str]:
    """A paragraph. Chinese has no blanks to wrap at, so it is cut by the width it takes."""
    if text.isascii() or wide(text) < 2 * len(text) - len(text) // 2:
        return page.text(text, indent, 2, style)
    lines, line = [], ""
    for character in text:
        if (
            wide(line) + wide(character) > page.width - indent
            and character not in "，。、；：？！）”"
        ):
            lines.append(line)
            line = ""
        line += character
    return [" " * indent + page.paint(part, style) for part in [*lines, line]]


def _keys(ground: Ground) -> Iterator[str]:
    """The works that a ground cites; a fact stands in the record."""
    if ground.kind == "fact":
        yield RECORD
    else:
        yield from dict.fromkeys(citation.partition(", ")[0] for citation in ground.citations)


def _places(library: Library, language: Language, ground: Ground) -> Iterator[tuple[str, str]]:
    """Each work with what the ground takes from it."""
    if ground.kind == "fact":
        term = library.terms.get(ground.name)
        name = fact_name(language, term) if term else ground.name
        yield RECORD, ": ".join(filter(None, (name, "; ".join(ground.citations))))
        return
    status = language.phrases[f"status {ground.status}"] if ground.status else ""
    for citation in ground.citations:
        key, _, place = citation.partition(", ")
        row = ground.name if ground.kind == "row" else ""
        said = ", ".join(filter(None, (row, place)))
        yield key, f"{said} ({status})" if said and status else said


def _title(library: Library, language: Language, key: str) -> str:
    """The work as the bibliography has it, without how it was read."""
    if key == RECORD:
        return language.phrases["your record"]
    source = library.sources.get(key)
    return source.reference.partition("; read:")[0] if source else key
