"""What the tumour is and how it may behave: each answer with its row, and why they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from stromal.cli.pages.assessment_words import (
    MOST_ROWS,
    by_reading_order,
    condition_words,
    in_order,
    in_words,
    label,
    marks,
    names_in_words,
    settled_words,
    source,
)
from stromal.cli.pages.page import Page
from stromal.cli.speak import MARK, spoken
from stromal.library import Library
from stromal.plan.assessment import Assessment, Basis, Decision

AT = 21
"""The column at which the answers begin."""
WHY = 4
FACTORS = {
    "tumour_size": "size",
    "mitotic_rate": "mitoses",
    "tumour_site": "site",
    "rupture_findings": "rupture",
}
"""What schemes count, as it is said."""
PARTS = (("tnm_t", "T?"), ("tnm_n", "N?"), ("tnm_m", "M?"), ("tnm_mitotic_rate", "rate ?"))
"""The parts of a stage, which are shown beside it, and what is shown while one is open."""
FOLDED = (*(name for name, _ in PARTS), "rupture_counted")
"""Findings that are said elsewhere on the page."""
STYLES = {"settled": "bold", "open": "yellow", "refused": "red"}


def finding_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """The diagnosis with its reasons; the other findings as far as they are settled."""
    findings = [d for d in assessment.decisions if d.role == "finding"]
    if depth != "full":
        findings = [d for d in findings if d.name not in FOLDED or _is_alone(assessment, d)]
    findings.sort(key=lambda decision: decision.name != "diagnosis")
    told = [d for d in findings if depth == "full" or d.name == "diagnosis"]
    rest = [d for d in findings if d not in told and d.state != "open"]
    if not told and not rest:
        return
    yield from page.heading("What it is")
    for decision in told:
        answer = _finding_answer(library, decision)
        yield from page.entry(spoken(decision.name), answer, AT, style=STYLES[decision.state])
        if depth != "short" and decision.state != "open":
            yield from page.text(_reasons(library, decision, depth, decision.open_facts), WHY)
    for decision in rest:
        answer = ", ".join([_outcomes(decision), *marks(decision)])
        yield from page.entry(spoken(decision.name), answer, AT)


def _is_alone(assessment: Assessment, decision: Decision) -> bool:
    """True if what a finding is folded into is not on the page."""
    names = {d.name for d in assessment.decisions}
    whole = "tumour_rupture" if decision.name == "rupture_counted" else "tnm_stage"
    return whole not in names


def _finding_answer(library: Library, decision: Decision) -> str:
    if decision.state != "open":
        return ", ".join([_outcomes(decision), *marks(decision)])
    wide = len(decision.outcomes) == len(library.decisions[decision.name].values)
    needed = names_in_words(in_order(library, decision.open_facts))
    return f"{'not settled' if wide else _outcomes(decision)}: needs {needed}"


def scheme_lines(page: Page, library: Library, assessment: Assessment, depth: str) -> Iterator[str]:
    """Each scheme: its answer, and below it the words of its row and their source."""
    by_name = {d.name: d for d in assessment.decisions}
    names = by_reading_order(d.name for d in assessment.decisions if d.role == "scheme")
    schemes = [by_name[name] for name in names]
    if not schemes:
        return
    yield from page.heading("How it may behave")
    open_names = {name for d in schemes for name in d.open_facts}
    open_names |= {d.name for d in assessment.decisions if d.state == "open"}
    for decision in schemes:
        answer = _scheme_answer(library, decision, by_name)
        yield from page.entry(label(decision.name), answer, AT, style=STYLES[decision.state])
        if decision.state != "refused":
            yield from page.text(_reasons(library, decision, depth, open_names), WHY)
    if depth != "short":
        yield from _why_they_differ(page, library, schemes)
        yield from _dispute_lines(page, schemes, depth)


def _scheme_answer(library: Library, decision: Decision, by_name: Mapping[str, Decision]) -> str:
    """The outcome, the parts of a stage, and what makes it doubtful."""
    outcome = _outcomes(decision)
    if decision.name == "tnm_stage":
        parts = [_part(library, by_name[name], blank) for name, blank in PARTS if name in by_name]
        between = "; {}" if decision.state == "refused" else " ({})"
        outcome += between.format(" ".join(parts)) if parts else ""
    return ", ".join([outcome, *marks(decision)])


def _part(library: Library, decision: Decision, blank: str) -> str:
    """A part of a stage: T3, N0, M?, high rate."""
    rate = " rate" if decision.name == "tnm_mitotic_rate" else ""
    if decision.state == "refused":
        return blank.replace("?", " refused").replace("  ", " ")
    wide = len(decision.outcomes) == len(library.decisions[decision.name].values)
    return blank if wide else f"{'/'.join(decision.outcomes)}{rate}"


def _outcomes(decision: Decision) -> str:
    if decision.state == "refused":
        return "refused (see above)"
    text = " or ".join(decision.outcomes)
    return text if decision.exact else f"{text} (or fewer: too much is unknown)"


def _reasons(library: Library, decision: Decision, depth: str, open_names: Collection[str]) -> str:
    """The words of the row with its source; of an open answer, each row with its condition."""
    if decision.state == "refused":
        return "see above"
    if depth == "short":
        open_facts = names_in_words(decision.open_facts)
        if decision.state == "open":
            return f"needs {open_facts}"
        return settled_words(library, decision)
    if decision.state == "settled" and len(decision.bases) == 1:
        return _basis_words(decision.bases[0], decision.name, depth)
    if decision.state == "settled":
        return settled_words(library, decision, depth)
    return _open_words(library, decision, depth, open_names)


def _open_words(
    library: Library, decision: Decision, depth: str, open_names: Collection[str]
) -> str:
    """What the answer hangs on, and where there are few rows what each would need."""
    needed = f"needs {names_in_words(decision.open_facts)}" if decision.open_facts else ""
    if depth != "full" and len(decision.bases) > MOST_ROWS:
        return needed
    rows = []
    for basis in decision.bases:
        words = f": {basis.words} {source(basis, 'full')}" if depth == "full" else ""
        words = words or f" [{basis.row}; {basis.status}]"
        condition = condition_words(library, basis, open_names)
        rows.append(f"{basis.outputs[decision.name]} if {condition}{words}")
    if depth == "full":
        return "\n".join([needed, *rows] if needed else rows)
    return ": ".join(part for part in (needed, "; ".join(rows)) if part)


def _basis_words(basis: Basis, decision: str, depth: str) -> str:
    """The words, the numbers that they do not hold, and the source with how it was read."""
    extra = [
        f"{spoken(name)} {value}"
        for name, value in basis.outputs.items()
        if name != decision and value != "-" and value not in basis.words
    ]
    numbers = f" ({'; '.join(extra)})" if extra else ""
    return f"{basis.words}{numbers} {source(basis, depth)}"


def _why_they_differ(page: Page, library: Library, schemes: list[Decision]) -> Iterator[str]:
    """Which scheme does not count what another counts, computed from what the tables look at."""
    shown = [d for d in schemes if d.state != "refused"]
    looked = {d.name: _factors(library, d.document) for d in shown}
    counted = [factor for factor in FACTORS.values() if any(factor in f for f in looked.values())]
    blind: dict[tuple[str, ...], list[str]] = {}
    for name, factors in looked.items():
        lacking = tuple(factor for factor in counted if factor not in factors)
        if lacking:
            blind.setdefault(lacking, []).append(label(name))
    if not blind:
        return
    said = "; ".join(_blind(names, lacking) for lacking, names in blind.items())
    title = "They agree here, but" if _agree(shown) else "Why they differ:"
    yield from page.text(f"{title} {said}.", 2, 2)


def _blind(names: list[str], lacking: tuple[str, ...]) -> str:
    verb = "do" if len(names) > 1 else "does"
    return f"{in_words(names)} {verb} not count {in_words(lacking, 'or')}"


def _factors(library: Library, document: str) -> set[str]:
    names = library.at(None).rests_on(document)
    return {FACTORS[name] for name in names if name in FACTORS}


def _agree(schemes: list[Decision]) -> bool:
    """True if every class of risk, stages left out, is one and the same."""
    outcomes = {d.outcomes for d in schemes if d.name != "tnm_stage"}
    return len(outcomes) == 1 and all(len(o) == 1 for o in outcomes) and len(schemes) > 1


def _dispute_lines(page: Page, schemes: list[Decision], depth: str) -> Iterator[str]:
    """Where printed copies differ: in words for a settled answer, else only how many may."""
    elsewhere = []
    for decision in (d for d in schemes if d.state != "refused"):
        disputes = decision.disagreements
        if depth != "full" and (decision.state == "open" or len(disputes) > MOST_ROWS):
            more = ", ..." if len(disputes) > MOST_ROWS else ""
            ids = ", ".join(dispute.id for dispute in disputes[:MOST_ROWS])
            elsewhere += [f"{label(decision.name)} {ids}{more}"] if disputes else []
            continue
        for dispute in disputes:
            mark = f", {MARK[dispute.status]}" if dispute.status in MARK else ""
            text = f"Printed differently ({label(decision.name)}, {dispute.id}{mark})"
            cited = f" [{'; '.join(dispute.citations)}]" if depth == "full" else ""
            yield from page.text(f"{text}: {dispute.words}{cited}", 2, 2, "yellow")
    if elsewhere:
        text = f"Printed copies may differ here ({'; '.join(elsewhere)}): see --full."
        yield from page.text(text, 2, 2, "dim")
