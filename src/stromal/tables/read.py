"""From the written document to a typed table, with every problem named by file, line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.tables.cell import Cell, CellError, Condition, read_cell
from stromal.tables.document import (
    ROLE_OUTPUTS,
    STATUSES,
    Citation,
    Copy,
    Dispute,
    Example,
    Law,
    Row,
    Table,
)
from stromal.tables.markdown import PipeTable, RawDocument, Section

ValueReader = Callable[[Term, str], Possible | Problem]
_CLOSING = ("source", "status", "words")


@dataclass(slots=True)
class _Reading:
    """What reading one document collects."""

    path: str
    terms: Mapping[str, Term]
    value_of: ValueReader
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, column: str, what: str, remedy: str) -> None:
        place = f"{self.path}:{line}" + (f", column {column}" if column else "")
        self.problems.append(Problem(place, what, remedy))


def decision_term(raw: RawDocument) -> Term | None:
    """The decision of a `one` document as a name that other tables may use as an input."""
    decides, outcomes = raw.front.get("decides"), raw.front.get("outcomes")
    if not isinstance(decides, str) or not isinstance(outcomes, list):
        return None
    values = tuple(str(outcome) for outcome in outcomes)
    question = str(raw.front.get("question", raw.front.get("title", decides)))
    return Term.decided(decides, values, question, raw.path)


def read_tables(
    raw: RawDocument, terms: Mapping[str, Term], value_of: ValueReader
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    """All tables of a document: one for a rule, one per section for a drug.

    `terms` holds the dictionary and the decisions; `value_of` reads example values.
    """
    reading = _Reading(raw.path, terms, value_of)
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
    reading: _Reading, raw: RawDocument, part: Section | None, around: tuple[Section, ...]
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
        examples=_examples(reading, table, sections.get("Examples")),
        disputes=_disputes(reading, table, sections.get("Disputes")),
        copies=_copies(reading, sections.get("Copies")),
    )


def _empty_table(reading: _Reading, raw: RawDocument, part: Section) -> Table:
    front, drug = raw.front, raw.front.get("kind") == "drug"
    slug = part.title.lower().replace(" ", "-")
    role = slug if drug else str(front.get("role", ""))
    kind = "all" if drug else str(front.get("kind", ""))
    if kind not in ("one", "all"):
        reading.wrong(1, "", f"kind is {kind!r}", "write 'kind: one' or 'kind: all'")
    outcomes = front.get("outcomes", [])
    return Table(
        id=f"{raw.id}/{slug}" if drug else raw.id,
        title=f"{front.get('title', raw.id)}: {part.title.lower()}" if drug else str(front.get("title", raw.id)),
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


def _laws(reading: _Reading, laws: object) -> tuple[Law, ...]:
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


def _columns(reading: _Reading, table: Table, pipe: PipeTable) -> _Columns:
    inputs: dict[int, Term] = {}
    outputs: dict[int, str] = {}
    closing: dict[str, int] = {}
    id_place = -1
    for place, head in enumerate(pipe.header):
        if head == "id":
            id_place = place
        elif head in _CLOSING:
            closing[head] = place
        elif head.startswith("="):
            outputs[place] = head[1:].strip()
        elif term := _input(reading, head, pipe.line):
            inputs[place] = term
    for missing in [h for h in ("id", *_CLOSING) if h not in pipe.header]:
        reading.wrong(pipe.line, missing, "the column is missing", f"add a column '{missing}'")
    _check_outputs(reading, table, tuple(outputs.values()), pipe.line)
    return _Columns(inputs, tuple(outputs.values()), outputs, closing, id_place, table)


def _check_outputs(reading: _Reading, table: Table, outputs: tuple[str, ...], line: int) -> None:
    if table.kind == "one" and (not outputs or outputs[0] != table.decides):
        reading.wrong(
            line, "", f"the first output is not {table.decides!r}", f"write '= {table.decides}'"
        )
    for output in ROLE_OUTPUTS.get(table.role, ()):
        if output not in outputs:
            what = f"role {table.role} needs the output '= {output}'"
            reading.wrong(line, "", what, f"add a column '= {output}'")


def _input(reading: _Reading, head: str, line: int) -> Term | None:
    name, _, unit = head.partition("(")
    term = reading.terms.get(name.strip())
    if term is None:
        reading.wrong(line, head, "not a name of the dictionary", "see 'stromal facts', or add it")
        return None
    if term.kind in ("text", "date"):
        reading.wrong(line, head, f"a {term.kind} cannot be tested", "use a fact derived from it")
        return None
    if unit and unit.rstrip(") ") != term.unit:
        reading.wrong(line, head, f"the dictionary's unit is {term.unit!r}", f"write {term.name}")
    return term


def _row(reading: _Reading, columns: _Columns, line: int, cells: tuple[str, ...]) -> Row | None:
    row_id = cells[columns.id_place] if columns.id_place >= 0 else ""
    if not row_id or " " in row_id:
        reading.wrong(line, "id", f"row id {row_id!r}", "give the row a short id without blanks")
        return None
    typed: list[Cell] = []
    for place, term in columns.inputs.items():
        cell = _cell(reading, cells[place], term, line)
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
        citations=_citations(reading, closing.get("source", ""), line),
        status=_status(reading, closing.get("status", ""), line),
        words=_words(reading, closing.get("words", ""), line),
        line=line,
    )


def _cell(reading: _Reading, text: str, term: Term, line: int) -> Cell | CellError:
    try:
        return read_cell(text, term)
    except CellError as error:
        reading.wrong(line, term.name, str(error), "mend the cell; see 'Cells' in docs/rules.md")
        return error


def _check_output_values(
    reading: _Reading, table: Table, outputs: Mapping[str, str], line: int
) -> None:
    if table.kind == "one" and outputs.get(table.decides) not in table.outcomes:
        given = outputs.get(table.decides)
        reading.wrong(line, table.decides, f"{given!r} is not an outcome", f"use one of {', '.join(table.outcomes)}")
    for name, text in outputs.items():
        term = reading.terms.get(name)
        if term is None or name == table.decides or text == "-" or not term.values:
            continue
        if text not in term.values:
            reading.wrong(line, name, f"{name} has no value {text!r}", "use a value of the dictionary, or add it there")


def _citations(reading: _Reading, text: str, line: int) -> tuple[Citation, ...]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        reading.wrong(line, "source", "the row cites nothing", "add 'key, place' of a source")
    return tuple(Citation(*_key_and_place(part)) for part in parts)


def _key_and_place(part: str) -> tuple[str, str]:
    key, _, place = part.partition(",")
    return key.strip(), place.strip()


def _status(reading: _Reading, text: str, line: int) -> str:
    if text not in STATUSES:
        reading.wrong(line, "status", f"{text!r} is no status", f"use one of {', '.join(STATUSES)}")
    return text


def _words(reading: _Reading, text: str, line: int) -> str:
    if not text or text == "-":
        reading.wrong(line, "words", "the row has no words", "say it to a clinician in a sentence")
    return text


def _examples(reading: _Reading, table: Table, section: Section | None) -> tuple[Example, ...]:
    if section is None:
        return ()
    return tuple(
        example
        for pipe in section.tables
        for line, cells in pipe.rows
        if (example := _example(reading, table, pipe.header, line, cells))
    )


def _example(
    reading: _Reading, table: Table, header: tuple[str, ...], line: int, cells: tuple[str, ...]
) -> Example | None:
    facts: dict[str, Possible] = {}
    given = dict(zip(header, cells, strict=True))
    for head, text in given.items():
        if head in ("case", "expected", "possible", "row", "words"):
            continue
        term = _input(reading, head, line)
        value = _example_value(reading, term, text, line) if term else None
        if term and value is not None:
            facts[term.name] = value
    expected = _expected(table, given.get("expected", ""))
    known = set(table.outcomes) if table.kind == "one" else {row.id for row in table.rows}
    if unknown := sorted(expected - known):
        reading.wrong(line, "expected", f"no such outcome or row: {', '.join(unknown)}", "mend it")
        return None
    if table.kind == "one" and not expected:
        reading.wrong(line, "expected", "nothing is expected", "write the outcome")
        return None
    possible = frozenset(given.get("possible", "").replace("-", " - ").split()) - {"-"}
    if "possible" in given:
        possible = _row_ids(given["possible"])
    row = given.get("row", "").strip().strip("-")
    return Example(given.get("case", ""), facts, expected, possible, row, line)


def _expected(table: Table, text: str) -> frozenset[str]:
    if table.kind == "one":
        return frozenset(part.strip() for part in text.split(" or ") if part.strip())
    return _row_ids(text)


def _row_ids(text: str) -> frozenset[str]:
    return frozenset(word.strip(",") for word in text.split()) - {"-", ""}


def _example_value(reading: _Reading, term: Term, text: str, line: int) -> Possible | None:
    if text in ("", "?", "-"):
        return None
    try:
        cell = read_cell(text, term)
    except CellError:
        return _record_value(reading, term, text, line)
    if isinstance(cell, Condition):
        return _record_value(reading, term, text, line)
    return _within(cell, term)


def _within(cell: Numbers | Choices | None, term: Term) -> Possible | None:
    if isinstance(cell, Numbers) and isinstance(term.domain, Numbers):
        return cell.intersect(term.domain)
    return cell


def _record_value(reading: _Reading, term: Term, text: str, line: int) -> Possible | None:
    if isinstance(term.domain, Members) and text.startswith("["):
        return _members(reading, term, text, line)
    value = reading.value_of(term, text)
    if isinstance(value, Problem):
        reading.wrong(line, term.name, value.what, value.remedy)
        return None
    return value


def _members(reading: _Reading, term: Term, text: str, line: int) -> Possible | None:
    names = [part.strip().strip('"') for part in text.strip("[]").split(",") if part.strip()]
    is_open = "?" in names
    present = frozenset(names) - {"?"}
    assert isinstance(term.domain, Members)
    if unknown := sorted(present - term.domain.possible):
        reading.wrong(line, term.name, f"no such finding: {', '.join(unknown)}", "see the dictionary")
        return None
    return Members(present, term.domain.possible if is_open else present)


def _disputes(reading: _Reading, table: Table, section: Section | None) -> tuple[Dispute, ...]:
    if section is None:
        return ()
    return tuple(
        _dispute(reading, table, dict(zip(pipe.header, cells, strict=True)), line)
        for pipe in section.tables
        for line, cells in pipe.rows
    )


def _dispute(reading: _Reading, table: Table, given: dict[str, str], line: int) -> Dispute:
    rows = tuple(given.get("row", "").replace(",", " ").split())
    for unknown in sorted(set(rows) - {row.id for row in table.rows}):
        reading.wrong(line, "row", f"no row {unknown}", "name rows of this document")
    closing = {"id", "row", "printed", *_CLOSING}
    cells: dict[str, Cell] = {}
    for head, text in given.items():
        term = None if head in closing else _input(reading, head, line)
        cell = _cell(reading, text or "-", term, line) if term else None
        if term and cell is not None and not isinstance(cell, CellError):
            cells[term.name] = cell
    return Dispute(
        id=given.get("id", ""),
        rows=rows,
        cells=cells,
        printed=given.get("printed", ""),
        citations=_citations(reading, given.get("source", ""), line),
        status=_status(reading, given.get("status", ""), line),
        words=_words(reading, given.get("words", ""), line),
        line=line,
    )


def _copies(reading: _Reading, section: Section | None) -> tuple[Copy, ...]:
    if section is None:
        return ()
    return tuple(
        Copy(cells[0], cells[1], key, printed, line)
        for pipe in section.tables
        for line, cells in pipe.rows
        for key, printed in zip(pipe.header[2:], cells[2:], strict=True)
        if printed
    )
