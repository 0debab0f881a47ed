"""The patient's copy for the terminal, and the numbered sources that both pages share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stromal.cli.page import Page, wide
from stromal.library import Library
from stromal.patient_copy.make import PatientCopy
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import Language
from stromal.patient_copy.told import Ground
from stromal.patient_copy.values import fact_name

SIGNS = 100
_ROW = 20


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence stands on, with its number on the page and its words."""

    number: int
    ground: Ground
    words: str


def numbered_sources(library: Library, language: Language, copy: PatientCopy) -> tuple[Source, ...]:
    """Everything that some sentence stands on, each once, in the order of the page."""
    found: dict[tuple[str, str], Ground] = {}
    for sentence in every_sentence(copy):
        for ground in sentence.grounds:
            found.setdefault(_key(ground), ground)
    return tuple(
        Source(number, ground, _source_words(library, language, ground))
        for number, ground in enumerate(found.values(), 1)
    )


def every_sentence(copy: PatientCopy) -> Iterator[Sentence]:
    """All sentences of the page, those of the questions last."""
    for part in copy.parts:
        yield from (*part.sentences, *part.items)
    for question in copy.questions:
        yield from question.answers


def references(sources: Sequence[Source], sentence: Sentence) -> str:
    """The numbers of what the sentence stands on: '3, 7-9'."""
    keys = {_key(ground) for ground in sentence.grounds}
    numbers = [source.number for source in sources if _key(source.ground) in keys]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if run[1:] else str(run[0]) for run in runs)


def sign_states(share: str) -> list[float]:
    """How far each of 100 signs is filled for a percentage: the last one in part, exactly."""
    left = float(share)
    return [max(0.0, min(1.0, left - number)) for number in range(SIGNS)]


def patient_lines(
    page: Page, library: Library, language: Language, copy: PatientCopy
) -> Iterator[str]:
    """The page, section by section; drawings of risk as rows of signs."""
    phrases = language.phrases
    sources = numbered_sources(library, language, copy)
    yield from _text(page, phrases["title"], 0, "bold")
    released = phrases["released"].format(by=copy.released_by, day=copy.day)
    yield from _text(page, released, 0, "dim")
    for part in copy.parts:
        yield from page.heading(part.title)
        for sentence in part.sentences:
            yield from _sentence(page, language, sources, sentence, "")
            yield from _signs(page, language, sentence)
        for sentence in part.items:
            yield from _sentence(page, language, sources, sentence, "- ")
    yield from _questions(page, language, sources, copy)
    yield from page.heading(phrases["section glossary"])
    for term, meaning in copy.glossary:
        yield from _text(page, f"{term}: {meaning}", 2)
    yield from page.heading(phrases["section sources"])
    for source in sources:
        yield from _text(page, f"{source.number}. {source.words}", 2, "dim")


def _questions(
    page: Page, language: Language, sources: Sequence[Source], copy: PatientCopy
) -> Iterator[str]:
    yield from page.heading(language.phrases["section questions"])
    for question in copy.questions:
        yield from _text(page, question.question, 2, "bold")
        for sentence in question.answers:
            yield from _sentence(page, language, sources, sentence, "  ")
        if not question.answers:
            yield from _text(page, language.phrases["doctor answers"], 4)
    yield from page.heading(language.phrases["section ask"])
    for question in copy.to_ask:
        yield from _text(page, f"- {question.question} {question.ask}", 2)


def _sentence(
    page: Page, language: Language, sources: Sequence[Source], sentence: Sentence, mark: str
) -> Iterator[str]:
    doubt = f" ({language.phrases['unconfirmed']})" if sentence.unconfirmed else ""
    numbers = references(sources, sentence)
    yield from _text(page, f"{mark}{sentence.words}{doubt} [{numbers}]", 2)


def _signs(page: Page, language: Language, sentence: Sentence) -> Iterator[str]:
    if not sentence.share:
        return
    signs = ["#" if s == 1 else "+" if s > 0 else "." for s in sign_states(sentence.share)]
    for start in range(0, SIGNS, _ROW):
        yield "    " + " ".join(signs[start : start + _ROW])
    yield from _text(page, language.phrases["icons"].format(share=sentence.share), 4, "dim")


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


def _key(ground: Ground) -> tuple[str, str]:
    """What makes two grounds one entry: the row or fact, or the work cited."""
    if ground.kind == "source":
        return ground.kind, "; ".join(ground.citations)
    return ground.kind, ground.name


def _source_words(library: Library, language: Language, ground: Ground) -> str:
    status = f"({language.phrases[f'status {ground.status}']})" if ground.status else ""
    if ground.kind == "fact":
        term = library.terms.get(ground.name)
        name = fact_name(language, term) if term else ground.name
        where = "; ".join(ground.citations)
        return f"{language.phrases['your record']}: {name}{': ' if where else ''}{where} {status}"
    citations = "; ".join(_full(library, citation) for citation in ground.citations)
    name = f"{ground.name}: " if ground.kind == "row" else ""
    return f"{name}{citations} {status}"


def _full(library: Library, citation: str) -> str:
    """A citation with the work written out where the bibliography has it."""
    key, _, place = citation.partition(", ")
    source = library.sources.get(key)
    if source is None:
        return citation
    return f"{source.reference}{', ' if place else ''}{place}"
