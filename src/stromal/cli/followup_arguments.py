"""The arguments of the command about follow-up; see `arguments`."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable
from typing import Any, TypeAlias

from stromal.cli.treatment_arguments import GUIDELINES

Commands: TypeAlias = "argparse._SubParsersAction[Any]"


def add(
    commands: Commands,
    command: Callable[..., argparse.ArgumentParser],
    day: Callable[..., None],
    read_day: Callable[[str], object],
) -> None:
    """Add the command; `command`, `day` and `read_day` are the helpers of `arguments`."""
    follow = command(commands, "follow-up", "when to look again, by each guideline, with dates")
    follow.set_defaults(module="stromal.cli.follow_up")
    follow.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    follow.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    follow.add_argument(
        "--authority",
        metavar="WORDS",
        help="only the authorities whose names hold one of these words, parted by commas",
    )
    follow.add_argument(
        "--years", type=_years, default=10, metavar="N", help="how far ahead (default: 10)"
    )
    follow.add_argument(
        "--shortest",
        action="store_true",
        help="plan a range of months at its shorter end (default: at its longer)",
    )
    follow.add_argument(
        "--drug-until",
        type=read_day,
        metavar="YYYY-MM-DD",
        help="when the adjuvant drug is to stop, if it goes on",
    )
    follow.add_argument("--full", action="store_true", help="every date, nothing left out")
    follow.add_argument(
        "--compare",
        action="store_true",
        help="where the schedules differ: examination, interval of each year, number, end",
    )
    follow.add_argument(
        "--html", metavar="FILE", help="write the schedules as a picture with all dates"
    )
    follow.add_argument("--ics", metavar="FILE", help="write the open dates as a calendar file")
    follow.add_argument(
        "--update",
        action="store_true",
        help="renew the file: looks keep their identity, those that fell away are cancelled",
    )
    follow.add_argument(
        "--time", type=_time, metavar="HH:MM", help="the time of day in the file, with --zone"
    )
    follow.add_argument("--zone", metavar="NAME", help="its time zone, such as Europe/Berlin")
    follow.add_argument("--force", action="store_true", help="replace an existing file")
    day(follow)


def _time(text: str) -> datetime.time:
    try:
        return datetime.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 -- local by --zone
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day such as 09:00") from None


def _years(text: str) -> int:
    years = int(text) if text.isdecimal() else 0
    if not 1 <= years <= 50:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of years from 1 to 50")
    return years
