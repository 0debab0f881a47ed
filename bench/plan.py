"""One fact changes: processor milliseconds until the whole plan stands again, warm.

python bench/plan.py [ESMO,NCCN]      (all guidelines by itself)
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from stromal.facts.possible import Choices, Numbers, Possible
from stromal.facts.record import Record, read_record_file
from stromal.library import Library, load
from stromal.plan.make import Made, make_plan

ROOT = Path(__file__).parents[1]
CASES = sorted((*ROOT.glob("cases/published/*.yaml"), *ROOT.glob("cases/long/*.yaml")))
CHANGES: dict[str, Possible] = {
    "progression": Choices.of("general"),
    "genotype": Choices.of("KIT exon 9"),
    "tumour_size": Numbers.between(6, 6),
    "resection_margin": Choices.of("R1"),
    "pregnancy": Choices.of("not possible"),
}
ROUNDS = 5
LIMIT = 20.0


def main() -> None:
    """Print the median, the 95th percentile and the slowest change, and how many are in time."""
    guidelines = tuple(sys.argv[1].split(",")) if len(sys.argv) > 1 else ()
    library = load()
    found = sorted(
        (median_time(library, record, made, guidelines, name), f"{record.id}, {name}")
        for record, made in plans(library, guidelines)
        for name in CHANGES
    )
    times = [milliseconds for milliseconds, _ in found]
    within = sum(milliseconds <= LIMIT for milliseconds in times)
    print(
        f"{len(times)} changes in {len(CASES)} patients: median {statistics.median(times):.1f} ms, "
        f"95th percentile {times[int(0.95 * len(times))]:.1f}, slowest {times[-1]:.1f} "
        f"({found[-1][1]}); {within} of {len(times)} within {LIMIT:g} ms"
    )


def plans(library: Library, guidelines: tuple[str, ...]) -> list[tuple[Record, Made]]:
    """Every patient with the plan as it stands."""
    records = [read_record_file(path) for path in CASES]
    return [(record, make_plan(library, record, None, guidelines)) for record in records]


def median_time(
    library: Library, record: Record, made: Made, guidelines: tuple[str, ...], name: str
) -> float:
    """The median of some rounds for one change, after one that is not counted."""
    assume = {name: CHANGES[name]}
    seconds = []
    for _ in range(ROUNDS + 1):
        started = time.process_time()
        make_plan(library, record, None, guidelines, assume, last=made)
        seconds.append(time.process_time() - started)
    return 1000 * statistics.median(seconds[1:])


if __name__ == "__main__":
    main()
