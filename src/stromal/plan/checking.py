"""`stromal check`: every proof over every document, and the figures that go with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stromal.facts.problem import Problem
from stromal.library import Library
from stromal.tables.cell import CellError
from stromal.tables.chain import arrange
from stromal.tables.consequence import ROLE as CONSEQUENCE
from stromal.tables.consequence import meaning_of
from stromal.tables.document import Dispute, Row, Table
from stromal.tables.mutate import CaseCheck, Mutant, Verdict, judge, mutants
from stromal.tables.prove import place, prove, unreached_rows

_TOKEN = re.compile(r"\{([^}]*)\}")
_EFFECTS = ("refuse", "caution")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The faults found, and how much was checked."""

    problems: tuple[Problem, ...]
    documents: int
    tables: int
    rows: int
    examples: int
    disputes: int
    cited: int
    worded: int
    reached: int
    by_status: Mapping[str, int]

    @property
    def recalled_share(self) -> float:
        """The share of rows whose only support is recalled."""
        return self.by_status.get("recalled", 0) / self.rows if self.rows else 0.0


def check(library: Library, only: Sequence[str] = ()) -> CheckReport:
    """Prove every table (or those named); the library's own reading problems come first."""
    compiled = library.compiled
    chosen = [c for name, c in compiled.items() if not only or _named(name, only)]
    problems = [p for p in library.problems if not only or _named(p.place, only)]
    for one in chosen:
        problems += prove(one, compiled)
        problems += _references(library, one.table)
    problems += [] if only else _whole(library)
    rows = [row for one in chosen for row in one.table.rows]
    return CheckReport(
        problems=tuple(problems),
        documents=len({one.table.source_path for one in chosen}),
        tables=len(chosen),
        rows=len(rows),
        examples=sum(len(one.table.examples) for one in chosen),
        disputes=sum(len(one.table.disputes) for one in chosen),
        cited=sum(
            all(c.key in library.sources for c in row.citations) for row in rows if row.citations
        ),
        worded=sum(bool(row.words) for row in rows),
        reached=len(rows) - unreached_rows(chosen),
        by_status=Counter(row.status for row in rows),
    )


def mutate(
    library: Library,
    table_id: str,
    in_cases: CaseCheck | None = None,
    make: Callable[[Table], Iterator[Mutant]] = mutants,
) -> Iterator[Verdict]:
    """What notices each mutant that `make` makes of one table."""
    compiled = library.compiled
    for mutant in make(compiled[table_id].table):
        yield judge(mutant, compiled, in_cases)


def _named(text: str, only: Sequence[str]) -> bool:
    return any(text == name or text.startswith((f"{name}/", f"{name}.md", name)) for name in only)


def _references(library: Library, table: Table) -> Iterator[Problem]:
    for row in table.rows:
        yield from _row_references(library, table, row)
    for dispute in table.disputes:
        yield from _unknown_sources(library, table, dispute)
        yield from _unknown_tokens(library, table, dispute)
    if not table.in_force and table.role in ("scheme", "option") and not table.edition:
        what = "neither 'edition' nor 'in_force' is given"
        yield Problem(place(table, 1), what, "say which edition this is and from when it counts")


def _row_references(library: Library, table: Table, row: Row) -> Iterator[Problem]:
    yield from _unknown_sources(library, table, row)
    yield from _unknown_tokens(library, table, row)
    if table.role == "guard":
        yield from _guard(library, table, row)
    if table.role == CONSEQUENCE:
        yield from _consequence(library, table, row)
    for output in ("requires", "asks"):
        name = row.outputs.get(output, "-")
        if name != "-" and name not in library.terms:
            what = f"{name!r} is not a fact of the dictionary"
            yield Problem(place(table, row.line, output), what, "name a fact")


def _unknown_sources(library: Library, table: Table, row: Row | Dispute) -> Iterator[Problem]:
    for citation in row.citations:
        if citation.key not in library.sources:
            what = f"source {citation.key!r} is not in sources.md"
            yield Problem(place(table, row.line, "source"), what, "add it there, or mend the key")


def _unknown_tokens(library: Library, table: Table, row: Row | Dispute) -> Iterator[Problem]:
    for name in _TOKEN.findall(row.words):
        if name not in library.terms and name not in library.decisions:
            what = f"{{{name}}} is neither a fact nor a decision"
            yield Problem(place(table, row.line, "words"), what, "use a name of the dictionary")


def _guard(library: Library, table: Table, row: Row) -> Iterator[Problem]:
    if row.outputs["effect"] not in _EFFECTS:
        what = f"effect {row.outputs['effect']!r}"
        yield Problem(place(table, row.line, "effect"), what, f"use one of {', '.join(_EFFECTS)}")
    for target in row.outputs["target"].split(";"):
        kind, _, name = target.strip().partition(":")
        if not name and kind not in library.decisions:
            what = (
                f"target {target.strip()!r} is no decision and no 'drug:', 'option:', 'scheme:' ..."
            )
            yield Problem(place(table, row.line, "target"), what, "name a decision or a group")


def _consequence(library: Library, table: Table, row: Row) -> Iterator[Problem]:
    try:
        meaning_of(row.outputs["fact"], row.outputs["means"], library.terms)
    except CellError as error:
        yield Problem(place(table, row.line, "means"), str(error), "see 'Roles' in docs/rules.md")


def _whole(library: Library) -> Iterator[Problem]:
    for name in sorted(set(library.decisions) & set(library.terms)):
        what = f"{name} is a fact of the dictionary and a decision of a table"
        yield Problem(library.terms[name].document, what, "keep one of the two")
    yield from _rivals(library)
    try:
        arrange(library.compiled.values())
    except ValueError as error:
        yield Problem("knowledge", str(error), "break the circle")


def _rivals(library: Library) -> Iterator[Problem]:
    deciding: dict[str, list[Table]] = {}
    for table in library.tables:
        if table.decides:
            deciding.setdefault(table.decides, []).append(table)
    for name, tables in deciding.items():
        for first, second in pairwise(tables):
            if not _apart(first, second):
                what = f"{name} is also decided by {first.id} on the same day"
                yield Problem(place(second, 1), what, "give the older one 'until', or rename one")


def _apart(first: Table, second: Table) -> bool:
    older, newer = sorted((first, second), key=lambda table: table.in_force)
    return bool(older.until) and older.until <= newer.in_force
