"""What deviates, day by day: graded readings of one draw together, and recorded side effects."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stromal.facts.laboratory import PARTS
from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.facts.record import Event, Record, days_of
from stromal.facts.timeline import as_of, live_events
from stromal.facts.values import read_value
from stromal.library import Library
from stromal.plan.drugs.dosing import EFFECT, OCCURRENCE
from stromal.plan.drugs.rules import drug_names, parts_of, single
from stromal.plan.known.derive import derive
from stromal.plan.known.drugs_taken import daily_dose, drugs_taken
from stromal.plan.monitoring.graded import VERSIONS, Graded
from stromal.plan.monitoring.toxicity import COUNTED, DOSE, MEASURED, Deviation
from stromal.plan.patient import Patient
from stromal.tables.cell import overlaps

LINKS = "followup/laboratory-side-effects"
NO_LINK, OTHER = "-", "other"
SYMPTOMATIC, VERSION = "side_effect_symptomatic", "ctcae_version"
NO_DRUG = "no tumour drug was taken on that day"
_OF_THE_DAY = (*MEASURED, OCCURRENCE, SYMPTOMATIC)
"""Facts of the day itself: what was measured on another day says nothing here."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a deviation is judged by: the record, the day as seen from, the patient's past."""

    library: Library
    record: Record
    day: datetime.date | None
    then: Callable[[datetime.date | None], Patient]


def patients_of(
    library: Library, patient: Patient, record: Record
) -> Callable[[datetime.date | None], Patient]:
    """The patient as known on a day, each day worked out once."""
    kept: dict[datetime.date | None, Patient] = {None: patient}

    def then(when: datetime.date | None) -> Patient:
        if when not in kept:
            facts = derive(as_of(record, library.terms, when), library).facts
            known = {name: fact.possible for name, fact in facts.items()}
            kept[when] = Patient(library, patient.network, facts, known, patient.answers)
        return kept[when]

    return then


def deviations_of(
    course: Course, graded: Sequence[Graded]
) -> tuple[list[Deviation], dict[str, list[datetime.date]]]:
    """Every deviation, oldest first, and by key the days on which all was back in order."""
    measured = list(_of_readings(course, graded))
    found = _together(measured, list(_of_events(course, graded)))
    found.sort(key=lambda one: (one.day or datetime.date.min, one.event, one.drug))
    return found, _in_order(found, graded, links_of(course.library))


def _together(measured: Sequence[Deviation], recorded: Sequence[Deviation]) -> list[Deviation]:
    """Both, without a recorded side effect that has no grade where its values were measured.

    How often it came, if that was written, then goes with the values.
    """
    said = {(one.key, one.day): one for one in recorded}
    values = {(one.key, one.day) for one in measured if one.tests}
    kept = [
        one
        for one in recorded
        if "side_effect_grade" not in one.missing or (one.key, one.day) not in values
    ]
    told = (
        replace(one, occurrence=event.occurrence) if event and event.occurrence else one
        for one in measured
        for event in (said.get((one.key, one.day)),)
    )
    return [*told, *kept]


def links_of(library: Library) -> Mapping[str, str]:
    """The side effect of the labels for which each test stands; '-' for none."""
    compiled = library.compiled.get(LINKS)
    if compiled is None:
        return {}
    return {
        test: row.outputs["side_effect"]
        for row in compiled.table.rows
        for test in library.terms["laboratory_test"].values
        if overlaps(Choices.of(test), row.cells[0])
    }


def _key(side_effect: str, tests: Iterable[str], drug: str) -> str:
    part = ", ".join(tests) if side_effect == OTHER else side_effect
    return f"{part} under {drug}"


def _of_readings(course: Course, graded: Sequence[Graded]) -> Iterator[Deviation]:
    links = links_of(course.library)
    dated = [one for one in graded if one.reading.day and not one.reading.is_baseline]
    for day, of_day in itertools.groupby(dated, key=lambda one: one.reading.day):
        draw = list(of_day)
        then = course.then(day)
        facts = {**_measured(then, draw, day)}
        for side_effect, mine in _by_side_effect(draw, links).items():
            drugs = drugs_taken(then, course.record, day) or ("",)
            for drug in drugs:
                yield _deviation(course, (side_effect[0], drug), mine, facts, then)


def _by_side_effect(
    draw: Iterable[Graded], links: Mapping[str, str]
) -> dict[tuple[str, str], list[Graded]]:
    """What deviates, by the side effect for which it stands; 'other' ones apart by test."""
    found: dict[tuple[str, str], list[Graded]] = {}
    for one in draw:
        name = links.get(one.reading.test, NO_LINK)
        if any(max(grade.possible, default=0) for grade in one.grades):
            part = one.reading.test if name in (OTHER, NO_LINK) else ""
            found.setdefault((name, part), []).append(one)
    return found


