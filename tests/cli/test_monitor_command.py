"""`stromal monitor` at the terminal: the page, one test, JSON, HTML, empty records, wrong input."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from pathlib import Path

import pytest

from cli.terminal import stromal
from plan.records import IMATINIB, count, record_of
from stromal.cli.pages.monitor_page import monitor_lines, summary_lines
from stromal.cli.pages.monitor_words import EXAMPLES, sparkline
from stromal.cli.pages.page import Page, write
from stromal.facts.record import read_record_file
from stromal.library import Library, load
from stromal.plan.monitoring.report import monitoring_of

CASES = Path(__file__).resolve().parents[2] / "cases" / "monitoring"
AGAIN = CASES / "neutrophils-again-imatinib.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def monitor(*words: str | Path):
    return stromal("monitor", *words, knowledge=None)


def test_the_page_names_grades_of_both_versions_the_step_and_its_source() -> None:
    ran = monitor(AGAIN)
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "CTCAE 5 grade 3 (second time); CTCAE 6 grade 2 (second time)" in text
    assert "then: 300 mg once daily" in text
    assert "IMA-D05a: gleevec-us-2023, 2 (full)" in text
    assert "the versions differ: CTCAE 5 grade 3, CTCAE 6 grade 2" in text


def test_one_version_can_be_asked_for() -> None:
    text = " ".join(monitor(AGAIN, "--ctcae", "6").out.split())
    assert "CTCAE 6 grade 2" in text
    assert "CTCAE 5" not in text


def test_steps_that_depend_on_the_version_are_said_to(tmp_path: Path) -> None:
    text = " ".join(monitor(CASES / "neutrophils-0-8-avapritinib.yaml").out.split())
    assert "it depends on which it means" in text
    assert "by CTCAE 5: hold" in text
    assert "by CTCAE 6: no row of the label" in text


def test_one_test_shows_every_value(tmp_path: Path) -> None:
    ran = monitor(AGAIN, "--test", "ANC")
    assert ran.code == 0
    assert all(day in ran.out for day in ("2025-02-10", "2025-03-01", "2025-05-01"))


def test_a_test_that_does_not_exist_or_has_no_value_says_what_to_do() -> None:
    wrong, absent = monitor(AGAIN, "--test", "blod"), monitor(AGAIN, "--test", "sodium")
    assert (wrong.code, absent.code) == (1, 0)
    assert "stromal facts laboratory_test" in wrong.err
    assert "values: {sodium: NUMBER UNIT}" in " ".join(absent.out.split())


def test_json_has_every_reading_with_its_version() -> None:
    data = monitor(AGAIN, "--json").data
    (history,) = data["monitoring"]["tests"]
    versions = [[g["version"] for g in one["grades"]] for one in history["readings"]]
    assert versions == [["CTCAE 5", "CTCAE 6"]] * 3
    assert data["problems"] == []


def test_html_is_one_file_that_needs_no_other_and_is_not_replaced_unasked(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert monitor(AGAIN, "--html", target).code == 0
    text = target.read_text("utf-8")
    assert "<svg" in text
    assert not re.search(r"(?:src|href)=|<script|https?://", text)
    assert monitor(AGAIN, "--html", target).code == 1
    assert monitor(AGAIN, "--html", target, "--force").code == 0


def test_an_empty_record_says_what_to_type_and_that_can_be_read(tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("id: empty\nfacts: {age: 60}\n", "utf-8")
    ran = monitor(empty)
    assert ran.code == 0
    assert "nothing yet that is watched" in ran.out
    record = record_of(*(example for _, example in EXAMPLES))
    assert record.problems == ()


def test_every_example_is_read_without_a_problem(library: Library) -> None:
    found = monitoring_of(library, record_of(IMATINIB, *(e for _, e in EXAMPLES)), None)
    assert [p.what for p in found.problems] == []


def test_what_cannot_be_read_is_shown_and_makes_the_exit_code_1() -> None:
    ran = monitor(CASES / "value-without-unit.yaml")
    assert ran.code == 1
    assert "'200' has no unit" in ran.out
    assert monitor("no-such-file.yaml").code == 1


def test_a_wrong_version_is_wrong_usage() -> None:
    assert monitor(AGAIN, "--ctcae", "7").code == 2


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_summary_fits_six_lines_and_the_page_its_width(library: Library, path: Path) -> None:
    found = monitoring_of(library, read_record_file(path), None)
    page = Page(80)
    assert (not found.is_empty) <= len(summary_lines(page, found)) <= 6
    assert [line for line in monitor_lines(page, found) if len(line) > 80] == []


def test_a_deviation_that_is_over_is_not_in_the_summary(library: Library) -> None:
    limits = "limits: {ALT: up to 40 U/L}"
    events = (count("2025-02-10", "ALT: 250 U/L", limits), count("2025-03-10", "ALT: 30 U/L"))
    found = monitoring_of(library, record_of(IMATINIB, *events), None)
    assert "hepatotoxicity" not in " ".join(summary_lines(Page(80), found))
    assert "since then back in order" in " ".join(monitor_lines(Page(80), found))


def test_the_bars_of_a_course_are_shown_where_only_ascii_can_be() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write([sparkline([Fraction(1), Fraction(8)])], out)
    assert out.buffer.getvalue() == b"_#\n"  # type: ignore[attr-defined]
