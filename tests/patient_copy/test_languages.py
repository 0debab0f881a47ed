"""One truth, two readers: the same numbers and negations in both languages and on both pages."""

import re
from collections.abc import Iterator

import pytest

from patient_copy.copies import (
    ANNA,
    ROOT,
    codes,
    library,
    page,
    released,
    skeleton,
    terms,
    words_of,
)
from patient_copy.truth import HUNDRED, between_languages, negations, not_the_doctors, numbers
from stromal.patient_copy.texts import MADE, OPTION, gaps, numbers_in

EVERY = 97
"""Of the exam's cases every 97th is written out here; `script/exhaustive` does all of them."""
SAME_SENSE = {
    "tumour-nf1-counsel": "the row's 'not' is about a person who does not know",
    "spread-left": "'left behind' for 'not completely removed'",
    "risk-years-low": "'no relapse' for 'recurrence-free'",
    "risk-years-intermediate": "'no relapse' for 'recurrence-free'",
    "answer-years": "'no relapse' for 'free of recurrence'",
    "plan-both-sides": "the row's 'cannot' gives a reason that is left out",
    "plan-no-gap": "'keep taking' for 'no gap'",
    "missed-ent-f06": "'not if' for 'unless'",
    "operation-ripretinib": "'stopped before' for 'not within'",
    "answer-braf": "the row's 'without' says for whom, which the row has tested",
    "answer-level-response": "the row's 'no target' is left out",
    "answer-mimic": "'make sure it is real' for 'exclude'",
}


def texts() -> Iterator[tuple[str, str, str]]:
    """Every text of both languages by name: sentences, values, phrases, questions, facts, words."""
    en, zh = words_of("en"), words_of("zh")
    for kind in ("sentences", "values", "phrases"):
        ours, theirs = getattr(en, kind), getattr(zh, kind)
        yield from ((f"{kind} {name}", ours[name], theirs.get(name, "?")) for name in ours)
    for name, (question, ask) in en.questions.items():
        yield f"question {name}", question, zh.questions[name][0]
        yield f"ask {name}", ask, zh.questions[name][1]
    for name, plain in zh.facts.items():
        yield f"fact {name}", terms()[name].plain, plain
    for (term, meaning), (_, other) in zip(en.glossary, zh.glossary, strict=True):
        yield f"glossary {term}", meaning, other


TEXTS = list(texts())


@pytest.mark.parametrize("code", codes())
def test_every_text_exists_in_every_language(code: str) -> None:
    language = words_of(code)
    assert not skeleton().problems
    assert not gaps(skeleton(), language)
    for kind in ("values", "phrases"):
        assert getattr(language, kind).keys() == getattr(words_of("en"), kind).keys()


@pytest.mark.parametrize(("name", "english", "chinese"), TEXTS, ids=[t[0] for t in TEXTS])
def test_a_text_has_the_same_numbers_negations_and_tokens_in_both(
    name: str, english: str, chinese: str
) -> None:
    tokens = re.compile(r"\{\w*\}")
    assert sorted(tokens.findall(english)) == sorted(tokens.findall(chinese))
    assert numbers(tokens.sub("", english)) == numbers(tokens.sub("", chinese))
    assert negations("en", english) == negations("zh", chinese)


def words_needed() -> Iterator[str]:
    """Every value that can come into a text: of the facts named in it, of options and labels."""
    named = {
        n for text in words_of("en").sentences.values() for n in re.findall(r"\{(\w+)\}", text)
    }
    for name in (*(n for n in named if n in terms()), "option", "surgical_option", "last_drug"):
        yield from terms()[name].values
    for compiled in library().compiled.values():
        if compiled.table.id.endswith(("/interactions", "/dose-changes")):
            for row in compiled.table.rows:
                cells = zip(compiled.table.inputs, row.texts, strict=True)
                wanted = ("side_effect", "interaction_class")
                for term, text in cells:
                    if term.name in wanted and "not(" not in text:
                        yield from re.findall(r'"([^"]+)"', text)
        if compiled.table.role == "schedule":
            yield from (row.outputs["test"] for row in compiled.table.rows)
    yield from (f"guideline {value}" for value in terms()["guideline"].values)


