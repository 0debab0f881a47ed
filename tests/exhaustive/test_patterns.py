"""No class rests on an unknown without saying so, over every pattern of what is known.

What a table says depends only on the facts below it, so going through the patterns of those facts
is already every pattern (the fast tests). The slow test decides all 531,441 whole patterns as they
are, for the reader who does not want to take that on trust.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from exhaustive.patterns import (
    FACTS,
    SHAPE,
    UNKNOWN,
    Bits,
    bits_of,
    broken,
    known_in,
    library,
    network,
    projected,
    slab,
    tables,
)
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Possible
from stromal.plan.assessment import Decision
from stromal.plan.patient import consider, decisions
from stromal.tables.compile import CompiledTable

IDS = [compiled.table.id for compiled in tables()]
FIRST = 4
"""So many facts are fixed in one piece of work for a process."""


def outcome_bits(compiled: CompiledTable, rows: Bits) -> Bits:
    """The outcomes that the rows still possible leave, as bits."""
    table = compiled.table
    found = np.zeros(rows.shape, np.uint64)
    for number, row in enumerate(table.rows):
        outcome = table.outcomes.index(row.outputs[table.decides])
        found |= (rows >> np.uint64(number) & np.uint64(1)) << np.uint64(outcome)
    return found


def is_single(bits: Bits) -> npt.NDArray[np.bool_]:
    return (bits != 0) & ((bits & (bits - np.uint64(1))) == 0)


def silently_settled(compiled: CompiledTable, may: Bits) -> list[str]:
    """Facts whose being unknown leaves one class, while a pattern with more known has another."""
    outcomes = outcome_bits(compiled, may)
    wrong = []
    for place, fact in enumerate(FACTS):
        if outcomes.shape[place] == 1:
            continue
        open_ones = outcomes.take(UNKNOWN, place)
        for state in (0, 1):
            other = outcomes.take(state, place)
            if (is_single(open_ones) & (other != open_ones)).any():
                wrong.append(fact.name)
    return wrong


@pytest.mark.parametrize("patient", [0, 1])
@pytest.mark.parametrize("compiled", tables(), ids=IDS)
def test_knowing_less_never_closes_what_knowing_more_leaves_open(
    compiled: CompiledTable, patient: int
) -> None:
    found = projected(compiled, patient)
    may, must, exact = found[..., 0], found[..., 1], found[..., 2]
    assert (exact == 1).all()
    assert list(broken(may, must)) == []
    if compiled.table.kind == "one":
        assert (may != 0).all()
        assert silently_settled(compiled, may) == []


def test_a_table_answers_by_the_facts_below_it_and_by_no_others() -> None:
    """What makes the test above exhaustive."""
    chance = random.Random(531441)
    for _ in range(150):
        pattern = [chance.randrange(3) for _ in FACTS]
        whole = bits_of(known_in(pattern), tables())
        for compiled, bits in zip(tables(), whole, strict=True):
            below = network().rests_on(compiled.table.id)
            part = [s if f.name in below else UNKNOWN for f, s in zip(FACTS, pattern, strict=True)]
            assert bits_of(known_in(part), [compiled]) == [bits], compiled.table.id


def facts_of(known: dict[str, Possible]) -> dict[str, Fact]:
    return {
        name: Fact(name, possible, State.KNOWN if possible.is_single() else State.CONFLICTING)
        for name, possible in known.items()
    }


def decided(known: dict[str, Possible]) -> dict[str, Decision]:
    patient = consider(library(), network(), facts_of(known))
    return {decision.name: decision for decision in decisions(patient)}


def test_a_class_that_more_knowledge_would_refuse_or_change_says_what_it_hangs_on() -> None:
    """The decisions as shown: one more fact known changes only what was said to be open."""
    chance = random.Random(12)
    for _ in range(60):
        pattern = [chance.randrange(3) for _ in FACTS]
        before = decided(known_in(pattern))
        for place in [i for i, state in enumerate(pattern) if state == UNKNOWN]:
            fact = FACTS[place]
            for patient in (0, 1):
                known = {**known_in(pattern), fact.name: fact.values[patient]}
                for name, after in decided(known).items():
                    assert_said(before[name], after, fact.name)


def assert_said(before: Decision, after: Decision, fact: str) -> None:
    doubts = [o for o in before.objections if not o.certain and o.effect == "refuse"]
    if after.state == "refused" and before.state != "refused":
        assert doubts
        assert any(fact in doubt.depends_on for doubt in doubts), (before.name, fact)
    elif before.state == "settled":
        assert after.outcomes == before.outcomes, (before.name, fact)
    elif before.state == "refused":
        assert after.state == "refused", (before.name, fact)
    elif after.outcomes != before.outcomes:
        assert fact in before.open_facts, (before.name, fact)


@pytest.mark.slow
@pytest.mark.exhaustive
def test_all_531_441_patterns(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = tables()
    starts = list(itertools.product(range(3), repeat=FIRST))
    began, parts = time.monotonic(), []
    with ProcessPoolExecutor(2) as pool:
        for done, part in enumerate(pool.map(slab, starts), 1):
            parts.append(part)
            with capsys.disabled():
                seconds = time.monotonic() - began
                text = f"\r{done * len(part):,} of {3 ** len(FACTS):,} patterns, {seconds:.0f} s"
                print(text, end="\n" if done == len(starts) else "", file=sys.stderr)
    whole = np.concatenate(parts).reshape((*SHAPE, len(chosen), 3))
    for place, compiled in enumerate(chosen):
        may, must, exact = (whole[..., place, part] for part in range(3))
        assert (exact == 1).all(), compiled.table.id
        assert list(broken(may, must)) == [], compiled.table.id
        if compiled.table.kind == "one":
            assert (may != 0).all(), compiled.table.id
            assert silently_settled(compiled, may) == [], compiled.table.id
        narrow = projected(compiled, 0)
        assert (np.broadcast_to(narrow[..., 0], SHAPE) == may).all(), compiled.table.id
        assert (np.broadcast_to(narrow[..., 1], SHAPE) == must).all(), compiled.table.id
