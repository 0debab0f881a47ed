"""The only reader of the knowledge: documents in, typed tables and the dictionary out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from stromal.facts.dictionary import Term, read_terms
from stromal.facts.possible import Possible
from stromal.facts.problem import Problem
from stromal.facts.values import read_day, read_value
from stromal.tables.chain import Network, arrange
from stromal.tables.compile import CompiledTable, compile_table
from stromal.tables.consequence import ROLE as CONSEQUENCE
from stromal.tables.consequence import Consequences, of_role, read_consequences
from stromal.tables.document import Row, Table
from stromal.tables.markdown import RawDocument, read_raw
from stromal.tables.read import decision_term, read_tables

KNOWLEDGE = Path(__file__).parent / "knowledge"
ROOMS = ("nature", "surgery", "therapy", "drugs", "followup")


@dataclass(frozen=True, slots=True)
class Source:
    """A work that rows cite; `read` says how it was read."""

    key: str
    reference: str
    identifier: str
    read: str


@dataclass(frozen=True)
class Library:
    """All that was read. `problems` are what could not be read as it should."""

    root: Path
    terms: Mapping[str, Term]
    decisions: Mapping[str, Term]
    documents: Mapping[str, RawDocument]
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The bibliography, by key."""
        return {source.key: source for source in read_sources(self.root)}

    @cached_property
    def compiled(self) -> Mapping[str, CompiledTable]:
        """Every table, compiled, by document id."""
        return {table.id: compile_table(table) for table in self.tables}

    @cached_property
    def consequences(self) -> tuple[Consequences, ...]:
        """The tables that make facts of facts."""
        return tuple(read_consequences(c, self.terms) for c in of_role(self.compiled.values()))

    def at(self, day: datetime.date | None) -> Network:
        """The tables and rows in force on `day` (the newest edition of each where it is None).

        Without those of `consequences`: they make facts, and count on every day.
        """
        if day not in self._by_day:
            self._by_day[day] = self._at(day)
        return self._by_day[day]

    def _at(self, day: datetime.date | None) -> Network:
        deciding = (table for table in self.tables if table.role != CONSEQUENCE)
        chosen = tuple(_known_by(table, day) for table in in_force(deciding, day))
        key = tuple((table.id, len(table.rows)) for table in chosen)
        if key not in self._networks:
            self._networks[key] = arrange(self._compiled(table) for table in chosen)
        return self._networks[key]

    def _compiled(self, table: Table) -> CompiledTable:
        whole = self.compiled[table.id]
        return whole if whole.table is table else compile_table(table)

    @cached_property
    def _by_day(self) -> dict[datetime.date | None, Network]:
        """The networks by day, as far as they were asked for; many days have the same one."""
        return {}

    @cached_property
    def _networks(self) -> dict[tuple[tuple[str, int], ...], Network]:
        """The networks arranged so far: every patient of a day asks for the same one."""
        return {}

    @cached_property
    def printed(self) -> dict[tuple[str, str], tuple[Row, object]]:
        """Rows by document and id with how the plan shows them: every patient asks again."""
        return {}

    @cached_property
    def refusals(self) -> Mapping[str, tuple[tuple[int, frozenset[str]], ...]]:
        """For each guard, its refusing rows as bits, with what each refuses."""
        return {
            table.id: tuple(
                (1 << number, frozenset(part.strip() for part in row.outputs["target"].split(";")))
                for number, row in enumerate(table.rows)
                if row.outputs["effect"] == "refuse"
            )
            for table in self.tables
            if table.role == "guard"
        }

    def with_table(self, changed: Table) -> Library:
        """The same library with one table exchanged; used to try a change."""
        tables = tuple(changed if table.id == changed.id else table for table in self.tables)
        return replace(self, tables=tables)


def load(root: Path = KNOWLEDGE, rooms: Iterable[str] = ROOMS, *, examples: bool = True) -> Library:
    """Read the dictionary and the documents of the rooms named, without examples if so asked."""
    terms, problems = _terms(root)
    raws: dict[str, RawDocument] = {}
    for path in _documents(root, rooms):
        raw, found = read_raw(_id(root, path), _name(root, path), path.read_text("utf-8"))
        raws[raw.id] = raw
        problems += found
    decisions = {t.name: t for raw in raws.values() if (t := decision_term(raw))}
    names = {**terms, **decisions}
    tables: list[Table] = []
    for raw in raws.values():
        read, found = read_tables(raw, names, _value_of, examples=examples)
        tables += read
        problems += found
    return Library(root, terms, decisions, raws, tuple(tables), tuple(problems))


def in_force(tables: Iterable[Table], day: datetime.date | None) -> Iterator[Table]:
    """The tables that count on `day`; without a day, those that have not ended."""
    for table in tables:
        text = day.isoformat() if day else "9999-12-31"
        if table.in_force <= text and (not table.until or text < table.until):
            yield table


def _known_by(table: Table, day: datetime.date | None) -> Table:
    """The table without the rows whose `since` lies after the day; guards always count whole."""
    if day is None or "since" not in table.outputs or table.kind != "all" or table.role == "guard":
        return table
    rows = tuple(row for row in table.rows if _since(row) <= day)
    return table if len(rows) == len(table.rows) else replace(table, rows=rows)


def _since(row: Row) -> datetime.date:
    """The first day of the month or year that a row names; the first of all where it names none."""
    days = read_day(row.outputs["since"])
    return days[0] if days else datetime.date.min


def read_sources(root: Path = KNOWLEDGE) -> list[Source]:
    """The bibliography in `sources.md`."""
    path = root / "sources.md"
    if not path.exists():
        return []
    raw, _ = read_raw("sources", "sources.md", path.read_text("utf-8"))
    return [
        Source(*cells[:4])
        for section in raw.sections
        for table in section.tables
        if table.header[0] == "key"
        for _, cells in table.rows
    ]


def read_words(root: Path = KNOWLEDGE, language: str = "") -> dict[str, RawDocument]:
    """The words of pages as they were written, by id: `patient-copy`, `en/sentences` ...

    With a `language`, only those of its folder.
    """
    folder = root / "words"
    raws = {}
    for path in sorted(folder.glob(f"{language or '**'}/*.md")):
        raw, _ = read_raw(_id(folder, path), _name(root, path), path.read_text("utf-8"))
        raws[raw.id] = raw
    return raws


def _terms(root: Path) -> tuple[dict[str, Term], list[Problem]]:
    terms: dict[str, Term] = {}
    problems: list[Problem] = []
    for path in sorted((root / "facts").glob("*.md")):
        found, wrong = read_terms(_name(root, path), path.read_text("utf-8"))
        problems += wrong
        for term in found:
            if term.name in terms:
                what = f"{term.name} is already in {terms[term.name].document}"
                problems.append(
                    Problem(f"{term.document}:{term.line}", what, "keep one of the two")
                )
            terms[term.name] = term
    return terms, problems


def _documents(root: Path, rooms: Iterable[str]) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((root / room).glob("**/*.md"))


def _id(root: Path, path: Path) -> str:
    return path.relative_to(root).with_suffix("").as_posix()


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _value_of(term: Term, text: str) -> Possible | Problem:
    value = read_value(term, text)
    return value if isinstance(value, Problem) else value.possible
