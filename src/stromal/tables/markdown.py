"""The written form of a document: front matter, sections and pipe tables with their lines.

Only the part of Markdown that documents use is read here; a test holds it against a
CommonMark parser on every document of the knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from stromal.facts.problem import Problem

_SPLIT = re.compile(r"(?<!\\)\|")
# Every value stays a text: "yes", "2008" and dates mean what the document says.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class PipeTable:
    """A pipe table: header and rows as texts, each with its line in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the text below it and the pipe tables in that text."""

    level: int
    title: str
    text: str
    tables: tuple[PipeTable, ...]
    line: int


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document before anything in it has been given a meaning."""

    id: str
    path: str
    front: Mapping[str, object]
    text: str
    sections: tuple[Section, ...]


def read_raw(document_id: str, path: str, text: str) -> tuple[RawDocument, tuple[Problem, ...]]:
    """Split `text` into front matter and sections; problems name the file and the line."""
    lines = text.split("\n")
    front, start, problems = _front_matter(path, lines)
    sections, table_problems = _sections(path, lines, start)
    intro = sections[0].text if sections and sections[0].level == 0 else ""
    raw = RawDocument(document_id, path, front, intro.strip(), tuple(sections))
    return raw, problems + table_problems


def _front_matter(
    path: str, lines: list[str]
) -> tuple[Mapping[str, object], int, tuple[Problem, ...]]:
    if not lines or lines[0].strip() != "---":
        return {}, 0, (Problem(f"{path}:1", "no front matter", "begin the file with '---'"),)
    try:
        end = next(i for i in range(1, len(lines)) if lines[i].strip() == "---")
    except StopIteration:
        return {}, 0, (Problem(f"{path}:1", "front matter without an end", "close it with '---'"),)
    try:
        front = yaml.load("\n".join(lines[1:end]), Loader=_LOADER)
    except yaml.YAMLError as error:
        return {}, end + 1, (Problem(f"{path}:1", f"front matter is not YAML: {error}", "mend it"),)
    if not isinstance(front, dict):
        return {}, end + 1, (Problem(f"{path}:1", "front matter is not a list of keys", "mend it"),)
    return front, end + 1, ()


def _sections(path: str, lines: list[str], start: int) -> tuple[list[Section], tuple[Problem, ...]]:
    heads = [(start - 1, 0, "")]
    heads += [
        (i, len(line) - len(line.lstrip("#")), line.lstrip("#").strip())
        for i, line in enumerate(lines)
        if i >= start and line.startswith("##")
    ]
    problems: list[Problem] = []
    sections = []
    for (line, level, title), end in zip(
        heads, [h[0] for h in heads[1:]] + [len(lines)], strict=True
    ):
        body = lines[line + 1 : end]
        tables, found = _tables(path, body, line + 2)
        problems += found
        text = "\n".join(part for part in body if not part.startswith("|"))
        sections.append(Section(level, title, text.strip(), tables, line + 1))
    return sections, tuple(problems)


def _tables(
    path: str, lines: list[str], first_line: int
) -> tuple[tuple[PipeTable, ...], tuple[Problem, ...]]:
    tables: list[PipeTable] = []
    problems: list[Problem] = []
    block: list[tuple[int, tuple[str, ...]]] = []
    for number, line in enumerate([*lines, ""], first_line):
        if line.lstrip().startswith("|"):
            block.append((number, _split(line)))
        elif block:
            table, found = _one_table(path, block)
            problems += found
            tables += [table] if table else []
            block = []
    return tuple(tables), tuple(problems)


def _one_table(
    path: str, block: list[tuple[int, tuple[str, ...]]]
) -> tuple[PipeTable | None, list[Problem]]:
    line, header = block[0]
    if len(block) < 2 or not all(set(cell) <= set("-: ") and cell for cell in block[1][1]):
        what = "a table without the line of dashes below its header"
        return None, [Problem(f"{path}:{line}", what, "add |---|---| as its second line")]
    problems = [
        Problem(
            f"{path}:{number}",
            f"the row has {len(cells)} cells, the header {len(header)}",
            "give it one cell per column ('-' for any value)",
        )
        for number, cells in block[2:]
        if len(cells) != len(header)
    ]
    rows = tuple((number, cells) for number, cells in block[2:] if len(cells) == len(header))
    return PipeTable(header, rows, line), problems


def _split(line: str) -> tuple[str, ...]:
    text = line.strip().removeprefix("|")
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    if "\\|" not in text:
        return tuple(cell.strip() for cell in text.split("|"))
    return tuple(cell.strip().replace("\\|", "|") for cell in _SPLIT.split(text))
