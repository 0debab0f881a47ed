"""Words that several parts of an assessment's page share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from stromal.cli.speak import MARK, say_cell, spoken
from stromal.library import Library
from stromal.plan.assessment import Basis, Decision
from stromal.tables.cell import CellError, read_cell

FIRST = ("modified_nih_2008_risk", "afip_2006_risk", "nih_2002_risk", "tnm_stage")
"""The schemes in the order in which they are read; others follow."""
NAMED = 4
MOST_ROWS = 3


def label(name: str) -> str:
    """What a decision is called on this page, where 'risk' says nothing new."""
    return spoken(name).removesuffix(" risk") if name in FIRST else spoken(name)


def labels(library: Library) -> Mapping[str, str]:
    """What each fact and decision is called on this page."""
    return {name: label(name) for name in (*library.terms, *library.decisions)}


def together(names: Sequence[str]) -> str:
    """Decisions in words, all schemes or all classes of risk as such."""
    whole = (("every scheme", FIRST), ("every risk class", FIRST[:3]))
    for words, group in whole:
        if set(group) <= set(names):
            rest = [label(name) for name in names if name not in group]
            return in_words([words, *rest])
    return in_words([label(name) for name in names])


def by_reading_order(names: Iterable[str]) -> list[str]:
    """Decisions, the schemes first and in the order in which they are read."""
    last = len(FIRST)
    return sorted(names, key=lambda name: FIRST.index(name) if name in FIRST else last)


def in_words(words: Sequence[str], last: str = "and") -> str:
    """'a, b and c'."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def names_in_words(names: Iterable[str]) -> str:
    """Names of facts as a list in words; a long one is cut."""
    words = [spoken(name) for name in names]
    if len(words) > NAMED + 1:
        return f"{', '.join(words[:NAMED])} and {len(words) - NAMED} more"
    return in_words(words)


def in_order(library: Library, names: Collection[str]) -> list[str]:
    """Names of facts in the order of the dictionary, which is that of the report."""
    return [name for name in library.terms if name in names]


def source(basis: Basis, depth: str) -> str:
    """The sources: the first one's key and how it was read; every place if all is asked for."""
    if depth == "full":
        return f"[{basis.row}: {'; '.join(basis.citations)}; {basis.status}]"
    if depth == "short":
        return f"[{basis.row}]"
    keys = list(dict.fromkeys(citation.partition(",")[0] for citation in basis.citations))
    return f"[{basis.row}: {keys[0] if keys else 'no source'}; {basis.status}]"


def marks(decision: Decision) -> list[str]:
    """UNCONFIRMED where an answer rests on a row that was recalled; 'unless' where it hangs."""
    if decision.state == "refused":
        return []
    found = dict.fromkeys(MARK[b.status] for b in decision.bases if b.status in MARK)
    unless = any(not o.certain and o.effect == "refuse" for o in decision.objections)
    return [*found, *(["unless (below)"] if unless else [])]


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


def settled_words(library: Library, decision: Decision, depth: str = "short") -> str:
    """The words of the row; of each row with what it asks for where several say the same."""
    if len(decision.bases) == 1:
        return decision.bases[0].words
    if depth != "full":
        rows = [_row_with_numbers(decision.name, basis) for basis in decision.bases[:NAMED]]
        rows += ["..."] if len(decision.bases) > NAMED else []
        return f"by each row that may still fit: {', '.join(rows)}"
    shared = set.intersection(*(set(basis.conditions) for basis in decision.bases))
    lines = []
    for basis in decision.bases:
        own = {c.partition(" ")[0] for c in basis.conditions if c not in shared}
        condition = condition_words(library, basis, own)
        lines.append(f"if {condition}: {basis.words} {source(basis, depth)}")
    return "\n".join(lines)


def _row_with_numbers(decision: str, basis: Basis) -> str:
    """A row with what it says beside the class: 'R3a (percent 57 %)'."""
    beside = [
        f"{spoken(name)} {value}"
        for name, value in basis.outputs.items()
        if name != decision and value != "-"
    ]
    return f"{basis.row} ({'; '.join(beside)})" if beside else basis.row
