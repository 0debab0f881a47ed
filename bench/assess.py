"""One whole assessment, warm: median processor milliseconds over published patients.

python bench/assess.py
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from stromal.facts.record import read_record_file
from stromal.library import load
from stromal.plan.assess import assess_record

CASES = sorted(Path(__file__).parents[1].glob("cases/published/*.yaml"))
ROUNDS = 20


def main() -> None:
    """Print the median, the fastest and the slowest patient."""
    library = load(rooms=("nature",))
    medians = {}
    for path in CASES:
        record = read_record_file(path)
        assess_record(library, record)
        seconds = []
        for _ in range(ROUNDS):
            started = time.process_time()
            assess_record(library, record)
            seconds.append(time.process_time() - started)
        medians[path.stem] = 1000 * statistics.median(seconds)
    slowest = max(medians, key=lambda name: medians[name])
    print(
        f"{len(medians)} patients: median {statistics.median(medians.values()):.2f} ms, "
        f"fastest {min(medians.values()):.2f}, slowest {medians[slowest]:.2f} ({slowest})"
    )


if __name__ == "__main__":
    main()
