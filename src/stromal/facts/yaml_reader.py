"""Bytes into YAML nodes with line numbers, or the one reason why not.

JSON is YAML, so both come through this door. Words stay as they were written: `no` is 'no' and
2.50 is '2.50', because only the dictionary knows what a word means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from stromal.facts.problem import Problem

MOST_BYTES = 5_000_000
DEEPEST = 12
MOST_VALUES = 50_000
_LARGE = 200_000
"""Characters; a smaller file cannot keep anybody waiting."""
_ONE_PATIENT = "a record is one patient; give a registry to 'stromal decide --in FILE.csv'"
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = "tag:yaml.org,2002:"
_TAGS = {_PLAIN + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "value")}
_TAGS |= {_PLAIN + kind for kind in ("map", "seq", "merge")}


def decode(data: bytes, name: str) -> str | Problem:
    """The text of a file; `name` is what a problem calls the file."""
    if len(data) > MOST_BYTES:
        return Problem(name, f"the file is larger than {MOST_BYTES // 1_000_000} MB", _ONE_PATIENT)
    encoding = _other_encoding(data)
    if encoding:
        return Problem(name, f"the file is written in {encoding}", "save it as UTF-8")
    if b"\x00" in data:
        return Problem(name, "the file is binary, not text", "give a YAML or JSON file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start, name)
    # JSON may be indented with tabs, which YAML does not allow; inside its texts there are none.
    return text.replace("\t", " ") if text.lstrip()[:1] == "{" else text


def _other_encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:200]
    for place in (0, 1):
        half = head[place::2]
        if len(half) > 1 and not any(half) and any(head):
            return "UTF-16"
    return None


def _not_utf8(data: bytes, place: int, name: str) -> Problem:
    line = data[:place].count(b"\n") + 1
    windows = any(0x80 <= byte <= 0x9F for byte in data)
    likely = "Windows-1252" if windows else "Latin-1 (ISO 8859-1)"
    what = f"byte {data[place]:#x} is not UTF-8; the file is probably written in {likely}"
    return Problem(f"{name}:{line}", what, "save the file as UTF-8")


def compose(text: str, name: str) -> yaml.MappingNode | Problem:
    """The one mapping that a text holds, as nodes with line numbers."""
    try:
        if len(text) > _LARGE or ("&" in text and "*" in text):
            unfit = _unfit(text, name)
            if unfit:
                return unfit
        nodes = list(yaml.compose_all(text, Loader=_LOADER))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _not_yaml(error, name, text)
    if len(nodes) > 1:
        place = f"{name}:{nodes[1].start_mark.line + 1}"
        return Problem(place, "a second patient begins here", "keep one patient in one file")
    if not nodes or not isinstance(nodes[0], yaml.MappingNode):
        what = "not a record: no 'key: value' lines"
        return Problem(f"{name}:1", what, "begin with 'facts:' or 'events:'")
    return nodes[0]


def _unfit(text: str, name: str) -> Problem | None:
    """The first alias, or the place where the file says more than one patient can need."""
    for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            what = f"an alias (*{event.anchor}) stands for something written elsewhere"
            remedy = "write it out; a '*' at the start of words needs quotes"
            return Problem(f"{name}:{line}", what, remedy)
        if number > MOST_VALUES:
            what = f"more than {MOST_VALUES} values"
            return Problem(f"{name}:{line}", what, _ONE_PATIENT)
    return None


_REMEDIES = (
    ("tab character", "indent with spaces: a tab is not allowed in YAML"),
    ("mapping values are not allowed", "put words that hold ': ' in quotes; write 'key: value' with"
     " a space, and the keys of one event in one column"),
    ("could not find expected ':'", "the line above lacks its colon: write 'key: value'"),
    ("expected ',' or", "close the bracket; put words that hold ', ' or ': ' in quotes"),
    ("unexpected end of stream", "close the quotes that begin there"),
    ("comment or line break", "put what begins with '>' or '|' in quotes"),
    ("mapping keys are not allowed", "put the '?' in quotes"),
    ("'-' indicator", "begin the keys of one event in one column"),
    ("expected key", "begin the keys of one event in one column; words after a quote belong in it"),
    ("cannot start any token", "put what begins with @, % or ` in quotes"),
)  # fmt: skip
_OPEN_QUOTE = "unexpected end of stream"


def _not_yaml(error: Exception, name: str, text: str) -> Problem:
    """What the reader of YAML says, with the remedy for the usual slip that causes it."""
    said = getattr(error, "problem", None) or str(error).split("\n")[0] or type(error).__name__
    mark = getattr(error, "problem_mark", None)
    if _OPEN_QUOTE in said:
        mark = getattr(error, "context_mark", None) or mark
    place = f"{name}:{mark.line + 1}" if mark else name
    if mark and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1]):
        said = "found a tab character"
    remedy = next((r for words, r in _REMEDIES if words in said), "check colons, quotes, columns")
    return Problem(place, f"not valid YAML, so nothing of the file is read: {said}", remedy)


def is_null(node: yaml.Node) -> bool:
    """True if nothing was written, or `null`."""
    return node.tag == _PLAIN + "null" and node.value in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Reader:
    """Reads nodes and gathers what is wrong with them, each by line and field."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, node: yaml.Node, where: str, what: str, remedy: str) -> None:
        """Note a problem at the node's line."""
        place = f"{self.name}:{node.start_mark.line + 1}" + (f", {where}" if where else "")
        self.problems.append(Problem(place, what, remedy))

    def items(self, node: yaml.Node, where: str) -> Iterator[tuple[str, yaml.Node]]:
        """The keys of a mapping, each once; anything else is a problem."""
        if not isinstance(node, yaml.MappingNode):
            if not is_null(node):
                remedy = "indent 'key: value' lines below it"
                self.wrong(node, where, "not a list of 'key: value'", remedy)
            return
        seen: set[str] = set()
        for key_node, value in _commas_mended(node.value):
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in seen:
                remedy = "keep one; two values that disagree are two events"
                self.wrong(key_node, key, "given twice", remedy)
                continue
            seen.add(key)
            yield key, value

    def plain(self, node: yaml.Node, where: str, depth: int = 0) -> object:
        """A node as lists, mappings, words and None; numbers stay words."""
        if depth > DEEPEST:
            self.wrong(node, where, "nested too deeply", "a record needs no such depth")
            return None
        if node.tag not in _TAGS:
            self.wrong(node, where, f"a tag {node.tag!r}", "write the value itself")
            return None
        if isinstance(node, yaml.MappingNode):
            return {k: self.plain(v, where, depth + 1) for k, v in self.items(node, where)}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, where, depth + 1) for child in node.value]
        return None if is_null(node) else str(node.value)

    def text(self, node: yaml.Node | None, where: str) -> str:
        """One text; empty if there is none."""
        if node is None:
            return ""
        found = self.plain(node, where)
        if isinstance(found, str | None):
            return found or ""
        self.wrong(node, where, "not a text", "write it in quotes on one line")
        return ""


_Pair = tuple[yaml.Node, yaml.Node]


def _commas_mended(pairs: Sequence[_Pair]) -> list[_Pair]:
    """`{creatinine: 0,9 mg/dL}` is one value with a comma, not two keys: 0 must not be read."""
    found: list[_Pair] = []
    for key, value in pairs:
        if found and _parts_a_number(found[-1][1], key, value):
            before_key, before = found.pop()
            whole = yaml.ScalarNode(
                before.tag, f"{before.value},{key.value}", before.start_mark, key.end_mark
            )
            found.append((before_key, whole))
        else:
            found.append((key, value))
    return found


def _parts_a_number(before: yaml.Node, key: yaml.Node, value: yaml.Node) -> bool:
    """True for a bare key that follows a figure and its comma without a space."""
    scalars = isinstance(before, yaml.ScalarNode) and isinstance(key, yaml.ScalarNode)
    if not scalars or not is_null(value) or key.start_mark.index != before.end_mark.index + 1:
        return False
    return str(before.value)[-1:].isdigit() and str(key.value)[:1].isdigit()
