"""`stromal assess` without a file: the few facts that are needed, asked one by one."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stromal.cli.answers import Raw, record_text, typed_answer
from stromal.cli.assessment_data import assessment_data
from stromal.cli.assessment_more import effect_lines, titles
from stromal.cli.assessment_page import assessment_lines, settled_words
from stromal.cli.machine import say_json
from stromal.cli.page import Page, page_for, write
from stromal.cli.speak import (
    fault_lines,
    faults,
    library_for,
    problem_lines,
    say_value,
    spoken,
)
from stromal.cli.talk import Talk, tolerant_input
from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.record import read_record
from stromal.library import Library
from stromal.plan.assessing import assess_record
from stromal.plan.assessment import Assessment, Missing
from stromal.tables.chain import Network

INTERRUPTED = 130
ASKED_AS = {"mitotic_rate": "mitotic_count", "counted_area": "mitotic_count"}
"""What is asked for instead of a fact that is computed from it."""
HELP = """\
Type an answer, the number of an answer, or one of these:
  ?                 not known
  1 or 3; not 2     all that is known of a choice
  1, 4; none; 1, ?  findings: these; none of them; this one and perhaps others
  5 to 6; <5; >10   all that is known of a number
  why               why this is asked, and what the answers would do
  back              take the last answer back
  NAME: ANSWER      any other fact, such as 'tumour_size: 4 cm'; see 'stromal facts'
  show              the assessment so far
  save FILE.yaml    save the answers; go on later with 'stromal assess --ask FILE.yaml'
  stop              end with the assessment (as Ctrl-D); Ctrl-C ends with the answers only"""
MOST_INLINE = 20
UNBROKEN = "¤"  # a printable sign that no value holds, at which no line is broken
COUNT_FORMS = "such as '4 per 5 mm2' or '7 per 50 HPF, field number 22, objective 40'"
_NAMED = re.compile(r"([a-z][a-z0-9_ ]*?)\s*[:=]\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class State:
    """The answers so far, in order, what they give, and the file that holds them."""

    answers: Mapping[str, Raw]
    assessment: Assessment
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

    def assess(self, answers: Mapping[str, Raw]) -> Assessment:
        """The assessment that the answers give, read as a file would be."""
        record = read_record(record_text(answers).encode(), "answers")
        return assess_record(self.library, record, self.args.day)


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, with what settling it would do, and how many are left."""

    term: Term
    missing: Missing | None
    left: int


def run_interview(
    args: argparse.Namespace, answers: Mapping[str, Raw] | None = None, file: str = ""
) -> int:
    """Ask until nothing is missing or the person stops; 130 after Ctrl-C."""
    out = sys.stderr if args.json else sys.stdout
    talk = Talk(page_for(out, getattr(args, "color", None)), out)
    library = library_for(args, ("nature",))
    interview = Interview(library, args, talk, schemes_on(library.at(args.day)))
    tolerant_input()
    talk.say(fault_lines(talk.page, faults(interview.library)))
    talk.say(talk.page.text("Answer what is known; '?' if it is not. 'help' shows what else."))
    first = answers or {}
    state, code = _converse(interview, State(first, interview.assess(first), file, bool(file)))
    try:
        _close(interview, state, code)
    except KeyboardInterrupt:
        talk.say(["", record_text(state.answers)])
        code = INTERRUPTED
    return code or (1 if faults(interview.library) else 0)


def _converse(interview: Interview, state: State) -> tuple[State, int]:
    while question := next_question(interview, state):
        try:
            interview.talk.say(_question_lines(interview.page, question, len(state.answers) + 1))
            text = interview.talk.ask("> ")
            if text is None or text.lower() in ("stop", "quit", "exit"):
                return state, 0
            if text:
                state = _answered(interview, state, question, text)
        except KeyboardInterrupt:
            return state, INTERRUPTED
    interview.talk.say(interview.page.text("Nothing more is needed."))
    return state, 0


def schemes_on(network: Network) -> Mapping[str, frozenset[str]]:
    """For each fact the schemes that rest on it."""
    found: dict[str, set[str]] = {}
    for compiled in network.tables:
        if compiled.table.role == "scheme":
            for name in network.rests_on(compiled.table.id):
                found.setdefault(name, set()).add(compiled.table.decides)
    return {name: frozenset(schemes) for name, schemes in found.items()}


def next_question(interview: Interview, state: State) -> Question | None:
    """The fact to ask for next; None if nothing that is open could be settled by asking.

    First what most of the open schemes rest on, since size and mitoses settle a class together
    but none alone; among equals the order of `plan.whatif.missing`.
    """
    open_schemes = {d.name for d in state.assessment.decisions if d.state == "open"}
    weight: dict[str, int] = {}
    by_name: dict[str, Missing | None] = {}
    for name, missing in _open_facts(state.assessment):
        asked = ASKED_AS.get(name, name)
        if asked in interview.library.terms and asked not in state.answers:
            schemes = len(interview.schemes.get(name, frozenset()) & open_schemes)
            weight[asked] = max(weight.get(asked, 0), schemes)
            by_name.setdefault(asked, missing)
    if not by_name:
        return None
    best = max(by_name, key=lambda name: weight[name])
    return Question(interview.library.terms[best], by_name[best], len(by_name))


def _open_facts(assessment: Assessment) -> Iterator[tuple[str, Missing | None]]:
    for missing in assessment.missing:
        yield missing.name, missing
    for decision in assessment.decisions:
        for name in decision.open_facts:
            yield name, None


