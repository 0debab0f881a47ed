"""The schedules as one page of HTML: a picture, then every date with its reason and source."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from stromal.cli.pages.follow_up_svg import timeline
from stromal.cli.speak import MARK
from stromal.followup.calendar import Line, Look
from stromal.plan.schedule.follow_up import FollowUp, Schedule, Stated
from stromal.plan.schedule.notes import coming_words, dose_words

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 "Noto Sans", "DejaVu Sans", system-ui, sans-serif; color: #111;
  background: #fff; margin: 0 auto; max-width: 70rem; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.4rem; margin: .4rem 0; }
h2 { font-size: 1.1rem; margin: 1.4rem 0 .3rem; border-bottom: 2px solid #0b4f8a; }
h3 { font-size: 1rem; margin: .8rem 0 .2rem; } p, ul { margin: .25rem 0; }
.picture { overflow-x: auto; } svg { width: 100%; min-width: 46rem; height: auto; }
svg text { font-family: inherit; fill: #111; } svg .year { font-size: 11px; fill: #444; }
svg .who { font-size: 12px; font-weight: 700; paint-order: stroke; stroke: #fff;
  stroke-width: 4px; } svg .test { font-size: 11px; }
svg .mark { font-size: 11px; font-style: italic; paint-order: stroke; stroke: #fff;
  stroke-width: 3px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left;
  vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #aaa; }
th { border-bottom: 2px solid #333; font-size: .85rem; } .wide { overflow-x: auto; }
small, .source { font-size: .8rem; color: #333; overflow-wrap: anywhere; }
.note { border-left: 6px double #8a4b00; padding: .1rem .7rem; }
.overdue { font-weight: 700; text-decoration: underline; }
footer { margin-top: 2rem; font-size: .8rem; border-top: 1px solid #777; }
@media print { body { padding: 0; max-width: none; font-size: 9.5pt; }
  svg { min-width: 0; max-height: 138mm; }
  h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; }
  @page { size: A4 landscape; margin: 12mm; } }
"""
FOR_WHOM = (
    "For health professionals. Dates follow the schedules as they were read; the team decides. "
    "Not a certified medical device."
)


def follow_up_html(found: FollowUp, silent: list[str]) -> str:
    """The whole file: no script, nothing loaded from elsewhere."""
    title = escape(f"Follow-up: {found.title or found.patient}")
    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        *_standing(found, silent),
        f'<div class="picture">{timeline(found) or "<p>No date can be told.</p>"}</div>',
        *_side_by_side(found),
        *(line for schedule in found.schedules for line in _schedule(schedule)),
        "<h2>Conventions (no source states them)</h2><ul>",
        *(f"<li>{escape(words)}</li>" for words in found.conventions),
        f"</ul><footer>{FOR_WHOM}</footer></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _standing(found: FollowUp, silent: list[str]) -> Iterator[str]:
    seen = f"As seen on {found.today}. " if found.today else ""
    states = ", then ".join(" or ".join(sorted(stage.states)) for stage in found.stages
                            if stage.states)  # fmt: skip
    risk = f" Risk class: {' or '.join(found.risk)}." if found.risk_counts else ""
    yield f"<p>{escape(seen)}State: {escape(states or 'not known')}.{escape(risk)}</p>"
    anchors = "; ".join(f"{name} {day}" for name, day in found.anchors.items())
    yield f"<p>Counted from: {escape(anchors or 'no dated event')}.</p>"
    for problem in found.problems:
        yield f'<p class="note">{escape(f"{problem.place}: {problem.what}. {problem.remedy}")}</p>'
    for note in found.notes:
        yield f'<p class="note">{escape(note)}</p>'
    yield from (f"<p>{escape(line)}</p>" for line in silent)


def _side_by_side(found: FollowUp) -> Iterator[str]:
    dated = [one for one in found.schedules if one.lines and not one.is_label]
    if not dated:
        return
    yield '<h2>Side by side</h2><div class="wide"><table><tr>'
    for name in ("authority", "scans to come", "dose by CT", "dose by MRI"):
        yield f"<th>{name}</th>"
    yield "</tr>"
    for one in dated:
        cells = (one.authority, str(one.dose.looks), *coming_words(one.dose))
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</table></div>"
    yield f"<p>Given so far by the scans of the record: {dose_words(found.radiation.dose)}.</p>"
    sources = "; ".join(found.radiation.sources)
    yield f'<p class="source">From the lower to the higher print: {escape(sources)}.</p>'


def _schedule(schedule: Schedule) -> Iterator[str]:
    certain = [stated for stated in schedule.stated if not stated.depends_on]
    if schedule.lines or certain:
        yield f"<h2>{escape(schedule.authority)}</h2>"
    for line in schedule.lines:
        yield from _line(line)
    for stated in certain:
        yield from _stated(stated)


def _line(line: Line) -> Iterator[str]:
    yield f"<h3>{escape(line.test)}</h3>"
    for _, run in groupby(line.looks, key=lambda look: look.rule.row):
        looks = list(run)
        yield _reason(looks[0].rule.words, looks[0])
        yield f"<p>{', '.join(_date(look) for look in looks)}</p>"
    yield from (f'<p class="note">{escape(note)}</p>' for note in line.notes)


def _reason(words: str, look: Look) -> str:
    rule = look.rule
    mark = f" [{MARK[rule.status]}]" if rule.status in MARK else ""
    source = f"{rule.document} {rule.row}: {rule.source} ({rule.status})"
    return f'<p>{escape(words + mark)} <span class="source">{escape(source)}</span></p>'


def _date(look: Look) -> str:
    state = "" if look.state == "planned" else f" ({look.state})"
    shown = escape(f"{look.day}{state}")
    return f'<span class="overdue">{shown}</span>' if look.state == "overdue" else shown


def _stated(stated: Stated) -> Iterator[str]:
    rule = stated.rule
    source = f"{rule.document} {rule.row}: {rule.source} ({rule.status})"
    yield f"<p><b>{escape(rule.test)}</b>: {escape(stated.why)}. {escape(rule.words)} "
    yield f'<span class="source">{escape(source)}</span></p>'
