"""What the open options hang on: what opens many of them at once, and the rest in groups.

A page can then say "the setting must be known first" once, and not under forty options.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from stromal.plan.assessment import Objection
from stromal.plan.treatment import Option, Treatment

SHARE = 0.4
"""A fact or decision on which so large a part of the open options hangs is asked first."""
FEWEST = 4
"""Fewer open options need no such question: they are told one by one."""
MANY = 3
"""A guard that hangs on more facts than this is named by the decision that it waits for."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A fact, or a decision with the facts it is open for, and how many options hang on it."""

    name: str
    facts: tuple[str, ...]
    options: int


@dataclass(frozen=True, slots=True)
class Group:
    """Options that hang on the same, beside the gates; `places` are those in the treatment."""

    names: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenEnds:
    """The open options: how many there are, what opens many at once, and their groups."""

    total: int
    gates: tuple[Gate, ...]
    groups: tuple[Group, ...]


def open_ends(treatment: Treatment) -> OpenEnds:
    """Sort what the open options hang on. Every option that depends is in just one group."""
    decided = frozenset(decision.name for decision in treatment.decisions)
    waiting = [
        (n, _waiting(o, decided)) for n, o in enumerate(treatment.options) if o.state == "depends"
    ]
    counts = _gates([one for _, one in waiting])
    gates = tuple(Gate(n, _facts(treatment, n, decided), count) for n, count in counts.items())
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, one in waiting:
        left = reduce(_without, counts, one)
        names = (name for name in _names(left) if name not in counts)
        groups.setdefault(tuple(sorted(names)), []).append(place)
    return OpenEnds(
        total=len(waiting),
        gates=gates,
        groups=tuple(Group(names, tuple(places)) for names, places in groups.items()),
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What an option hangs on by itself, and what each guard that may refuse it waits for."""

    own: tuple[str, ...]
    guards: tuple[tuple[str, ...], ...]


def _waiting(option: Option, decided: frozenset[str]) -> _Waiting:
    certain = any(advice.certain for advice in option.advice)
    own = () if certain else (name for advice in option.advice for name in advice.depends_on)
    doubts = (o for o in option.objections if not o.certain and o.effect == "refuse")
    guards = dict.fromkeys(_of_guard(guard, decided) for guard in doubts)
    return _Waiting(tuple(dict.fromkeys(own)), tuple(guards))


def _gates(waiting: list[_Waiting]) -> dict[str, int]:
    """The names that open many options, one after the other, each with how many it opens."""
    least = max(FEWEST, SHARE * len(waiting))
    every = [_names(one) for one in waiting]
    found: dict[str, int] = {}
    left = waiting
    while True:
        names = (name for one in left for name in _names(one) if name not in found)
        most = Counter(names).most_common(1)
        if not most or most[0][1] < least:
            return found
        name = most[0][0]
        found[name] = sum(name in names for names in every)
        left = [_without(one, name) for one in left]


def _without(one: _Waiting, gate: str) -> _Waiting:
    """The same where the guards that wait for a gate are left until that is known."""
    return _Waiting(one.own, tuple(waits for waits in one.guards if gate not in waits))


def _names(one: _Waiting) -> dict[str, None]:
    """What an option hangs on."""
    return dict.fromkeys((*one.own, *(name for waits in one.guards for name in waits)))


def _of_guard(guard: Objection, decided: frozenset[str]) -> tuple[str, ...]:
    if len(guard.depends_on) > MANY:
        looked_at = (condition.partition(" ")[0] for condition in guard.basis.conditions)
        found = tuple(name for name in looked_at if name in decided)
        return found or guard.depends_on
    return guard.depends_on


def _facts(treatment: Treatment, name: str, decided: frozenset[str]) -> tuple[str, ...]:
    if name not in decided:
        return (name,)
    return tuple(_open_facts(treatment, name))


def _open_facts(treatment: Treatment, name: str) -> Iterator[str]:
    for decision in treatment.decisions:
        if decision.name == name:
            yield from decision.open_facts
