"""The language of the doctor's page: headings, names, values, and the rows' words translated.

`knowledge/words/CODE/doctor.md` holds what only this page says. Names and values that the
patient's copy has already are taken from there. What a row says stays as it was written where
`source-texts.md` of the language has no translation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stromal.cli.speak import MARK, near, spoken
from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Interval, Members, Numbers, Possible, format_number
from stromal.facts.problem import Problem
from stromal.library import KNOWLEDGE, Library, read_words
from stromal.patient_copy.texts import read_language
from stromal.plan.assessment import Basis
from stromal.plan.words import LONGEST_NUMBER, say
from stromal.tables.markdown import RawDocument

ENGLISH = "en"
DOCUMENT = "doctor"
PHRASES = ("phrase", "clinical words")
NAMES = ("name", "clinical words")
VALUES = ("value", "clinical words")
TEXTS = ("source text", "clinical words")


@dataclass(frozen=True)
class Words:
    """All words of one language. `lay_*` are those of the patient's copy, used where none is."""

    code: str
    phrases: Mapping[str, str]
    names: Mapping[str, str]
    values: Mapping[str, str]
    texts: Mapping[str, str]
    lay_names: Mapping[str, str] = field(default_factory=dict)
    lay_values: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, phrase: str, **tokens: object) -> str:
        """A phrase with its tokens. Raises KeyError where the language lacks it."""
        return self.phrases[phrase].format(**tokens)

    def name(self, name: str) -> str:
        """A fact or decision by its name in the dictionary."""
        return self.names.get(name) or self.lay_names.get(name) or spoken(name)

    def value(self, value: str, name: str = "") -> str:
        """A value, an option, a guideline; as it was written where the language has no word."""
        for words in (self.values, self.lay_values):
            found = words.get(f"{name}: {value}") or words.get(value)
            if found:
                return found
        return value

    def text(self, words: str) -> str:
        """What a row says: translated where there is a translation."""
        return self.texts.get(words, words)

    def listed(self, parts: Iterable[str]) -> str:
        """'a, b, c'."""
        return self.phrases["comma"].join(parts)

    def items(self, parts: Iterable[str]) -> str:
        """'a; b; c', for items that may hold commas."""
        return self.phrases["semicolon"].join(parts)

    def either(self, parts: Iterable[str]) -> str:
        """'a or b or c'."""
        return self.phrases["or"].join(parts)

    def facts(self, names: Iterable[str], most: int = 0) -> str:
        """Names of facts, each once; beyond `most` they are counted."""
        return self.counted(list(dict.fromkeys(self.name(name) for name in names)), most)

    def counted(self, parts: Sequence[str], most: int) -> str:
        """The first `most` parts, and how many more there are; all of them where `most` is 0."""
        if most and len(parts) > most + 1:
            return self("and more", names=self.listed(parts[:most]), count=len(parts) - most)
        return self.listed(parts)

    def option_or_name(self, name: str) -> str:
        """Something that changed: 'sunitinib 50 mg daily (advanced)', a decision or a row."""
        option, bracket, rest = name.partition(" (")
        if not bracket:
            return self.name(name) if "/" not in name else name
        more = (self.value(part) for part in rest.removesuffix(")").split(", "))
        return self("bracketed", text=self.value(option), more=self.listed(more))

    def count(self, count: int, kind: str) -> str:
        """'1 option', '5 options'."""
        return self(f"{'one' if count == 1 else 'many'} {kind}", count=count)

    def where(self, basis: Basis) -> str:
        """The row, with how weak its source is where that has to be said."""
        return f"({basis.document} {basis.row}){self.mark(basis)}"

    def mark(self, *bases: Basis) -> str:
        """' [UNCONFIRMED]' or ' [convention]' where a row stands on no more."""
        return self.weak(basis.status for basis in bases)

    def weak(self, statuses: Iterable[str]) -> str:
        """The same for evidence statuses."""
        weak = sorted({MARK[status] for status in statuses if status in MARK})
        return f" [{self.listed(self.value(word) for word in weak)}]" if weak else ""

    def possible(self, term: Term, possible: Possible | None) -> str:
        """The values still possible; the same numbers and units in every language."""
        if self.code == ENGLISH:
            return say(term, possible)
        if possible is None or possible == term.domain:
            return self("not known")
        if isinstance(possible, Numbers):
            return self.either(self._interval(term, one) for one in possible.intervals)
        if isinstance(possible, Choices):
            return self._choices(term, possible)
        return self._members(term, possible)

    def _interval(self, term: Term, interval: Interval) -> str:
        low, high = self._number(interval.low), self._number(interval.high)
        assert isinstance(term.domain, Numbers)
        unit = self("unit", unit=self.value(term.unit, term.name)) if term.unit else ""
        if interval.low == interval.high:
            kind = "number exact"
        elif math.isinf(interval.high) or interval.high >= term.domain.high:
            kind = "number more than" if interval.low_open else "number at least"
        elif interval.low <= term.domain.low:
            kind = "number less than" if interval.high_open else "number at most"
        else:
            kind = "number between"
            low = self("number above", low=low) if interval.low_open else low
            high = self("number below", high=high) if interval.high_open else high
        return self(kind, low=low, high=high, unit=unit)

    def _number(self, number: float) -> str:
        text = format_number(number)
        return text if len(text) <= LONGEST_NUMBER else self("about", number=f"{number:.3g}")

    def _choices(self, term: Term, possible: Choices) -> str:
        left = [value for value in term.values if value not in possible.values]
        if 0 < len(left) < len(possible.values) and len(possible.values) > MARK_MANY:
            return self("not", values=self.either(self.value(v, term.name) for v in left))
        values = (value for value in term.values if value in possible.values)
        return self.either(self.value(value, term.name) for value in values)

    def _members(self, term: Term, possible: Members) -> str:
        open_ones = possible.possible - possible.certain
        certain = self.listed(self.value(v, term.name) for v in sorted(possible.certain))
        if not open_ones:
            return certain or self("none listed")
        if certain:
            return self("perhaps others", values=certain)
        perhaps = self.listed(self.value(v, term.name) for v in sorted(open_ones))
        return self("perhaps", values=perhaps)


