"""An assessment in the terminal: the answers first, then reasons, then what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.cli.assessment_more import closing_lines, names_in_words, titles
from stromal.cli.page import Cell, Page
from stromal.cli.speak import MARK, problem_lines, say_cell, say_value, spoken
from stromal.facts.fact import Fact, State
from stromal.library import Library
from stromal.plan.assessment import Assessment, Basis, Decision, Objection
from stromal.tables.cell import CellError, read_cell

FIRST_FACTS = ("sex", "age", "tumour_site", "stomach_part", "tumour_size", "mitotic_count")
MOST_ROWS = 3


def assessment_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """The whole page; `depth` is short, usual or full."""
    yield from _patient_lines(page, library, assessment)
    yield from _trouble_lines(page, assessment)
    yield from _finding_lines(page, library, assessment, depth)
    yield from _scheme_lines(page, library, assessment, depth)
    yield from _refusal_lines(page, library, assessment, depth)
    if depth != "short":
        yield from closing_lines(page, library, assessment, depth == "full")


def _patient_lines(page: Page, library: Library, assessment: Assessment) -> Iterator[str]:
    parts = [part for part in (assessment.patient, assessment.title) if part]
    day = f" (as known on {assessment.day})" if assessment.day else ""
    yield from page.text(f"{': '.join(parts)}{day}", style="bold")
    facts = {fact.name: fact for fact in assessment.facts}
    names = [name for name in FIRST_FACTS if name in facts]
    names += [name for name in facts if name not in FIRST_FACTS]
    known = [_fact_words(library, facts[name]) for name in names]
    yield from page.text("; ".join(known) or "Nothing is known yet.", 2, 2)


def _fact_words(library: Library, fact: Fact) -> str:
    if fact.state is State.UNKNOWN:
        return f"{spoken(fact.name)} {fact.reason or 'not known'}"
    given = list(dict.fromkeys(origin.given for origin in fact.origins))
    words = say_value(library.terms, fact.name, fact.possible)
    if library.terms[fact.name].kind == "text":
        words = " and ".join(given)
    if fact.name in ("sex", "tumour_site", "mitotic_count"):
        label = {"mitotic_count": "mitoses "}.get(fact.name, "")
    else:
        label = f"{spoken(fact.name)} "
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


def _finding_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    findings = [d for d in assessment.decisions if d.role == "finding"]
    shown = [d for d in findings if depth == "full" or d.name == "diagnosis" or _is_news(d)]
    if not shown:
        return
    yield from page.heading("What it is")
    for decision in shown:
        yield from page.entry(spoken(decision.name), _answer(decision), 24, style=_style(decision))
        if depth != "short":
            yield from page.text(_reasons(library, decision), 24)


def _is_news(decision: Decision) -> bool:
    """An open finding that nobody has said anything about would fill the page."""
    return decision.state == "settled"


def _scheme_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    schemes = [d for d in assessment.decisions if d.role == "scheme"]
    if not schemes:
        return
    yield from page.heading("How it may behave, scheme by scheme")
    rows = [
        (
            Cell(decision.title),
            Cell(_answer(decision), _style(decision)),
            Cell(_row_names(decision)),
            Cell(_short(decision) if depth == "short" else _reasons(library, decision)),
        )
        for decision in schemes
    ]
    yield from page.table(("scheme", "answer", "row", "why"), rows, 3, 18)
    if depth != "short":
        yield from _why_they_differ(page, library, schemes)
        yield from _dispute_lines(page, schemes)


def _answer(decision: Decision) -> str:
    if decision.state == "refused":
        return "refused"
    text = " or ".join(decision.outcomes)
    if not decision.exact:
        text += " (or fewer: too much is unknown)"
    doubt = _mark(decision)
    return f"{text}\n{doubt}" if doubt else text


def _mark(decision: Decision) -> str:
    """UNCONFIRMED where an answer rests on a row that was recalled, not read."""
    marks = [MARK[b.status] for b in decision.bases if b.status in MARK]
    unless = any(not o.certain and o.effect == "refuse" for o in decision.objections)
    if decision.state == "refused":
        return ""
    return "\n".join([*dict.fromkeys(marks), *(["unless: see below"] if unless else [])])


def _style(decision: Decision) -> str:
    return {"settled": "bold", "open": "yellow", "refused": "red"}[decision.state]


def _row_names(decision: Decision) -> str:
    rows = [basis.row for basis in decision.bases]
    if decision.state == "refused":
        return "-"
    return " ".join(rows) if len(rows) <= MOST_ROWS else f"{len(rows)} rows"


def _short(decision: Decision) -> str:
    if decision.state == "refused":
        return decision.refusals[0].basis.words
    if decision.state == "open":
        return f"needs {names_in_words(decision.open_facts)}"
    return ""


def _reasons(library: Library, decision: Decision) -> str:
    """The words of the row with its source; of an open answer, each row with its condition."""
    if decision.state == "refused":
        return "; ".join(o.basis.words for o in decision.refusals)
    if decision.state == "settled" and len(decision.bases) == 1:
        return _basis_words(decision.bases[0], decision.name)
    words = [f"open: needs {names_in_words(decision.open_facts)}"] if decision.open_facts else []
    for basis in decision.bases[:MOST_ROWS]:
        outcome = basis.outputs[decision.name]
        words.append(f"{basis.row}: {outcome} if {condition_words(library, basis)}")
    if len(decision.bases) > MOST_ROWS:
        words.append(f"and {len(decision.bases) - MOST_ROWS} rows more ('stromal explain')")
    return "\n".join(words)


def _basis_words(basis: Basis, decision: str) -> str:
    extra = [f"{spoken(n)} {v}" for n, v in basis.outputs.items() if n != decision and v != "-"]
    numbers = f" ({'; '.join(extra)})" if extra else ""
    source = f"[{'; '.join(basis.citations)}; {basis.status}]"
    return f"{basis.words}{numbers}\n{source}"


def condition_words(library: Library, basis: Basis) -> str:
    """What the row asks for: 'tumour size at most 5 cm and mitotic rate more than 5/5 mm2'."""
    terms = {**library.terms, **library.decisions}
    parts = []
    for condition in basis.conditions:
        name, _, text = condition.partition(" ")
        try:
            words = say_cell(terms[name], read_cell(text, terms[name]))
        except (CellError, KeyError):
            words = text
        parts.append(f"{spoken(name)} {words}")
    return " and ".join(parts) or "nothing else fits"


def _why_they_differ(page: Page, library: Library, schemes: list[Decision]) -> Iterator[str]:
    """What each scheme looked at, where settled schemes do not look at the same."""
    settled = [d for d in schemes if d.state == "settled" and d.bases]
    looked = {d.name: {c.partition(" ")[0] for b in d.bases for c in b.conditions} for d in settled}
    common = set.intersection(*looked.values()) if looked else set()
    if len({frozenset(names) for names in looked.values()}) < 2:
        return
    names = titles(library)
    parts = [
        f"{names[d.name]} also at {names_in_words(sorted(looked[d.name] - common))}"
        for d in settled
        if looked[d.name] - common
    ]
    both = f"All looked at {names_in_words(sorted(common))}; " if common else ""
    yield ""
    yield from page.text(f"Why they differ: {both}{'; '.join(parts)}.", 2, 2)


def _dispute_lines(page: Page, schemes: list[Decision]) -> Iterator[str]:
    for decision in schemes:
        for dispute in decision.disagreements:
            mark = f", {MARK[dispute.status]}" if dispute.status in MARK else ""
            text = f"Printed differently ({decision.title}, {dispute.id}{mark}): {dispute.words}"
            yield from page.text(f"{text} [{'; '.join(dispute.citations)}]", 2, 2, "yellow")


def _refusal_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """Each guard once, with the decisions it speaks of."""
    spoken_of: dict[tuple[str, str], tuple[Objection, list[str]]] = {}
    for decision in assessment.decisions:
        for objection in decision.objections:
            key = (objection.basis.document, objection.basis.row)
            spoken_of.setdefault(key, (objection, []))[1].append(decision.name)
    for title, certain, effect in (
        ("Refused, and what to do instead", True, "refuse"),
        ("Take care", True, "caution"),
        ("Would be refused, or need care, if", False, ""),
    ):
        chosen = [
            (o, names)
            for o, names in spoken_of.values()
            if o.certain is certain and effect in ("", o.effect)
        ]
        if chosen and (depth != "short" or certain):
            yield from page.heading(title)
            for objection, names in chosen:
                yield from objection_lines(page, library, objection, names, depth)


def objection_lines(
    page: Page, library: Library, objection: Objection, names: list[str], depth: str
) -> Iterator[str]:
    """A guard: reason, remedy, what it speaks of; or what it hangs on while that is open."""
    basis = objection.basis
    mark = f" {MARK[basis.status]}." if basis.status in MARK else ""
    named = titles(library)
    about = ", ".join(named[name] for name in names)
    if not objection.certain:
        yield from page.text(f"- {condition_words(library, basis)}: {basis.words}{mark}", 2, 2)
        yield from page.text(f"settled by {names_in_words(objection.depends_on)}", 4, style="dim")
        return
    style = "red" if objection.effect == "refuse" else "yellow"
    yield from page.text(f"- {basis.words}{mark}", 2, 2, style)
    if objection.remedy not in ("", "-"):
        yield from page.text(f"do: {objection.remedy}", 4, 4, "bold")
    if depth != "short":
        yield from page.text(f"{about} [{'; '.join(basis.citations)}; {basis.status}]", 4, 2, "dim")
