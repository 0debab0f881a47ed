"""The page of `stromal response`: tables, bars, what follows; and its few lines for the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stromal.cli.pages.page import Cell, Page
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
from stromal.cli.pages.treatment_page import mark
from stromal.cli.speak import problem_lines, spoken
from stromal.plan.response.values import CourseResponse, ResponseReport, ScanReading

BAR = 44
NEED = "30 % below the baseline (|) is PR; 20 % and 5 mm above the smallest (!) is PD."
READS = (
    "RECIST: RECIST 1.1. GIST: its modification in the trials of this disease. Choi: size and "
    "density. Nadir: the smallest sum so far. Where two are given, the scan does not decide."
)
EXAMPLE = """\
events:
  - kind: imaging
    day: 2024-01-10
    modality: CT
    slice_thickness: 5 mm
    phase: portal venous
    baseline: yes
    lesions:
      - {name: liver segment 7, organ: liver, size: 34 mm, density: 68 HU}
      - {name: omentum left, organ: peritoneum, size: 5.2 cm, density: 71 HU}
      - {name: small liver lesions, organ: liver, kind: non-target}
  - {kind: drug start, day: 2024-01-15, drug: imatinib, purpose: advanced}
  - kind: imaging
    day: 2024-03-12
    modality: CT
    phase: portal venous
    lesions:
      - {name: liver segment 7, size: 21 mm, density: 40 HU}
      - {name: omentum left, seen: gone}
    non_targets: persist
    new_lesions: none
