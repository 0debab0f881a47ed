"""An assessment in the terminal: the answers first, then reasons, then what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.pages.assessment_guards import refusal_lines, unless_lines
from stromal.cli.pages.assessment_more import closing_lines, reading_lines, telling
from stromal.cli.pages.assessment_schemes import finding_lines, scheme_lines
from stromal.cli.pages.page import Page
from stromal.cli.speak import problem_lines, say_value, spoken
from stromal.facts.fact import Fact, Reason, State
from stromal.facts.possible import Choices
from stromal.library import Library
from stromal.plan.assessment import Assessment

FIRST_FACTS = ("sex", "age", "tumour_site", "stomach_part", "tumour_size", "mitotic_count")
UNLABELLED = ("sex", "tumour_site")
LABELS = {"mitotic_count": "mitoses"}
MOST_VALUES = 4
MOST_FIRST = 5


def assessment_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """The whole page; `depth` is short, usual or full."""
    yield from _patient_lines(page, library, assessment, depth)
    yield from _trouble_lines(page, assessment)
    if not any(fact.state is not State.UNKNOWN for fact in assessment.facts) and depth != "full":
        yield from _empty_lines(page, assessment)
        return
    yield from refusal_lines(page, library, assessment, "refuse", depth)
    yield from finding_lines(page, library, assessment, depth)
    yield from scheme_lines(page, library, assessment, depth)
    yield from refusal_lines(page, library, assessment, "caution", depth)
    yield from unless_lines(page, library, assessment, depth)
    yield from reading_lines(page, library, assessment)
    if depth != "short":
        yield from closing_lines(page, library, assessment, depth == "full")
    yield from _input_lines(page, library, assessment, depth)
    if depth == "usual":
        yield ""
        words = "All of it: --full. One answer with its reasons: stromal explain CASE DECISION."
        yield from page.text(words, style="dim")


def _empty_lines(page: Page, assessment: Assessment) -> Iterator[str]:
    """What to do where nothing is known: no scheme is worth a line."""
    if assessment.problems:
        return
    first = [spoken(fact.name) for fact in telling(assessment)[:MOST_FIRST]]
    words = f"Every answer is open. Begin with {', '.join(first)}; 'stromal assess' asks for them."
    yield from page.text(words, 2, 2)


def _input_lines(page: Page, library: Library, assessment: Assessment, depth: str) -> Iterator[str]:
    """How the input was read, and what of it nothing here looks at."""
    facts = {fact.name: fact for fact in assessment.facts}
    left = [
        spoken(name)
        for name, fact in facts.items()
        if not _tells(library, facts, name) and _is_given(library, fact)
    ]
    notes = list(assessment.observations)
    if left and depth != "short":
        notes.append(f"No rule of this page looks at {', '.join(left)}.")
    if notes:
        yield from page.heading("How the input was read")
    for note in notes:
        yield from page.text(f"- {note}", 2, 2)


def _patient_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    who = "" if assessment.patient == "answers" else assessment.patient
    parts = [part for part in (who, assessment.title) if part] or ["As answered"]
    day = f" (as known on {assessment.day})" if assessment.day else ""
    yield from page.text(f"{': '.join(parts)}{day}", style="bold")
    facts = {fact.name: fact for fact in assessment.facts}
    names = [name for name in FIRST_FACTS if name in facts]
    names += [name for name in facts if name not in FIRST_FACTS]
    used = names if depth == "full" else [n for n in names if _tells(library, facts, n)]
    known = [_fact_words(library, facts[name]) for name in used if not _is_blank(facts[name])]
    yield from page.text("; ".join(known) or "Nothing is known yet.", 2, 2)
    blank = [spoken(name) for name in names if _is_blank(facts[name])]
    if blank:
        yield from page.text(f"not known: {', '.join(blank)}", 2, 2, "dim")


def _tells(library: Library, facts: dict[str, Fact], name: str) -> bool:
    """False for what no rule of these rooms looks at, or what the count says already."""
    if name in ("id", "mitotic_count"):
        return True
    if name == "counted_area":
        return "mitotic_count" not in facts
    if name == "mitotic_rate" and "mitotic_count" in facts:
        counted = " and ".join(o.given for o in facts["mitotic_count"].origins)
        return counted != say_value(library.terms, name, facts[name].possible)
    return name in FIRST_FACTS or name in _looked_at(library)


def _is_given(library: Library, fact: Fact) -> bool:
    """True if the fact stands in the record as it is said, and was not computed from others."""
    said = say_value(library.terms, fact.name, fact.possible)
    return fact.name != "counted_area" and said in {origin.given for origin in fact.origins}


def _looked_at(library: Library) -> frozenset[str]:
    inputs = {term.name for table in library.tables for term in table.inputs}
    return frozenset(
        inputs | {r.outputs.get("requires", "") for t in library.tables for r in t.rows}
    )


def _is_blank(fact: Fact) -> bool:
    """True if the fact was asked for and nobody said why it is not known."""
    return fact.state is State.UNKNOWN and fact.reason in (None, Reason.NOT_RECORDED)


def _fact_words(library: Library, fact: Fact) -> str:
    if fact.state is State.UNKNOWN:
        return f"{spoken(fact.name)} {fact.reason or 'not known'}"
    given = list(dict.fromkeys(origin.given for origin in fact.origins))
    words = say_value(library.terms, fact.name, fact.possible)
    if library.terms[fact.name].kind == "text":
        words = " and ".join(given)
    if isinstance(fact.possible, Choices) and len(fact.possible.values) > MOST_VALUES:
        words = f"one of {len(fact.possible.values)} ({', '.join(given) or 'computed'})"
    label = "" if fact.name in UNLABELLED else f"{LABELS.get(fact.name, spoken(fact.name))} "
    mark = " (sources disagree)" if fact.state is State.CONFLICTING else ""
    return f"{label}{words}{mark}"


def _trouble_lines(page: Page, assessment: Assessment) -> Iterator[str]:
    """What could not be read and where sources disagree: before any answer."""
    if assessment.problems:
        yield from page.heading("Could not be read, so not used")
        yield from problem_lines(page, assessment.problems)
    if assessment.conflicts:
        yield from page.heading("Sources disagree")
        for conflict in assessment.conflicts:
            text = f"{spoken(conflict.name)}: {conflict.what} ({conflict.kept})"
            yield from page.text(text, 2, 4, "yellow")
