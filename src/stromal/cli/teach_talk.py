"""The conversation of `stromal teach CASE`: one question after another, graded at the end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from stromal.cli.machine import say_json
from stromal.cli.pages.page import Page, page_for
from stromal.cli.pages.teach_page import (
    closing_lines,
    grade_lines,
    opening_lines,
    question_lines,
    reason_lines,
    verdict_lines,
)
from stromal.cli.speak import fail, fault_lines, faults, library_for, problem_lines
from stromal.cli.talk import Talk, tolerant_input
from stromal.cli.teach_answers import Given, read_answers, read_choice, written
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.library import Library
from stromal.plan.exam.teaching import grade, pose
from stromal.tables.chain import Network

HELP = "Type the number of a choice; 'show' for the question again, 'save FILE.csv', or 'stop'."


@dataclass(slots=True)
class _Lesson:
    """One student before one case."""

    args: argparse.Namespace
    record: Record
    library: Library
    tables: Network
    talk: Talk
    given: Given = field(default_factory=dict)
    disagree: bool = False

    @property
    def page(self) -> Page:
        return self.talk.page


def run_questions(args: argparse.Namespace, record: Record) -> int:
    """Ask what is not answered yet; 1 if the rules do not agree with a question."""
    given = _gone_on(args, record)
    if isinstance(given, list):
        return fail(args, *given)
    out = sys.stderr if args.json else sys.stdout
    talk = Talk(page_for(out, getattr(args, "color", None)), out)
    tolerant_input()
    library = library_for(args)
    lesson = _Lesson(args, record, library, library.at(None), talk, given)
    talk.say(fault_lines(lesson.page, faults(library)))
    talk.say(opening_lines(lesson.page, record))
    talk.say(lesson.page.text(HELP, 2, style="dim"))
    left = [n for n in range(1, len(record.teaching) + 1) if n not in given]
    ended = all(_ask(lesson, number) for number in left)
    _close(lesson, whole=ended)
    return 1 if lesson.disagree or faults(library) else 0


def _gone_on(args: argparse.Namespace, record: Record) -> Given | list[Problem]:
    """The answers saved before, of the student named or of the only one."""
    if not args.go_on:
        return {}
    answers = read_answers(Path(args.go_on), {record.id: record})
    if answers.problems:
        return answers.problems
    students = [student for _, student in answers.given]
    if args.name and args.name not in students:
        return [Problem(args.go_on, f"no answers of {args.name!r}", "check --name")]
    if len(students) > 1 and not args.name:
        return [Problem(args.go_on, "answers of more than one student", "choose with --name")]
    args.name = args.name or (students[0] if students else "")
    return answers.given.get((record.id, args.name), {})


def _ask(lesson: _Lesson, number: int) -> bool:
    """Ask one question until it is answered; False if the student stops."""
    question = lesson.record.teaching[number - 1]
    lesson.talk.say(question_lines(lesson.page, lesson.record, number))
    while True:
        text = lesson.talk.ask("> ")
        if text is None or text.lower() in ("stop", "quit", "exit"):
            return False
        if _is_command(lesson, number, text):
            continue
        choice = read_choice(text, question)
        if isinstance(choice, Problem):
            lesson.talk.say(problem_lines(lesson.page, [choice]))
        elif choice:
            _answered(lesson, number, choice)
            return True


def _is_command(lesson: _Lesson, number: int, text: str) -> bool:
    word, _, rest = text.partition(" ")
    if word.lower() in ("help", "?"):
        lesson.talk.say(lesson.page.text(HELP, 2))
    elif word.lower() == "show" and not rest:
        lesson.talk.say(question_lines(lesson.page, lesson.record, number))
    elif word.lower() == "save":
        lesson.talk.say(_save(lesson, rest.strip()))
    else:
        return False
    return True


def _answered(lesson: _Lesson, number: int, choice: frozenset[int]) -> None:
    lesson.given[number] = choice
    posed = pose(lesson.library, lesson.record, number, lesson.tables)
    lesson.disagree = lesson.disagree or bool(posed.wrong)
    lesson.talk.say([""])
    lesson.talk.say(verdict_lines(lesson.page, posed.question, choice))
    lesson.talk.say(reason_lines(lesson.page, posed))


def _save(lesson: _Lesson, name: str) -> Iterable[str]:
    path, page = Path(name), lesson.page
    if not name:
        return problem_lines(page, [Problem("save", "no name of a file", "write save FILE.csv")])
    own = lesson.args.go_on and Path(lesson.args.go_on) == path
    if path.exists() and not (own or lesson.args.force):
        return problem_lines(page, [Problem(name, "the file exists", "choose another name")])
    text = written(lesson.record.id, lesson.args.name, lesson.given)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        problem = Problem(name, error.strerror or str(error), "check the folder")
        return problem_lines(page, [problem])
    return page.text(f"saved; go on with 'stromal teach {lesson.record.id} --go-on {name}'", 2)


def _close(lesson: _Lesson, *, whole: bool) -> None:
    """The grade; how the case went on only when every question was answered."""
    found = grade(lesson.record, lesson.args.name, lesson.given)
    lesson.talk.say(grade_lines(lesson.page, found))
    if whole:
        lesson.talk.say(closing_lines(lesson.page, lesson.record))
    if lesson.args.json:
        say_json({"grade": found, "given": lesson.given, "problems": []})
