"""`stromal response` as the terminal shows it: with numbers, without colour, with a way out."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.terminal import Ran, stromal
from stromal.cli.pages.page import Page
from stromal.cli.pages.response_page import EXAMPLE, summary_lines
from stromal.facts.record import read_record, read_record_file
from stromal.library import Library, load
from stromal.plan.response.report import response_of

CASES = Path(__file__).resolve().parents[2] / "cases" / "response"
PATHS = sorted(CASES.glob("*.yaml"))
FOCAL = CASES / "focal-one-of-three-grows.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    """The whole knowledge, read once."""
    return load()


def run(*words: str | Path, typed: str = "") -> Ran:
    return stromal("response", *words, typed=typed, knowledge=None)


def test_the_page_shows_each_scan_each_criterion_and_what_follows() -> None:
    ran = run(FOCAL)
    assert ran.code == 0
    row = "2024-06-11 137 +18.1 % +38.4 % 50 (-28.2 %) PD PD PR"
    assert row in re.sub(" +", " ", ran.out)
    assert re.search(r"progression +focal", ran.out)
    assert "followup/progression-from-scans FOCAL" in ran.out
    assert "local treatment and the same drug" in ran.out
    assert "\x1b" not in ran.out


def test_the_bars_tell_without_colour_where_response_and_progression_begin() -> None:
    lines = [line for line in run(FOCAL).out.splitlines() if "##" in line]
    assert len(lines) == 3
    assert all("|" in line and "!" in line for line in lines[1:])
    last = lines[-1]
    assert last.index("!") < last.rindex("#"), "the sum reaches beyond the border of progression"


def test_an_empty_record_shows_what_to_type_and_the_example_works() -> None:
    ran = run("-", typed="events:\n  - {kind: visit, day: 2024-01-01}\n")
    assert ran.code == 0
    assert "No scan of the record lists lesions" in ran.out
    shown = run("-", typed=EXAMPLE)
    assert shown.code == 0
    assert "2024-03-12  21" in shown.out


def test_the_example_of_the_page_has_no_problem(library: Library) -> None:
    report = response_of(library, read_record(EXAMPLE.encode(), "example"))
    assert not report.problems
    assert report.present is not None
    assert report.present.sure


def test_json_holds_what_the_page_shows() -> None:
    data = run(FOCAL, "--json").data
    (course,) = data["response"]["courses"]
    assert [scan["recist"] for scan in course["scans"]] == [[], ["SD"], ["PD"]]
    assert data["response"]["facts"]["progression"] == "focal"
    assert data["problems"] == []


def test_problems_name_line_and_lesion_and_the_exit_code_tells() -> None:
    ran = run(CASES / "name-that-was-not-at-baseline.yaml")
    assert ran.code == 1
    assert "first scan: 'liver segment 7' is no lesion of the baseline" in ran.out


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("--criteria", "choi"), "Choi"),
        (("--criteria", "recist,gist"), "RECIST"),
        (("--least-stable", "60", "--confirm-after", "0"), "SD from 60 days"),
        (("--error", "2"), "95 %"),
        (("--choi-border", "more-than", "--growth-from", "nadir"), "Choi more than 10 %"),
    ],
)
def test_settings_are_shown(words, shown) -> None:
    ran = run(FOCAL, *words)
    assert ran.code == 0
    assert shown in ran.out


@pytest.mark.parametrize(
    "words",
    [("--criteria", "chol"), ("--least-stable", "six"), ("--error", "-2"), ("--choi-size", "0")],
)
def test_a_setting_that_cannot_be_is_wrong_usage(words) -> None:
    ran = run(FOCAL, *words)
    assert ran.code == 2
    assert words[0] in ran.err


def test_html_and_svg_are_whole_without_script_or_other_files(tmp_path: Path) -> None:
    html, svg = tmp_path / "r.html", tmp_path / "r.svg"
    assert run(FOCAL, "--html", html, "--svg", svg).code == 0
    root = ElementTree.fromstring(svg.read_text("utf-8"))
    words = " ".join(root.itertext())
    for name in ("liver 7", "liver 2", "omentum", "the sum"):
        assert name in words
    dashes = [
        one.get("stroke-dasharray") for one in root.iter() if one.get("stroke-width") == "1.8"
    ]
    assert len(set(dashes)) == 3, "lines are told apart by dash, not by colour alone"
    page = html.read_text("utf-8")
    assert "<svg" in page
    assert not re.search(r"<script|(?:src|href)=", page)
    assert run(FOCAL, "--svg", svg).code == 1, "an existing file is not replaced"
    assert run(FOCAL, "--svg", svg, "--force").code == 0


def test_without_two_scans_there_is_no_chart(tmp_path: Path) -> None:
    ran = run(
        CASES / "two-scans-could-be-the-baseline.yaml",
        "--svg",
        tmp_path / "r.svg",
        "--day",
        "2024-01-02",
    )
    assert ran.code == 1
    assert "no chart" in ran.err


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_summary_for_the_plan_has_at_most_six_lines(path: Path, library: Library) -> None:
    lines = summary_lines(Page(80), response_of(library, read_record_file(path)))
    assert 1 <= len(lines) <= 6
    assert all(len(line) <= 80 for line in lines)