"""
EMPTY = (
    "No scan of the record lists lesions that can be compared. Type them under the imaging event, "
    "with the same name on every scan; 'kind: new' with 'certain: yes' or 'no' for a new lesion, "
    "'inside: MASS' for a nodule in a mass, 'uptake: {measure: SUVmax, before: 5.8, now: 2.1}' for "
    "a PET. For instance:"
)


def response_lines(page: Page, report: ResponseReport) -> Iterator[str]:
    """The whole page: drug by drug, then what follows."""
    day = f", {report.day}" if report.day else ""
    title = f"Response: {report.title or report.patient}{day}"
    yield from page.text(title, style="bold")
    yield from problem_lines(page, report.problems)
    for conflict in report.conflicts:
        text = f"Ask: {spoken(conflict.name)}: {conflict.what}; {conflict.kept}"
        yield from page.text(text, 2, 4, "yellow")
    if not report.courses:
        yield from page.text(EMPTY)
        yield from (f"    {line}" for line in EXAMPLE.splitlines())
        return
    for course in report.courses:
        yield from _course(page, report, course)
    yield from _follows(page, report)
    yield ""
    yield from page.text(settings_words(report.settings), style="dim")


def _course(page: Page, report: ResponseReport, course: CourseResponse) -> Iterator[str]:
    yield from page.heading(course_name(course))
    known = {str(problem) for problem in report.problems}
    yield from problem_lines(page, [p for p in course.problems if str(p) not in known])
    for note in course.notes:
        yield from page.text(note, 2, 2, "dim")
    if course.scans:
        yield from _table(page, report, course)
        yield from bars(page, course)
    yield from _lesions(page, course.scans)
    for pet in course.pets if "pet" in report.settings.criteria else ():
        told = (
            "; ".join(
                f"{name} {responses(found)}"
                for name, found in (("EORTC", pet.eortc), ("PERCIST", pet.percist))
                if found
            )
            or "-"
        )
        change = f" ({per_cent(pet.change)})" if pet.change is not None else ""
        values = f"{number(pet.before)} to {number(pet.now)}" if pet.before else number(pet.now)
        text = f"{pet.measure} {values}{change}: {told}"
        yield from page.entry(f"PET {pet.day}", text, at=18)
        for note in pet.notes:
            yield from page.text(note, 18, 2, "yellow")
    yield from _course_words(page, report, course)


def _course_words(page: Page, report: ResponseReport, course: CourseResponse) -> Iterator[str]:
    for label, text in best_words(course, report.settings.criteria):
        yield from page.entry(label, text, at=26)
    if course.progressed is not None:
        yield from page.entry("time to progression", progressed_words(course.progressed), at=26)
    for one in course.growth:
        yield from page.entry(f"growth of {one.of}", growth_words(one), at=26)
    for scan in course.scans:
        for note in scan.notes:
            yield from page.entry(scan.day, note, at=14, style="yellow")


def _table(page: Page, report: ResponseReport, course: CourseResponse) -> Iterator[str]:
    shown = [one for one in ("recist", "gist", "choi") if one in report.settings.criteria]
    names = {"recist": "RECIST", "gist": "GIST", "choi": "Choi"}
    judged = shown if course.on_drug and len(course.scans) > 1 else []
    header = ("scan", "sum, mm", "baseline", "nadir", "HU", *(names[one] for one in judged))
    rows = [_row(scan, judged, is_baseline=not n) for n, scan in enumerate(course.scans)]
    yield from page.table(header, rows, len(header) - 1, 24)


def _row(scan: ScanReading, judged: Sequence[str], *, is_baseline: bool) -> tuple[Cell, ...]:
    density = number(scan.density)
    change = f" ({per_cent(scan.density_change)})" if scan.density_change is not None else ""
    found = {"recist": scan.recist, "gist": scan.modified, "choi": scan.choi}
    return (
        Cell(scan.day),
        Cell(number(scan.sum)),
        Cell("is it" if is_baseline else per_cent(scan.from_baseline)),
        Cell("" if is_baseline else per_cent(scan.from_nadir)),
        Cell(density + change),
        *(Cell("" if is_baseline else responses(found[one]), _style(found[one])) for one in judged),
    )


def _style(found: Sequence[str]) -> str:
    return {"PD": "red", "PR": "green", "CR": "green"}.get(" or ".join(found), "")


def bars(page: Page, course: CourseResponse) -> Iterator[str]:
    """The sum of each scan as a bar, with the borders of response and progression; no colour."""
    sums = [scan.sum for scan in course.scans if scan.sum is not None]
    first = course.scans[0].sum
    if len(sums) < 2 or not first:
        return
    room = min(BAR, page.width - 26)
    smallest = first
    most = max(*sums, 1.2 * max(sums))
    yield from page.text(NEED if course.on_drug else "The sum of the lesions, scan by scan.", 2)
    for place, scan in enumerate(course.scans):
        if scan.sum is None:
            yield f"  {scan.day:<11} {'?' * 3:<{room}}  not every lesion was evaluated"
            continue
        marks = _marks(first, smallest) if place and course.on_drug else {}
        bar = _bar(scan.sum, marks, most, room)
        yield f"  {scan.day:<11} {bar:<{room}}  {number(scan.sum)} mm"
        smallest = min(smallest, scan.sum)


def _marks(first: float, smallest: float) -> dict[str, float]:
    return {"|": 0.7 * first, "!": max(1.2 * smallest, smallest + 5)}


def _bar(size: float, marks: dict[str, float], most: float, room: int) -> str:
    length = round(size / most * room)
    line = list("#" * length + " " * (room - length))
    for sign, value in marks.items():
        line[min(round(value / most * room), room - 1)] = sign
    return "".join(line)


def _lesions(page: Page, scans: Sequence[ScanReading]) -> Iterator[str]:
    names = dict.fromkeys((one.name, one.role) for scan in scans for one in scan.lesions)
    if not names:
        return
    yield from page.text("Each lesion, mm (HU):", 2)
    for name, role in names:
        told = []
        for scan in scans:
            found = next((one for one in scan.lesions if one.name == name), None)
            if found is None:
                told.append("-")
            else:
                density = f" ({number(found.density)})" if found.density is not None else ""
                told.append(f"{number(found.size)}{density}" if found.size else found.seen or "yes")
        label = name if role == "target" else f"{name} ({role})"
        yield from page.entry(label, " > ".join(told), at=34, indent=4)


def _follows(page: Page, report: ResponseReport) -> Iterator[str]:
    yield from page.heading("What follows for the present drug")
    if report.facts.get("compared_scans", "0") == "0":
        yield from page.text("Nothing: the scans under it cannot be compared yet.", 2)
        return
    for name, words in report.facts.items():
        yield from page.entry(spoken(name), words, at=28)
    for note in report.notes:
        yield from page.text(note, 2, 2, "dim")
    for one in report.because:
        where = f"{one.document} {one.row}: {'; '.join(one.citations)} ({one.status})"
        yield from page.text(f"{one.words}{mark(one)}", 2, 2)
        yield from page.text(where, 4, 2, "dim")
    if not report.because:
        words = "No row of followup/progression-from-scans surely fits: progression stays open."
        yield from page.text(words, 2, 2, "yellow")
    yield from _advice(page, report)


def _advice(page: Page, report: ResponseReport) -> Iterator[str]:
    if report.advice:
        yield from page.text("Do first", 2, style="bold")
    for task in report.advice:
        open_words = f" (depends on {', '.join(map(spoken, task.depends_on))})"
        sure = "" if task.certain else open_words
        text = f"- {task.topic}{sure} ({task.basis.document} {task.basis.row}){mark(task.basis)}"
        yield from page.text(text, 4, 2)
    if report.options:
        yield from page.text("Options that rest on it", 2, style="bold")
    for option in report.options:
        yield from page.text(f"- {option_words(option)}", 4, 2)


def summary_lines(page: Page, report: ResponseReport) -> list[str]:
    """At most six lines for the plan's page; none where nothing was measured."""
    return [line for text in _summary(report) for line in page.text(text, 2, 2)[:2]][:6]


def _summary(report: ResponseReport) -> Iterable[str]:
    present = report.present
    if present is None:
        return
    if not present.scans or len(present.scans) < 2:
        problem = next((f": {p.what}; {p.remedy}" for p in present.problems), "")
        yield f"{course_name(present)}: no two scans can be compared{problem}"
        return
    last = present.scans[-1]
    yield (
        f"{course_name(present)}: {last.day}, {number(last.sum)} mm, "
        f"{per_cent(last.from_baseline)} from baseline, {per_cent(last.from_nadir)} from nadir"
    )
    yield (
        f"RECIST {responses(last.recist)}; GIST {responses(last.modified)}; "
        f"Choi {responses(last.choi)}"
    )
    if "progression" in report.facts:
        rows = ", ".join(f"{one.document} {one.row}" for one in report.because)
        yield f"progression: {report.facts['progression']} ({rows or 'no row surely fits'})"
    for task in [one for one in report.advice if one.certain][:1]:
        yield f"{task.topic} ({task.basis.document} {task.basis.row})"
