"""The public exam: a worked patient's expected answers held against what Stromal says.

`cases/README.md` says how a case is written. Each line under `expect` is one checked answer, or
one for each name that it lists. What cannot be read is a wrong answer, never an exception.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.possible import Numbers
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.values import read_day, read_value
from stromal.library import Library
from stromal.plan.assess import readings, uncertainty
from stromal.plan.assessment import Decision
from stromal.plan.exam.boards import boards_of, check_boards
from stromal.plan.exam.drugs import check_interaction, check_side_effect
from stromal.plan.exam.monitoring import check_monitoring
from stromal.plan.exam.sitting import Sitting
from stromal.plan.monitoring.report import monitoring_of
from stromal.plan.treatment import Option
from stromal.plan.whatif import missing
from stromal.plan.words import say
from stromal.tables.chain import Network, arrange, decide_table
from stromal.tables.compile import compile_table
from stromal.tables.decide import Known
from stromal.tables.document import Table

KINDS = ("guards", "notes", "tasks", "requirements")
Found = Iterator[tuple[str, str, str, bool]]
"""Name, expected, found, and whether they agree."""


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """One line of `expect`, what it expects, what was found, and where the case stands."""

    name: str
    expected: str
    found: str
    ok: bool
    place: str


def check_case(
    library: Library, record: Record, network: Network | None = None
) -> list[CheckedAnswer]:
    """Every expected answer of the case, checked.

    `on` in the case names the day asked about. `network` saves arranging the newest tables again.
    """
    expect = dict(record.expect)
    day, wrong = _day(expect.pop("on", ""))
    tables = network if network is not None and day is None else library.at(day)
    found = [*wrong, *check(Sitting(library, record, day, tables), expect)]
    return [CheckedAnswer(*answer, place=f"{record.name}, expect") for answer in found]


def check(sitting: Sitting, expect: Mapping[str, object]) -> Found:
    """Every line of `expect` for a patient on a day; problems and conflicts must be named."""
    rest = dict(expect)
    yield from _problems(sitting, rest.pop("problems", "0"))
    yield from _conflicts(sitting, rest.pop("conflicts", []))
    for key, wanted in rest.items():
        yield from _check(sitting, key, wanted)


def notices(library: Library, records: Iterable[Record]) -> Callable[[Table], bool]:
    """For the mutation test: whether some case gets a wrong answer from a changed table.

    A case is asked only if a changed row fits it, before or after the change.
    """
    network = library.at(None)
    asked = [
        (record, {name: fact.possible for name, fact in sitting.derived.facts.items()})
        for record in records
        if "on" not in record.expect
        for sitting in (Sitting(library, record, None, network),)
    ]

    def noticed(changed: Table) -> bool:
        before = network.by_id[changed.id].table.rows
        rows = {n for n, row in enumerate(changed.rows) if row != before[n]}
        compiled = compile_table(changed)
        other = arrange(compiled if c.table.id == changed.id else c for c in network.tables)

        def fits(known: Known) -> bool:
            both = (decide_table(tables, changed.id, known) for tables in (network, other))
            return any(rows & {*answer.possible} for answer in both)

        return any(
            not answer.ok
            for record, known in asked
            if fits(known)
            for answer in check_case(library, record, other)
        )

    return noticed


def _day(text: object) -> tuple[datetime.date | None, list[tuple[str, str, str, bool]]]:
    if not text:
        return None, []
    days = read_day(str(text))
    if days is None:
        return None, [("on", "a day of the calendar", str(text), False)]
    return days[1], []


def _problems(sitting: Sitting, wanted: object) -> Found:
    """A case must be readable; one that shows bad input says how many problems it has."""
    problems = sitting.derived.problems
    if problems or str(wanted) != "0":
        found = "; ".join(f"{p.place}: {p.what}" for p in problems) or "0"
        yield "problems", str(wanted), found, str(wanted) == str(len(problems))


def _conflicts(sitting: Sitting, wanted: object) -> Found:
    """Exactly the conflicts named: one that was not expected is a wrong answer."""
    names = [str(name) for name in _list(wanted)]
    found = list(dict.fromkeys(conflict.name for conflict in sitting.derived.conflicts))
    for name in names:
        yield "conflicts", name, ", ".join(found) or "none", name in found
    for name in found:
        if name not in names:
            yield "conflicts", "no other", name, False


def _check(sitting: Sitting, key: str, wanted: object) -> Found:
    if key in _CHECKS:
        return _CHECKS[key](sitting, wanted)
    kind, _, group = key.rpartition("_")
    if group in KINDS and kind in ("", "possible", "not"):
        return _rows(sitting.speaking[group], key, kind, wanted)
    if "/" in key:
        return _document(sitting, key, wanted)
    return _decision(sitting, key, wanted)


def _decision(sitting: Sitting, name: str, wanted: object) -> Found:
    decision = sitting.decisions.get(name)
    if decision is None:
        return iter([(name, str(wanted), "no such decision", False)])
    parts = wanted if isinstance(wanted, Mapping) else {"outcome": wanted}
    return (_part(decision, str(part), str(value)) for part, value in parts.items())


def _part(decision: Decision, part: str, wanted: str) -> tuple[str, str, str, bool]:
    name = decision.name if part == "outcome" else f"{decision.name}, {part}"
    found = _found(decision, part)
    same = set(found) == set(wanted.split(" or "))
    return name, wanted, " or ".join(found), same


def _found(decision: Decision, part: str) -> tuple[str, ...]:
    if part == "outcome":
        return ("refused",) if decision.state == "refused" else decision.outcomes
    if part == "row":
        return tuple(basis.row for basis in decision.bases)
    return tuple(dict.fromkeys(basis.outputs.get(part, "-") for basis in decision.bases))


def _rows(speaking: Mapping[str, bool], key: str, kind: str, wanted: object) -> Found:
    for name in _list(wanted):
        state = {None: "silent", True: "certain", False: "possible"}[speaking.get(str(name))]
        right = {"": "certain", "possible": "possible", "not": "silent"}[kind]
        yield key, f"{name} {right}", state, state == right


def _document(sitting: Sitting, document: str, wanted: object) -> Found:
    """What the rows of one document that fit for certain say: 'row', or any output by name."""
    answer = sitting.patient.advice.get(document)
    for part, value in _mapping(wanted):
        rows = [answer.table.rows[number] for number in answer.certain] if answer else []
        said = [row.id if part == "row" else row.outputs.get(part, "-") for row in rows]
        found = list(dict.fromkeys(said)) or ["nothing" if answer else "no such document"]
        said_so = " or ".join(found)
        same = set(said_so.split(" or ")) == set(str(value).split(" or "))
        yield f"{document}, {part}", str(value), said_so, same


def _disputes(sitting: Sitting, wanted: object) -> Found:
    found = {
        f"{d.document}#{d.id}" for one in sitting.decisions.values() for d in one.disagreements
    }
    for name in _list(wanted):
        yield "disputes", str(name), ", ".join(sorted(found)) or "none", str(name) in found


def _missing(sitting: Sitting, wanted: object) -> Found:
    """The names must be in the ranking, in the order given; an empty list: nothing is missing."""
    ranking = [one.name for one in missing(sitting.patient)]
    names = [str(name) for name in _list(wanted)]
    found = ", ".join(ranking) or "nothing"
    if not names:
        yield "missing", "nothing", found, not ranking
    last = -1
    for name in names:
        place = ranking.index(name) if name in ranking else -1
        yield "missing", name, found, place > last
        last = max(last, place)


def _readings(sitting: Sitting, wanted: object) -> Found:
    """The answers with '50 HPF' read as 5 mm2."""
    second = readings(sitting.patient, sitting.derived.counts)
    found = {name: outcomes for reading in second for name, outcomes in reading.decisions}
    for name, outcome in _mapping(wanted):
        outcomes = found.get(name, ("no second reading",))
        same = set(outcomes) == set(str(outcome).split(" or "))
        yield f"readings, {name}", str(outcome), " or ".join(outcomes), same


def _facts(sitting: Sitting, wanted: object) -> Found:
    """Facts as they stand on the day, written as in a record."""
    for name, raw in _mapping(wanted):
        yield _fact(sitting, f"facts, {name}", name, raw)


def _days(sitting: Sitting, wanted: object) -> Found:
    """What stood on earlier days by the rules of now: facts by name, or any other key."""
    for text, expected in _mapping(wanted):
        day, wrong = _day(text)
        yield from wrong
        if day is not None:
            then = Sitting(sitting.library, sitting.record, day, sitting.tables)
            for name, raw in _mapping(expected):
                yield from _on_day(then, text, name, raw)


def _on_day(then: Sitting, text: str, name: str, raw: object) -> Found:
    if name in then.library.terms:
        yield _fact(then, f"{text}, {name}", name, raw)
        return
    for what, wanted, found, ok in _check(then, name, raw):
        yield f"{text}, {what}", wanted, found, ok


def _fact(sitting: Sitting, label: str, name: str, raw: object) -> tuple[str, str, str, bool]:
    term, fact = sitting.library.terms.get(name), sitting.derived.facts.get(name)
    if term is None:
        return label, str(raw), "no such fact", False
    value = read_value(term, raw)
    if isinstance(value, Problem):
        return label, str(raw), value.what, False
    possible = fact.possible if fact else term.domain
    same = value.possible == possible or _rounds_to(possible, value.possible, str(raw))
    return label, str(raw), say(term, fact.possible if fact else None), same


def _limits(sitting: Sitting, wanted: object) -> Found:
    """The exact limits of the mitotic rate, to one decimal: '1.6 to 11.7'."""
    counted = uncertainty(sitting.patient, sitting.derived, None)
    found = " to ".join(f"{limit:.1f}" for limit in counted.limits) if counted else "none"
    yield "limits", str(wanted), found, str(wanted) == found


def _options(sitting: Sitting, wanted: object) -> Found:
    """'offered', 'depends', 'refused' or 'absent', by name, or by 'name @ setting'.

    'offered (discouraged)' asks for the strength as well, which some guideline must give.
    """
    for key, state in _mapping(wanted):
        name, _, setting = (part.strip() for part in key.partition("@"))
        fitting = [o for o in sitting.options if o.name == name and setting in ("", o.setting)]
        found = {said for option in fitting for said in _said(option)} or {"absent"}
        same = _agree(found, str(state))
        yield f"options, {key}", str(state), " or ".join(sorted(found)), same


def _said(option: Option) -> Iterator[str]:
    yield from (f"{option.state} ({advice.strength})" for advice in option.advice)


def _agree(found: set[str], wanted: str) -> bool:
    """True if all that was found is wanted; a wanted strength must be among those found."""
    states = {part.partition(" (")[0] for part in wanted.split(" or ")}
    strengths = {part for part in wanted.split(" or ") if "(" in part}
    return {part.partition(" (")[0] for part in found} <= states and strengths <= found


def _side_effects(sitting: Sitting, wanted: object) -> Found:
    """By the id of the event: what the label's steps say that fit for certain."""
    for event, parts in _mapping(wanted):
        yield from check_side_effect(sitting.dosing, event, dict(_mapping(parts)))


