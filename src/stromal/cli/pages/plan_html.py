"""The plan as a page of HTML: a board summary that prints on one sheet, and a letter.

No other file, no script. Every state is told by a word and a sign, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from stromal.cli.pages.page import Page
from stromal.cli.pages.plan_build import Material, sheet
from stromal.cli.pages.plan_letter import letter
from stromal.cli.pages.plan_page import height
from stromal.cli.pages.plan_sheet import ALL, Item, Limits, Section, Sheet, fitted
from stromal.cli.pages.plan_style import STYLE
from stromal.cli.pages.plan_words import Words

SIGNS = {
    "offered": "\u2713",
    "depends": "?",
    "discouraged": "\u2212",
    "refused": "\u2717",
    "ask": "?",
    "care": "!",
}
PAPER = Page(112)
"""About as many characters as a line of the printed page holds."""
BOARD_LINES = 51
LETTER_LINES = 92
SIDE_BY_SIDE = ("nature", "state")
LANGUAGES = {"en": "en-GB", "zh": "zh-Hans"}
RULE = "_" * 24


def board_sheet(words: Words, material: Material) -> Sheet:
    """The board summary that fits one sheet of A4."""
    return _fitted(words, material, "board", BOARD_LINES)


def letter_sheet(words: Words, material: Material) -> Sheet:
    """The letter that fits two sheets of A4."""
    return _fitted(words, material, "letter", LETTER_LINES)


def paper(words: Words, material: Material, kind: str, limits: Limits) -> Sheet:
    """A board summary or letter with as much as the limits let in."""
    return (letter if kind == "letter" else sheet)(words, material, limits)


def _fitted(words: Words, material: Material, kind: str, most: int) -> Sheet:
    def build(limits: Limits) -> Sheet:
        return paper(words, material, kind, limits)

    return fitted(build, lambda one: height(PAPER, one), most)


def plan_html(words: Words, material: Material, *, whole: bool = False) -> str:
    """The whole file: the board summary (or, if `whole`, everything) and the letter."""
    first = sheet(words, material, ALL) if whole else board_sheet(words, material)
    views = (("whole" if whole else "board", first), ("letter", letter_sheet(words, material)))
    inputs = [
        f'<input type="radio" name="view" id="v-{name}"{" checked" if number == 0 else ""}>'
        for number, (name, _) in enumerate(views)
    ]
    labels = "".join(f'<label for="v-{name}">{escape(words(name))}</label>' for name, _ in views)
    parts = [
        "<!doctype html>",
        f'<html lang="{LANGUAGES.get(words.code, words.code)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(first.title)}</title><style>{STYLE}</style></head><body>",
        *inputs,
        f'<nav aria-label="{escape(words("views"))}">{labels}</nav>',
        *(line for name, one in views for line in _article(words, name, one)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _article(words: Words, name: str, one: Sheet) -> Iterator[str]:
    yield f'<article class="{name}">'
    yield f"<h1>{escape(one.title)}</h1>"
    yield f'<p class="small">{escape(one.subtitle)}</p>'
    if name == "letter":
        yield f"<p>{escape(words('to and from', line=RULE))}</p>"
    yield f'<p class="now">{escape(one.emergency)}</p>'
    for section in one.sections:
        if section.name == SIDE_BY_SIDE[0]:
            yield '<div class="two">'
        if section.items:
            yield from _section(words, section)
        if section.name == SIDE_BY_SIDE[1]:
            yield "</div>"
    if name == "board":
        for phrase in ("decision line", "dissent line", "decided line"):
            yield f'<p class="line">{escape(words(phrase))}</p>'
    yield "<footer>"
    yield from (f"<p>{escape(note)}</p>" for note in one.notes)
    yield "</footer></article>"


def _section(words: Words, section: Section) -> Iterator[str]:
    yield f'<section class="{section.name.replace(" ", "-")}">'
    if section.title:
        yield f"<h2>{escape(section.title)}</h2>"
    if section.name in SIDE_BY_SIDE:
        yield from _entries(words, section.items)
    elif any(item.cells for item in section.items):
        yield from _table(words, section)
    elif section.title:
        yield "<ul>"
        yield from (f"<li{_kind(item)}>{_body(words, item)}</li>" for item in section.items)
        yield "</ul>"
    else:
        yield from (f"<p>{escape(item.text)}</p>" for item in section.items)
    if section.key:
        yield f'<p class="small">{escape(section.key)}</p>'
    yield "</section>"


def _entries(words: Words, items: Iterable[Item]) -> Iterator[str]:
    yield "<dl>"
    for item in items:
        if item.label:
            kind = ' class="open"' if item.state == "ask" else ""
            yield f"<dt>{escape(item.label)}</dt><dd{kind}>{escape(item.text)}</dd>"
        else:
            yield f"<dt></dt><dd{_kind(item)}>{_body(words, item)}</dd>"
    yield "</dl>"


def _kind(item: Item) -> str:
    return f' class="{item.state}"' if item.state else ""


def _sign(words: Words, item: Item) -> str:
    """The sign of a state, with its word for those who cannot see it."""
    sign = SIGNS.get(item.state)
    if sign is None:
        return ""
    return f'<span class="sign" title="{escape(words(item.state))}">{sign}</span> '


def _body(words: Words, item: Item) -> str:
    label = f"<strong>{escape(item.label)}</strong>{escape(words('colon'))}" if item.label else ""
    rest = "".join(f"<br><small>{escape(line)}</small>" for line in item.rest)
    return f"{_sign(words, item)}{label}{escape(item.text)}{rest}"


def _table(words: Words, section: Section) -> Iterator[str]:
    heads = "".join(f'<th class="g" scope="col">{escape(name)}</th>' for name in section.columns)
    yield '<div class="wide"><table><thead><tr>'
    yield f'<th scope="col">{escape(words("option"))}</th>'
    yield f'<th scope="col">{escape(words("standing"))}</th>{heads}</tr></thead><tbody>'
    for item in section.items:
        if item.cells:
            yield from _option(words, item)
        else:
            span = len(section.columns) + 2
            yield f'<tr{_kind(item)}><td colspan="{span}">{_body(words, item)}</td></tr>'
    yield "</tbody></table></div>"


def _option(words: Words, item: Item) -> Iterator[str]:
    rest = "".join(f"<br><small>{escape(line)}</small>" for line in item.rest)
    cells = "".join(f'<td class="g">{escape(cell)}</td>' for cell in item.cells)
    state = f"{SIGNS[item.state]} {escape(words(item.state))}"
    yield f'<tr{_kind(item)}><td><span class="name">{escape(item.text)}</span>{rest}</td>'
    yield f'<td class="sign">{state}</td>{cells}</tr>'
