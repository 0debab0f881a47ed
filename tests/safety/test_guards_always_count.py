"""A guard wins over everything, on every day for which a plan can be made or replayed."""

import datetime

import pytest

from stromal.library import Library, in_force, load
from stromal.tables.document import Table

EARLIEST = datetime.date(1998, 1, 1)
"""Before the first mutation was described; no guideline or scheme here is older."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def guards(library: Library) -> list[Table]:
    return [table for table in library.tables if table.role == "guard"]


def test_every_guard_counts_on_every_day(library: Library) -> None:
    counting = {table.id for table in in_force(library.tables, EARLIEST)}
    assert [t.id for t in guards(library) if t.id not in counting] == []
    assert [t.id for t in guards(library) if t.until] == []


def test_no_option_or_scheme_counts_on_a_day_on_which_a_guard_does_not(library: Library) -> None:
    spoken = [t for t in library.tables if t.role in ("option", "scheme")]
    days = {datetime.date.fromisoformat(t.in_force) for t in spoken if t.in_force}
    for day in sorted({EARLIEST, *days}):
        counting = {table.id for table in in_force(library.tables, day)}
        assert {t.id for t in guards(library)} <= counting, day
