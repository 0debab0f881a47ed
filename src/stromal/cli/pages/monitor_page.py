"""The page of `stromal monitor` for the terminal: what deviates, what follows, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stromal.cli.pages.monitor_shown import level_words, shown_lines
from stromal.cli.pages.monitor_words import (
    SUSPECT,
    absent_parts,
    all_asked,
    finding_title,
    grade_words,
    is_over,
    latest_findings,
    missing_words,
    no_meaning,
    no_step_words,
    number,
    rule_source,
    rule_words,
    short_version,
    signed,
    sparkline,
    step_groups,
    values_of,
    worst_words,
)
from stromal.cli.pages.page import Cell, Page
from stromal.cli.speak import MARK, problem_lines
from stromal.plan.monitoring.graded import VERSIONS, Graded
from stromal.plan.monitoring.report import AdverseEvent, Monitoring, TestHistory
from stromal.plan.monitoring.toxicity import Finding

MOST_SUMMARY = 6
AT = 24
WIDE = 95
"""From this width on there is room for the change since the baseline."""
MOST_BARS = 8
EMPTY = "The record has nothing yet that is watched under treatment. Under 'events:' write"


def monitor_lines(page: Page, found: Monitoring, version: str | None = None) -> Iterator[str]:
    """The whole page; `version` keeps to one version of CTCAE."""
    yield from page.text(found.title or found.patient, style="bold")
    yield from problem_lines(page, found.problems)
    drugs = ", ".join(found.drugs) or "none recorded"
    yield from page.entry("tumour drug now", drugs, AT)
    yield from page.entry("as known on", str(found.day or "the last day of the record"), AT)
    if found.is_empty:
        yield from page.text(EMPTY, 2, 2)
        yield from _examples(page, found)
        return
    yield from _deviations(page, found, version)
    yield from _values(page, found.tests, version)
    yield from _events(page, found.events)
    yield from _checks(page, found)
    yield from shown_lines(page, found)
    if absent_parts(found):
        yield from page.heading("Not in the record, if you want them watched")
        yield from _examples(page, found)


def test_lines(page: Page, found: Monitoring, test: str, version: str | None) -> Iterator[str]:
    """One test with every value, its grades, what settles open ones, and its findings."""
    history = next((one for one in found.tests if one.test == test), None)
    yield from page.text(f"{found.title or found.patient}: {test}", style="bold")
    yield from problem_lines(page, found.problems)
    if history is None:
        yield from page.text(f"No value of {test} is recorded. Under 'events:' write", 2, 2)
        yield from page.text(f"- {absent_parts_example(test)}", 4, 2)
        return
    rows = [_reading_row(one, version) for one in history.readings]
    header = ("day", "value", "limits", *(short_version(v) for v in _versions(version)), "note")
    yield from page.table(header, rows, len(header) - 1, 60)
    yield from _trend(page, history)
    for one in found.findings:
        if test in one.tests:
            yield from _finding(page, one, version, over=False)


def absent_parts_example(test: str) -> str:
    """What to type for a test of which there is no value."""
    return f"{{kind: laboratory, day: 2026-03-02, values: {{{test}: NUMBER UNIT}}}}"


def summary_lines(page: Page, found: Monitoring) -> list[str]:
    """At most six lines for the plan's page; none where nothing is watched."""
    if found.is_empty:
        return []
    return [line for text in _summary(found) for line in page.text(text, 2, 2)[:2]][:MOST_SUMMARY]


def _summary(found: Monitoring) -> Iterator[str]:
    present = [one for one in latest_findings(found) if not is_over(one, found)]
    present.sort(key=_worst_grade, reverse=True)
    for one in present[:2]:
        steps = [rule_words(rule) for _, rules in step_groups(one, None) for rule in rules[:1]]
        said = " / ".join(dict.fromkeys(steps)) or no_step_words(one, None)
        yield f"{finding_title(one, None)} -> {said}"
    if len(present) > 2:
        yield f"{len(present) - 2} more deviations: stromal monitor"
    if not present and (found.tests or found.events):
        yield "No present deviation of grade 2 or more, none that reaches a row of the label."
    overdue = [check.test for check in found.checks or () if check.state == "overdue"]
    if overdue:
        yield f"overdue by the label: {', '.join(dict.fromkeys(overdue))}"
    for drug in found.adherence[:1]:
        if drug.percent_covered is not None:
            label = drug.by_label
            other = (
                f" ({number(100 * label.days_covered)} % by the label's days off)" if label else ""
            )
            yield f"days covered by refills, {drug.drug}: {number(drug.percent_covered)} %{other}"
    if found.problems:
        yield f"could not be read: {len(found.problems)}; stromal monitor says what"
    yield from _latest_shown(found)


