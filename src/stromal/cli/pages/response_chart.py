"""The response as a chart: each target's change from baseline over time, and that of the sum.

A single SVG without script or other files. Lines are told apart by dash and mark, not by colour
alone, and each bears its name at its end; it prints in black and white.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from stromal.cli.pages.response_words import course_name, per_cent
from stromal.facts.values import read_day
from stromal.plan.response.values import CourseResponse, ResponseReport, ScanReading

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 210, 44, 56
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#806000")
"""The colours of Okabe and Ito that are dark enough on white."""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4")
MARKS = ("circle", "square", "triangle", "diamond", "cross")
SUM = "the sum"
PARTIAL = -30.0
LEAST_SPAN = 40.0
LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How days and per cent become places on the paper."""

    days: int
    low: float
    high: float

    def x(self, day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * day / max(self.days, 1)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)


def report_svg(report: ResponseReport) -> str:
    """The chart of the last course that has two scans; '' if there is none."""
    charts = [svg for course in report.courses if (svg := course_svg(course))]
    return charts[-1] if charts else ""


def course_svg(course: CourseResponse) -> str:
    """The chart of one course; '' if no two scans can be compared."""
    lines = [*_lines(course)]
    if len(course.scans) < 2 or not lines:
        return ""
    values = [value for line in lines for _, value in line.points]
    days = max(day for line in lines for day, _ in line.points)
    low, high = min(*values, -LEAST_SPAN), max(*values, LEAST_SPAN)
    frame = _Frame(days, low - 8, high + 8)
    title = f"{course_name(course)}: change of each lesion from the baseline"
    said = "; ".join(f"{line.name} {per_cent(line.points[-1][1])}" for line in lines)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'width="{WIDTH}" height="{HEIGHT}" '
            f'font-family="Noto Sans, DejaVu Sans, sans-serif" font-size="12">',
            f"<title>{escape(title)}</title><desc>At the last scan: {escape(said)}</desc>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold">{escape(title)}</text>',
            *_axes(frame, course),
            *_borders(frame, course),
            *(part for n, line in enumerate(lines) for part in _drawn(frame, line, n)),
            *_names(frame, lines),
            "</svg>",
        )
    )


def _lines(course: CourseResponse) -> Iterator[_Line]:
    """The targets, then the sum; of a lesion that was not measured the line has a gap's ends."""
    names = dict.fromkeys(
        one.name for scan in course.scans for one in scan.lesions if one.role == "target"
    )
    for name in names:
        points = [*_of_lesion(course.scans, name)]
        if len(points) > 1:
            yield _Line(name, tuple(points))
    sums = [
        (_after(course.scans, scan), 0.0 if not n else scan.from_baseline)
        for n, scan in enumerate(course.scans)
    ]
    known = tuple((day, value) for day, value in sums if value is not None)
    if len(known) > 1 and len(names) > 1:
        yield _Line(SUM, known)


def _of_lesion(scans: Sequence[ScanReading], name: str) -> Iterator[tuple[int, float]]:
    for number_, scan in enumerate(scans):
        found = next((one for one in scan.lesions if one.name == name), None)
        if found is not None and not number_:
            yield 0, 0.0
        elif found is not None and found.from_baseline is not None:
            yield _after(scans, scan), found.from_baseline


def _after(scans: Sequence[ScanReading], scan: ScanReading) -> int:
    """Days from the baseline."""
    return (_day(scan) - _day(scans[0])).days


def _day(scan: ScanReading) -> datetime.date:
    days = read_day(scan.day)
    assert days is not None
    return days[0]


