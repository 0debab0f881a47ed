"""The page of `stromal follow-up --compare`: the schedules side by side, and what differs."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.pages.page import Cell, Page
from stromal.plan.schedule.differences import Aspect, SchedulesCompared, Side, Topic, in_spans

EXPLAINED = (
    "Years from {start}. Numbers are months between looks (w: weeks), as the source gives them; "
    "'none' no look advised, '?' not stated, '.' no look in that year."
)


def compare_lines(page: Page, compared: SchedulesCompared) -> Iterator[str]:
    """Each topic with its schedules, then each aspect in which they part."""
    number = len(compared.topics)
    several = "1 topic" if number == 1 else f"{number} topics"
    yield from page.heading("The schedules compared")
    yield from page.text(
        f"{compared.differences} differences between pairs of schedules, in {several}.", 2
    )
    for topic in compared.topics:
        yield from _topic(page, topic)


def _topic(page: Page, topic: Topic) -> Iterator[str]:
    yield from page.heading(topic.name.capitalize())
    years = [str(number + 1) for number in range(len(topic.sides[0].years))] if topic.sides else []
    yield from page.table(("year", *years), [_years(side) for side in topic.sides], 0, 24)
    yield from page.text(EXPLAINED.format(start=topic.start), 2, style="dim")
    header = ("authority", "looks", "first", "counted from", "end")
    yield from page.table(header, [_row(side) for side in topic.sides], 0, 24)
    if not topic.differences:
        yield from page.text("No difference between those that state something.", 2)
    for aspect in in_spans(topic.differences):
        yield from _aspect(page, aspect)


def _years(side: Side) -> tuple[Cell, ...]:
    short = {"": ".", "none advised": "none", "not stated": "?"}
    return (Cell(side.authority), *(Cell(short.get(year, year)) for year in side.years))


def _row(side: Side) -> tuple[Cell, ...]:
    looks = "?" if side.looks is None else str(side.looks)
    return Cell(side.authority), Cell(looks), Cell(side.first), Cell(side.anchors), Cell(side.end)


def _aspect(page: Page, aspect: Aspect) -> Iterator[str]:
    held = "; ".join(f"{value}: {', '.join(who)}" for value, who in aspect.held.items())
    yield from page.text(f"{aspect.name} (pairs that differ: {aspect.pairs}): {held}", 2, 4)