def _worst_grade(one: Finding) -> int:
    """The highest grade that is still possible by any version."""
    return max((grade for step in one.steps for grade in step.grades), default=0)


def _latest_shown(found: Monitoring) -> Iterator[str]:
    for level in found.levels[-1:]:
        yield f"last level: {level_words(level)}"
    for scores in [one for one in found.questionnaires if one.scales][-1:]:
        yield f"{scores.name} of {scores.day}: summary {number(scores.summary)} (numbers only)"
    for entry in found.diary.entries[-1:]:
        yield f"diary: last entry {entry.day or 'without a day'} (triggers nothing)"


def _deviations(page: Page, found: Monitoring, version: str | None) -> Iterator[str]:
    present = latest_findings(found)
    yield from page.heading("Deviations and the steps of the label")
    if not present:
        none = "No value or recorded side effect reaches grade 2 or a row of the label."
        yield from page.text(none, 2, 2)
        return
    yield from page.text(SUSPECT, 2, style="dim")
    for one in present:
        yield from _finding(page, one, version, over=is_over(one, found))


def _finding(page: Page, one: Finding, version: str | None, *, over: bool) -> Iterator[str]:
    past = " - since then back in order" if over else ""
    style = "dim" if over else "bold"
    yield from page.text(f"{finding_title(one, version)}{past}", 2, 2, style)
    if one.depends and version is None:
        words = "The versions of CTCAE lead to different steps, and the label as read names none:"
        yield from page.text(f"{words} it depends on which it means.", 4, 2, "yellow")
    for which, rules in step_groups(one, version):
        for rule in rules:
            lead = f"{which}: " if which else ""
            yield from page.text(f"{lead}{rule_words(rule)}", 4, 2)
            yield from page.text(f"{rule_source(rule)}", 6, 2, "dim")
        if which and not rules:
            yield from page.text(f"{which}: no row of the label", 4, 2)
    if words := no_step_words(one, version):
        yield from page.text(words, 4, 2)
    if one.missing:
        yield from page.text(f"Would settle it: {all_asked(one.missing)}", 4, 2, "yellow")


def _versions(version: str | None) -> tuple[str, ...]:
    return (version,) if version else VERSIONS


def _values(page: Page, tests: Iterable[TestHistory], version: str | None) -> Iterator[str]:
    histories = list(tests)
    if not histories:
        return
    yield from page.heading("Values: the last of each test")
    heads = [short_version(v) for v in _versions(version)]
    header = ("test", "day", "value", *heads, "change", "course", "since baseline")
    rows = [_value_row(one, version) for one in histories]
    if page.width < WIDE:  # `--test` shows it
        header, rows = header[:-1], [row[:-1] for row in rows]
    yield from page.table(header, rows, 0, 18)
    notes = [note for one in histories for note in _notes(one, version)]
    for note in dict.fromkeys(notes):
        yield from page.text(note, 2, 2, "dim")


def _value_row(history: TestHistory, version: str | None) -> tuple[Cell, ...]:
    last, trend = history.readings[-1], history.trend
    grades = [worst_words(last, v) for v in _versions(version)]
    bold = "bold" if last.differ or _is_high(last) else ""
    return (
        Cell(history.test, bold),
        Cell(str(last.reading.day or "no day")),
        Cell(f"{_value(last)} {history.unit}".removesuffix(" ratio")),
        *(Cell(grade, bold) for grade in grades),
        Cell(signed(trend.since_last) if trend else "-"),
        Cell(sparkline(values_of(history)[-MOST_BARS:])),
        Cell(signed(trend.since_baseline) if trend else "-"),
    )


def _value(one: Graded) -> str:
    reading = one.reading
    if reading.given.startswith(("<", ">")):
        return f"{reading.given[0]}{number(reading.value)}"
    return f"about {float(reading.value):.4g}" if reading.converted else number(reading.value)


def _is_high(one: Graded) -> bool:
    return any(min(grade.possible, default=0) >= 2 for grade in one.grades)


