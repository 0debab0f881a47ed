"""Which fact the interview asks for next, and how the question looks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from stromal.cli.pages.page import Page, wide
from stromal.cli.speak import spoken
from stromal.cli.stains import FEWEST, is_stain
from stromal.facts.dictionary import Term
from stromal.plan.assessment import Assessment, Missing
from stromal.tables.chain import Network

ASKED_AS = {"mitotic_rate": "mitotic_count", "counted_area": "mitotic_count"}
"""What is asked for instead of a fact that is computed from it."""
ONLY_IF = {"rupture_judgement": ("tumour_rupture", "judgement needed", "no")}
"""A fact is asked for only if the decision may have the second value and not the third."""
AT_HAND = (
    "tumour_site", "specimen", "age", "rupture_findings", "disease_extent", "distant_metastasis",
    "resection_margin", "regional_nodes", "treated_before_specimen", "neurofibromatosis_type_1",
)  # fmt: skip
"""Asked for first once the schemes are settled: every clinician has them at hand."""
COUNT_FORMS = "such as '4 per 5 mm2' or '7 per 50 HPF, field number 22, objective 40'"
STAINS = "Which stains were done, and what did they show?"
STAIN_FORMS = (
    "as the report has it: CD117+, DOG1+, desmin-, SDHB retained; ? if none is known. "
    "What is not named stays unknown."
)
MOST_INLINE = 20
UNBROKEN = "¤"  # a printable sign that no value holds, at which no line is broken


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, with what settling it would do, and how many are left.

    `stains` names several stains that are asked for together.
    """

    term: Term
    missing: Missing | None
    left: int
    stains: tuple[str, ...] = ()


def schemes_on(network: Network) -> Mapping[str, frozenset[str]]:
    """For each fact the schemes that rest on it."""
    found: dict[str, set[str]] = {}
    for compiled in network.tables:
        if compiled.table.role == "scheme":
            for name in network.rests_on(compiled.table.id):
                found.setdefault(name, set()).add(compiled.table.decides)
    return {name: frozenset(schemes) for name, schemes in found.items()}


def next_question(
    terms: Mapping[str, Term],
    schemes: Mapping[str, frozenset[str]],
    assessment: Assessment,
    answered: Collection[str],
) -> Question | None:
    """The fact to ask for next; None if nothing that is open could be settled by asking.

    First what most of the open schemes rest on, since size and mitoses settle a class together
    but none alone. Once they are settled: what is at hand, the stains together, and the rest as
    `missing` ranks it.
    """
    open_schemes = {d.name for d in assessment.decisions if d.state == "open"}
    weight: dict[str, int] = {}
    found: dict[str, Missing | None] = {}
    for name, missing in _open_facts(assessment):
        asked = ASKED_AS.get(name, name)
        if asked in terms and asked not in answered and _makes_sense(assessment, asked):
            count = len(schemes.get(name, frozenset()) & open_schemes)
            weight[asked] = max(weight.get(asked, 0), count)
            found.setdefault(asked, missing)
    if not found:
        return None
    best = min(found, key=lambda name: (-weight[name], not weight[name] and _place(terms[name])))
    stains = tuple(name for name in terms if name in found and is_stain(terms[name]))
    together = len(stains) >= FEWEST
    left = len(found) - (len(stains) - 1 if together else 0)
    return Question(terms[best], found[best], left, stains if together and best in stains else ())


def _place(term: Term) -> int:
    if term.name in AT_HAND:
        return AT_HAND.index(term.name)
    return len(AT_HAND) + (not is_stain(term))


def _makes_sense(assessment: Assessment, name: str) -> bool:
    if name not in ONLY_IF:
        return True
    deciding, wanted, without = ONLY_IF[name]
    outcomes = next((d.outcomes for d in assessment.decisions if d.name == deciding), ())
    return wanted in outcomes and without not in outcomes


def _open_facts(assessment: Assessment) -> Iterator[tuple[str, Missing | None]]:
    for missing in assessment.missing:
        yield missing.name, missing
    for decision in assessment.decisions:
        for name in decision.open_facts:
            yield name, None


def question_lines(page: Page, question: Question, number: int, again: bool) -> Iterator[str]:
    """The question with its values; if asked again, without what still stands on the screen."""
    term = question.term
    asks_unit = term.kind == "number" and term.unit and term.unit not in term.question
    unit = f" (in {term.unit})" if asks_unit else ""
    asked = STAINS if question.stains else f"{term.question}{unit}"
    left = "the last question" if question.left == 1 else f"at most {question.left} more questions"
    yield ""
    yield from page.text(f"{number}. {asked}", 0, 3, "bold")
    if not again:
        yield from _choice_lines(page, question)
    yield from page.text(f"[{'stains' if question.stains else term.name}; {left}]", 3, style="dim")


def _choice_lines(page: Page, question: Question) -> Iterator[str]:
    term = question.term
    if question.stains:
        yield from page.text(f"open: {', '.join(map(spoken, question.stains))}", 3, 3)
        yield from page.text(STAIN_FORMS, 3, style="dim")
        return
    if term.kind in ("choice", "members"):
        yield from _list_lines(page, term)
    if term.kind == "members":
        yield from page.text("several with commas; none if none of them", 3, style="dim")
    if term.name == "mitotic_count":
        yield from page.text(COUNT_FORMS, 3, style="dim")


def _list_lines(page: Page, term: Term) -> list[str]:
    """The numbered values: in a few lines if short, in columns if they fit, else one a line."""
    values = [f"{place} {value}" for place, value in enumerate(term.values, 1)]
    if max(map(wide, values)) <= MOST_INLINE and len(values) < 18:
        listed = "  ".join(value.replace(" ", UNBROKEN) for value in values)
        return [line.replace(UNBROKEN, " ") for line in page.text(listed, 3)]
    width = max(map(wide, values)) + 2
    columns = min((page.width - 3 + 2) // width, 3)
    if columns < 2 or len(values) < 5:
        return [line for value in values for line in page.text(value, 3, 3)]
    rows = -(-len(values) // columns)
    lines = ("".join(v + " " * (width - wide(v)) for v in values[r::rows]) for r in range(rows))
    return [f"   {line}".rstrip() for line in lines]
