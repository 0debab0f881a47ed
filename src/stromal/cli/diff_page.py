"""The lines of `stromal diff` and `stromal what-if`."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.page import Page
from stromal.cli.speak import spoken
from stromal.plan.differences import Cause, Difference, Differences


def difference_lines(page: Page, found: Differences) -> Iterator[str]:
    """What changed, each with its cause, then the causes with their events."""
    if not found.causes and not found.changes:
        yield from page.text("Nothing changed.")
        return
    by_name = {cause.name: cause for cause in found.causes}
    yield from page.heading("What became known or moved on")
    for cause in found.causes:
        yield from page.text(f"- {cause_words(cause)}", 2, 2)
    yield from page.heading("What stands otherwise")
    if not found.changes:
        yield from page.text("No decision, option, guard or task.", 2)
    for change in found.changes:
        yield from page.text(f"- {change.what} {_name(change)}", 2, 2, "bold")
        yield from page.text(f"{change.before} -> {change.after}", 6, 2)
        yield from page.text(f"because of {_because(change, by_name)}", 6, 2, "dim")


def cause_words(cause: Cause) -> str:
    """A cause with its events, or with what it is."""
    name = cause.name if cause.kind == "edition" else spoken(cause.name)
    where = {"time": "by the day alone", "assumption": "tried", "edition": "rules"}.get(cause.kind)
    events = where or ", ".join(cause.events)
    return f"{name}: {cause.before} -> {cause.after} [{events}]"


def _name(change: Difference) -> str:
    return spoken(change.name) if change.what == "decision" else change.name


def _because(change: Difference, by_name: dict[str, Cause]) -> str:
    parts = []
    for name in change.because:
        cause = by_name.get(name)
        events = f" ({', '.join(cause.events)})" if cause and cause.kind == "fact" else ""
        parts.append(f"{name if '/' in name else spoken(name)}{events}")
    return ", ".join(parts) or "facts together"
