"""What a laboratory report says, as it is typed: values with their units, limits, symptoms.

    values: {haemoglobin: 98 g/L, neutrophils: 0.8 10^9/L, blood pressure: 165/95 mmHg}
    limits: {haemoglobin: 120 to 160 g/L, ALT: up to 40 U/L}

Numbers stay exact fractions of what was written. A number without its unit is a problem with a
remedy, never a guess; only a ratio has no unit. Which tests exist, the dictionary says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.problem import Problem

VALUE_KEYS = ("values", "limits", "baseline", "symptoms")
LABORATORY_KEYS = ("test", "value", *VALUE_KEYS, "fasting")
PRESSURE = ("blood pressure", "bp")
PARTS = ("systolic pressure", "diastolic pressure")
RATIOS = ("inr", "international normalised ratio")
"""Tests whose value has no unit."""
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
_WORDS = (
    ("up to", "<="), ("at most", "<="), ("less than", "<"), ("below", "<"), ("≤", "<="),
    ("at least", ">="), ("from", ">="), ("more than", ">"), ("above", ">"), ("≥", ">="),
)  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?P<unit>(?:[x×]?\s?10[*^³⁹e]|[a-zA-Zµμ%/]).*)?"
_AMOUNT = re.compile(rf"(?P<sign><=|>=|<|>)?\s*(?P<number>{_NUMBER})\s*{_UNIT}")
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*(?:to|-|–)\s*(?P<high>{_NUMBER})\s*{_UNIT}")
_PRESSURE = re.compile(rf"(?P<high>{_NUMBER})\s*/\s*(?P<low>{_NUMBER})\s*(?P<unit>[a-zA-Z].*)?")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit as written; `sign` for '<0.1' and the like, else empty."""

    number: Fraction
    unit: str
    sign: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the laboratory, each None where it gives none."""

    low: Amount | None
    high: Amount | None


@dataclass(frozen=True, slots=True)
class Report:
    """One event's values and limits by the name written, and what goes with them.

    `symptoms` by name, '' for all of the report; `baseline`, `fasting`: None where nobody said.
    """

    values: Mapping[str, Amount]
    limits: Mapping[str, Limits]
    symptoms: Mapping[str, bool]
    baseline: bool | None = None
    fasting: bool | None = None


def read_report(details: Mapping[str, object]) -> tuple[Report, tuple[Problem, ...]]:
    """The report, and a problem (its place is the key) for all that cannot be read."""
    problems: list[Problem] = []
    values: dict[str, Amount] = {}
    for name, raw in _values(details, problems).items():
        value = _value(name, raw)
        if isinstance(value, Problem):
            problems.append(Problem("values", f"{name}: {value.what}", value.remedy))
        else:
            values |= value
    limits: dict[str, Limits] = {}
    for name, raw in _mapping(details, "limits", problems).items():
        limit = _limits(name, raw)
        if isinstance(limit, Problem):
            problems.append(Problem("limits", f"{name}: {limit.what}", limit.remedy))
        else:
            limits[name] = limit
    report = Report(
        values=values,
        limits=limits,
        symptoms=_symptoms(details.get("symptoms"), problems),
        baseline=_yes_or_no(details, "baseline", problems),
        fasting=_yes_or_no(details, "fasting", problems),
    )
    return report, tuple(problems)


def read_amount(text: str) -> Amount | None:
    """'98 g/L', '<0.1 10^9/L', '1.2'; None if it is no number.

    >>> read_amount("0.8 10^9/L").unit
    '10^9/L'
    """
    match = _AMOUNT.fullmatch(_signed(text)) if len(text) <= _LONGEST else None
    if match is None:
        return None
    unit = (match["unit"] or "").strip()
    return Amount(Fraction(match["number"]), unit, match["sign"] or "", text.strip())


def _signed(text: str) -> str:
    text = text.strip()
    for words, sign in _WORDS:
        if text.lower().startswith(words):
            return sign + text[len(words) :]
    return text


def _values(details: Mapping[str, object], problems: list[Problem]) -> dict[str, object]:
    found = _mapping(details, "values", problems)
    test, value = details.get("test"), details.get("value")
    if test in (None, "") and value in (None, ""):
        return found
    if test in (None, "") or value in (None, ""):
        missing, there = ("test", "value") if test in (None, "") else ("value", "test")
        what = f"a {there} without its {missing}"
        problems.append(Problem(there, what, f"add '{missing}: ...', or write 'values: {{...}}'"))
        return found
    if str(test) in found:
        what = f"{test} is given twice, here and under 'values'"
        problems.append(Problem("test", what, "keep one; a second draw is an event of its own"))
        return found
    return {**found, str(test): value}


def _mapping(details: Mapping[str, object], key: str, problems: list[Problem]) -> dict[str, object]:
    raw = details.get(key)
    if raw in (None, ""):
        return {}
    if isinstance(raw, dict):
        return {str(name).strip(): value for name, value in raw.items()}
    remedy = f"write '{key}: {{haemoglobin: {_EXAMPLE[key]}}}'"
    problems.append(Problem(key, "not a list of 'test: value'", remedy))
    return {}


_EXAMPLE = {"values": "98 g/L", "limits": "120 to 160 g/L", "symptoms": "yes"}


def _value(name: str, raw: object) -> dict[str, Amount] | Problem:
    """The value by the name of its test; a blood pressure is two."""
    if not name:
        return Problem(name, "a value without the name of its test", "write 'haemoglobin: 98 g/L'")
    if not isinstance(raw, str):
        return Problem(name, "not one value", "write one number with its unit")
    if name.casefold() in PRESSURE:
        return _pressure(raw)
    amount = read_amount(raw)
    if amount is None:
        return _no_number(name, raw)
    if not amount.unit and name.casefold() not in RATIOS:
        return _no_unit(name, raw)
    return {name: amount}


def _no_number(name: str, raw: str) -> Problem:
    if re.search(r"\d,\d", raw):
        return Problem(name, f"{raw!r} has a comma inside a number", "write 2.5, and 1000 unparted")
    remedy = "for instance '98 g/L', '0.8 10^9/L' or '<0.1 mg/L'; leave out what was not measured"
    return Problem(name, f"{raw!r} is not a number with a unit", remedy)


def _no_unit(name: str, raw: str) -> Problem:
    return Problem(name, f"{raw!r} has no unit", "add the unit that the report prints")


def _pressure(raw: str) -> dict[str, Amount] | Problem:
    match = _PRESSURE.fullmatch(raw.strip())
    if match is None:
        return Problem("", f"{raw!r} is not a blood pressure", "write '165/95 mmHg'")
    if not match["unit"]:
        return Problem("", f"{raw!r} has no unit", f"write '{raw.strip()} mmHg' if that is meant")
    unit, high, low = match["unit"].strip(), Fraction(match["high"]), Fraction(match["low"])
    if high <= low:
        return Problem("", f"{raw!r}: the upper is not above the lower", "write systolic/diastolic")
    ends = (Amount(end, unit, "", raw.strip()) for end in (high, low))
    return dict(zip(PARTS, ends, strict=True))


def _limits(name: str, raw: object) -> Limits | Problem:
    remedy = "write '120 to 160 g/L', 'up to 40 U/L' or 'at least 3.5 mmol/L'"
    if not isinstance(raw, str):
        return Problem(name, "not a limit", remedy)
    match = _RANGE.fullmatch(raw.strip())
    if match:
        ends = [Fraction(match["low"]), Fraction(match["high"])]
        unit = (match["unit"] or "").strip()
        found = Limits(*(Amount(end, unit, "", raw) for end in ends))
        wrong = ends[0] >= ends[1]
    else:
        amount = read_amount(raw)
        if amount is None or not amount.sign:
            what = f"{raw!r} does not say whether it is the upper or the lower limit"
            return Problem(name, what, remedy)
        unit, wrong = amount.unit, False
        is_upper = amount.sign.startswith("<")
        found = Limits(None, amount) if is_upper else Limits(amount, None)
    if wrong:
        return Problem(name, f"{raw!r} runs downwards", "write the smaller number first")
    if not unit and name.casefold() not in RATIOS:
        return _no_unit(name, raw)
    return found


def _yes_or_no(details: Mapping[str, object], key: str, problems: list[Problem]) -> bool | None:
    raw = details.get(key)
    if raw in (None, "", "?"):
        return None
    answer = _ANSWERS.get(str(raw).casefold())
    if answer is None:
        problems.append(Problem(key, f"{raw!r} is neither yes nor no", "write yes, no or ?"))
    return answer


def _symptoms(raw: object, problems: list[Problem]) -> dict[str, bool]:
    """'yes' for the whole report, or by test: {sodium: yes}."""
    given = raw if isinstance(raw, dict) else {"": raw} if raw not in (None, "", "?") else {}
    found: dict[str, bool] = {}
    for name, value in given.items():
        answer = _ANSWERS.get(str(value).casefold())
        if answer is not None:
            found[str(name)] = answer
        elif value not in (None, "?"):
            remedy = "write yes, no, or 'symptoms: {sodium: yes}'"
            problems.append(Problem("symptoms", f"{value!r} is neither yes nor no", remedy))
    return found
