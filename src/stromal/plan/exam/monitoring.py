"""What a worked patient is expected to show under monitoring: grades, steps, taking, scores.

    monitoring:
      neutrophils: {CTCAE 5: 3, CTCAE 6: 2}     # the last value; or 'neutrophils @ 2025-02-01'
      neutropenia: {CTCAE 5: IMA-D04a or IMA-D08a, times: first, depends: no}
      imatinib: {PDC: 80, gap: 6}
      QLQ-C30: {QL: 75, missing: 3}
      diary: {tiredness: very much}                         # the worst
      overdue: [liver tests]
      problems: 0

A row that may fit is written with a question mark behind it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from stromal.plan.monitoring.graded import VERSIONS, Graded
from stromal.plan.monitoring.refills import DrugAdherence
from stromal.plan.monitoring.report import Monitoring, TestHistory
from stromal.plan.monitoring.toxicity import Finding, VersionStep

Found = Iterator[tuple[str, str, str, bool]]
NO_ROW, NOTHING = "no row", "nothing"


def check_monitoring(found: Monitoring, wanted: Mapping[str, object]) -> Found:
    """Every answer expected, with what was found."""
    for key, value in wanted.items():
        name, _, day = (part.strip() for part in key.partition("@"))
        if name in _WHOLE:
            yield from _compared(f"monitoring, {key}", value, _WHOLE[name](found))
            continue
        said = _parts(found, name, day)
        parts = value if isinstance(value, Mapping) else {"": value}
        for part, expected in parts.items():
            where = f"monitoring, {key}, {part}"
            if said is None or str(part) not in said:
                yield where, str(expected), f"no such part of {name}", False
            else:
                yield from _compared(where, expected, said[str(part)])


def _compared(where: str, wanted: object, found: str) -> Found:
    text = " or ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    text = text or NOTHING
    yield where, text, found, set(text.split(" or ")) == set(found.split(" or "))


_WHOLE: Mapping[str, Callable[[Monitoring], str]] = {
    "problems": lambda found: str(len(found.problems)),
    "overdue": lambda found: _overdue(found),
    "drugs": lambda found: " or ".join(found.drugs) or NOTHING,
    "questions": lambda found: (
        " or ".join(e.question for e in found.events if e.question) or NOTHING
    ),
    "levels": lambda found: (
        " or ".join(f"{x.level} at {x.hours} h" for x in found.levels) or NOTHING
    ),
    "indices": lambda found: (
        " or ".join(f"{i.name} {_number(i.value)}" for i in found.indices.found) or NOTHING
    ),
}


def _overdue(found: Monitoring) -> str:
    checks = [check.test for check in found.checks or () if check.state == "overdue"]
    return " or ".join(dict.fromkeys(checks)) or NOTHING


def _parts(found: Monitoring, name: str, day: str) -> dict[str, str] | None:
    """What there is under a name: of a test, a side effect, a drug, a questionnaire, the diary."""
    for history in found.tests:
        if history.test == name:
            return _of_test(history, day)
    if steps := [f for f in found.findings if f.side_effect == name and _on(f.day, day)]:
        return _of_finding(steps[-1])
    for drug in found.adherence:
        if drug.drug == name:
            return _of_drug(drug)
    if name == "diary":
        return {symptom.name: symptom.worst for symptom in found.diary.symptoms}
    scored = [one for one in found.questionnaires if one.scales and _on(one.day, day)]
    if scored and scored[-1].name.startswith(name):
        last = scored[-1]
        scores = {s.code: _number(s.value) for s in last.scales}
        changes = {f"{s.code} change": _number(s.change) for s in last.scales}
        whole = {"summary": _number(last.summary), "missing": str(len(last.missing_items))}
        return scores | changes | whole
    return None


def _on(day: datetime.date | str | None, wanted: str) -> bool:
    return not wanted or str(day) == wanted


def _of_test(history: TestHistory, day: str) -> dict[str, str] | None:
    readings = [one for one in history.readings if _on(one.reading.day, day)]
    if not readings:
        return None
    last, trend = readings[-1], history.trend
    return {
        **{version: _grades(last, version) for version in VERSIONS},
        "value": f"{_number(last.reading.value)} {history.unit}",
        "baseline": _number(last.baseline.reading.value if last.baseline else None),
        "missing": " or ".join(last.missing()) or NOTHING,
        "differ": "yes" if last.differ else "no",
        "note": last.note or NOTHING,
        "since last": _number(trend.since_last if trend else None),
        "since baseline": _number(trend.since_baseline if trend else None),
        "direction": trend.direction if trend else NOTHING,
    }


def _grades(one: Graded, version: str) -> str:
    return " or ".join(map(str, one.worst(version))) or NO_ROW


def _of_finding(found: Finding) -> dict[str, str]:
    parts = {
        "depends": "yes" if found.depends else "no",
        "drug": found.drug or NOTHING,
        "problem": "; ".join(problem.what for problem in found.problems) or NOTHING,
        "missing": " or ".join(found.missing) or NOTHING,
        "times": " or ".join(dict.fromkeys(t for s in found.steps for t in s.occurrence))
        or NOTHING,
    }
    for version in VERSIONS:
        steps = [step for step in found.steps if step.version == version]
        parts[version] = _rows(steps[0]) if steps else NO_ROW
    return parts


def _rows(step: VersionStep) -> str:
    rows = [f"{r.basis.row}{'' if r.certain else '?'}" for r in step.rules]
    return " or ".join(rows) or NOTHING


def _of_drug(drug: DrugAdherence) -> dict[str, str]:
    made = drug.found
    return {
        "PDC": _number(drug.percent_covered),
        "PDC by label": _number(100 * label.days_covered if (label := drug.by_label) else None),
        "MPR": _number(drug.percent_possessed),
        "gap": str(made.longest_gap) if made else NOTHING,
        "days": str(made.days) if made else NOTHING,
        "reached": " or ".join(t.row for t in drug.thresholds if t.reached) or NOTHING,
        "notes": " or ".join(drug.notes) or NOTHING,
    }


def _number(value: Fraction | None) -> str:
    """A number with all decimals; rounded to two where they have no end."""
    if value is None:
        return "none"
    exact = next((d for d in range(7) if (value * 10**d).denominator == 1), None)
    return f"{float(value):.{2 if exact is None else exact}f}"
