"""The plan of one patient on one day: what it is, where it stands, what to do, what to ask.

Nothing here decides: the rules do, and the plan puts their answers in order.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, Origin, State
from stromal.facts.possible import Members, Possible
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.timeline import Conflict, as_of, live_events
from stromal.library import Library
from stromal.plan.assessment import Decision, Missing
from stromal.plan.compare import Comparison, compare_options
from stromal.plan.known.course import DRUG_KINDS, course_of
from stromal.plan.known.derive import Derived, derive
from stromal.plan.known.drug_facts import runs_in_words
from stromal.plan.open_ends import open_ends
from stromal.plan.patient import Patient, consider, moved
from stromal.plan.questions import Question, questions
from stromal.plan.treatment import Treatment, treatment_of
from stromal.plan.whatif import bears_on, missing
from stromal.plan.words import say
from stromal.tables.chain import Network

NATURE = ("scheme", "finding")
LINES = "line_of_therapy"
MOST_MOVED = 8
"""Beyond so many moved facts it is quicker to decide everything anew."""
ASSUMED = "assumed"
"""The event and kind of a fact that is only tried."""
GENOTYPE_FACTS = (
    "genotype", "exon_11_change", "exon_17_change", "exon_18_change", "secondary_mutations",
    "genotype_test",
)  # fmt: skip
ENDED = ("drugs_failed", "drugs_not_tolerated")
"""Shown only where there is, or may be, such a drug."""
STATE_FACTS = (
    "disease_state", "disease_extent", "setting", "line_of_therapy", "last_drug", "drugs_given",
    *ENDED,
    "progression", "relapse_and_adjuvant", "weeks_since_surgery", "months_on_current_drug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact in words, with the events it comes from; 'not known' where it is open."""

    name: str
    words: str
    state: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """A fact that is open: the question, what to order, and what the answer would do.

    `order` are the tests that a task of the rules asks for, else the kind of finding that
    tells the fact. `options` counts the options that hang on it.
    """

    name: str
    question: str
    reason: str
    order: tuple[str, ...]
    settles: tuple[str, ...]
    may_settle: tuple[str, ...]
    options: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the page, the letter and JSON show; values only."""

    patient: str
    title: str
    day: str
    nature: tuple[Decision, ...]
    genotype: tuple[Stated, ...]
    state: tuple[Stated, ...]
    drugs: tuple[str, ...]
    treatment: Treatment
    comparison: tuple[Comparison, ...]
    needed: tuple[Needed, ...]
    questions: tuple[Question, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with the patient it was made for, so that two can be compared."""

    plan: Plan
    patient: Patient
    missing: tuple[Missing, ...]


def make_plan(
    library: Library,
    record: Record,
    day: datetime.date | None = None,
    guidelines: tuple[str, ...] = (),
    assume: Mapping[str, Possible] | None = None,
    rules: Network | None = None,
    last: Made | None = None,
) -> Made:
    """The plan for the record as known on `day`, by the rules in force on it (or by `rules`).

    `assume` are facts to be tried: they count instead of all that the record says of them.
    What of a plan made before (`last`) cannot have changed is taken over from it.
    """
    assume = _with_looked_at(library, record, day, assume) if assume else None
    known = record if not assume else without_facts(record, frozenset(assume))
    folded = as_of(known, library.terms, day)
    if assume:
        tried = {name: _assumed(name, possible) for name, possible in assume.items()}
        folded = replace(folded, facts={**folded.facts, **tried})
    derived = derive(folded, library)
    if assume:
        derived = with_assumed(derived, assume)
    patient = _decided(library, rules or library.at(day), derived, last)
    found = _missing(patient, last)
    return Made(_plan(patient, derived, known, day, guidelines, found), patient, found)


def _decided(library: Library, network: Network, derived: Derived, last: Made | None) -> Patient:
    """The patient before every table; what rests on nothing that moved is taken over."""
    if last is None or last.patient.network is not network:
        return consider(library, network, derived.facts)
    known = {name: fact.possible for name, fact in derived.facts.items()}
    names = _moved(last.patient.known, known)
    if len(names) > MOST_MOVED:
        return consider(library, network, derived.facts)
    return moved(last.patient, derived.facts, known, names)


def _moved(old: Mapping[str, Possible], new: Mapping[str, Possible]) -> list[str]:
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _missing(patient: Patient, last: Made | None) -> tuple[Missing, ...]:
    """What is missing for the nature of the tumour; as it was if nothing that it rests on moved."""
    if last is None or last.patient.network is not patient.network:
        return tuple(missing(patient, NATURE))
    if not bears_on(patient, NATURE, _moved(last.patient.known, patient.known)):
        return last.missing
    return tuple(missing(patient, NATURE))


def _plan(
    patient: Patient,
    derived: Derived,
    record: Record,
    day: datetime.date | None,
    guidelines: tuple[str, ...],
    found: tuple[Missing, ...],
) -> Plan:
    treatment = treatment_of(patient, derived, record, day, guidelines)
    found = () if treatment.ended else found
    comparison = tuple(compare_options(treatment))
    terms, facts = patient.library.terms, derived.facts
    needed = tuple(_needed(patient, treatment, found))
    asked = (
        () if treatment.ended else questions(treatment, comparison, _first_asked(treatment, needed))
    )
    course = course_of(live_events(record, day), terms)
    return Plan(
        patient=record.id,
        title=record.title,
        day=treatment.day,
        nature=tuple(sorted(treatment.decisions, key=_place)),
        genotype=tuple(_stated(terms, facts, GENOTYPE_FACTS)),
        state=tuple(_stated(terms, facts, STATE_FACTS)),
        drugs=tuple(runs_in_words(course.runs)),
        treatment=treatment,
        comparison=comparison,
        needed=needed,
        questions=tuple(asked),
        conflicts=derived.conflicts,
        problems=derived.problems,
        notes=derived.remarks,
    )


