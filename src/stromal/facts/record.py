"""The record of one patient: dated events as a file holds them, nothing edited, nothing lost.

A record is read from YAML or JSON. Every problem names file, line and field; what could be read
is kept beside what could not, and what could not is kept as `unread`.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from stromal.facts.details import wrong_details
from stromal.facts.kinds import EVENT_KINDS, MEANT, OWN_KEYS
from stromal.facts.problem import Problem
from stromal.facts.taking import DIARY
from stromal.facts.teaching import Question, read_questions
from stromal.facts.values import read_day
from stromal.facts.yaml_reader import MOST_BYTES, Reader, compose, decode

UNDATED = "facts"
"""The id of the event that holds the facts without a day."""
_RECORD_KEYS = ("id", "title", "source", "facts", "events", "expect", "teaching", "why")
_EVERY_KEY = tuple(dict.fromkeys(key for keys in OWN_KEYS.values() for key in keys))
_WRITTEN_DAY = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_EVENT_KEYS = ("id", "day", "recorded", "kind", "source", "facts", "corrects", "words")


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
    unread: Mapping[str, object] = field(default_factory=dict)
    line: int = field(default=0, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One patient. `events` begin with the undated facts, as an event without a day."""

    id: str
    title: str
    source: str
    events: tuple[Event, ...]
    expect: Mapping[str, object]
    why: str
    problems: tuple[Problem, ...] = field(compare=False)
    name: str = field(compare=False)
    unread: Mapping[str, object] = field(default_factory=dict)
    teaching: tuple[Question, ...] = ()


def read_record_file(path: Path) -> Record:
    """Read a file; one that cannot be opened gives an empty record with the problem."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        return _empty(str(path), Problem(str(path), what, "check the name of the file"))
    return read_record(data, str(path))


def read_record(data: bytes, name: str = "record") -> Record:
    """Read the bytes of a YAML or JSON file; `name` is what problems call it."""
    text = decode(data, name)
    if isinstance(text, Problem):
        return _empty(name, text)
    node = compose(text, name)
    if isinstance(node, Problem):
        return _empty(name, node)
    return _record(node, name)


def days_of(event: Event) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day on which the event may have happened; None if it has no day."""
    return read_day(event.day) if event.day else None


def _empty(name: str, problem: Problem) -> Record:
    return Record("", "", "", (), {}, "", (problem,), name)


def _record(node: yaml.MappingNode, name: str) -> Record:
    reader = Reader(name)
    parts = dict(reader.items(node, ""))
    unread = _unknown_keys(reader, parts, "", _RECORD_KEYS)
    events = [*_undated(reader, parts), *_events(reader, parts)]
    _check_ids(reader, events)
    expect = reader.plain(parts["expect"], "expect") if "expect" in parts else {}
    teaching = read_questions(reader, parts.get("teaching"))
    if "teaching" in parts and not isinstance(parts["teaching"], yaml.SequenceNode):
        unread["teaching"] = reader.plain(parts["teaching"], "teaching")
    text = {key: reader.text(parts.get(key), key) for key in ("id", "title", "source", "why")}
    return Record(
        id=text["id"] or Path(name).stem,
        title=text["title"],
        source=text["source"],
        events=tuple(events),
        expect=expect if isinstance(expect, dict) else {},
        why=text["why"],
        problems=tuple(reader.problems),
        name=name,
        unread=unread,
        teaching=teaching,
    )


def _unknown_keys(
    reader: Reader, parts: Mapping[str, yaml.Node], where: str, allowed: Sequence[str]
) -> dict[str, object]:
    """What stands under keys that do not exist: a problem each, and kept."""
    unread: dict[str, object] = {}
    for key, node in parts.items():
        if key not in allowed:
            reader.wrong(node, where + key, f"unknown key {key!r}", _nearest(key, allowed))
            unread[key] = reader.plain(node, where + key)
    return unread


def _nearest(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}use {', '.join(known)}"


def _undated(reader: Reader, parts: Mapping[str, yaml.Node]) -> Iterator[Event]:
    if "facts" in parts:
        facts, lines = _facts(reader, parts["facts"])
        source = reader.text(parts.get("source"), "source")
        line = parts["facts"].start_mark.line + 1
        yield Event(UNDATED, "", "", "history", source, facts, line=line, lines=lines)


def _facts(reader: Reader, node: yaml.Node | None) -> tuple[dict[str, object], dict[str, int]]:
    facts: dict[str, object] = {}
    lines: dict[str, int] = {}
    for key, value in reader.items(node, "facts") if node else ():
        facts[key] = reader.plain(value, key)
        lines[key] = value.start_mark.line + 1
    return facts, lines


def _events(reader: Reader, parts: Mapping[str, yaml.Node]) -> Iterator[Event]:
    node = parts.get("events")
    if isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value, 1):
            yield _event(reader, child, number)
    elif node is not None and reader.plain(node, "events") is not None:
        reader.wrong(node, "events", "not a list", "begin each event with '- kind: ...'")


