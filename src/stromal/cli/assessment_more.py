"""The second half of an assessment's page: what is missing, what would change it, chance, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stromal.cli.page import Cell, Page
from stromal.cli.speak import MARK, spoken
from stromal.facts.fact import State
from stromal.library import Library
from stromal.plan.assessment import Assessment, Change, Missing, Remark, Uncertainty

FIRST_CHANGES = ("tumour_size", "mitotic_rate", "rupture_findings", "tumour_site")
SHOWN = 3
NAMED = 4


def closing_lines(
    page: Page, library: Library, assessment: Assessment, everything: bool
) -> Iterator[str]:
    """All that follows the answers."""
    names = titles(library)
    most = 1000 if everything else SHOWN
    yield from _chance_lines(page, names, assessment.uncertainty)
    yield from _missing_lines(page, names, assessment.missing, most)
    yield from _change_lines(page, names, assessment.changes, most)
    for role, title in (("task", "To do"), ("note", "Notes")):
        chosen = [remark for remark in assessment.remarks if remark.role == role]
        yield from _remark_lines(page, title, chosen, everything)
    yield from _requirement_lines(page, assessment, everything)
    if not everything:
        yield ""
        words = "All of it: --full. One answer with its reasons: stromal explain CASE DECISION."
        yield from page.text(words, style="dim")


def titles(library: Library) -> Mapping[str, str]:
    """What each fact and decision is called."""
    return {name: spoken(name) for name in (*library.terms, *library.decisions)}


def names_in_words(names: Iterable[str]) -> str:
    """Names of facts as a list in words; a long one is cut."""
    words = [spoken(name) for name in names]
    if len(words) > NAMED + 1:
        return f"{', '.join(words[:NAMED])} and {len(words) - NAMED} more"
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _missing_lines(
    page: Page, names: Mapping[str, str], missing: tuple[Missing, ...], most: int
) -> Iterator[str]:
    if not missing:
        return
    yield from page.heading("What is missing, the most telling first")
    for number, fact in enumerate(missing[:most], 1):
        reason = "" if fact.reason == "not recorded" else f", {fact.reason}"
        yield from page.text(f"{number}. {fact.question} [{fact.name}{reason}]", 2, 3)
        for words, decisions in (
            ("would settle", fact.settles),
            ("may settle", fact.may_settle),
            ("may refuse", fact.may_refuse),
            ("would narrow", _narrowed(fact)),
        ):
            if decisions:
                listed = ", ".join(names[name] for name in decisions)
                yield from page.text(f"{words}: {listed}", 5, 2, "dim")
    yield from _more(page, len(missing) - most)


def _narrowed(fact: Missing) -> list[str]:
    """The decisions that some value would change, beside those that it would settle or refuse."""
    said = {*fact.settles, *fact.may_settle, *fact.may_refuse}
    changed = {e.partition(": ")[0]: None for _, effects in fact.by_value for e in effects}
    return [name for name in changed if name not in said]


def effect_lines(page: Page, names: Mapping[str, str], fact: Missing) -> Iterator[str]:
    """What each answer to a missing fact would do."""
    for value, effects in fact.by_value:
        said = (e.partition(": ") for e in effects)
        text = "; ".join(f"{names[name]}: {then}" for name, _, then in said)
        yield from page.text(f"{value}: {text or 'changes nothing by itself'}", 3, 2)


def _change_lines(
    page: Page, names: Mapping[str, str], changes: tuple[Change, ...], most: int
) -> Iterator[str]:
    if not changes:
        return
    yield from page.heading("What single change would change an answer")
    merged = _merged(changes)
    for (name, now, effects), instead in merged[:most]:
        said = "; ".join(f"{names[n]} {was} -> {then}" for n, was, then in effects)
        text = f"- {spoken(name)} {' or '.join(instead)} (now {now}): {said}"
        yield from page.text(text, 2, 2)
    yield from _more(page, len(merged) - most)


Effects = tuple[tuple[str, str, str], ...]


def _merged(changes: tuple[Change, ...]) -> list[tuple[tuple[str, str, Effects], list[str]]]:
    """Changes of one fact with the same effects together; measured and counted facts first."""
    found: dict[tuple[str, str, Effects], list[str]] = {}
    for change in changes:
        found.setdefault((change.name, change.now, change.changes), []).append(change.instead)
    last = len(FIRST_CHANGES)
    order = {name: place for place, name in enumerate(FIRST_CHANGES)}
    return sorted(found.items(), key=lambda item: order.get(item[0][0], last))


def _more(page: Page, left: int) -> Iterator[str]:
    if left > 0:
        yield from page.text(f"and {left} more with --full", 2, style="dim")


def _chance_lines(
    page: Page, names: Mapping[str, str], uncertainty: Uncertainty | None
) -> Iterator[str]:
    if uncertainty is None:
        return
    low, high = uncertainty.limits
    yield from page.heading("What chance alone could do to the count")
    text = (
        f"{uncertainty.count} counted in {uncertainty.area} is a rate of {uncertainty.rate}; "
        f"the true rate may be {low:.1f} to {high:.1f} per 5 mm2 ({uncertainty.method})."
    )
    yield from page.text(text, 2, 2)
    rows = [
        (Cell(names[one.decision]), Cell(", ".join(_shares(one.outcomes))))
        for one in uncertainty.classes
        if len(_shares(one.outcomes)) > 1
    ]
    if rows:
        yield from page.table(("scheme", "probability of each class"), rows, 1, 30)


def _shares(outcomes: tuple[tuple[str, float], ...]) -> list[str]:
    return [f"{outcome} {_percent(share)}" for outcome, share in outcomes if share >= 0.0005]


def _percent(share: float) -> str:
    if share > 0.995:
        return "more than 99 %" if share < 1 else "100 %"
    return f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"


def reading_lines(page: Page, library: Library, assessment: Assessment) -> Iterator[str]:
    """What the answers are if the count is read in another way."""
    names = titles(library)
    now = {decision.name: decision for decision in assessment.decisions}
    for reading in assessment.readings:
        other = [
            (name, outcomes)
            for name, outcomes in reading.decisions
            if now[name].state != "refused" and outcomes != now[name].outcomes
        ]
        yield from page.heading(f"The count read otherwise: {reading.words}")
        rate = f"mitotic rate {reading.mitotic_rate}"
        yield from page.text(rate if other else f"{rate}; every answer stays the same", 2)
        for name, outcomes in other:
            was = " or ".join(now[name].outcomes)
            yield from page.text(f"- {names[name]}: {' or '.join(outcomes)} (above: {was})", 2, 2)


def _remark_lines(
    page: Page, title: str, remarks: Iterable[Remark], everything: bool
) -> Iterator[str]:
    chosen = [remark for remark in remarks if remark.certain or everything]
    if chosen:
        yield from page.heading(title)
    for remark in chosen:
        basis = remark.basis
        mark = f" {MARK[basis.status]}." if basis.status in MARK else ""
        unless = f" (depends on {names_in_words(remark.depends_on)})" if not remark.certain else ""
        cited = "; ".join(basis.citations if everything else basis.citations[:1])
        words = f"- {remark.topic}: {basis.words}{mark}{unless} [{cited}; {basis.status}]"
        yield from page.text(words, 2, 2)


def _requirement_lines(page: Page, assessment: Assessment, everything: bool) -> Iterator[str]:
    """What a report must hold and does not."""
    known = {fact.name for fact in assessment.facts if fact.state is not State.UNKNOWN}
    lacking = [
        remark
        for remark in assessment.remarks
        if remark.role == "requirement" and remark.topic not in known
    ]
    if everything:
        yield from _remark_lines(page, "Missing from the report", lacking, everything)
        return
    names = [spoken(remark.topic) for remark in lacking if remark.certain]
    if names:
        yield from page.heading("Missing from the report")
        yield from page.text(", ".join(dict.fromkeys(names)), 2)
