"""Ten million patients through one risk scheme, beside what a user would pick instead.

    python bench/decide.py [--patients 10000000] [--repeat 5]

Peers (bench/requirements.in) are installed by `bench/run`. Each peer decides the same patients by
the same table, hand-written for it; all answers are compared before a time is printed.
Every figure is the median of --repeat runs, taken in turn on one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
import zen

from stromal.facts.possible import Choices, Numbers
from stromal.library import load
from stromal.tables.columns import (
    CodedColumn,
    ManyAnswers,
    decide_columns,
    encode_choices,
    encode_numbers,
)
from stromal.tables.compile import CompiledTable
from stromal.tables.decide import decide

SCHEME = "nature/modified-nih-2008"
CLASSES = ("very low", "low", "intermediate", "high")


def registry(patients: int, compiled: CompiledTable) -> dict[str, np.ndarray]:
    """Random patients; 15 % of each fact are unknown (NaN or -1)."""
    random = np.random.default_rng(20080101)
    sites = next(c.term.values for c in compiled.columns if c.term.name == "tumour_site")
    data = {
        "tumour_size": np.round(random.gamma(2.0, 3.0, patients) + 0.1, 1).clip(0.1, 50),
        "mitotic_rate": np.floor(random.gamma(0.8, 8.0, patients)).clip(0, 200),
        "tumour_site": random.integers(0, len(sites), patients).astype(np.int8),
        "rupture_counted": (random.random(patients) < 0.06).astype(np.int8),
    }
    for values in data.values():
        unknown = random.random(patients) < 0.15
        values[unknown] = np.nan if values.dtype.kind == "f" else -1
    return data


def encode(compiled: CompiledTable, data: dict[str, np.ndarray]):
    """Codes for every column of the table."""
    coded = {}
    for column in compiled.columns:
        name = column.term.name
        coder = encode_numbers if isinstance(column.term.domain, Numbers) else encode_choices
        coded[name] = coder(column, data[name])
    return coded


def plain_numpy(index: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The floor: one look-up with the combined code already made."""
    return answers[index]


def polars_expression(stomach: int) -> pl.Expr:
    """The scheme by hand; an unknown that matters gives null (Kleene logic of Polars)."""
    size, rate = pl.col("tumour_size"), pl.col("mitotic_rate")
    gastric, ruptured = pl.col("tumour_site") == stomach, pl.col("rupture_counted") == 1
    high = (
        ruptured
        | (size > 10)
        | (rate > 10)
        | ((size > 5) & (rate > 5))
        | ((rate > 5) & ~gastric)
        | ((size > 5) & ~gastric)
    )
    middle = (rate > 5) | (size > 5)
    return (
        pl.when(high)
        .then(pl.lit(3, pl.Int8))
        .when(high.is_null())
        .then(pl.lit(None, pl.Int8))
        .when(middle)
        .then(pl.lit(2, pl.Int8))
        .when(middle.is_null())
        .then(pl.lit(None, pl.Int8))
        .when(size > 2)
        .then(pl.lit(1, pl.Int8))
        .when(size <= 2)
        .then(pl.lit(0, pl.Int8))
        .otherwise(pl.lit(None, pl.Int8))
    )


def duckdb_query(stomach: int) -> str:
    """The same scheme as CASE."""
    high = " OR ".join((
        "rupture_counted = 1", "tumour_size > 10", "mitotic_rate > 10",
        "(tumour_size > 5 AND mitotic_rate > 5)",
        f"(mitotic_rate > 5 AND tumour_site <> {stomach})",
        f"(tumour_size > 5 AND tumour_site <> {stomach})",
    ))  # fmt: skip
    middle = "(mitotic_rate > 5 OR tumour_size > 5)"
    return (
        f"SELECT CASE WHEN ({high}) THEN 3 WHEN ({high}) IS NULL THEN NULL "
        f"WHEN {middle} THEN 2 WHEN {middle} IS NULL THEN NULL "
        "WHEN tumour_size > 2 THEN 1 WHEN tumour_size <= 2 THEN 0 END::TINYINT AS risk FROM t"
    )


