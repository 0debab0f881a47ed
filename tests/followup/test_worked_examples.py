"""The worked examples of the evidence on follow-up: vectors/examples.csv names the test of each."""

import ast
import csv
import datetime
from pathlib import Path

import pytest

from followup.looks import sums
from followup.patients import planned
from stromal.followup.calendar import Request, Rule, line, phases
from stromal.followup.months import add_months, read_interval, read_step
from stromal.followup.recist import Response, Settings, time_points

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).with_name("vectors") / "examples.csv"
SURGERY = datetime.date(2020, 3, 31)
STOP = add_months(SURGERY, 36)
ANCHORS = {"surgery": SURGERY, "stop": STOP}
FROM_SURGERY = "surgery 0 60 {}; surgery 60 open 12"
AFTER_STOP = "stop 0 24 {}; stop 24 60 6; stop 60 120 12"


def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def examples() -> list[dict[str, str]]:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("one", examples(), ids=lambda one: f"{one['section']} {one['example']}")
def test_every_worked_example_has_a_test_or_says_that_it_is_not_built(one) -> None:
    if not one["test"].startswith("not built: "):
        path, _, name = one["test"].partition("::")
        assert name in functions_in(path)


def scans(scheme: str, years: int) -> int:
    """How many scans a scheme has: "anchor from until every", in months, parted by semicolons."""
    rules = []
    for number, stage in enumerate(scheme.split("; ")):
        anchor, begins, until, every = stage.split()
        rules.append(
            Rule("scheme", str(number), "one", "CT", read_interval(every), every,
                 read_step(begins), until, anchor)
        )  # fmt: skip
    spans = {"0": (SURGERY, STOP)} if "stop" in scheme else {}
    until = add_months(SURGERY, 12 * years)
    return len(line(phases(rules, ANCHORS, spans), Request(until=until, grace=14)).looks)


@pytest.mark.parametrize(
    ("scheme", "to_10", "to_13"),
    [
        (FROM_SURGERY.format(6), 15, 18),
        (FROM_SURGERY.format(3), 25, 28),
        (f"surgery 0 36 6; {AFTER_STOP.format(3)}", 22, 25),
        (f"surgery 0 36 3; {AFTER_STOP.format(3)}", 28, 31),
        (f"surgery 0 36 6; {AFTER_STOP.format(4)}", 20, 23),
        ("surgery 0 36 6; stop 0 24 3; stop 24 84 12", 19, None),
        ("surgery 0 36 4; surgery 36 60 6; surgery 60 120 12", 18, None),
    ],
    ids=["NCCN 6", "NCCN 3", "ESMO 6", "ESMO 3", "UK 2017", "Joensuu 2015", "Japan"],
)
def test_schemes_have_as_many_scans_as_the_comparison_counts(scheme, to_10, to_13) -> None:
    assert scans(scheme, 10) == to_10
    assert to_13 is None or scans(scheme, 13) == to_13


def test_twenty_five_scans_of_the_abdomen_give_the_stated_dose() -> None:
    """25 x 7.7 mSv = 192.5 mSv."""
    days = (add_months(datetime.date(2024, 5, 20), 3 * number) for number in range(25))
    events = [
        f"{{id: s{day}, day: {day}, kind: imaging, modality: CT, region: abdomen and pelvis}}"
        for day in days
    ]
    assert planned(*events, day="2030-09-20").radiation.dose.least == pytest.approx(192.5)


@pytest.mark.parametrize("keep", [True, False])
def test_a_small_drift_after_a_deep_response_is_a_continued_response(keep) -> None:
    """The example of eortc-recist-clarifications-nd: 165 mm, 63 mm at week 8, 65 mm at week 16."""
    settings = Settings(least_stable=42, keep_partial_response=keep)
    found = [point.overall for point in time_points(sums(165, 63, 65), settings)]
    assert found == [Response.PR, Response.PR]
