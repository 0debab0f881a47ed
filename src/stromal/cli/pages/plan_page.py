"""The page of `stromal plan` in the terminal: the plan's sheet, laid out in lines."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.pages.page import Page, wide
from stromal.cli.pages.plan_sheet import Item, Section, Sheet

MOST_LINES = 70
"""A page longer than this is not read to its end."""
LABEL = 26
"""Entries with a short name stand in two columns, the second from here on."""
STYLES = {"offered": "bold", "strong": "bold", "refused": "red", "ask": "yellow", "care": "yellow"}
SIGNS = {
    "offered": "+",
    "depends": "?",
    "discouraged": "-",
    "refused": "x",
    "ask": "?",
    "care": "!",
}
"""What a state is told by where there is no colour."""
COLUMNS = ("nature", "state")
"""The sections whose items are names with values."""


def sheet_lines(page: Page, sheet: Sheet) -> Iterator[str]:
    """The whole page."""
    yield from page.text(sheet.title, style="bold")
    yield from page.text(sheet.subtitle, style="dim")
    yield from page.text(sheet.emergency, style="dim")
    for section in sheet.sections:
        if section.items:
            yield from _section(page, section, sheet.colon)
    yield ""
    for note in sheet.notes:
        yield from page.text(note, style="dim")


def height(page: Page, sheet: Sheet) -> int:
    """How many lines the sheet takes."""
    return sum(1 for _ in sheet_lines(page, sheet))


def _section(page: Page, section: Section, colon: str) -> Iterator[str]:
    yield from page.heading(section.title)
    for item in section.items:
        if section.name in COLUMNS and item.label and wide(item.label) < LABEL - 2:
            yield from page.entry(item.label, item.text, LABEL, style=STYLES.get(item.state, ""))
        else:
            yield from _item(page, item, colon)


def _item(page: Page, item: Item, colon: str) -> Iterator[str]:
    sign = SIGNS.get(item.state, "-" if not item.label else "")
    text = f"{item.label}{colon}{item.text}" if item.label else item.text
    yield from page.text(f"{sign or '-'} {text}", 2, 2, STYLES.get(item.state, ""))
    for line in item.rest:
        yield from page.text(line, 4, 2)
