"""The pages of `stromal diff` and `stromal what-if`: first what stands otherwise, then why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stromal.cli.pages.page import Page
from stromal.cli.speak import spoken
from stromal.plan.assessment import Objection
from stromal.plan.differences import Cause, Difference, Differences, differences
from stromal.plan.make import Made
from stromal.plan.schedule.date_changes import DateChange

MOST_NAMES = 5
MOST_LINES = 70
LEVELS = ((10, 5), (8, 5), (6, 4), (5, 3), (4, 3), (3, 2), (2, 2))
"""How many entries of a section and how many names of an entry; the first that fits is taken."""
EVERYTHING = 10**6
MOVES = {
    "offered": "can be done now",
    "depends": "hangs on something now",
    "discouraged": "is advised against now",
    "refused": "must not be done now",
    "-": "is no longer named",
}
"""What an option has come to, by its new state."""
STRENGTH = re.compile("recommended|acceptable|investigational|discouraged")
COMES = {"guard": ("holds now", "holds no longer"),
         "task": ("to be done now", "no longer to be done")}  # fmt: skip
Lines = Iterator[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from one plan to another, the dates that moved, and what the guards say."""

    found: Differences
    dates: tuple[DateChange, ...]
    guards: Mapping[str, str]


def compared(before: Made, after: Made, dates: Iterable[DateChange] = ()) -> Compared:
    """Two plans side by side, ready to be told."""
    guards = (*before.plan.treatment.guards, *after.plan.treatment.guards)
    said = {f"{g.basis.document} {g.basis.row}": _guard(g) for g in guards}
    return Compared(differences(before, after), tuple(dates), said)


def _guard(guard: Objection) -> str:
    names = [target.partition(":")[2] or target for target in guard.targets]
    told = "every drug" if "*" in names else _listed(names, MOST_NAMES)
    return f"{guard.effect} {told}: {guard.basis.words}"


def brief_lines(page: Page, one: Compared) -> Lines:
    """One page: decisions, options, guards and steps, dates, then the facts and rules behind."""
    for most, names in LEVELS:
        lines = list(_lines(page, one, most, names))
        if len(lines) <= MOST_LINES:
            break
    yield from lines


def whole_lines(page: Page, one: Compared) -> Lines:
    """The same with nothing left out, each option by itself with its words before and after."""
    yield from _lines(page, one, EVERYTHING, 0)


def _lines(page: Page, one: Compared, most: int, names: int) -> Lines:
    found, dates = one.found, one.dates
    if not (found.causes or found.changes or dates):
        yield from page.text("Nothing changed.")
        return
    told = _Told(one, names)
    left = 0
    for title, entries in (
        ("Decisions", told.of("decision")),
        ("Options", told.options() if names else told.of("option")),
        ("Guards", told.rows("guard")),
        ("Steps", told.rows("task")),
        ("Side effects", told.of("side effect")),
        ("Next dates", [_date(one, names) for one in dates]),
        ("Because of", told.causes()),
    ):
        if entries:
            yield from page.heading(title)
        for text, why in entries[:most]:
            yield from page.text(f"- {text}", 2, 2)
            if why:
                yield from page.text(f"because of {why}", 6, 2, "dim")
        left += len(entries[most:])
    if not (found.changes or dates):
        yield from page.heading("What stands otherwise")
        yield from page.text("No decision, option, guard, step or date.", 2)
    if names:
        more = f"{left} more entries, and every name" if left else "Every name and strength"
        yield from ("", *page.text(f"{more}: --all", style="dim"))


Entry = tuple[str, str]


class _Told:
    """The changes in words, each with its causes."""

    def __init__(self, one: Compared, names: int) -> None:
        self._found = one.found
        self._guards = one.guards
        self._names = names
        self._causes = {cause.name: cause for cause in one.found.causes}

    def of(self, what: str) -> list[Entry]:
        """Each change of a kind: its name, what was, what is."""
        return [
            (f"{_name(change)}: {change.before} -> {change.after}", self._because(change.because))
            for change in self._changes(what)
        ]

    def options(self) -> list[Entry]:
        """The options by what they have come to, those for the same reason together."""
        groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for change in self._changes("option"):
            before, after = (_standing(words) for words in (change.before, change.after))
            move = "is rated otherwise" if before == after else MOVES[after]
            groups.setdefault((move, change.because), []).append(change.name)
        order = [*MOVES.values(), "is rated otherwise"]
        found = sorted(groups.items(), key=lambda one: (order.index(one[0][0]), -len(one[1])))
        return [
            (f"{move}: {_listed(names, self._names)}", self._because(because))
            for (move, because), names in found
        ]

    def rows(self, what: str) -> list[Entry]:
        """Guards or steps that came, fell away or read otherwise, each with its words."""
        entries = []
        for change in self._changes(what):
            comes, goes = COMES[what]
            kept = change.before != "-" and change.after != "-"
            lead = "reads otherwise" if kept else goes if change.after == "-" else comes
            text = change.after if change.after != "-" else change.before
            words = self._guards.get(change.name, text) if what == "guard" else text
            entries.append((f"{lead}: {words} ({change.name})", ""))
        return entries

    def causes(self) -> list[Entry]:
        """The facts with their events, then time, then the rules that count on one day only."""
        facts = [c for c in self._found.causes if c.kind != "edition"]
        rules = [c for c in self._found.causes if c.kind == "edition"]
        facts.sort(key=lambda cause: cause.kind == "time")
        entries = [(cause_words(cause), "") for cause in facts]
        if rules and not self._names:
            entries += [(cause_words(cause), "") for cause in rules]
        elif rules:
            count = "1 document" if len(rules) == 1 else f"{len(rules)} documents"
            named = _listed([cause.name for cause in rules], self._names)
            entries.append((f"other rows of {count} are in force: {named}", ""))
        return entries

    def _changes(self, what: str) -> list[Difference]:
        return [change for change in self._found.changes if change.what == what]

    def _because(self, names: Iterable[str]) -> str:
        parts = []
        for name in names:
            cause = self._causes.get(name)
            events = f" ({', '.join(cause.events)})" if cause and cause.kind == "fact" else ""
            parts.append(f"{name if '/' in name else spoken(name)}{events}")
        return _listed(parts, self._names) or "facts together"


def cause_words(cause: Cause) -> str:
    """A cause with its events, or with what it is."""
    name = cause.name if cause.kind == "edition" else spoken(cause.name)
    where = {"time": "by the day alone", "assumption": "tried", "edition": "rules"}.get(cause.kind)
    events = where or ", ".join(cause.events)
    return f"{name}: {cause.before} -> {cause.after} [{events}]"


def _standing(words: str) -> str:
    """'offered' of 'offered (recommended: ESMO)'; discouraged where all advise against it."""
    state, _, said = words.partition(" (")
    strengths = set(STRENGTH.findall(said))
    return "discouraged" if strengths == {"discouraged"} and state != "refused" else state


def _name(change: Difference) -> str:
    return spoken(change.name) if change.what == "decision" else change.name


def _listed(names: Sequence[str], most: int) -> str:
    """The names; beyond `most` they are counted (0: all of them)."""
    if most and len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return ", ".join(names)


def _date(change: DateChange, names: int) -> Entry:
    days = ("no date" if day == "-" else day for day in (change.before, change.after))
    return f"{change.test}: {' -> '.join(days)} ({_listed(change.authorities, names)})", ""