def _deviation(
    course: Course,
    about: tuple[str, str],
    mine: Sequence[Graded],
    facts: Mapping[str, Possible],
    then: Patient,
) -> Deviation:
    side_effect, drug = about
    day = mine[0].reading.day
    tests = tuple(dict.fromkeys(one.reading.test for one in mine))
    grades = {version: _worst(mine, version) for version in VERSIONS}
    missing = (name for one in mine for name in one.missing())
    return Deviation(
        key=_key(side_effect, tests, drug),
        event=", ".join(dict.fromkeys(one.reading.event for one in mine)),
        day=day,
        drug=drug,
        side_effect=side_effect,
        tests=tests,
        written=tuple(dict.fromkeys(map(_written, mine))),
        grades={version: found for version, found in grades.items() if found},
        facts={**facts, **_symptoms(mine), **_dose(course, then, day, drug)},
        missing=tuple(dict.fromkeys(missing)),
        then=then,
        problems=tuple(_problems(then, side_effect, drug, tests)),
    )


def _written(one: Graded) -> str:
    """What the record says of a test; both numbers of a blood pressure are one."""
    test, given = one.reading.test, one.reading.given
    return f"blood pressure {given}" if test in PARTS and "/" in given else f"{test} {given}"


def _worst(mine: Iterable[Graded], version: str) -> tuple[int, ...]:
    """The grades possible for the worst of several tests of one draw."""
    sets = [found for one in mine if (found := one.worst(version))]
    return tuple(sorted({max(chosen) for chosen in itertools.product(*sets)})) if sets else ()


def _problems(
    then: Patient, side_effect: str, drug: str, tests: Sequence[str]
) -> Iterator[Problem]:
    place = ", ".join(tests)
    if side_effect == NO_LINK:
        what = "the tables of the labels have no name for it"
        yield Problem(place, what, "read the label of the drug itself")
    if not drug:
        yield Problem(place, NO_DRUG, "record the start of the drug if one was taken")
    elif drug not in drug_names(then):
        what = f"nothing was read of {drug}"
        yield Problem(place, what, "read the label of the drug itself")


def _dose(
    course: Course, then: Patient, day: datetime.date | None, drug: str
) -> dict[str, Possible]:
    dose = daily_dose(course.record, day, drug) if drug else None
    if dose is not None:
        return {DOSE: dose}
    return {} if _typed_on(then, DOSE, day) else {DOSE: then.library.terms[DOSE].domain}


def _typed_on(then: Patient, name: str, day: datetime.date | None) -> bool:
    """True if the fact was written on that very day."""
    fact = then.facts.get(name)
    return fact is not None and any(origin.day == str(day) for origin in fact.origins)


def _symptoms(mine: Iterable[Graded]) -> dict[str, Possible]:
    said = {one.reading.symptoms for one in mine} - {None}
    if not said:
        return {}
    return {SYMPTOMATIC: Choices.of("yes" if True in said else "no")}


def _measured(
    then: Patient, draw: Sequence[Graded], day: datetime.date | None
) -> dict[str, Possible]:
    """The facts that the labels ask about, as measured on the day; others are not known then."""
    terms = then.library.terms
    facts: dict[str, Possible] = {
        name: terms[name].domain for name in _OF_THE_DAY if not _typed_on(then, name, day)
    }
    for one in draw:
        for name, value in _facts_of(one):
            before = facts.get(name)
            if name.startswith("transaminase") and isinstance(before, Numbers):
                value = _higher(before, value, terms[name].domain)
            facts[name] = value
    return facts


def _higher(before: Numbers, value: Possible, domain: Possible) -> Possible:
    """The higher of ALT and AST, where both were measured."""
    assert isinstance(value, Numbers)
    if before == domain:
        return value
    return Numbers.between(max(before.low, value.low), max(before.high, value.high))


def _facts_of(one: Graded) -> Iterator[tuple[str, Possible]]:
    reading = one.reading
    plain = {
        "neutrophils": "neutrophil_count",
        "platelets": "platelet_count",
        "urine protein": "urine_protein",
        "corrected QT interval": "qtc_interval",
        "creatinine clearance": "creatinine_clearance",
    }
    if reading.test in plain:
        yield plain[reading.test], _numbers(reading.low, reading.high)
    ratios = {"ALT": "transaminase", "AST": "transaminase", "bilirubin": "bilirubin"}
    if reading.test in ratios and reading.upper_limit:
        loose = not (reading.converted and reading.limits_converted)
        ends = (reading.low, reading.high) if loose else (reading.value, reading.value)
        low, high = (end / reading.upper_limit for end in ends)
        yield f"{ratios[reading.test]}_times_upper_limit", _numbers(low, high)
    if reading.test == "ejection fraction":
        yield from _of_heart(one)


