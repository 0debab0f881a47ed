"""A decision that a guard refuses for certain decides nothing: for advice it counts as unknown.

A class that must not be read from a specimen is still computed and shown as refused, and guards
may still look at it. Rows that advise see every outcome of it as possible, so that they hang on
the class by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stromal.facts.possible import Possible
from stromal.library import Library
from stromal.tables.chain import Network
from stromal.tables.decide import Answer, decide

ADVISING = ("option", "note", "task")
"""The roles whose rows must not rest on what is refused."""


def withdrawn(library: Library, network: Network, answers: Mapping[str, Answer]) -> frozenset[str]:
    """The decisions that some guard refuses whatever the unknown turns out to be."""
    targets = frozenset(_refused(library, answers))
    return frozenset(
        name
        for name, compiled in network.by_decision.items()
        if name in targets or f"{compiled.table.role}:*" in targets
    )


def advising(
    network: Network,
    known: Mapping[str, Possible],
    answers: Mapping[str, Answer],
    refused: frozenset[str],
) -> Mapping[str, Answer]:
    """The answers, where the tables that advise do not know what is refused.

    `known` holds facts and decisions.
    """
    if not refused:
        return answers
    without = {name: possible for name, possible in known.items() if name not in refused}
    asked = (
        compiled
        for compiled in network.tables
        if compiled.table.role in ADVISING and not refused.isdisjoint(compiled.names)
    )
    return {**answers, **{c.table.id: decide(c, without) for c in asked}}


def refusing(
    library: Library, network: Network, answers: Mapping[str, Answer], name: str
) -> Iterator[tuple[str, str]]:
    """The document and row of each guard that refuses a decision for certain."""
    wanted = {name, f"{network.by_decision[name].table.role}:*"}
    for table_id, rows in library.refusals.items():
        answer = answers.get(table_id)
        for bit, targets in rows if answer is not None else ():
            if answer is not None and answer.every & bit and wanted & targets:
                yield table_id, answer.table.rows[bit.bit_length() - 1].id


def _refused(library: Library, answers: Mapping[str, Answer]) -> Iterator[str]:
    for table_id, rows in library.refusals.items():
        answer = answers.get(table_id)
        if answer is not None and answer.every:
            yield from (name for bit, targets in rows if answer.every & bit for name in targets)
