"""Deciding every line of a file: each distinct text is read, each distinct patient decided, once.

The texts of a column become small codes, so that two texts have one code if no rule can tell them
apart. A line is then a tuple of codes, and a million lines are some thousand decisions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from stromal.cli.header import COMPUTED, Column
from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.facts.timeline import Folded
from stromal.facts.values import Value, read_value
from stromal.library import Library
from stromal.plan.known.derive import derive
from stromal.tables.cell import CellError, read_cell
from stromal.tables.chain import Network, decide_table
from stromal.tables.document import Table

UNREADABLE = -1

PARTS = ("row", "possible", "refused", "unless", "problem")
"""What is added beside the outcome; `problem` is filled for a line that cannot be read."""

Known = Mapping[str, Possible]


def read_cell_text(column: Column, text: str) -> Value | Problem:
    """A cell of a CSV file: as in a record or a table; the unit may stand in the head."""
    value = read_value(column.term, text)
    if isinstance(value, Problem) and column.unit:
        with_unit = read_value(column.term, f"{text} {column.unit}")
        value = value if isinstance(with_unit, Problem) else with_unit
    if isinstance(value, Problem) and column.term.kind == "choice":
        return _as_in_tables(column.term, text) or value
    return value


def _as_in_tables(term: Term, text: str) -> Value | None:
    try:
        cell = read_cell(text, term)
    except CellError:
        return None
    if not isinstance(cell, Choices) or cell.is_empty():
        return None
    return Value(cell, None, text)


def grouped(columns: Sequence[Column]) -> list[list[Column]]:
    """Each column alone, but texts together with what is computed from them."""
    has_text = any(column.term.kind == "text" for column in columns)
    together = [c for c in columns if c.term.kind == "text" or c.term.name in COMPUTED]
    if not has_text:
        return [[column] for column in columns]
    return [together, *([c] for c in columns if c not in together)]


def guards_of(network: Network, table: Table) -> list[tuple[Table, frozenset[int]]]:
    """The guards that may speak of a table, with their rows that do."""
    targets = {table.decides, f"{table.role}:*"} - {""}
    found = []
    for compiled in network.tables:
        if compiled.table.role == "guard":
            rows = frozenset(
                number
                for number, row in enumerate(compiled.table.rows)
                if row.outputs["effect"] == "refuse" and targets & _targets(row.outputs["target"])
            )
            found += [(compiled.table, rows)] if rows else []
    return found


def _targets(text: str) -> set[str]:
    return {part.strip() for part in text.split(";")}


class Meanings:
    """What texts mean, one small code for all that the rules cannot tell apart."""

    def __init__(self, network: Network, table_ids: Sequence[str], terms: Collection[Term]) -> None:
        self.known: list[Known] = []
        self._names = frozenset(term.name for term in terms)
        self._codes: dict[object, int] = {}
        self._elements = {
            term.name: network.elements(table_ids, term.name)
            for term in terms
            if isinstance(term.domain, Numbers)
        }

    @property
    def names(self) -> frozenset[str]:
        """The facts that the rules look at."""
        return self._names

    def code(self, known: Known) -> int:
        """The code of some facts."""
        signature = frozenset((name, self._signature(name, p)) for name, p in known.items())
        found = self._codes.setdefault(signature, len(self.known))
        if found == len(self.known):
            self.known.append(known)
        return found

    def _signature(self, name: str, possible: Possible) -> object:
        if not isinstance(possible, Numbers):
            return possible
        return frozenset(
            place
            for place, element in enumerate(self._elements[name])
            if isinstance(element, Numbers) and not element.intersect(possible).is_empty()
        )


class Texts(dict[tuple[str, ...], int]):
    """From the texts of one or more columns to a code; what cannot be read is in `problems`."""

    def __init__(
        self,
        columns: Sequence[Column],
        meanings: Meanings,
        library: Library,
        elsewhere: Collection[str],
    ) -> None:
        super().__init__()
        self.columns = columns
        self.meanings = meanings
        self.problems: dict[tuple[str, ...], tuple[Problem, ...]] = {}
        self._library = library
        self._elsewhere = elsewhere  # facts that other columns give

    def __missing__(self, texts: tuple[str, ...]) -> int:
        """Read texts that were not met before."""
        facts, problems = self._facts(texts)
        if not problems and any(column.term.kind == "text" for column in self.columns):
            facts, problems = self._derived(facts)
        if problems:
            self.problems[texts] = tuple(problems)
            code = UNREADABLE
        else:
            names = self.meanings.names
            code = self.meanings.code({n: f.possible for n, f in facts.items() if n in names})
        self[texts] = code
        return code

    def _facts(self, texts: tuple[str, ...]) -> tuple[dict[str, Fact], list[Problem]]:
        facts: dict[str, Fact] = {}
        problems: list[Problem] = []
        for column, text in zip(self.columns, texts, strict=True):
            value = read_cell_text(column, text)
            if isinstance(value, Problem):
                problems.append(value)
            elif value.reason is None:
                name = column.term.name
                facts[name] = Fact(name, value.possible, State.KNOWN)
        return facts, problems

    def _derived(self, facts: dict[str, Fact]) -> tuple[dict[str, Fact], list[Problem]]:
        derived = derive(Folded(facts, (), ()), self._library)
        problems = list(derived.problems)
        for conflict in derived.conflicts:
            problems.append(Problem(conflict.name, conflict.what, "correct one of the two"))
        for name in set(derived.facts) & set(self._elsewhere):
            what = "given by a column and computed from the words of another"
            problems.append(Problem(name, what, "keep one of the two columns"))
        return derived.facts, problems


class Answers(dict[tuple[int, ...], tuple[str, ...]]):
    """From the codes of a line to the cells that are added to it."""

    def __init__(self, network: Network, table: Table, texts: Sequence[Texts]) -> None:
        super().__init__()
        self.inexact = 0
        self._network = network
        self._table = table
        self._texts = texts
        self._guards = guards_of(network, table)

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the added columns."""
        name = self._table.decides or self._table.id.replace("/", "_").replace("-", "_")
        first = (name,) if self._table.kind == "one" else ()
        return (*first, *(f"{name}_{part}" for part in PARTS))

    def __missing__(self, codes: tuple[int, ...]) -> tuple[str, ...]:
        """Decide a combination that was not met before."""
        known: dict[str, Possible] = {}
        for texts, code in zip(self._texts, codes, strict=True):
            known.update(texts.meanings.known[code])
        self[codes] = cells = self._cells(known)
        return cells

    def _cells(self, known: Known) -> tuple[str, ...]:
        answer = decide_table(self._network, self._table.id, known)
        self.inexact += not answer.exact
        refused, unless = self._refusals(known)
        if self._table.kind == "all":
            certain = " ".join(row.id for row in answer.certain_rows)
            perhaps = " ".join(r.id for r in answer.rows if r not in answer.certain_rows)
            return certain, perhaps, refused, unless, ""
        if refused:
            return "", "", "", refused, unless, ""
        rows = " ".join(row.id for row in answer.rows)
        outcome = answer.outcomes[0] if answer.settled else ""
        return outcome, rows, " or ".join(answer.outcomes), refused, unless, ""

    def _refusals(self, known: Known) -> tuple[str, str]:
        """The guards that refuse for certain, and those that may."""
        certain: list[tuple[str, str]] = []
        perhaps: list[tuple[str, str]] = []
        for table, rows in self._guards:
            answer = decide_table(self._network, table.id, known)
            for number in answer.possible:
                if number in rows:
                    named = certain if number in answer.certain else perhaps
                    named.append((table.id, table.rows[number].id))
        return _listed(certain), _listed(perhaps)


def _listed(rows: Sequence[tuple[str, str]]) -> str:
    """Rows as 'document#row #row other-document#row': a document is named once."""
    parts = []
    last = ""
    for document, row in rows:
        parts.append(f"#{row}" if document == last else f"{document}#{row}")
        last = document
    return " ".join(parts)
