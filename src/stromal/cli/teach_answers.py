"""Answers of students as a CSV file: case, student, question, choice; one answer a line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.teaching import Question

COLUMNS = ("case", "student", "question", "choice")
Given = dict[int, frozenset[int]]
"""The choices by question, both counted from 1."""
_PARTS = re.compile(r"[;,\s]+|\band\b")


@dataclass(slots=True)
class Answers:
    """What each student answered to each case, in the order of the file, and what is wrong."""

    given: dict[tuple[str, str], Given] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_answers(path: Path, records: Mapping[str, Record]) -> Answers:
    """Read a file; a line that cannot be read is a problem, and the others still count."""
    answers = Answers()
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "the file is not text in UTF-8"
        answers.problems.append(Problem(str(path), what, "check the name of the file"))
        return answers
    lines = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
    if missing:
        what = f"no column {', '.join(missing)}"
        answers.problems.append(Problem(f"{path}:1", what, f"begin with {','.join(COLUMNS)}"))
        return answers
    for line in lines:
        cells = {name: (line.get(name) or "").strip() for name in COLUMNS}
        if any(cells.values()):
            _keep(answers, f"{path}:{lines.line_num}", cells, records)
    return answers


def _keep(
    answers: Answers, place: str, cells: Mapping[str, str], records: Mapping[str, Record]
) -> None:
    record = records.get(cells["case"])
    if record is None:
        what = f"no teaching case {cells['case']!r}"
        answers.problems.append(Problem(f"{place}, case", what, "'stromal teach' lists them"))
        return
    read = _read(record, cells)
    if isinstance(read, Problem):
        answers.problems.append(Problem(f"{place}, {read.place}", read.what, read.remedy))
        return
    number, choice = read
    mine = answers.given.setdefault((record.id, cells["student"]), {})
    if number in mine:
        what = f"question {number} of {record.id} is answered twice"
        answers.problems.append(Problem(f"{place}, question", what, "keep one of the lines"))
    elif choice:
        mine[number] = choice


def _read(record: Record, cells: Mapping[str, str]) -> tuple[int, frozenset[int]] | Problem:
    text, asked = cells["question"], len(record.teaching)
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= number <= asked:
        return Problem("question", f"no question {text!r}", f"{record.id} has 1 to {asked}")
    choice = read_choice(cells["choice"], record.teaching[number - 1])
    return choice if isinstance(choice, Problem) else (number, choice)


def read_choice(text: str, question: Question) -> frozenset[int] | Problem:
    """The numbers of the choices in '2', '1;3' or '1 and 3'; none in an empty text."""
    most = len(question.choices)
    parts = [part for part in _PARTS.split(text.strip()) if part]
    if all(part.isascii() and part.isdecimal() and 1 <= int(part) <= most for part in parts):
        return frozenset(map(int, parts))
    what = f"{text!r} is no number of a choice"
    return Problem("choice", what, f"write 1 to {most}; several as 1;3")


def written(case: str, student: str, given: Mapping[int, Iterable[int]]) -> str:
    """The answers of one student as the file that `read_answers` reads."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for number, choice in sorted(given.items()):
        lines.writerow((case, student, number, ";".join(map(str, sorted(choice)))))
    return out.getvalue()
