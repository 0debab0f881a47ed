"""The same question asked of other programs and publications: vectors/README.md tells of each."""

import csv
import datetime
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from followup.looks import look
from stromal.followup.adherence import Refill, Stay, adherence
from stromal.followup.choi import ChoiSettings, choi
from stromal.followup.growth import Size, growth
from stromal.followup.lesions import (
    LYMPH_NODE,
    NewLesion,
    Nodule,
    NonTargets,
    Scan,
    Series,
    Target,
)
from stromal.followup.quality_of_life import score
from stromal.followup.recist import Response, Settings, TimePoint, time_points
from stromal.followup.response import best_response

VECTORS = Path(__file__).with_name("vectors")
START = datetime.date(2024, 1, 1)
WORDS = {one.value: one for one in Response} | {"NON": Response.NON_CR_NON_PD}
CODES = {one: word for word, one in WORDS.items()} | {None: "-", Response.NON_CR_NON_PD: "NON"}
REST = {
    "-": NonTargets.NONE,
    "G": NonTargets.GONE,
    "P": NonTargets.PERSIST,
    "X": NonTargets.PROGRESS,
    "N": NonTargets.NOT_EVALUATED,
}
NOT_ASKED = (".", ".")
NEW = (NewLesion("new", certain=True),)
STRICT_ARITHMETIC = Settings(least_stable=42, keep_partial_response=False)


