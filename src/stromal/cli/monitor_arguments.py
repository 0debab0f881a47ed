"""The arguments of the command about monitoring; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Any]"
DESCRIPTION = (
    "Blood, side effects and what the label then asks, by both versions of CTCAE; what is due; "
    "refills, questionnaires and the diary."
)


def add(
    commands: Commands, command: Callable[..., argparse.ArgumentParser], day: Callable[..., None]
) -> None:
    """Add the command; `command` and `day` are the helpers of `arguments`."""
    words = "blood, side effects, taking and diary under treatment, with the label's steps"
    monitor = command(commands, "monitor", words, description=DESCRIPTION)
    monitor.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    monitor.add_argument("--test", metavar="NAME", help="one test with every value")
    monitor.add_argument("--ctcae", choices=("5", "6"), help="one version only (default: both)")
    monitor.add_argument("--html", metavar="FILE", help="write a page with curves, for printing")
    monitor.add_argument("--force", action="store_true", help="replace an existing file")
    day(monitor)
