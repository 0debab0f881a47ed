"""How hard an English text is to read, by published indices in school grades of the USA.

Formulas: Flesch-Kincaid (scirep-readability-nd), SMOG and Automated Readability Index
(readability-table-pmc9971903-nd), as the evidence gives them after mending two printing errors.
A grade g is read at an age of about g + 5 years. Syllables are counted by a rule that can err.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """Three indices as grades, from the same counts."""

    words: int
    sentences: int
    flesch_kincaid: float
    smog: float
    automated: float


def reading_level(texts: Iterable[str], masked: Iterable[str] = ()) -> ReadingLevel:
    """The level of whole sentences; names in `masked` (drugs, genes) count as one short word.

    Raises ValueError if there is no word.
    """
    text = " ".join(
        text if text.rstrip().endswith((".", "?", "!")) else f"{text}." for text in texts
    )
    for name in sorted(masked, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "it", text, flags=re.IGNORECASE)
    parts = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for part in parts for word in part]
    if not words:
        raise ValueError("a text without words has no reading level")
    per_sentence = len(words) / len(parts)
    syllables = [syllables_in(word) for word in words]
    letters = sum(len(word) for word in words)
    long_words = sum(count >= 3 for count in syllables)
    return ReadingLevel(
        words=len(words),
        sentences=len(parts),
        flesch_kincaid=0.39 * per_sentence + 11.8 * sum(syllables) / len(words) - 15.59,
        smog=1.0430 * math.sqrt(long_words * 30 / len(parts)) + 3.1291,
        automated=4.71 * letters / len(words) + 0.5 * per_sentence - 21.43,
    )


def syllables_in(word: str) -> int:
    """The syllables of an English word, by its groups of vowels.

    >>> syllables_in("tumour"), syllables_in("hospital"), syllables_in("take")
    (2, 3, 1)
    """
    if word.isupper() and len(word) > 1:  # GIST, MRI: read as a name
        return 1
    text = word.lower()
    if text.endswith("es") and not text.endswith(
        ("ses", "zes", "ches", "shes", "xes", "ges", "ces", "les")
    ):
        text = text[:-2]
    elif text.endswith("e") and not text.endswith(("le", "ee")):
        text = text[:-1]
    elif text.endswith("ed") and not text.endswith(("ted", "ded")):
        text = text[:-2]
    return max(1, len(_VOWELS.findall(text)))