def _notes(history: TestHistory, version: str | None) -> Iterator[str]:
    """Why a grade is open or absent, and where the versions part."""
    last = history.readings[-1]
    if words := missing_words(last, version):
        yield f"{history.test}: would settle the grade: {words}"
    if last.note:
        yield f"{history.test}: {last.note}"
    if last.differ and version is None:
        said = ", ".join(f"{v} grade {grade_words(last.worst(v))}" for v in VERSIONS)
        yield f"{history.test}: the versions differ: {said}"


def _reading_row(one: Graded, version: str | None) -> tuple[Cell, ...]:
    reading = one.reading
    ends = [number(end) if end is not None else "" for end in (reading.lower_limit,
                                                              reading.upper_limit)]  # fmt: skip
    from_before = f" (of {reading.limits_from})" if reading.limits_from else ""
    limits = f"{ends[0]} to {ends[1]}{from_before}" if any(ends) else "-"
    notes = [missing_words(one, version), one.note]
    if reading.converted:
        notes.append(f"written {reading.given} ({reading.converted})")
    if reading.is_baseline:
        notes.append("baseline")
    return (
        Cell(str(reading.day or "no day")),
        Cell(f"{_value(one)} {reading.unit}".removesuffix(" ratio")),
        Cell(limits),
        *(Cell(worst_words(one, v)) for v in _versions(version)),
        Cell("; ".join(note for note in notes if note)),
    )


def _trend(page: Page, history: TestHistory) -> Iterator[str]:
    trend, base = history.trend, history.readings[-1].baseline
    if trend is None:
        return
    if trend.since_last is not None:
        yield from page.text(
            f"{trend.direction}: {signed(trend.since_last)} {history.unit} in "
            f"{trend.days_since_last} days  {sparkline(values_of(history))}", 2, 2,
        )  # fmt: skip
    if trend.slope is not None:
        line = f"{signed(30 * trend.slope)} {history.unit} in 30 days"
        yield from page.text(f"straight line through {trend.number} values: {line}", 2, 2)
    if base:
        words = f"baseline: {number(base.reading.value)} of {base.reading.day} ({base.why})"
        yield from page.text(f"{words}; since then {signed(trend.since_baseline)}", 2, 2)


def _events(page: Page, events: Iterable[AdverseEvent]) -> Iterator[str]:
    recorded = list(events)
    if not recorded:
        return
    yield from page.heading("Recorded side effects: what the grades mean")
    for event in recorded:
        grade = f"grade {event.grade}" if event.grade else "no grade"
        version = f" by CTCAE {event.version.removeprefix('CTCAE ')}" if event.version else ""
        yield from page.text(
            f"{event.day or 'no day'}: {event.term}, {grade}{version}", 2, 2, "bold"
        )
        if event.question:
            yield from page.text(event.question, 4, 2, "yellow")
        for one in event.meanings:
            mark = f" [{MARK[one.status]}]" if one.status in MARK else ""
            here = "> " if event.grade == str(one.grade) else "  "
            words = f"{here}{one.grade} ({one.term}, {one.version}): {one.means}{mark}"
            yield from page.text(words, 4, 4)
            for dispute in one.disputes:
                yield from page.text(f"Disputed: {dispute}", 8, 2, "yellow")
        if not event.meanings:
            yield from page.text(no_meaning(event), 4, 2)


def _checks(page: Page, found: Monitoring) -> Iterator[str]:
    if not found.drugs:
        return
    yield from page.heading("Due by the label of the drug")
    if found.checks is None:
        yield from page.text("Give --day to see what is due or overdue on a day.", 2, 2)
        return
    for check in found.checks:
        last = f", last done {check.last_done}" if check.last_done else ", none recorded"
        style = "red" if check.state == "overdue" else "yellow"
        words = f"{check.state.upper()} {check.test}: planned {check.planned}{last}"
        yield from page.text(words, 2, 2, style)
        yield from page.text(f"{check.words} {check.source} ({check.status})", 4, 2, "dim")
    if not found.checks:
        yield from page.text("Nothing that the label dates is due.", 2, 2)


def _examples(page: Page, found: Monitoring) -> Iterator[str]:
    for name, example in absent_parts(found):
        yield from page.text(name, 4)
        yield from page.text(f"- {example}", 6, 2, "dim")
