"""Words that several commands share: problems, sources, names and how well a row was read."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.page import Page, page_for, write
from stromal.facts.dictionary import Term
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.library import KNOWLEDGE, ROOMS, Library, load
from stromal.plan.words import say
from stromal.tables.cell import Cell, Condition
from stromal.tables.document import Table

READ = {
    "full": "source read in full",
    "abstract": "abstract of the source read",
    "secondary": "as another source quotes it",
    "recalled": "UNCONFIRMED: recalled, the source was not read",
    "derived": "computed from the source",
    "convention": "a convention of Stromal, not of a source",
}
MARK = {"recalled": "UNCONFIRMED", "convention": "convention"}

_CAPITALS = "nih afip tnm gist sdh sdhb sdha cd117 cd34 dog1 alk s100 sox10 hmb45 stat6 kit pdgfra"
WRITTEN = {word: word.upper() for word in _CAPITALS.split()} | {"ki67": "Ki-67"}
MOST_FAULTS = 3


def library_for(
    args: argparse.Namespace, rooms: Iterable[str] = ROOMS, *, examples: bool = False
) -> Library:
    """The knowledge that comes with Stromal, or that of --knowledge.

    What comes with Stromal was checked before, so its examples are read only where they are shown.
    """
    folder = getattr(args, "knowledge", None)
    if folder:
        return load(Path(folder), rooms)
    return load(KNOWLEDGE, rooms, examples=examples)


def depth(args: argparse.Namespace) -> str:
    """How much is shown: short, usual or full."""
    return "short" if args.short else "full" if args.full else "usual"


def output_page(args: argparse.Namespace) -> Page:
    """The page for the standard output."""
    return page_for(sys.stdout, getattr(args, "color", None))


def fail(args: argparse.Namespace, *problems: Problem) -> int:
    """Say what is wrong, in the form asked for; the answer is the exit code 1."""
    if args.json:
        say_json({"problems": problems_data(problems)})
    else:
        page = page_for(sys.stderr, getattr(args, "color", None))
        write(problem_lines(page, problems), sys.stderr)
    return 1


def problem_lines(page: Page, problems: Iterable[Problem]) -> list[str]:
    """Each problem as place and what, then the remedy."""
    lines: list[str] = []
    for problem in problems:
        lines += page.text(f"{problem.place}: {problem.what}", hang=4, style="red")
        lines += page.text(f"-> {problem.remedy}", indent=4, hang=3)
    return lines


def faults(library: Library, tables: Iterable[Table] | None = None) -> list[Problem]:
    """What is wrong in the knowledge, or in the documents of some tables."""
    paths = None if tables is None else {table.source_path for table in tables}
    return [p for p in library.problems if paths is None or p.place.split(":")[0] in paths]


def fault_lines(page: Page, problems: Sequence[Problem]) -> list[str]:
    """A warning above what rests on documents with faults."""
    if not problems:
        return []
    words = "Rule documents have faults: what follows may be wrong. 'stromal check' says more."
    shown = problem_lines(page, problems[:MOST_FAULTS])
    left = len(problems) - MOST_FAULTS
    more = page.text(f"and {left} more", 4) if left > 0 else []
    return [*page.text(words, style="red"), *shown, *more, ""]


def near(word: str, names: Sequence[str]) -> str:
    """'did you mean ...? ' if a name is close, else nothing."""
    found = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(found)}? " if found else ""


def spoken(name: str) -> str:
    """A name of the dictionary as words.

    >>> spoken("modified_nih_2008_risk")
    'modified NIH 2008 risk'
    """
    return " ".join(WRITTEN.get(word, word) for word in name.split("_"))


def say_cell(term: Term, cell: Cell) -> str:
    """A cell of a rule in words: 'more than 5 to 10 cm', 'one of: a, b'."""
    if cell is None:
        return "any"
    if isinstance(cell, Condition):
        parts = [f"one of: {', '.join(sorted(group))}" for group in cell.any_of]
        parts += [f"none of: {', '.join(sorted(cell.none_of))}"] if cell.none_of else []
        return " and ".join(parts)
    return say(term, cell)


def say_value(terms: Mapping[str, Term], name: str, possible: Possible | None) -> str:
    """A value in words; of a text, the words themselves."""
    term = terms.get(name)
    if term is None:
        return str(possible)
    if term.kind == "text" and possible is not None:
        return str(possible)
    return say(term, possible)
