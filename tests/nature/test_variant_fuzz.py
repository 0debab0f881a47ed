"""No text makes the reader raise or guess.

The quick run draws 4,000 texts; `pytest -m slow tests/nature/test_variant_fuzz.py` draws 140,000,
of which more than 100,000 differ.
"""

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stromal.nature.variant import read_variant
from stromal.nature.variant_reading import ALL_CLASSES, VariantReading
from stromal.nature.variant_report import read_report
from stromal.nature.variant_words import PHRASES

SEEDS = (
    "KIT exon 11 p.Trp557_Lys558del", "PDGFRA D842V", "KIT exon 9 A502_Y503dup", "BRAF V600E",
    "KIT exons 9, 11, 13, 17 and PDGFRA 12, 14, 18 wild type", "ETV6::NTRK3 fusion",
    "SDHB loss by IHC", "NM_000222.3:c.1669_1674del (p.Trp557_Lys558del)", "KRAS G12D, VAF 12 %",
    "KIT V654A acquired under imatinib", "NF1 p.Arg1276*", "KIT exon 11 not tested",
    "PDGFRA exon 18 not detected", "quadruple wild type", "KIT c.1648-5_1670del", "KIT 557-558del",
    "KPMYEVQWK550-558DEL", "exon 9 dup 1530ins6", "germline SDHA R31X", "KIT GNNK- D812V",
)  # fmt: skip
PIECES = (
    "KIT", "PDGFRA", "exon", "11", "18", "p.", "c.", "D842V", "W557", "_", "K558", "del", "dup",
    "ins", "fs", "*", "=", ">", "not", "no", "wild type", "detected", "VUS", "(", ")", ";", ":",
    "-", "/", "fusion", "NTRK3", "SDHB", "lost", "%", "VAF", "0.3", "imatinib", "after", "primary",
    "secondary", "codon", "842", "557", "1669_1674", "é", "α", "\x00", "\n", "٣", "²", "’", "🙂",
)  # fmt: skip
GENE = re.compile(
    "kit|pdgfr|raf|ras|sdh|nf1|neurofib|recklingh|ntrk|fgf|alk|ros1|ret|met|nrg1|nm_|np_|enst|ensg"
    "|rs\\d|nf[\\s-]?1|carney|quad|mayo|michigan|labcorp|nf.type|succinate|trk",
    re.IGNORECASE,
)
GENELESS = re.compile(r"\d{3}|1530", re.IGNORECASE)


def texts(seed: int, count: int) -> Iterator[str]:
    draw = random.Random(seed)
    for _ in range(count):
        yield _mutated(draw) if draw.random() < 0.6 else _joined(draw)


def _mutated(draw: random.Random) -> str:
    letters = list(draw.choice(SEEDS))
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(letters) + 1)
        match draw.randrange(3):
            case 0:
                letters[place : place + draw.randint(1, 3)] = []
            case 1:
                letters.insert(place, draw.choice(PIECES))
            case _:
                letters[place : place + 1] = chr(draw.choice((32, 45, 48, 65, 97, 937)) + 1)
    return "".join(letters)


def _joined(draw: random.Random) -> str:
    return draw.choice(("", " ")).join(draw.choices(PIECES, k=draw.randint(0, 9)))


def guesses(text: str, reading: VariantReading) -> list[str]:
    """Whatever the reading claims without a ground in the text."""
    found = []
    certain = not reading.problems
    if not reading.genotype or not reading.genotype <= ALL_CLASSES:
        found.append("no legal class")
    if reading.problems and (reading.genotype != ALL_CLASSES or reading.variant_class):
        found.append("a class in spite of a problem")
    if reading.genotype != ALL_CLASSES and not (GENE.search(text) or GENELESS.search(text)):
        found.append("a class without a gene")
    if reading.variant_class == "PDGFRA exon 18 D842V" and not re.search("842|2525|2093", text):
        found.append("D842V that is not there")
    if reading.codon_first and reading.kind in ("substitution", "deletion") and certain:
        found += [] if grounded(text, reading) else ["a codon that is not there"]
    if reading.allele_fraction is not None and not 0 <= reading.allele_fraction <= 1:
        found.append("an impossible allele fraction")
    exons = {int(n) for n in re.findall(r"\d+", text, re.ASCII)}
    if reading.kind == "exon word" and set(reading.exons) - exons and "-" not in text:
        found.append("an exon that is not there")
    return found


def grounded(text: str, reading: VariantReading) -> bool:
    """Whether the codon stands in the text, as codon, base, genome position or rs number."""
    numbers = [int(number) for number in re.findall(r"\d+", text, re.ASCII)]
    codon = reading.codon_first or 0
    bases = range(3 * codon - 2, 3 * codon + 1)
    by_name = any(number > 50_000_000 for number in numbers) or "rs" in text.lower()
    moved = "GNNK" in text.upper() and codon - 4 in numbers
    return codon in numbers or any(base in numbers for base in bases) or by_name or moved


def check(seed: int, count: int) -> None:
    guessed = [(t, g) for t in texts(seed, count) if (g := guesses(t, read_variant(t)))]
    assert guessed == []


def test_four_thousand_broken_texts_are_read_without_a_crash_or_a_guess() -> None:
    check(seed=20261124, count=4_000)


@pytest.mark.slow
def test_a_hundred_thousand_broken_texts_are_read_without_a_crash_or_a_guess() -> None:
    assert len(set(texts(seed=1, count=140_000))) >= 100_000
    check(seed=1, count=140_000)


@given(st.text(max_size=200))
def test_any_text_is_read_without_raising(text: str) -> None:
    assert guesses(text, read_variant(text)) == []
    assert read_report([text]).genotype <= ALL_CLASSES


@given(st.sampled_from(SEEDS), st.text("abcdefghijklmnopqrstuvwxyz", min_size=11, max_size=14))
def test_an_unknown_word_leaves_every_class_possible(seed: str, word: str) -> None:
    assume(word not in PHRASES)
    reading = read_variant(f"{seed} {word}")
    assert reading.genotype == ALL_CLASSES
    assert reading.problems
