"""`stromal assess`: what one patient's tumour is, how it will behave, and what is not known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from stromal.cli.answers import Raw
from stromal.cli.arguments import UnreadableError
from stromal.cli.machine import say_json
from stromal.cli.pages.assessment_data import assessment_data
from stromal.cli.pages.assessment_page import assessment_lines
from stromal.cli.pages.page import write
from stromal.cli.speak import depth, fail, fault_lines, faults, library_for, output_page
from stromal.facts.problem import Problem
from stromal.facts.record import Record, read_record, read_record_file
from stromal.facts.yaml_reader import MOST_BYTES
from stromal.library import Library
from stromal.plan.assess import assess_record
from stromal.plan.drugs.tumour_drugs import with_generic_names

ROOMS = ("nature",)
"""The rooms whose documents say what the tumour is; others are not read, to be fast."""


def run(args: argparse.Namespace) -> int:
    """Assess a case, or ask for the facts; 1 if something could not be read."""
    if args.case is None or args.ask:
        return _ask(args)
    library = library_for(args, ROOMS)
    record = read_case(args.case, library)
    assessment = assess_record(library, record, args.day)
    if args.json:
        say_json(assessment_data(library, assessment))
    else:
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(assessment_lines(page, library, assessment, depth(args)))
    return 1 if assessment.problems or faults(library) else 0


def _ask(args: argparse.Namespace) -> int:
    from stromal.cli.interview import run_interview

    if args.case is None:
        return run_interview(args)
    if args.case == "-":
        what = "answers cannot be asked for while the case is read from the standard input"
        return fail(args, Problem("CASE", what, "give the name of a file"))
    record = read_case(args.case)
    answers = _resumed(record)
    if isinstance(answers, Problem):
        return fail(args, answers)
    return run_interview(args, record, answers)


def read_case(name: str, library: Library | None = None) -> Record:
    """The record in a file, or on the standard input for '-'.

    With a library, tumour drugs get the generic names that it knows. Raises UnreadableError where
    nothing of the file can be read, which `main` says.
    """
    if name == "-":
        record = read_record(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input")
    else:
        record = read_record_file(Path(name))
    if not record.id:  # every record that was read has at least the name of its file
        raise UnreadableError(record.problems[0])
    return with_generic_names(record, library.terms) if library else record


def _resumed(record: Record) -> Mapping[str, Raw] | Problem:
    """The answers of a record that holds undated facts only, as the interview saves them."""
    if record.problems:
        return record.problems[0]
    if any(event.day or event.id != "facts" for event in record.events):
        what = "the file has dated events; only saved answers can be gone on with"
        return Problem(record.name, what, "add what is missing to the file itself")
    facts = record.events[0].facts if record.events else {}
    return {name: list(map(str, v)) if isinstance(v, list) else str(v) for name, v in facts.items()}
