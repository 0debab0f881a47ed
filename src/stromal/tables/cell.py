"""One cell of a rule: a condition on one input, read from S-FEEL unary tests.

A cell on a number is a `Numbers`, on a choice a `Choices`, on findings a `Condition`; `None`
stands for `-`, any value. Two questions are asked of a cell and a set of possible values:
may it fit (`overlaps`), and must it fit (`covers`)?
Source of the notation: OMG Decision Model and Notation 1.x, unary tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import INFINITY, Choices, Interval, Members, Numbers, Possible


@dataclass(frozen=True, slots=True)
class Condition:
    """Findings of which at least one must be present (each of `any_of`), or none (`none_of`)."""

    any_of: tuple[frozenset[str], ...] = ()
    none_of: frozenset[str] = frozenset()


Cell = Numbers | Choices | Condition | None


class CellError(ValueError):
    """A cell that cannot be read; the text says what is wrong and how to write it."""


_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_COMPARISON = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER})")
_INTERVAL = re.compile(rf"([\[(\]])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])")
_EXACT = re.compile(rf"={{0,1}}\s*({_NUMBER})")
_NOT = re.compile(r"not\s*\((.*)\)")
_WORD = re.compile(r'\s*"([^"]*)"\s*(?:,|$)')
_FINDINGS = re.compile(r"(any|none)\s*\(([^)]*)\)\s*(?:and\s+|$)")


def read_cell(text: str, term: Term) -> Cell:
    """The condition that `text` states about `term`.

    Raises CellError if it cannot be read or names a value that the dictionary does not hold.
    """
    text = text.strip()
    if text == "-":
        return None
    if text == "":
        raise CellError("the cell is empty; write '-' for any value")
    if isinstance(term.domain, Numbers):
        return _numbers(text)
    if isinstance(term.domain, Choices):
        return _choices(text, term.domain, term.name)
    return _condition(text, term.domain, term.name)


def overlaps(possible: Possible, cell: Cell) -> bool:
    """True if some possible value fits the cell."""
    if cell is None:
        return True
    if isinstance(cell, Numbers) and isinstance(possible, Numbers):
        return possible.meets(cell)
    if isinstance(cell, Choices) and isinstance(possible, Choices):
        return bool(possible.values & cell.values)
    if isinstance(cell, Condition) and isinstance(possible, Members):
        reachable = possible.possible - cell.none_of
        return not (possible.certain & cell.none_of) and all(
            reachable & wanted for wanted in cell.any_of
        )
    raise TypeError(f"a cell {cell!r} cannot test {possible!r}")


def covers(possible: Possible, cell: Cell) -> bool:
    """True if every possible value fits the cell."""
    if cell is None:
        return True
    if isinstance(cell, Numbers) and isinstance(possible, Numbers):
        return possible.is_subset(cell)
    if isinstance(cell, Choices) and isinstance(possible, Choices):
        return possible.values <= cell.values
    if isinstance(cell, Condition) and isinstance(possible, Members):
        return not (possible.possible & cell.none_of) and all(
            possible.certain & wanted for wanted in cell.any_of
        )
    raise TypeError(f"a cell {cell!r} cannot test {possible!r}")


def _numbers(text: str) -> Numbers:
    negated = _NOT.fullmatch(text)
    if negated:
        return _numbers(negated.group(1)).complement()
    return Numbers.of(
        interval for part in text.split(",") for interval in _one_test(part.strip()).intervals
    )


def _one_test(text: str) -> Numbers:
    if match := _COMPARISON.fullmatch(text):
        return _compared(match.group(1), float(match.group(2)))
    if match := _INTERVAL.fullmatch(text):
        left, low, high, right = match.groups()
        interval = Interval(float(low), float(high), left != "[", right != "]")
        if interval.is_empty():
            raise CellError(f"{text!r} holds no number; write the smaller end first")
        return Numbers((interval,))
    if match := _EXACT.fullmatch(text):
        return Numbers.exactly(float(match.group(1)))
    raise CellError(f"{text!r} is not a test of a number; write '<= 5', '> 5', '7' or '(5..10]'")


def _compared(sign: str, number: float) -> Numbers:
    if sign == "<=":
        return Numbers.between(-INFINITY, number)
    if sign == "<":
        return Numbers.between(-INFINITY, number, high_open=True)
    if sign == ">=":
        return Numbers.between(number, INFINITY)
    return Numbers.between(number, INFINITY, low_open=True)


def _choices(text: str, domain: Choices, name: str) -> Choices:
    negated = _NOT.fullmatch(text)
    words = _words(negated.group(1) if negated else text, name)
    _must_be_known(words, domain.values, name)
    return Choices(domain.values - words if negated else words)


def _condition(text: str, domain: Members, name: str) -> Condition:
    any_of: list[frozenset[str]] = []
    none_of: frozenset[str] = frozenset()
    position = 0
    while position < len(text):
        match = _FINDINGS.match(text, position)
        if not match:
            raise CellError(
                f"{text[position:]!r} is not a test of {name}; "
                'write any("...","...") or none("..."), joined by and'
            )
        words = _words(match.group(2), name)
        _must_be_known(words, domain.possible, name)
        if match.group(1) == "any":
            any_of.append(words)
        else:
            none_of |= words
        position = match.end()
    return Condition(tuple(any_of), none_of)


def _words(text: str, name: str) -> frozenset[str]:
    words: list[str] = []
    position = 0
    while position < len(text):
        match = _WORD.match(text, position)
        if not match:
            raise CellError(
                f'{text!r} is not a test of {name}; write "value" in quotes, separated by commas'
            )
        words.append(match.group(1))
        position = match.end()
    if len(set(words)) < len(words):
        raise CellError(f"{text!r} names a value twice")
    return frozenset(words)


def _must_be_known(words: frozenset[str], known: frozenset[str], name: str) -> None:
    unknown = sorted(words - known)
    if unknown:
        raise CellError(
            f"{name} has no value {', '.join(map(repr, unknown))}; "
            f"the dictionary has {', '.join(sorted(known))}"
        )
