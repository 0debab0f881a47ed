"""The words in which pathologists write a mitotic count, read part by part.

Every part of the text must be understood; one that is not is named, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from stromal.facts.possible import INFINITY, Numbers
from stromal.facts.problem import Problem

PLACE = "mitotic_count"
LONGEST_TEXT = 300
_FORMS = "write '4 per 5 mm2', or '7 per 50 HPF, field number 22, objective 40'"
_NUMBER = r"\d+(?:\.\d+)?"
_FIELDS = r"hpfs?|high[- ]power(?:ed)?[- ]fields?|fields?"
_FIGURES = r"mitoses|mitosis|mitotic figures?|figures?|mf"
_COUNT = (
    rf"(?P<none>no|none|zero)|(?P<sign><=|>=|<|>)\s*(?P<bound>{_NUMBER})"
    rf"|(?P<low>{_NUMBER})(?:\s*(?:to|-)\s*(?P<high>{_NUMBER}))?"
)
_HEAD = re.compile(
    rf"(?:(?:mitotic (?:count|rate|index|figures)|mitoses)\s*:?\s*)?(?:{_COUNT})\s*(?:{_FIGURES})?"
    rf"\s*(?:per|/|in)\s*(?P<amount>{_NUMBER})?\s*(?P<what>mm2|{_FIELDS})(?P<rest>.*)"
)
_COUNT_ALONE = re.compile(
    rf"(?P<before>(?:mitotic )?count|mitoses)?\s*:?\s*(?:{_COUNT})\s*(?P<after>{_FIGURES})?"
)
_SPELLINGS = (
    (r"[²]|\^2", "2"), (r"[×✕]", "x"), ("≤", "<="), ("≥", ">="), (r"[–—−]", "-"), ("[µμ]", "u"),
    (r"_", " "), (r"sq(?:uare|\.)? ?(?:mm|millimet(?:re|er)s?)", "mm2"),
    (r"\b(?:at least|not less than)", ">="), (r"\b(?:at most|up to|not more than)", "<="),
    (r"\b(?:more|greater) than|\bover\b", ">"), (r"\b(?:less|fewer) than|\bunder\b", "<"),
    (r"\s+", " "),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), to) for pattern, to in _SPELLINGS)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text states, nothing added. Lengths in mm, areas in mm2."""

    count: Numbers
    area: float | None = None
    fields: float | None = None
    field_area: float | None = None
    field_diameter: float | None = None
    field_number: float | None = None
    objective: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parts:
    numbers: dict[str, float] = field(default_factory=dict)
    count: Numbers | None = None
    notes: list[str] = field(default_factory=list)


def read_said(text: str) -> Said | Problem:
    """Read the parts of a count; the first part that cannot be read is the problem."""
    if len(text) > LONGEST_TEXT:
        return Problem(PLACE, f"the count is longer than {LONGEST_TEXT} characters", _FORMS)
    plain = _plain(text)
    if re.search(r"\d,\d", plain):
        return Problem(
            PLACE, f"{text!r} has a comma inside a number", "write 0.55, and 1000 as 1000"
        )
    parts = _Parts()
    for part in re.split(r"[,;()]|\band\b|\bwith\b", plain):
        problem = _read_part(parts, part.strip(" .:"))
        if problem:
            return problem
    if parts.count is None:
        return Problem(PLACE, f"{text!r} has no count of mitoses", _FORMS)
    return Said(parts.count, notes=tuple(parts.notes), **parts.numbers)


def _plain(text: str) -> str:
    text = text.strip().lower()
    for pattern, to in _PATTERNS:
        text = pattern.sub(to, text)
    return text.strip()


def _read_part(parts: _Parts, part: str) -> Problem | None:
    if not part:
        return None
    if match := _HEAD.fullmatch(part):
        return _read_head(parts, match)
    match = _COUNT_ALONE.fullmatch(part)
    if match and (match["before"] or match["after"]):
        return _keep_count(parts, part, _count_of(match))
    for pattern, keep in _QUALIFIERS:
        if match := pattern.fullmatch(part):
            return keep(parts, part, match)
    return Problem(PLACE, f"{part!r} is not understood", _FORMS)


def _read_head(parts: _Parts, match: re.Match[str]) -> Problem | None:
    name = "area" if match["what"] == "mm2" else "fields"
    problem = _keep_count(parts, match[0], _count_of(match))
    problem = problem or _keep(parts, match[0], name, float(match["amount"] or 1))
    return problem or _read_part(parts, match["rest"].strip(" .:="))


