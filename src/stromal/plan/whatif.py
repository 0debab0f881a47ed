"""The patient's own what-if cohort: every value of what is open, every change of what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.plan.assessment import Change, Missing
from stromal.plan.patient import Patient
from stromal.plan.words import say
from stromal.tables.chain import Network, changed_answers
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import Answer
from stromal.tables.document import Table


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one decision would be for one value of one fact."""

    outcomes: tuple[str, ...]
    settled: bool
    refused: bool

    @property
    def words(self) -> str:
        return "refused" if self.refused else " or ".join(self.outcomes)


_Moved = Mapping[str, _Outcome]
"""The decisions that a value of one fact moves, and what they then are."""
_ByValue = list[tuple[Possible, _Moved]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What some roles ask in a network, the same for every patient.

    `by_fact` are the tables asked that rest on each fact; `only` those that an answer needs.
    """

    tables: tuple[str, ...]
    only: frozenset[str]
    deciding: tuple[Table, ...]
    by_fact: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Now:
    """What the patient's decisions of some roles are, and the targets that are refused."""

    patient: Patient
    outcomes: Mapping[str, _Outcome]
    refused: tuple[set[str], set[str]]
    asked: _Asked

    def with_value(self, name: str, value: Possible) -> _Moved:
        """The decisions that would be others if one fact had another value."""
        patient = self.patient
        known = {**patient.all_known, name: value}
        fresh = changed_answers(patient.network, known, patient.answers, name, self.asked.only)
        if not fresh:
            return {}
        answers = {**patient.answers, **fresh}
        refused = self.refused
        if not fresh.keys().isdisjoint(patient.library.refusals):
            refused = _refused(patient, answers)
        touched = None if refused != self.refused else fresh.keys()
        tables = [t for t in self.asked.deciding if touched is None or t.id in touched]
        found = _outcomes(tables, answers, refused)
        return {name: one for name, one in found.items() if one != self.outcomes[name]}


def _now(patient: Patient, roles: Sequence[str]) -> _Now:
    asked = _asked(patient, tuple(roles))
    refused = _refused(patient, patient.answers)
    return _Now(patient, _outcomes(asked.deciding, patient.answers, refused), refused, asked)


def _asked(patient: Patient, roles: tuple[str, ...]) -> _Asked:
    kept = patient.network.once(_asked_so_far)
    if roles not in kept:
        kept[roles] = _ask(patient, roles)
    return kept[roles]


def _asked_so_far(_: Network) -> dict[tuple[str, ...], _Asked]:
    return {}


def _ask(patient: Patient, roles: tuple[str, ...]) -> _Asked:
    network = patient.network
    deciding = (c.table for c in network.tables if c.table.kind == "one")
    tables = tuple(c.table.id for c in _bearing(patient, roles))
    below = (c.table.id for table_id in tables for c in network.below(table_id))
    by_fact: dict[str, list[str]] = {}
    for table_id in tables:
        for name in network.rests_on(table_id):
            by_fact.setdefault(name, []).append(table_id)
    return _Asked(
        tables,
        frozenset((*tables, *below)),
        tuple(table for table in deciding if table.role in roles),
        {name: tuple(resting) for name, resting in by_fact.items()},
    )


def missing(patient: Patient, roles: Sequence[str] = ("scheme", "finding")) -> list[Missing]:
    """The facts that are not settled, those that would settle most first."""
    now = _now(patient, roles)
    tried = ((term, list(_tried(now, term))) for term in _open_terms(now))
    shares = [(_share(by_value, now.outcomes), term, by_value) for term, by_value in tried]
    found = [one for one in shares if one[0] > 0]
    found.sort(key=lambda one: (-one[0], one[1].name))
    return [_missing(patient, term, by_value, now.outcomes) for _, term, by_value in found]


def changes(patient: Patient, roles: Sequence[str] = ("scheme",)) -> list[Change]:
    """For each known fact, every other value that would change an answer."""
    now = _now(patient, roles)
    return [
        change
        for name, possible in patient.known.items()
        if name in patient.library.terms
        for change in _changes(now, patient.library.terms[name], possible)
    ]


def elements(
    patient: Patient, term: Term, possible: Possible | None, tables: Sequence[str]
) -> tuple[Possible, ...]:
    """What is possible of a fact in pieces that no rule parts; of many findings, each alone."""
    parts = patient.network.elements(tables, term.name, possible)
    if parts or not isinstance(term.domain, Members):
        return parts
    whole = possible if isinstance(possible, Members) else term.domain
    alone = [whole.certain | {finding} for finding in sorted(whole.possible - whole.certain)]
    return tuple(Members.exactly(present) for present in (whole.certain, *alone))


def bears_on(patient: Patient, roles: Sequence[str], names: Iterable[str]) -> bool:
    """True if a decision of the roles, or a guard that may refuse it, rests on one of the facts."""
    by_fact = _asked(patient, tuple(roles)).by_fact
    return any(name in by_fact for name in names)


def _bearing(patient: Patient, roles: Sequence[str]) -> list[CompiledTable]:
    """The tables of the roles, and the guards that may refuse one of their decisions."""
    tables = patient.network.tables
    decided = {c.table.decides for c in tables if c.table.role in roles}
    spoken_of = decided | {f"{role}:*" for role in roles}
    return [
        c
        for c in tables
        if c.table.role in roles
        or any(spoken_of & targets for _, targets in patient.library.refusals.get(c.table.id, ()))
    ]


def _open_terms(now: _Now) -> Iterator[Term]:
    patient = now.patient
    for name in now.asked.by_fact:
        possible = patient.known.get(name)
        # A decision whose document is not yet in force on the day cannot be asked for.
        if name in patient.library.terms and (possible is None or not possible.is_single()):
            yield patient.library.terms[name]


def _tried(now: _Now, term: Term) -> Iterator[tuple[Possible, _Moved]]:
    patient = now.patient
    tables = now.asked.by_fact[term.name]
    parts = elements(patient, term, patient.known.get(term.name), tables)
    if len(parts) < 2:
        return
    for element in parts:
        yield element, now.with_value(term.name, element)


def _outcomes(
    tables: Iterable[Table],
    answers: Mapping[str, Answer],
    refused: tuple[set[str], set[str]],
) -> dict[str, _Outcome]:
    """What some tables decide, with what is refused in mind."""
    found = {}
    for table in tables:
        outcomes = answers[table.id].outcomes
        certain, possible = _hit(table, refused[0]), _hit(table, refused[1])
        settled = certain or (len(outcomes) == 1 and not possible)
        found[table.decides] = _Outcome(outcomes, settled, certain)
    return found


def _refused(patient: Patient, answers: Mapping[str, Answer]) -> tuple[set[str], set[str]]:
    """The targets refused for certain, and those that may be."""
    certain: set[str] = set()
    possible: set[str] = set()
    for table_id, rows in patient.library.refusals.items():
        answer = answers.get(table_id)
        if answer is None or not answer.some:
            continue
        for bit, targets in rows:
            if answer.some & bit:
                (certain if answer.every & bit else possible).update(targets)
    return certain, possible


def _hit(table: Table, targets: set[str]) -> bool:
    return table.decides in targets or f"{table.role}:*" in targets


def _share(by_value: _ByValue, now: Mapping[str, _Outcome]) -> float:
    """How many open decisions a value settles, on average over the pieces."""
    settled = [
        sum((o.settled and not now[name].settled) + 0.1 for name, o in moved.items())
        for _, moved in by_value
    ]
    return sum(settled) / len(settled) if settled else 0


def _missing(
    patient: Patient,
    term: Term,
    by_value: _ByValue,
    now: Mapping[str, _Outcome],
) -> Missing:
    fact = patient.facts.get(term.name)
    every = [moved for _, moved in by_value]
    touched = {name for moved in every for name in moved}
    opened = [n for n, outcome in now.items() if n in touched and not outcome.settled]
    settles = [n for n in opened if all(n in moved and moved[n].settled for moved in every)]
    may = [n for n in opened if n not in settles and any(_of(m, n, now).settled for m in every)]
    refuse = [
        n for n in now
        if n in touched and not now[n].refused and any(_of(m, n, now).refused for m in every)
    ]  # fmt: skip
    return Missing(
        name=term.name,
        question=term.question,
        state=str(fact.state) if fact else "unknown",
        reason=str(fact.reason) if fact and fact.reason else "not recorded",
        settles=tuple(settles),
        may_settle=tuple(may),
        may_refuse=tuple(refuse),
        by_value=tuple(
            (say_part(term, element), tuple(_differences(tried, now)))
            for element, tried in by_value
        ),
    )


def _of(moved: _Moved, name: str, now: Mapping[str, _Outcome]) -> _Outcome:
    return moved.get(name) or now[name]


def say_part(term: Term, element: Possible) -> str:
    """An elementary cell in words, findings as 'none of those listed' or their names."""
    if isinstance(element, Members) and element.is_single():
        return ", ".join(sorted(element.certain)) or "none of those listed"
    return say(term, element)


def _differences(moved: _Moved, now: Mapping[str, _Outcome]) -> Iterator[str]:
    for name, outcome in moved.items():
        if outcome.words != now[name].words:
            yield f"{name}: {outcome.words}"


def _changes(now: _Now, term: Term, possible: Possible) -> Iterator[Change]:
    patient = now.patient
    tables = now.asked.by_fact.get(term.name, ())
    if not tables:
        return
    for element in elements(patient, term, None, tables):
        other = _without(element, possible)
        if other is None:
            continue
        different = tuple(
            (name, now.outcomes[name].words, outcome.words)
            for name, outcome in now.with_value(term.name, other).items()
            if outcome.words != now.outcomes[name].words
        )
        if different:
            yield Change(term.name, say(term, possible), say_part(term, other), different)


def _without(element: Possible, possible: Possible) -> Possible | None:
    """The part of an element that the patient does not have; None if there is none."""
    if isinstance(element, Numbers) and isinstance(possible, Numbers):
        if not element.intersect(possible).is_empty():
            return None
        return element
    if isinstance(element, Choices) and isinstance(possible, Choices):
        rest = Choices(element.values - possible.values)
        return None if rest.is_empty() or element.values & possible.values else rest
    return None if element == possible else element
