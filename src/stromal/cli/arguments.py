"""The arguments of every command, and nothing else: `stromal --help` must be fast."""

from __future__ import annotations

import argparse
import datetime
import os
from typing import NoReturn, TypeAlias

from stromal.facts.problem import Problem

KINDS = (
    "scheme",
    "finding",
    "guard",
    "note",
    "task",
    "requirement",
    "consequence",
    "option",
    "drug",
    "fact",
    "case",
)
EPILOG = """\
examples:
  stromal assess                      answer questions about one patient
  stromal assess patient.yaml         assess the patient in a file
  stromal explain patient.yaml modified_nih_2008_risk
  stromal facts mitotic               what a fact means and how it is written

exit codes: 0 fine; 1 the input or the knowledge had problems, which are listed; 2 the command
was used in a way that it does not know; 70 a fault of Stromal itself.

For health professionals. Stromal shows the basis of a decision; it does not take it.
"""


class UsageError(Exception):
    """The command line cannot be understood; `usage` is the short help of that command."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; `main` prints it and answers 2."""
        raise UsageError(message, self.format_usage())


class UnreadableError(Exception):
    """Nothing of the case could be read, so that there is no patient to speak of."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def parser() -> Parser:
    """The whole command line. Every command sets `module`, whose `run` is called."""
    import stromal
    from stromal.cli import (
        followup_arguments,
        monitor_arguments,
        patient_arguments,
        plan_arguments,
        response_arguments,
        teach_arguments,
        treatment_arguments,
    )

    top = Parser(
        prog="stromal",
        description="Decisions about gastrointestinal stromal tumours (GIST), with reasons.",
        allow_abbrev=False,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common()],
    )
    top.add_argument("--version", action="version", version=f"stromal {stromal.__version__}")
    commands = top.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True, parser_class=Parser
    )
    _assess(commands)
    _explain(commands)
    _show(commands)
    _facts(commands)
    _decide(commands)
    _check(commands)
    _new(commands)
    treatment_arguments.add(commands, _command, _day)
    plan_arguments.add(commands, _command, _day, _date)
    patient_arguments.add(commands, _command, _day)
    followup_arguments.add(commands, _command, _day, _date)
    monitor_arguments.add(commands, _command, _day)
    response_arguments.add(commands, _command, _day)
    teach_arguments.add(commands, _command)
    return top


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def _common() -> Parser:
    """What every command takes, before or after its name."""
    common = Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--color",
        action=argparse.BooleanOptionalAction,
        help="colour the output (by itself: in a terminal, unless NO_COLOR is set)",
    )
    common.add_argument(
        "--knowledge", type=_folder, metavar="FOLDER", help="rules from another folder"
    )
    common.add_argument("--debug", action="store_true", help="show the trace of a fault of Stromal")
    return common


def _command(commands: Commands, name: str, words: str, **more: str) -> Parser:
    """A command whose module has its name; `words` is its line in the list of commands."""
    command = commands.add_parser(
        name,
        help=words,
        description=more.get("description", words),
        parents=[_common()],
        allow_abbrev=False,
    )
    command.set_defaults(module=f"stromal.cli.{name}")
    command.add_argument("--json", action="store_true", help="write JSON for machines")
    return command


def _day(command: Parser) -> None:
    command.add_argument(
        "--day",
        type=_date,
        metavar="YYYY-MM-DD",
        help="what was known, and which rules were in force, on that day (default: all, newest)",
    )


def _folder(text: str) -> str:
    if not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return text


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day; write it as 2026-03-31"
        raise argparse.ArgumentTypeError(message) from None


def _assess(commands: Commands) -> None:
    command = _command(
        commands,
        "assess",
        "say what one patient's tumour is and how it will probably behave",
        description="Assess one patient. Without CASE, asks for the few facts that are needed.",
    )
    command.add_argument("case", metavar="CASE", nargs="?", help="a YAML or JSON file; - reads it")
    command.add_argument("--ask", action="store_true", help="go on asking where CASE left off")
    command.add_argument("--short", action="store_true", help="the answers only, without reasons")
    command.add_argument("--full", action="store_true", help="everything, nothing left out")
    _day(command)


def _explain(commands: Commands) -> None:
    command = _command(commands, "explain", "say why a decision came out as it did")
    command.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    command.add_argument("decision", metavar="DECISION", help="a decision, drug, option or guard")
    _day(command)


def _show(commands: Commands) -> None:
    command = _command(commands, "show", "show a rule document, or one row of it with its sources")
    command.add_argument("document", metavar="DOCUMENT", help="for instance nature/nih-2002")
    command.add_argument("row", metavar="ROW", nargs="?", help="the id of a row")


def _facts(commands: Commands) -> None:
    command = _command(commands, "facts", "show the dictionary of facts, or search it")
    command.add_argument("name", metavar="NAME", nargs="?", help="a name, or words to search for")


def _decide(commands: Commands) -> None:
    command = _command(
        commands,
        "decide",
        "decide a rule document for every line of a CSV file",
        description=(
            "Decide a rule document for every line of a CSV file. Columns are names of the "
            "dictionary ('stromal facts'); an empty cell or ? is unknown; ranges are written as in "
            "tables or records. Adds the outcome, the rows, the outcomes still possible and "
            "refusals. A cell that cannot be read is reported; all other lines still come out."
        ),
    )
    command.add_argument("document", metavar="DOCUMENT", help="for instance nature/nih-2002")
    command.add_argument("--in", dest="source", metavar="FILE.csv", required=True)
    command.add_argument("--out", dest="target", metavar="FILE.csv", required=True)
    command.add_argument("--force", action="store_true", help="replace an existing --out file")
    _day(command)


def _check(commands: Commands) -> None:
    command = _command(commands, "check", "prove every rule document")
    command.add_argument(
        "documents", metavar="DOCUMENT", nargs="*", help="only these (or a folder)"
    )
    command.add_argument(
        "--mutate", action="store_true", help="change every cell in turn: who would notice?"
    )
    command.add_argument("--jobs", type=int, metavar="N", help="processes for --mutate")
    command.add_argument(
        "--cases", type=_folder, metavar="FOLDER", help="worked patients that --mutate may ask"
    )
    command.add_argument(
        "--outputs",
        action="store_true",
        help="with --mutate: change outputs (doses, strengths, effects) instead; needs --cases",
    )


def _new(commands: Commands) -> None:
    command = _command(commands, "new", "write the skeleton of a new document")
    command.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
    command.add_argument("name", metavar="NAME", help="lower case; ROOM/NAME for a rule document")
    command.add_argument(
        "--into", metavar="FOLDER", help="the knowledge or cases folder (default: Stromal's own)"
    )