def _axes(frame: _Frame, course: CourseResponse) -> Iterator[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    step = 20 if frame.high - frame.low < 220 else 50 if frame.high - frame.low < 600 else 200
    value = int(frame.low // step + 1) * step
    while value <= frame.high:
        y = frame.y(value)
        colour = "#000" if not value else "#ddd"
        yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{colour}"/>'
        label = per_cent(float(value))
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
        value += step
    last = -100.0
    for scan in course.scans:
        x = frame.x(_after(course.scans, scan))
        yield f'<path d="M{x:.1f} {bottom}v5" stroke="#000"/>'
        if x - last >= 66:
            last = x
            yield f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{scan.day}</text>'
    yield f'<text x="{LEFT}" y="{HEIGHT - 8}">scans; the first is the baseline</text>'


def _borders(frame: _Frame, course: CourseResponse) -> Iterator[str]:
    """The borders of RECIST for the sum: partial response, and progression over the nadir."""
    first = course.scans[0].sum
    if not course.on_drug or not first:
        return
    right = WIDTH - RIGHT
    y = frame.y(PARTIAL)
    yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#000" stroke-dasharray="1 4"/>'
    yield f'<text x="{LEFT + 4}" y="{y - 4:.1f}" font-style="italic">PR: sum -30 %</text>'
    smallest = first
    steps: list[str] = []
    for earlier, later in zip(course.scans, course.scans[1:], strict=False):
        smallest = min(smallest, earlier.sum if earlier.sum is not None else smallest)
        border = 100 * (max(1.2 * smallest, smallest + 5) - first) / first
        x = (frame.x(_after(course.scans, earlier)), frame.x(_after(course.scans, later)))
        steps.append(f"{'M' if not steps else 'L'}{x[0]:.1f} {frame.y(border):.1f}H{x[1]:.1f}")
    level = frame.y(100 * (max(1.2 * first, first + 5) - first) / first)
    yield f'<path d="{"".join(steps)}" stroke="#000" stroke-dasharray="6 3 1 3" fill="none"/>'
    yield (
        f'<text x="{LEFT + 4}" y="{level - 4:.1f}" font-style="italic">PD: 20 % and 5 mm above the '
        f"smallest sum</text>"
    )


def _drawn(frame: _Frame, line: _Line, place: int) -> Iterator[str]:
    is_sum = line.name == SUM
    colour = "#000" if is_sum else COLOURS[place % len(COLOURS)]
    path = "L".join(f"{frame.x(day):.1f} {frame.y(value):.1f}" for day, value in line.points)
    dash = "" if is_sum else DASHES[place % len(DASHES)]
    width = "3.5" if is_sum else "1.8"
    yield (
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dash or "none"}"/>'
    )
    for day, value in () if is_sum else line.points:
        yield _mark(MARKS[place % len(MARKS)], frame.x(day), frame.y(value), colour)


def _mark(shape: str, x: float, y: float, colour: str) -> str:
    paths = {
        "square": f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8z",
        "triangle": f"M{x:.1f} {y - 5:.1f}l5 9h-10z",
        "diamond": f"M{x:.1f} {y - 6:.1f}l5 6l-5 6l-5 -6z",
        "cross": f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8",
    }
    if shape not in paths:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    filled, drawn = f'fill="{colour}"', f'fill="none" stroke="{colour}" stroke-width="2"'
    return f'<path d="{paths[shape]}" {drawn if shape == "cross" else filled}/>'


def _names(frame: _Frame, lines: Sequence[_Line]) -> Iterator[str]:
    """Each name at the end of its line, moved where two would touch or leave the frame."""
    placed = sorted((frame.y(line.points[-1][1]), n, line) for n, line in enumerate(lines))
    heights: list[float] = []
    for y, _, _ in placed:
        heights.append(max(y + 4, (heights[-1] if heights else 0.0) + LINE_HEIGHT))
    lowest = HEIGHT - BOTTOM - 4.0
    for number in reversed(range(len(heights))):
        heights[number] = min(heights[number], lowest)
        lowest = heights[number] - LINE_HEIGHT
    for height, (_, place, line) in zip(heights, placed, strict=True):
        yield from _name(line, place, height)


def _name(line: _Line, place: int, y: float) -> Iterator[str]:
    """The sign of a line, its name and where it ends."""
    x = WIDTH - RIGHT
    if line.name == SUM:
        yield f'<path d="M{x + 6} {y - 4:.1f}h14" stroke="#000" stroke-width="4"/>'
    else:
        colour = COLOURS[place % len(COLOURS)]
        yield _mark(MARKS[place % len(MARKS)], x + 14, y - 4, colour)
    name = line.name if len(line.name) <= 22 else f"{line.name[:21]}\u2026"
    text = f"{escape(name)} {per_cent(round(line.points[-1][1]))}"
    weight = "bold" if line.name == SUM else "normal"
    yield f'<text x="{x + 26}" y="{y:.1f}" font-weight="{weight}">{text}</text>'
