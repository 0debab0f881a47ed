"""From the written document to a typed table, with every problem named by file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stromal.facts.dictionary import Term
from stromal.facts.problem import Problem
from stromal.tables.cell import Cell, CellError
from stromal.tables.document import OUTPUT_FACTS, ROLE_OUTPUTS, Law, Row, Table
from stromal.tables.markdown import PipeTable, RawDocument, Section
from stromal.tables.read_around import read_copies, read_disputes, read_examples
from stromal.tables.reading import (
    CLOSING,
    Reading,
    ValueReader,
    input_term,
    read_citations,
    read_status,
    read_words,
    typed_cell,
)


def decision_term(raw: RawDocument) -> Term | None:
    """The decision of a `one` document as a name that other tables may use as an input."""
    decides, outcomes = raw.front.get("decides"), raw.front.get("outcomes")
    if not isinstance(decides, str) or not isinstance(outcomes, list):
        return None
    values = tuple(str(outcome) for outcome in outcomes)
    question = str(raw.front.get("question", raw.front.get("title", decides)))
    return Term.decided(decides, values, question, raw.path)


def read_tables(
    raw: RawDocument, terms: Mapping[str, Term], value_of: ValueReader, *, examples: bool = True
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    """All tables of a document: one for a rule, one per section for a drug.

    `terms` holds the dictionary and the decisions; `value_of` reads the values of the examples, if
    those are wanted.
    """
    reading = Reading(raw.path, terms, value_of, examples)
    if raw.front.get("kind") == "drug":
        tables = [_table(reading, raw, part, groups) for part, groups in _drug_parts(raw)]
    else:
        tables = [_table(reading, raw, _named(raw, "Rows"), raw.sections)]
    return tuple(table for table in tables if table), tuple(reading.problems)


def _drug_parts(raw: RawDocument) -> list[tuple[Section, tuple[Section, ...]]]:
    parts: list[tuple[Section, tuple[Section, ...]]] = []
    for section in raw.sections:
        if section.level == 2:
            parts.append((section, ()))
        elif parts:
            parts[-1] = (parts[-1][0], (*parts[-1][1], section))
    return [(head, below) for head, below in parts if head.tables]


def _named(raw: RawDocument, title: str) -> Section | None:
    return next((section for section in raw.sections if section.title == title), None)


def _table(
    reading: Reading, raw: RawDocument, part: Section | None, around: tuple[Section, ...]
) -> Table | None:
    if part is None or not part.tables:
        reading.wrong(1, "", "no '## Rows' section with a table", "add the rows of the rule")
        return None
    table = _empty_table(reading, raw, part)
    columns = _columns(reading, table, part.tables[0])
    table = replace(table, inputs=tuple(columns.inputs.values()), outputs=columns.outputs)
    rows = [_row(reading, columns, line, cells) for line, cells in part.tables[0].rows]
    table = replace(table, rows=tuple(row for row in rows if row))
    sections = {section.title: section for section in around}
    return replace(
        table,
        examples=read_examples(reading, table, sections.get("Examples")),
        disputes=read_disputes(reading, table, sections.get("Disputes")),
        copies=read_copies(sections.get("Copies")),
    )


def _empty_table(reading: Reading, raw: RawDocument, part: Section) -> Table:
    front, drug = raw.front, raw.front.get("kind") == "drug"
    slug = part.title.lower().replace(" ", "-")
    role = slug if drug else str(front.get("role", ""))
    kind = "all" if drug else str(front.get("kind", ""))
    if kind not in ("one", "all"):
        reading.wrong(1, "", f"kind is {kind!r}", "write 'kind: one' or 'kind: all'")
    outcomes = front.get("outcomes", [])
    return Table(
        id=f"{raw.id}/{slug}" if drug else raw.id,
        title=f"{front.get('title', raw.id)}: {part.title.lower()}"
        if drug
        else str(front.get("title", raw.id)),
        kind=kind,
        role=role,
        decides=str(front.get("decides", "")) if kind == "one" else "",
        question=str(front.get("question", "")),
        outcomes=tuple(str(o) for o in outcomes) if isinstance(outcomes, list) else (),
        inputs=(),
        outputs=(),
        rows=(),
        examples=(),
        disputes=(),
        copies=(),
        laws=_laws(reading, front.get("laws", [])),
        guideline=str(front.get("guideline", "none")),
        edition=str(front.get("edition", "")),
        in_force=str(front.get("in_force", "")),
        until=str(front.get("until", "")),
        text=part.text if drug else raw.text,
        source_path=raw.path,
    )


def _laws(reading: Reading, laws: object) -> tuple[Law, ...]:
    found = []
    for text in laws if isinstance(laws, list) else []:
        law = _law(str(text)) if not isinstance(text, dict) else _law_of_mapping(text)
        if law is None:
            reading.wrong(1, "laws", f"unknown law {text!r}", "see 'Laws' in docs/rules.md")
        else:
            found.append(law)
    return tuple(found)


def _law_of_mapping(mapping: Mapping[object, object]) -> Law | None:
    # YAML reads "only D4: insufficient data" as a mapping.
    (key, value), *rest = mapping.items()
    return None if rest else _law(f"{key}: {value}")


def _law(text: str) -> Law | None:
    words = text.split()
    if text.startswith("rising ") and len(words) >= 2 and words[2:3] in ([], ["except"]):
        return Law("rising", words[1], tuple(words[3:]), text)
    if text.startswith("only ") and ":" in text:
        rows, outcome = text[5:].split(":", 1)
        return Law("only", outcome.strip(), tuple(rows.split()), text)
    if text.startswith("same as ") and len(words) == 3:
        return Law("same", words[2], (), text)
    return None


@dataclass(frozen=True, slots=True)
class _Columns:
    inputs: dict[int, Term]
    outputs: tuple[str, ...]
    output_places: dict[int, str]
    closing: dict[str, int]
    id_place: int
    table: Table


def _columns(reading: Reading, table: Table, pipe: PipeTable) -> _Columns:
    inputs: dict[int, Term] = {}
    outputs: dict[int, str] = {}
    closing: dict[str, int] = {}
    id_place = -1
    for place, head in enumerate(pipe.header):
        if head == "id":
            id_place = place
        elif head in CLOSING:
            closing[head] = place
        elif head.startswith("="):
            outputs[place] = head[1:].strip()
        elif term := input_term(reading, head, pipe.line):
            inputs[place] = term
    for missing in [h for h in ("id", *CLOSING) if h not in pipe.header]:
        reading.wrong(pipe.line, missing, "the column is missing", f"add a column '{missing}'")
    _check_outputs(reading, table, tuple(outputs.values()), pipe.line)
    return _Columns(inputs, tuple(outputs.values()), outputs, closing, id_place, table)


def _check_outputs(reading: Reading, table: Table, outputs: tuple[str, ...], line: int) -> None:
    if table.kind == "one" and (not outputs or outputs[0] != table.decides):
        reading.wrong(
            line, "", f"the first output is not {table.decides!r}", f"write '= {table.decides}'"
        )
    for output in ROLE_OUTPUTS.get(table.role, ()):
        if output not in outputs:
            what = f"role {table.role} needs the output '= {output}'"
            reading.wrong(line, "", what, f"add a column '= {output}'")


def _row(reading: Reading, columns: _Columns, line: int, cells: tuple[str, ...]) -> Row | None:
    row_id = cells[columns.id_place] if columns.id_place >= 0 else ""
    if not row_id or " " in row_id:
        reading.wrong(line, "id", f"row id {row_id!r}", "give the row a short id without blanks")
        return None
    typed: list[Cell] = []
    for place, term in columns.inputs.items():
        cell = typed_cell(reading, cells[place], term, line)
        if isinstance(cell, CellError):
            return None
        typed.append(cell)
    outputs = {name: cells[place] for place, name in columns.output_places.items()}
    _check_output_values(reading, columns.table, outputs, line)
    closing = {name: cells[place] for name, place in columns.closing.items()}
    return Row(
        id=row_id,
        cells=tuple(typed),
        texts=tuple(cells[place] for place in columns.inputs),
        outputs=outputs,
        citations=read_citations(reading, closing.get("source", ""), line),
        status=read_status(reading, closing.get("status", ""), line),
        words=read_words(reading, closing.get("words", ""), line),
        line=line,
    )


def _check_output_values(
    reading: Reading, table: Table, outputs: Mapping[str, str], line: int
) -> None:
    if table.kind == "one" and outputs.get(table.decides) not in table.outcomes:
        given = outputs.get(table.decides)
        reading.wrong(
            line,
            table.decides,
            f"{given!r} is not an outcome",
            f"use one of {', '.join(table.outcomes)}",
        )
    for name, text in outputs.items():
        known = _values_of(reading, name)
        if name == table.decides or text == "-" or not known or text in known:
            continue
        reading.wrong(
            line,
            name,
            f"{name} has no value {text!r}",
            "use a value of the dictionary, or add it there",
        )


def _values_of(reading: Reading, output: str) -> frozenset[str]:
    """The values that the dictionary gives an output column; none if it does not know it."""
    facts = OUTPUT_FACTS.get(output, (output,))
    terms = [reading.terms[name] for name in facts if name in reading.terms]
    return frozenset(value for term in terms for value in term.values)
