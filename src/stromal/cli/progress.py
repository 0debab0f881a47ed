"""A bar for long work, on a terminal only."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import IO

LONG_BYTES = 5_000_000


@contextlib.contextmanager
def bar(raw: IO[bytes], words: str, quiet: bool) -> Iterator[Callable[[], None]]:
    """While a large file is read, each call of what is given moves the bar to its place."""
    size = os.fstat(raw.fileno()).st_size
    if quiet or size < LONG_BYTES or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=size)
        yield lambda: progress.update(task, completed=raw.tell())
