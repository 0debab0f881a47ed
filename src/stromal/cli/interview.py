"""`stromal assess` without a file: the few facts that are needed, asked one by one."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stromal.cli.answers import NOBODY, UNKNOWN, Raw, as_typed, record_text, typed_answer
from stromal.cli.interview_progress import progress_lines
from stromal.cli.machine import say_json
from stromal.cli.pages.assessment_data import assessment_data
from stromal.cli.pages.assessment_more import effect_lines
from stromal.cli.pages.assessment_page import assessment_lines
from stromal.cli.pages.assessment_words import labels
from stromal.cli.pages.page import Page, page_for, write
from stromal.cli.questions import Question, next_question, question_lines, schemes_on
from stromal.cli.speak import (
    fault_lines,
    faults,
    library_for,
    problem_lines,
    spoken,
)
from stromal.cli.stains import read_stains
from stromal.cli.talk import Talk, tolerant_input
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.record import Record, read_record
from stromal.library import Library
from stromal.plan.assess import assess_record
from stromal.plan.assessment import Assessment

INTERRUPTED = 130
LONGEST_NAME = 5
"""So many words of an answer may be the name of a fact."""
NO_FILE_NAMES = ("?", "stop", "quit", "exit", "back", "help", "yes", "y")
HELP = """\
Type an answer, the number of an answer, or one of these:
  ?                 not known
  1 or 3; not 2     all that is known of a choice
  1, 4; none; 1, ?  findings: these; none of them; this one and perhaps others
  CD117+, desmin-   stains, several at once, as the report has them
  5 to 6; <5; >10   all that is known of a number
  why               why this is asked, and what the answers would do
  back              take the last answer back
  NAME: ANSWER      any other fact, such as 'tumour_size: 4 cm'; see 'stromal facts'
  show              the assessment so far
  save FILE.yaml    save the answers; go on later with 'stromal assess --ask FILE.yaml'
  stop              end with the assessment (as Ctrl-D); Ctrl-C ends with the answers only"""
_NAMED = re.compile(r"([a-z][a-z0-9_ ]*?)\s*[:=]\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class State:
    """The answers so far, what they give, and the record and file that they belong to.

    `rounds` are the names that each answer gave, so that one can be taken back.
    """

    answers: Mapping[str, Raw]
    assessment: Assessment
    record: Record
    rounds: tuple[tuple[str, ...], ...] = ()
    file: str = ""
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """What stays the same during one conversation. `schemes` are those that rest on each fact."""

    library: Library
    args: argparse.Namespace
    talk: Talk
    schemes: Mapping[str, frozenset[str]]

    @property
    def page(self) -> Page:
        """The page of the conversation."""
        return self.talk.page

    def assess(self, record: Record, answers: Mapping[str, Raw]) -> Assessment:
        """The assessment that the answers give, read as a file would be."""
        read = read_record(record_text(answers, record).encode(), record.id)
        return assess_record(self.library, read, self.args.day)

    def next_question(self, state: State) -> Question | None:
        """What to ask for next."""
        answered = {name for names in state.rounds for name in names}
        return next_question(self.library.terms, self.schemes, state.assessment, answered)


def run_interview(
    args: argparse.Namespace, record: Record = NOBODY, answers: Mapping[str, Raw] | None = None
) -> int:
    """Ask until nothing is missing or the person stops; 130 after Ctrl-C.

    `record` and its `answers` are those of a file that is gone on with.
    """
    out = sys.stderr if args.json else sys.stdout
    talk = Talk(page_for(out, getattr(args, "color", None)), out)
    library = library_for(args, ("nature",))
    interview = Interview(library, args, talk, schemes_on(library.at(args.day)))
    tolerant_input()
    talk.say(fault_lines(talk.page, faults(interview.library)))
    talk.say(talk.page.text("Answer what is known; '?' if it is not. 'help' shows what else."))
    first = answers or {}
    talk.say(_resumed_lines(interview, first))
    assessed = interview.assess(record, first)
    # What was not known is asked for again: it may be known by now.
    rounds = tuple((name,) for name, raw in first.items() if raw != UNKNOWN)
    file = "" if record is NOBODY else record.name
    start = State(first, assessed, record, rounds, file, bool(file))
    state, code = _converse(interview, start)
    try:
        _close(interview, state, code)
    except KeyboardInterrupt:
        talk.say(["", record_text(state.answers, state.record)])
        code = INTERRUPTED
    return code or (1 if faults(interview.library) else 0)


def _resumed_lines(interview: Interview, answers: Mapping[str, Raw]) -> list[str]:
    """What a file that is gone on with holds already."""
    if not answers:
        return []
    known = [name for name, raw in answers.items() if raw != UNKNOWN]
    asked = len(known) < len(answers)
    words = f"Known: {', '.join(map(spoken, known)) or 'nothing'}; NAME: ANSWER changes one."
    words += " What was not known is asked for again; stop when it still is not." if asked else ""
    return interview.page.text(words, style="dim")


def _converse(interview: Interview, state: State) -> tuple[State, int]:
    last = ""
    while question := interview.next_question(state):
        try:
            number = len(state.rounds) + 1
            again = last == question.term.name
            interview.talk.say(question_lines(interview.page, question, number, again))
            last = question.term.name
            text = interview.talk.ask("> ")
            if text is None or text.lower() in ("stop", "quit", "exit"):
                return state, 0
            if text:
                state = _answered(interview, state, question, text)
            if not text or text.lower() in ("help", "show"):
                last = ""  # the list of values has left the screen
        except KeyboardInterrupt:
            return state, INTERRUPTED
    interview.talk.say(interview.page.text("Nothing more is needed."))
    return state, 0


def _answered(interview: Interview, state: State, question: Question, text: str) -> State:
    """The state after a command or an answer; unchanged if it could not be understood."""
    word, _, rest = text.partition(" ")
    command = COMMANDS.get(word.lower())
    if command and (not rest or word.lower() == "save"):
        return command(Turn(interview, state, question, rest.strip()))
    terms = interview.library.terms
    stains = read_stains(text, terms, question.stains)
    if stains and not isinstance(stains, Problem):
        return _set(interview, state, stains)
    if named := _named(terms, text):
        name, answer = named
        return _set(interview, state, {name: typed_answer(terms[name], answer)})
    if isinstance(stains, Problem) and question.stains:
        interview.talk.say(problem_lines(interview.page, [stains]))
        return state
    term = question.term
    return _set(interview, state, {term.name: typed_answer(term, text)})


def _named(terms: Mapping[str, Term], text: str) -> tuple[str, str] | None:
    """The fact that an answer begins with, and the answer: 'tumour size: 4 cm', 'age 68'."""
    if found := _NAMED.fullmatch(text):
        name = found[1].strip().lower().replace(" ", "_")
        return (name, found[2]) if name in terms else None
    words = text.split()
    names = ("_".join(words[:n]).lower() for n in range(min(len(words) - 1, LONGEST_NAME), 0, -1))
    name = next((name for name in names if name in terms), "")
    return (name, " ".join(words[name.count("_") + 1 :])) if name else None


def _set(interview: Interview, state: State, given: Mapping[str, Raw]) -> State:
    answers = {name: raw for name, raw in state.answers.items() if name not in given}
    answers |= given
    assessment = interview.assess(state.record, answers)
    if assessment.problems:
        terms = interview.library.terms
        problems = [as_typed(problem, terms, given) for problem in assessment.problems]
        interview.talk.say(problem_lines(interview.page, problems))
        return state
    earlier = tuple(tuple(n for n in names if n not in given) for names in state.rounds)
    rounds = (*filter(None, earlier), tuple(given))
    after = replace(state, answers=answers, assessment=assessment, rounds=rounds, saved=False)
    before = state.assessment
    interview.talk.say(
        progress_lines(interview.page, interview.library, before, assessment, tuple(given))
    )
    return after


@dataclass(frozen=True, slots=True)
class Turn:
    """One command typed at a question; `rest` is what stands behind its name."""

    interview: Interview
    state: State
    question: Question
    rest: str


Command = Callable[[Turn], State]


def _help(turn: Turn) -> State:
    turn.interview.talk.say(HELP.split("\n"))
    if turn.question.term.description:
        turn.interview.talk.say(turn.interview.page.text(turn.question.term.description, 3))
    return turn.state


def _why(turn: Turn) -> State:
    if turn.question.missing is None:
        words = "An answer rests on it together with other facts that are not known."
        turn.interview.talk.say(turn.interview.page.text(words, 3))
        return turn.state
    turn.interview.talk.say(
        effect_lines(turn.interview.page, labels(turn.interview.library), turn.question.missing)
    )
    return turn.state


def _back(turn: Turn) -> State:
    if not turn.state.rounds:
        turn.interview.talk.say(turn.interview.page.text("There is no answer to take back.", 3))
        return turn.state
    *rounds, last = turn.state.rounds
    answers = {name: raw for name, raw in turn.state.answers.items() if name not in last}
    words = f"= {', '.join(map(spoken, last))}: taken back"
    turn.interview.talk.say(turn.interview.page.text(words, 3, 2))
    assessment = turn.interview.assess(turn.state.record, answers)
    state = replace(turn.state, answers=answers, assessment=assessment)
    return replace(state, rounds=tuple(rounds), saved=False)


def _show(turn: Turn) -> State:
    lines = assessment_lines(
        turn.interview.page, turn.interview.library, turn.state.assessment, "short"
    )
    turn.interview.talk.say(lines)
    return turn.state


def _save(turn: Turn) -> State:
    name = turn.rest or turn.state.file
    if not name:
        turn.interview.talk.say(
            turn.interview.page.text("Name the file: save patient.yaml", 3, style="red")
        )
        return turn.state
    return _saved(turn.interview, turn.state, name)


def _saved(interview: Interview, state: State, name: str) -> State:
    """Write the answers; an existing file is replaced only if it holds this very patient."""
    path = Path(name).expanduser()
    mode = "w" if name == state.file else "x"
    record = replace(state.record, id=path.stem) if state.record.id == NOBODY.id else state.record
    text = record_text(state.answers, record)
    problem = None
    if name.lower() in NO_FILE_NAMES:
        problem = Problem(name, "is no name of a file", "choose one such as patient.yaml")
    else:
        problem = _written(path, mode, text, name)
    if problem:
        interview.talk.say(problem_lines(interview.page, [problem]))
        return state
    interview.talk.say(interview.page.text(f"saved in {path}", 3))
    return replace(state, record=record, file=name, saved=True)


def _written(path: Path, mode: str, text: str, name: str) -> Problem | None:
    """None once the text is in the file."""
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return Problem(name, "exists already and was left as it is", "choose another name")
    except (OSError, ValueError) as error:
        return Problem(name, f"cannot be written ({error})", "choose another name")
    return None


COMMANDS: Mapping[str, Command] = {
    "help": _help,
    "why": _why,
    "back": _back,
    "undo": _back,
    "show": _show,
    "save": _save,
}


def _close(interview: Interview, state: State, code: int) -> None:
    """The assessment (unless interrupted), then the answers where no file holds them."""
    if not code and interview.args.json:
        data = assessment_data(interview.library, state.assessment)
        say_json({**data, "answers": state.answers})
    elif not code:
        page = page_for(sys.stdout, getattr(interview.args, "color", None))
        how = "full" if interview.args.full else "short"
        shown = assessment_lines(page, interview.library, state.assessment, how)
        write(["", *shown])
    if not state.answers or state.saved:
        return
    if sys.stdin.isatty() and _kept(interview, state):
        return
    words = "Your answers; keep them in a file and go on with 'stromal assess --ask FILE':"
    text = record_text(state.answers, state.record)
    interview.talk.say(["", *interview.page.text(words, style="bold"), text])


def _kept(interview: Interview, state: State) -> bool:
    """Ask for a file until the answers are in one; False if they are to be shown instead."""
    old = f"Enter saves in {state.file}; or another file name; no shows them"
    asked = old if state.file else "a file name; Enter shows them"
    while True:
        interview.talk.say([""])
        name = interview.talk.ask(f"Save the answers? ({asked}): ")
        if name is None or name.lower() in ("no", "n") or not (name or state.file):
            return False
        if _saved(interview, state, name or state.file).saved:
            return True
