"""What reading one document shares: the problems it collects, and the parts every section has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stromal.facts.dictionary import Term
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.tables.cell import Cell, CellError, read_cell
from stromal.tables.document import STATUSES, Citation

ValueReader = Callable[[Term, str], Possible | Problem]
CLOSING = ("source", "status", "words")


@dataclass(slots=True)
class Reading:
    """What reading one document collects."""

    path: str
    terms: Mapping[str, Term]
    value_of: ValueReader
    examples: bool = True
    """Whether the worked patients are read too: they prove the rows and decide nothing."""
    problems: list[Problem] = field(default_factory=list)
    cells: dict[tuple[str, str], Cell | CellError] = field(default_factory=dict)
    """The cells read so far, by fact and text: most are written many times."""

    def cell(self, text: str, term: Term) -> Cell | CellError:
        """The condition that a text states, or why it cannot be read."""
        key = term.name, text
        if key not in self.cells:
            self.cells[key] = _cell_or_error(text, term)
        return self.cells[key]

    def wrong(self, line: int, column: str, what: str, remedy: str) -> None:
        """Note a problem at a line of the document, and a column if there is one."""
        place = f"{self.path}:{line}" + (f", column {column}" if column else "")
        self.problems.append(Problem(place, what, remedy))


def input_term(reading: Reading, head: str, line: int) -> Term | None:
    """The name that a column head gives, or None with a problem."""
    name, _, unit = head.partition("(")
    term = reading.terms.get(name.strip())
    if term is None:
        reading.wrong(line, head, "not a name of the dictionary", "see 'stromal facts', or add it")
        return None
    if term.kind in ("text", "date"):
        reading.wrong(line, head, f"a {term.kind} cannot be tested", "use a fact derived from it")
        return None
    if unit and unit.rstrip(") ") != term.unit:
        reading.wrong(line, head, f"the dictionary's unit is {term.unit!r}", f"write {term.name}")
    return term


def typed_cell(reading: Reading, text: str, term: Term, line: int) -> Cell | CellError:
    """The typed cell, or the error after noting it as a problem."""
    cell = reading.cell(text, term)
    if isinstance(cell, CellError):
        reading.wrong(line, term.name, str(cell), "mend the cell; see 'Cells' in docs/rules.md")
    return cell


def _cell_or_error(text: str, term: Term) -> Cell | CellError:
    try:
        return read_cell(text, term)
    except CellError as error:
        return error


def read_citations(reading: Reading, text: str, line: int) -> tuple[Citation, ...]:
    """The sources that a cell names; none at all is a problem."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        reading.wrong(line, "source", "the row cites nothing", "add 'key, place' of a source")
    return tuple(Citation(*_key_and_place(part)) for part in parts)


def _key_and_place(part: str) -> tuple[str, str]:
    key, _, place = part.partition(",")
    return key.strip(), place.strip()


def read_status(reading: Reading, text: str, line: int) -> str:
    """The evidence status; an unknown word is a problem."""
    if text not in STATUSES:
        reading.wrong(line, "status", f"{text!r} is no status", f"use one of {', '.join(STATUSES)}")
    return text


def read_words(reading: Reading, text: str, line: int) -> str:
    """The words to a clinician; none at all is a problem."""
    if not text or text == "-":
        reading.wrong(line, "words", "the row has no words", "say it to a clinician in a sentence")
    return text
