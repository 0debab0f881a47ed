"""The printing errors that went round the world are noticed here: headings, digits, borders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stromal.facts.possible import Choices, Interval, Numbers
from stromal.library import load
from stromal.tables.compile import compile_table
from stromal.tables.document import Row, Table
from stromal.tables.prove import prove

LIBRARY = load(rooms=("nature",))
AFIP = LIBRARY.compiled["nature/afip-2006"].table


def faults(table: Table) -> list[str]:
    return [str(problem) for problem in prove(compile_table(table), LIBRARY.compiled)]


def exchanged(row: Row) -> Row:
    """The row under the heading of the other column: duodenum for jejunum and ileum."""
    place = [term.name for term in AFIP.inputs].index("tumour_site")
    cell = row.cells[place]
    duodenum, rest = Choices.of("duodenum"), Choices.of("jejunum", "ileum")
    swapped = {duodenum: rest, rest: duodenum}.get(cell, cell)  # type: ignore[arg-type]
    return replace(row, cells=(*row.cells[:place], swapped, *row.cells[place + 1 :]))


def test_the_table_as_it_stands_has_no_fault() -> None:
    assert faults(AFIP) == []


def test_exchanged_headings_of_duodenum_and_small_bowel_are_noticed() -> None:
    rows = tuple(exchanged(row) for row in AFIP.rows)
    assert rows != AFIP.rows
    assert faults(replace(AFIP, rows=rows))


def test_seven_for_seventy_one_percent_in_the_rectum_is_noticed() -> None:
    assert any(row.outputs["percent"] == "71" for row in AFIP.rows)
    rows = tuple(
        replace(row, outputs={**row.outputs, "percent": "7"})
        if row.outputs["percent"] == "71"
        else row
        for row in AFIP.rows
    )
    assert any("71" in fault for fault in faults(replace(AFIP, rows=rows)))


@pytest.mark.parametrize(
    "name", ["nature/afip-2006", "nature/modified-nih-2008", "nature/nih-2002"]
)
def test_a_flipped_border_is_noticed_in_every_row_of_every_scheme(name: str) -> None:
    table = LIBRARY.compiled[name].table
    flipped = 0
    for number, row in enumerate(table.rows):
        for place, cell in enumerate(row.cells):
            if not isinstance(cell, Numbers):
                continue
            for interval in cell.intervals:
                if interval.high == float("inf"):
                    continue
                turned = Interval(
                    interval.low, interval.high, interval.low_open, not interval.high_open
                )
                cells = (*row.cells[:place], Numbers((turned,)), *row.cells[place + 1 :])
                rows = (*table.rows[:number], replace(row, cells=cells), *table.rows[number + 1 :])
                assert faults(replace(table, rows=rows)), (row.id, table.inputs[place].name)
                flipped += 1
    assert flipped > 5
