"""The header of a CSV file: which column is which fact, in which unit, and what is not read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.facts.units import units_like
from stromal.tables.chain import Network

COMPUTED = ("mitotic_rate", "counted_area")
"""Facts computed from texts; a column of that name is read together with the texts."""
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its place, its fact, and the unit its head gives ('' if none)."""

    place: int
    term: Term
    unit: str


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns are. `unread` are carried along; `unknown` are inputs without a column."""

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]


def delimiter_of(line: str, terms: Mapping[str, Term]) -> str:
    """The delimiter that makes most heads of the first line names of the dictionary."""

    def known(delimiter: str) -> int:
        heads = (head.strip().strip('"') for head in line.split(delimiter))
        return sum(head.partition("(")[0].strip() in terms for head in heads)

    return max(DELIMITERS, key=known)


def read_header(
    name: str,
    heads: Sequence[str],
    terms: Mapping[str, Term],
    network: Network,
    needed: Iterable[str],
) -> Header:
    """Match heads to the facts that are needed; texts are read for what is computed from them."""
    wanted = dict.fromkeys(needed)
    columns: list[Column] = []
    unread: list[str] = []
    problems: list[Problem] = []
    for place, head in enumerate(heads):
        found = _column(place, head, terms)
        where = f"{name}:1, column {head.strip() or place + 1}"
        if isinstance(found, Problem):
            problems.append(Problem(where, found.what, found.remedy))
        elif found is None or not (found.term.name in wanted or found.term.kind == "text"):
            unread.append(head)
            problems += _slip(where, head, found, wanted, network)
        elif any(found.term.name == column.term.name for column in columns):
            problems.append(Problem(where, "given by two columns", "keep one of them"))
        else:
            columns.append(found)
    have = {column.term.name for column in columns}
    if any(column.term.kind == "text" for column in columns):
        have |= set(COMPUTED)
    missing = tuple(name for name in wanted if name not in have)
    return Header(tuple(heads), tuple(columns), tuple(unread), missing, tuple(problems))


def _column(place: int, head: str, terms: Mapping[str, Term]) -> Column | Problem | None:
    name, bracket, rest = head.partition("(")
    term = terms.get(name.strip())
    if term is None:
        return None
    unit = rest.strip().removesuffix(")").strip() if bracket else ""
    if unit and unit not in units_like(term.unit):
        known = ", ".join(units_like(term.unit)) or "no unit"
        return Problem("", f"{unit!r} is no unit of {term.name}", f"use {known}")
    return Column(place, term, unit)


def _slip(
    where: str, head: str, found: Column | None, wanted: Mapping[str, None], network: Network
) -> list[Problem]:
    """A head that was probably meant to be read, but is not."""
    name = head.partition("(")[0].strip()
    deciding = network.by_decision.get(name)
    if deciding is not None:
        what = f"{name} is decided by {deciding.table.id}, so the column is not read"
        facts = ", ".join(network.rests_on(deciding.table.id))
        return [Problem(where, what, f"give what it rests on instead: {facts}")]
    near = difflib.get_close_matches(name.lower(), wanted, n=1, cutoff=0.85)
    if found is None and near:
        what = "not a name of the dictionary, so the column is not read"
        return [Problem(where, what, f"did you mean {near[0]!r}?")]
    return []
