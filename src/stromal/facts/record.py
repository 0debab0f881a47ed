"""The record of one patient: dated events as a file holds them, nothing edited, nothing lost.

A record is read from YAML or JSON (JSON is YAML). Every problem names file, line and field;
what could be read is kept beside what could not.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from stromal.facts.problem import Problem
from stromal.facts.values import read_day

MOST_BYTES = 5_000_000
DEEPEST = 12
MOST_VALUES = 50_000
KINDS = (
    "imaging", "endoscopy", "biopsy", "resection", "pathology", "molecular test", "drug start",
    "drug stop", "dose change", "drug level", "laboratory", "adverse event", "questionnaire",
    "status", "history", "decision", "visit",
)  # fmt: skip
_RECORD_KEYS = ("id", "title", "source", "facts", "events", "expect", "why")
_EVENT_KEYS = ("id", "day", "recorded", "kind", "source", "facts", "corrects", "words")
_KIND_KEYS: Mapping[str, tuple[str, ...]] = {
    "drug start": ("drug", "dose", "purpose"),
    "drug stop": ("drug", "because"),
    "dose change": ("drug", "dose", "because"),
    "drug level": ("drug", "level", "hours_after_dose"),
    "adverse event": ("term", "grade", "ctcae", "drug", "occurrence"),
    "decision": ("text", "dissent", "decided_by"),
    "laboratory": ("test", "value"),
    "questionnaire": ("name", "answers"),
}
_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was true, or happened, on a day. `facts` are as written."""

    id: str
    day: str
    recorded: str
    kind: str
    source: str
    facts: Mapping[str, object]
    corrects: str = ""
    words: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One patient. `events` begin with the undated facts, as an event without a day."""

    id: str
    title: str
    source: str
    events: tuple[Event, ...]
    expect: Mapping[str, object]
    why: str
    problems: tuple[Problem, ...]
    name: str


def read_record_file(path: Path) -> Record:
    """Read a file; one that cannot be opened gives an empty record with the problem."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        return _empty(
            str(path),
            Problem(str(path), error.strerror or "cannot be read", "check the name of the file"),
        )
    return read_record(data, str(path))


def read_record(data: bytes, name: str = "record") -> Record:
    """Read the bytes of a YAML or JSON file; `name` is what problems call it."""
    text = _decode(data, name)
    if isinstance(text, Problem):
        return _empty(name, text)
    node = _compose(text, name)
    if isinstance(node, Problem):
        return _empty(name, node)
    return _record(node, name)


def _empty(name: str, problem: Problem) -> Record:
    return Record("", "", "", (), {}, "", (problem,), name)


def _decode(data: bytes, name: str) -> str | Problem:
    if len(data) > MOST_BYTES:
        what = f"the file is larger than {MOST_BYTES // 1_000_000} MB"
        return Problem(name, what, "one file is one patient; for a registry use 'stromal decide'")
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            return Problem(name, f"the file is written in {encoding}", "save it as UTF-8")
    if b"\x00" in data:
        return Problem(name, "the file is binary, not text", "give a YAML or JSON file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"byte {data[error.start]:#x} is not UTF-8 (Latin-1 or Windows-1252, perhaps)"
        return Problem(f"{name}:{line}", what, "save the file as UTF-8")


def _compose(text: str, name: str) -> yaml.Node | Problem:
    try:
        nodes = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        what = f"not valid YAML: {getattr(error, 'problem', None) or error}"
        return Problem(place, what, "check colons, quotes and indentation there")
    except (RecursionError, ValueError) as error:
        return Problem(name, f"not valid YAML: {type(error).__name__}", "check the file")
    if len(nodes) > 1:
        line = nodes[1].start_mark.line + 1
        return Problem(
            f"{name}:{line}", "a second patient begins here", "keep one patient in one file"
        )
    if not nodes or not isinstance(nodes[0], yaml.MappingNode):
        return Problem(
            f"{name}:1", "not a record: no 'key: value' lines", "begin with 'facts:' or 'events:'"
        )
    return nodes[0]


@dataclass(slots=True)
class _Reader:
    name: str
    problems: list[Problem] = field(default_factory=list)
    values: int = 0

    def wrong(self, node: yaml.Node, where: str, what: str, remedy: str) -> None:
        place = f"{self.name}:{node.start_mark.line + 1}" + (f", {where}" if where else "")
        self.problems.append(Problem(place, what, remedy))

    def items(self, node: yaml.Node, where: str) -> Iterator[tuple[str, yaml.Node]]:
        """The keys of a mapping, each once; anything else is a problem."""
        if not isinstance(node, yaml.MappingNode):
            if not _is_null(node):
                self.wrong(
                    node, where, "not a list of 'key: value'", "indent 'key: value' lines below it"
                )
            return
        seen: set[str] = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in seen:
                self.wrong(
                    key_node,
                    key,
                    "given twice",
                    "keep one; two values that disagree are two events",
                )
                continue
            seen.add(key)
            yield key, value

    def plain(self, node: yaml.Node, where: str, depth: int = 0) -> object:
        """A node as Python values, numbers and words as they were written."""
        self.values += 1
        if depth > DEEPEST or self.values > MOST_VALUES:
            # Aliases can make a small file endless, so values are counted as they are read.
            self.wrong(node, where, "nested too deeply or too much", "a record needs no such depth")
            return None
        if isinstance(node, yaml.MappingNode):
            return {k: self.plain(v, where, depth + 1) for k, v in self.items(node, where)}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, where, depth + 1) for child in node.value]
        return _scalar(node)


def _scalar(node: yaml.Node) -> object:
    if node.tag == "tag:yaml.org,2002:null" and node.value in ("", "~", "null", "Null", "NULL"):
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in ("yes", "true", "on", "y")
    return str(node.value)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and _scalar(node) is None


