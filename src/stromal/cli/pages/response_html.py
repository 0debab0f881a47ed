"""The response as one page of HTML for reading and printing: no script, no other file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from stromal.cli.pages.response_chart import course_svg
from stromal.cli.pages.response_page import EMPTY, EXAMPLE, READS
from stromal.cli.pages.response_words import (
    best_words,
    course_name,
    growth_words,
    number,
    option_words,
    per_cent,
    progressed_words,
    responses,
    settings_words,
)
from stromal.cli.speak import MARK, spoken
from stromal.plan.response.values import CourseResponse, PetReading, ResponseReport, ScanReading

FOR_WHOM = (
    "For health professionals. Stromal shows the basis of a decision; it does not take it. "
    "Not a certified medical device."
)
STYLE = """
:root { color-scheme: light; } * { box-sizing: border-box; }
body { font: 15px/1.45 "Noto Sans", "DejaVu Sans", system-ui, sans-serif; color: #111;
  background: #fff; margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.4rem; margin: .4rem 0; }
h2 { font-size: 1.1rem; margin: 1.4rem 0 .4rem; border-bottom: 2px solid #0b4f8a; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; } p { margin: .3rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem;
  border-bottom: 1px solid #aaa; }
th { font-size: .85rem; border-bottom: 2px solid #333; }
td.n { text-align: right; white-space: nowrap; } td.d { white-space: nowrap; }
td.r { font-weight: 700; white-space: nowrap; }
.wide { overflow-x: auto; } svg { max-width: 100%; min-width: 34rem; height: auto;
  display: block; }
dl { display: grid; grid-template-columns: minmax(9rem, 15rem) 1fr; gap: .15rem .8rem; margin: 0; }
dt { color: #333; } dd { margin: 0; font-weight: 600; }
.ask { border-left: 6px double #8a4b00; padding: .1rem .7rem; margin: .4rem 0; }
.small { font-size: .82rem; color: #333; }
pre { background: #f4f4f4; padding: .6rem; overflow-x: auto; }
footer { margin-top: 2rem; font-size: .8rem; color: #333; border-top: 1px solid #777; }
@media (max-width: 45rem) { dl { grid-template-columns: 1fr; } body { padding: .6rem; } }
@media print { body { padding: 0; max-width: none; font-size: 10pt; } h2, h3 { break-after: avoid; }
  tr, li, svg, .ask { break-inside: avoid; } @page { size: A4; margin: 15mm; } }
"""


def response_html(report: ResponseReport) -> str:
    """The whole file."""
    title = escape(f"Response: {report.title or report.patient}")
    day = f"<p>As known on {report.day}</p>" if report.day else ""
    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f"<h1>{title}</h1>{day}",
        *_asked(report),
        *(line for course in report.courses for line in _course(report, course)),
        *(_follows(report) if report.courses else _empty()),
        f'<p class="small">{escape(settings_words(report.settings))}</p>',
        f"<footer>{escape(FOR_WHOM)}</footer></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _empty() -> Iterator[str]:
    yield f"<p>{escape(EMPTY)}</p><pre>{escape(EXAMPLE)}</pre>"


def _asked(report: ResponseReport) -> Iterator[str]:
    asked = [f"{p.place}: {p.what}; {p.remedy}" for p in report.problems]
    asked += [f"{spoken(c.name)}: {c.what}; {c.kept}" for c in report.conflicts]
    yield from (f'<p class="ask">Ask: {escape(text)}</p>' for text in asked)


def _course(report: ResponseReport, course: CourseResponse) -> Iterator[str]:
    yield f"<h2>{escape(course_name(course))}</h2>"
    known = {str(problem) for problem in report.problems}
    for problem in course.problems:
        if str(problem) not in known:
            yield f'<p class="ask">Ask: {escape(str(problem))}</p>'
    yield from (f'<p class="small">{escape(note)}</p>' for note in course.notes)
    yield f'<div class="wide">{course_svg(course)}</div>'
    if course.scans:
        yield from _table(report, course)
        yield from _lesions(course.scans)
    if "pet" in report.settings.criteria:
        yield from _list(f"PET {pet.day}: {pet.measure} {_pet(pet)}" for pet in course.pets)
    yield "<dl>"
    for label, text in best_words(course, report.settings.criteria):
        yield _pair(label, text)
    if course.progressed is not None:
        yield _pair("time to progression", progressed_words(course.progressed))
    for one in course.growth:
        yield _pair(f"growth of {one.of}", growth_words(one))
    yield "</dl>"
    notes = [f"{scan.day}: {note}" for scan in course.scans for note in scan.notes]
    notes += [f"{pet.day}: {note}" for pet in course.pets for note in pet.notes]
    yield from _list(notes)


def _pet(pet: PetReading) -> str:
    if pet.before is None:
        return f"{number(pet.now)}: {responses((*pet.eortc, *pet.percist))}"
    values = f"{number(pet.before)} to {number(pet.now)} ({per_cent(pet.change)})"
    return f"{values}: {responses((*pet.eortc, *pet.percist))}"


def _table(report: ResponseReport, course: CourseResponse) -> Iterator[str]:
    names = {"recist": "RECIST", "gist": "GIST", "choi": "Choi"}
    judged = [one for one in names if one in report.settings.criteria and course.on_drug]
    heads = ("scan", "sum, mm", "from baseline", "from nadir", "density, HU")
    head = "".join(f"<th>{name}</th>" for name in (*heads, *(names[one] for one in judged)))
    yield f'<div class="wide"><table><tr>{head}</tr>'
    for place, scan in enumerate(course.scans):
        found = {"recist": scan.recist, "gist": scan.modified, "choi": scan.choi}
        change = f" ({per_cent(scan.density_change)})" if scan.density_change is not None else ""
        cells = (
            number(scan.sum),
            per_cent(scan.from_baseline) if place else "baseline",
            per_cent(scan.from_nadir) if place else "",
            f"{number(scan.density)}{change}",
        )
        row = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
        row += "".join(
            f'<td class="r">{responses(found[one]) if place else ""}</td>' for one in judged
        )
        yield f'<tr><td class="d">{escape(scan.day)}</td>{row}</tr>'
    yield f'</table></div><p class="small">{escape(READS)}</p>'


def _lesions(scans: Sequence[ScanReading]) -> Iterator[str]:
    names = dict.fromkeys((one.name, one.role) for scan in scans for one in scan.lesions)
    head = "".join(f"<th>{escape(scan.day)}</th>" for scan in scans)
    yield f'<div class="wide"><table><tr><th>lesion, mm (HU)</th>{head}</tr>'
    for name, role in names:
        label = name if role == "target" else f"{name} ({role})"
        cells = []
        for scan in scans:
            found = next((one for one in scan.lesions if one.name == name), None)
            density = f" ({number(found.density)})" if found and found.density is not None else ""
            size = (number(found.size) if found.size else found.seen or "yes") if found else "-"
            cells.append(f'<td class="n">{escape(size + density)}</td>')
        yield f"<tr><td>{escape(label)}</td>{''.join(cells)}</tr>"
    yield "</table></div>"


def _follows(report: ResponseReport) -> Iterator[str]:
    yield "<h2>What follows for the present drug</h2><dl>"
    for name, words in report.facts.items():
        yield _pair(spoken(name), words)
    yield "</dl>"
    yield from _list(report.notes)
    rows = [
        f"{one.words} {one.document} {one.row}: {'; '.join(one.citations)} "
        f"({MARK.get(one.status, one.status)})"
        for one in report.because
    ]
    if rows:
        yield from _list(rows)
    elif report.facts.get("compared_scans", "0") != "0":
        yield '<p class="ask">No row surely fits: progression stays open.</p>'
    if report.advice:
        yield "<h3>Do first</h3>"
    yield from _list(
        f"{task.topic} {task.basis.document} {task.basis.row}"
        + ("" if task.certain else f" (depends on {', '.join(map(spoken, task.depends_on))})")
        for task in report.advice
    )
    if report.options:
        yield "<h3>Options that rest on it</h3>"
    yield from _list(map(option_words, report.options))


def _pair(label: str, text: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"


def _list(texts: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{escape(text)}</li>" for text in texts]
    if items:
        yield f"<ul>{''.join(items)}</ul>"
