"""The arguments of `stromal teach`; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Any]"

WORDS = "learn or examine with courses of years: questions, answers, reasons"
DESCRIPTION = (
    "Without CASE: the teaching cases. With one: shows what was known up to the day of each "
    "question, asks, and says what is right, why, and by which rows. Answers are numbers, one on "
    "each line, typed or from a file; 'save FILE' and 'stop' at any time. A file of answers has "
    "the columns case, student, question, choice; several choices as 1;3."
)


def add(commands: Commands, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command; `command` is the helper of `arguments`."""
    teach = command(commands, "teach", WORDS, description=DESCRIPTION)
    teach.add_argument("case", metavar="CASE", nargs="?", help="the name of a case, or a file")
    teach.add_argument("--cases", metavar="FOLDER", help="cases from another folder")
    what = teach.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="the cases (as without CASE)")
    what.add_argument("--print", action="store_true", help="a sheet of questions without answers")
    what.add_argument("--key", action="store_true", help="the sheet with answers, reasons, sources")
    what.add_argument("--check", action="store_true", help="do the rules agree with the answers?")
    what.add_argument("--answers", metavar="FILE.csv", help="grade the answers of a class")
    what.add_argument("--go-on", metavar="FILE.csv", help="go on where 'save FILE.csv' left off")
    teach.add_argument("--name", default="", metavar="STUDENT", help="who answers, for 'save'")
    teach.add_argument("--force", action="store_true", help="let 'save' replace a file")
