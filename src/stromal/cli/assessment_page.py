"""An assessment in the terminal: the answers first, then reasons, then what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from stromal.cli.assessment_more import (
    closing_lines,
    names_in_words,
    reading_lines,
    titles,
)
from stromal.cli.page import Cell, Page
from stromal.cli.speak import MARK, problem_lines, say_cell, say_value, spoken
from stromal.facts.fact import Fact, Reason, State
from stromal.facts.possible import Choices
from stromal.library import Library
from stromal.plan.assessment import Assessment, Basis, Decision, Objection
from stromal.tables.cell import CellError, read_cell

FIRST_FACTS = ("sex", "age", "tumour_site", "stomach_part", "tumour_size", "mitotic_count")
MOST_VALUES = 4
MOST_ROWS = 3
SEE_BELOW = "the reason and what to do instead stand below"
AT = 16
"""The column at which the findings begin."""


def assessment_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """The whole page; `depth` is short, usual or full."""
    yield from _patient_lines(page, library, assessment)
    yield from _trouble_lines(page, assessment)
    yield from _finding_lines(page, library, assessment, depth)
    yield from _scheme_lines(page, library, assessment, depth)
    yield from _refusal_lines(page, library, assessment, depth)
    yield from reading_lines(page, library, assessment)
    if depth != "short":
        yield from closing_lines(page, library, assessment, depth == "full")


def _patient_lines(page: Page, library: Library, assessment: Assessment) -> Iterator[str]:
    parts = [part for part in (assessment.patient, assessment.title) if part]
    day = f" (as known on {assessment.day})" if assessment.day else ""
    yield from page.text(f"{': '.join(parts)}{day}", style="bold")
    facts = {fact.name: fact for fact in assessment.facts}
    names = [name for name in FIRST_FACTS if name in facts]
    names += [name for name in facts if name not in FIRST_FACTS]
    known = [_fact_words(library, facts[name]) for name in names if not _is_blank(facts[name])]
    yield from page.text("; ".join(known) or "Nothing is known yet.", 2, 2)
    blank = [spoken(name) for name in names if _is_blank(facts[name])]
    if blank:
        yield from page.text(f"not known: {', '.join(blank)}", 2, 2, "dim")


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
    for observation in assessment.observations:
        yield from page.text(f"Note: {observation}", 2, 2, "yellow")


def _finding_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    """The diagnosis with its reasons; the other findings with theirs only if all is asked for."""
    findings = [d for d in assessment.decisions if d.role == "finding"]
    findings.sort(key=lambda decision: decision.name != "diagnosis")
    told = [d for d in findings if depth == "full" or d.name == "diagnosis"]
    if told or depth != "short" or any(d.state != "open" for d in findings):
        yield from page.heading("What it is")
    for decision in told:
        answer = _finding_answer(library, decision)
        yield from page.entry(spoken(decision.name), answer, AT, style=_style(decision))
        if depth != "short":
            yield from page.text(_finding_reasons(library, decision, depth), AT)
    rest = [d for d in findings if d not in told]
    for label, state in (("settled", "settled"), ("open", "open"), ("refused", "refused")):
        words = [_named_answer(library, d) for d in rest if d.state == state]
        if words and not (depth == "short" and state == "open"):
            yield from page.entry(label, "; ".join(words), AT)


def _finding_answer(library: Library, decision: Decision) -> str:
    answer = _answer(decision)
    if decision.state == "open" and _is_wide_open(library, decision):
        return "not settled"
    return answer


def _is_wide_open(library: Library, decision: Decision) -> bool:
    return len(decision.outcomes) == len(library.decisions[decision.name].values)


def _named_answer(library: Library, decision: Decision) -> str:
    if decision.state == "open" and _is_wide_open(library, decision):
        return spoken(decision.name)
    doubt = f" [{', '.join(marks)}]" if (marks := _marks(decision)) else ""
    return f"{spoken(decision.name)}: {_outcomes(decision)}{doubt}"


def _finding_reasons(library: Library, decision: Decision, depth: str) -> str:
    if decision.state == "open" and depth != "full":
        return f"needs {names_in_words(decision.open_facts)}"
    return _reasons(library, decision, depth, decision.open_facts)


def _scheme_lines(
    page: Page, library: Library, assessment: Assessment, depth: str
) -> Iterator[str]:
    schemes = [d for d in assessment.decisions if d.role == "scheme"]
    if not schemes:
        return
    yield from page.heading("How it may behave, scheme by scheme")
    open_names = {name for d in schemes for name in d.open_facts}
    open_names |= {d.name for d in assessment.decisions if d.state == "open"}

    def why(decision: Decision) -> str:
        if depth == "short":
            return _short(decision)
        return _reasons(library, decision, depth, open_names)

    rows = [
        (
            Cell(spoken(decision.name)),
            Cell(_answer(decision), _style(decision)),
            Cell(_row_names(decision)),
            Cell(
                _short(decision)
                if depth == "short"
                else _reasons(library, decision, depth, open_names)
            ),
        )
        for decision in schemes
    ]
    yield from page.table(("scheme", "answer", "row", "why"), rows, 3, 15)
    if depth != "short":
        yield from _why_they_differ(page, schemes)
        yield from _dispute_lines(page, schemes)


def _answer(decision: Decision) -> str:
    """The outcome, and below it what makes it doubtful."""
    return "\n".join([_outcomes(decision), *_marks(decision)])


def _outcomes(decision: Decision) -> str:
    if decision.state == "refused":
        return "refused"
    text = " or ".join(decision.outcomes)
    return text if decision.exact else f"{text} (or fewer: too much is unknown)"


def _marks(decision: Decision) -> list[str]:
    """UNCONFIRMED where an answer rests on a row that was recalled; 'unless' where it hangs."""
    if decision.state == "refused":
        return []
    marks = dict.fromkeys(MARK[b.status] for b in decision.bases if b.status in MARK)
    unless = any(not o.certain and o.effect == "refuse" for o in decision.objections)
    return [*marks, *(["unless (below)"] if unless else [])]


def _style(decision: Decision) -> str:
    return {"settled": "bold", "open": "yellow", "refused": "red"}[decision.state]


def _row_names(decision: Decision) -> str:
    rows = [basis.row for basis in decision.bases]
    if decision.state == "refused":
        return "-"
    return " ".join(rows) if len(rows) <= MOST_ROWS else f"{len(rows)} rows"


def _short(decision: Decision) -> str:
    if decision.state == "refused":
        return SEE_BELOW
    if decision.state == "open":
        return f"needs {names_in_words(decision.open_facts)}"
    return settled_words(decision)


def settled_words(decision: Decision) -> str:
    """The words of the row, or of each row where several give the same answer."""
    if len(decision.bases) == 1:
        return decision.bases[0].words
    shown = [f"{basis.row}: {basis.words}" for basis in decision.bases[:MOST_ROWS]]
    left = len(decision.bases) - MOST_ROWS
    more = [f"And {left} more."] if left > 0 else []
    return " ".join(["Every row that may fit says so.", *shown, *more])


def _reasons(library: Library, decision: Decision, depth: str, open_names: Collection[str]) -> str:
    """The words of the row with its source; of an open answer, each row with its condition."""
    if decision.state == "refused":
        return SEE_BELOW
    if decision.state == "settled" and len(decision.bases) == 1:
        return _basis_words(decision.bases[0], decision.name, depth)
    words = [f"needs {names_in_words(decision.open_facts)}"] if decision.open_facts else []
    most = len(decision.bases) if depth == "full" else MOST_ROWS
    for basis in decision.bases[:most]:
        outcome = basis.outputs[decision.name]
        condition = condition_words(library, basis, open_names)
        words.append(f"{basis.row}: {outcome} if {condition}. {basis.words}")
    left = len(decision.bases) - most
    if left > 0:
        words.append(f"and {left} more row{'s' if left > 1 else ''}")
    return "\n".join(words)


def _basis_words(basis: Basis, decision: str, depth: str) -> str:
    """The words, the numbers that they do not hold, and the source with how it was read."""
    extra = [
        f"{spoken(name)} {value}"
        for name, value in basis.outputs.items()
        if name != decision and value != "-" and value not in basis.words
    ]
    numbers = f" ({'; '.join(extra)})" if extra else ""
    cited = basis.citations if depth == "full" else basis.citations[:1]
    more = f" and {len(basis.citations) - len(cited)} more" if basis.citations[1:] else ""
    more = "" if depth == "full" else more
    return f"{basis.words}{numbers}\n[{'; '.join(cited)}{more}; {basis.status}]"


def condition_words(library: Library, basis: Basis, names: Collection[str] | None = None) -> str:
    """What the row asks for, of the names given if any: 'tumour size at most 5 cm and ...'."""
    terms = {**library.terms, **library.decisions}
    parts = []
    for condition in basis.conditions:
        name, _, text = condition.partition(" ")
        if names is not None and name not in names:
            continue
        try:
            words = say_cell(terms[name], read_cell(text, terms[name]))
        except (CellError, KeyError):
            words = text
        parts.append(f"{spoken(name)} {words}")
    return " and ".join(parts) or "nothing else fits"


def _why_they_differ(page: Page, schemes: list[Decision]) -> Iterator[str]:
    """What each scheme looked at, where settled schemes do not look at the same."""
    looked = {
        d.name: frozenset(c.partition(" ")[0] for b in d.bases for c in b.conditions)
        for d in schemes
        if d.state == "settled" and d.bases
    }
    if len(set(looked.values())) < 2:
        return
    parts = [f"{spoken(name)} at {names_in_words(sorted(seen))}" for name, seen in looked.items()]
    yield ""
    yield from page.text(
        f"Why they differ: they look at different things. {'; '.join(parts)}.", 2, 2
    )


def _dispute_lines(page: Page, schemes: list[Decision]) -> Iterator[str]:
    for decision in (d for d in schemes if d.state != "refused"):
        for dispute in decision.disagreements:
            mark = f", {MARK[dispute.status]}" if dispute.status in MARK else ""
            about = f"{spoken(decision.name)}, dispute {dispute.id}{mark}"
            text = f"Printed differently ({about}): {dispute.words}"
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
    for title, effect in (("Refused, and what to do instead", "refuse"), ("Take care", "caution")):
        chosen = [(o, n) for o, n in spoken_of.values() if o.certain and o.effect == effect]
        if chosen:
            yield from page.heading(title)
        for objection, names in chosen:
            yield from objection_lines(page, library, objection, names, depth)
    perhaps = [(o, names) for o, names in spoken_of.values() if not o.certain]
    if depth == "full" and perhaps:
        yield from page.heading("Would be refused, or need care, if")
        for objection, names in perhaps:
            yield from objection_lines(page, library, objection, names, depth)
    elif perhaps:
        yield from _unless_lines(page, library, [o for o, _ in perhaps])


def _unless_lines(page: Page, library: Library, objections: list[Objection]) -> Iterator[str]:
    """What is not known and would refuse an answer, in as few words as it takes."""
    refusing = {condition_words(library, o.basis): o for o in objections if o.effect == "refuse"}
    if not refusing:
        return
    yield from page.heading("Unless: any of these would refuse an answer, and is not known")
    yield from page.text("; ".join(refusing), 2, style="yellow")


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
