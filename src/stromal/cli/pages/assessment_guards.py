"""What refuses an answer or asks for care, and what would if it were so."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.pages.assessment_words import (
    by_reading_order,
    condition_words,
    in_order,
    names_in_words,
    source,
    together,
)
from stromal.cli.pages.page import Page
from stromal.cli.speak import MARK
from stromal.library import Library
from stromal.plan.assessment import Assessment, Objection

TITLES = {"refuse": "Refused, and what to do instead", "caution": "Take care"}
PARTS = ("tnm_t", "tnm_n", "tnm_m", "tnm_mitotic_rate")

Guards = list[tuple[Objection, list[str]]]


def _guards(assessment: Assessment) -> Guards:
    """Each guard once, with the decisions it speaks of; the parts of a stage go with the stage."""
    found: dict[tuple[str, str], tuple[Objection, list[str]]] = {}
    for decision in assessment.decisions:
        for objection in decision.objections:
            key = (objection.basis.document, objection.basis.row)
            found.setdefault(key, (objection, []))[1].append(decision.name)
    return [(objection, _without_parts(names)) for objection, names in found.values()]


def _without_parts(names: list[str]) -> list[str]:
    kept = [n for n in names if n not in PARTS] if "tnm_stage" in names else names
    return by_reading_order(kept)


def refusal_lines(
    page: Page, library: Library, assessment: Assessment, effect: str, depth: str
) -> Iterator[str]:
    """The guards of that effect that fit for certain, each once, with the remedy."""
    chosen = [(o, n) for o, n in _guards(assessment) if o.certain and o.effect == effect]
    if chosen:
        yield from page.heading(TITLES[effect])
    for objection, names in chosen:
        yield from objection_lines(page, library, objection, names, depth)


def unless_lines(page: Page, library: Library, assessment: Assessment, depth: str) -> Iterator[str]:
    """What is not known and would refuse an answer; in full, also what would need care."""
    perhaps = [(o, names) for o, names in _guards(assessment) if not o.certain]
    if depth == "full" and perhaps:
        yield from page.heading("Would be refused, or need care, if")
        for objection, names in perhaps:
            yield from objection_lines(page, library, objection, names, depth)
        return
    grouped: dict[tuple[str, ...], dict[str, None]] = {}
    for objection, names in _one_per_unknown(_refusing(assessment, perhaps)):
        unknown = _unknown(library, objection)
        words = condition_words(library, objection.basis, unknown)
        if unknown.isdisjoint(objection.depends_on):  # a decision: what it hangs on
            needed = names_in_words(in_order(library, objection.depends_on))
            words = f"{words} ({needed} not known)"
        grouped.setdefault(tuple(names), {})[words] = None
    if not grouped:
        return
    yield from page.heading("Unless (not known, and it would refuse the answer)")
    for names_, conditions in grouped.items():
        text = f"- {together(names_)}: {'; '.join(conditions)}"
        yield from page.text(text, 2, 2, "yellow")


def _refusing(assessment: Assessment, perhaps: Guards) -> Guards:
    """The guards that would refuse, with the decisions that are not refused already."""
    refused = {d.name for d in assessment.decisions if d.state == "refused"}
    left = [
        (objection, [name for name in names if name not in refused])
        for objection, names in perhaps
        if objection.effect == "refuse"
    ]
    return [(objection, names) for objection, names in left if names]


def _unknown(library: Library, objection: Objection) -> set[str]:
    """The names of a guard's conditions that are facts not known, or rest on such."""
    network = library.at(None)
    found = set()
    for condition in objection.basis.conditions:
        name = condition.partition(" ")[0]
        deciding = network.by_decision.get(name)
        below = network.rests_on(deciding.table.id) if deciding else (name,)
        if not set(objection.depends_on).isdisjoint(below):
            found.add(name)
    facts = {name for name in found if name not in network.by_decision}
    return facts or found


def _one_per_unknown(guards: Guards) -> Guards:
    """Guards on the same fact of several schemes as one.

    A guard on a fact is left to one on a decision that rests on this fact and on others: 'SDHB
    lost' to 'SDH status SDH-deficient', which names what is not known.
    """
    merged: dict[object, tuple[Objection, list[str]]] = {}
    for objection, names in guards:
        known = merged.setdefault(_first_condition(objection), (objection, []))[1]
        known += [name for name in names if name not in known]
    found = [(objection, by_reading_order(names)) for objection, names in merged.values()]
    return [guard for guard in found if not any(_speaks_for(other, guard) for other in found)]


def _speaks_for(wide: tuple[Objection, list[str]], narrow: tuple[Objection, list[str]]) -> bool:
    return narrow[1] == wide[1] and set(narrow[0].depends_on) < set(wide[0].depends_on)


def _first_condition(objection: Objection) -> object:
    """What a guard asks first, if that is a fact not known; else the guard itself."""
    first = objection.basis.conditions[0] if objection.basis.conditions else ""
    is_unknown = first.partition(" ")[0] in objection.depends_on
    return first if is_unknown else (objection.basis.document, objection.basis.row)


def objection_lines(
    page: Page, library: Library, objection: Objection, names: list[str], depth: str
) -> Iterator[str]:
    """A guard: reason, remedy, what it speaks of; or what it hangs on while that is open."""
    basis = objection.basis
    mark = f" {MARK[basis.status]}." if basis.status in MARK else ""
    if not objection.certain:
        yield from page.text(f"- {condition_words(library, basis)}: {basis.words}{mark}", 2, 2)
        yield from page.text(f"settled by {names_in_words(objection.depends_on)}", 4, style="dim")
        return
    about = together(names)
    style = "red" if objection.effect == "refuse" else "yellow"
    cited = "" if depth == "short" else f" {source(basis, depth)}"
    yield from page.text(f"- {about}: {basis.words}{mark}{cited}", 2, 2, style)
    if objection.remedy not in ("", "-"):
        yield from page.text(f"do: {objection.remedy}", 4, 4, "bold")
