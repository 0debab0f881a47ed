"""The lines of a CSV file, each with its answer behind it."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    # Line ends are those of RFC 4180: with "\n" a cell that holds "\r" would not be quoted.
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    header = _header(job, next(reader, []), terms)
    texts = _texts(job, header)
    answers = Answers(job.network, job.table, texts)
    _refuse_same_names(job, header, answers.heads)
    tally.wrong(*header.problems)
    writer.writerow([*header.names, *answers.heads])
    plan = _Plan(job, header, texts, answers)
    first_line = reader.line_num + 1
    while rows := list(itertools.islice(reader, STEP)):
        writer.writerows(_answered(plan, tally, rows, first_line))
        first_line = reader.line_num + 1
        advance()
    tally.header = header
    tally.inexact = answers.inexact
    tally.outcomes = {answers[codes]: 0 for codes in tally.codes}
    for codes, count in tally.codes.items():
        tally.outcomes[answers[codes]] += count


@dataclass(frozen=True, slots=True)
class _Plan:
    job: Job
    header: Header
    texts: list[Texts]
    answers: Answers

    def codes(self, rows: Sequence[Sequence[str]]) -> list[list[int]]:
        """For each group of columns the codes of its texts in these rows."""
        columns = list(zip(*rows, strict=True))
        found = []
        for texts in self.texts:
            cells = zip(*(columns[column.place] for column in texts.columns), strict=True)
            found.append(list(map(texts.__getitem__, cells)))
        return found


def _answered(
    plan: _Plan, tally: Tally, rows: list[list[str]], first_line: int
) -> Iterable[Sequence[str]]:
    """Rows with their answers; column by column, since most rows have nothing wrong."""
    width = len(plan.header.names)
    if all(len(row) == width for row in rows):
        codes = plan.codes(rows)
        if not any(UNREADABLE in column for column in codes):
            tally.lines += len(rows)
            combined = list(zip(*codes, strict=True))
            tally.codes.update(combined)
            return map(list.__add__, rows, map(list, map(plan.answers.__getitem__, combined)))
    return _one_by_one(plan, tally, rows, first_line)


def _one_by_one(
    plan: _Plan, tally: Tally, rows: list[list[str]], line: int
) -> Iterator[Sequence[str]]:
    """Rows with their answers, or with what is wrong in them; empty lines are left out."""
    for row in rows:
        if row:
            tally.lines += 1
            yield _line(plan, tally, row, line)
        line += 1 + sum(cell.count("\n") for cell in row)


def _line(plan: _Plan, tally: Tally, row: list[str], number: int) -> list[str]:
    if len(row) != len(plan.header.names):
        what = f"{len(row)} cells, but the header has {len(plan.header.names)}"
        problem = Problem(f"{plan.job.source}:{number}", what, "mend the line; mind the quotes")
        return _refused_line(plan, tally, row, [problem])
    codes = tuple(column[0] for column in plan.codes([row]))
    if UNREADABLE in codes:
        return _refused_line(plan, tally, row, list(_problems(plan, row, number)))
    tally.codes[codes] += 1
    return [*row, *plan.answers[codes]]


def _problems(plan: _Plan, row: list[str], number: int) -> Iterator[Problem]:
    for texts in plan.texts:
        cells = tuple(row[column.place] for column in texts.columns)
        for problem in texts.problems.get(cells, ()):
            place = f"{plan.job.source}:{number}, column {problem.place}"
            yield Problem(place, problem.what, problem.remedy)


def _refused_line(plan: _Plan, tally: Tally, row: list[str], problems: list[Problem]) -> list[str]:
    tally.wrong(*problems)
    width = len(plan.header.names)
    padded = row + [""] * (width - len(row))
    words = " | ".join(map(str, problems))
    return [*padded, *[""] * (len(plan.answers.heads) - 1), words]


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
        found.append(Texts(columns, meanings, job.library.terms, elsewhere))
    return found