def _interactions(sitting: Sitting, wanted: object) -> Found:
    """Rows on other medicines that speak for certain of a drug that is taken."""
    for row in _list(wanted):
        yield check_interaction(sitting.interactions, str(row))


def _not_interactions(sitting: Sitting, wanted: object) -> Found:
    """Rows on other medicines that must be silent, since none of their kind is taken."""
    for row in _list(wanted):
        name, _, found, speaks = check_interaction(sitting.interactions, str(row))
        yield f"not_{name}", f"{row} silent", found, not speaks


def _rounds_to(found: object, wanted: object, written: str) -> bool:
    """True if a computed number is the one written, to the decimals that were written."""
    if not isinstance(found, Numbers) or not isinstance(wanted, Numbers):
        return False
    decimals = len(written.split()[0].partition(".")[2])
    single = found.is_single() and wanted.is_single()
    return single and round(found.low, decimals) == wanted.low


def _list(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _mapping(wanted: object) -> Iterator[tuple[str, object]]:
    if isinstance(wanted, Mapping):
        yield from ((str(name), value) for name, value in wanted.items())
    else:
        yield "not a list of 'name: answer'", wanted


def _monitoring(sitting: Sitting, wanted: object) -> Found:
    """What is watched under treatment; see `exam_monitoring` for the words."""
    found = monitoring_of(sitting.library, sitting.record, sitting.day)
    return check_monitoring(found, dict(_mapping(wanted)))


def _boards(sitting: Sitting, wanted: object) -> Found:
    """What the decisions of boards name, where they differ, and what re-opens them."""
    yield from check_boards(boards_of(sitting), dict(_mapping(wanted)))


_CHECKS: Mapping[str, Callable[[Sitting, object], Found]] = {
    "boards": _boards,
    "monitoring": _monitoring,
    "conflicts": _conflicts,
    "problems": _problems,
    "disputes": _disputes,
    "missing": _missing,
    "readings": _readings,
    "facts": _facts,
    "days": _days,
    "limits": _limits,
    "options": _options,
    "side_effects": _side_effects,
    "interactions": _interactions,
    "not_interactions": _not_interactions,
}
