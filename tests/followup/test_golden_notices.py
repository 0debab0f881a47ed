"""Would the reviewed schedules notice a wrong number? Every output is changed in turn."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from followup.patients import GOLDEN, Situation, block, library, situations
from stromal.library import Library
from stromal.tables.compile import compile_table
from stromal.tables.document import Row, Table

PARTS = ("every_months", "from_month", "until_month", "anchor", "first", "then", "test",
         "authority")  # fmt: skip
ANCHORS = ("surgery", "start of drug", "end of adjuvant drug", "first visit")


def wrong(name: str, text: str) -> str:
    """Another value of the same kind: a number raised by one, another anchor."""
    if name == "anchor":
        return ANCHORS[ANCHORS.index(text) - 1]
    words = text.split(" ")
    for place in range(len(words) - 1, -1, -1):
        if words[place].isdecimal():
            return " ".join([*words[:place], str(int(words[place]) + 1), *words[place + 1 :]])
    return {"none": "12", "not stated": "12", "open": "48", "-": "48"}.get(text, f"another {text}")


def changed(table: Table, row: Row, name: str) -> Library:
    """The library with one output of one row changed."""
    other = replace(row, outputs={**row.outputs, name: wrong(name, row.outputs[name])})
    rows = tuple(other if one is row else one for one in table.rows)
    mended = replace(table, rows=rows)
    found = library().with_table(mended)
    found.__dict__["compiled"] = {**library().compiled, table.id: compile_table(mended)}
    return found


def outputs() -> Iterator[tuple[Table, Row, str]]:
    for table in library().tables:
        for row in table.rows if table.role == "schedule" else ():
            for name in PARTS:
                if name in row.outputs:
                    yield table, row, name


def saying(row: Row) -> Situation:
    """The first situation of the golden file that names a row."""
    blocks = GOLDEN.read_text("utf-8").split("=" * 100)[1:]
    place = next(n for n, text in enumerate(blocks) if f"{row.id}," in text)
    return list(situations())[place]


@pytest.mark.slow
@pytest.mark.exhaustive
def test_every_wrong_number_anchor_test_or_authority_changes_the_reviewed_schedules() -> None:
    quiet = []
    before: dict[str, str] = {}
    for table, row, name in outputs():
        one = saying(row)
        if one.title not in before:
            before[one.title] = block(one)
        if block(one, changed(table, row, name)) == before[one.title]:
            quiet.append(f"{row.id} {name}: {row.outputs[name]}")
    assert not quiet


def test_a_wrong_interval_of_one_row_is_noticed() -> None:
    """The same for one row, in the daily run."""
    table, row, name = next(one for one in outputs() if one[1].id == "MEF-3")
    one = saying(row)
    assert block(one, changed(table, row, name)) != block(one)