def _question_lines(page: Page, question: Question, number: int) -> Iterator[str]:
    term = question.term
    asks_unit = term.kind == "number" and term.unit and term.unit not in term.question
    unit = f" (in {term.unit})" if asks_unit else ""
    left = "the last question" if question.left == 1 else f"at most {question.left} more questions"
    yield ""
    yield from page.text(f"{number}. {term.question}{unit}", 0, 3, "bold")
    if term.kind in ("choice", "members"):
        yield from _list_lines(page, term)
    if term.kind == "members":
        yield from page.text("several with commas; none if none of them", 3, style="dim")
    if term.name == "mitotic_count":
        yield from page.text(COUNT_FORMS, 3, style="dim")
    yield from page.text(f"[{term.name}; {left}]", 3, style="dim")


def _list_lines(page: Page, term: Term) -> list[str]:
    """The numbered values: in a few lines if they are short, else each on a line of its own."""
    values = [f"{place} {value}" for place, value in enumerate(term.values, 1)]
    if max(map(len, values)) > MOST_INLINE:
        return [line for value in values for line in page.text(value, 3, 3)]
    listed = "  ".join(value.replace(" ", UNBROKEN) for value in values)
    return [line.replace(UNBROKEN, " ") for line in page.text(listed, 3)]


def _answered(interview: Interview, state: State, question: Question, text: str) -> State:
    """The state after a command or an answer; unchanged if it could not be understood."""
    word, _, rest = text.partition(" ")
    command = COMMANDS.get(word.lower())
    if command and (not rest or word.lower() == "save"):
        return command(Turn(interview, state, question, rest.strip()))
    named = _NAMED.fullmatch(text)
    name = named[1].strip().lower().replace(" ", "_") if named else ""
    if named and name in interview.library.terms:
        return _set(interview, state, interview.library.terms[name], named[2])
    return _set(interview, state, question.term, text)


def _set(interview: Interview, state: State, term: Term, text: str) -> State:
    answers = {name: raw for name, raw in state.answers.items() if name != term.name}
    answers[term.name] = typed_answer(term, text)
    assessment = interview.assess(answers)
    if assessment.problems:
        problems = [_as_typed(problem, term) for problem in assessment.problems]
        interview.talk.say(problem_lines(interview.page, problems))
        return state
    after = replace(state, answers=answers, assessment=assessment, saved=False)
    interview.talk.say(_progress_lines(interview, state.assessment, after.assessment, term))
    return after


def _as_typed(problem: Problem, term: Term) -> Problem:
    """The problem as it concerns what was typed, not a place in a file."""
    number = "type the number of a value, or " if term.kind in ("choice", "members") else ""
    return Problem(spoken(term.name), problem.what, f"{number}{problem.remedy}")


def _progress_lines(
    interview: Interview, before: Assessment, after: Assessment, term: Term
) -> Iterator[str]:
    """What was understood, and which answers it narrowed."""
    page, names = interview.page, titles(interview.library)
    possible = {fact.name: fact.possible for fact in after.facts}.get(term.name)
    words = say_value(interview.library.terms, term.name, possible)
    yield from page.text(f"= {spoken(term.name)}: {words}", 3, 2)
    known = {conflict.name for conflict in before.conflicts}
    for conflict in after.conflicts:
        if conflict.name not in known:
            text = f"{spoken(conflict.name)}: {conflict.what} ({conflict.kept})"
            yield from page.text(text, 3, 2, "yellow")
    for observation in after.observations:
        if observation not in before.observations:
            yield from page.text(f"Note: {observation}", 3, 2, "yellow")
    was = {
        decision.name: _short(decision.state, decision.outcomes) for decision in before.decisions
    }
    for decision in after.decisions:
        now = _short(decision.state, decision.outcomes)
        if now != was[decision.name]:
            style = "yellow" if decision.state == "open" else "green"
            # An outcome such as "none" must not stand without the words of its row.
            settled = decision.state == "settled" and decision.role == "scheme"
            words = f". {settled_words(decision)}" if settled else ""
            yield from page.text(f"{names[decision.name]}: {now}{words}", 3, 2, style)


def _short(state: str, outcomes: tuple[str, ...]) -> str:
    return "refused" if state == "refused" else " or ".join(outcomes)


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
        effect_lines(turn.interview.page, titles(turn.interview.library), turn.question.missing)
    )
    return turn.state


def _back(turn: Turn) -> State:
    if not turn.state.answers:
        turn.interview.talk.say(turn.interview.page.text("There is no answer to take back.", 3))
        return turn.state
    *kept, last = turn.state.answers
    answers = {name: turn.state.answers[name] for name in kept}
    turn.interview.talk.say(turn.interview.page.text(f"= {spoken(last)}: taken back", 3))
    return State(answers, turn.interview.assess(answers), turn.state.file)


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
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(record_text(state.answers))
    except FileExistsError:
        problem = Problem(name, "exists already and was left as it is", "choose another name")
        interview.talk.say(problem_lines(interview.page, [problem]))
        return state
    except (OSError, ValueError) as error:
        problem = Problem(name, f"cannot be written ({error})", "choose another name")
        interview.talk.say(problem_lines(interview.page, [problem]))
        return state
    interview.talk.say(interview.page.text(f"saved in {path}", 3))
    return replace(state, file=name, saved=True)


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
    if sys.stdin.isatty():
        interview.talk.say([""])
        name = interview.talk.ask("Save the answers as (a file name; Enter shows them): ")
        if name and _saved(interview, state, name).saved:
            return
    words = "Your answers; keep them in a file and go on with 'stromal assess --ask FILE':"
    interview.talk.say(["", *interview.page.text(words, style="bold"), record_text(state.answers)])