def rows(name: str) -> list[dict[str, str]]:
    lines = (VECTORS / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def on(day: int | str) -> datetime.date:
    return START + datetime.timedelta(days=int(day))


def pairs(text: str, by: str = " ") -> list[tuple[str, str]]:
    """What stands as "0 30; 25 30" or, parted by a colon, "0:100 56:70"."""
    parts = text.split(";") if by == " " else text.split()
    return [(one, other) for one, other in (part.strip().split(by) for part in parts)]


# --- RECIST, time point by time point ---


def series_of(v: dict[str, str]) -> Series:
    kinds = v["targets"].strip("-")
    targets = tuple(
        Target(f"t{n}", LYMPH_NODE if kind == "N" else f"organ {n}") for n, kind in enumerate(kinds)
    )
    scans = []
    states = zip(v["sizes"].split(" | "), v["rest"].split(), v["new"].split(), strict=True)
    for number, (sizes, rest, new) in enumerate(states):
        read = [None if size == "." else Fraction(size) for size in sizes.split()[: len(kinds)]]
        looks = tuple(look(t.name, size) for t, size in zip(targets, read, strict=True))
        scans.append(Scan(on(56 * number), looks, REST[rest], NEW if new == "1" else ()))
    return Series(targets, tuple(scans))


def answers(v: dict[str, str], peer: str) -> list[tuple[str, str]]:
    return list(zip(v[f"{peer}_target"].split(), v[f"{peer}_overall"].split(), strict=True))


def reasons(text: str) -> dict[int, str]:
    """ "3: returned; 4: held" as scan and reason."""
    parts = (part.split(":") for part in text.split(";") if part)
    return {int(number): reason.strip() for number, reason in parts}


def differing(peer: str) -> Iterator[tuple[str, bool]]:
    """For each time point that the other program judged: the reason given, and if we differ."""
    for v in rows("recist.csv"):
        told, ours = reasons(v[f"{peer}_differs"]), time_points(series_of(v), STRICT_ARITHMETIC)
        for number, theirs in enumerate(answers(v, peer), 1):
            if theirs == NOT_ASKED:
                continue
            mine = (CODES[ours[number - 1].target], CODES[ours[number - 1].overall])
            yield told.get(number, ""), mine != theirs


@pytest.mark.parametrize(
    ("peer", "points", "why"),
    [
        (
            "tracker",
            405,
            {"nadir zero": 1, "returned": 1, "held": 1, "seen part": 2},
        ),
        ("twin", 355, {"binary": 5, "node sum": 16, "nadir zero": 2, "returned": 2}),
    ],
)
def test_every_time_point_is_judged_as_by_others_or_the_row_says_why_not(peer, points, why) -> None:
    found = list(differing(peer))
    assert len(found) == points
    assert all(bool(reason) == differs for reason, differs in found)
    assert Counter(reason for reason, _ in found if reason) == why


# --- the best response of a course ---

LEAST = 28
SETTINGS = {
    "strict": Settings(LEAST, confirm_after=28),
    "loose": Settings(LEAST, confirm_after=14, most_not_evaluable=0, accept_stable=True),
    "plain": Settings(LEAST),
}


def point(day: str, word: str) -> TimePoint:
    return TimePoint(on(day), None, None, None, WORDS[word], None, False, WORDS[word])


@pytest.mark.parametrize("name", SETTINGS)
def test_the_best_response_and_its_day_are_those_of_admiralonco(name) -> None:
    found = rows("best_response.csv")
    assert len(found) == 80
    for v in found:
        points = [point(*one) for one in pairs(v["course"])]
        best = best_response(points, START, SETTINGS[name])
        word, day = v[name].split()
        assert (best.response, best.day) == (WORDS[word], on(day)), v


def documented(v: dict[str, str]) -> str:
    """Our best response of an invented patient: confirmed after 28 days, stable from day 42."""
    settings = Settings(42, keep_partial_response=False, confirm_after=28)
    one = (Target("one", "liver"),)
    sums = pairs(v["sums"], ":")
    rest = v["rest"].split() or ["-"] * len(sums)
    new = v["new"].split() or ["0"] * len(sums)
    scans = [
        Scan(on(day), (look("one", Fraction(size)),), REST[r], NEW if n == "1" else ())
        for (day, size), r, n in zip(sums, rest, new, strict=True)
    ]
    points = time_points(Series(one, tuple(scans)), settings)
    return CODES[best_response(points, START, settings).response]


def test_invented_patients_have_the_documented_best_response_or_the_row_says_why_not() -> None:
    ours = {v["patient"]: documented(v) for v in rows("recist_documented.csv")}
    other = {
        v["patient"]: ours[v["patient"]] for v in rows("recist_documented.csv") if v["differs"]
    }
    same = [v for v in rows("recist_documented.csv") if not v["differs"]]
    assert [ours[v["patient"]] for v in same] == [v["best"] for v in same]
    assert (len(same), other) == (22, {"006": "NE", "011": "SD"})


# --- quality of life, adherence, growth ---


def test_all_scores_of_the_questionnaire_are_those_of_proscorer() -> None:
    compared = 0
    for v in rows("quality_of_life.csv"):
        given = enumerate(v["answers"].split(), 1)
        found = score({item: int(answer) for item, answer in given if answer != "."})
        for code, value in (*found.scales.items(), ("summary", found.summary)):
            expected = float(v[code]) if v[code] else None
            assert value == (expected if expected is None else pytest.approx(expected, abs=1e-6))
            compared += 1
    assert compared == 960


@pytest.mark.parametrize(("column", "number"), [("covered", 55), ("supplied", 38), ("second", 38)])
def test_days_covered_and_supplied_are_those_of_other_packages(column, number) -> None:
    told = [v for v in rows("adherence.csv") if v[column]]
    assert len(told) == number
    for v in told:
        refills = [Refill(on(day), int(days)) for day, days in pairs(v["refills"])]
        found = adherence(refills, START, on(int(v["window"]) - 1))
        ours = found.supplied if column == "supplied" else found.covered
        assert (ours, found.days) == (int(v[column]), int(v["window"])), v


def test_tablets_of_hospital_days_last_longer_as_in_another_package() -> None:
    assert len(rows("hospital_stays.csv")) == 16
    for v in rows("hospital_stays.csv"):
        refills = [Refill(on(day), int(days)) for day, days in pairs(v["refills"])]
        stays = [Stay(on(first), on(last)) for first, last in pairs(v["stays"])]
        found = adherence(refills, START, on(int(v["window"]) - 1), stays)
        assert found.covered == int(v["covered"]), v


def test_growth_and_its_interval_are_those_of_a_regression_in_r() -> None:
    for v in rows("growth.csv"):
        found = growth([Size(on(day), float(size)) for day, size in pairs(v["sizes"])])
        ours = (found.rate, found.low, found.high, found.doubling_days)
        theirs = (v["rate"], v["low"], v["high"], v["doubling_days"])
        expected = [pytest.approx(float(one), rel=1e-8) if one else None for one in theirs]
        assert list(ours) == expected, v


@pytest.mark.parametrize("v", rows("growth_published.csv"), ids=lambda v: v["source"])
def test_doubling_times_are_the_published_ones(v) -> None:
    sizes = [Size(START, float(v["first_mm"])), Size(on(v["days"]), float(v["last_mm"]))]
    expected = v["doubling_days"]
    near = pytest.approx(float(expected), abs=float(v["tolerance"])) if expected else None
    assert growth(sizes).doubling_days == near


# --- Choi: no other program was found, so the printed table is asked ---

CHOI = {"": ChoiSettings(), "strict": ChoiSettings(strict=True), "both": ChoiSettings(both=True)}
NODULES = {"new nodule": (None, 6), "growing nodule": (6, 7), "shrinking nodule": (7, 6)}
OTHERS = {"rest persists": NonTargets.PERSIST, "rest gone": NonTargets.GONE}


def nodules(size: int | None) -> tuple[Nodule, ...]:
    return () if size is None else (Nodule("inside", Fraction(size)),)


@pytest.mark.parametrize("v", rows("choi.csv"))
def test_sizes_and_densities_are_judged_as_the_table_of_choi_prints(v) -> None:
    extra = v["extra"]
    before, after = NODULES.get(extra, (None, None))
    scans = []
    for number, (when, nodule) in enumerate((("then", before), ("now", after))):
        seen = look("one", (Fraction(v[f"size_{when}"]), Fraction(v[f"density_{when}"])))
        rest = OTHERS.get(extra, NonTargets.NONE)
        new = NEW if number and extra == "new lesion" else ()
        scans.append(Scan(on(56 * number), (seen,), rest, new, nodules(nodule)))
    found = choi(Series((Target("one", "liver"),), tuple(scans)), 1, CHOI[v["setting"]])
    assert found.response is WORDS[v["response"]]
