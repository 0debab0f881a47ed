"""What changed between two plans of one patient, and because of which fact, event or edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stromal.facts.days import VITAL
from stromal.facts.fact import Fact, State
from stromal.plan.assessment import Basis, Decision, Objection
from stromal.plan.known.vital import has_died
from stromal.plan.make import ASSUMED, Made, in_words
from stromal.plan.patient import Patient
from stromal.plan.present_drug import LEFT, STATE
from stromal.plan.treatment import LAST_DRUG, Option
from stromal.plan.withdrawn import refusing
from stromal.tables.compile import CompiledTable

BY_TIME = ("age", "weeks_since_surgery", "months_on_current_drug")
"""Facts that change though nothing happens."""
PRESENT = (LAST_DRUG, STATE, *LEFT)
"""What an option that goes on with the present drug hangs on beside its rows."""
Row = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact that changed, with the events behind it; or a document of the rules that did.

    `kind` is fact, time (only the day moved on), assumption or edition.
    """

    kind: str
    name: str
    before: str
    after: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that stands otherwise. `because` names the causes that its rules look at."""

    what: str
    name: str
    before: str
    after: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """All that changed from one plan to the other."""

    before: str
    after: str
    events: tuple[str, ...]
    causes: tuple[Cause, ...]
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """How something stood, in words, and the rows that made it stand so."""

    words: str
    rows: frozenset[Row]


def differences(before: Made, after: Made) -> Differences:
    """Compare two plans; every change is led back to what its rules look at."""
    old_events = _events(before)
    new_events = tuple(event for event in _events(after) if event not in old_events)
    causes = (*_facts(before, after, new_events), *_editions(before, after))
    because = _Because(before.patient, after.patient, frozenset(c.name for c in causes))
    changes = (
        *_compared("decision", _decisions(before), _decisions(after), because),
        *_compared("option", _options(before), _options(after), because),
        *_compared("guard", _guards(before), _guards(after), because),
        *_compared("task", _tasks(before), _tasks(after), because),
        *_side_effects(before, after),
    )
    return Differences(before.plan.day, after.plan.day, new_events, causes, changes)


def _events(made: Made) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(o.event for fact in made.patient.facts.values() for o in fact.origins)
    )


def _facts(before: Made, after: Made, new: tuple[str, ...]) -> Iterator[Cause]:
    old, later = before.patient.facts, after.patient.facts
    for name in dict.fromkeys((*old, *later)):
        was, now = old.get(name), later.get(name)
        if _same(was, now):
            continue
        term = after.patient.library.terms[name]
        words = (in_words(term, was), in_words(term, now))
        events = _new_origins(was, now) if now else new
        kind = "assumption" if ASSUMED in events else "fact"
        if name in BY_TIME and not events:
            kind, events = "time", tuple(o.event for o in now.origins) if now else ()
        yield Cause(kind, name, *words, events or _all_origins(was, now))


def _same(was: Fact | None, now: Fact | None) -> bool:
    if was is None or now is None:
        known = was or now
        return known is None or known.state is State.UNKNOWN
    conflicts = State.CONFLICTING
    return was.possible == now.possible and (was.state is conflicts) == (now.state is conflicts)


def _new_origins(was: Fact | None, now: Fact | None) -> tuple[str, ...]:
    old = {origin.event for origin in was.origins} if was else set()
    new = [origin.event for origin in now.origins] if now else []
    gone = [event for event in sorted(old) if event not in new]
    return tuple(dict.fromkeys(event for event in new if event not in old)) or tuple(gone)


def _all_origins(was: Fact | None, now: Fact | None) -> tuple[str, ...]:
    both = (*(now.origins if now else ()), *(was.origins if was else ()))
    return tuple(dict.fromkeys(origin.event for origin in both))


def _editions(before: Made, after: Made) -> Iterator[Cause]:
    """The documents that came into force, went out of force or were replaced."""
    old, new = (m.patient.network.by_id for m in (before, after))
    if before.patient.network is after.patient.network:
        return
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is now or (was and now and was.table == now.table):
            continue
        yield Cause("edition", name, _edition(was), _edition(now), ())


def _edition(compiled: CompiledTable | None) -> str:
    if compiled is None:
        return "not in force"
    return f"edition {compiled.table.edition}, {len(compiled.table.rows)} rows in force"


@dataclass(frozen=True)
class _Because:
    """Finds the causes among what the rows of a change look at."""

    before: Patient
    after: Patient
    causes: frozenset[str]

    def of(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """The changed facts and documents behind the rows; behind their tables if none is."""
        found = dict.fromkeys(n for row in sorted(rows) for n in self._behind(row, exact=True))
        if not found:
            found = dict.fromkeys(n for row in sorted(rows) for n in self._behind(row, exact=False))
        return tuple(found)

    def _behind(self, row: Row, *, exact: bool) -> Iterator[str]:
        document, row_id, _ = row
        for patient in (self.before, self.after):
            compiled = patient.network.by_id.get(document)
            if compiled is None or all(known.id != row_id for known in compiled.table.rows):
                yield from (document,) if document in self.causes else ()
                continue
            yield from (n for n in self._documents(patient, document) if n in self.causes)
            names = patient.network.rests_on(document)
            if exact:
                names = _looked_at(patient, document, row_id)
            yield from (n for n in names if n in self.causes)

    @staticmethod
    def _documents(patient: Patient, document: str) -> tuple[str, ...]:
        return (document, *(c.table.id for c in patient.network.below(document)))


def _looked_at(patient: Patient, document: str, row_id: str) -> tuple[str, ...]:
    """The facts that a row has a condition on, and those that it says it asks for.

    Of a decision that is refused, also the facts by which a guard refuses it, since advice no
    longer rests on it.
    """
    names = _conditions(patient, document, row_id)
    refused = [name for name in names if name in patient.withdrawn]
    guards = (
        guard
        for name in refused
        for guard in refusing(patient.library, patient.network, patient.answers, name)
    )
    names += [name for guard in guards for name in _conditions(patient, *guard)]
    return tuple(dict.fromkeys(fact for name in names for fact in _facts_below(patient, name)))


def _conditions(patient: Patient, document: str, row_id: str) -> list[str]:
    """The facts and decisions that a row has a condition on, and the fact that it asks for."""
    table = patient.network.by_id[document].table
    row = table.row(row_id)
    names = [t.name for t, cell in zip(table.inputs, row.cells, strict=True) if cell is not None]
    return [*names, row.outputs.get("asks", "-")]


def _facts_below(patient: Patient, name: str) -> tuple[str, ...]:
    deciding = patient.network.by_decision.get(name)
    return patient.network.rests_on(deciding.table.id) if deciding else (name,)


def _compared(
    what: str, old: Mapping[str, _Rows], new: Mapping[str, _Rows], because: _Because
) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        words = [one.words if one else "-" for one in (was, now)]
        if words[0] == words[1]:
            continue
        rows = [one.rows if one else frozenset() for one in (was, now)]
        changed = rows[0] ^ rows[1]
        causes = because.of(changed or rows[0] | rows[1])
        if not causes and what == "option":
            causes = tuple(name for name in PRESENT if name in because.causes)
        if not now and VITAL in because.causes and has_died(because.after.facts):
            causes = (VITAL,)
        yield Difference(what, name, words[0], words[1], causes)


def _decisions(made: Made) -> dict[str, _Rows]:
    return {decision.name: _decision(decision) for decision in made.plan.nature}


def _decision(decision: Decision) -> _Rows:
    words = "refused" if decision.state == "refused" else " or ".join(decision.outcomes)
    doubts = any(not o.certain and o.effect == "refuse" for o in decision.objections)
    unless = " (unless a guard refuses)" if doubts and decision.state != "refused" else ""
    rows = {_row(basis, certain=len(decision.bases) == 1) for basis in decision.bases}
    return _Rows(words + unless, frozenset((*rows, *_objections(decision.objections))))


def _options(made: Made) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for option in made.plan.treatment.options:
        drug = "" if option.drug in ("-", "") or option.drug in option.name else f", {option.drug}"
        found[f"{option.name} ({option.setting}{drug})"] = _option(option)
    return found


def _option(option: Option) -> _Rows:
    by_guideline: dict[str, dict[str, None]] = {}
    for advice in option.advice:
        strength = advice.strength if advice.certain else f"{advice.strength}, if it fits"
        by_guideline.setdefault(strength, {})[advice.guideline] = None
    said = "; ".join(f"{strength}: {', '.join(who)}" for strength, who in by_guideline.items())
    rows = {_row(advice.basis, certain=advice.certain) for advice in option.advice}
    refusals = [o for o in option.objections if o.effect == "refuse"]
    return _Rows(f"{option.state} ({said})", frozenset((*rows, *_objections(refusals))))


def _guards(made: Made) -> dict[str, _Rows]:
    return {
        f"{o.basis.document} {o.basis.row}": _Rows(o.effect, frozenset(_objections([o])))
        for o in made.plan.treatment.guards
        if o.certain
    }


def _tasks(made: Made) -> dict[str, _Rows]:
    return {
        f"{task.basis.document} {task.basis.row}": _Rows(
            task.topic, frozenset((_row(task.basis, certain=True),))
        )
        for task in made.plan.treatment.tasks
        if task.certain
    }


def _objections(objections: Iterable[Objection]) -> Iterator[Row]:
    return (_row(o.basis, certain=o.certain) for o in objections)


def _row(basis: Basis, *, certain: bool) -> Row:
    return basis.document, basis.row, certain


def _side_effects(before: Made, after: Made) -> Iterator[Difference]:
    """A side effect that came in: its event is the cause."""
    old = {(e.event, e.drug) for e in before.plan.treatment.dosing.side_effects}
    for effect in after.plan.treatment.dosing.side_effects:
        if (effect.event, effect.drug) not in old:
            steps = "; ".join(s.basis.outputs["action"] for s in effect.steps if s.certain)
            name = f"{effect.written} under {effect.drug or 'a drug that is not named'}"
            yield Difference(
                "side effect", name, "-", steps or "no row is certain", (effect.event,)
            )
