"""`stromal teach`: courses of years as questions, with answers that the rules hold true."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from stromal.cli.arguments import UsageError
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.pages.teach_page import (
    answer_lines,
    class_lines,
    closing_lines,
    fault_of_question,
    list_lines,
    opening_lines,
    question_lines,
)
from stromal.cli.speak import fail, fault_lines, faults, library_for, near, output_page
from stromal.cli.speak import problem_lines as problem_text
from stromal.cli.teach_answers import Given, read_answers
from stromal.facts.problem import Problem
from stromal.facts.record import Record, read_record_file
from stromal.plan.exam.teaching import Grade, Length, Posed, grade, length_of, pose, topic_of

HERE = Path(__file__).resolve()
FOLDERS = (HERE.parents[1] / "cases" / "long", HERE.parents[3] / "cases" / "long")
"""The cases of an installed Stromal, and of its source."""
LONG_EVENTS, LONG_YEARS = 10, 2.0
"""A course is long from so many dated events and years on."""


def run(args: argparse.Namespace) -> int:
    """0 if it could be taught; 1 if a case, its answers or the rules have problems."""
    for option in ("print", "key", "go_on"):
        if args.case is None and getattr(args, option):
            raise UsageError(f"--{option.replace('_', '-')} needs a CASE", "")
    records = _chosen(args)
    if isinstance(records, Problem):
        return fail(args, records)
    problems = [problem for record in records for problem in record.problems]
    if problems:
        return fail(args, *problems)
    if args.answers:
        return _grade_class(args, records)
    if args.check:
        return _check(args, records)
    if args.case is None or args.list:
        return _list(args, records)
    if args.print or args.key:
        return _sheet(args, records[0])
    from stromal.cli.teach_talk import run_questions

    return run_questions(args, records[0])


def _chosen(args: argparse.Namespace) -> list[Record] | Problem:
    """The case named, or all that have questions."""
    if args.case is not None and Path(args.case).is_file():
        return _with_questions(args.case, read_record_file(Path(args.case)))
    folder = _folder(args.cases)
    if isinstance(folder, Problem):
        return folder
    paths = {path.stem: path for path in sorted(folder.rglob("*.yaml"))}
    if args.case is not None:
        if args.case not in paths:
            remedy = f"{near(args.case, list(paths))}'stromal teach' lists the cases"
            return Problem("CASE", f"no case and no file {args.case!r}", remedy)
        return _with_questions(args.case, read_record_file(paths[args.case]))
    return [record for path in paths.values() if (record := read_record_file(path)).teaching]


def _folder(named: str | None) -> Path | Problem:
    for folder in (Path(named),) if named else FOLDERS:
        if folder.is_dir():
            return folder
    what = f"no folder {named!r}" if named else "this Stromal came without teaching cases"
    return Problem("--cases", what, "name a folder of cases with --cases")


def _with_questions(name: str, record: Record) -> list[Record] | Problem:
    if record.teaching or record.problems:
        return [record]
    return Problem(name, "no questions in this case", "add 'teaching:'; see cases/README.md")


def is_long(length: Length) -> bool:
    """Whether a course has enough dated events over enough years."""
    return length.events >= LONG_EVENTS and length.years >= LONG_YEARS


def _list(args: argparse.Namespace, records: Sequence[Record]) -> int:
    if args.json:
        data = [_record_data(record) for record in records]
        say_json({"cases": data, **_counts(records), "problems": []})
    else:
        write(list_lines(output_page(args), records))
    return 0


def _record_data(record: Record) -> dict[str, object]:
    topics = list(dict.fromkeys(topic_of(question) for question in record.teaching))
    return {
        "id": record.id,
        "title": record.title,
        "source": record.source,
        "length": length_of(record),
        "topics": topics,
        "questions": len(record.teaching),
    }


def _counts(records: Sequence[Record]) -> dict[str, int]:
    return {
        "count": len(records),
        "long": sum(is_long(length_of(record)) for record in records),
        "questions": sum(len(record.teaching) for record in records),
    }


def _check(args: argparse.Namespace, records: Sequence[Record]) -> int:
    """Hold every question against the rules."""
    library = library_for(args)
    tables = library.at(None)
    posed = [
        pose(library, record, number, tables)
        for record in records
        for number in range(1, len(record.teaching) + 1)
    ]
    checked = sum(len(one.answers) for one in posed)
    wrong = [answer for one in posed for answer in one.wrong]
    if args.json:
        found = {"checked": checked, "wrong": wrong, "problems": problems_data(faults(library))}
        say_json({**_counts(records), **found})
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(chain.from_iterable(fault_of_question(page, one) for one in posed))
        write([f"{len(posed)} questions, {checked} answers checked, {len(wrong)} wrong"])
    return 1 if wrong or faults(library) else 0


def _sheet(args: argparse.Namespace, record: Record) -> int:
    """The questions on paper; with --key the answers too."""
    numbers = range(1, len(record.teaching) + 1)
    posed: Mapping[int, Posed] = {}
    if args.key:
        library = library_for(args)
        posed = {n: pose(library, record, n, library.at(None)) for n in numbers}
    if args.json:
        say_json({"case": record.id, "questions": _sheet_data(record, posed), "problems": []})
    else:
        write(_sheet_lines(output_page(args), record, posed))
    return 1 if any(one.wrong for one in posed.values()) else 0


def _sheet_data(record: Record, posed: Mapping[int, Posed]) -> list[object]:
    data: list[object] = []
    for number, question in enumerate(record.teaching, 1):
        asked = {"number": number, "day": question.day, "topic": topic_of(question),
                 "ask": question.ask, "choices": question.choices}  # fmt: skip
        data.append({**asked, "key": posed[number]} if number in posed else asked)
    return data


def _sheet_lines(page: Page, record: Record, posed: Mapping[int, Posed]) -> Iterator[str]:
    yield from opening_lines(page, record)
    for number in range(1, len(record.teaching) + 1):
        yield from question_lines(page, record, number)
        if number in posed:
            yield ""
            yield from answer_lines(page, posed[number])
    if posed:
        yield from closing_lines(page, record)


def _grade_class(args: argparse.Namespace, records: Sequence[Record]) -> int:
    by_id = {record.id: record for record in records}
    answers = read_answers(Path(args.answers), by_id)
    given: Mapping[tuple[str, str], Given] = answers.given
    grades = [grade(by_id[case], student, mine) for (case, student), mine in given.items()]
    if args.json:
        say_json({"grades": grades, "problems": problems_data(answers.problems)})
    else:
        page = output_page(args)
        write(problem_text(page, answers.problems))
        write(_class_lines(page, grades))
    return 1 if answers.problems else 0


def _class_lines(page: Page, grades: Sequence[Grade]) -> Iterator[str]:
    if grades:
        yield from class_lines(page, grades)
    else:
        yield "no answers that could be read"
