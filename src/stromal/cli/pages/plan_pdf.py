"""The board summary and the letter as a PDF, set by Typst (the optional extra `letter`).

The text goes to Typst as data, never as markup, so that nothing in a record can be read as code.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from importlib.util import find_spec
from itertools import product

from stromal.cli.pages.plan_build import Material
from stromal.cli.pages.plan_html import RULE, SIDE_BY_SIDE, SIGNS, paper
from stromal.cli.pages.plan_sheet import LEVELS, Item, Section, Sheet
from stromal.cli.pages.plan_words import Words
from stromal.facts.problem import Problem

HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
HAN_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
    "SimSun",
    "SimHei",
)
"""Fonts with simplified Chinese; the first that the machine has is taken."""
LATIN_FONTS = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Libertinus Serif")
"""The last comes with Typst, so that one is always there."""
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 13mm, top: 11mm, bottom: 13mm), footer-descent: 20%,
  footer: context [#set text(7pt); #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(size: data.size * 1pt, lang: data.lang, font: data.fonts)
#set par(leading: .45em, spacing: .5em)
#set list(spacing: .42em, indent: 0pt)
#show heading.where(level: 1): it => text(size: 1.35em, it)
#show heading.where(level: 2): it => block(above: .85em, below: .45em, sticky: true,
  stroke: (bottom: 1pt + rgb("#0b4f8a")), inset: (bottom: 2pt), width: 100%, text(size: 1.02em, it))
#let body(item) = {
  if item.sign != "" { strong(item.sign); [ ] }
  if item.label != "" { strong(item.label); data.colon }
  item.text
  for line in item.rest { linebreak(); text(size: .88em, fill: luma(50), line) }
}
#let entries(section) = grid(columns: (34%, 1fr), column-gutter: 6pt, row-gutter: .42em,
  ..section.items.map(item => if item.label == "" { (grid.cell(colspan: 2, body(item)),) } else {
    (text(fill: luma(60), item.label),
     if item.state == "ask" { emph(item.text) } else { strong(item.text) }) }).flatten())
#let options(section) = table(stroke: (bottom: .4pt + luma(120)), inset: (x: 3pt, y: 2.4pt),
  columns: (1fr, auto) + section.columns.map(name => auto),
  align: (x, y) => if x > 1 { center } else { left },
  table.header(..(data.option, data.standing).map(strong), ..section.columns.map(strong)),
  ..section.items.map(item => if item.cells.len() == 0 {
    (table.cell(colspan: section.columns.len() + 2, align: left, body(item)),) } else {
    ({ if item.state == "refused" { strike(item.text) } else if item.state == "offered" {
        strong(item.text) } else { item.text }
       for line in item.rest { linebreak(); text(size: .88em, fill: luma(50), line) } },
     [#item.sign #item.word], ..item.cells) }).flatten())
#let part(section) = {
  if section.title != "" { heading(level: 2, section.title) }
  if section.kind == "entries" { entries(section) }
  else if section.kind == "table" { options(section) }
  else if section.kind == "list" { list(..section.items.map(body)) }
  else { for item in section.items { block(above: .7em, below: .7em, item.text) } }
  if section.key != "" { block(text(size: .85em, section.key)) }
}
#heading(level: 1, data.title)
#text(size: .88em, data.subtitle)
#if data.head != "" { block(data.head) }
#block(stroke: (rest: 1pt, left: 5pt), inset: 4pt, width: 100%, data.emergency)
#for row in data.rows {
  if row.len() == 1 { part(row.at(0)) }
  else { grid(columns: (1fr, 1fr), column-gutter: 14pt, ..row.map(part)) }
}
#for line in data.lines { block(above: 1em, width: 100%, stroke: (bottom: .6pt),
  inset: (bottom: 5pt), line) }
#v(.3em)
#for note in data.notes { block(spacing: .35em, text(size: .8em, fill: luma(50), note)) }
#context [#metadata(counter(page).final().first()) <pages>]
"""
MOST_PAGES = {"board": 1, "letter": 2}
SIZES = (9.0, 8.5, 8.0, 7.5)
"""Sizes of the text in points; the two largest while there is less to say."""


