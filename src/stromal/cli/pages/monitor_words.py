"""Words of monitoring that the terminal and the page of HTML share: numbers, grades, steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from stromal.cli.speak import MARK, spoken
from stromal.plan.drugs.rules import Rule
from stromal.plan.monitoring.graded import Graded
from stromal.plan.monitoring.report import AdverseEvent, Monitoring, TestHistory
from stromal.plan.monitoring.toxicity import Finding, VersionStep

BARS = "▁▂▃▄▅▆▇█"
NO_ROW = "no row"
MOST_DECIMALS = 6
SUSPECT = "Whether the drug is the cause, the team judges; the rows say what the label then asks."
DIARY_SAYS = "The diary triggers nothing: no decision, option or dose looks at it."
SCORES_SAY = "Numbers only, 0 to 100. Function and global: 100 is best; symptoms: 100 is worst."
ADHERENCE_SAYS = "Shown beside the published thresholds; nothing is decided by them."
EXAMPLES = (
    (
        "laboratory values",
        "{kind: laboratory, day: 2026-03-02, values: {neutrophils: 1.2 10^9/L, ALT: 55 U/L}, "
        "limits: {ALT: up to 40 U/L}}",
    ),
    ("blood pressure", "{kind: visit, day: 2026-03-02, values: {blood pressure: 150/95 mmHg}}"),
    (
        "side effects",
        "{kind: adverse event, day: 2026-03-02, term: diarrhoea, grade: 2, ctcae: 5}",
    ),
    ("refills", "{kind: refill, day: 2026-03-02, drug: imatinib, days: 30}"),
    (
        "a questionnaire",
        "{kind: questionnaire, day: 2026-03-02, name: QLQ-C30, version: 3.0, "
        "answers: {1: 2, 2: 1}}",
    ),
    (
        "a diary",
        "{kind: diary, day: 2026-03-02, words: Cramps at night, symptoms: {cramps: a little}}",
    ),
    (
        "drug levels",
        "{kind: drug level, day: 2026-03-02, drug: imatinib, level: 1100 ng/mL, "
        "hours_after_dose: 23}",
    ),
)
"""What to type for each part that a record can have."""


def number(value: Fraction | None) -> str:
    """A number with all its decimals; 'about' and four figures where they have no end."""
    if value is None:
        return "-"
    for decimals in range(MOST_DECIMALS + 1):
        if (value * 10**decimals).denominator == 1:
            return f"{float(value):.{decimals}f}"
    return f"about {float(value):.4g}"


def signed(value: Fraction | None) -> str:
    """A change: '+1.5', '-3', '0'; '-' where there is none."""
    if value is None:
        return "-"
    text = number(abs(value))
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return f"about {sign}{text.removeprefix('about ')}" if "about" in text else f"{sign}{text}"


def grade_words(grades: Sequence[int]) -> str:
    """'3', '0 or 1', '0 to 4'; where the version has no row, that."""
    if len(grades) > 2 and grades[-1] - grades[0] == len(grades) - 1:
        return f"{grades[0]} to {grades[-1]}"
    return " or ".join(map(str, grades)) if grades else NO_ROW


def short_version(version: str) -> str:
    """'v5' for 'CTCAE 5'."""
    return f"v{version.split()[-1]}"


def worst_words(one: Graded, version: str) -> str:
    """The worst grade of a reading in a version; "-" where the test has no rows at all."""
    mine = [g for g in one.grades if g.version == version]
    if not mine:
        return "-"
    return grade_words(one.worst(version))


def missing_words(one: Graded, version: str | None) -> str:
    """What would settle open grades, in words."""
    return all_asked(one.missing(version))


def all_asked(names: Iterable[str]) -> str:
    """Facts that are asked for, in words, each thing once."""
    words = dict.fromkeys(map(asked, names))
    if _BEFORE_WITH_LIMIT in words:
        words.pop(_BEFORE, None)
    return ", ".join(words)


def asked(name: str) -> str:
    """A fact that is asked for, as words."""
    return _ASKED.get(name, spoken(name))


_BEFORE = "the value before treatment"
_BEFORE_WITH_LIMIT = "the value before treatment with its limit"
_ASKED = {
    "times_lower_limit": "the lower limit of the laboratory",
    "times_upper_limit": "the upper limit of the laboratory",
    "baseline_level": _BEFORE_WITH_LIMIT,
    "times_baseline": _BEFORE,
    "rise_since_baseline": _BEFORE,
    "laboratory_symptoms": "whether there are symptoms of it, or treatment for it",
    "side_effect_grade": "the grade of the side effect",
    "ctcae_version": "the version of CTCAE by which it was graded",
}


def sparkline(values: Sequence[Fraction]) -> str:
    """A bar for each value, the lowest and the highest of all as the ends."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return BARS[3] * len(values)
    top = len(BARS) - 1
    return "".join(BARS[round((value - low) / (high - low) * top)] for value in values)


def values_of(history: TestHistory) -> list[Fraction]:
    """The values that have a day, oldest first."""
    return [one.reading.value for one in history.readings if one.reading.day]