def _first_asked(treatment: Treatment, needed: Sequence[Needed]) -> list[str]:
    """What opens many options at once; where nothing does, the open facts as they are ranked."""
    gates = [gate.name for gate in open_ends(treatment).gates]
    return gates or [need.name for need in needed]


def _place(decision: Decision) -> int:
    """What the tumour is comes first, then how it will behave, then the stage, then the rest."""
    first = ("diagnosis", "risk", "stage")
    ends = (place for place, end in enumerate(first) if decision.name.endswith(end))
    return next(ends, len(first))


def without_facts(record: Record, names: frozenset[str]) -> Record:
    """The record as if nobody had said anything of some facts."""
    events = tuple(
        replace(event, facts={k: v for k, v in event.facts.items() if k not in names})
        for event in record.events
    )
    return replace(record, events=events)


def _with_looked_at(
    library: Library, record: Record, day: datetime.date | None, assume: Mapping[str, Possible]
) -> Mapping[str, Possible]:
    """With the number that a tried measurement is a look at, where that look is what tells it."""
    looks = {name: library.terms[name].looks for name in assume}
    targets = {name: target for name, target in looks.items() if target and target not in assume}
    if not targets:
        return assume
    now = {name: fact.possible for name, fact in as_of(record, library.terms, day).facts.items()}
    told = {targets[n]: assume[n] for n in targets if n in now and now[n] == now.get(targets[n])}
    return {**assume, **told}


def with_assumed(derived: Derived, assume: Mapping[str, Possible]) -> Derived:
    """The facts with those that are tried in the place of what was computed for them."""
    tried = {name: _assumed(name, possible) for name, possible in assume.items()}
    conflicts = tuple(c for c in derived.conflicts if c.name not in assume)
    return replace(derived, facts={**derived.facts, **tried}, conflicts=conflicts)


def _assumed(name: str, possible: Possible) -> Fact:
    state = State.KNOWN if possible.is_single() else State.RANGE
    return Fact(name, possible, state, None, (Origin(ASSUMED, "", ASSUMED, "", str(possible)),))


def in_words(term: Term, fact: Fact | None) -> str:
    """A fact as a text has it; of a fact that is a text, the text itself."""
    if fact is not None and term.kind == "text" and fact.state is not State.UNKNOWN:
        return str(fact.possible)
    return say(term, fact.possible if fact else None)


def _stated(
    terms: Mapping[str, Term], facts: Mapping[str, Fact], names: tuple[str, ...]
) -> Iterator[Stated]:
    for name in names:
        fact = facts.get(name)
        if name in ENDED and (fact is None or fact.possible == Members.exactly(())):
            continue
        if fact is not None and name in terms:
            events = tuple(dict.fromkeys(origin.event for origin in fact.origins))
            words = in_words(terms[name], fact) + _how_found(fact)
            yield Stated(name, words, str(fact.state), events)
        elif name in ("genotype", "disease_state"):
            yield Stated(name, "not known", str(State.UNKNOWN), ())


def _how_found(fact: Fact) -> str:
    """How lines are counted, where the drugs of the record gave the number."""
    counted = fact.name == LINES and any(origin.kind in DRUG_KINDS for origin in fact.origins)
    return ", counted from the drugs recorded" if counted else ""


def _needed(patient: Patient, treatment: Treatment, missed: tuple[Missing, ...]) -> list[Needed]:
    """The open facts: first those on which most options hang, then what they settle."""
    hanging = Counter(
        name for o in treatment.options if o.state == "depends" for name in o.depends_on
    )
    found = {one.name: one for one in missed}
    orders = _orders(treatment)
    needs = [
        _need(patient, orders.get(name, ()), name, found.get(name), hanging[name])
        for name in dict.fromkeys((*hanging, *found))
        if name in patient.library.terms
    ]
    needs.sort(key=lambda n: (-n.options, -len(n.settles), -len(n.may_settle), n.name))
    return needs


def _orders(treatment: Treatment) -> Mapping[str, tuple[str, ...]]:
    """For each fact, the tests by which a task of the rules asks for it."""
    found: dict[str, dict[str, None]] = {}
    for task in treatment.tasks:
        found.setdefault(task.basis.outputs.get("asks", "-"), {})[task.topic] = None
    return {name: tuple(topics) for name, topics in found.items()}


def _need(
    patient: Patient, order: tuple[str, ...], name: str, one: Missing | None, options: int
) -> Needed:
    term, fact = patient.library.terms[name], patient.facts.get(name)
    reason = str(fact.reason or fact.state) if fact else "not recorded"
    settles, may = (one.settles, one.may_settle) if one else ((), ())
    ordered = order or _kind_of_finding(term)
    return Needed(name, term.question, reason, ordered, settles, may, options)


def _kind_of_finding(term: Term) -> tuple[str, ...]:
    """The kind of event that tells the fact first, by the dictionary."""
    if term.document.endswith("immunohistochemistry.md"):
        return ("stain",)
    return term.precedence[:1]
