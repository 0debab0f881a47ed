"""One truth, two readers: the same numbers and negations in both languages and on both pages."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from patient_copy.copies import (
    ANNA,
    DAY,
    ROOT,
    case,
    case_record,
    codes,
    everything,
    library,
    page,
    released,
    skeleton,
    terms,
    words_of,
)
from stromal.cli.machine import plain_data
from stromal.facts.fact import Fact
from stromal.facts.timeline import as_of
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import MADE, OPTION, gaps, numbers_in
from stromal.plan.derive import derive
from stromal.plan.follow_up import Wish, follow_up
from stromal.plan.patient import consider
from stromal.plan.words import say

EVERY = 97
"""Of the exam's cases every 97th is written out here; all of them have been by hand."""
NOT_IN_ENGLISH = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|cannot|nor|avoid)\b|n't\b", re.IGNORECASE
)
NOT_IN_CHINESE = re.compile("避免|不|没|无|未|勿|别")
NO_NEGATION = re.compile("不同|不久|非常|特别|分别|级别|性别|无论|不过|除非|未来")
"""Chinese words that hold the sign of a negation without being one."""
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
HUNDRED = "100"
"""The denominator of every share: per cent in the row, 'of 100' for the patient."""


def negations(code: str, text: str) -> int:
    if code == "zh":
        return len(NOT_IN_CHINESE.findall(NO_NEGATION.sub("", text)))
    return len(NOT_IN_ENGLISH.findall(text))


def numbers(text: str) -> Counter[str]:
    return Counter(numbers_in(text))


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


@cache
def both(name: str) -> tuple[list[Sentence], list[Sentence]]:
    return everything(case(name)), everything(case(name, "zh"))


@pytest.mark.parametrize("name", exam())
def test_the_two_languages_say_the_same_of_every_patient(name: str) -> None:
    english, chinese = both(name)
    assert [s.id for s in english] == [s.id for s in chinese]
    for ours, theirs in zip(english, chinese, strict=True):
        assert numbers(ours.words) == numbers(theirs.words), ours.words
        assert negations("en", ours.words) == negations("zh", theirs.words), ours.words
        assert ours.grounds == theirs.grounds
        assert ours.share == theirs.share


def doctors_numbers(sentence: Sentence) -> set[str]:
    """The numbers of what the sentence stands on, as the doctor's JSON has them."""
    found = {HUNDRED}
    for ground in sentence.grounds:
        data = plain_data(ground)
        found |= set(numbers_in(str(data)))
    return found


@pytest.mark.parametrize("name", exam())
def test_every_number_of_a_sentence_is_one_of_the_doctors(name: str) -> None:
    copy = case(name)
    calendar = set(numbers_in(" ".join(days_and_names(name))))
    for sentence in page(copy):
        allowed = doctors_numbers(sentence) | set(numbers_in(copy.day))
        allowed |= calendar if sentence.id.startswith("dates-") else set()
        allowed |= set(numbers_in(str(dict(sentence.tokens).get("name", ""))))
        if sentence.id in ("tumour-mitoses", "tumour-size", "tumour-image", "plan-short"):
            allowed |= set(numbers_in(facts_in_doctors_words(name)))
        assert set(numbers_in(sentence.words)) - own_names(sentence) <= allowed, sentence.words


def own_names(sentence: Sentence) -> set[str]:
    """Numbers that belong to a name: CYP3A4, exon 11, a protein, a name of the dictionary."""
    words = [w for kind in ("values", "facts") for w in getattr(words_of("en"), kind).values()]
    names = [w for w in words if w in sentence.words]
    names += [
        t.plain for t in terms().values() if t.plain and t.plain.lower() in sentence.words.lower()
    ]
    return {number for name in names for number in numbers_in(name)}


def days_and_names(name: str) -> Iterator[str]:
    for schedule in follow_up(library(), case_record(name), DAY, Wish()).schedules:
        yield schedule.authority
        for line in schedule.lines:
            for look in line.looks:
                yield f"{look.earliest} {look.latest}"


@cache
def facts_in_doctors_words(name: str) -> str:
    found = case_record(name)
    facts: dict[str, Fact] = derive(as_of(found, library().terms, None), library()).facts
    known = consider(library(), library().at(None), facts).known
    return "; ".join(say(terms()[n], p) for n, p in known.items() if terms()[n].kind != "text")


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
