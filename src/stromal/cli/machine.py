"""JSON for machines: every value as plain data, sets sorted, open ends as null."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction

from stromal.cli.pages.page import write
from stromal.facts.possible import Choices, Interval, Members, Numbers
from stromal.facts.problem import Problem


def plain_data(value: object) -> object:
    """The value as mappings, lists, texts and numbers only.

    Raises TypeError for what has no such form.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Fraction | datetime.date):
        return _scalar(value)
    if isinstance(value, Numbers | Choices | Members):
        return _possible(value)
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain_data(item) for item in value), key=str)
    if isinstance(value, Sequence):
        return [plain_data(item) for item in value]
    if is_dataclass(value):
        return {f.name: plain_data(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def say_json(data: Mapping[str, object]) -> None:
    """Print one JSON object."""
    text = json.dumps(plain_data(data), ensure_ascii=False, indent=2, allow_nan=False)
    # A lone surrogate in the input has no UTF-8 form; the escaped form says the same.
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = json.dumps(plain_data(data), indent=2, allow_nan=False)
    write([text])


def problems_data(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as JSON has them everywhere: place, what, remedy."""
    return [{"place": p.place, "what": p.what, "remedy": p.remedy} for p in problems]


def _scalar(value: float | Fraction | datetime.date) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value if math.isfinite(value) else None


def _possible(possible: Numbers | Choices | Members) -> dict[str, object]:
    if isinstance(possible, Numbers):
        return {"ranges": [_range(interval) for interval in possible.intervals]}
    if isinstance(possible, Choices):
        return {"values": sorted(possible.values)}
    return {
        "present": sorted(possible.certain),
        "open": sorted(possible.possible - possible.certain),
    }


def _range(interval: Interval) -> dict[str, object]:
    return {
        "low": plain_data(interval.low),
        "high": plain_data(interval.high),
        "low_open": interval.low_open,
        "high_open": interval.high_open,
    }