def finding_title(found: Finding, version: str | None) -> str:
    """'2025-03-20: neutropenia (neutrophils 0.9 10^9/L) under imatinib: CTCAE 5 grade 3 ...'."""
    of = f" ({', '.join(dict.fromkeys(found.written))})" if found.written else ""
    under = f" under {found.drug}" if found.drug else ""
    name = found.side_effect if found.side_effect not in ("-", "other") else "deviation"
    return f"{found.day or 'no day'}: {name}{of}{under}: {_grades(found, version)}"


def _grades(found: Finding, version: str | None) -> str:
    steps = chosen_steps(found, version)
    said = [f"{step.version} grade {grade_words(step.grades)}{_times(step)}" for step in steps]
    if len(said) == 2 and len({s.partition(" grade ")[2] for s in said}) == 1:
        return f"CTCAE 5 and 6 grade {said[0].partition(' grade ')[2]}"
    return "; ".join(said)


def _times(step: VersionStep) -> str:
    return f" ({' or '.join(step.occurrence)} time)" if step.occurrence else ""


def chosen_steps(found: Finding, version: str | None) -> tuple[VersionStep, ...]:
    """The steps of the version asked for, or of both."""
    return tuple(step for step in found.steps if version in (None, step.version))


def step_groups(found: Finding, version: str | None) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """The rows of the label, once if both versions lead to the same, else by version."""
    steps = [step for step in chosen_steps(found, version) if step.grades]
    if steps and (len(steps) == 1 or not found.depends):
        yield "", steps[0].rules
        return
    for step in steps:
        yield f"by {step.version}", step.rules


def rule_words(rule: Rule) -> str:
    """'hold; again when ...; then 300 mg once daily', with what it hangs on."""
    out = rule.basis.outputs
    parts = [out.get("action", "-")]
    if out.get("resume_when", "-") != "-":
        parts.append(f"until: {out['resume_when']}")
    if out.get("next_dose", "-") != "-":
        parts.append(f"then: {out['next_dose']}")
    depends = all_asked(rule.depends_on)
    may = "" if rule.certain else f" (only if it fits; not known: {depends or 'the grade'})"
    return "; ".join(parts) + may


def rule_source(rule: Rule) -> str:
    """The row with its source and how it was read."""
    basis = rule.basis
    mark = f" [{MARK[basis.status]}]" if basis.status in MARK else ""
    return f"{basis.document} {basis.row}: {'; '.join(basis.citations)} ({basis.status}){mark}"


def no_step_words(found: Finding, version: str | None) -> str:
    """Why no row of the label is shown; '' where one is."""
    if found.problems:
        return "; ".join(f"{problem.what}: {problem.remedy}" for problem in found.problems)
    if any(rules for _, rules in step_groups(found, version)):
        return ""
    if not found.label_read:
        return f"no dose changes were read for {found.drug}: read its label"
    return f"the dose changes read for {found.drug} have no row for this grade"


def no_meaning(event: AdverseEvent) -> str:
    """Why no grade in words is shown for a recorded side effect."""
    if event.by_values:
        return "Graded by its laboratory values: see above."
    return "No grades in words were read for this term."


def speaks(found: Finding) -> bool:
    """True if the finding reaches a row, has a question, or is of grade 2 or higher for certain."""
    if any(step.rules for step in found.steps):
        return True
    return any(step.grades and min(step.grades) >= 2 for step in found.steps)


def latest_findings(monitoring: Monitoring) -> list[Finding]:
    """The last finding of each side effect and test under each drug, the newest first."""
    last: dict[tuple[str, ...], Finding] = {}
    for found in monitoring.findings:
        part = found.tests if found.side_effect in ("-", "other") else ()
        last[found.drug, found.side_effect, *part] = found
    chosen = [found for found in last.values() if speaks(found)]
    return sorted(chosen, key=lambda one: str(one.day or ""), reverse=True)


def is_over(found: Finding, monitoring: Monitoring) -> bool:
    """True if every test of the finding was measured later and no longer deviates."""
    if not found.tests or found.day is None:
        return False
    by_test = {history.test: history.readings[-1] for history in monitoring.tests}
    last = [by_test[test] for test in found.tests if test in by_test]
    return bool(last) and all(
        one.reading.day and one.reading.day > found.day and _is_fine(one) for one in last
    )


def _is_fine(one: Graded) -> bool:
    return bool(one.grades) and not any(max(g.possible, default=0) for g in one.grades)


def absent_parts(monitoring: Monitoring) -> list[tuple[str, str]]:
    """The parts that the record does not have, each with what to type."""
    tests = {history.test for history in monitoring.tests}
    has = {
        "laboratory values": bool(tests),
        "blood pressure": "systolic pressure" in tests,
        "side effects": bool(monitoring.events),
        "refills": bool(monitoring.adherence),
        "a questionnaire": bool(monitoring.questionnaires),
        "a diary": bool(monitoring.diary.entries),
        "drug levels": bool(monitoring.levels),
    }
    return [(name, example) for name, example in EXAMPLES if not has[name]]