MARK_MANY = 3
"""A choice with more values than this is told by those that it is not, as in English."""


def words_in(library: Library, code: str) -> Words | Problem:
    """The language asked for, or what to write instead. English needs no lay words."""
    root = library.root if doctors_languages(library.root) else KNOWLEDGE
    codes = doctors_languages(root)
    if code not in codes:
        remedy = f"{near(code, codes)}use {' or '.join(codes)}"
        return Problem("--lang", f"no doctor's page in {code!r}", remedy)
    return read_doctor(read_words(root, code), code)


def doctors_languages(root: Path) -> tuple[str, ...]:
    """The languages that have a `doctor.md`; empty for a folder of rules without words."""
    return tuple(sorted(path.parent.name for path in root.glob(f"words/*/{DOCUMENT}.md")))


def read_doctor(raws: Mapping[str, RawDocument], code: str) -> Words:
    """The words of one language; what is missing in it is found by `doctor_gaps`."""
    lay = read_language(raws, code) if code != ENGLISH else None
    return Words(
        code=code,
        phrases={name: _unquoted(text) for name, text in _rows(raws, code, PHRASES)},
        names=dict(_rows(raws, code, NAMES)),
        values=dict(_rows(raws, code, VALUES)),
        texts=dict(_rows(raws, code, TEXTS)),
        lay_names=lay.facts if lay else {},
        lay_values=lay.values if lay else {},
    )


def _rows(
    raws: Mapping[str, RawDocument], code: str, header: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    for raw_id, raw in raws.items():
        if raw_id.startswith(f"{code}/"):
            for section in raw.sections:
                for table in section.tables:
                    if table.header == header:
                        yield from ((cells[0], cells[1]) for _, cells in table.rows)


def _unquoted(text: str) -> str:
    """A phrase that begins or ends with a blank stands in quotes in its table."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
