"""Asking a person, or a file of answers, one line at a time."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from stromal.cli.pages.page import Page, write


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: where questions go and how wide they may be."""

    page: Page
    out: IO[str]

    def say(self, lines: Iterable[str]) -> None:
        """Show lines."""
        write(lines, self.out)

    def ask(self, prompt: str) -> str | None:
        """The next line typed, or None at its end (Ctrl-D). Ctrl-C raises KeyboardInterrupt."""
        if sys.stdin.isatty():
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401 -- editing of the line typed
        self.out.write(prompt)
        self.out.flush()
        if sys.stdin.isatty() and self.out is sys.stdout:
            return _typed()
        line = sys.stdin.readline()
        if not line:
            self.say([""])
            return None
        text = line.strip()
        if not sys.stdin.isatty():
            self.say([text])  # so that the transcript of a file of answers can be read
        return text


def _typed() -> str | None:
    try:
        return input().strip()
    except EOFError:
        return None


def tolerant_input() -> None:
    """Let bytes that are no text reach the reader of values, which refuses them by name."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="backslashreplace")
