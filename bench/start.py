"""How long a person waits: whole processes, cold, median of several runs.

python bench/start.py [--runs 15]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = (
    ("--help",),
    ("assess", str(ROOT / "cases" / "published" / "duodenum-29m.yaml")),
    ("treat", str(ROOT / "cases" / "published" / "rectum-46m.yaml")),
    ("check",),
)


def seconds(words: tuple[str, ...], environment: dict[str, str]) -> float:
    """One run of the command, from its start to its end."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "stromal", *words]
    subprocess.run(command, check=False, capture_output=True, env=environment)
    return time.perf_counter() - started


def main() -> None:
    """Print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    # As in a real installation, where the modules are compiled once.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for words in COMMANDS:
        seconds(words, environment)
        taken = [seconds(words, environment) for _ in range(runs)]
        name = f"stromal {words[0]}"
        print(
            f"{name:16} median {statistics.median(taken):.3f} s, "
            f"fastest {min(taken):.3f}, slowest {max(taken):.3f}"
        )


if __name__ == "__main__":
    main()
