"""Facts computed from what was written: the rate from the count, the genotype from the report."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, Members, Numbers, Possible, intersect, union
from stromal.facts.problem import Problem
from stromal.facts.timeline import Conflict, Folded
from stromal.facts.values import read_day
from stromal.library import Library
from stromal.nature.mitoses import Basis, MitoticCount, read_count
from stromal.plan.drugs.medicine_names import MEDICATION, wrong_ends
from stromal.plan.known.molecular import MolecularFacts, molecular_facts, narrow_by_status
from stromal.plan.known.state import state_facts
from stromal.plan.response.facts import (
    ASSUMED,
    ResponseFacts,
    nothing_compared,
    scans_are_typed,
    with_typed,
)
from stromal.tables.consequence import Consequence, Consequences, what_follows


@dataclass(frozen=True, slots=True)
class Derived:
    """The facts with the computed ones, the counts as read, and what was noticed on the way."""

    facts: dict[str, Fact]
    counts: tuple[MitoticCount, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]


def derive(folded: Folded, library: Library) -> Derived:
    """Add the computed facts; a fact given and computed differently is a conflict."""
    terms = library.terms
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
    molecular = _molecular(facts, terms)
    for name, possible in molecular.facts.items():
        conflicts += _add(facts, terms[name], possible, facts["molecular_findings"])
    conflicts += _narrow(facts, terms)
    conflicts += _meckel(facts, terms)
    conflicts += _test_done(facts, terms)
    _stained(facts, terms)
    response = _response(folded, terms)
    conflicts += _measured(facts, response, terms)
    conflicts += _what_follows(facts, library.consequences, terms)
    state = state_facts(facts, folded.events, folded.day, terms)
    facts |= state.facts
    conflicts += state.conflicts
    ends = wrong_ends(terms.get(MEDICATION), folded.events)
    return Derived(
        facts,
        tuple(counts),
        tuple(conflicts),
        (*folded.problems, *problems, *molecular.problems, *response.problems, *ends),
        (
            *folded.remarks,
            *(note for count in counts for note in count.notes),
            *molecular.remarks,
            *response.notes,
            *state.notes,
        ),
    )


def _counts(facts: Mapping[str, Fact]) -> tuple[list[MitoticCount], list[Problem]]:
    fact = facts.get("mitotic_count")
    if fact is None or fact.state is State.UNKNOWN or not isinstance(fact.possible, Choices):
        return [], []
    read = [read_count(text) for text in sorted(fact.possible.values)]
    counts = [count for count in read if isinstance(count, MitoticCount)]
    return counts, [problem for problem in read if isinstance(problem, Problem)]


def _molecular(facts: Mapping[str, Fact], terms: Mapping[str, Term]) -> MolecularFacts:
    fact = facts.get("molecular_findings")
    if fact is None or fact.state is State.UNKNOWN or not isinstance(fact.possible, Choices):
        return MolecularFacts({}, (), ())
    treated = facts.get("treated_before_specimen")
    untreated = True if treated and treated.possible == Choices.of("no") else None
    return molecular_facts(sorted(fact.possible.values), terms, before_any_drug=untreated)


def _narrow(facts: dict[str, Fact], terms: Mapping[str, Term]) -> Iterator[Conflict]:
    known = {name: fact.possible for name, fact in facts.items() if fact.state is not State.UNKNOWN}
    if "kit_or_pdgfra_mutation" in known and "genotype" in terms:
        known.setdefault("genotype", terms["genotype"].domain)
    for name, possible in narrow_by_status(known).items():
        source = "genotype" if name == "kit_or_pdgfra_mutation" else "kit_or_pdgfra_mutation"
        if name in terms and not possible.is_empty() and possible != terms[name].domain:
            yield from _add(facts, terms[name], possible, facts[source])


def _test_done(facts: dict[str, Fact], terms: Mapping[str, Term]) -> Iterator[Conflict]:
    """A genotype that was stated was tested.

    What was said of the test before the result came has passed; said later, it contradicts.
    """
    genotype, term = facts.get("genotype"), terms.get("genotype_test")
    if genotype is None or genotype.state is State.UNKNOWN or term is None:
        return
    given = facts.get(term.name)
    if given is not None:
        if genotype.state is not State.KNOWN:
            return
        if given.state is State.UNKNOWN or _passed(given, genotype):
            del facts[term.name]
    if genotype.possible != terms["genotype"].domain:
        yield from _add(facts, term, Choices.of("done"), genotype)


def _passed(given: Fact, since: Fact) -> bool:
    """True if all that was said of a fact is surely older than what another rests on."""
    last = max((span[1] for span in _spans(given)), default=datetime.date.min)
    first = min((span[0] for span in _spans(since)), default=datetime.date.min)
    return last < first


def _spans(fact: Fact) -> Iterator[tuple[datetime.date, datetime.date]]:
    undated = (datetime.date.min, datetime.date.min)
    return ((read_day(one.day) if one.day else None) or undated for one in fact.origins)


def _stained(facts: dict[str, Fact], terms: Mapping[str, Term]) -> None:
    """An SDHB stain that was read is one of the tests that were made."""
    stain, term, given = facts.get("sdhb"), terms.get("genes_covered"), facts.get("genes_covered")
    if stain is None or stain.state is State.UNKNOWN or term is None:
        return
    before = given.possible if given else term.domain
    assert isinstance(before, Members)
    made = frozenset(("SDHB stain",))
    covered = Members(before.certain | made, before.possible | made)
    facts[term.name] = Fact(term.name, covered, State.RANGE, None, stain.origins)


def _response(folded: Folded, terms: Mapping[str, Term]) -> ResponseFacts:
    """What the scans say; the criteria are not even imported where no scan was typed."""
    found = nothing_compared(terms)
    if found.facts and scans_are_typed(folded):
        from stromal.plan.response.last_scan import last_scan

        found = last_scan(folded, terms, found)
    return with_typed(found, folded)


def _measured(
    facts: dict[str, Fact], response: ResponseFacts, terms: Mapping[str, Term]
) -> Iterator[Conflict]:
    """What the scans show, in the place of what was typed before them."""
    for name in response.overtaken:
        del facts[name]
    for name, fact in response.facts.items():
        source = replace(fact, name="the scans of the record")
        yield from _add(facts, terms[name], fact.possible, source)


def _what_follows(
    facts: dict[str, Fact], tables: Sequence[Consequences], terms: Mapping[str, Term]
) -> Iterator[Conflict]:
    """What the tables of consequences make of the facts, and again of what they made.

    Rows on one fact speak together: against a value that was given they are one contradiction.
    """
    done: set[tuple[str, str]] = set()
    while True:
        known = {name: fact.possible for name, fact in facts.items()}
        new = [one for one in what_follows(tables, known) if (one.document, one.row.id) not in done]
        if not new:
            return
        done |= {(one.document, one.row.id) for one in new}
        for name in dict.fromkeys(one.name for one in new if not _tried(facts.get(one.name))):
            rows = [one for one in new if one.name == name]
            together = reduce(intersect, (one.means for one in rows))
            for group in [[one] for one in rows] if together.is_empty() else [rows]:
                source = _tested(facts, group)
                yield from _add(facts, terms[name], source.possible, source)


def _tried(fact: Fact | None) -> bool:
    """Whether a value is only tried: nothing argues with it."""
    return fact is not None and any(origin.kind == ASSUMED for origin in fact.origins)


def _tested(facts: Mapping[str, Fact], rows: Sequence[Consequence]) -> Fact:
    """What rows rest on, as one fact with the origins of all and what they leave together."""
    tested = tuple(dict.fromkeys(name for one in rows for name in one.tested))
    origins = (origin for name in tested for origin in facts[name].origins)
    named = ", ".join(f"{one.document} {one.row.id}" for one in rows)
    left = reduce(intersect, (one.means for one in rows))
    words = f"{' and '.join(tested)} ({named})"
    return Fact(words, left, State.RANGE, None, tuple(dict.fromkeys(origins)))


def _meckel(facts: dict[str, Fact], terms: Mapping[str, Term]) -> Iterator[Conflict]:
    """A site written as Meckel diverticulum is the ileum, and says more than that."""
    site = facts.get("tumour_site")
    if site is None or "meckel_diverticulum" not in terms:
        return
    if any("meckel" in origin.given.casefold() for origin in site.origins):
        yield from _add(facts, terms["meckel_diverticulum"], Choices.of("yes"), site)


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
        if common == given.possible:
            return
        inside = common
    state = State.KNOWN if inside.is_single() else State.RANGE
    facts[term.name] = Fact(term.name, inside, state, None, source.origins)
