"""Tables that feed one another, decided without losing precision.

A decision that stays open goes on as the set of its possible outcomes. Where two inputs of a
decision hang on the same unknown, that unknown is tried value by value, so that the answer is
the union over all completions; beyond MOST_COMPLETIONS the answer may hold too many rows and
says so (`Answer.exact`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from stromal.facts.possible import Choices, Possible
from stromal.tables.cell import Cell
from stromal.tables.compile import Bits, CompiledTable, elementary
from stromal.tables.decide import Answer, Known, choices_of, decide_bits
from stromal.tables.document import Table

MOST_COMPLETIONS = 4096
MOST_KEPT = 20_000
Found = TypeVar("Found")
_Key = tuple[tuple[str, ...], str, Possible | None]


@dataclass(frozen=True)
class Network:
    """Compiled tables, each after all that it needs. `by_decision` names the deciding table."""

    tables: tuple[CompiledTable, ...]

    @cached_property
    def by_decision(self) -> Mapping[str, CompiledTable]:
        """The table that decides each name."""
        return {c.table.decides: c for c in self.tables if c.table.decides}

    @cached_property
    def by_id(self) -> Mapping[str, CompiledTable]:
        """The tables by document id."""
        return {c.table.id: c for c in self.tables}

    @cached_property
    def _uses(self) -> Mapping[str, tuple[str, ...]]:
        """For each table id, the decisions and facts that more than one of its paths needs."""
        return {c.table.id: self._shared_inputs(c) for c in self.tables}

    @cached_property
    def _rests_on(self) -> Mapping[str, tuple[str, ...]]:
        return {c.table.id: self._facts_below(c) for c in self.tables}

    @cached_property
    def _closures(self) -> Mapping[str, tuple[CompiledTable, ...]]:
        """For each table id, the tables it rests on, in order."""
        return {c.table.id: tuple(self._below(c)) for c in self.tables}

    def rests_on(self, table_id: str) -> tuple[str, ...]:
        """The facts, decisions left out, that a table rests on, directly or through others."""
        return self._rests_on[table_id]

    def facts_behind(self, name: str) -> tuple[str, ...]:
        """The facts on which a decision rests; a fact stands for itself."""
        deciding = self.by_decision.get(name)
        return self._rests_on[deciding.table.id] if deciding else (name,)

    @cached_property
    def _resting_on(self) -> Mapping[str, tuple[CompiledTable, ...]]:
        found: dict[str, list[CompiledTable]] = {}
        for compiled in self.tables:
            for name in self._rests_on[compiled.table.id]:
                found.setdefault(name, []).append(compiled)
        return {name: tuple(tables) for name, tables in found.items()}

    @cached_property
    def _known_elements(self) -> dict[_Key, tuple[Possible, ...]]:
        """What `elements` found so far, kept because every patient asks again."""
        return {}

    def once(self, ask: Callable[[Network], Found]) -> Found:
        """What `ask` finds in the tables, worked out once for all patients."""
        if ask not in self._found:
            self._found[ask] = ask(self)
        return cast(Found, self._found[ask])

    @cached_property
    def _found(self) -> dict[object, object]:
        """What `once` found so far."""
        return {}

    def resting_on(self, name: str) -> tuple[CompiledTable, ...]:
        """The tables that rest on a fact, each after all that it needs."""
        return self._resting_on.get(name, ())

    def elements(
        self, table_ids: Iterable[str], name: str, possible: Possible | None = None
    ) -> tuple[Possible, ...]:
        """What is possible of a fact, cut at the borders of the tables and all they rest on."""
        if possible is not None and possible.is_single():
            return (possible,)
        key = (tuple(table_ids), name, possible)
        if key not in self._known_elements:
            if len(self._known_elements) >= MOST_KEPT:
                self._known_elements.clear()
            self._known_elements[key] = self._elements(key[0], name, possible)
        return self._known_elements[key]

    def _elements(
        self, table_ids: Iterable[str], name: str, possible: Possible | None
    ) -> tuple[Possible, ...]:
        tables = {c.table.id: c for t in table_ids for c in (*self._closures[t], self.by_id[t])}
        return _elements(tables.values(), name, possible)

    def shared(self, table_id: str) -> tuple[str, ...]:
        """The facts and decisions that reach the table by more than one path."""
        return self._uses[table_id]

    def below(self, table_id: str) -> tuple[CompiledTable, ...]:
        """The tables that a table rests on, each after all that it needs."""
        return self._closures[table_id]

    def _below(self, compiled: CompiledTable) -> Iterator[CompiledTable]:
        needed = {c.term.name for c in compiled.columns}
        wanted: set[str] = set()
        for earlier in reversed(self.tables):
            if earlier.table.decides in needed and earlier is not compiled:
                wanted.add(earlier.table.id)
                needed |= {c.term.name for c in earlier.columns}
        return (c for c in self.tables if c.table.id in wanted)

    def _facts_below(self, compiled: CompiledTable) -> tuple[str, ...]:
        tables = (*self._closures[compiled.table.id], compiled)
        names = dict.fromkeys(column.term.name for c in tables for column in c.columns)
        return tuple(name for name in names if name not in self.by_decision)

    def _shared_inputs(self, compiled: CompiledTable) -> tuple[str, ...]:
        users: dict[str, int] = {}
        for table in (*self._closures[compiled.table.id], compiled):
            for column in table.columns:
                users[column.term.name] = users.get(column.term.name, 0) + 1
        return tuple(name for name, count in users.items() if count > 1)


def arrange(tables: Iterable[CompiledTable]) -> Network:
    """Put tables in an order in which each comes after all that it needs.

    Raises ValueError naming the tables if they need one another in a circle.
    """
    left = list(tables)
    done: list[CompiledTable] = []
    while left:
        waiting = {c.table.decides for c in left if c.table.decides}
        ready = [c for c in left if waiting.isdisjoint(c.names)]
        if not ready:
            names = ", ".join(c.table.id for c in left)
            raise ValueError(f"these tables need one another in a circle: {names}")
        done += ready
        left = [c for c in left if not waiting.isdisjoint(c.names)]
    return Network(tuple(done))


def decide_all(network: Network, known: Known) -> dict[str, Answer]:
    """Every table's answer for one patient, by document id."""
    answers: dict[str, Answer] = {}
    facts = dict(known)
    for compiled in network.tables:
        answer = _decide_one(network, compiled, known, facts)
        answers[compiled.table.id] = answer
        if compiled.table.decides:
            facts[compiled.table.decides] = _decided(answer)
    return answers


