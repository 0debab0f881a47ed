"""Lines for the terminal: wrapped to its width, coloured only where wanted, ASCII where needed.

A small layout of our own, since importing rich costs 0.17 s of the half second that a whole
`stromal assess` may take. Text is wrapped first and coloured after, so widths are always those
that are seen.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

UNBROKEN = "\u00a0"
UNIT = re.compile(r"(?<=\d) (?=(?:%|cm|mm2?)(?![a-z0-9]))")
"""The blank between a number and its unit, at which no line is broken."""
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60"
WIDE = re.compile(f"[{_WIDE}]")
PIECES = re.compile(rf" *[（“《]*(?:[^\s{_WIDE}“”]+|\S)[，。；：、）？！”》]*| +")
"""What stays together where lines may break between wide characters: words, marks with them."""
WIDEST = 100
NARROWEST = 40
STYLES = {
    "": "",
    "bold": "1",
    "dim": "2",
    "red": "31;1",
    "yellow": "33",
    "green": "32;1",
    "cyan": "36",
}
ASCII = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "−": "-", "×": "x", "·": ".", "•": "*", "…": "...",
        "≤": "<=", "≥": ">=", "≈": "~", "±": "+/-", "→": "->", "²": "2", "³": "3", "µ": "u",
        "‘": "'", "’": "'", "“": '"', "”": '"', "─": "-", "α": "alpha", "β": "beta", "\u00a0": " ",
        "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#",
        "ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the page is and whether it may be coloured. Every method gives lines."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style of STYLES, or as it is where colour is not wanted."""
        if not self.colour or not STYLES[style] or not text:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"

    def heading(self, text: str) -> list[str]:
        """An empty line and a title."""
        return ["", *self.text(text, style="bold")]

    def text(self, text: str, indent: int = 0, hang: int = 0, style: str = "") -> list[str]:
        """A paragraph; its lines after the first are indented by `hang` more."""
        room = max(self.width - indent, 20)
        lines = _wrap(text, room, hang, broken=False)  # a path must stay one word
        return [" " * indent + self.paint(line, style) for line in lines]

    def entry(self, label: str, text: str, at: int, indent: int = 2, style: str = "") -> list[str]:
        """A label and, from column `at` on, its text; a long label gets a line of its own."""
        body = self.text(text, at, style=style) or [""]
        if indent + wide(label) + 1 > at:
            return [*self.text(label, indent, 2, "bold"), *body]
        gap = " " * (at - indent - wide(label))
        return [" " * indent + self.paint(label, "bold") + gap + body[0][at:], *body[1:]]

    def table(self, header: Sequence[str], rows: Iterable[Row], flex: int, most: int) -> list[str]:
        """Columns two blanks apart, cells wrapped. Column `flex` takes the room that is left."""
        cells = [tuple(Cell(text, "dim") for text in header), *rows]
        widths = _widths([[cell.text for cell in row] for row in cells], flex, most, self.width - 2)
        return [f"  {line}".rstrip() for row in cells for line in self._row(row, widths)]

    def _row(self, row: Row, widths: Sequence[int]) -> Iterator[str]:
        wrapped = [_wrap(cell.text, width, 0) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, wrapped))):
            parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
            yield "  ".join(
                self.paint(part, cell.style) + " " * (width - wide(part))
                for part, cell, width in zip(parts, row, widths, strict=True)
            )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table for the terminal."""

    text: str
    style: str = ""


Row = tuple[Cell, ...]


def page_for(stream: IO[str], wanted: bool | None) -> Page:
    """The page that fits a stream: its width, and colour by --color, NO_COLOR and the terminal."""
    terminal = stream.isatty()
    colour = wanted if wanted is not None else terminal and not os.environ.get("NO_COLOR")
    dumb = os.environ.get("TERM") == "dumb" and wanted is None
    width = shutil.get_terminal_size((80, 24)).columns
    return Page(max(NARROWEST, min(width, WIDEST)), bool(colour) and not dumb)


def write(lines: Iterable[str], stream: IO[str] | None = None) -> None:
    """Print lines, replacing what the stream's encoding cannot show."""
    out = sys.stdout if stream is None else stream
    text = "".join(f"{line}\n" for line in lines)
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")
    out.write(text)
    out.flush()


def wide(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(_wide_character(character) for character in text)


def plain(text: str) -> str:
    """A text from a file made safe for a terminal: no control characters, on one line."""
    return "".join(c if c.isprintable() else " " for c in text)


def _wide_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrap(text: str, width: int, hang: int, *, broken: bool = True) -> list[str]:
    lines = [
        line.replace(UNBROKEN, " ")
        for part in text.split("\n")
        for line in _wrapped(UNIT.sub(UNBROKEN, plain(part)), width, hang, broken=broken)
    ]
    return lines or [""]


def _wrapped(text: str, width: int, hang: int, *, broken: bool) -> list[str]:
    if WIDE.search(text):
        return _wrap_wide(text, width, hang)
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=" " * hang,
        break_on_hyphens=False,
        break_long_words=broken,
    )


def _wrap_wide(text: str, width: int, hang: int) -> list[str]:
    """Lines of a text with wide characters, which may break between any two of them."""
    lines, line = [], ""
    for piece in PIECES.findall(text):
        if line.strip() and wide(line) + wide(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * hang
        line += piece.lstrip() if not line.strip() else piece
    return [*lines, line.rstrip()]


def _widths(texts: list[list[str]], flex: int, most: int, room: int) -> list[int]:
    widths = [min(max(wide(cell) for cell in column), most) for column in zip(*texts, strict=True)]
    gaps = 2 * (len(widths) - 1)
    others = sum(width for place, width in enumerate(widths) if place != flex)
    widths[flex] = max(room - gaps - others, 12)
    return widths
