"""From the text of a report to its words: genes, exons, changes, fusions and plain language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stromal.nature import variant_grammar as grammar
from stromal.nature.variant_change import (
    Change,
    from_bare,
    from_coding,
    from_spelled,
    from_standard,
    from_turned,
)
from stromal.nature.variant_words import LONGEST_PHRASE, PHRASES

Value = str | Change | tuple[str, ...] | tuple[int, ...] | tuple[str, float | None]


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that the text says, where it says it."""

    kind: str
    value: Value
    text: str
    start: int


_CHARACTERS = str.maketrans(
    {
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "_": "_", "＿": "_",
        "→": ">", "⇒": ">", "’": "'", "‘": "'", "′": "'", "∗": "*", "\u00a0": " ", "\u2009": " ",
        "\u202f": " ", "\u200b": "", "\ufeff": "", "≤": "<", "≥": ">", "~": "~", "≈": "~",
    }
)  # fmt: skip
_SKIP = re.compile(r"[\s,;:()\[\]{}|/\"'&+.\-#]+")
_PANEL = "mayo(?: gistp)?|michigan|labcorp"


def normalised(text: str) -> str:
    """The text with one kind of dash, blank, arrow and quotation mark."""
    return " ".join(text.translate(_CHARACTERS).split(" ")).strip()


Maker = Callable[[re.Match[str]], "tuple[str, Value] | None"]


def _gene(match: re.Match[str]) -> tuple[str, Value]:
    name = match.lastgroup or ""
    return "gene", (match["g_other"] if name == "g_other" else name.removeprefix("g_"))


def _fusion(match: re.Match[str]) -> tuple[str, Value] | None:
    """A fusion, where the text says so or the partner is known; else two names side by side."""
    left, right = (part.upper() for part in match.groups() if part)
    said = "::" in match[0] or _FUSION_WORD.search(match.string)
    partners = {left, right} & grammar.PARTNERS
    return ("pair", (left, right)) if said or (partners and "/" not in match[0]) else None


_FUSION_WORD = re.compile("fusion|fused|rearrang|transloc", re.IGNORECASE)


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    text = re.sub(r"(\d)/2[13](?!\d)", r"\1", match["list"].lower())
    found: list[int] = []
    parts = re.split(r"(\d+)", text)
    for place in range(1, len(parts), 2):
        number, before = int(parts[place]), parts[place - 1]
        is_range = found and ("-" in before or "to" in before) and found[-1] < number
        found.extend(range(found[-1] + 1, number + 1) if is_range else [number])
    return tuple(dict.fromkeys(found))


def _amount(match: re.Match[str]) -> tuple[str, Value]:
    value = float(match["amount"].replace(",", "."))
    is_percent = "%" in match[0]
    fraction = value / 100 if is_percent else value
    if match["limit"] or fraction > 1:
        return "fraction", (match[0], None)
    return "fraction", (match[0], fraction)


def _codon(match: re.Match[str]) -> tuple[str, Value]:
    first = int(match["p1"])
    return "codon", (first, int(match["p2"] or first))


