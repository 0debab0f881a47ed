"""How often something has happened, counted from findings in the order of their days.

Findings that follow one another without a recovery between them are one time. A finding that may
or may not meet the rule leaves the count open: the least and the most are both kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Met(StrEnum):
    """Whether a finding met the rule."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


Span = tuple[int, int]


def times(findings: Iterable[Met]) -> list[Span | None]:
    """For each finding, the least and the most times it can be, itself included; None for NO.

    >>> times([Met.YES, Met.YES, Met.NO, Met.MAYBE, Met.YES])
    [(1, 1), (1, 1), None, (2, 2), (2, 2)]
    """
    inside: Span | None = None
    outside: Span | None = (0, 0)
    found: list[Span | None] = []
    for met in findings:
        begun = (outside[0] + 1, outside[1] + 1) if outside else None
        after_no = _either(inside, outside)
        inside = None if met is Met.NO else _either(inside, begun)
        outside = None if met is Met.YES else after_no
        found.append(inside)
    return found


def _either(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
