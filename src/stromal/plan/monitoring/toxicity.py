"""From a graded deviation or a recorded side effect to the step of the label, by each version.

The tables are those of dose changes in the drug documents; the drug is the one taken on that day,
at its dose of that day. How often it came is counted from the record. Where two versions of CTCAE
lead to different rows, both are kept: which counts, depends on the version that the label means.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.followup.episodes import Met, times
from stromal.plan.drugs.dosing import DOSE_CHANGES, EFFECT, GRADE, OCCURRENCE
from stromal.plan.drugs.rules import Rule, rules, section, with_facts
from stromal.plan.monitoring.graded import VERSIONS
from stromal.plan.patient import Patient

DOSE = "current_daily_dose"
COUNTED = ("first", "second", "third", "later")
MEASURED = (
    "neutrophil_count", "platelet_count", "transaminase_times_upper_limit",
    "bilirubin_times_upper_limit", "urine_protein", "qtc_interval", "ejection_fraction_fall",
    "ejection_fraction_fall_of_baseline", "ejection_fraction_below_normal",
    "ejection_fraction_baseline", "creatinine_clearance",
)  # fmt: skip
"""Facts of the labels that a laboratory or a machine gives."""
_OWN = (f"{EFFECT} ", f"{GRADE} ")
"""How the conditions of a row begin that speak of the side effect itself."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What was found on a day under a drug, before the label is asked.

    `grades` by version; () where the version has no row. `facts` are what was measured that day.
    `written` is what the record says of each test.
    """

    key: str
    event: str
    day: datetime.date | None
    drug: str
    side_effect: str
    tests: tuple[str, ...]
    written: tuple[str, ...]
    grades: Mapping[str, tuple[int, ...]]
    facts: Mapping[str, Possible]
    missing: tuple[str, ...]
    then: Patient
    occurrence: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionStep:
    """The grade in one version, how often it has come, and the rows of the label that follow."""

    version: str
    grades: tuple[int, ...]
    occurrence: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A side effect under a drug on a day, with the steps of the label by each version.

    `depends`: the versions that have a grade lead to different rows of the label.
    """

    event: str
    day: datetime.date | None
    drug: str
    side_effect: str
    tests: tuple[str, ...]
    written: tuple[str, ...]
    steps: tuple[VersionStep, ...]
    depends: bool
    missing: tuple[str, ...]
    label_read: bool
    problems: tuple[Problem, ...]


def findings_of(
    deviations: Sequence[Deviation], in_order: Mapping[str, Sequence[datetime.date]]
) -> tuple[Finding, ...]:
    """Each deviation with its steps; `in_order`: by key, days on which all was back in order."""
    found: dict[int, dict[str, VersionStep]] = {}
    for key in dict.fromkeys(one.key for one in deviations):
        places = [place for place, one in enumerate(deviations) if one.key == key]
        mine = [deviations[place] for place in places]
        for version in VERSIONS:
            spans = _counted(mine, in_order.get(key, ()), version)
            for place, one, span in zip(places, mine, spans, strict=True):
                if version in one.grades:
                    found.setdefault(place, {})[version] = _step(one, version, span)
    return tuple(_finding(one, found.get(place, {})) for place, one in enumerate(deviations))


def _finding(one: Deviation, steps: Mapping[str, VersionStep]) -> Finding:
    return Finding(
        event=one.event,
        day=one.day,
        drug=one.drug,
        side_effect=one.side_effect,
        tests=one.tests,
        written=one.written,
        steps=tuple(steps.values()),
        depends=len({_rows(step) for step in steps.values() if step.grades}) > 1,
        missing=one.missing,
        label_read=bool(one.drug) and section(one.then, one.drug, DOSE_CHANGES) is not None,
        problems=one.problems,
    )


def _rows(step: VersionStep) -> frozenset[tuple[str, bool]]:
    return frozenset((rule.basis.row, rule.certain) for rule in step.rules)


def _counted(
    mine: Sequence[Deviation], in_order: Iterable[datetime.date], version: str
) -> list[tuple[str, ...]]:
    """For each deviation of one kind under one drug, the words for how often it may have come."""
    days: list[tuple[datetime.date, int]] = [
        (one.day or datetime.date.min, place) for place, one in enumerate(mine)
    ]
    days += [(day, -1) for day in in_order]
    days.sort(key=lambda entry: (entry[0], entry[1]))
    spans = times(Met.NO if place < 0 else _met(mine[place], version) for _, place in days)
    words: list[tuple[str, ...]] = [()] * len(mine)
    for (_, place), span in zip(days, spans, strict=True):
        if place >= 0:
            words[place] = _words(span)
    return [(one.occurrence,) if one.occurrence else w for one, w in zip(mine, words, strict=True)]


def _words(span: tuple[int, int] | None) -> tuple[str, ...]:
    if span is None:
        return ()
    last = len(COUNTED)
    return tuple(
        COUNTED[number - 1] for number in range(min(span[0], last), min(span[1], last) + 1)
    )


def _met(one: Deviation, version: str) -> Met:
    """Whether it reached a row of the label that speaks of this side effect, however often."""
    speaking = [rule for rule in _asked(one, version, ()) if _is_own(rule)]
    if any(set(rule.depends_on) <= {OCCURRENCE, DOSE} for rule in speaking):
        return Met.YES
    return Met.MAYBE if speaking else Met.NO


def _is_own(rule: Rule) -> bool:
    return any(condition.startswith(_OWN) for condition in rule.basis.conditions)


def _step(one: Deviation, version: str, occurrence: tuple[str, ...]) -> VersionStep:
    asked = _asked(one, version, occurrence)
    ordered = tuple(sorted(asked, key=lambda rule: not rule.certain))
    return VersionStep(version, one.grades[version], occurrence, ordered)


def _asked(one: Deviation, version: str, occurrence: tuple[str, ...]) -> list[Rule]:
    """The rows of the label for the grade of a version.

    While grade 0 is possible, only a row that a measured number decides is certain.
    """
    grades = one.grades.get(version, ())
    reached = [number for number in grades if number]
    if not one.drug or not reached or one.problems:
        return []
    terms = one.then.library.terms
    facts: dict[str, Possible] = {
        **one.facts,
        EFFECT: Choices.of(one.side_effect),
        GRADE: Numbers.of(i for number in reached for i in Numbers.exactly(number).intervals),
        OCCURRENCE: Choices.of(*occurrence) if occurrence else terms[OCCURRENCE].domain,
    }
    found = rules(with_facts(one.then, facts), one.drug, DOSE_CHANGES)
    if len(reached) == len(grades):
        return found
    return [rule if _by_number(rule) else _perhaps(rule, one) for rule in found]


def _by_number(rule: Rule) -> bool:
    """True if a measured number decides the row, whatever the grade."""
    names = [condition.partition(" ")[0] for condition in rule.basis.conditions]
    return GRADE not in names and any(name in MEASURED for name in names)


def _perhaps(rule: Rule, one: Deviation) -> Rule:
    depends = tuple(dict.fromkeys((*one.missing, *rule.depends_on)))
    return replace(rule, certain=False, depends_on=depends)