def _event(reader: Reader, node: yaml.Node, number: int) -> Event:
    where = f"event {number}, "
    parts = dict(reader.items(node, f"event {number}"))
    kind = _kind(reader, parts.get("kind"), node, where)
    own = OWN_KEYS.get(kind, ())
    unread = _unread(reader, parts, where, kind)
    facts, lines = _facts(reader, parts.get("facts"))
    if kind == DIARY and facts:
        what, remedy = "a diary holds words and symptoms, no facts", "put them into a visit"
        reader.wrong(parts["facts"], where + "facts", what, remedy)
        unread["facts"], facts = facts, {}
    day, recorded = (
        _day(reader, parts.get(key), where, key, unread) for key in ("day", "recorded")
    )
    return Event(
        id=reader.text(parts.get("id"), "id") or f"event {number}",
        day=day,
        recorded=recorded,
        kind=kind,
        source=reader.text(parts.get("source"), where + "source"),
        facts=facts,
        corrects=reader.text(parts.get("corrects"), where + "corrects"),
        words=reader.text(parts.get("words"), where + "words"),
        details=_details(reader, node, where, kind, {k: parts[k] for k in own if k in parts}),
        unread=unread,
        line=node.start_mark.line + 1,
        lines=lines,
    )


def _unread(
    reader: Reader, parts: Mapping[str, yaml.Node], where: str, kind: str
) -> dict[str, object]:
    """The keys that the kind does not have; of an unknown kind, which is told already, the rest."""
    if kind in EVENT_KINDS:
        return _unknown_keys(reader, parts, where, (*_EVENT_KEYS, *OWN_KEYS.get(kind, ())))
    unread = _unknown_keys(reader, parts, where, (*_EVENT_KEYS, *_EVERY_KEY))
    return unread | {k: reader.plain(n, where + k) for k, n in parts.items() if k in _EVERY_KEY}


def _kind(reader: Reader, node: yaml.Node | None, event: yaml.Node, where: str) -> str:
    kind = reader.text(node, f"{where}kind")
    if kind not in EVENT_KINDS:
        what = f"kind {kind!r} is not known, so only its facts count" if kind else "no kind"
        near = difflib.get_close_matches(kind.casefold(), [*EVENT_KINDS, *MEANT], n=1)
        meant = MEANT.get(near[0], near[0]) if near else kind
        reader.wrong(node or event, f"{where}kind", what, _nearest(meant, EVENT_KINDS))
    return kind


def _details(
    reader: Reader, event: yaml.Node, where: str, kind: str, parts: Mapping[str, yaml.Node]
) -> dict[str, object]:
    details = {key: reader.plain(node, where + key) for key, node in parts.items()}
    for key, problem in wrong_details(kind, details):
        reader.wrong(_node_at(parts, key, event), where + key, problem.what, problem.remedy)
    return details


def _node_at(parts: Mapping[str, yaml.Node], key: str, event: yaml.Node) -> yaml.Node:
    """The node of a key; of 'lesions 2', the second of the list."""
    name, _, place = key.partition(" ")
    node = parts.get(name, event)
    if place.isdecimal() and isinstance(node, yaml.SequenceNode):
        items: list[yaml.Node] = node.value
        return items[int(place) - 1]
    return node


def _day(
    reader: Reader, node: yaml.Node | None, where: str, key: str, unread: dict[str, object]
) -> str:
    text = reader.text(node, where + key)
    if text and read_day(text) is None:
        assert node is not None
        reader.wrong(node, where + key, f"{text!r} is not a day of the calendar", _day_meant(text))
        unread[key] = text
        return ""
    return text


def _day_meant(text: str) -> str:
    """How to write the day; 3/4/2026 is two days of the calendar, and neither is taken."""
    usual = "write 2024-05-17, 2024-05 or 2024"
    match = _WRITTEN_DAY.fullmatch(text.strip())
    if match is None:
        return usual
    first, second, year = match.groups()
    each = [f"{year}-{month:0>2}-{day:0>2}" for month, day in ((second, first), (first, second))]
    meant = list(dict.fromkeys(day for day in each if read_day(day)))
    return f"write {' or '.join(meant)}, whichever is meant" if meant else usual


def _check_ids(reader: Reader, events: Sequence[Event]) -> None:
    ids: dict[str, int] = {}
    for event in events:
        place = f"{reader.name}:{event.line}, {event.id}"
        if event.id in ids:
            what = f"two events have this id, the other in line {ids[event.id]}"
            reader.problems.append(Problem(place, what, "give each its own"))
        ids.setdefault(event.id, event.line)
    for event in events:
        if event.corrects and event.corrects not in ids:
            place = f"{reader.name}:{event.line}, {event.id}"
            what = f"corrects {event.corrects!r}, which is not an event here"
            reader.problems.append(Problem(place, what, f"name one of {', '.join(ids)}"))


def write_record(record: Record) -> str:
    """The record as YAML that reads back the same; values stay as they were written."""
    first = record.events[:1]
    undated = first if first and _is_undated(first[0], record) else ()
    data: dict[str, object] = {"id": record.id, "title": record.title, "source": record.source}
    data = {key: value for key, value in data.items() if value}
    if undated:
        data["facts"] = dict(undated[0].facts)
    if events := record.events[len(undated) :]:
        data["events"] = [_event_data(event) for event in events]
    teaching = [question.given for question in record.teaching]
    more = (("expect", dict(record.expect)), ("teaching", teaching), ("why", record.why))
    data |= {key: value for key, value in more if value}
    data |= record.unread
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def _is_undated(event: Event, record: Record) -> bool:
    """True if `facts:` at the top of a file would be read as this event."""
    return event == Event(UNDATED, "", "", "history", record.source, event.facts)


def _event_data(event: Event) -> dict[str, object]:
    keys: tuple[tuple[str, object], ...] = (
        ("id", event.id), ("day", event.day), ("recorded", event.recorded), ("kind", event.kind),
        ("source", event.source), ("corrects", event.corrects), ("words", event.words),
        *event.details.items(), ("facts", dict(event.facts)),
    )  # fmt: skip
    return {key: value for key, value in keys if value not in ("", {})} | dict(event.unread)
