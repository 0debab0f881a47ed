"""Facts of imaginary patients: borders, unknowns, ranges and conflicts more often than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers, Possible
from stromal.tables.document import Table


def borders(table: Table, term: Term) -> list[float]:
    """Every number at which a cell of the table changes, with the ends of the dictionary."""
    place = table.inputs.index(term)
    sets = [cell for row in table.rows if isinstance(cell := row.cells[place], Numbers)]
    assert isinstance(term.domain, Numbers)
    sets.append(term.domain)
    ends = {end for s in sets for i in s.intervals for end in (i.low, i.high)}
    return sorted(end for end in ends if not math.isinf(end))


def possible_values(table: Table, term: Term) -> st.SearchStrategy[Possible]:
    """Any set of values that the dictionary allows for the term."""
    if isinstance(term.domain, Numbers):
        return _numbers(borders(table, term), term.domain)
    if isinstance(term.domain, Choices):
        return st.lists(st.sampled_from(term.values), min_size=1, unique=True).map(
            lambda words: Choices(frozenset(words))
        )
    return _findings(term.values)


def patients(table: Table) -> st.SearchStrategy[dict[str, Possible]]:
    """Facts for the table's inputs; any of them may be missing."""
    return st.fixed_dictionaries(
        {}, optional={term.name: possible_values(table, term) for term in table.inputs}
    )


def _numbers(ends: Sequence[float], domain: Numbers) -> st.SearchStrategy[Possible]:
    near = [e + d for e in ends for d in (-0.5, 0.0, 0.5)]
    number = st.sampled_from(near)
    interval = st.tuples(number, number, st.booleans(), st.booleans()).map(
        lambda t: Interval(min(t[0], t[1]), max(t[0], t[1]), t[2], t[3])
    )
    exact = number.map(Numbers.exactly)
    several = st.lists(interval, min_size=1, max_size=2).map(Numbers.of)
    return (
        st.one_of(exact, several)
        .map(lambda numbers: numbers.intersect(domain))
        .filter(lambda numbers: not numbers.is_empty())
    )


def _findings(values: Sequence[str]) -> st.SearchStrategy[Possible]:
    size = len(values)
    states_of = st.lists(st.sampled_from(["yes", "no", "open"]), min_size=size, max_size=size)
    return states_of.map(
        lambda states: Members(
            frozenset(v for v, s in zip(values, states, strict=True) if s == "yes"),
            frozenset(v for v, s in zip(values, states, strict=True) if s != "no"),
        )
    )
