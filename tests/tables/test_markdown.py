"""Every document is real Markdown: what we read is what a code host renders."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stromal.library import KNOWLEDGE
from stromal.tables.markdown import read_raw

DOCUMENTS = sorted(path for path in KNOWLEDGE.glob("**/*.md"))


def rendered_tables(text: str) -> list[list[list[str]]]:
    """The tables that a GitHub-flavoured CommonMark parser finds, as the source of each cell."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    tables: list[list[list[str]]] = []
    for token in tokens:
        _take(token, tables)
    return tables


def _take(token: Token, tables: list[list[list[str]]]) -> None:
    if token.type == "table_open":
        tables.append([])
    elif token.type == "tr_open":
        tables[-1].append([])
    elif token.type == "inline" and token.level >= 4 and tables and tables[-1]:
        tables[-1][-1].append(token.content)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(KNOWLEDGE).as_posix())
def test_our_tables_are_those_of_a_commonmark_parser(path: Path) -> None:
    text = path.read_text("utf-8")
    raw, _ = read_raw("document", path.name, text)
    ours = [
        [list(table.header), *(list(cells) for _, cells in table.rows)]
        for section in raw.sections
        for table in section.tables
    ]
    theirs = rendered_tables(text.split("\n---\n", 1)[-1] if text.startswith("---") else text)
    assert ours == [[[cell.replace("\\|", "|") for cell in row] for row in t] for t in theirs]
