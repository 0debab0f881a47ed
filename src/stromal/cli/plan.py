"""`stromal plan`: one page on what it is, where it stands, what can be done and what to ask."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.machine import problems_data, say_json
from stromal.cli.pages.follow_up_calendar import write_calendar
from stromal.cli.pages.page import write
from stromal.cli.pages.plan_build import Material, sheet
from stromal.cli.pages.plan_page import MOST_LINES, height, sheet_lines
from stromal.cli.pages.plan_sheet import ALL, Sheet, fitted
from stromal.cli.pages.plan_words import Words, words_in
from stromal.cli.speak import fail, fault_lines, faults, library_for, output_page
from stromal.cli.treat import chosen_guidelines
from stromal.facts.problem import Problem
from stromal.facts.record import Record, days_of
from stromal.facts.timeline import live_events
from stromal.library import Library
from stromal.plan.boards import board_decisions
from stromal.plan.drugs.tumour_drugs import with_taking_asked
from stromal.plan.known.course import course_of
from stromal.plan.make import make_plan
from stromal.plan.monitoring.report import monitoring_of
from stromal.plan.response.report import response_of
from stromal.plan.response.values import ResponseReport
from stromal.plan.schedule.follow_up import FollowUp, Wish, follow_up

MEASURED = frozenset(("lesions", "new_lesions", "uptake"))
"""Own keys of an imaging event without which there is no response to tell."""
KINDS = ("board", "letter")


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 1 if something in the record or the rules could not be read."""
    library = library_for(args)
    guidelines = chosen_guidelines(library, args.guidelines)
    words = words_in(library, args.lang)
    wrong = [p for p in (guidelines, words, *_kinds(args)) if isinstance(p, Problem)]
    if wrong or isinstance(guidelines, Problem) or isinstance(words, Problem):
        return fail(args, *wrong)
    record = with_taking_asked(read_case(args.case, library), library.terms, args.day)
    material = gather(library, record, args, guidelines)
    failed = list(_files(args, words, record, material))
    if failed:
        return fail(args, *failed)
    problems = (*faults(library), *material.plan.problems)
    if args.json:
        data = {
            "plan": material.plan,
            "decided": material.boards,
            "follow_up": material.dates,
            "response": material.response,
            "monitoring": material.monitoring,
        }
        say_json({**data, "problems": problems_data(problems)})
    elif not (args.html or args.ics or args.pdf):
        page = output_page(args)
        write(fault_lines(page, faults(library)))
        write(sheet_lines(page, _sheet(args, words, material)))
    return 1 if problems else 0


def gather(
    library: Library, record: Record, args: argparse.Namespace, guidelines: tuple[str, ...]
) -> Material:
    """All that the page may say of the record."""
    made = make_plan(library, record, args.day, guidelines)
    return Material(
        library=library,
        plan=made.plan,
        runs=course_of(live_events(record, args.day), library.terms).runs,
        boards=board_decisions(library, record, made, args.day, guidelines),
        dates=follow_up(library, record, args.day, Wish(guidelines=guidelines)),
        since=args.day or _last_day(record),
        response=_response(library, record, args.day, guidelines),
        monitoring=monitoring_of(library, record, args.day),
    )


def _response(
    library: Library, record: Record, day: datetime.date | None, guidelines: tuple[str, ...]
) -> ResponseReport | None:
    """The response, where a scan of the record was measured."""
    measured = any(MEASURED & event.details.keys() for event in live_events(record, day))
    return response_of(library, record, day, None, guidelines) if measured else None


def _last_day(record: Record) -> datetime.date | None:
    """The last day of which the record tells something."""
    days = (days_of(event) for event in live_events(record, None))
    return max((found[0] for found in days if found), default=None)


def _sheet(args: argparse.Namespace, words: Words, material: Material) -> Sheet:
    if args.all:
        return sheet(words, material, ALL)
    page = output_page(args)
    return fitted(
        lambda limits: sheet(words, material, limits), lambda one: height(page, one), MOST_LINES
    )


def _kinds(args: argparse.Namespace) -> Iterator[Problem]:
    for kind, _ in args.pdf:
        if kind not in KINDS:
            yield Problem(
                "--pdf", f"no page {kind!r}", "write --pdf board FILE or --pdf letter FILE"
            )


def _files(
    args: argparse.Namespace, words: Words, record: Record, material: Material
) -> Iterator[Problem]:
    """Write the files asked for; a problem for each that could not be written."""
    if args.html:
        from stromal.cli.pages.plan_html import plan_html

        text = plan_html(words, material, whole=args.all)
        yield from _written(args.html, text, force=args.force)
    for kind, name in args.pdf:
        from stromal.cli.pages.plan_pdf import plan_pdf

        pdf = plan_pdf(words, material, kind)
        if isinstance(pdf, Problem):
            yield pdf
        else:
            yield from _written(name, pdf, force=args.force)
    if args.ics and isinstance(material.dates, FollowUp):
        problem = write_calendar(args, record, material.dates)
        yield from [problem] if problem else []


def _written(name: str, content: str | bytes, *, force: bool) -> Iterator[Problem]:
    """Write a new file; one that exists is kept unless `force` says otherwise."""
    path = Path(name)
    if path.exists() and not force:
        yield Problem(name, "the file exists", "choose another name, or add --force")
        return
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        yield Problem(name, error.strerror or str(error), "check the folder and its permissions")
