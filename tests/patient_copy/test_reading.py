"""Plain words: a reading age of about twelve by two indices, short sentences, words explained."""

import re

import pytest

from patient_copy.copies import ANNA, case, page, released, said, terms, words_of
from stromal.patient_copy.reading_age import ReadingLevel, reading_level, syllables_in

GRADE_AT_TWELVE = 7
"""Grade 7 of a US school is read at about 12. SMOG runs a grade or two higher than the others."""
SMOG_LIMIT = 8
LONGEST = 25
LISTS = ("medicine-avoid", "medicine-tell", "call-urgent", "call-other", "unknown-fact")
CASES = (
    "therapy/second-line-esmo",
    "therapy/third-line-nccn",
    "therapy/neoadjuvant-sdh-deficient",
    "therapy/pregnant",
)


def own_texts() -> list[str]:
    language = words_of("en")
    texts = [re.sub(r"\{\w+\}", "it", text) for text in language.sentences.values()]
    return [*texts, *(text for pair in language.questions.values() for text in pair)]


def assert_plain(level: ReadingLevel) -> None:
    assert level.flesch_kincaid <= GRADE_AT_TWELVE
    assert level.automated <= GRADE_AT_TWELVE
    assert level.smog <= SMOG_LIMIT


@pytest.mark.parametrize("masked", [(), terms()["drug"].values], ids=["as written", "names masked"])
def test_the_texts_are_read_at_twelve(masked: tuple[str, ...]) -> None:
    assert_plain(reading_level(own_texts(), masked))


@pytest.mark.parametrize("name", CASES)
def test_a_whole_page_is_read_at_twelve(name: str) -> None:
    assert_plain(reading_level(s.words for s in page(case(name)) if s.id not in LISTS))


def test_no_sentence_is_long() -> None:
    for text in own_texts():
        for part in re.split(r"(?<=[.!?])\s", text):
            assert len(part.split()) <= LONGEST, part


def test_hard_words_on_the_page_are_explained() -> None:
    explained = {term for term, _ in released(ANNA).glossary}
    assert {"GIST", "gene", "rupture", "relapse", "mitoses", "exon", "stage"} <= explained


def test_the_indices_are_the_published_formulas() -> None:
    level = reading_level(["The cat sat on the mat.", "A doctor will see you."])
    assert (level.words, level.sentences) == (11, 2)
    assert level.flesch_kincaid == pytest.approx(0.39 * 5.5 + 11.8 * 12 / 11 - 15.59)
    assert level.smog == pytest.approx(3.1291)
    assert level.automated == pytest.approx(4.71 * 34 / 11 + 0.5 * 5.5 - 21.43)
    with pytest.raises(ValueError, match="no reading level"):
        reading_level(["..."])


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("risk", 1), ("tumour", 2), ("hospital", 3), ("label", 2), ("changes", 2), ("missed", 1),
        ("started", 2), ("table", 2), ("imatinib", 4), ("GIST", 1), ("medicine", 3),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables_in(word) == count


@pytest.mark.parametrize("name", CASES)
def test_every_page_tells_when_to_call_before_anything_else(name: str) -> None:
    copy = case(name)
    assert [part.id for part in copy.parts][:2] == ["about", "call"]
    assert said(copy, "call-emergency")