def _bare(match: re.Match[str]) -> tuple[str, Value] | None:
    change = from_bare(match)
    return ("change", change) if change else None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A spelling and what it stands for."""

    pattern: str
    make: Maker
    any_case: bool = True

    def match(self, text: str, start: int) -> re.Match[str] | None:
        return grammar.compiled(self.pattern, any_case=self.any_case).match(text, start)


def _rule(pattern: str, make: Maker, *, any_case: bool = True) -> _Rule:
    return _Rule(pattern, make, any_case)


_LEGACY = _rule(r"1530_?(?:1531)?\s?ins\s?6(?!\d)", lambda _: ("legacy", "1530ins6"))
_FUSION = _rule(grammar.FUSION, _fusion, any_case=False)
_FUSION_LOW = _rule(grammar.LOWER_FUSION, _fusion, any_case=False)
_GENE = _rule(grammar.GENE, _gene, any_case=False)
_EXON = _rule(grammar.EXON, lambda m: ("exon", _numbers(m)))
_CODING = _rule(grammar.CODING, lambda m: ("change", from_coding(m)))
_GENOMIC = _rule(grammar.GENOMIC, lambda m: ("genomic", from_coding(m)))
_BARE_CODING = _rule(grammar.BARE_CODING, lambda m: ("change", from_coding(m)))
_TRANSCRIPT = _rule(grammar.TRANSCRIPT, lambda m: ("transcript", m["accession"].upper()))
_RSID = _rule(grammar.RSID, lambda m: ("rsid", m[0].lower()))
_STANDARD = _rule(grammar.STANDARD, lambda m: ("change", from_standard(m)))
_SPELLED = _rule(grammar.SPELLED, lambda m: ("change", from_spelled(m)))
_BARE = _rule(grammar.BARE, _bare)
_TURNED = _rule(grammar.TURNED, lambda m: ("change", from_turned(m)))
_CODON = _rule(grammar.CODON, _codon)
_NUMBERS = _rule(grammar.NUMBERS, lambda m: ("numbers", _numbers(m)))
_FRACTION = _rule(grammar.FRACTION, _amount)
_PERCENT = _rule(grammar.PERCENT, _amount)
_CONTENT = _rule(grammar.CONTENT, lambda _: ("plain", ""))
_PANEL_NAME = _rule(_PANEL, lambda m: ("panel", _panel_name(m[0])))


def _panel_name(text: str) -> str:
    return "mayo gistp" if text.lower().startswith("mayo") else text.lower()


# What a token may be, by its first character; the first that fits is taken.
_DIGIT = (_LEGACY, _BARE_CODING, _BARE, _PERCENT, _CONTENT, _NUMBERS)
_LETTER = (_FUSION, _FUSION_LOW, _GENE, _STANDARD, _SPELLED)
_BY_CHARACTER: dict[str, tuple[_Rule, ...]] = (
    dict.fromkeys("abcdefghijklmnopqrstuvwxyz", _LETTER)
    | {
        "c": (_CODING, *_LETTER, _BARE, _CODON, _CONTENT),
        "d": (*_LETTER[:3], _TURNED, *_LETTER[3:], _CONTENT),
        "e": (_EXON, _TRANSCRIPT, *_LETTER),
        "g": (_GENOMIC, *_LETTER),
        "n": (_TRANSCRIPT, *_LETTER),
        "x": (_TRANSCRIPT, *_LETTER),
        "l": (_TRANSCRIPT, *_LETTER, _PANEL_NAME),
        "r": (_RSID, *_LETTER, _BARE, _CONTENT),
        "m": (_FRACTION, *_LETTER, _CONTENT, _PANEL_NAME),
        "v": (_FRACTION, *_LETTER),
        "a": (_FRACTION, *_LETTER, _BARE),
        "t": (*_LETTER, _CONTENT),
        "p": (*_LETTER, _BARE, _CONTENT),
        "*": (_STANDARD,),
        "<": (_PERCENT,),
        ">": (_PERCENT,),
        "~": (_PERCENT,),
    }
    | dict.fromkeys("0123456789", _DIGIT)
)


def _phrase(text: str, start: int) -> tuple[str, str, int] | None:
    """The longest known phrase at `start`: its kind, value and end."""
    ends: list[tuple[str, int]] = []
    words, place = "", start
    while len(ends) < LONGEST_PHRASE and (match := _WORD_OR_MARK.match(text, place)):
        words = f"{words} {match[1].lower()}" if words else match[1].lower()
        ends.append((words, match.end(1)))
        place = match.end()
    for phrase, end in reversed(ends):
        if phrase in PHRASES:
            return (*PHRASES[phrase], end)
    return None


_WORD_OR_MARK = re.compile(
    r"((?:[35]' )?[A-Za-z][A-Za-z0-9ïé+/]*(?:-(?=$|[\s,;)]))?|\d(?=\s|$))[\s\-]{0,3}"
)


def _token(text: str, start: int) -> tuple[Token, int]:
    """The token at `start`, which is no blank or mark, and where the next one may begin."""
    for rule in _BY_CHARACTER.get(text[start].lower(), ()):
        match = rule.match(text, start)
        made = rule.make(match) if match else None
        if match and made:
            return Token(*made, match[0], start), match.end()
    phrase = _phrase(text, start)
    if phrase:
        kind, value, end = phrase
        return Token(kind, value, text[start:end], start), end
    word = _WORD_RUN.match(text, start)
    end = word.end() if word else start + 1
    return Token("unread", text[start:end], text[start:end], start), end


_WORD_RUN = re.compile(r"[^\s,;()\[\]]{1,60}")


def tokens(text: str) -> tuple[Token, ...]:
    """All that the text says, in order; what is not understood is a token of kind `unread`."""
    found: list[Token] = []
    place = 0
    while True:
        skipped = _SKIP.match(text, place)
        place = skipped.end() if skipped else place
        if place >= len(text):
            return tuple(found)
        token, place = _token(text, place)
        found.append(token)