def zen_decision() -> zen.ZenDecision:
    """The same scheme as a JSON Decision Model table, first hit."""
    rules = [
        ("'yes'", "", "", "", "high"),
        ("", "> 10", "", "", "high"),
        ("", "", "> 10", "", "high"),
        ("", "> 5", "> 5", "", "high"),
        ("", "", "> 5", "!= 'stomach'", "high"),
        ("", "> 5", "", "!= 'stomach'", "high"),
        ("", "", "> 5", "", "intermediate"),
        ("", "> 5", "", "", "intermediate"),
        ("", "> 2", "", "", "low"),
        ("", "", "", "", "very low"),
    ]
    inputs = [
        {"id": f"i{n}", "name": name, "field": name}
        for n, name in enumerate(("rupture", "size", "rate", "site"))
    ]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "risk", "field": "risk"}],
        "rules": [
            {
                "_id": f"r{n}",
                **{
                    f"i{m}": cell.replace("!= 'stomach'", "$ != 'stomach'")
                    for m, cell in enumerate(rule[:4])
                },
                "o": f"'{rule[4]}'",
            }
            for n, rule in enumerate(rules)
        ],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "t"},
        {"id": "b", "type": "edge", "sourceId": "t", "targetId": "out"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def as_classes(found: ManyAnswers) -> np.ndarray:
    """Settled answers as places in CLASSES, -1 where several are possible."""
    places = [CLASSES.index(o) if o in CLASSES else -1 for o in found.outcomes()]
    return np.asarray(places, np.int8)[found.answers]


def timed(work: Callable[[], object], repeat: int) -> tuple[float, object]:
    """Median seconds of several runs after one warm-up, and the last result."""
    result = work()
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), result


def scalar_seconds(compiled: CompiledTable, rounds: int = 20000) -> float:
    """Seconds for one patient through the table, answer with its rows."""
    known = {
        "tumour_size": Numbers.exactly(6.0),
        "mitotic_rate": Numbers.exactly(3.0),
        "tumour_site": Choices.of("stomach"),
        "rupture_counted": Choices.of("no"),
    }
    started = time.perf_counter()
    for _ in range(rounds):
        _ = decide(compiled, known).rows
    return (time.perf_counter() - started) / rounds


@dataclass(frozen=True)
class Timed:
    """How long an engine took for so many patients."""

    name: str
    seconds: float
    patients: int

    @property
    def rate(self) -> float:
        """Patients per second."""
        return self.patients / self.seconds


def stromal_runs(
    compiled: CompiledTable, data: dict[str, np.ndarray], repeat: int
) -> tuple[list[Timed], ManyAnswers, dict[str, CodedColumn]]:
    """Decide from coded columns, and from raw ones."""
    patients = len(data["tumour_size"])
    encoding, coded = timed(lambda: encode(compiled, data), repeat)
    deciding, found = timed(lambda: decide_columns(compiled, coded), repeat)
    runs = [
        Timed("stromal, coded columns", deciding, patients),
        Timed("stromal, raw columns (encode + decide)", encoding + deciding, patients),
    ]
    return runs, found, coded


def numpy_run(coded: dict[str, CodedColumn], repeat: int) -> Timed:
    """The floor: the combined code is there already, one look-up is left."""
    columns = list(coded.values())
    index = np.zeros(len(columns[0].codes), np.uint16)
    for column in columns:
        index = index * np.uint16(len(column.meanings)) + column.codes
    table = np.arange(int(index.max()) + 1, dtype=np.uint8)
    taken, _ = timed(lambda: plain_numpy(index, table), repeat)
    return Timed("numpy look-up, combined code ready", taken, len(index))


