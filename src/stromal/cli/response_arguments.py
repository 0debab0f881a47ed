"""The arguments of the command about the response to treatment; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Any]"
CRITERIA = ("recist", "gist", "choi", "pet")
DESCRIPTION = (
    "How the tumour answers to each drug, from the lesions typed into the imaging events. Where "
    "trials or publications differ every reading is shown; an option settles on one."
)


def add(
    commands: Commands, command: Callable[..., argparse.ArgumentParser], day: Callable[..., None]
) -> None:
    """Add the command; `command` and `day` are the helpers of `arguments`."""
    words = "how the tumour answers to its drugs: RECIST, Choi, PET, growth"
    response = command(commands, "response", words, description=DESCRIPTION)
    response.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    response.add_argument(
        "--criteria", type=_criteria, default=CRITERIA, metavar="NAMES",
        help=f"{', '.join(CRITERIA)}, with commas, or all (the default)",
    )  # fmt: skip
    response.add_argument("--guidelines", metavar="NAMES", help="for instance ESMO,NCCN")
    _settings(response)
    response.add_argument("--html", metavar="FILE", help="write a page with a chart, for printing")
    response.add_argument("--svg", metavar="FILE", help="write the chart alone")
    response.add_argument("--force", action="store_true", help="replace an existing file")
    day(response)


def _settings(response: argparse.ArgumentParser) -> None:
    group = response.add_argument_group("settings (without one, every reading is shown)")
    group.add_argument(
        "--least-stable", type=_days, metavar="DAYS",
        help="days from the start before SD counts (protocols: 42 or 56)",
    )  # fmt: skip
    group.add_argument(
        "--confirm-after", type=_days, metavar="DAYS",
        help="days to the confirmation of a response (28; 0: none is asked)",
    )  # fmt: skip
    group.add_argument(
        "--most-not-evaluable", type=_days, default=1, metavar="N",
        help="scans called NE that are allowed before the confirmation (default: 1)",
    )  # fmt: skip
    group.add_argument(
        "--accept-stable", action="store_true", help="allow one SD before the confirmation of a PR"
    )
    group.add_argument(
        "--drift", choices=("keep", "strict"),
        help="after a confirmed PR: keep the label while the sum drifts up, or strict arithmetic",
    )  # fmt: skip
    group.add_argument(
        "--choi-size", type=_percent, default=10, metavar="N", help="per cent (default: 10)"
    )
    group.add_argument(
        "--choi-density", type=_percent, default=15, metavar="N", help="per cent (default: 15)"
    )
    group.add_argument(
        "--choi-border", choices=("at-least", "more-than"), help="whether the border itself counts"
    )
    group.add_argument(
        "--growth-from", choices=("baseline", "nadir"), help="where Choi counts growth from"
    )
    group.add_argument(
        "--error", type=_millimetres, metavar="MM",
        help="by how many mm a size may be wrong; gives two sizes an interval",
    )  # fmt: skip


def _criteria(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(","))
    if names == ("all",):
        return CRITERIA
    for name in names:
        if name not in CRITERIA:
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(CRITERIA)}, all")
    return names


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 3650")
    return int(text)


def _percent(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100")
    return int(text)


def _millimetres(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of millimetres up to 100")
    return number
