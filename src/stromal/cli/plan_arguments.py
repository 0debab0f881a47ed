"""The arguments of the commands about the plan; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

from stromal.cli.treatment_arguments import GUIDELINES

Commands: TypeAlias = "argparse._SubParsersAction[Any]"
CASE = "a YAML or JSON file; - reads it"
DAY = "YYYY-MM-DD"


def add(
    commands: Commands,
    command: Callable[..., argparse.ArgumentParser],
    day: Callable[..., None],
    read_day: Callable[[str], object],
) -> None:
    """Add the commands; `command`, `day` and `read_day` are the helpers of `arguments`."""
    plan = command(commands, "plan", "one page: what it is, where it stands, what to do and ask")
    plan.add_argument("case", metavar="CASE", help=CASE)
    plan.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    plan.add_argument("--all", action="store_true", help="everything, however long")
    plan.add_argument("--lang", metavar="CODE", default="en", help="language: en (default), zh")
    plan.add_argument(
        "--html", metavar="FILE", help="write a board summary of one page, and a letter"
    )
    plan.add_argument(
        "--pdf",
        nargs=2,
        action="append",
        default=[],
        metavar=("board|letter", "FILE"),
        help="write the board summary or the letter as PDF ([letter]); may be given twice",
    )
    plan.add_argument("--ics", metavar="FILE", help="write the open dates as a calendar file")
    plan.add_argument("--force", action="store_true", help="replace an existing file")
    day(plan)
    diff = command(commands, "diff", "what changed between two days, and because of what")
    diff.add_argument("case", metavar="CASE", help=CASE)
    diff.add_argument("--from", dest="start", metavar=DAY, type=read_day, required=True)
    diff.add_argument(
        "--to", dest="end", metavar=DAY, type=read_day, help="default: all that is known"
    )
    diff.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    diff.add_argument("--all", action="store_true", help="every name and strength")
    what_if = command(commands, "what-if", "what would change if a fact were another")
    what_if.set_defaults(module="stromal.cli.what_if")
    what_if.add_argument("case", metavar="CASE", help=CASE)
    what_if.add_argument(
        "facts", metavar="FACT=VALUE", nargs="+", help='for instance genotype="KIT exon 9"'
    )
    what_if.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    what_if.add_argument("--all", action="store_true", help="every name and strength")
    day(what_if)
