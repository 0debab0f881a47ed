"""Monitoring as one page of HTML with curves: no other file, no script, fit for printing.

A grade is told by its number and by the shape of its mark, never by colour alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from stromal.cli.pages.monitor_words import (
    ADHERENCE_SAYS,
    DIARY_SAYS,
    SCORES_SAY,
    SUSPECT,
    finding_title,
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
    step_groups,
    worst_words,
)
from stromal.cli.speak import MARK
from stromal.plan.monitoring.graded import VERSIONS, Graded
from stromal.plan.monitoring.report import Monitoring, TestHistory
from stromal.plan.monitoring.toxicity import Finding

FOR_WHOM = (
    "For health professionals. Stromal shows the basis of a decision; it does not take it. "
    "Not a certified medical device."
)
WIDE, HIGH, EDGE = 170, 46, 6
STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.45 "Noto Sans", "DejaVu Sans", system-ui, sans-serif; color: #111;
  background: #fff; margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.4rem; margin: .6rem 0 .2rem; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; border-bottom: 2px solid #0b4f8a; }
p { margin: .3rem 0; } small { color: #333; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
  border-bottom: 1px solid #aaa; }
th { font-size: .85rem; border-bottom: 2px solid #333; } .one { white-space: nowrap; }
.finding { border-left: 6px solid #111; padding: .1rem .7rem; margin: .6rem 0;
  break-inside: avoid; }
.over { border-left: 6px dotted #666; } .depends { border-left-style: double; }
.ask { border-left: 6px double #8a4b00; padding: .1rem .7rem; margin: .4rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; } svg { display: block; }
.scroll { overflow-x: auto; }
@media print { body { font-size: 10pt; padding: 0; max-width: none; }
  .scroll { overflow: visible; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""
KEY = (
    "Marks: circle grade 0 or not graded, square grade 1 to 2, triangle grade 3 or more (CTCAE 5)."
)


def monitor_html(found: Monitoring, version: str | None) -> str:
    """The page; `version` keeps to one version of CTCAE."""
    title = escape(found.title or found.patient)
    body = "\n".join(_body(found, version))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}: monitoring</title><style>{STYLE}</style></head>\n<body>\n"
        f"<h1>{title}</h1>\n{body}\n<p><small>{FOR_WHOM}</small></p>\n</body></html>\n"
    )


def _body(found: Monitoring, version: str | None) -> Iterator[str]:
    drugs = ", ".join(found.drugs) or "none recorded"
    seen = found.day or "the last day of the record"
    yield _p(f"Tumour drug now: {drugs}. As known on {seen}.")
    for problem in found.problems:
        yield f'<p class="ask">{escape(str(problem))}</p>'
    if found.is_empty:
        yield _p("The record has nothing yet that is watched under treatment.")
        return
    yield _h("Deviations and the steps of the label")
    present = latest_findings(found)
    yield _p(SUSPECT if present else "No value or side effect reaches grade 2 or a row of a label.")
    yield from (_finding(one, version, over=is_over(one, found)) for one in present)
    yield from _values(found.tests, version)
    yield from _events(found)
    yield from _checks(found)
    yield from _taking(found)
    yield from _scores(found)
    yield from _diary(found)
    yield from _levels(found)
    yield from _indices(found)


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _h(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells of rows are HTML already; the header is text."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>\n{body}</table></div>'


def _finding(one: Finding, version: str | None, *, over: bool) -> str:
    classes = " ".join(
        ("finding", *(("over",) if over else ()), *(("depends",) if one.depends else ()))
    )
    past = " \u2013 since then back in order" if over else ""
    parts = [f"<strong>{escape(finding_title(one, version))}</strong>{past}"]
    if one.depends and version is None:
        parts.append("<p>The versions lead to different steps; which the label means, decides.</p>")
    items = [
        f"<li>{escape(f'{which}: ' if which else '')}{escape(rule_words(rule))}"
        f"<br><small>{escape(rule_source(rule))}</small></li>"
        for which, rules in step_groups(one, version)
        for rule in rules
    ]
    parts += [f"<ul>{''.join(items)}</ul>"] if items else []
    if words := no_step_words(one, version):
        parts.append(_p(words))
    return f'<div class="{classes}">{"".join(parts)}</div>'


def _values(tests: Sequence[TestHistory], version: str | None) -> Iterator[str]:
    if not tests:
        return
    versions = (version,) if version else VERSIONS
    yield _h("Values")
    header = ("test", "last value", "day", *map(short_version, versions), "since last",
              "since base", "course")  # fmt: skip
    yield _table(header, (_row(one, versions) for one in tests))
    yield f"<p><small>{escape(KEY)}</small></p>"
    for one in tests:
        last = one.readings[-1]
        asked, note = missing_words(last, version), last.note
        if asked:
            yield f"<p><small>{escape(f'{one.test}: would settle the grade: {asked}')}</small></p>"
        if note:
            yield f"<p><small>{escape(f'{one.test}: {note}')}</small></p>"


def _row(history: TestHistory, versions: Sequence[str]) -> tuple[str, ...]:
    last, trend = history.readings[-1], history.trend
    changes = (trend.since_last, trend.since_baseline) if trend else (None, None)
    return (
        escape(history.test),
        _one(last.reading.given),
        _one(str(last.reading.day or "no day")),
        *(_one(worst_words(last, version)) for version in versions),
        *(_one(signed(change)) for change in changes),
        curve(history),
    )


def _one(text: str) -> str:
    """A cell that is not broken over lines."""
    return f'<span class="one">{escape(text)}</span>'


def curve(history: TestHistory) -> str:
    """The course of a test as a small drawing, days to scale, with its limits as lines."""
    dated = [(one.reading.day, one) for one in history.readings if one.reading.day]
    if len(dated) < 2:
        return ""
    values = [float(one.reading.value) for _, one in dated]
    last = dated[-1][1].reading
    ends = [float(end) for end in (last.lower_limit, last.upper_limit) if end is not None]
    low, high = min([*values, *ends]), max([*values, *ends])
    first = dated[0][0]
    points = [(_across(day, first, dated[-1][0]), _up(v, low, high))
              for (day, _), v in zip(dated, values, strict=True)]  # fmt: skip
    lines = "".join(
        f'<line x1="0" x2="{WIDE}" y1="{_up(end, low, high):.1f}" y2="{_up(end, low, high):.1f}" '
        'stroke="#555" stroke-dasharray="2 3"/>'
        for end in ends
    )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = "".join(_mark(x, y, one) for (x, y), (_, one) in zip(points, dated, strict=True))
    label = f"{history.test}: {len(dated)} values from {first} to {dated[-1][0]}"
    return (
        f'<svg width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(label)}">{lines}<polyline points="{path}" fill="none" '
        f'stroke="#0b4f8a" stroke-width="1.5"/>{marks}</svg>'
    )


def _across(day: datetime.date, first: datetime.date, last: datetime.date) -> float:
    span = (last - first).days or 1
    return EDGE + (WIDE - 2 * EDGE) * (day - first).days / span


def _up(value: float, low: float, high: float) -> float:
    span = (high - low) or 1.0
    return HIGH - EDGE - (HIGH - 2 * EDGE) * (value - low) / span


def _mark(x: float, y: float, one: Graded) -> str:
    grade = max(one.worst(VERSIONS[0]), default=0)
    title = f"<title>{one.reading.day}: {escape(one.reading.given)}</title>"
    if grade >= 3:
        shape = f"{x:.1f},{y - 5:.1f} {x - 5:.1f},{y + 4:.1f} {x + 5:.1f},{y + 4:.1f}"
        return f'<polygon points="{shape}" fill="#111">{title}</polygon>'
    if grade:
        return (
            f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="#e69f00" '
            f'stroke="#111">{title}</rect>'
        )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="#0b4f8a">{title}</circle>'


def _events(found: Monitoring) -> Iterator[str]:
    if found.events:
        yield _h("Recorded side effects: what the grades mean")
    for event in found.events:
        grade = f"grade {event.grade}" if event.grade else "no grade"
        yield f"<p><strong>{escape(f'{event.day}: {event.term}, {grade}')}</strong></p>"
        if event.question:
            yield f'<p class="ask">{escape(event.question)}</p>'
        if not event.meanings:
            yield _p(no_meaning(event))
        rows = [
            (str(one.grade), escape(f"{one.term}, {one.version}"), escape(one.means),
             escape(f"{one.source} ({one.status}) {MARK.get(one.status, '')}"))
            for one in event.meanings
        ]  # fmt: skip
        if rows:
            yield _table(("grade", "term", "means", "source"), rows)
        for words in dict.fromkeys(w for one in event.meanings for w in one.disputes):
            yield f'<p class="ask">Disputed: {escape(words)}</p>'


def _checks(found: Monitoring) -> Iterator[str]:
    if not found.drugs:
        return
    yield _h("Due by the label of the drug")
    if found.checks is None:
        yield _p("No day was asked about, so nothing is called due.")
        return
    rows = [
        (c.state.upper(), escape(c.test), _one(str(c.planned)), _one(str(c.last_done or "none")),
         escape(f"{c.words} {c.source} ({c.status})"))
        for c in found.checks
    ]  # fmt: skip
    header = ("", "check", "planned", "last done", "why")
    yield _table(header, rows) if rows else _p("Nothing that the label dates is due.")


def _taking(found: Monitoring) -> Iterator[str]:
    if not found.adherence:
        return
    yield _h("Taking, from the refills")
    yield _p(ADHERENCE_SAYS)
    for drug in found.adherence:
        made = drug.found
        if made is not None:
            yield _p(
                f"{drug.drug}, {made.first} to {made.last}: {made.covered} of {made.days} days "
                f"covered = {number(drug.percent_covered)} % (PDC); possession "
                f"{number(drug.percent_possessed)} % (MPR); longest gap {made.longest_gap} days. "
                f"Method: {made.method}."
            )
        for one in drug.thresholds:
            said = {None: "", True: "Reached: ", False: "Not reached: "}[one.reached]
            words = escape(f"{said}{one.words} {one.source} ({one.status})")
            yield f"<p><small>{words}</small></p>"
        yield from (_p(f"{drug.drug}: {note}") for note in drug.notes)


def _scores(found: Monitoring) -> Iterator[str]:
    if not found.questionnaires:
        return
    yield _h("Questionnaires")
    yield from (_p(f"{q.day}: {q.name}: {q.note}") for q in found.questionnaires if q.note)
    scored = [one for one in found.questionnaires if one.scales]
    if not scored:
        return
    last = scored[-1]
    yield _p(f"{last.name}, {last.day}. {SCORES_SAY}")
    rows = [(escape(s.name), number(s.value), signed(s.change)) for s in last.scales]
    rows.append(("summary", number(last.summary), signed(last.summary_change)))
    yield _table(("scale", "score", "since the one before"), rows)
    if last.missing_items:
        yield _p(f"Items not answered: {', '.join(map(str, last.missing_items))}.")


def _diary(found: Monitoring) -> Iterator[str]:
    if not found.diary.entries:
        return
    yield _h("Diary")
    yield _p(DIARY_SAYS)
    rows = [
        tuple(map(escape, (s.name, s.latest, s.latest_day, s.worst, s.worst_day)))
        for s in found.diary.symptoms
    ]
    if rows:
        yield _table(("bothers", "latest", "on", "worst", "on"), rows)
    for entry in found.diary.entries:
        if entry.words:
            yield _p(f"{entry.day or 'no day'}: \u201c{entry.words}\u201d")


def _levels(found: Monitoring) -> Iterator[str]:
    if found.levels:
        yield _h("Drug levels")
        rows = [
            tuple(map(escape, (one.day, one.drug, one.level, one.hours or "not said", one.dose)))
            for one in found.levels
        ]
        yield _table(("day", "drug", "level", "hours after the dose", "dose"), rows)


def _indices(found: Monitoring) -> Iterator[str]:
    if not found.tests:
        return
    yield _h("Indices of the blood before treatment")
    if found.indices.note:
        yield _p(found.indices.note)
        return
    yield _p(f"{found.indices.warning} Blood of {found.indices.day}.")
    rows = [
        (escape(index.name), number(index.value), escape(index.formula),
         "<br>".join(escape(f"{c.words} {c.source} ({c.status})") for c in index.cuts))
        for index in found.indices.found
    ]  # fmt: skip
    yield _table(("index", "value", "formula", "what single studies printed"), rows)
