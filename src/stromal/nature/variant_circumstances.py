"""What stands around a finding: germline or somatic, when, under which drug, how much of it."""

from __future__ import annotations

from stromal.facts.problem import Problem
from stromal.nature.variant_reading import VariantReading
from stromal.nature.variant_statement import Said


def with_circumstances(
    text: str, statement: Said, problems: tuple[Problem, ...], known_timing: str
) -> VariantReading:
    """Origin, timing, drug, allele fraction, specimen and significance; no finding yet."""
    timing = _timing(statement)
    timing = known_timing if timing == "unknown" else timing
    fraction, incomplete = _fraction(statement)
    return VariantReading(
        text,
        problems=problems,
        origin=_one(statement, "origin"),
        primary_or_secondary=timing,
        acquired_under=statement.words("drug") if timing == "secondary" else (),
        allele_fraction=fraction,
        specimen=_one(statement, "specimen"),
        significance=_one(statement, "significance"),
        incomplete=incomplete,
    )


def _one(statement: Said, kind: str) -> str:
    words = statement.words(kind)
    return words[0] if len(words) == 1 else "unknown"


def _timing(statement: Said) -> str:
    """`primary`, `secondary` or `unknown`; "after imatinib" makes a change secondary."""
    found = set(statement.words("timing"))
    if statement.has("drug"):
        when = statement.words("when")
        found |= {{"after": "secondary", "before": "primary"}[word] for word in when}
    return found.pop() if len(found) == 1 else "unknown"


def _fraction(statement: Said) -> tuple[float | None, tuple[Problem, ...]]:
    values = [t.value for t in statement.by_kind.get("fraction", ()) if isinstance(t.value, tuple)]
    amounts = [value[1] for value in values]
    if len(amounts) == 1 and isinstance(amounts[0], float):
        return amounts[0], ()
    if not amounts:
        return None, ()
    where = ", ".join(str(value[0]) for value in values)
    remedy = "give one allele fraction, as a percentage or between 0 and 1"
    return None, (Problem(where, "the allele fraction is not read", remedy),)


_CLASH = {
    "origin": "both germline and somatic",
    "timing": "both primary and secondary",
    "significance": "of two different significances",
    "specimen": "both from tissue and from circulating DNA",
}


def clashes(statement: Said) -> tuple[Problem, ...]:
    """Words that contradict each other, and a preposition without its drug."""
    found = [
        Problem(
            " / ".join(statement.words(kind)),
            f"the text calls the finding {words}",
            "write each finding as a statement of its own",
        )
        for kind, words in _CLASH.items()
        if len(statement.words(kind)) > 1
    ]
    if statement.has("when", "after", "before") and not statement.has("drug"):
        what = "it is not said after or before which drug"
        found.append(Problem(str(statement.words("when")[0]), what, "name the drug"))
    found += _loose_drug(statement)
    both = {"primary", "secondary"} & set(statement.words("timing"))
    if statement.has("drug") and len(both | _when(statement)) > 1 and len(both) < 2:
        found.append(
            Problem(
                " ".join(statement.words("when")),
                "the text calls the finding both primary and secondary",
                "say whether the sample was taken before or after the drug",
            )
        )
    return tuple(found)


def _loose_drug(statement: Said) -> list[Problem]:
    """A drug of which the text does not say what it has to do with the finding."""
    linked = any(statement.has(kind) for kind in ("when", "timing", "response"))
    if linked or not statement.has("drug"):
        return []
    drug = statement.words("drug")[0]
    what = f"it is not said what {drug} has to do with the finding"
    return [Problem(drug, what, f'write "before {drug}" or "after {drug}"')]


def _when(statement: Said) -> set[str]:
    names = {"after": "secondary", "before": "primary"}
    return {names[word] for word in statement.words("when")}