def _count_of(match: re.Match[str]) -> Numbers:
    """The count; empty if its ends run downwards."""
    if match["none"]:
        return Numbers.exactly(0.0)
    if match["sign"]:
        bound, is_open = float(match["bound"]), "=" not in match["sign"]
        if match["sign"].startswith("<"):
            return Numbers.between(0.0, bound, high_open=is_open)
        return Numbers.between(bound, INFINITY, low_open=is_open)
    low = float(match["low"])
    return Numbers.between(low, float(match["high"] or low))


def _keep_count(parts: _Parts, part: str, count: Numbers) -> Problem | None:
    if count.is_empty():
        return Problem(PLACE, f"no count fits {part!r}", "write the smaller number first")
    if parts.count is not None and parts.count != count:
        return Problem(PLACE, "two counts are given", "enter two reports as two events")
    parts.count = count
    return None


def _keep(parts: _Parts, part: str, name: str, number: float) -> Problem | None:
    if parts.numbers.setdefault(name, number) != number:
        return Problem(PLACE, f"{part!r} gives {name.replace('_', ' ')} a second time", "keep one")
    return None


Keeper = Callable[[_Parts, str, "re.Match[str]"], Problem | None]


def _number_of(name: str) -> Keeper:
    def keep(parts: _Parts, part: str, match: re.Match[str]) -> Problem | None:
        return _keep(parts, part, name, float(match["n"]))

    return keep


def _measured(name: str, unit: str) -> Keeper:
    """As `_number_of`, for a quantity that means nothing without its unit."""

    def keep(parts: _Parts, part: str, match: re.Match[str]) -> Problem | None:
        number, given = float(match["n"]), match["unit"]
        if not given:
            return Problem(
                PLACE, f"{part!r} has no unit", f"write '{part} {unit}' if that is meant"
            )
        return _keep(parts, part, name, number / 1000 if given == "um" else number)

    return keep


def _magnification(parts: _Parts, part: str, match: re.Match[str]) -> Problem | None:
    """'40x' is an objective; '400x' is objective and eyepiece together and says no field size."""
    number = float(match["n"])
    if number <= 100:
        return _keep(parts, part, "objective", number)
    parts.notes.append(
        f"{part}: objective and eyepiece together; it does not say how wide a field is"
    )
    return None


def _note(parts: _Parts, part: str, _: re.Match[str]) -> Problem | None:
    parts.notes.append(part)
    return None


_N = rf"\s*(?:of|:|=)?\s*(?P<n>{_NUMBER})\s*"
_AREA = r"(?P<unit>mm2)?"
_LENGTH = r"(?P<unit>mm|um)?"
_QUALIFIERS: tuple[tuple[re.Pattern[str], Keeper], ...] = tuple(
    (re.compile(pattern), keep)
    for pattern, keep in (
        (rf"(?:eyepiece |ocular )?(?:field number|fn){_N}(?:mm)?", _number_of("field_number")),
        (rf"(?:eyepiece|ocular) ?{_NUMBER} ?x ?/{_N}", _number_of("field_number")),
        (rf"(?:eyepiece|ocular) ?{_NUMBER} ?x", _note),
        (rf"objective{_N}x?", _number_of("objective")),
        (rf"(?:at )?{_N}x(?: objective| magnification)?", _magnification),
        (rf"(?:at )?(?:magnification )?(?:x|magnification){_N}x?", _magnification),
        (rf"(?:field |hpf )?diameter{_N}{_LENGTH}", _measured("field_diameter", "mm")),
        (rf"{_N}{_LENGTH}(?: field)? diameter", _measured("field_diameter", "mm")),
        (rf"(?:(?:field|hpf) (?:area|size)|each){_N}{_AREA}", _measured("field_area", "mm2")),
        (rf"{_N}{_AREA} ?(?:each|(?:per|/) ?(?:field|hpf))", _measured("field_area", "mm2")),
        (
            rf"(?:(?:counted |total )?area|in all|in total|total){_N}{_AREA}",
            _measured("area", "mm2"),
        ),
        (rf"{_N}(?P<unit>mm2)(?: in all| in total)?", _measured("area", "mm2")),
        (rf"(?:{_FIELDS}){_N}", _number_of("fields")),
        (rf"{_N}(?:{_FIELDS})", _number_of("fields")),
        (
            r"(?:in )?(?:a |the )?(?:hot ?spots?|most active areas?|average|mean|random fields)",
            _note,
        ),
    )
)
