"""`stromal facts`: the dictionary, whole, by name, or searched."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from stromal.cli.machine import say_json
from stromal.cli.pages.page import Page, write
from stromal.cli.speak import fail, library_for, near, output_page
from stromal.facts.dictionary import Term
from stromal.facts.possible import Numbers
from stromal.facts.problem import Problem


def run(args: argparse.Namespace) -> int:
    """List, show or search; 1 if nothing was found."""
    terms = library_for(args, rooms=()).terms
    found = _found(terms, args.name) if args.name else []
    if len(found) != 1:  # what tables decide is looked at only then, since all must be read
        terms = {**terms, **library_for(args).decisions}
        found = _found(terms, args.name)
    if not found:
        remedy = f"{near(args.name, list(terms))}'stromal facts' lists every name"
        what = "no fact has this name or these words"
        return fail(args, Problem(f"stromal facts {args.name}", what, remedy))
    if args.json:
        say_json({"facts": [term_data(term) for term in found]})
        return 0
    page = output_page(args)
    exact = args.name is not None and len(found) == 1
    write(term_lines(page, found[0]) if exact else _list_lines(page, found))
    return 0


def _found(terms: Mapping[str, Term], wanted: str | None) -> list[Term]:
    if wanted is None:
        return list(terms.values())
    name = wanted.strip().lower().replace(" ", "_").replace("-", "_")
    if name in terms:
        return [terms[name]]
    words = wanted.lower().split()
    return [term for term in terms.values() if words and _speaks_of(term, words)]


def _speaks_of(term: Term, words: list[str]) -> bool:
    text = " ".join(
        (term.name, term.question, term.plain, term.description, *term.values, *term.synonyms)
    )
    text = f"{text} {' '.join(term.codes)}".lower()
    return all(word in text for word in words)


def term_data(term: Term) -> dict[str, object]:
    """A term of the dictionary as data for JSON."""
    return {
        "name": term.name,
        "type": term.kind,
        "unit": term.unit,
        "unit_may_be_left_out": term.bare,
        "limits": str(term.domain) if isinstance(term.domain, Numbers) else "",
        "values": term.values,
        "synonyms": term.synonyms,
        "reducer": term.reducer,
        "precedence": term.precedence,
        "of": term.of,
        "question": term.question,
        "plain": term.plain,
        "description": term.description,
        "codes": term.codes,
        "document": term.document,
        "line": term.line,
    }


def _list_lines(page: Page, terms: list[Term]) -> Iterator[str]:
    document = ""
    for term in terms:
        if term.document != document:
            document = term.document
            yield from page.heading(document)
        yield from page.entry(term.name, f"{term.question} ({_short_form(term)})", 28)


def _short_form(term: Term) -> str:
    if term.kind == "number":
        return f"number, {term.unit}" if term.unit else "number"
    if term.kind in ("choice", "members"):
        shown = ", ".join(term.values[:3])
        more = len(term.values) - 3
        listed = f"{shown} and {more} more" if more > 0 else shown
        return f"several of: {listed}" if term.kind == "members" else listed
    return {"date": "day", "text": "words"}[term.kind]


def term_lines(page: Page, term: Term) -> list[str]:
    """Everything the dictionary says of a fact."""
    lines = page.text(term.name, style="bold")
    if term.description:
        lines += page.text(term.description)
    for label, text in _entries(term):
        if text:
            lines += page.entry(label, text, 16)
    return lines


def _entries(term: Term) -> Iterator[tuple[str, str]]:
    yield "question", term.question
    yield "written as", how_written(term)
    yield "values", ", ".join(term.values)
    yield "also", "; ".join(f"{w} = {' or '.join(sorted(v))}" for w, v in term.synonyms.items())
    yield "plain words", term.plain
    yield "if several", _REDUCED[term.reducer] if term.line else ""
    yield "best source", ", then ".join(term.precedence)
    yield "belongs to", "the last removal of the primary tumour that tells it" if term.of else ""
    yield "codes", "; ".join(term.codes)
    yield "document", f"{term.document}:{term.line}" if term.line else f"decided by {term.document}"


_REDUCED = {
    "agree": "all sources should agree; if not, every value stays possible and it is shown",
    "latest": "the latest counts",
    "first": "the first counts",
    "ever": "yes if any source says yes",
    "highest": "the highest counts",
    "lowest": "the lowest counts",
    "together": "all are taken together",
}


def how_written(term: Term) -> str:
    """How a value of the fact is written, with examples."""
    if term.kind == "number":
        unit = "" if not term.unit or term.bare else f" {term.unit}"
        return f"a number within {term.domain}: 3{unit}, 2 to 3{unit}, <3{unit}; ? if unknown"
    if term.kind == "choice":
        return "one of the values; 'a or b' or 'not a' if that is all that is known; ? if unknown"
    if term.kind == "members":
        return "[first, second]; [] for none of them; [first, ?] for perhaps others; ? if unknown"
    if term.kind == "date":
        return "2024-05-17, 2024-05 or 2024; ? if unknown"
    return "the words of the report, in quotes; ? if unknown"