def _record(node: yaml.Node, name: str) -> Record:
    reader = _Reader(name)
    parts: dict[str, yaml.Node] = {}
    for key, value in reader.items(node, ""):
        if key in _RECORD_KEYS:
            parts[key] = value
        else:
            reader.wrong(value, key, f"unknown key {key!r}", _nearest(key, _RECORD_KEYS))
    events = [*_undated(reader, parts), *_events(reader, parts)]
    _check_ids(reader, node, events)
    expect = reader.plain(parts["expect"], "expect") if "expect" in parts else {}
    text = {key: _text(reader, parts.get(key), key) for key in ("id", "title", "source", "why")}
    return Record(
        text["id"] or Path(name).stem, text["title"], text["source"], tuple(events),
        expect if isinstance(expect, dict) else {}, text["why"], tuple(reader.problems), name,
    )  # fmt: skip


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}use {', '.join(known)}"


def _text(reader: _Reader, node: yaml.Node | None, where: str) -> str:
    if node is None or _is_null(node):
        return ""
    if not isinstance(node, yaml.ScalarNode):
        reader.wrong(node, where, "not a text", "write it in quotes on one line")
        return ""
    return str(node.value)


def _undated(reader: _Reader, parts: Mapping[str, yaml.Node]) -> Iterator[Event]:
    if "facts" in parts:
        facts, lines = _facts(reader, parts["facts"], "facts")
        source = _text(reader, parts.get("source"), "source")
        line = parts["facts"].start_mark.line + 1
        yield Event("facts", "", "", "history", source, facts, line=line, lines=lines)


def _facts(
    reader: _Reader, node: yaml.Node, where: str
) -> tuple[dict[str, object], dict[str, int]]:
    facts: dict[str, object] = {}
    lines: dict[str, int] = {}
    for key, value in reader.items(node, where):
        facts[key] = reader.plain(value, key)
        lines[key] = value.start_mark.line + 1
    return facts, lines


def _events(reader: _Reader, parts: Mapping[str, yaml.Node]) -> Iterator[Event]:
    node = parts.get("events")
    if node is None or _is_null(node):
        return
    if not isinstance(node, yaml.SequenceNode):
        reader.wrong(node, "events", "not a list", "begin each event with '- kind: ...'")
        return
    for number, child in enumerate(node.value, 1):
        event = _event(reader, child, number)
        if event:
            yield event


def _event(reader: _Reader, node: yaml.Node, number: int) -> Event | None:
    parts = dict(reader.items(node, f"event {number}"))
    kind = _text(reader, parts.get("kind"), "kind")
    if kind not in KINDS:
        reader.wrong(node, f"event {number}, kind", f"kind {kind!r}", _nearest(kind, KINDS))
    allowed = (*_EVENT_KEYS, *_KIND_KEYS.get(kind, ()))
    details: dict[str, object] = {}
    for key, value in parts.items():
        if key not in allowed:
            reader.wrong(
                value, f"event {number}, {key}", f"unknown key {key!r}", _nearest(key, allowed)
            )
        elif key not in _EVENT_KEYS:
            details[key] = reader.plain(value, key)
    facts, lines = _facts(reader, parts["facts"], "facts") if "facts" in parts else ({}, {})
    return Event(
        id=_text(reader, parts.get("id"), "id") or f"event {number}",
        day=_day(reader, parts.get("day"), f"event {number}, day"),
        recorded=_day(reader, parts.get("recorded"), f"event {number}, recorded"),
        kind=kind,
        source=_text(reader, parts.get("source"), "source"),
        facts=facts,
        corrects=_text(reader, parts.get("corrects"), "corrects"),
        words=_text(reader, parts.get("words"), "words"),
        details=details,
        line=node.start_mark.line + 1,
        lines=lines,
    )


def _day(reader: _Reader, node: yaml.Node | None, where: str) -> str:
    text = _text(reader, node, where)
    if text and read_day(text) is None:
        assert node is not None
        reader.wrong(
            node,
            where,
            f"{text!r} is not a day of the calendar",
            "write 2024-05-17, 2024-05 or 2024",
        )
        return ""
    return text


def _check_ids(reader: _Reader, node: yaml.Node, events: list[Event]) -> None:
    ids = [event.id for event in events]
    for event in events:
        if ids.count(event.id) > 1:
            reader.wrong(node, event.id, "two events have this id", "give each its own")
        if event.corrects and event.corrects not in ids:
            what = f"corrects {event.corrects!r}, which is not an event here"
            reader.wrong(node, event.id, what, f"name one of {', '.join(ids)}")


def write_record(record: Record) -> str:
    """The record as YAML that reads back the same; values stay as they were written."""
    data: dict[str, object] = {"id": record.id}
    data |= {k: v for k, v in (("title", record.title), ("source", record.source)) if v}
    undated = [event for event in record.events if event.id == "facts" and not event.day]
    dated = [event for event in record.events if event not in undated]
    if undated:
        data["facts"] = dict(undated[0].facts)
    if dated:
        data["events"] = [_event_data(event) for event in dated]
    data |= {k: v for k, v in (("expect", dict(record.expect)), ("why", record.why)) if v}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def _event_data(event: Event) -> dict[str, object]:
    keys: tuple[tuple[str, object], ...] = (
        ("id", event.id), ("day", event.day), ("recorded", event.recorded), ("kind", event.kind),
        ("source", event.source), ("corrects", event.corrects), ("words", event.words),
        *event.details.items(), ("facts", dict(event.facts)),
    )  # fmt: skip
    return {key: value for key, value in keys if value not in ("", {})}


def days_of(event: Event) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day on which the event may have happened; None if it has no day."""
    return read_day(event.day) if event.day else None