def _of_heart(one: Graded) -> Iterator[tuple[str, Possible]]:
    reading, base = one.reading, one.baseline.reading if one.baseline else None
    if base is not None and base is not reading and base.value:
        fall = base.value - reading.value
        yield "ejection_fraction_baseline", Choices.of("known")
        yield "ejection_fraction_fall", _numbers(fall, fall)
        yield "ejection_fraction_fall_of_baseline", _numbers(*(100 * fall / base.value,) * 2)
    if reading.lower_limit is not None:
        is_below = reading.high < reading.lower_limit
        yield "ejection_fraction_below_normal", Choices.of("yes" if is_below else "no")


def _numbers(low: Fraction, high: Fraction) -> Numbers:
    return Numbers.between(float(low), float(high))


def _of_events(course: Course, graded: Sequence[Graded]) -> Iterator[Deviation]:
    for event in live_events(course.record, course.day):
        if event.kind == "adverse event":
            days = days_of(event)
            day = days[0] if days else None
            then = course.then(day)
            named = str(event.details.get("drug") or "").strip().lower()
            drugs = parts_of(named) if named else drugs_taken(then, course.record, day)
            draw = [one for one in graded if one.reading.day == day and day]
            measured = _measured(then, draw, day)
            for drug in drugs or ("",):
                yield _of_event(course, event, then, (day, drug), measured)


def _of_event(
    course: Course,
    event: Event,
    then: Patient,
    when: tuple[datetime.date | None, str],
    measured: Mapping[str, Possible],
) -> Deviation:
    day, drug = when
    term = course.library.terms[EFFECT]
    written = str(event.details.get("term") or "")
    value = read_value(term, written)
    problems: list[Problem] = []
    side_effect = written
    if isinstance(value, Problem):
        remedy = "'stromal facts side_effect' lists them; 'other' for one that is not among them"
        problems.append(Problem(event.id, value.what, remedy))
    else:
        side_effect = single(value.possible) or written
        if single(value.possible) is None:  # '?', 'fever or infection': each is graded by itself
            what, remedy = f"{written!r} is not one side effect", "name one; two are two events"
            problems.append(Problem(event.id, what, remedy))
    grades, missing = _typed_grades(course.library, event)
    said = str(event.details.get("occurrence") or "")
    return Deviation(
        key=_key(side_effect, (written,), drug),
        event=event.id,
        day=day,
        drug=drug,
        side_effect=side_effect,
        tests=(),
        written=(),
        grades=grades,
        facts={**measured, **_dose(course, then, day, drug)},
        missing=missing,
        then=then,
        occurrence=COUNTED[min(int(said), len(COUNTED)) - 1]
        if said.isdecimal() and int(said)
        else "",
        problems=(*problems, *_problems(then, side_effect, drug, (written,))),
    )


def _typed_grades(
    library: Library, event: Event
) -> tuple[dict[str, tuple[int, ...]], tuple[str, ...]]:
    """The grade as written, in the version as written; without a version it counts in each."""
    raw, version = event.details.get("grade"), event.details.get("ctcae")
    named = read_value(library.terms[VERSION], version) if version is not None else None
    read = None if named is None or isinstance(named, Problem) else single(named.possible)
    versions = (read,) if read else VERSIONS
    missing = () if read else (VERSION,)
    grades = _grade_numbers(library, raw)
    if grades is None:
        return dict.fromkeys(versions, (1, 2, 3, 4)), ("side_effect_grade", *missing)
    return dict.fromkeys(versions, grades), missing


def _grade_numbers(library: Library, raw: object) -> tuple[int, ...] | None:
    value = read_value(library.terms["side_effect_grade"], raw) if raw is not None else None
    if value is None or isinstance(value, Problem) or not isinstance(value.possible, Numbers):
        return None
    possible = value.possible
    inside = (n for n in range(1, 6) if not possible.intersect(Numbers.exactly(n)).is_empty())
    return tuple(inside) or None


def _in_order(
    deviations: Iterable[Deviation], graded: Sequence[Graded], links: Mapping[str, str]
) -> dict[str, list[datetime.date]]:
    """By key, the days on which every test that had deviated was measured and in order."""
    by_key: dict[str, tuple[str, set[str], set[datetime.date | None]]] = {}
    for one in deviations:
        entry = by_key.setdefault(one.key, (one.side_effect, set(), set()))
        entry[1].update(one.tests)
        entry[2].add(one.day)
    found: dict[str, list[datetime.date]] = {}
    for key, (side_effect, tests, bad_days) in by_key.items():
        wanted = tests or {test for test, name in links.items() if name == side_effect}
        good: dict[datetime.date, set[str]] = {}
        for graded_one in graded:
            day, test = graded_one.reading.day, graded_one.reading.test
            if day and test in wanted and day not in bad_days:
                good.setdefault(day, set()).add(test)
        found[key] = [day for day, measured in good.items() if measured >= wanted]
    return found
