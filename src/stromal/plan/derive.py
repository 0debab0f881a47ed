"""Facts computed from what was written: the mitotic rate from the count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, Numbers, Possible, intersect, union
from stromal.facts.problem import Problem
from stromal.facts.timeline import Conflict, Folded
from stromal.nature.mitoses import Basis, MitoticCount, read_count


@dataclass(frozen=True, slots=True)
class Derived:
    """The facts with the computed ones, the counts as read, and what was noticed on the way."""

    facts: dict[str, Fact]
    counts: tuple[MitoticCount, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]


def derive(folded: Folded, terms: Mapping[str, Term]) -> Derived:
    """Add the computed facts; a fact given and computed differently is a conflict."""
    facts = dict(folded.facts)
    counts, problems = _counts(facts)
    conflicts = list(folded.conflicts)
    if counts and "mitotic_rate" in terms:
        rates: list[Possible] = [count.rate for count in counts]
        conflicts += _add(
            facts, terms["mitotic_rate"], reduce(union, rates), facts["mitotic_count"]
        )
    areas = [count.area for count in counts if count.basis is not Basis.FIELDS]
    if areas and "counted_area" in terms:
        area = reduce(Numbers.union, areas)
        conflicts += _add(facts, terms["counted_area"], area, facts["mitotic_count"])
    remarks = tuple(note for count in counts for note in count.notes)
    problems = [*folded.problems, *problems]
    return Derived(facts, tuple(counts), tuple(conflicts), tuple(problems), remarks)


def _counts(facts: Mapping[str, Fact]) -> tuple[list[MitoticCount], list[Problem]]:
    fact = facts.get("mitotic_count")
    if fact is None or fact.state is State.UNKNOWN or not isinstance(fact.possible, Choices):
        return [], []
    read = [read_count(text) for text in sorted(fact.possible.values)]
    counts = [count for count in read if isinstance(count, MitoticCount)]
    return counts, [problem for problem in read if isinstance(problem, Problem)]


def _add(
    facts: dict[str, Fact], term: Term, computed: Possible, source: Fact
) -> Iterator[Conflict]:
    inside = intersect(computed, term.domain)
    given = facts.get(term.name)
    if given is not None and given.state is not State.UNKNOWN:
        common = intersect(given.possible, inside)
        if common.is_empty():
            both = union(given.possible, inside)
            origins = (*given.origins, *source.origins)
            what = f"{given.possible} given, but {inside} computed from {source.name}"
            yield Conflict(term.name, what, "both stay possible", origins)
            facts[term.name] = Fact(term.name, both, State.CONFLICTING, None, origins)
            return
        inside = common
    state = State.KNOWN if inside.is_single() else State.RANGE
    facts[term.name] = Fact(term.name, inside, state, None, source.origins)
