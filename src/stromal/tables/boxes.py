"""Rows as boxes: one bit set of elementary cells per input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stromal.tables.compile import Column

Box = tuple[int, ...]


def box_of(columns: Sequence[Column], number: int) -> Box:
    """The elementary cells that row `number` fits, per column."""
    return tuple(
        sum((fit >> number & 1) << place for place, fit in enumerate(column.fits))
        for column in columns
    )


def whole_box(columns: Sequence[Column]) -> Box:
    """Every elementary cell of every column."""
    return tuple((1 << len(column.elements)) - 1 for column in columns)


def shared(first: Box, second: Box) -> Box | None:
    """What two boxes have in common, None if nothing."""
    common = tuple(a & b for a, b in zip(first, second, strict=True))
    return common if all(common) else None


def without(part: Box, box: Box) -> list[Box]:
    """`part` without `box`, as disjoint boxes."""
    if shared(part, box) is None:
        return [part]
    pieces: list[Box] = []
    for place, (mine, other) in enumerate(zip(part, box, strict=True)):
        if outside := mine & ~other:
            pieces.append((*part[:place], outside, *part[place + 1 :]))
        part = (*part[:place], mine & other, *part[place + 1 :])
    return pieces


def without_all(part: Box, boxes: Iterable[Box], most: int) -> list[Box] | None:
    """`part` without any of `boxes`; None if that takes more than `most` pieces."""
    left = [part]
    for box in boxes:
        left = [piece for one in left for piece in without(one, box)]
        if len(left) > most:
            return None
    return left


def describe(columns: Sequence[Column], box: Box) -> str:
    """A box in words."""
    parts = (
        _describe(column, mask)
        for column, mask in zip(columns, box, strict=True)
        if mask != (1 << len(column.elements)) - 1
    )
    return ", ".join(parts) or "anything"


def _describe(column: Column, mask: int) -> str:
    parts = [str(element) for place, element in enumerate(column.elements) if mask >> place & 1]
    return f"{column.term.name} {' or '.join(parts)}"
