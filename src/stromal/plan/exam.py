"""The public exam: a worked patient's expected answers held against what Stromal says.

`cases/README.md` says how a case is written. Each line under `expect` is one checked answer, or
one for each name that it lists. What cannot be read is a wrong answer, never an exception.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.facts.values import read_day, read_value
from stromal.library import Library
from stromal.plan.assessing import assess_record
from stromal.plan.assessment import Assessment, Decision, Remark
from stromal.plan.words import say

Assess = Callable[[Library, Record, "datetime.date | None"], Assessment]
KINDS = {"guards": "guard", "notes": "note", "tasks": "task"}
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


@dataclass(frozen=True)
class _Sitting:
    """A case before the library."""

    library: Library
    said: Assessment

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        return {decision.name: decision for decision in self.said.decisions}

    @cached_property
    def speaking(self) -> Mapping[str, Mapping[str, bool]]:
        """For guards, notes and tasks, the row ids that speak, and whether for certain."""
        guards = {
            f"{o.basis.document}#{o.basis.row}": o.certain
            for decision in self.said.decisions
            for o in decision.objections
        }
        remarks = {kind: _ids(self.said.remarks, kind) for kind in ("note", "task")}
        return {"guard": guards, **remarks}

    @cached_property
    def requirements(self) -> Mapping[str, bool]:
        """The facts that the report must hold, and whether for certain."""
        return {r.topic: r.certain for r in self.said.remarks if r.role == "requirement"}


def check_case(
    library: Library, record: Record, assess: Assess = assess_record
) -> list[CheckedAnswer]:
    """Every expected answer of the case, checked. `on` names the day asked about."""
    expect = dict(record.expect)
    day, wrong = _day(expect.pop("on", ""))
    sitting = _Sitting(library, assess(library, record, day))
    found = [*wrong, *_problems(sitting, expect), *_conflicts(sitting, expect.pop("conflicts", []))]
    for key, wanted in expect.items():
        found += _check(sitting, key, wanted)
    return [CheckedAnswer(*answer, place=f"{record.name}, expect") for answer in found]


def _day(text: object) -> tuple[datetime.date | None, list[tuple[str, str, str, bool]]]:
    if not text:
        return None, []
    days = read_day(str(text))
    if days is None:
        return None, [("on", "a day of the calendar", str(text), False)]
    return days[1], []


def _problems(sitting: _Sitting, expect: dict[str, object]) -> Found:
    """A case must be readable; one that shows bad input says how many problems it has."""
    problems = sitting.said.problems
    wanted = str(expect.pop("problems", "0"))
    if problems or wanted != "0":
        found = "; ".join(f"{p.place}: {p.what}" for p in problems) or "0"
        yield "problems", wanted, found, wanted == str(len(problems))


def _conflicts(sitting: _Sitting, wanted: object) -> Found:
    """Exactly the conflicts named: one that was not expected is a wrong answer."""
    names = [str(name) for name in _list(wanted)]
    found = list(dict.fromkeys(conflict.name for conflict in sitting.said.conflicts))
    for name in names:
        yield "conflicts", name, ", ".join(found) or "none", name in found
    for name in found:
        if name not in names:
            yield "conflicts", "no other", name, False


def _check(sitting: _Sitting, key: str, wanted: object) -> Found:
    if key in _CHECKS:
        return _CHECKS[key](sitting, wanted)
    kind, _, group = key.rpartition("_")
    if group in KINDS and kind in ("", "possible", "not"):
        return _rows(sitting.speaking[KINDS[group]], key, kind, wanted)
    if group == "requirements" and kind in ("", "possible", "not"):
        return _rows(sitting.requirements, key, kind, wanted)
    return _decision(sitting, key, wanted)


def _decision(sitting: _Sitting, name: str, wanted: object) -> Found:
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


def _disputes(sitting: _Sitting, wanted: object) -> Found:
    found = {f"{d.document}#{d.id}" for one in sitting.said.decisions for d in one.disagreements}
    for name in _list(wanted):
        yield "disputes", str(name), ", ".join(sorted(found)) or "none", str(name) in found


def _missing(sitting: _Sitting, wanted: object) -> Found:
    """The names must be in the ranking, in the order given; an empty list: nothing is missing."""
    ranking = [missing.name for missing in sitting.said.missing]
    names = [str(name) for name in _list(wanted)]
    found = ", ".join(ranking) or "nothing"
    if not names:
        yield "missing", "nothing", found, not ranking
    last = -1
    for name in names:
        place = ranking.index(name) if name in ranking else -1
        yield "missing", name, found, place > last
        last = max(last, place)


def _readings(sitting: _Sitting, wanted: object) -> Found:
    """The answers with '50 HPF' read as 5 mm2."""
    found = {name: outcomes for r in sitting.said.readings for name, outcomes in r.decisions}
    for name, outcome in _mapping(wanted):
        outcomes = found.get(name, ("no second reading",))
        same = set(outcomes) == set(str(outcome).split(" or "))
        yield f"readings, {name}", str(outcome), " or ".join(outcomes), same


def _facts(sitting: _Sitting, wanted: object) -> Found:
    """Facts as they stand on the day, written as in a record."""
    facts = {fact.name: fact for fact in sitting.said.facts}
    for name, raw in _mapping(wanted):
        term, fact = sitting.library.terms.get(name), facts.get(name)
        if term is None:
            yield f"facts, {name}", str(raw), "no such fact", False
            continue
        found = say(term, fact.possible if fact else None)
        value = read_value(term, raw)
        if isinstance(value, Problem):
            yield f"facts, {name}", str(raw), value.what, False
        else:
            same = value.possible == (fact.possible if fact else term.domain)
            yield f"facts, {name}", str(raw), found, same


def _limits(sitting: _Sitting, wanted: object) -> Found:
    """The exact limits of the mitotic rate, to one decimal: '1.6 to 11.7'."""
    uncertainty = sitting.said.uncertainty
    found = "none"
    if uncertainty:
        found = " to ".join(f"{limit:.1f}" for limit in uncertainty.limits)
    yield "limits", str(wanted), found, str(wanted) == found


def _ids(remarks: Iterable[Remark], role: str) -> dict[str, bool]:
    return {f"{r.basis.document}#{r.basis.row}": r.certain for r in remarks if r.role == role}


def _list(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _mapping(wanted: object) -> Iterator[tuple[str, object]]:
    if isinstance(wanted, Mapping):
        yield from ((str(name), value) for name, value in wanted.items())
    else:
        yield "not a list of 'name: answer'", wanted


_CHECKS: Mapping[str, Callable[[_Sitting, object], Found]] = {
    "disputes": _disputes,
    "missing": _missing,
    "readings": _readings,
    "facts": _facts,
    "limits": _limits,
}
