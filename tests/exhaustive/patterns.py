"""Twelve key facts of an assessment, each known, in conflict or unknown: 3 to the 12th patterns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.library import Library, load
from stromal.tables.chain import Network, decide_all
from stromal.tables.compile import CompiledTable

KNOWN, CONFLICTING, UNKNOWN = range(3)
STATES = ("known", "conflicting", "unknown")
Bits = npt.NDArray[np.uint64]


def number(*values: float) -> Numbers:
    found = Numbers.between(values[0], values[0])
    for value in values[1:]:
        found = found.union(Numbers.between(value, value))
    return found


def perhaps(*findings: str) -> Members:
    return Members(frozenset(), frozenset(findings))


@dataclass(frozen=True)
class KeyFact:
    """A fact with two values; a conflict between two sources leaves both possible."""

    name: str
    values: tuple[Possible, Possible]
    conflicting: Possible

    def possible(self, state: int, patient: int = 0) -> Possible | None:
        """What is known; None if nothing is."""
        return (self.values[patient], self.conflicting, None)[state]


def choice(name: str, *values: str) -> KeyFact:
    one, other = (Choices.of(value) for value in values)
    return KeyFact(name, (one, other), one.union(other))


FACTS = (
    choice("tumour_site", "stomach", "jejunum"),
    KeyFact("tumour_size", (number(4), number(11)), number(4, 11)),
    KeyFact("mitotic_rate", (number(5), number(12)), number(5, 12)),
    KeyFact(
        "rupture_findings",
        (Members.exactly(()), Members.exactly(("tumour fracture",))),
        perhaps("tumour fracture"),
    ),
    choice("sdhb", "retained", "lost"),
    choice("disease_extent", "localised", "metastatic"),
    choice("treated_before_specimen", "no", "yes"),
    choice("specimen", "resection", "core needle biopsy"),
    choice("neurofibromatosis_type_1", "no", "yes"),
    KeyFact("age", (number(60), number(15)), number(15, 60)),
    choice("regional_nodes", "not involved", "involved"),
    choice("distant_metastasis", "no", "yes"),
)
SHAPE = (3,) * len(FACTS)


@cache
def library() -> Library:
    return load(rooms=("nature",))


@cache
def network() -> Network:
    return library().at(None)


def tables() -> list[CompiledTable]:
    """The tables whose answers depend on one of the key facts."""
    names = {fact.name for fact in FACTS}
    return [c for c in network().tables if names & set(network().rests_on(c.table.id))]


def known_in(pattern: Sequence[int], patient: int = 0) -> dict[str, Possible]:
    """The facts of one pattern."""
    found = zip(FACTS, pattern, strict=True)
    return {
        fact.name: possible
        for fact, state in found
        if (possible := fact.possible(state, patient)) is not None
    }


def bits_of(known: Mapping[str, Possible], chosen: Sequence[CompiledTable]) -> list[list[int]]:
    """For each table the rows that may and that must fit, and whether that is exact."""
    answers = decide_all(network(), known)
    found = [answers[c.table.id] for c in chosen]
    return [[_bits(a.possible), _bits(a.certain), int(a.exact)] for a in found]


def _bits(rows: Sequence[int]) -> int:
    return sum(1 << row for row in rows)


def slab(first: tuple[int, ...]) -> Bits:
    """Every pattern that begins so, decided: patterns x tables x (may, must, exact)."""
    chosen = tables()
    rest = itertools.product(range(3), repeat=len(FACTS) - len(first))
    return np.array([bits_of(known_in((*first, *others)), chosen) for others in rest], np.uint64)


def projected(compiled: CompiledTable, patient: int) -> Bits:
    """One table over the patterns of the facts that it rests on; the others stay unknown."""
    used = [f.name in network().rests_on(compiled.table.id) for f in FACTS]
    patterns = itertools.product(*(range(3) if use else (UNKNOWN,) for use in used))
    found = [bits_of(known_in(pattern, patient), [compiled])[0] for pattern in patterns]
    return np.array(found, np.uint64).reshape([3 if use else 1 for use in used] + [3])


def broken(may: Bits, must: Bits) -> Iterator[str]:
    """Where less knowledge does not leave at least as much open; the axes are the facts."""
    for place, fact in enumerate(FACTS):
        if may.shape[place] == 1:
            continue
        for less, more in ((UNKNOWN, CONFLICTING), (CONFLICTING, KNOWN)):
            wide, narrow = may.take(less, place), may.take(more, place)
            sure, surer = must.take(less, place), must.take(more, place)
            if (narrow & ~wide).any():
                yield f"{fact.name}: a row may fit when {STATES[more]}, not when {STATES[less]}"
            if (sure & ~surer).any():
                yield f"{fact.name}: a row is certain when {STATES[less]}, not when {STATES[more]}"
