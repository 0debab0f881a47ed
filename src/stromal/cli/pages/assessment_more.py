"""The second half of an assessment's page: what is missing, what would change it, chance, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from stromal.cli.pages.assessment_words import (
    by_reading_order,
    in_order,
    in_words,
    label,
    labels,
    names_in_words,
    source,
    together,
)
from stromal.cli.pages.page import Page
from stromal.cli.speak import MARK, spoken
from stromal.cli.stains import FEWEST, is_stain
from stromal.facts.dictionary import Term
from stromal.facts.fact import State
from stromal.library import Library
from stromal.plan.assessment import Assessment, Change, Missing, Remark, Uncertainty

FIRST_CHANGES = ("tumour_size", "mitotic_rate", "rupture_findings", "tumour_site")
SHOWN = 3
OWN_STAINS = ("sdhb", "sdha")
"""Stains that settle something by themselves; the others are named together."""
TESTS = {
    "mitotic_rate": "a count per 5 mm2, or the size of the fields counted",
    "counted_area": "the size of the fields counted",
    "genotype": "sequencing of the tumour",
    "tumour_size": "the pathology report, else imaging",
    "rupture_findings": "the surgeon and the report of the operation",
    "rupture_judgement": "the team",
    "regional_nodes": "the pathology report",
    "resection_margin": "the pathology report",
    "disease_extent": "staging",
    "distant_metastasis": "staging",
}
TESTS_BY_DOCUMENT = {
    "immunohistochemistry": "a stain",
    "genes": "a molecular test",
    "tumour": "the report",
}
"""Where a fact comes from, so that it can be asked for or ordered."""


def closing_lines(
    page: Page, library: Library, assessment: Assessment, everything: bool
) -> Iterator[str]:
    """All that follows the answers."""
    names = labels(library)
    most = len(assessment.changes) if everything else SHOWN
    yield from _chance_lines(page, names, assessment.uncertainty, everything)
    yield from _missing_lines(page, library, telling(assessment), everything)
    changes = assessment.changes if everything else tuple(_of_answers(assessment))
    yield from _change_lines(page, names, changes, most, len(assessment.changes) > len(changes))
    for role, title in (("task", "To do"), ("note", "Notes")):
        chosen = [remark for remark in assessment.remarks if remark.role == role]
        yield from _remark_lines(page, title, chosen, everything)
    yield from _requirement_lines(page, assessment, everything)


def _missing_lines(
    page: Page, library: Library, missing: tuple[Missing, ...], everything: bool
) -> Iterator[str]:
    """The facts that are not known, each with where it comes from and what it would do."""
    if not missing:
        return
    yield from page.heading("What is missing, the most telling first")
    stains = [f for f in missing if is_stain(library.terms[f.name]) and f.name not in OWN_STAINS]
    group = () if everything or len(stains) < FEWEST else tuple(f.name for f in stains)
    alone = [fact for fact in missing if fact.name not in group[1:]]
    most = len(missing) if everything else SHOWN
    for number, fact in enumerate(alone[:most], 1):
        reason = "" if fact.reason == "not recorded" else f" ({fact.reason})"
        asked = f"{fact.question} [{fact.name}]" if everything else spoken(fact.name)
        text = f"{asked}{reason}, by {_test(library.terms[fact.name])}"
        effects = "; ".join(_effect_words(fact))
        if fact.name in group:
            text = f"stains of {', '.join(map(spoken, in_order(library, group)))}"
            effects = f"together they bear on {in_words(_all_touched(stains))}"
        yield from page.text(f"{number}. {text}: {effects}", 2, 3)
    rest = [spoken(fact.name) for fact in alone[most:] if fact.name not in group]
    if group and group[0] in [fact.name for fact in alone[most:]]:
        rest.append("stains")
    if rest:
        yield from page.text(f"then {', '.join(rest)}", 2, 2, "dim")


def _all_touched(facts: Sequence[Missing]) -> list[str]:
    names = dict.fromkeys(n for f in facts for n in (*f.settles, *f.may_settle, *_narrowed(f)))
    return [label(name) for name in _told(names, names)]


def telling(assessment: Assessment) -> tuple[Missing, ...]:
    """What is missing, first what bears on most of the schemes that are open."""
    opened = {d.name for d in assessment.decisions if d.role == "scheme" and d.state == "open"}

    def bears_on(fact: Missing) -> int:
        settled = {*fact.settles, *fact.may_settle} - set(fact.may_refuse)
        return len(opened & {*settled, *_narrowed(fact)})

    return tuple(sorted(assessment.missing, key=bears_on, reverse=True))


def _of_answers(assessment: Assessment) -> Iterator[Change]:
    """The changes of what is answered by now; what is open may become anything."""
    answered = {d.name for d in assessment.decisions if d.state != "open"}
    for change in assessment.changes:
        effects = tuple(effect for effect in change.changes if effect[0] in answered)
        if effects:
            yield replace(change, changes=effects)


def _test(term: Term) -> str:
    """The test to order, or where to look, by the kind of fact."""
    if term.name in TESTS:
        return TESTS[term.name]
    by_document = (t for part, t in TESTS_BY_DOCUMENT.items() if part in term.document)
    return next(by_document, "asking patient or record")


def _effect_words(fact: Missing) -> Iterator[str]:
    for words, decisions in (
        ("would settle", [n for n in fact.settles if n not in fact.may_refuse]),
        ("would settle or refuse", [n for n in fact.settles if n in fact.may_refuse]),
        ("may settle", [n for n in fact.may_settle if n not in fact.may_refuse]),
        ("may refuse", [n for n in fact.may_refuse if n not in fact.settles]),
        ("would narrow", _narrowed(fact)),
    ):
        if told := _told(decisions, {*fact.settles, *fact.may_settle, *_narrowed(fact)}):
            yield f"{words} {together(told)}"


def _told(decisions: Iterable[str], touched: Collection[str]) -> list[str]:
    """The decisions without the parts of a stage that is touched itself."""
    parts = {"rupture_counted"}
    if "tnm_stage" in touched:
        parts |= {"tnm_t", "tnm_n", "tnm_m", "tnm_mitotic_rate"}
    return by_reading_order(name for name in decisions if name not in parts)


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
    page: Page, names: Mapping[str, str], changes: tuple[Change, ...], most: int, cut: bool
) -> Iterator[str]:
    if not changes:
        return
    yield from page.heading("What single change would change an answer")
    merged = _merged(changes)
    for (name, now, effects), instead in merged[:most]:
        by_name = {n: f"{names[n]} {was} -> {then}" for n, was, then in effects}
        said = "; ".join(by_name[n] for n in by_reading_order(by_name))
        text = f"- {spoken(name)} {' or '.join(instead)} (now {now}): {said}"
        yield from page.text(text, 2, 2)
    if cut or len(merged) > most:
        yield from page.text("and more with --full", 2, style="dim")


Effects = tuple[tuple[str, str, str], ...]


def _merged(changes: tuple[Change, ...]) -> list[tuple[tuple[str, str, Effects], list[str]]]:
    """Changes of one fact with the same effects together; measured and counted facts first."""
    found: dict[tuple[str, str, Effects], list[str]] = {}
    for change in changes:
        found.setdefault((change.name, change.now, change.changes), []).append(change.instead)
    last = len(FIRST_CHANGES)
    order = {name: place for place, name in enumerate(FIRST_CHANGES)}
    return sorted(found.items(), key=lambda item: order.get(item[0][0], last))


def _chance_lines(
    page: Page, names: Mapping[str, str], uncertainty: Uncertainty | None, everything: bool
) -> Iterator[str]:
    if uncertainty is None:
        return
    low, high = uncertainty.limits
    yield from page.heading("What chance alone could do to the count")
    text = (
        f"{uncertainty.count} counted in {uncertainty.area}: "
        f"the true rate may be {low:.1f} to {high:.1f} per 5 mm2 (95 %)."
    )
    yield from page.text(text, 2, 2)
    by_name = {one.decision: _shares(one.outcomes) for one in uncertainty.classes}
    for name in by_reading_order(n for n, shares in by_name.items() if len(shares) > 1):
        yield from page.entry(names[name], ", ".join(by_name[name]), 21)
    if everything:
        yield from page.text(uncertainty.method, 2, 2, "dim")


def _shares(outcomes: tuple[tuple[str, float], ...]) -> list[str]:
    return [f"{outcome} {_percent(share)}" for outcome, share in outcomes if share >= 0.0005]


def _percent(share: float) -> str:
    if share > 0.995:
        return "more than 99 %" if share < 1 else "100 %"
    return f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"


def reading_lines(page: Page, library: Library, assessment: Assessment) -> Iterator[str]:
    """What the answers are if the count is read in another way."""
    names = labels(library)
    now = {decision.name: decision for decision in assessment.decisions}
    for reading in (r for r in assessment.readings if r.decisions):
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
    chosen = [r for r in remarks if everything or (r.certain and r.basis.conditions)]
    if chosen:
        yield from page.heading(title)
    for remark in chosen:
        basis = remark.basis
        mark = f" {MARK[basis.status]}." if basis.status == "recalled" else ""
        unless = f" (depends on {names_in_words(remark.depends_on)})" if not remark.certain else ""
        cited = source(basis, "full" if everything else "usual")
        yield from page.text(f"- {remark.topic}: {basis.words}{mark}{unless} {cited}", 2, 2)


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