def plan_pdf(words: Words, material: Material, kind: str) -> bytes | Problem:
    """The file of a kind; a problem where Typst or a font is not installed.

    The roomiest page that its sheets hold in large print; the tightest in print as small as needed.
    """
    if find_spec("typst") is None:
        return Problem("--pdf", "needs the package typst", "pip install 'stromal[letter]'")
    typst = import_module("typst")
    families = set(typst.Fonts().families())
    for limits, size in (*product(LEVELS, SIZES[:2]), *product(LEVELS[-1:], SIZES[2:])):
        data = pdf_data(words, kind, paper(words, material, kind, limits))
        fonts = fonts_for(json.dumps(data, ensure_ascii=False), families)
        if isinstance(fonts, Problem):
            return fonts
        text = json.dumps({**data, "fonts": fonts, "size": size}, ensure_ascii=False)
        if pages_of(text) <= MOST_PAGES[kind]:
            break
    found: bytes = typst.compile(TEMPLATE.encode(), sys_inputs={"data": text})
    return found


def pages_of(text: str) -> int:
    """How many sheets the data (JSON) takes."""
    typst = import_module("typst")
    given = {"data": text}
    return int(typst.query(TEMPLATE.encode(), "<pages>", field="value", one=True, sys_inputs=given))


def fonts_for(text: str, families: set[str]) -> list[str] | Problem:
    """The fonts to be used; a problem where the text has Chinese and no font has it."""
    latin = [name for name in LATIN_FONTS if name in families]
    if not HAN.search(text):
        return latin
    han = [name for name in HAN_FONTS if name in families]
    if not han:
        return Problem(
            "--pdf",
            "the text has Chinese characters, and no font on this machine has them",
            "install a free one, such as Noto Sans CJK SC (Debian: apt install fonts-noto-cjk), "
            "or name its folder in TYPST_FONT_PATHS; --html needs none",
        )
    return [*latin, han[0]]


def pdf_data(words: Words, kind: str, one: Sheet) -> dict[str, object]:
    """What the page says, as data for the template."""
    lines = ("decision line", "dissent line", "decided line") if kind == "board" else ()
    return {
        "title": one.title,
        "subtitle": one.subtitle,
        "head": words("to and from", line=RULE) if kind == "letter" else "",
        "emergency": one.emergency,
        "colon": one.colon,
        "lang": words.code,
        "option": words("option"),
        "standing": words("standing"),
        "rows": _rows(words, one),
        "lines": [words(line) for line in lines],
        "notes": list(one.notes),
    }


def _rows(words: Words, one: Sheet) -> list[list[dict[str, object]]]:
    """The sections; what it is and where it stands side by side."""
    rows: list[list[dict[str, object]]] = []
    for section in (part for part in one.sections if part.items):
        data = _section(words, section)
        if section.name == SIDE_BY_SIDE[1] and rows:
            rows[-1].append(data)
        else:
            rows.append([data])
    return rows


def _section(words: Words, section: Section) -> dict[str, object]:
    if section.name in SIDE_BY_SIDE:
        kind = "entries"
    elif any(item.cells for item in section.items):
        kind = "table"
    else:
        kind = "list" if section.title else "text"
    items = [_item(words, item) for item in section.items]
    return {"title": section.title, "kind": kind, "items": items, "key": section.key,
            "columns": list(section.columns)}  # fmt: skip


def _item(words: Words, item: Item) -> dict[str, object]:
    return {
        "text": item.text,
        "label": item.label,
        "state": item.state,
        "sign": SIGNS.get(item.state, ""),
        "word": words(item.state) if item.state in SIGNS else "",
        "rest": list(item.rest),
        "cells": list(item.cells),
    }
