"""What a page of the plan holds, without any layout: sections of items, and what is left out.

The terminal, the page of HTML and the PDF lay out the same sheet, so none can say more or less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

WHOLE = 10**6


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is said. `rest` are lines below it; `cells` what each guideline says of it.

    `state` is offered, depends, discouraged, refused, ask, care, strong or ''; it is always told
    in words or by a sign too, never by colour alone.
    """

    text: str
    label: str = ""
    state: str = ""
    rest: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its items. `left` of its things are not shown, in the words `left_words`."""

    name: str
    title: str
    items: tuple[Item, ...]
    left: int = 0
    left_words: str = ""
    columns: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole page: what stands above, the sections, and the lines at its foot."""

    title: str
    subtitle: str
    emergency: str
    colon: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]

    @property
    def left(self) -> int:
        """How many things are not shown."""
        return sum(section.left for section in self.sections)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of each a page may hold."""

    gates: int
    facts: int
    tasks: int
    guards: int
    options: int
    reasons: int
    groups: int
    names: int
    missing: int
    dates: int
    questions: int
    report: int

    @property
    def everything(self) -> bool:
        """True if nothing is left out; then each option is told with all it hangs on."""
        return self.options == WHOLE


ALL = Limits(*[WHOLE] * 12)
LEVELS = (
    Limits(8, 12, 8, 8, 12, 12, 10, 6, 8, 8, 8, 6),
    Limits(6, 12, 6, 6, 12, 6, 8, 6, 6, 6, 6, 6),
    Limits(6, 12, 6, 6, 10, 4, 7, 5, 5, 5, 5, 6),
    Limits(5, 10, 5, 5, 10, 2, 6, 5, 4, 4, 4, 4),
    Limits(4, 10, 4, 4, 8, 0, 5, 4, 4, 3, 3, 3),
    Limits(4, 8, 4, 3, 7, 0, 5, 4, 3, 3, 3, 2),
    Limits(3, 8, 3, 3, 6, 0, 5, 3, 2, 2, 2, 2),
    Limits(3, 8, 3, 2, 5, 0, 4, 3, 2, 2, 2, 2),
    Limits(2, 6, 2, 2, 4, 0, 3, 2, 1, 1, 1, 2),
    Limits(2, 6, 2, 1, 3, 0, 2, 2, 1, 1, 1, 2),
    Limits(1, 4, 1, 1, 2, 0, 2, 1, 1, 1, 1, 2),
    Limits(1, 4, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1),
)
"""From roomy to tight; the first that fits the page is taken."""


def fitted(build: Callable[[Limits], Sheet], height: Callable[[Sheet], int], most: int) -> Sheet:
    """The roomiest sheet that is not higher than `most`; the tightest where none fits."""
    for limits in LEVELS:
        sheet = build(limits)
        if height(sheet) <= most:
            break
    return sheet
