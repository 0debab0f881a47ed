"""The arguments of the commands about treatment; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Any]"

GUIDELINES = "for instance ESMO,NCCN (default: all)"


def add(
    commands: Commands,
    command: Callable[..., argparse.ArgumentParser],
    day: Callable[..., None],
) -> None:
    """Add the commands; `command` and `day` are the helpers of `arguments`."""
    variant = command(commands, "variant", "read a mutation as laboratories write it")
    variant.add_argument("texts", metavar="TEXT", nargs="*", help='for instance "KIT V654A"')
    variant.add_argument("--in", dest="source", metavar="FILE.csv", help="read a column of a file")
    variant.add_argument("--column", metavar="NAME", help="its column (default: the only one)")
    treat = command(commands, "treat", "say what can be done, and what must not be")
    treat.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    treat.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    day(treat)
    compare = command(
        commands,
        "compare",
        "where guidelines part, for one patient or (without CASE) for all",
    )
    compare.add_argument("case", metavar="CASE", nargs="?", help="a YAML or JSON file; - reads it")
    compare.add_argument("--guidelines", metavar="NAMES", help=GUIDELINES)
    day(compare)
    drug = command(commands, "drug", "what the labels say of a drug")
    drug.add_argument("name", metavar="NAME", nargs="?", help="for instance imatinib")
    drug.add_argument("section", metavar="SECTION", nargs="?", help="for instance interactions")
    day(drug)
    interactions = command(commands, "interactions", "what the patient's other drugs do")
    interactions.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    interactions.add_argument(
        "--drug", metavar="NAME", help="with this drug (default: the one taken)"
    )
    day(interactions)
