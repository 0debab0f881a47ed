"""The arguments of `stromal patient`; see `arguments`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[Any]"

WORDS = "write the patient's copy, once a clinician has released it"


def add(
    commands: Commands,
    command: Callable[..., argparse.ArgumentParser],
    day: Callable[..., None],
) -> None:
    """Add the command; `command` and `day` are the helpers of `arguments`."""
    patient = command(
        commands,
        "patient",
        WORDS,
        description=(
            "Write the patient's copy. It is released by an event of kind decision with "
            "'release: patient copy', its day and decided_by; it shows what was known on that day. "
            "Without one the command says 'not released' and answers 1."
        ),
    )
    patient.add_argument("case", metavar="CASE", help="a YAML or JSON file; - reads it")
    patient.add_argument("--lang", metavar="CODE", default="en", help="en or zh (default: en)")
    patient.add_argument("--html", metavar="FILE", help="write one page that can be printed")
    patient.add_argument("--force", action="store_true", help="replace an existing --html file")
    day(patient)
