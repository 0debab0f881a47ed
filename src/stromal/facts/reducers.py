"""From several values of one fact to the one that counts: the closed set of reducers.

Each takes the values still possible by each source and gives those still possible by all, or
None if the sources cannot all be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Numbers, Possible, intersect, union

Reducer = Callable[[Term, Sequence[Possible]], Possible | None]


def combine(term: Term, values: Sequence[Possible]) -> Possible | None:
    """The values by the term's reducer; None if they disagree."""
    return _REDUCERS[term.reducer](term, values)


def all_of(values: Sequence[Possible]) -> Possible:
    """Every value that any source allows; what stays possible in a conflict."""
    return reduce(union, values)


def agree(_: Term, values: Sequence[Possible]) -> Possible | None:
    """What all sources allow."""
    common = reduce(intersect, values)
    return None if common.is_empty() else common


def ever(term: Term, values: Sequence[Possible]) -> Possible | None:
    """Yes if any source says so; no only if all do."""
    if not isinstance(term.domain, Choices):
        return together(term, values)
    yes = Choices.of("yes")
    return yes if any(value == yes for value in values) else all_of(values)


def together(_: Term, values: Sequence[Possible]) -> Possible | None:
    """All findings that any source has; all texts."""
    members = [value for value in values if isinstance(value, Members)]
    if not members:
        return all_of(values)
    certain = frozenset().union(*(m.certain for m in members))
    return Members(certain, certain.union(*(m.possible for m in members)))


def _extreme(pick: Callable[[Iterable[float]], float]) -> Reducer:
    def extreme(term: Term, values: Sequence[Possible]) -> Possible:
        if isinstance(term.domain, Numbers):
            numbers = [value for value in values if isinstance(value, Numbers)]
            low, high = pick(n.low for n in numbers), pick(n.high for n in numbers)
            return intersect(all_of(values), Numbers.between(low, high))
        places = [
            [place for place, word in enumerate(term.values) if word in value.values]
            for value in values
            if isinstance(value, Choices)
        ]
        low, high = pick(min(p) for p in places), pick(max(p) for p in places)
        return Choices(frozenset(term.values[p] for p in set().union(*places) if low <= p <= high))

    return extreme


_REDUCERS: Mapping[str, Reducer] = {
    "agree": agree,
    "latest": agree,
    "first": agree,
    "ever": ever,
    "highest": _extreme(max),
    "lowest": _extreme(min),
    "together": together,
}
