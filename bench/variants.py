"""How many variant texts are read in a second: distinct texts, and a column in which they recur.

python bench/variants.py [COUNT]
"""

import random
import sys
import time

from stromal.nature.variant import read_variants

RESIDUES = "KPMYEVQWKVVEEINGNNYVYIDPTQLPYDHKWEFPRNRLSF"  # KIT codons 550 to 591
FORMS = (
    "KIT {0}", "KIT exon 11 p.{0}", "c-KIT {0}", "KIT p.({0})", "KIT exon 11 {0}, VAF {1} %",
    "KIT: p.{0} ({1} %)",
)  # fmt: skip


def distinct(count: int) -> list[str]:
    """`count` different texts, drawn alike on every run."""
    draw, found = random.Random(1), dict[str, None]()
    while len(found) < count:
        first, last = sorted(draw.sample(range(len(RESIDUES)), 2))
        name = f"{RESIDUES[first]}{550 + first}_{RESIDUES[last]}{550 + last}del"
        found[draw.choice(FORMS).format(name, draw.randint(1, 9999) / 100)] = None
    return list(found)


def rate(texts: list[str]) -> float:
    start = time.perf_counter()
    read_variants(texts)
    return len(texts) / (time.perf_counter() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    read_variants(distinct(50))
    few, many = distinct(2_000), distinct(min(count, 20_000))
    column = random.Random(2).choices(few, k=count)
    print(f"{count:,} texts of 2,000 distinct: {rate(column):,.0f} a second")
    print(f"{len(many):,} distinct texts: {rate(many):,.0f} a second")


if __name__ == "__main__":
    main()
