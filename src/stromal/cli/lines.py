"""The lines of a CSV file, each with its answer behind it."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from stromal.cli.header import Header, delimiter_of, read_header
from stromal.cli.registry import UNREADABLE, Answers, Meanings, Texts, grouped, guards_of
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.tables.chain import Network
from stromal.tables.document import Table

MOST_KEPT = 1000
HEAD_BYTES = 4096
STEP = 20_000
LINE_END = "\r\n"
"""As in RFC 4180: with "\\n" alone, a cell that holds "\\r" would not be quoted."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is decided, from which file."""

    source: Path
    library: Library
    network: Network
    table: Table


@dataclass(slots=True)
class Tally:
    """What came out. `problems` holds the first MOST_KEPT; `header` is None if nothing did."""

    header: Header | None = None
    lines: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    codes: Counter[tuple[int, ...]] = field(default_factory=Counter)
    outcomes: dict[tuple[str, ...], int] = field(default_factory=dict)
    inexact: int = 0

    def wrong(self, *problems: Problem) -> None:
        """Count problems and keep them while there is room."""
        self.problem_count += len(problems)
        self.problems += problems[: max(0, MOST_KEPT - len(self.problems))]


class UnusableError(Exception):
    """The file as a whole cannot be decided."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def decide_lines(
    job: Job, raw: IO[bytes], target: IO[str], tally: Tally, advance: Callable[[], None]
) -> None:
    """Write every line of `raw` with its answer to `target`.

    Raises UnusableError where the file has no readable header or is no text in UTF-8.
    """
    try:
        _decide_lines(job, raw, target, tally, advance)
    except UnicodeDecodeError as error:
        place = f"{job.source}: near line {tally.lines + 2}"
        what = f"byte {error.object[error.start]:#x} is not UTF-8 (Latin-1, perhaps)"
        raise UnusableError(Problem(place, what, "save the file as UTF-8")) from error
    except csv.Error as error:
        place = f"{job.source}: near line {tally.lines + 2}"
        raise UnusableError(
            Problem(place, str(error), "look for a quote that is not closed")
        ) from error


def _decide_lines(
    job: Job, raw: IO[bytes], target: IO[str], tally: Tally, advance: Callable[[], None]
) -> None:
    text = _text(job, raw)
    try:
        _decide_text(job, text, target, tally, advance)
    finally:
        text.detach()  # the file is closed by whoever opened it


def _decide_text(
    job: Job, text: IO[str], target: IO[str], tally: Tally, advance: Callable[[], None]
) -> None:
    first = text.readline()
    terms = {**job.library.terms, **job.library.decisions}
    delimiter = delimiter_of(first, terms)
    reader = csv.reader(itertools.chain([first], text), delimiter=delimiter)
    header = _header(job, next(reader, []), terms)
    texts = _texts(job, header)
    answers = Answers(job.network, job.table, texts)
    _refuse_same_names(job, header, answers.heads)
    tally.wrong(*header.problems)
    plan = _Plan(job, header, texts, answers, delimiter, _Suffixes(answers, delimiter))
    target.write(f"{_encoded([*header.names, *answers.heads], delimiter)}{LINE_END}")
    first_line = reader.line_num + 1
    while rows := list(itertools.islice(reader, STEP)):
        one_each = reader.line_num - first_line + 1 == len(rows)
        target.writelines(_answered(plan, tally, rows, first_line, one_each))
        first_line = reader.line_num + 1
        advance()
    tally.header = header
    tally.inexact = answers.inexact
    for codes, count in tally.codes.items():
        cells = answers[codes]
        tally.outcomes[cells] = tally.outcomes.get(cells, 0) + count


class _Suffixes(dict[tuple[int, ...], str]):
    """From the codes of a line to the text that is added to it, written once for each answer."""

    def __init__(self, answers: Answers, delimiter: str) -> None:
        super().__init__()
        self._answers = answers
        self._delimiter = delimiter

    def __missing__(self, codes: tuple[int, ...]) -> str:
        text = _encoded(self._answers[codes], self._delimiter)
        self[codes] = f"{self._delimiter}{text}{LINE_END}"
        return self[codes]


@dataclass(frozen=True, slots=True)
class _Plan:
    job: Job
    header: Header
    texts: list[Texts]
    answers: Answers
    delimiter: str
    suffixes: _Suffixes

    def codes(self, rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, ...]]:
        """For each row the codes of its texts, found column by column."""
        columns = list(zip(*rows, strict=True))
        found = []
        for texts in self.texts:
            cells = zip(*(columns[column.place] for column in texts.columns), strict=True)
            found.append(list(map(texts.__getitem__, cells)))
        return zip(*found, strict=True)


def _answered(
    plan: _Plan, tally: Tally, rows: list[list[str]], line: int, one_each: bool
) -> Iterator[str]:
    """Lines with their answers, or with what is wrong in them; empty ones are left out.

    `one_each` says that every row is one line of the file, so that none need be counted.
    """
    width = len(plan.header.names)
    whole = [row for row in rows if len(row) == width]
    codes = list(plan.codes(whole)) if whole else []
    tally.codes.update(c for c in codes if UNREADABLE not in c)
    following = iter(codes)
    for row in rows:
        if len(row) == width:
            here = next(following)
            tally.lines += 1
            if UNREADABLE in here:
                yield _refused_line(plan, tally, row, list(_problems(plan, row, line)))
            else:
                yield _plain_line(row, plan.delimiter) + plan.suffixes[here]
        elif row:
            tally.lines += 1
            yield _wrong_width(plan, tally, row, line)
        line += 1 if one_each else 1 + sum(cell.count("\n") for cell in row)


def _plain_line(row: list[str], delimiter: str) -> str:
    """The row as it stands in a file; the writer of CSV is slow and needed for few rows only."""
    text = delimiter.join(row)
    if '"' in text or "\n" in text or "\r" in text or text.count(delimiter) != len(row) - 1:
        return _encoded(row, delimiter)
    return text


def _encoded(cells: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=LINE_END).writerow(cells)
    return out.getvalue().removesuffix(LINE_END)


def _wrong_width(plan: _Plan, tally: Tally, row: list[str], number: int) -> str:
    what = f"{len(row)} cells, but the header has {len(plan.header.names)}"
    problem = Problem(f"{plan.job.source}:{number}", what, "mend the line; mind the quotes")
    return _refused_line(plan, tally, row, [problem])


def _problems(plan: _Plan, row: list[str], number: int) -> Iterator[Problem]:
    for texts in plan.texts:
        cells = tuple(row[column.place] for column in texts.columns)
        for problem in texts.problems.get(cells, ()):
            place = f"{plan.job.source}:{number}, column {problem.place}"
            yield Problem(place, problem.what, problem.remedy)


def _refused_line(plan: _Plan, tally: Tally, row: list[str], problems: list[Problem]) -> str:
    tally.wrong(*problems)
    padded = row + [""] * (len(plan.header.names) - len(row))
    words = " | ".join(map(str, problems))
    cells = [*padded, *[""] * (len(plan.answers.heads) - 1), words]
    return f"{_encoded(cells, plan.delimiter)}{LINE_END}"


def _text(job: Job, raw: IO[bytes]) -> io.TextIOWrapper:
    head = raw.read(HEAD_BYTES)
    raw.seek(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        what = "the file is written in UTF-16"
        raise UnusableError(Problem(str(job.source), what, "save it as CSV in UTF-8"))
    if b"\x00" in head:
        raise UnusableError(
            Problem(str(job.source), "the file is binary, not text", "give a CSV file")
        )
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _header(job: Job, heads: list[str], terms: dict[str, Term]) -> Header:
    ids = [job.table.id, *(table.id for table, _ in guards_of(job.network, job.table))]
    needed = dict.fromkeys(name for i in ids for name in job.network.rests_on(i))
    header = read_header(str(job.source), heads, terms, job.network, needed)
    if not header.columns:
        inputs = ", ".join(job.network.rests_on(job.table.id))
        what = f"no column is a fact that {job.table.id} looks at"
        problem = Problem(f"{job.source}:1", what, f"name columns {inputs}")
        raise UnusableError(header.problems[0] if header.problems else problem)
    return header


def _refuse_same_names(job: Job, header: Header, added: Sequence[str]) -> None:
    same = [name for name in added if name in header.names]
    if same:
        what = f"the file has columns that would be added: {', '.join(same)}"
        raise UnusableError(Problem(f"{job.source}:1", what, "rename or remove them"))


def _texts(job: Job, header: Header) -> list[Texts]:
    ids = [job.table.id, *(table.id for table, _ in guards_of(job.network, job.table))]
    looked_at = {name for i in ids for name in job.network.rests_on(i)}
    terms = [job.library.terms[name] for name in sorted(looked_at)]
    found = []
    for columns in grouped(header.columns):
        names = {column.term.name for column in columns}
        elsewhere = {c.term.name for c in header.columns} - names
        meanings = Meanings(job.network, ids, terms)
        found.append(Texts(columns, meanings, job.library, elsewhere))
    return found
