"""The questions of a teaching case, as the `teaching` part of a record holds them.

Read here is only the form: whether the answers and the rows are true is for the exam to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32

import yaml

from stromal.facts.values import read_day
from stromal.facts.yaml_reader import Reader, is_null

KEYS = ("day", "ask", "choices", "answer", "expect", "reason", "rows", "topic")
_LEAST_CHOICES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about the patient as known on `day`; `answer` are the right choices.

    `choices` stand in an order of their own, so that their place gives nothing away.
    `expect` is what the rules say on that day, in the words of a case's `expect`; `rows` are the
    rows (document#row) that speak then. `given` is the whole as written.
    """

    day: str
    ask: str
    choices: tuple[str, ...]
    answer: tuple[str, ...]
    expect: Mapping[str, object]
    reason: str
    rows: tuple[str, ...]
    topic: str
    given: object
    line: int = field(default=0, compare=False)


def read_questions(reader: Reader, node: yaml.Node | None) -> tuple[Question, ...]:
    """The questions below `teaching:`; what is wrong in their form becomes a problem each."""
    if node is None:
        return ()
    if isinstance(node, yaml.SequenceNode):
        return tuple(_question(reader, child, n) for n, child in enumerate(node.value, 1))
    if not is_null(node):
        reader.wrong(node, "teaching", "not a list", "begin each question with '- day: ...'")
    return ()


def _question(reader: Reader, node: yaml.Node, number: int) -> Question:
    where = f"question {number}"
    parts = dict(reader.items(node, where))
    given = {key: reader.plain(value, f"{where}, {key}") for key, value in parts.items()}
    other = None if isinstance(node, yaml.MappingNode) else reader.plain(node, where)
    question = Question(
        day=_text(given, "day"),
        ask=_text(given, "ask"),
        choices=_mixed(_text(given, "ask"), _texts(given, "choices")),
        answer=_texts(given, "answer"),
        expect=_mapping(given.get("expect")),
        reason=_text(given, "reason"),
        rows=_texts(given, "rows"),
        topic=_text(given, "topic"),
        given=given or other,
        line=node.start_mark.line + 1,
    )
    for key, what, remedy in _wrong(question, given):
        reader.wrong(parts.get(key, node), f"{where}, {key}", what, remedy)
    return question


def _wrong(question: Question, given: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Key, what is wrong, and the remedy."""
    for key in given:
        if key not in KEYS:
            yield key, f"unknown key {key!r}", f"use {', '.join(KEYS)}"
    days = read_day(question.day)
    if days is None or days[0] != days[1]:
        yield "day", f"{question.day!r} is not one day", "write it as 2024-05-17"
    for key in ("ask", "reason"):
        if not getattr(question, key):
            yield key, f"a question without its {key}", f"add '{key}: ...'"
    for key in ("expect", "rows"):
        if not getattr(question, key):
            yield key, f"a question without its {key}", "say what the rules say on that day"
    yield from _wrong_choices(question)


def _wrong_choices(question: Question) -> Iterator[tuple[str, str, str]]:
    choices = question.choices
    if len(choices) < _LEAST_CHOICES or len(set(choices)) < len(choices):
        yield "choices", "fewer than two different choices", "write two or more, each once"
    if not question.answer:
        yield "answer", "a question without its answer", "repeat one of the choices"
    for answer in question.answer:
        if answer not in choices:
            yield "answer", f"{answer!r} is none of the choices", "repeat one of them word for word"


def _mixed(ask: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    """The same order for the same question, whatever the order in which it was written."""
    return tuple(sorted(choices, key=lambda choice: crc32(f"{ask}\n{choice}".encode())))


def _text(given: Mapping[str, object], key: str) -> str:
    value = given.get(key)
    return value if isinstance(value, str) else ""


def _texts(given: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = given.get(key)
    if isinstance(value, list):
        return tuple(str(one) for one in value if one is not None)
    return (value,) if isinstance(value, str) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
