"""What the interview says after each answer: what was understood, and what it settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stromal.cli.pages.assessment_words import labels, settled_words
from stromal.cli.pages.page import Page
from stromal.cli.speak import say_value, spoken
from stromal.facts.fact import Fact, State
from stromal.library import Library
from stromal.plan.assessment import Assessment, Decision


def progress_lines(
    page: Page, library: Library, before: Assessment, after: Assessment, given: Sequence[str]
) -> Iterator[str]:
    """What was understood, what was noticed about it, and which answers it narrowed."""
    yield from _understood_lines(page, library, after, given)
    known = {conflict.name for conflict in before.conflicts}
    for conflict in after.conflicts:
        if conflict.name not in known:
            text = f"{spoken(conflict.name)}: {conflict.what} ({conflict.kept})"
            yield from page.text(text, 3, 2, "yellow")
    for observation in after.observations:
        if observation not in before.observations:
            yield from page.text(f"Note: {observation}", 3, 2, "yellow")
    was = {decision.name: _short(decision) for decision in before.decisions}
    names = labels(library)
    for decision in after.decisions:
        if _short(decision) != was[decision.name]:
            yield from _narrowed_lines(page, library, names, decision)


def _understood_lines(
    page: Page, library: Library, after: Assessment, given: Sequence[str]
) -> Iterator[str]:
    facts: Mapping[str, Fact] = {fact.name: fact for fact in after.facts}
    unknown = [n for n in given if n not in facts or facts[n].state is State.UNKNOWN]
    for name in (n for n in given if n not in unknown):
        words = say_value(library.terms, name, facts[name].possible)
        yield from page.text(f"= {spoken(name)}: {words}", 3, 2)
    if unknown:
        yield from page.text(f"= {', '.join(map(spoken, unknown))}: not known", 3, 2)


def _narrowed_lines(
    page: Page, library: Library, names: Mapping[str, str], decision: Decision
) -> list[str]:
    style = "yellow" if decision.state == "open" else "green"
    # An outcome such as "none" must not stand without the words of its row.
    settled = decision.state == "settled" and decision.role == "scheme"
    words = f". {settled_words(library, decision)}" if settled else ""
    return page.text(f"{names[decision.name]}: {_short(decision)}{words}", 3, 2, style)


def _short(decision: Decision) -> str:
    return "refused" if decision.state == "refused" else " or ".join(decision.outcomes)
