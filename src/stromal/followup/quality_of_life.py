"""EORTC QLQ-C30 version 3: scores from the numbers of the answers.

The questions themselves need a licence of the EORTC and are not here; items are known by number
only. Rules: proscorer-2024 (full). Nothing here starts, stops or doses a drug.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.problem import Problem

ITEMS = 30
MOST = {item: 7 if item >= 29 else 4 for item in range(1, ITEMS + 1)}


@dataclass(frozen=True, slots=True)
class Scale:
    """`kind`: global, function (100 is best) or symptom (100 is worst)."""

    code: str
    name: str
    items: tuple[int, ...]
    kind: str

    @property
    def range(self) -> int:
        """The greatest difference between two answers."""
        return MOST[self.items[0]] - 1


SCALES = (
    Scale("QL", "global quality of life", (29, 30), "global"),
    Scale("PF", "physical function", (1, 2, 3, 4, 5), "function"),
    Scale("RF", "role function", (6, 7), "function"),
    Scale("EF", "emotional function", (21, 22, 23, 24), "function"),
    Scale("CF", "cognitive function", (20, 25), "function"),
    Scale("SF", "social function", (26, 27), "function"),
    Scale("FA", "fatigue", (10, 12, 18), "symptom"),
    Scale("NV", "nausea and vomiting", (14, 15), "symptom"),
    Scale("PA", "pain", (9, 19), "symptom"),
    Scale("DY", "breathlessness", (8,), "symptom"),
    Scale("SL", "sleeplessness", (11,), "symptom"),
    Scale("AP", "loss of appetite", (13,), "symptom"),
    Scale("CO", "constipation", (16,), "symptom"),
    Scale("DI", "diarrhoea", (17,), "symptom"),
    Scale("FI", "financial difficulties", (28,), "symptom"),
)
IN_SUMMARY = tuple(scale for scale in SCALES if scale.code not in ("QL", "FI"))


@dataclass(frozen=True, slots=True)
class Scores:
    """Each scale from 0 to 100, None where too few items were answered; the summary likewise."""

    scales: Mapping[str, Fraction | None]
    summary: Fraction | None


def score(answers: Mapping[int, int], version: str = "3.0") -> Scores | tuple[Problem, ...]:
    """The scores of one questionnaire, or every answer that cannot be right.

    `answers`: item number to answer; a missing item is left out. A scale is scored if at least half
    of its items were answered.
    """
    if problems := _wrong(answers, version):
        return problems
    scales = {scale.code: _score(scale, answers) for scale in SCALES}
    return Scores(scales, _summary(scales))


def _wrong(answers: Mapping[int, int], version: str) -> tuple[Problem, ...]:
    if version != "3.0":
        what = f"version {version!r}: its physical function is asked otherwise"
        return (Problem("version", what, "only version 3.0 is scored"),)
    return tuple(
        Problem(f"item {item}", f"answer {answer!r}", _allowed(item))
        for item, answer in answers.items()
        if type(answer) is not int or not 1 <= answer <= MOST.get(item, 0)
    )


def _allowed(item: int) -> str:
    return f"write 1 to {MOST[item]}" if item in MOST else f"items are 1 to {ITEMS}"


def _score(scale: Scale, answers: Mapping[int, int]) -> Fraction | None:
    answered = [answers[item] for item in scale.items if item in answers]
    if 2 * len(answered) < len(scale.items):
        return None
    raw = Fraction(sum(answered), len(answered))
    share = (raw - 1) / scale.range
    return 100 * (1 - share if scale.kind == "function" else share)


def _summary(scales: Mapping[str, Fraction | None]) -> Fraction | None:
    """The mean of 13 scales, symptoms turned round; only if all are there."""
    parts: list[Fraction] = []
    for scale in IN_SUMMARY:
        value = scales[scale.code]
        if value is None:
            return None
        parts.append(value if scale.kind == "function" else 100 - value)
    return sum(parts, Fraction(0)) / len(parts)
