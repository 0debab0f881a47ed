"""What a person wrote for one fact: '2.5 cm', '5 to 6 cm', 'not stomach', '[a, ?]', 'pending'."""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from stromal.facts.dictionary import Term
from stromal.facts.fact import Reason
from stromal.facts.possible import INFINITY, Choices, Members, Numbers, Possible
from stromal.facts.problem import Problem
from stromal.facts.units import convert, units_like

_NUMBER = r"[+-]?\d+(?:[.]\d+)?"
_UNIT = r"\s*(?P<unit>[^\d\s<>=].*|/.*|10[*^].*)?"
_EXACT = re.compile(rf"=?\s*(?P<low>{_NUMBER}){_UNIT}")
_COMPARED = re.compile(rf"(?P<sign><=|>=|<|>|≤|≥)\s*(?P<low>{_NUMBER}){_UNIT}")
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?P<inner>[a-zA-Z/][^\s]*)?\s*(?:to|-|–)\s*(?P<high>{_NUMBER}){_UNIT}"
)
_INTERVAL = re.compile(
    rf"(?P<l>[\[(])\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<r>[\])]){_UNIT}"
)
_SEVERAL = re.compile(rf"{_NUMBER}(?:\s*[a-z]*\s*[x×*]\s*{_NUMBER})+", re.IGNORECASE)
_WORDS_FOR_SIGNS = (
    ("at least", ">="),
    ("at most", "<="),
    ("more than", ">"),
    ("less than", "<"),
    ("up to", "<="),
    ("over", ">"),
    ("under", "<"),
)
_UNKNOWN = {
    "?": Reason.NOT_RECORDED,
    "unknown": Reason.NOT_RECORDED,
    "null": Reason.NOT_RECORDED,
    "": Reason.NOT_RECORDED,
}
_UNKNOWN |= {str(reason): reason for reason in Reason}
_YES_NO = {"true": "yes", "on": "yes", "y": "yes", "false": "no", "off": "no", "n": "no"}
_SHORT = 4
_LONGEST = 200
_SPELLINGS = (("tumour", "tumor"), ("oesoph", "esoph"), ("haem", "hem"), ("localis", "localiz"))
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as read: the set still possible, why it is unknown if it is, and the words given."""

    possible: Possible
    reason: Reason | None
    given: str


def read_value(term: Term, raw: object) -> Value | Problem:
    """What `raw` (a YAML or JSON value, or typed text) says of a fact; never raises.

    The place of a problem is the name of the fact; the caller adds file and line.
    """
    given = _text(raw, term)
    word = "" if given is None else given.strip().lower()
    # A test that was "not done" is a known state where the dictionary lists it as a value.
    if given is not None and word in _UNKNOWN and word not in term.values:
        return Value(term.domain, _UNKNOWN[word], given)
    if term.kind == "members":
        return _members(term, raw)
    if term.kind == "text":
        return _texts(term, raw)
    if given is None:
        what = f"{_kind_of(raw)} where one value is expected"
        return Problem(term.name, what, f"write one value; {_how(term)}")
    reader: Callable[[Term, str], Possible | Problem] = {
        "number": _number,
        "choice": _choice,
        "date": _date,
    }[term.kind]
    possible = reader(term, given.strip())
    return possible if isinstance(possible, Problem) else Value(possible, None, given)


def _text(raw: object, term: Term) -> str | None:
    if raw is None:
        return ""
    if isinstance(raw, bool | int | float | str | datetime.date):
        text = _words(raw)
        word = _YES_NO.get(text.lower()) if {"yes", "no"} <= set(term.values) else None
        return word or text
    return None


def _words(raw: object) -> str:
    """A scalar in words; Python refuses to write very long numbers, so they are only named."""
    if isinstance(raw, int) and raw.bit_length() > 64:
        return "a number of more than 19 digits"
    return str(raw)


def _kind_of(raw: object) -> str:
    names = {list: "a list", dict: "a mapping", type(None): "nothing", int: "a number"}
    return names.get(type(raw), f"a {type(raw).__name__}")


def _how(term: Term) -> str:
    if term.kind == "number":
        unit = f" {term.unit}" if term.unit else ""
        return f"for instance '3{unit}', '2 to 3{unit}' or '<3{unit}'; '?' if unknown"
    if term.kind == "date":
        return "for instance 2024-05-17, 2024-05 or 2024; '?' if unknown"
    return f"one of {', '.join(term.values)}; '?' if unknown"


def _number(term: Term, text: str) -> Numbers | Problem:
    if slip := _slip(term, text):
        return slip
    if " or " in text:
        return _either(term, text)
    for words, sign in _WORDS_FOR_SIGNS:
        if text.lower().startswith(words):
            text = sign + text[len(words) :]
    if match := _COMPARED.fullmatch(text):
        return _scaled(term, text, match, _compared(match["sign"]))
    if match := _INTERVAL.fullmatch(text):
        left, right = match["l"] == "(", match["r"] == ")"
        return _scaled(
            term, text, match, lambda a, b: Numbers.between(a, b, low_open=left, high_open=right)
        )
    if (match := _EXACT.fullmatch(text)) and not _RANGE.fullmatch(text):
        return _scaled(term, text, match, lambda a, _: Numbers.exactly(a))
    if match := _RANGE.fullmatch(text):
        if match["inner"] and match["inner"] != (match["unit"] or "").strip():
            return Problem(term.name, f"{text!r} has two units", "write both ends in one unit")
        return _scaled(term, text, match, Numbers.between)
    return Problem(term.name, f"{text!r} is not a number that can be read", _how(term))


def _either(term: Term, text: str) -> Numbers | Problem:
    """'5 or 6 cm', '5 cm or 6 cm': a unit written once, at the end, counts for both."""
    parts = [part.strip() for part in text.split(" or ")]
    unit = parts[-1].lstrip("<>=≤≥ +-.0123456789")
    found = Numbers(())
    for part in parts:
        is_bare = re.fullmatch(_NUMBER, part) is not None
        numbers = _number(term, f"{part} {unit}" if is_bare else part)
        if isinstance(numbers, Problem):
            return numbers
        found = found.union(numbers)
    return found


def _slip(term: Term, text: str) -> Problem | None:
    """What people write that is nearly a number, with the remedy for it."""
    if len(text) > _LONGEST:
        return Problem(term.name, f"a text of {len(text)} characters", _how(term))
    if re.search(r"\d,\d", text):
        remedy = "write 2.5 with a point, and 1000 without a separator"
        return Problem(term.name, f"{text!r} has a comma inside a number", remedy)
    if sizes := _SEVERAL.match(text):
        largest = max(re.findall(_NUMBER, sizes[0]), key=float)
        unit = re.search(r"[a-z]+$", text)
        remedy = f"write one, as a rule the largest: {largest} {unit[0] if unit else term.unit}"
        return Problem(term.name, f"{text!r} has several diameters", remedy)
    return None


def _compared(sign: str) -> Callable[[float, float], Numbers]:
    if sign in ("<", "<=", "≤"):
        return lambda a, _: Numbers.between(-INFINITY, a, high_open=sign == "<")
    return lambda a, _: Numbers.between(a, INFINITY, low_open=sign == ">")


def _scaled(
    term: Term, text: str, match: re.Match[str], make: Callable[[float, float], Numbers]
) -> Numbers | Problem:
    unit = (match["unit"] or "").strip()
    ends = [match["low"], match.groupdict().get("high") or match["low"]]
    if not unit and term.unit and not term.bare:
        others = ", ".join(units_like(term.unit)[1:])
        remedy = f"write {text} {term.unit} if that is meant" + (
            f" (or {others})" if others else ""
        )
        return Problem(term.name, f"{text!r} has no unit", remedy)
    converted = [convert(Fraction(end), unit or term.unit, term.unit) for end in ends]
    if converted[0] is None or converted[1] is None:
        known = ", ".join(units_like(term.unit)) or "a number without unit"
        return Problem(term.name, f"{unit!r} is no unit of {term.name}", f"use {known}")
    low, high = float(converted[0]), float(converted[1])
    if low > high:
        return Problem(term.name, f"{text!r} runs downwards", "write the smaller number first")
    return _within(term, text, make(low, high))


def _within(term: Term, text: str, numbers: Numbers) -> Numbers | Problem:
    assert isinstance(term.domain, Numbers)
    inside = numbers.intersect(term.domain)
    named = [end for i in numbers.intervals for end in (i.low, i.high) if math.isfinite(end)]
    # An end that only touches the limits ("<= 0") leaves nothing; one beyond them is a slip.
    low, high = term.domain.low, term.domain.high
    if inside.is_empty() or any(not low <= end <= high for end in named):
        unit = f" {term.unit}" if term.unit else ""
        return Problem(
            term.name, f"{text!r} lies outside {term.domain}{unit}", "check the number and its unit"
        )
    return inside


def _choice(term: Term, text: str) -> Choices | Problem:
    if len(text) > _LONGEST * 10:
        return Problem(term.name, f"a text of {len(text)} characters", _how(term))
    whole = _one_word(term, text)
    if whole is not None:
        return Choices(whole)
    if text.lower().startswith("not "):
        excluded = _alternatives(term, text[4:])
        if isinstance(excluded, Problem):
            return excluded
        assert isinstance(term.domain, Choices)
        left = term.domain.values - excluded
        return Choices(left) if left else Problem(term.name, f"{text!r} leaves nothing", _how(term))
    words = _alternatives(term, text)
    return words if isinstance(words, Problem) else Choices(words)


def _alternatives(term: Term, text: str) -> frozenset[str] | Problem:
    """The values that 'a or b' names; a value may itself hold an 'or', so the longest is tried."""
    parts = re.split(r"\s+or\s+|\s*\|\s*", text)
    found: frozenset[str] = frozenset()
    while parts:
        for length in range(len(parts), 0, -1):
            values = _one_word(term, " or ".join(parts[:length]))
            if values is not None:
                break
        else:
            return _no_such(term, parts[0].strip())
        found |= values
        parts = parts[length:]
    return found


def _one_word(term: Term, text: str) -> frozenset[str] | None:
    wanted = _plain(text)
    for value in term.values:
        if _plain(value) == wanted:
            return frozenset((value,))
    for word, values in term.synonyms.items():
        if _plain(word) == wanted:
            return values
    return None


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    """Words as they are compared: case, blanks and American or British spelling do not count."""
    text = re.sub(r"[\s_]+", " ", text.strip().strip('"').casefold())
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return text


def _no_such(term: Term, text: str) -> Problem:
    names = [*term.values, *term.synonyms]
    wanted, plain = _plain(text), [_plain(name) for name in names]
    given = set(wanted.split())
    holding = [name for name in plain if given and given <= set(name.split())]
    alike = 0.6 if len(wanted) > _SHORT else 0.8  # Plt is not nearly ALT
    near = holding[:1] or difflib.get_close_matches(wanted, plain, n=1, cutoff=alike)
    hint = f"did you mean {names[plain.index(near[0])]!r}? " if near else ""
    return Problem(term.name, f"{text!r} is no value of {term.name}", f"{hint}{_how(term)}")


def _date(term: Term, text: str) -> Numbers | Problem:
    days = read_day(text)
    if days is None:
        return Problem(term.name, f"{text!r} is not a day of the calendar", _how(term))
    return Numbers.between(float(days[0].toordinal()), float(days[1].toordinal()))


def read_day(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day that '2024-05-17', '2024-05' or '2024' can mean; None if none."""
    match = _DAY.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        first = datetime.date(year, month or 1, day or 1)
        if day:
            return first, first
        following = datetime.date(year + (not month or month == 12), (month or 12) % 12 + 1, 1)
    except ValueError:
        return None
    return first, following - datetime.timedelta(days=1)


