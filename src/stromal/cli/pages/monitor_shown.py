"""The parts of monitoring that decide nothing: taking, scores, diary, levels, indices."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.pages.monitor_words import ADHERENCE_SAYS, DIARY_SAYS, SCORES_SAY, number, signed
from stromal.cli.pages.page import Cell, Page
from stromal.plan.monitoring.report import Level, Monitoring


def shown_lines(page: Page, found: Monitoring) -> Iterator[str]:
    """What is shown beside the rest and decides nothing, part by part."""
    for part in (_taking, _scores, _diary, _levels, _indices):
        yield from part(page, found)


def _taking(page: Page, found: Monitoring) -> Iterator[str]:
    if found.adherence:
        yield from page.heading("Taking, from the refills")
        yield from page.text(ADHERENCE_SAYS, 2, style="dim")
    for drug in found.adherence:
        made = drug.found
        if made is not None:
            yield from page.text(f"{drug.drug}, {made.first} to {made.last}", 2, 2, "bold")
            covered = f"{made.covered} of {made.days} days = {number(drug.percent_covered)} %"
            yield from page.entry("days covered (PDC)", covered, 28, 4)
            capped = " (more than 100: read as 100)" if made.is_capped else ""
            possessed = f"{number(drug.percent_possessed)} %{capped}"
            yield from page.entry("possession (MPR)", possessed, 28, 4)
            yield from page.entry("longest gap", f"{made.longest_gap} days", 28, 4)
            yield from page.text(f"Method: {made.method}.", 4, 2, "dim")
        for one in drug.thresholds:
            said = {None: "", True: "reached: ", False: "not reached: "}[one.reached]
            yield from page.text(f"{said}{one.words} {one.source} ({one.status})", 4, 2, "dim")
        for note in drug.notes:
            yield from page.text(f"{drug.drug}: {note}", 4, 2, "yellow")


def _scores(page: Page, found: Monitoring) -> Iterator[str]:
    if not found.questionnaires:
        return
    yield from page.heading("Questionnaires")
    scored = [one for one in found.questionnaires if one.scales]
    for one in found.questionnaires:
        if one.note:
            yield from page.text(f"{one.day or 'no day'}: {one.name}: {one.note}", 2, 2)
    if not scored:
        return
    last = scored[-1]
    yield from page.text(f"{last.name}, {last.day}. {SCORES_SAY}", 2, 2)
    rows = [(Cell(s.name), Cell(number(s.value)), Cell(signed(s.change))) for s in last.scales]
    rows.append((Cell("summary"), Cell(number(last.summary)), Cell(signed(last.summary_change))))
    yield from page.table(("scale", "score", "since the one before"), rows, 0, 26)
    if last.missing_items:
        items = ", ".join(map(str, last.missing_items))
        yield from page.text(f"Items not answered: {items}.", 2, 2, "yellow")


def _diary(page: Page, found: Monitoring) -> Iterator[str]:
    if not found.diary.entries:
        return
    yield from page.heading("Diary")
    yield from page.text(DIARY_SAYS, 2, style="dim")
    rows = [
        (Cell(s.name), Cell(s.latest), Cell(s.latest_day), Cell(s.worst), Cell(s.worst_day))
        for s in found.diary.symptoms
    ]
    if rows:
        yield from page.table(("bothers", "latest", "on", "worst", "on"), rows, 0, 26)
    for entry in found.diary.entries:
        if entry.words:
            yield from page.text(f"{entry.day or 'no day'}: \u201c{entry.words}\u201d", 2, 2)


def _levels(page: Page, found: Monitoring) -> Iterator[str]:
    if found.levels:
        yield from page.heading("Drug levels")
    for one in found.levels:
        yield from page.text(level_words(one), 2, 2)


def level_words(one: Level) -> str:
    """A level with its day, hours after the dose and the dose."""
    hours = f"{one.hours} hours after the dose" if one.hours else "hours after the dose not said"
    dose = f", at {one.dose}" if one.dose else ""
    return f"{one.day or 'no day'}: {one.drug} {one.level}, {hours}{dose}"


def _indices(page: Page, found: Monitoring) -> Iterator[str]:
    if not found.tests:
        return
    yield from page.heading("Indices of the blood before treatment")
    if found.indices.note:
        yield from page.text(found.indices.note, 2, 2)
        return
    yield from page.text(f"{found.indices.warning} Blood of {found.indices.day}.", 2, style="dim")
    for index in found.indices.found:
        formula = f"{number(index.value)}  ({index.formula}; formula {index.status})"
        yield from page.entry(index.name, formula, 10, 2)
        for cut in index.cuts:
            yield from page.text(f"{cut.words} {cut.source} ({cut.status})", 6, 2, "dim")
