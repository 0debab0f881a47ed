"""The texts for patients: which sentence stands on what, and its words in each language.

`knowledge/words/patient-copy.md` holds, without any language, each sentence's condition, the row
it stands on and its source. A folder beside it holds one language: words for the same ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.tables.cell import Cell, CellError, read_cell
from stromal.tables.markdown import RawDocument

SKELETON = "patient-copy"
MADE = "made"
OPTION = "option:"
ASK = "ask"
_PLAIN = ("known", "unknown", "settled", "open", "refused", "doubted", "cautioned")
_BARE = (MADE, "newer", "taking any", "taking none")
_QUESTIONS = ("id", "group", "answers")
_RULES = ("id", "when", "tokens", "source", "status")
_URGENT = ("value", "source", "status")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: `kind` of test, the name of a fact, decision, row or drug."""

    kind: str
    name: str
    cell: Cell = None


@dataclass(frozen=True, slots=True)
class SentenceRule:
    """When a sentence is said, what its numbers are read from, and its own source if it has one."""

    id: str
    section: str
    when: tuple[Condition, ...]
    patterns: Mapping[str, str]
    citations: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """A question of patients, the sentences that can answer it, and whether to ask even so."""

    id: str
    group: str
    answers: tuple[str, ...]
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The patient's copy without language. `urgent` are side effects to call about at once."""

    rules: tuple[SentenceRule, ...]
    questions: tuple[QuestionRule, ...]
    urgent: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language, by id, value, phrase, fact and question."""

    code: str
    sentences: Mapping[str, str]
    values: Mapping[str, str]
    phrases: Mapping[str, str]
    facts: Mapping[str, str]
    questions: Mapping[str, tuple[str, str]]
    glossary: tuple[tuple[str, str], ...]


def languages(raws: Mapping[str, RawDocument]) -> tuple[str, ...]:
    """The languages that have a folder."""
    return tuple(sorted({raw_id.partition("/")[0] for raw_id in raws if "/" in raw_id}))


def read_language(raws: Mapping[str, RawDocument], code: str) -> Language:
    """All words of one language; what is missing is found by `gaps`."""
    tables = [
        table
        for raw_id, raw in raws.items()
        if raw_id.startswith(f"{code}/")
        for section in raw.sections
        for table in section.tables
    ]

    def rows(*header: str) -> list[tuple[str, ...]]:
        return [cells for table in tables if table.header == header for _, cells in table.rows]

    return Language(
        code=code,
        sentences=_pairs(rows("id", "words")),
        values=_pairs(rows("value", "words")),
        phrases={name: _unquoted(text) for name, text in rows("phrase", "words")},
        facts=_pairs(rows("fact", "words")),
        questions={r[0]: (r[1], r[2]) for r in rows("id", "question", "ask")},
        glossary=tuple((r[0], r[1]) for r in rows("term", "meaning")),
    )


def gaps(skeleton: Skeleton, language: Language) -> list[str]:
    """The sentences and questions without words, and words without a sentence."""
    wanted = {rule.id for rule in skeleton.rules}
    asked = {question.id for question in skeleton.questions}
    return [
        *(
            f"{language.code}: no words for {name}"
            for name in sorted(wanted - {*language.sentences})
        ),
        *(
            f"{language.code}: no sentence {name}"
            for name in sorted({*language.sentences} - wanted)
        ),
        *(f"{language.code}: no question {name}" for name in sorted(asked ^ {*language.questions})),
    ]


def read_skeleton(raws: Mapping[str, RawDocument], terms: Mapping[str, Term]) -> Skeleton:
    """The rules of the patient's copy; problems name the line and what would be right."""
    raw = raws.get(SKELETON)
    rules: list[SentenceRule] = []
    questions: list[QuestionRule] = []
    urgent: list[str] = []
    problems: list[Problem] = []
    for section in raw.sections if raw else ():
        for table in section.tables:
            for line, cells in table.rows:
                place = f"words/{SKELETON}.md:{line}"
                if table.header == _RULES:
                    rule, wrong = _rule(place, section.title, cells, terms)
                    problems += wrong
                    rules.append(rule)
                elif table.header == _QUESTIONS:
                    names = [name for name in cells[2].split() if name != "-"]
                    answers = tuple(name for name in names if name != ASK)
                    questions.append(QuestionRule(cells[0], cells[1], answers, ASK in names))
                elif table.header == _URGENT:
                    urgent.append(cells[0])
    problems += _unknown_answers(rules, questions)
    return Skeleton(tuple(rules), tuple(questions), tuple(urgent), tuple(problems))


def _unquoted(text: str) -> str:
    """A phrase that begins or ends with a space stands in quotes in its table."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _pairs(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows}


def _unknown_answers(
    rules: Iterable[SentenceRule], questions: Iterable[QuestionRule]
) -> Iterator[Problem]:
    names = {rule.id for rule in rules}
    for question in questions:
        for answer in question.answers:
            if not answer.startswith(OPTION) and not any(fnmatchcase(n, answer) for n in names):
                what = f"{question.id} is answered by {answer!r}, which is no sentence"
                yield Problem(f"words/{SKELETON}.md", what, "name the id of a sentence")


def _rule(
    place: str, section: str, cells: tuple[str, ...], terms: Mapping[str, Term]
) -> tuple[SentenceRule, list[Problem]]:
    name, when, tokens, source, status = cells
    problems: list[Problem] = []
    conditions: list[Condition] = []
    for part in (p.strip() for p in when.split(" ; ") if p.strip() != "-"):
        condition = _condition(part, terms)
        if isinstance(condition, Condition):
            conditions.append(condition)
        else:
            problems.append(Problem(place, f"{name}: {condition}", "see the head of the document"))
    patterns = dict(part.strip().split("=", 1) for part in tokens.split(";") if "=" in part)
    citations = tuple(part.strip() for part in source.split(";") if part.strip() != "-")
    rule = SentenceRule(name, section, tuple(conditions), patterns, citations, status)
    return rule, problems


def _condition(part: str, terms: Mapping[str, Term]) -> Condition | str:
    """The condition that a part states, or in words what is wrong with it."""
    if part in _BARE:
        return Condition(part, "")
    name, _, rest = part.partition(" ")
    if name == "row":
        return Condition("row", rest) if "#" in rest else f"row {rest!r} without document#row"
    if name == "taking":
        return Condition("taking", rest)
    if name not in terms:
        return f"{name!r} is no fact or decision"
    if rest in _PLAIN:
        return Condition(rest, name)
    try:
        return Condition("fits", name, read_cell(rest, terms[name]))
    except CellError as error:
        return str(error)


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers_in(text: str) -> list[str]:
    """The numbers of a text as they stand, without the commas of thousands.

    >>> numbers_in("2,560 patients, 44.5 %")
    ['2560', '44.5']
    """
    return [number.replace(",", "") for number in _NUMBER.findall(text)]
