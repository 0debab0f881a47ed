"""Chained tables give the union over all completions, and say so where they cannot."""

from __future__ import annotations

import itertools
import random

import pytest

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Possible
from stromal.tables.chain import Network, arrange, decide_again, decide_all, decide_table
from stromal.tables.compile import CompiledTable, compile_table
from stromal.tables.document import Citation, Row, Table

FACTS = [Term.decided(name, ("a", "b", "c"), "?", "facts") for name in ("f1", "f2", "f3")]


def _table(name: str, inputs: list[Term], draw: random.Random) -> Table:
    """A random complete table: every combination of values is one row."""
    rows = tuple(
        Row(
            id=f"{name}{number}",
            cells=tuple(Choices.of(value) for value in values),
            texts=values,
            outputs={name: draw.choice(("a", "b", "c"))},
            citations=(Citation("k", ""),),
            status="full",
            words="w",
            line=1,
        )
        for number, values in enumerate(itertools.product(*(t.values for t in inputs)))
    )
    return Table(
        name, name, "one", "scheme", name, "", ("a", "b", "c"), tuple(inputs), (name,),
        rows, (), (), (), (), "none", "1", "", "", "", name,
    )  # fmt: skip


def _network(draw: random.Random) -> Network:
    terms = list(FACTS)
    tables: list[CompiledTable] = []
    for number in range(5):
        inputs = draw.sample(terms, k=draw.choice((1, 2, 2, 3)))
        table = _table(f"d{number}", inputs, draw)
        tables.append(compile_table(table))
        terms.append(Term.decided(table.id, table.outcomes, "?", table.id))
    draw.shuffle(tables)
    return arrange(tables)


def _known(draw: random.Random) -> dict[str, Possible]:
    known: dict[str, Possible] = {}
    for term in FACTS:
        size = draw.choice((1, 2, 3, 3))
        if draw.random() < 0.8:
            known[term.name] = Choices(frozenset(draw.sample(term.values, size)))
    return known


@pytest.mark.parametrize("seed", range(150))
def test_a_chain_is_as_precise_as_trying_every_completion(seed: int) -> None:
    draw = random.Random(seed)
    network, known = _network(draw), _known(draw)
    pieces = [sorted(known.get(t.name, t.domain).values) for t in FACTS]  # type: ignore[union-attr]
    rows: dict[str, set[int]] = {c.table.id: set() for c in network.tables}
    for values in itertools.product(*pieces):
        complete: dict[str, Possible] = {
            t.name: Choices.of(v) for t, v in zip(FACTS, values, strict=True)
        }
        for name, answer in decide_all(network, complete).items():
            assert len(answer.possible) == 1
            rows[name].update(answer.possible)
    for name, answer in decide_all(network, known).items():
        assert answer.exact
        assert set(answer.possible) == rows[name], name
        assert decide_table(network, name, known) == answer


@pytest.mark.parametrize("seed", range(40))
def test_deciding_again_after_one_change_equals_deciding_afresh(seed: int) -> None:
    draw = random.Random(seed)
    network, known = _network(draw), _known(draw)
    before = decide_all(network, known)
    changed = {**known, "f2": Choices.of("b")}
    assert decide_again(network, changed, before, "f2") == decide_all(network, changed)


def test_tables_that_need_one_another_in_a_circle_are_refused() -> None:
    draw = random.Random(1)
    first = _table("x", [Term.decided("y", ("a", "b", "c"), "?", "")], draw)
    second = _table("y", [Term.decided("x", ("a", "b", "c"), "?", "")], draw)
    with pytest.raises(ValueError, match="x, y"):
        arrange([compile_table(first), compile_table(second)])