def frame_of(data: dict[str, np.ndarray]) -> pl.DataFrame:
    """The raw columns with nulls for what is unknown."""
    return pl.DataFrame(
        {
            name: pl.Series(values).fill_nan(None)
            if values.dtype.kind == "f"
            else pl.Series(np.maximum(values, 0)).set(pl.Series(values < 0), None)
            for name, values in data.items()
        }
    )


def peers(frame: pl.DataFrame, stomach: int, repeat: int) -> tuple[list[Timed], np.ndarray]:
    """Polars and DuckDB on the raw columns, and what Polars answers."""
    expression = polars_expression(stomach).alias("risk")
    by_polars, answer = timed(lambda: frame.select(expression), repeat)
    base = duckdb.connect()
    base.execute(f"SET threads TO {os.cpu_count()}")
    base.register("t_arrow", frame.to_arrow())
    base.execute("CREATE TABLE t AS SELECT * FROM t_arrow")
    by_duckdb, rows = timed(lambda: base.sql(duckdb_query(stomach)).to_arrow_table(), repeat)
    mine, theirs = answer["risk"].fill_null(-1), pl.from_arrow(rows)["risk"].fill_null(-1)
    assert (mine == theirs).all(), "Polars and DuckDB differ"
    runs = [
        Timed("polars when/then, raw columns", by_polars, len(frame)),
        Timed("duckdb CASE, raw columns", by_duckdb, len(frame)),
    ]
    return runs, mine.to_numpy()


def zen_run(data: dict[str, np.ndarray], few: int = 20_000) -> Timed:
    """zen-engine, one patient at a time; it has no unknown, so all are made known."""
    decision = zen_decision()
    sizes = np.nan_to_num(data["tumour_size"][:few], nan=3.0)
    rates = np.nan_to_num(data["mitotic_rate"][:few])
    known = [
        {"rupture": "no", "size": float(size), "rate": float(rate), "site": "stomach"}
        for size, rate in zip(sizes, rates, strict=True)
    ]
    taken, _ = timed(lambda: [decision.evaluate(one) for one in known], 1)
    return Timed("zen-engine JSON Decision Model", taken, len(known))


def report(runs: list[Timed]) -> None:
    """One line for each engine, with the ratios to the first two (Stromal coded and raw)."""
    coded, raw = runs[0].rate, runs[1].rate
    for run in runs:
        print(
            f"  {run.name:40} {run.seconds:9.4f} s {run.rate / 1e6:9.3f} million/s   "
            f"stromal {coded / run.rate:9.1f} x coded, {raw / run.rate:8.1f} x raw"
        )


def main() -> None:
    """Print one line per engine: patients per second and the ratio to Stromal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    compiled = load(rooms=("nature",)).compiled[SCHEME]
    sites = next(c.term.values for c in compiled.columns if c.term.name == "tumour_site")
    stomach = sites.index("stomach")
    data = registry(args.patients, compiled)
    runs, found, coded = stromal_runs(compiled, data, args.repeat)
    others, theirs = peers(frame_of(data), stomach, args.repeat)
    mine = as_classes(found)
    # What Polars settles Stromal settles alike; Stromal may settle more, never less.
    agree = (mine == theirs) | (theirs == -1)
    assert agree.all(), f"Polars differs for {np.flatnonzero(~agree)[:5]}"
    print(
        f"{args.patients:,} patients, {os.cpu_count()} cores, medians of {args.repeat}; "
        f"settled by Stromal {np.mean(mine >= 0):.3f}, by Polars {np.mean(theirs >= 0):.3f}"
    )
    report([*runs, numpy_run(coded, args.repeat), *others, zen_run(data)])
    print(f"  one patient, one table, with its rows: {1e6 * scalar_seconds(compiled):.1f} us")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {len(coded)} bytes of codes and 1 of answer a patient; peak {peak:.0f} MB in all")


if __name__ == "__main__":
    main()