def decide_again(
    network: Network, known: Known, answers: Mapping[str, Answer], changed: str
) -> dict[str, Answer]:
    """As `decide_all` where only `changed` differs from the patient of `answers`.

    What does not rest on it is taken over.
    """
    return {**answers, **changed_answers(network, known, answers, changed)}


def changed_answers(
    network: Network,
    known: Known,
    answers: Mapping[str, Answer],
    changed: str,
    only: Container[str] | None = None,
) -> dict[str, Answer]:
    """The answers that differ from `answers` once `changed` is as in `known`.

    `only` names the tables that matter, with all that they rest on; None stands for every table.
    """
    fresh: dict[str, Answer] = {}
    facts = dict(known)
    moved = {changed}
    for compiled in network.resting_on(changed):
        table = compiled.table
        if only is not None and table.id not in only:
            continue
        inputs = compiled.names
        # Where paths meet, an answer may change though each of its inputs stays as it was.
        if moved.isdisjoint(inputs) and not network.shared(table.id):
            continue
        for name in inputs:
            if name not in facts and name in network.by_decision:
                facts[name] = _decided(answers[network.by_decision[name].table.id])
        answer = _decide_one(network, compiled, known, facts)
        if answer != answers[table.id]:
            fresh[table.id] = answer
            if table.decides:
                facts[table.decides] = _decided(answer)
                moved.add(table.decides)
    return fresh


def decide_table(network: Network, table_id: str, known: Known) -> Answer:
    """The answer of one table, deciding what it rests on first."""
    facts = dict(known)
    for compiled in network.below(table_id):
        facts[compiled.table.decides] = _decided(_decide_one(network, compiled, known, facts))
    return _decide_one(network, network.by_id[table_id], known, facts)


def _decide_one(network: Network, compiled: CompiledTable, known: Known, facts: Known) -> Answer:
    some, every = decide_bits(compiled, facts)
    if not _may_be_too_wide(network, compiled, (some, every), known, facts):
        return Answer(compiled.table, some, every)
    completed = _by_completion(network, compiled, known, (some, every))
    if completed is None:
        return Answer(compiled.table, some, every, exact=False)
    return Answer(compiled.table, completed[0], completed[1])


