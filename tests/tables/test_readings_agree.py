"""One compilation, two readings: every table says the same however it is read."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies import patients
from stromal.facts.possible import Choices, Members, Possible, completions
from stromal.library import load
from stromal.tables.columns import decide_columns, encode_sets
from stromal.tables.compile import CompiledTable, elementary
from stromal.tables.decide import decide, decide_by_reading, numbers_of
from stromal.tables.document import Table

LIBRARY = load()
SCHEMES = sorted(name for name, c in LIBRARY.compiled.items() if c.table.kind == "one")
OTHERS = sorted(name for name, c in LIBRARY.compiled.items() if c.table.kind == "all" and c.columns)
# The tables without columns have nothing to decide.
TABLES = pytest.mark.parametrize("name", [*SCHEMES, *OTHERS])
# One draw holds several patients, so that the many tables do not make the suite slow.
CALM = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@TABLES
@CALM
@given(data=st.data())
def test_the_compiled_table_says_what_its_cells_say(name: str, data: st.DataObject) -> None:
    compiled = LIBRARY.compiled[name]
    for known in data.draw(st.lists(patients(compiled.table), min_size=1, max_size=8)):
        assert decide(compiled, known) == decide_by_reading(compiled.table, known)


@TABLES
@CALM
@given(data=st.data())
def test_many_patients_are_decided_as_each_alone(name: str, data: st.DataObject) -> None:
    compiled = LIBRARY.compiled[name]
    many = data.draw(st.lists(patients(compiled.table), min_size=1, max_size=8))
    columns = {
        c.term.name: encode_sets(c, [known.get(c.term.name) for known in many])
        for c in compiled.columns
    }
    found = decide_columns(compiled, columns, threads=1)
    for known, place in zip(many, found.answers, strict=True):
        answer = decide(compiled, known)
        assert numbers_of(found.some[place]) == answer.possible
        assert numbers_of(found.every[place]) == answer.certain


@TABLES
@CALM
@given(data=st.data())
def test_the_rows_possible_are_those_of_all_completions(name: str, data: st.DataObject) -> None:
    compiled = LIBRARY.compiled[name]
    known = data.draw(patients(compiled.table))
    pieces = [_completions(compiled.table, place, known) for place in range(len(compiled.columns))]
    if any(not piece for piece in pieces) or _size(pieces) > 1000:
        return
    answers = [_complete(compiled, values) for values in itertools.product(*pieces)]
    answer = decide(compiled, known)
    assert set(answer.possible) == set().union(*answers)
    assert set(answer.certain) == set.intersection(*answers)


def _completions(table: Table, place: int, known: dict[str, Possible]) -> list[Possible]:
    """One fully known value for every piece that a fact may still lie in."""
    term = table.inputs[place]
    possible = known.get(term.name, term.domain)
    if isinstance(possible, Members):
        if len(possible.possible - possible.certain) > 6:
            return []
        return [Members.exactly(present) for present in completions(possible)]
    if isinstance(possible, Choices):
        return [Choices.of(value) for value in sorted(possible.values)]
    return list(elementary(term, [row.cells[place] for row in table.rows], possible))


def _size(pieces: list[list[Possible]]) -> int:
    size = 1
    for piece in pieces:
        size *= len(piece)
    return size


def _complete(compiled: CompiledTable, values: tuple[Possible, ...]) -> set[int]:
    names = [column.term.name for column in compiled.columns]
    return set(decide_by_reading(compiled.table, dict(zip(names, values, strict=True))).certain)