def _members(term: Term, raw: object) -> Value | Problem:
    items = _items(raw)
    if items is None:
        remedy = "write [first, second], [] for none, ? for unknown"
        return Problem(term.name, f"{_kind_of(raw)} is not a list of words", remedy)
    present: set[str] = set()
    is_open = False
    for item in items:
        if item == "?":
            is_open = True
            continue
        values = _one_word(term, item)
        if values is None:
            return _no_such(term, item)
        present |= values
    assert isinstance(term.domain, Members)
    certain = frozenset(present)
    possible = term.domain.possible if is_open else certain
    return Value(Members(certain, possible), None, ", ".join(items) or "none")


def _items(raw: object) -> list[str] | None:
    if isinstance(raw, str):
        text = raw.strip()
        if text.casefold() in ("none", "none of these", "[]"):
            return []
        return [part.strip().strip('"') for part in text.strip("[]").split(",") if part.strip()]
    if isinstance(raw, list) and all(
        isinstance(item, str | int | float | type(None)) for item in raw
    ):
        return ["?" if item is None else _words(item) for item in raw]
    return None


def _texts(term: Term, raw: object) -> Value | Problem:
    """What reports say, word for word but for blanks; a mapping becomes 'key value, key value'."""
    items: list[object] = raw if isinstance(raw, list) else [raw]
    texts = []
    for item in items:
        pairs = item.items() if isinstance(item, dict) else [("", item)]
        if not all(isinstance(value, str | int | float) for _, value in pairs):
            remedy = "write what the report says in quotes"
            return Problem(term.name, f"{_kind_of(item)} is not a text", remedy)
        texts.append(", ".join(f"{key} {_words(value)}".strip() for key, value in pairs))
    plain = frozenset(" ".join(text.split()) for text in texts if text.strip())
    if not plain:
        return Problem(term.name, "an empty list", "write what the report says, or '?' if unknown")
    return Value(Choices(plain), None, "; ".join(texts))
