"""The schedules side by side as one picture: a line for each test of each authority, ten years.

Every state has a shape of its own beside its colour (Okabe and Ito's, which most colour-blind
people tell apart), so that the picture can be printed in grey.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from stromal.followup.calendar import Line, Look, State
from stromal.plan.schedule.follow_up import FollowUp

WIDTH, LABELS, ROW, TOP, LEGEND = 1060, 270, 22, 46, 44
_CROWDED = 60
_GREEN, _BLUE, _ORANGE, _RED, _GREY = "#009e73", "#0072b2", "#e69f00", "#d55e00", "#555555"
SHAPES: Mapping[State, tuple[str, str, str]] = {
    State.DONE: ("circle", _GREEN, "done on time"),
    State.EARLY: ("left", _GREEN, "done early"),
    State.LATE: ("right", _GREEN, "done late"),
    State.DUE: ("diamond", _ORANGE, "due now"),
    State.OVERDUE: ("square", _RED, "overdue"),
    State.PLANNED: ("ring", _BLUE, "planned"),
    State.MISSED: ("cross", _GREY, "no record of it"),
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """From days to the width of the picture."""

    first: datetime.date
    last: datetime.date

    def x(self, day: datetime.date) -> float:
        """The place of a day; days outside stand at the edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LABELS + min(max(share, 0.0), 1.0) * (WIDTH - LABELS - 14), 1)


def timeline(found: FollowUp) -> str:
    """The picture as SVG; '' where there is no look to show."""
    rows = [(s.authority, line) for s in found.schedules for line in s.lines if line.looks]
    if not rows:
        return ""
    scale = _scale(found, [line for _, line in rows])
    names = list(dict.fromkeys(authority for authority, _ in rows))
    height = TOP + ROW * (len(rows) + len(names)) + 8
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height + LEGEND}" role="img" '
        'aria-label="The looks of each schedule on a line of time" '
        'xmlns="http://www.w3.org/2000/svg">',
        *_grid(scale, height),
        *_marks(found, scale, height),
        *_rows(rows, scale),
        *_legend(height),
        "</svg>",
    ]
    return "\n".join(parts)


def _scale(found: FollowUp, lines: Sequence[Line]) -> _Scale:
    days = [look.day for line in lines for look in line.looks]
    starts = [*found.anchors.values(), min(days)]
    return _Scale(min(starts), max(days))


def _grid(scale: _Scale, height: int) -> Iterator[str]:
    """A line for each new year."""
    for year in range(scale.first.year + 1, scale.last.year + 1):
        x = scale.x(datetime.date(year, 1, 1))
        yield f'<line x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height}" stroke="#ddd"/>'
        yield f'<text x="{x}" y="{TOP - 8}" text-anchor="middle" class="year">{year}</text>'


def _rows(rows: Sequence[tuple[str, Line]], scale: _Scale) -> Iterator[str]:
    y, before = TOP, ""
    for authority, line in rows:
        if authority != before:
            yield f'<text x="4" y="{y + 15}" class="who">{escape(authority)}</text>'
            before, y = authority, y + ROW
        yield f'<text x="14" y="{y + 15}" class="test">{escape(_short(line.test))}</text>'
        middle = y + 11
        end = scale.x(line.looks[-1].day)
        start = scale.x(line.looks[0].day)
        yield f'<line x1="{start}" x2="{end}" y1="{middle}" y2="{middle}" stroke="#999"/>'
        size = 3.0 if len(line.looks) > _CROWDED else 5.0
        yield from (_look(look, scale, middle, size) for look in line.looks)
        y += ROW


def _short(test: str) -> str:
    return test if len(test) <= 44 else f"{test[:43]}\u2026"


def _look(look: Look, scale: _Scale, y: int, size: float) -> str:
    shape, colour, _ = SHAPES[look.state]
    told = f"{look.day} {look.state}; {look.rule.row}"
    drawn = _shape(shape, colour, scale.x(look.day), y, size)
    return f"<g><title>{escape(told)}</title>{drawn}</g>"


def _shape(shape: str, colour: str, x: float, y: float, r: float) -> str:
    """One mark. Open, full, pointed and crossed, so that grey print tells them apart."""
    full = f'fill="{colour}" stroke="#111" stroke-width="0.8"'
    points = {
        "left": [(x + r, y - r), (x + r, y + r), (x - r, y)],
        "right": [(x - r, y - r), (x - r, y + r), (x + r, y)],
        "diamond": [(x, y - r * 1.4), (x + r * 1.4, y), (x, y + r * 1.4), (x - r * 1.4, y)],
    }
    if shape in points:
        corners = " ".join(f"{px:.1f},{py:.1f}" for px, py in points[shape])
        return f'<polygon points="{corners}" {full}/>'
    if shape == "square":
        box = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"'
        mark = f'<line x1="{x}" x2="{x}" y1="{y - r + 1.5}" y2="{y + 1}" stroke="#fff" '
        return f'<rect {box} {full}/>{mark}stroke-width="1.8"/>'
    if shape == "cross":
        path = f"M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}"
        return f'<path d="{path}" stroke="{colour}" stroke-width="1.8" fill="none"/>'
    if shape == "ring":
        return (
            f'<circle cx="{x}" cy="{y}" r="{r}" fill="#fff" stroke="{colour}" stroke-width="1.8"/>'
        )
    return f'<circle cx="{x}" cy="{y}" r="{r}" {full}/>'


CLOSE = 40
"""Marks nearer than this, in pixels, share a text."""


def _marks(found: FollowUp, scale: _Scale, height: int) -> Iterator[str]:
    """The anchors and today, as lines with their names at the top."""
    days: dict[datetime.date, list[str]] = {}
    for name, day in found.anchors.items():
        days.setdefault(day, []).append(name)
    if found.today and scale.first <= found.today <= scale.last:
        days.setdefault(found.today, []).append("today")
    for x, names in ((scale.x(day), names) for day, names in days.items()):
        dash = ' stroke-dasharray="5 4"' if "today" in names else ""
        yield f'<line x1="{x}" x2="{x}" y1="15" y2="{height}" stroke="#111"{dash}/>'
    for number, (x, names) in enumerate(_near(scale, days)):
        y = 12 + 14 * (number % 2)
        yield f'<text x="{x + 3}" y="{y}" class="mark">{escape(", ".join(names))}</text>'


def _near(
    scale: _Scale, days: Mapping[datetime.date, list[str]]
) -> Iterator[tuple[float, list[str]]]:
    """The names of days that lie close together as one text, at the place of the first."""
    groups: list[tuple[float, list[str]]] = []
    for day in sorted(days):
        x = scale.x(day)
        if groups and x - groups[-1][0] < CLOSE:
            groups[-1][1].extend(days[day])
        else:
            groups.append((x, list(days[day])))
    yield from groups


def _legend(height: int) -> Iterator[str]:
    x, y = 14.0, height + 24
    for shape, colour, words in SHAPES.values():
        yield _shape(shape, colour, x, y, 5.0)
        yield f'<text x="{x + 10}" y="{y + 4}" class="test">{words}</text>'
        x += 36 + 6.6 * len(words)
