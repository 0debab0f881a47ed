"""`stromal follow-up`: the dates of each guideline side by side, done, due and overdue."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.follow_up_calendar import At, write_calendar
from stromal.cli.pages.follow_up_compare import compare_lines
from stromal.cli.pages.page import Cell, Page, write
from stromal.cli.speak import (
    MARK,
    fail,
    fault_lines,
    faults,
    library_for,
    output_page,
    problem_lines,
    spoken,
)
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.followup.calendar import OPEN_STATES, Line, Look, State
from stromal.plan.schedule.differences import SchedulesCompared, compare_schedules
from stromal.plan.schedule.follow_up import FollowUp, Schedule, Stated, Wish, follow_up
from stromal.plan.schedule.notes import coming_words, dose_words

MOST_SHOWN = 6
STYLES = {State.OVERDUE: "red", State.DUE: "yellow", State.DONE: "green", State.EARLY: "green",
          State.LATE: "green", State.MISSED: "dim"}  # fmt: skip
DOSE = (
    "Dose of the looks to come, in mSv: by CT wherever the schedule allows it, and by MRI or "
    "ultrasound where it allows that. From the lower to the higher print of the dose card."
)
HEADER = ("authority", "done + to come", "next", "by CT, mSv", "by MRI, mSv")


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record or the rules could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    if isinstance(guidelines, Problem):
        return fail(args, guidelines)
    record = read_case(args.case, library)
    if record.problems and not record.events:
        return fail(args, *record.problems)
    wish = Wish(args.years, not args.shortest, args.drug_until, guidelines)
    found = only(follow_up(library, record, args.day, wish), args.authority)
    if isinstance(found, Problem):
        return fail(args, found)
    if wrong := list(_files(args, record, found)):
        return fail(args, *wrong)
    compared = None
    if args.compare:
        printed = follow_up(library, record, args.day, replace(wish, as_printed=True))
        chosen = only(printed, args.authority)
        compared = compare_schedules(printed if isinstance(chosen, Problem) else chosen, args.years)
    problems = (*faults(library), *found.problems)
    if args.json:
        data = {"follow_up": found, "problems": problems_data(problems)}
        say_json({**data, "comparison": compared} if compared else data)
    elif compared or not (args.html or args.ics):
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(follow_up_lines(page, found, whole=args.full, compared=compared))
    return 1 if problems else 0


def _files(args: argparse.Namespace, record: Record, found: FollowUp) -> Iterator[Problem]:
    """Write what was asked for; what could not be written."""
    if args.ics:
        at = At(args.time, args.zone)
        chosen = bool(args.authority)
        wrong = write_calendar(args, record, found, at, update=args.update, chosen=chosen)
        yield from (wrong,) if wrong else ()
    if args.html:
        from stromal.cli.pages.follow_up_html import follow_up_html

        wrong = _write_page(args, follow_up_html(found, list(silence_lines(found))))
        yield from (wrong,) if wrong else ()


def _write_page(args: argparse.Namespace, text: str) -> Problem | None:
    path = Path(args.html)
    if path.exists() and not args.force:
        return Problem(args.html, "the file exists", "choose another name, or add --force")
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        return Problem(args.html, error.strerror or str(error), "check the folder")
    return None


def only(found: FollowUp, wanted: str | None) -> FollowUp | Problem:
    """The schedules of the authorities whose names hold one of these words, parted by commas."""
    if not wanted:
        return found
    words = [word.strip().lower() for word in wanted.split(",") if word.strip()]
    kept = tuple(s for s in found.schedules if any(w in s.authority.lower() for w in words))
    if kept:
        return replace(found, schedules=kept)
    names = "; ".join(schedule.authority for schedule in found.schedules) or "none has any"
    what = f"no authority with dates is called {wanted!r}"
    return Problem("--authority", what, f"one of: {names}")


def follow_up_lines(
    page: Page, found: FollowUp, *, whole: bool, compared: SchedulesCompared | None = None
) -> Iterator[str]:
    """The page: where the patient stands, the schedules side by side, then each with its dates.

    With `compared` the differences stand in the place of the dates.
    """
    yield from page.text(found.title or found.patient, style="bold")
    yield from problem_lines(page, found.problems)
    for conflict in found.conflicts:
        yield from page.text(f"Conflict in {spoken(conflict.name)}: {conflict.what}", 2, 4,
                             "yellow")  # fmt: skip
    yield from _standing(page, found)
    yield from _side_by_side(page, found)
    if compared is not None:
        yield from compare_lines(page, compared)
        return
    for schedule in found.schedules:
        yield from _schedule(page, schedule, whole=whole)
    yield from _perhaps(page, found, whole=whole)
    yield from _conventions(page, found)
    if not found.schedules:
        yield from page.text("No schedule fits what is known.", 2)


def _standing(page: Page, found: FollowUp) -> Iterator[str]:
    yield from page.heading("Where it stands")
    for stage in found.stages:
        if stage.states:
            states = " or ".join(sorted(stage.states))
            yield from page.entry("state", f"{states}{_span(stage.start, stage.end)}", at=22)
    if found.risk_counts:
        risk = " or ".join(found.risk) if found.risk_from != "not known" else "not known"
        origin = "" if risk == "not known" else f" (by {spoken(found.risk_from)})"
        yield from page.entry("risk class", f"{risk}{origin}", at=22)
    for name, day in found.anchors.items():
        yield from page.entry(f"counted from {name}"[:40], str(day), at=42)
    for note in found.notes:
        yield from page.text(note, 2, 2, "yellow")
    for line in silence_lines(found):
        yield from page.text(line, 2, 2)


def silence_lines(found: FollowUp) -> Iterator[str]:
    """The guidelines that state nothing, those silent on the same states together."""
    by_states: dict[tuple[str, ...], list[str]] = {}
    for one in found.silent:
        if one.read_since:
            yield f"{one.guideline}: no edition older than {one.read_since} was read."
        else:
            by_states.setdefault(one.states, []).append(one.guideline)
    for states, guidelines in by_states.items():
        what = " or ".join(states) or "this patient"
        yield f"{', '.join(guidelines)}: nothing stated for {what} in what was read."


def _conventions(page: Page, found: FollowUp) -> Iterator[str]:
    """What no source says and the calendar takes for granted."""
    if found.schedules and found.conventions:
        yield from page.heading("Conventions of this calendar (no source states them)")
    for words in found.conventions if found.schedules else ():
        yield from page.text(words, 2, 2, "dim")


def _span(start: datetime.date | None, end: datetime.date | None) -> str:
    if start is None:
        return ""
    return f", {start} to {end}" if end else f", since {start}"


def _side_by_side(page: Page, found: FollowUp) -> Iterator[str]:
    rows = [_row(one) for one in found.schedules if one.lines and not one.is_label]
    if not rows:
        return
    yield from page.heading(f"Side by side, until {found.until}")
    yield from page.table(HEADER, rows, 0, 60)
    given = found.radiation
    scans = ", ".join(f"{number} {name}" for name, number in given.counts.items()) or "no CT"
    maybe = f" and {len(given.unsaid)} of unknown modality" if given.unsaid else ""
    yield from page.text(f"Given so far: {dose_words(given.dose)} ({scans}{maybe}).", 2)
    yield from page.text(f"{DOSE} {'; '.join(given.sources)}.", 2, style="dim")


def _row(schedule: Schedule) -> tuple[Cell, ...]:
    looks = [look for line in schedule.lines for look in line.looks if "visit" not in line.test]
    coming = [look for look in looks if look.state in OPEN_STATES]
    done = [look for look in looks if look.done]
    return (
        Cell(schedule.authority),
        Cell(f"{len(done)} + {len(coming)}"),
        Cell(str(min((look.planned for look in coming), default="-"))),
        *(Cell(words.removesuffix(" mSv")) for words in coming_words(schedule.dose)),
    )


def _schedule(page: Page, schedule: Schedule, *, whole: bool) -> Iterator[str]:
    stated = [one for one in schedule.stated if not one.depends_on]
    if schedule.lines or stated:
        yield from page.heading(schedule.authority)
    for line in schedule.lines:
        yield from _line(page, line, whole=whole)
    for one in stated:
        yield from _stated(page, one)


def _perhaps(page: Page, found: FollowUp, *, whole: bool) -> Iterator[str]:
    """Rows that would apply if something that is not known were so."""
    waiting = [one for schedule in found.schedules for one in schedule.stated if one.depends_on]
    if waiting:
        yield from page.heading("Would apply if it were so")
    by_facts: dict[tuple[str, ...], list[Stated]] = {}
    for one in waiting:
        by_facts.setdefault(one.depends_on, []).append(one)
    for names, several in by_facts.items():
        facts = ", ".join(spoken(name) for name in names)
        rows: dict[str, dict[str, None]] = {}
        for one in several:
            rows.setdefault(one.rule.document, {})[one.rule.row] = None
        told = "; ".join(f"{document} {', '.join(ids)}" for document, ids in rows.items())
        short = f"{sum(map(len, rows.values()))} rows of {', '.join(rows)}"
        yield from page.text(f"Not known: {facts}. On it hang: {told if whole else short}", 2, 2)


def _line(page: Page, line: Line, *, whole: bool) -> Iterator[str]:
    yield from page.text(line.test, 2, style="bold")
    past = [look for look in line.looks if look.state not in OPEN_STATES]
    coming = [look for look in line.looks if look.state in OPEN_STATES]
    shown: Sequence[Look] = line.looks if whole else [*past[-2:], *coming[:MOST_SHOWN]]
    told = ""
    for look in shown:
        if look.rule.row != told:
            told = look.rule.row
            yield from _reason(page, look)
        yield from page.text(_dates(look), 6, 2, STYLES.get(look.state, ""))
    if left := len(line.looks) - len(shown):
        last = line.looks[-1].day if line.looks else ""
        yield from page.text(
            f"and {left} more, the last on {last}; --full shows all", 6, style="dim"
        )
    for note in line.notes:
        yield from page.text(note, 6, 2, "yellow")


def _reason(page: Page, look: Look) -> Iterator[str]:
    rule = look.rule
    mark = f" [{MARK[rule.status]}]" if rule.status in MARK else ""
    standing = f" ({rule.standing})" if rule.standing else ""
    yield from page.text(f"{rule.words}{standing}{mark}", 4)
    yield from page.text(f"{rule.document} {rule.row}: {rule.source} ({rule.status})", 4, 2, "dim")


def _dates(look: Look) -> str:
    if look.done:
        return f"{look.done}  {look.state}"
    window = f" ({look.earliest} to {look.latest})" if look.earliest != look.latest else ""
    return f"{look.planned}  {look.state}{window}"


def _stated(page: Page, stated: Stated) -> Iterator[str]:
    rule = stated.rule
    yield from page.text(f"{rule.test}: {stated.why}", 2, 2, "bold")
    yield from page.text(rule.words, 4)
    yield from page.text(f"{rule.document} {rule.row}: {rule.source} ({rule.status})", 4, 2, "dim")
