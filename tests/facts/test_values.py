"""A value is read as it was written, or refused with the reason; nothing is guessed or rounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.dictionary import Term
from stromal.facts.fact import Reason
from stromal.facts.possible import Choices, Members, Numbers, intersect
from stromal.facts.problem import Problem
from stromal.facts.values import Value, read_value
from stromal.library import load

TERMS = load(rooms=()).terms


def said(name: str, raw: object) -> Value:
    value = read_value(TERMS[name], raw)
    assert isinstance(value, Value), value
    return value


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2.5 cm", Numbers.exactly(2.5)),
        ("25 mm", Numbers.exactly(2.5)),
        ("0.3 cm", Numbers.exactly(0.3)),
        ("3 mm", Numbers.exactly(0.3)),
        ("5 to 6 cm", Numbers.between(5, 6)),
        ("5-6 cm", Numbers.between(5, 6)),
        ("50 mm to 60 mm", Numbers.between(5, 6)),
        ("<5 cm", Numbers.between(0, 5, low_open=True, high_open=True)),
        ("at most 5 cm", Numbers.between(0, 5, low_open=True)),
        (">10 cm", Numbers.between(10, 60, low_open=True)),
        ("(5..10] cm", Numbers.between(5, 10, low_open=True)),
        ("5 or 6 cm", Numbers.exactly(5).union(Numbers.exactly(6))),
        ("50 mm or >10 cm", Numbers.exactly(5).union(Numbers.between(10, 60, low_open=True))),
    ],
)
def test_sizes_keep_their_unit_and_their_borders(raw: str, expected: Numbers) -> None:
    assert said("tumour_size", raw).possible == expected


@pytest.mark.parametrize(
    ("name", "raw", "what", "remedy"),
    [
        ("tumour_size", 2.5, "has no unit", "2.5 cm"),
        ("tumour_size", "-3 cm", "lies outside", "check the number"),
        ("tumour_size", "0 cm", "lies outside", "check the number"),
        ("tumour_size", "250 cm", "lies outside", "check the number"),
        ("tumour_size", "6 to 5 cm", "runs downwards", "smaller number first"),
        ("tumour_size", "5 mm to 6 cm", "two units", "one unit"),
        ("tumour_size", "3 kg", "is no unit of tumour_size", "use cm"),
        ("tumour_size", "about 5 cm", "not a number", "2 to 3 cm"),
        ("tumour_size", [7, 6, 3], "a list where one value", "write one value"),
        ("tumour_size", float("nan"), "not a number", "3 cm"),
        ("mitotic_rate", "1000 /5 mm2", "lies outside", "check the number"),
        ("tumour_site", "stomac", "no value of tumour_site", "did you mean 'stomach'"),
        ("tumour_site", "stomach or moon", "'moon' is no value", "one of"),
        ("rupture_findings", ["explosion"], "no value", "one of"),
        ("rupture_findings", {"a": 1}, "not a list", "[] for none"),
        ("birth_date", "1979-02-30", "not a day of the calendar", "2024-05-17"),
        ("tumour_size", "7 x 6 x 3 cm", "several diameters", "the largest: 7 cm"),
        ("tumour_size", "2,5 cm", "comma inside a number", "2.5 with a point"),
        ("tumour_size", "9" * 500, "a text of 500 characters", "3 cm"),
        ("tumour_size", "5 or 6 kg", "is no unit", "use cm"),
        ("molecular_findings", [], "an empty list", "if unknown"),
        ("molecular_findings", [None], "not a text", "in quotes"),
        ("sex", "not female or male", "leaves nothing", "one of"),
        ("birth_date", "30.2.1979", "not a day of the calendar", "2024-05-17"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(
    name: str, raw: object, what: str, remedy: str
) -> None:
    problem = read_value(TERMS[name], raw)
    assert isinstance(problem, Problem)
    assert what in problem.what
    assert remedy in problem.remedy


def test_a_number_too_long_to_write_is_refused() -> None:
    problem = read_value(TERMS["tumour_size"], 10**5000)
    assert isinstance(problem, Problem)
    assert "more than 19 digits" in problem.what


@pytest.mark.parametrize("raw", [None, "?", "unknown", "not recorded", ""])
def test_unknown_is_never_a_value(raw: object) -> None:
    for name in ("tumour_size", "tumour_site", "rupture_findings", "sex", "birth_date"):
        value = said(name, raw)
        assert value.possible == TERMS[name].domain
        assert value.reason is Reason.NOT_RECORDED


def test_the_reason_why_a_fact_is_unknown_is_kept() -> None:
    assert said("cd117", "pending").reason is Reason.PENDING
    assert said("cd117", "not done").reason is Reason.NOT_DONE
    assert said("sdhb", "indeterminate").reason is Reason.INDETERMINATE


def test_words_may_stand_for_several_values() -> None:
    assert said("tumour_site", "small bowel").possible == Choices.of("duodenum", "jejunum", "ileum")
    assert said("tumour_site", "stomach or omentum").possible == Choices.of("stomach", "omentum")
    assert "stomach" not in str(said("tumour_site", "not stomach").possible)


def test_a_value_that_holds_an_or_is_one_value() -> None:
    whole = "multinodular or plexiform"
    assert said("growth_pattern", whole).possible == Choices.of(whole)
    assert said("growth_pattern", f"{whole} or other").possible == Choices.of(whole, "other")


def test_american_spelling_means_the_same() -> None:
    assert said("disease_extent", "localized").possible == Choices.of("localised")
    assert said("rupture_findings", ["tumor fracture"]).given == "tumor fracture"
    assert said("tumour_site", "esophagus").possible == Choices.of("oesophagus")


def test_a_mapping_is_kept_as_words() -> None:
    value = said("mitotic_count", {"count": 7, "fields": 50})
    assert value.possible == Choices.of("count 7, fields 50")


def test_yaml_yes_and_no_are_the_words_yes_and_no() -> None:
    for raw in (True, "true", "yes", "Yes", "on"):
        assert said("necrosis", raw).possible == Choices.of("yes")
    for raw in (False, "false", "no", "off"):
        assert said("necrosis", raw).possible == Choices.of("no")


def test_findings_are_all_that_happened_unless_a_question_mark_says_otherwise() -> None:
    closed, opened = (
        said("rupture_findings", ["mucosal defect"]),
        said("rupture_findings", "[mucosal defect, ?]"),
    )
    assert isinstance(closed.possible, Members)
    assert isinstance(opened.possible, Members)
    assert closed.possible.is_single()
    assert "tumour fracture" in opened.possible.possible
    assert said("rupture_findings", []).possible == Members.exactly([])


RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(),
    st.lists(st.one_of(st.text(max_size=10), st.integers()), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2), st.just(10**5000),
)  # fmt: skip


@given(st.sampled_from(sorted(TERMS)), RAW)
def test_nothing_makes_the_reader_fail_or_leave_the_dictionary(name: str, raw: object) -> None:
    term: Term = TERMS[name]
    value = read_value(term, raw)
    if isinstance(value, Problem):
        assert value.what
        assert value.remedy
    elif term.kind != "text":
        assert not value.possible.is_empty()
        assert intersect(value.possible, term.domain) == value.possible


@given(st.decimals(min_value="0.1", max_value="60", places=1))
def test_millimetres_and_centimetres_give_the_same_number(size: object) -> None:
    text = str(size)
    in_mm = str(round(float(text) * 10))
    assert said("tumour_size", f"{text} cm").possible == said("tumour_size", f"{in_mm} mm").possible


def test_a_word_of_a_value_leads_to_it_before_one_that_only_looks_alike() -> None:
    wrong = read_value(TERMS["diary_symptom"], "face or eyes")
    assert isinstance(wrong, Problem)
    assert wrong.remedy.startswith("did you mean 'swollen face or eyes'?")
    assert said("diary_symptom", "swollen eyes").possible == Choices.of("swollen face or eyes")
