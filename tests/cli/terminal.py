"""Running a command as the terminal does, in this process."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from stromal.cli import main

KNOWLEDGE = Path(__file__).parent / "knowledge"
PATIENT = """\
id: p1
title: A man of 29
facts: {sex: male, age: 29, sdhb: retained}
events:
  - id: operation
    day: 2008-03-01
    kind: resection
    facts: {tumour_site: duodenum, tumour_size: 2.5 cm, mitotic_count: 1 per 5 mm2}
"""


@dataclass(frozen=True)
class Ran:
    """What a command answered and wrote."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def stromal(*words: str | Path, typed: str | bytes = "", knowledge: Path | None = KNOWLEDGE) -> Ran:
    """Run `stromal` with the small knowledge of these tests; `typed` is the standard input."""
    argv = [str(word) for word in words]
    if knowledge is not None:
        argv = ["--knowledge", str(knowledge), *argv]
    data = typed.encode() if isinstance(typed, str) else typed
    out, err = io.StringIO(), io.StringIO()
    keyboard = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    environment: Mapping[str, str] = {"COLUMNS": "80"}
    with (
        mock.patch.object(sys, "stdin", keyboard),
        mock.patch.dict("os.environ", environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(argv)
    return Ran(code, out.getvalue(), err.getvalue())
