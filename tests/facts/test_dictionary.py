"""The dictionary is read from its documents, and each slip in one is named by document and line."""

from __future__ import annotations

import pytest

from facts.small_dictionary import TERMS
from stromal.facts.dictionary import Term, read_terms
from stromal.facts.possible import Choices, Members, Numbers
from stromal.library import load

GOOD = """# Title

## size

The largest
diameter.

- type: number
- unit: cm
- limits: (0..60]
- question: How large
  is it?
"""


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read_terms("facts/x.md", text)[1]]


def test_a_term_holds_all_that_its_section_says() -> None:
    size = TERMS["size"]
    assert (size.kind, size.unit, size.bare, size.reducer) == ("number", "cm", False, "agree")
    assert size.domain == Numbers.between(0, 60, low_open=True)
    assert size.precedence == ("resection", "biopsy", "imaging")
    assert size.codes == ("LOINC 33728-7", "UCUM cm")
    assert (size.description, size.plain) == ("The largest diameter.", "how large")
    assert (size.document, size.line) == ("facts/small.md", 22)


def test_words_keep_their_order_and_synonyms_may_mean_several() -> None:
    site = TERMS["site"]
    assert site.values == ("stomach", "duodenum", "jejunum", "ileum")
    assert site.domain == Choices.of(*site.values)
    assert site.synonyms["small bowel"] == {"duodenum", "jejunum", "ileum"}
    findings = TERMS["findings"]
    assert findings.domain == Members(frozenset(), frozenset(findings.values))


def test_lines_that_go_on_are_joined() -> None:
    (size,), _ = read_terms("facts/x.md", GOOD)
    assert size.question == "How large is it?"
    assert size.description == "The largest diameter."


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("- unit: cm", "- unot: cm", "unknown key 'unot'"),
        ("## size", "## Size of it", "not a name"),
        ("type: number", "type: figure", "type 'figure'"),
        ("- unit: cm", "- reducer: best", "reducer 'best'"),
        ("- limits: (0..60]\n", "", "no limits"),
        ("(0..60]", "(60..0]", "no limits"),
        ("(0..60]", "(0..1.2.3]", "no limits"),
        ("- unit: cm", "- bare: perhaps", "bare 'perhaps'"),
        ("- question: How large\n  is it?", "", "no question"),
        ("- unit: cm", "- precedence: resection, gossip", "precedence of 'gossip'"),
        ("type: number", "type: choice", "no values"),
        ("type: number", "type: choice\n- values: a, b, a", "listed twice"),
        ("type: number", "type: choice\n- values: a\n- synonyms: b = c", "synonym 'b' of 'c'"),
        ("type: number", "type: choice\n- values: a\n- reducer: ever", "without a value 'yes'"),
        ("type: number", "type: members\n- values: a\n- reducer: lowest", "'lowest' of a members"),
    ],
)
def test_each_slip_is_named_where_it_stands(old: str, new: str, what: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new))
    assert any(what in problem and problem.startswith("facts/x.md:3, ") for problem in found), found


def test_a_faulty_term_does_not_take_the_others_with_it() -> None:
    terms, wrong = read_terms("facts/x.md", GOOD + GOOD.replace("number", "figure"))
    assert [term.name for term in terms] == ["size"]
    assert len(wrong) == 1


def test_a_decision_is_a_term_that_other_tables_can_use() -> None:
    term = Term.decided("risk", ("low", "high"), "How likely?", "nature/x")
    assert term.domain == Choices.of("low", "high")
    assert term.values == ("low", "high")


def test_the_dictionary_of_the_project_has_no_slip() -> None:
    library = load(rooms=())
    assert library.problems == ()
    assert len(library.terms) > 50
