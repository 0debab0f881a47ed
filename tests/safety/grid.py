"""A grid of patients, decided all at once: the rows of every table as arrays over its own axes.

Each axis is a list of states of some facts; no two axes share a fact. A table is decided over the
axes that it rests on and broadcast over the rest, so that a grid of hundreds of millions of
patients is exhausted without writing any of them down.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stromal.facts.possible import Choices, Numbers, Possible
from stromal.library import Library
from stromal.plan.drugs.rules import CONTRAINDICATES, FORBIDS
from stromal.plan.present_drug import SAME_DRUG
from stromal.plan.treatment import SOME_DRUG
from stromal.tables.chain import Network, decide_table
from stromal.tables.compile import CompiledTable

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]
Facts = Mapping[str, Possible]


@dataclass(frozen=True)
class Axis:
    """States by label. `completions` gives, for a state that leaves something open, the states
    that settle a part of it."""

    name: str
    states: Mapping[str, Facts]
    completions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.states)

    @cached_property
    def facts(self) -> frozenset[str]:
        return frozenset(name for facts in self.states.values() for name in facts)


def axis_of(name: str, fact: str, values: Sequence[str], unknown: bool = True) -> Axis:
    """One choice fact, every value named and (by default) not known at all."""
    states: dict[str, Facts] = {value: {fact: Choices.of(value)} for value in values}
    if not unknown:
        return Axis(name, states)
    return Axis(name, {**states, "unknown": {}}, {"unknown": tuple(values)})


@dataclass(frozen=True)
class Grid:
    """The library over the product of the axes."""

    library: Library
    axes: tuple[Axis, ...]

    @cached_property
    def network(self) -> Network:
        return self.library.at(None)

    @property
    def size(self) -> int:
        return int(np.prod([len(axis.states) for axis in self.axes]))

    def place(self, name: str) -> int:
        return [axis.name for axis in self.axes].index(name)

    def mask(self, name: str, wanted: Callable[[str], bool]) -> Flags:
        """True where the state of one axis is wanted, broadcast over all others."""
        place = self.place(name)
        flags = np.array([wanted(label) for label in self.axes[place].labels])
        return self.along(flags, place)

    def facts(self, labels: Sequence[str]) -> dict[str, Possible]:
        """What is known of the patient in one cell."""
        return {
            name: possible
            for axis, label in zip(self.axes, labels, strict=True)
            for name, possible in axis.states[label].items()
        }

    def rows(self, compiled: CompiledTable) -> tuple[Bits, Bits]:
        """The rows that may and that must fit, as bits, over the axes of the table."""
        assert len(compiled.table.rows) <= 64, compiled.table.id
        if self.network.below(compiled.table.id):
            return self._by_deciding(compiled)
        some = every = np.full([1] * len(self.axes), compiled.all_rows, np.uint64)
        for column in compiled.columns:
            fit, must = self._column(column.term.name, column.rows, column.whole)
            some, every = some & fit, every & must
        return some, every

    def _column(
        self,
        name: str,
        rows: Callable[[Possible], tuple[int, int]],
        whole: tuple[int, int],
    ) -> tuple[Bits, Bits]:
        place = next((i for i, axis in enumerate(self.axes) if name in axis.facts), 0)
        pairs = [
            rows(facts[name]) if name in facts else whole
            for facts in self.axes[place].states.values()
        ]
        low = (1 << 64) - 1
        fit, must = (np.array([p[i] & low for p in pairs], np.uint64) for i in (0, 1))
        return self.along(fit, place), self.along(must, place)

    def along(self, values: npt.NDArray, place: int) -> npt.NDArray:  # type: ignore[type-arg]
        shape = [1] * len(self.axes)
        shape[place] = len(values)
        return values.reshape(shape)

    def _by_deciding(self, compiled: CompiledTable) -> tuple[Bits, Bits]:
        """A table that rests on others, one cell after the other."""
        names = set(self.network.rests_on(compiled.table.id))
        used = [axis if axis.facts & names else None for axis in self.axes]
        shape = [len(axis.states) if axis else 1 for axis in used]
        found = []
        for states in itertools.product(*(axis.states.values() if axis else [{}] for axis in used)):
            known = {name: possible for facts in states for name, possible in facts.items()}
            answer = decide_table(self.network, compiled.table.id, known)
            assert answer.exact
            found.append([sum(1 << n for n in rows) for rows in (answer.possible, answer.certain)])
        both = np.array(found, np.uint64)
        return both[:, 0].reshape(shape), both[:, 1].reshape(shape)


@dataclass(frozen=True)
class Outcome:
    """Where the rows of one option fit, and where guards forbid it or may forbid it.

    The four are kept apart and small, each over its own axes; their product is seldom needed.
    """

    name: str
    drug: str
    setting: str
    certain: Flags
    possible: Flags
    refused: Flags
    doubt: Flags

    @property
    def offered(self) -> Flags:
        return self.certain & ~self.refused & ~self.doubt

    @property
    def open_or_offered(self) -> Flags:
        return self.possible & ~self.refused

    def only(self, chosen: Mapping[int, Sequence[int]]) -> Outcome:
        """The same over some states of some axes."""
        parts = (self.certain, self.possible, self.refused, self.doubt)
        return Outcome(self.name, self.drug, self.setting, *(only(f, chosen) for f in parts))

    def state(self, cell: Sequence[int]) -> str:
        """What the plan says in one cell."""
        one = self.only({place: [number] for place, number in enumerate(cell)})
        if not one.possible.any():
            return "absent"
        if one.refused.any():
            return "refused"
        return "offered" if one.offered.any() else "depends"


def only(flags: Flags, chosen: Mapping[int, Sequence[int]]) -> Flags:
    """Some states of some axes, where the flags tell them apart at all."""
    for place, numbers in chosen.items():
        if flags.shape[place] > 1:
            flags = flags.take(numbers, place)
    return flags


@dataclass(frozen=True)
class GuardRow:
    """A guard: what it speaks of, whether it refuses, where it may and where it must hold."""

    id: str
    targets: tuple[str, ...]
    refuses: bool
    some: Flags
    every: Flags


def row_flags(bits: Bits, number: int) -> Flags:
    return (bits >> np.uint64(number) & np.uint64(1)).astype(bool)


def guard_rows(grid: Grid) -> Iterator[GuardRow]:
    """Every row of every guard, and of the labels' organ functions that strike a drug out."""
    for compiled in grid.network.tables:
        table = compiled.table
        if table.role == "guard":
            some, every = grid.rows(compiled)
            for number, row in enumerate(table.rows):
                targets = tuple(t.strip() for t in row.outputs["target"].split(";"))
                refuses = row.outputs["effect"] == "refuse"
                flags = row_flags(some, number), row_flags(every, number)
                yield GuardRow(f"{table.id}#{row.id}", targets, refuses, *flags)
        elif table.id.endswith(("/organ-function", "/warnings-and-contraindications")):
            some, every = grid.rows(compiled)
            for number, row in enumerate(table.rows):
                refuses = (
                    row.outputs.get("action") in FORBIDS
                    or row.outputs.get("topic") in CONTRAINDICATES
                ) and any(t != "-" for t in row.texts)
                if refuses and "hypersensitivity" not in [t.name for t in table.inputs]:
                    drug = table.id.split("/")[1]
                    must = row_flags(every, number)
                    yield GuardRow(f"{table.id}#{row.id}", (f"drug:{drug}",), True, must, must)