def _may_be_too_wide(
    network: Network, compiled: CompiledTable, rows: tuple[Bits, Bits], known: Known, facts: Known
) -> bool:
    """True if two inputs that leave rows open hang on the same unknown.

    Where no two do, each input takes each of its values beside every value of the others.
    """
    some, every = rows
    if some == every or not network.shared(compiled.table.id):
        return False
    seen: set[str] = set()
    for name, column in zip(compiled.names, compiled.columns, strict=True):
        possible = facts.get(name)
        _, must = column.whole if possible is None else column.rows(possible)
        if some & ~must:
            behind = {f for f in network.facts_behind(name) if _is_open(known.get(f))}
            if not seen.isdisjoint(behind):
                return True
            seen |= behind
    return False


def _is_open(possible: Possible | None) -> bool:
    return possible is None or not possible.is_single()


def _by_completion(
    network: Network, compiled: CompiledTable, known: Known, wide: tuple[Bits, Bits]
) -> tuple[Bits, Bits] | None:
    """The rows possible and certain over every completion of the shared unknowns.

    The answer lies between nothing and `wide`, so the search ends once it has grown to that.
    None if there are too many completions to tell.
    """
    some, every = 0, -1
    choices = _choices(network, compiled, known)
    if choices is None or math.prod(len(e) for _, e in choices) > MOST_COMPLETIONS:
        return None
    steps = _Steps(network, (*network.below(compiled.table.id), compiled))
    shared = frozenset(network.shared(compiled.table.id))
    for number, facts in enumerate(_completions(steps, shared, choices, known)):
        if number >= MOST_COMPLETIONS:
            return None
        fit, must = decide_bits(compiled, facts)
        some |= fit
        every &= must
        if (some, every) == wide:
            break
    return some, every


@dataclass(frozen=True, slots=True)
class _Steps:
    network: Network
    tables: tuple[CompiledTable, ...]


_Choices = list[tuple[str, tuple[Possible, ...]]]


def _choices(network: Network, compiled: CompiledTable, known: Known) -> _Choices | None:
    """The shared facts that are open, in pieces; None if one has too many pieces."""
    choices: _Choices = []
    for name in sorted(network.shared(compiled.table.id)):
        if name in network.by_decision or not _is_open(known.get(name)):
            continue
        elements = network.elements((compiled.table.id,), name, known.get(name))
        if not elements:
            return None
        if len(elements) > 1:
            choices.append((name, elements))
    return choices


def _completions(
    steps: _Steps, shared: frozenset[str], choices: _Choices, known: Known
) -> Iterator[Known]:
    """Facts with every shared name, first the facts and then the decisions, given one value."""
    for facts in _assign(choices, dict(known)):
        yield from _decide_down(steps, shared, facts, 0)


def _assign(choices: _Choices, facts: dict[str, Possible]) -> Iterator[dict[str, Possible]]:
    if not choices:
        yield dict(facts)
        return
    (name, elements), *rest = choices
    for element in elements:
        yield from _assign(rest, {**facts, name: element})


def _decide_down(
    steps: _Steps, shared: frozenset[str], facts: dict[str, Possible], start: int
) -> Iterator[Known]:
    for number in range(start, len(steps.tables) - 1):
        compiled = steps.tables[number]
        some, _ = decide_bits(compiled, facts)
        outcomes = _outcomes(compiled.table, some)
        facts = {**facts, compiled.table.decides: outcomes}
        if compiled.table.decides in shared and len(outcomes.values) > 1:
            for outcome in sorted(outcomes.values):
                fixed = {**facts, compiled.table.decides: Choices.of(outcome)}
                yield from _decide_down(steps, shared, fixed, number + 1)
            return
    yield facts


def _decided(answer: Answer) -> Choices:
    return _outcomes(answer.table, answer.some)


def _outcomes(table: Table, bits: Bits) -> Choices:
    return choices_of(table, bits)


def _elements(
    tables: Iterable[CompiledTable], name: str, possible: Possible | None = None
) -> tuple[Possible, ...]:
    columns = [column for c in tables for column in c.columns if column.term.name == name]
    cells: list[Cell] = [cell for column in columns for cell in column.cells]
    return elementary(columns[0].term, cells, possible) if columns else ()
