"""The library of a day: documents and rows count from the day that they name, guards always."""

from __future__ import annotations

import datetime

import pytest

from stromal.facts.values import read_day
from stromal.library import load
from stromal.tables.consequence import ROLE as CONSEQUENCE

LIBRARY = load()
DAYS = [datetime.date(year, 6, 1) for year in (2005, 2012, 2018, 2023, 2026)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_document_or_row_counts_before_its_day(day: datetime.date) -> None:
    for compiled in LIBRARY.at(day).tables:
        table = compiled.table
        assert table.in_force <= day.isoformat()
        assert not table.until or day.isoformat() < table.until
        if table.role == "guard":
            continue
        for row in table.rows:
            since = read_day(row.outputs.get("since", "-"))
            assert since is None or since[0] <= day, (table.id, row.id)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_guard_counts_whole_on_every_day(day: datetime.date) -> None:
    whole = {t.id: t.rows for t in LIBRARY.tables if t.role == "guard"}
    found = {c.table.id: c.table.rows for c in LIBRARY.at(day).tables if c.table.role == "guard"}
    assert found == whole
    assert len(whole) > 5


def test_the_newest_library_holds_every_row_that_has_not_ended() -> None:
    newest = {c.table.id: len(c.table.rows) for c in LIBRARY.at(None).tables}
    deciding = (table for table in LIBRARY.tables if table.role != CONSEQUENCE)
    assert newest == {t.id: len(t.rows) for t in deciding if not t.until}


def test_one_day_gives_one_network() -> None:
    assert LIBRARY.at(DAYS[3]) is LIBRARY.at(DAYS[3])


def test_an_edition_replaces_the_one_before_it() -> None:
    before = {c.table.id for c in LIBRARY.at(datetime.date(2020, 1, 1)).tables}
    after = {c.table.id for c in LIBRARY.at(datetime.date(2022, 1, 1)).tables}
    assert "surgery/small-lesions-esmo-2018" in before - after
    assert "surgery/small-lesions" in after - before