def spoken_of(guard: GuardRow, option: str, drug: str, setting: str) -> bool:
    names = {f"option:{option}", f"setting:{setting}", "option:*"}
    for part in () if drug == "-" else (drug, *drug.split(" with ")):
        names |= {f"drug:{part}", f"drug:{part}@{setting}", "drug:*", f"drug:*@{setting}"}
    return bool(names & set(guard.targets))


def outcomes(grid: Grid) -> Iterator[Outcome]:
    """Every option of every document over the grid, as the plan would show it."""
    guards = list(guard_rows(grid))
    certain: dict[tuple[str, str, str], Flags] = {}
    possible: dict[tuple[str, str, str], Flags] = {}
    for compiled in grid.network.tables:
        if compiled.table.role != "option":
            continue
        some, every = grid.rows(compiled)
        for number, row in enumerate(compiled.table.rows):
            key = (row.outputs["option"], row.outputs["drug"], row.outputs["setting"])
            certain[key] = certain.get(key, np.False_) | row_flags(every, number)
            possible[key] = possible.get(key, np.False_) | row_flags(some, number)
    for key, must in certain.items():
        yield Outcome(*key, must, possible[key], *_refused(grid, guards, *key))


def _refused(
    grid: Grid, guards: list[GuardRow], option: str, drug: str, setting: str
) -> tuple[Flags, Flags]:
    refused = doubt = np.zeros([1] * len(grid.axes), bool)
    for guard in guards:
        if not guard.refuses:
            continue
        some, every = guard.some, guard.every
        if drug == "-" and option in SAME_DRUG:
            hit, all_hit = _hits(grid, guard, option, setting)
            some, every = some & hit, every & all_hit
        elif not spoken_of(guard, option, "to choose" if _chosen(option, drug) else drug, setting):
            continue
        refused = refused | every
        doubt = doubt | some
    return refused, doubt & ~refused


def _chosen(option: str, drug: str) -> bool:
    return drug == "-" and option in SOME_DRUG


def _hits(grid: Grid, guard: GuardRow, option: str, setting: str) -> tuple[Flags, Flags]:
    """Where the guard speaks of some, and of every, drug that may be the present one."""
    place = grid.place("last drug")
    whole = grid.library.terms["last_drug"].values
    some, every = [], []
    for facts in grid.axes[place].states.values():
        known = facts.get("last_drug")
        words = known.values if isinstance(known, Choices) else frozenset(whole)
        drugs = sorted(words - {"none"}) or ["not known"]
        hits = [spoken_of(guard, option, drug, setting) for drug in drugs]
        some.append(any(hits))
        every.append(all(hits))
    return grid.along(np.array(some), place), grid.along(np.array(every), place)


def exactly(value: float) -> Numbers:
    return Numbers.between(value, value)