UNSPOKEN = frozenset(("none", "other", "none seen", "insufficient data", "not covered", "no stage"))
"""Values for which no sentence puts the value itself into its words."""


@pytest.mark.parametrize("code", codes())
def test_every_value_that_can_be_said_has_words(code: str) -> None:
    missing = {w for w in words_needed() if w not in words_of(code).values} - UNSPOKEN
    assert not missing


def test_every_fact_that_can_be_missing_has_a_plain_name() -> None:
    asked = {
        term.name
        for compiled in library().compiled.values()
        if compiled.table.id.partition("/")[0] in ("nature", "surgery", "therapy")
        for term in compiled.table.inputs
        if term.name in library().terms
    }
    assert not {name for name in asked if not terms()[name].plain}
    assert not asked - words_of("zh").facts.keys()


def test_every_row_and_option_that_a_text_names_exists() -> None:
    options = {*terms()["option"].values, *terms()["surgical_option"].values}
    for rule in skeleton().rules:
        for condition in rule.when:
            if condition.kind == "row":
                document, _, row = condition.name.partition("#")
                assert library().compiled[document].table.row(row).id == row
        for citation in rule.citations:
            assert citation.partition(",")[0] in library().sources, rule.id
    for question in skeleton().questions:
        for answer in question.answers:
            if answer.startswith(OPTION):
                assert answer.removeprefix(OPTION).replace("_", " ") in options


def test_every_food_row_of_every_drug_is_told() -> None:
    told = {condition.name for rule in skeleton().rules for condition in rule.when}
    for compiled in library().compiled.values():
        if compiled.table.id.endswith("/food-and-taking"):
            for row in compiled.table.rows:
                assert f"{compiled.table.id}#{row.id}" in told


def row_rules() -> Iterator[tuple[str, str]]:
    for rule in skeleton().rules:
        for condition in rule.when:
            if condition.kind == "row":
                yield rule.id, condition.name


@pytest.mark.parametrize(("rule", "name"), list(row_rules()))
def test_a_sentence_denies_what_its_row_denies_and_adds_no_number(rule: str, name: str) -> None:
    document, _, row_id = name.partition("#")
    row = library().compiled[document].table.row(row_id)
    outputs = [value for key, value in row.outputs.items() if key != "agency"]
    doctor = " ".join([row.words, *outputs])
    patient = words_of("en").sentences[rule]
    if rule not in SAME_SENSE:
        assert bool(negations("en", patient)) == bool(negations("en", doctor))
    own = set(numbers_in(re.sub(r"\{\w+\}", "", patient))) - {HUNDRED}
    assert own <= set(numbers_in(doctor))


def exam() -> list[str]:
    paths = sorted((ROOT / "cases").rglob("*.yaml"))
    return [str(path.relative_to(ROOT / "cases").with_suffix("")) for path in paths[::EVERY]]


@pytest.mark.parametrize("name", exam())
def test_no_reader_is_told_anything_else(name: str) -> None:
    assert [*between_languages(name), *not_the_doctors(name)] == []


def test_a_sentence_that_no_document_composes_says_so() -> None:
    made = {rule.id for rule in skeleton().rules if any(c.kind == MADE for c in rule.when)}
    assert {"medicine-avoid", "call-urgent", "plan-option", "why-resistant"} <= made


@pytest.mark.parametrize("drug", ["imatinib", "sunitinib", "dabrafenib"])
@pytest.mark.parametrize("state", ["pregnant", "could become pregnant", "breast-feeding"])
def test_pregnancy_and_birth_control_are_said_with_the_days_of_the_label(
    drug: str, state: str
) -> None:
    text = ANNA.replace("imatinib", drug).replace("not possible", state)
    english, chinese = (
        [s for s in page(released(text, code)) if s.id.startswith("pregnancy-")]
        for code in ("en", "zh")
    )
    assert english
    for ours, theirs in zip(english, chinese, strict=True):
        assert numbers(ours.words) == numbers(theirs.words)
        assert negations("en", ours.words) == negations("zh", theirs.words)
        assert set(numbers_in(ours.words)) <= set(numbers_in(ours.grounds[0].outputs["rule"]))
