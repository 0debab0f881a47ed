"""`stromal assess` and `stromal explain`: what a clinician reads and what a machine reads."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from unittest import mock

import pytest

from cli.terminal import PATIENT, stromal
from stromal.cli import main
from stromal.cli.pages.page import Page, page_for, write

CASES = Path(__file__).resolve().parents[2] / "cases" / "published"


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    path = tmp_path / "p1.yaml"
    path.write_text(PATIENT, "utf-8")
    return path


def changed(patient: Path, old: str, new: str) -> Path:
    text = patient.read_text("utf-8")
    assert old in text
    patient.write_text(text.replace(old, new), "utf-8")
    return patient


SHORT = """\
p1: A man of 29
  male; age 29 years; duodenum; tumour size 2.5 cm; mitoses 1 per 5 mm2; SDHB
    retained

How it may behave
  plain risk         low
    Small (2.5 cm) and quiet: none of 30 patients relapsed, which is not proof
    of no risk.
  site risk          low or high
    needs rupture findings
"""


def test_the_short_page_is_the_patient_the_answers_and_what_is_open(patient: Path) -> None:
    ran = stromal("assess", patient, "--short")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SHORT


def test_an_open_answer_names_the_rows_that_are_possible_and_what_decides(patient: Path) -> None:
    out = " ".join(stromal("assess", patient).out.split())
    assert "site risk low or high needs rupture findings: high if ruptured yes" in out
    assert "yes [S1; secondary]; low if ruptured no [S2; secondary]" in out
    full = " ".join(stromal("assess", patient, "--full").out.split())
    assert "high if ruptured yes: Ruptured. [S1: book-2008, page 5; secondary]" in full


def test_a_risk_of_zero_percent_comes_with_its_words(patient: Path) -> None:
    out = " ".join(stromal("assess", patient).out.split())
    at = out.index("percent 0 %")
    assert "not proof of no risk" in out[at - 100 : at]


def test_a_recalled_row_is_unconfirmed_wherever_it_speaks(patient: Path) -> None:
    large = changed(patient, "2.5 cm", "8 cm")
    assert "UNCONFIRMED" in stromal("assess", large).out
    assert "UNCONFIRMED" in stromal("assess", large, "--short").out
    assert "UNCONFIRMED" in stromal("explain", large, "plain_risk").out


def test_a_refusal_shows_no_class_and_says_why_and_what_to_do(patient: Path) -> None:
    out = stromal("assess", changed(patient, "retained", "lost")).out
    schemes = out[out.index("How it may behave") : out.index("What single change")]
    assert "low" not in schemes
    assert schemes.count("refused (see above)") == 2
    assert out.index("Refused, and what to do instead") < out.index("How it may behave")
    words = " ".join(out.split())
    assert "plain risk and site risk: The schemes were not made for SDH-deficient" in words
    assert "do: Follow for life." in out


def test_a_refused_scheme_has_no_probability_and_no_other_reading(patient: Path) -> None:
    lost = changed(patient, "retained", "lost")
    data = stromal("assess", changed(lost, "1 per 5 mm2", "5 per 5 mm2"), "--json").data
    assert data["uncertainty"]["classes"] == []
    data = stromal("assess", changed(lost, "5 per 5 mm2", "5 per 50 HPF"), "--json").data
    assert [reading["decisions"] for reading in data["readings"]] == [[]]


def test_an_unknown_that_would_refuse_is_named_beside_the_answer(patient: Path) -> None:
    out = stromal("assess", changed(patient, ", sdhb: retained", "")).out
    assert "unless (below)" in out
    words = "Unless (not known, and it would refuse the answer)"
    assert f"{words}\n  - plain risk and site risk: SDHB lost" in out


def test_what_is_missing_is_ranked_with_what_it_would_settle(patient: Path) -> None:
    out = " ".join(stromal("assess", patient).out.split())
    assert "1. rupture findings, by the surgeon and the report of the operation: would" in out
    full = " ".join(stromal("assess", patient, "--full").out.split())
    assert "1. What was found that bears on rupture? [rupture_findings], by" in full


def test_why_the_schemes_differ_is_said_once_from_what_their_tables_look_at(
    patient: Path,
) -> None:
    out = stromal("assess", patient).out
    assert out.count("Why they differ: plain risk does not count site or rupture.") == 1


@pytest.mark.parametrize(
    "name", ["duodenum-29m", "stomach-63f", "rectum-57f", "omentum-61m", "boy-12", "nf1-63f"]
)
def test_the_first_screen_holds_the_diagnosis_and_the_answer_of_every_scheme(name: str) -> None:
    out = stromal("assess", CASES / f"{name}.yaml", knowledge=None).out
    screen = "\n".join(out.splitlines()[:24])
    labels = ("diagnosis ", "modified NIH 2008  ", "AFIP 2006  ", "NIH 2002  ", "TNM stage  ")
    assert [label for label in labels if f"\n  {label}" not in screen] == []


def test_no_line_of_the_page_is_said_twice() -> None:
    out = stromal("assess", CASES / "stomach-63f.yaml", knowledge=None).out
    long = [line.strip() for line in out.splitlines() if len(line) > 40]
    assert len(long) == len(set(long))


def test_guards_on_one_unknown_stand_in_one_line_with_what_would_settle_them() -> None:
    out = stromal("assess", CASES / "stomach-63f.yaml", knowledge=None).out
    unless = out[out.index("Unless (") : out.index("What chance alone")]
    assert unless.count("SDH") == unless.count("SDH status SDH-deficient") * 2 + 1
    assert "every risk class: SDH status SDH-deficient (genotype and SDHB not" in unless


def test_single_changes_are_shown_with_their_effect(patient: Path) -> None:
    out = " ".join(stromal("assess", patient).out.split())
    assert "tumour size more than 5 cm (now 2.5 cm): plain risk low -> high" in out


def test_a_count_of_few_mitoses_shows_what_chance_could_do(patient: Path) -> None:
    counted = changed(patient, "1 per 5 mm2", "5 per 5 mm2")
    out = " ".join(stromal("assess", counted).out.split())
    assert "the true rate may be 1.6 to 11.7 per 5 mm2" in out
    assert "plain risk low 47 %, high 53 %" in out


def test_sources_that_disagree_are_shown_before_the_answers(patient: Path) -> None:
    text = patient.read_text("utf-8") + (
        "  - {id: other, kind: resection, facts: {tumour_size: 9 cm}}\n"
    )
    patient.write_text(text, "utf-8")
    out = stromal("assess", patient).out
    assert out.index("Sources disagree") < out.index("How it may behave")
    assert "2.5 cm" in out
    assert "9 cm" in out


def test_a_dispute_is_shown_in_its_corner_only(patient: Path) -> None:
    assert "exactly 5 cm is high there" not in stromal("assess", patient).out
    out = " ".join(stromal("assess", changed(patient, "2.5 cm", "5 cm")).out.split())
    assert "exactly 5 cm is high there" in out


def test_json_holds_the_same_answers(patient: Path) -> None:
    ran = stromal("assess", patient, "--json")
    decisions = {d["name"]: d for d in ran.data["decisions"]}
    assert decisions["plain_risk"]["outcomes"] == ["low"]
    assert decisions["plain_risk"]["bases"][0]["citations"] == ["paper-2002, table 1"]
    assert decisions["site_risk"]["state"] == "open"
    assert ran.data["problems"] == []
    size = next(fact for fact in ran.data["facts"] if fact["name"] == "tumour_size")
    assert size["words"] == "2.5 cm"


def test_the_day_chooses_what_was_known_and_which_rules_counted(patient: Path) -> None:
    ran = stromal("assess", patient, "--json", "--day", "2005-01-01")
    assert [d["name"] for d in ran.data["decisions"]] == ["plain_risk"]  # the other is of 2008
    assert ran.data["decisions"][0]["state"] == "open"  # the operation was later


def test_a_case_can_be_read_from_the_standard_input() -> None:
    assert stromal("assess", "-", "--short", typed=PATIENT).out == SHORT


def test_explain_sets_the_patient_beside_what_the_row_asks(patient: Path) -> None:
    ran = stromal("explain", patient, "plain_risk")
    out = " ".join(ran.out.split())
    assert ran.code == 0
    assert "looks at this patient the row asks for tumour size 2.5 cm at most 5 cm" in out
    assert "First Author, A paper, 2002 10.1/paper, table 1" in out
    assert "What single change would change plain risk" in out


def test_explain_shows_the_decisions_beneath(patient: Path) -> None:
    out = " ".join(stromal("explain", patient, "site-risk").out.split())
    assert "It rests on - ruptured: no or yes nature/rupture#R1" in out


def test_explain_offers_near_names(patient: Path) -> None:
    ran = stromal("explain", patient, "plan_risk")
    assert ran.code == 1
    assert "did you mean plain_risk" in ran.err


def test_output_is_plain_unless_colour_is_wanted(patient: Path) -> None:
    assert "\x1b" not in stromal("assess", patient).out
    assert "\x1b[1m" in stromal("assess", patient, "--color").out
    assert "\x1b" not in stromal("assess", patient, "--no-color").out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_color_in_the_environment_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert page_for(Terminal(), None).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not page_for(Terminal(), None).colour
    assert page_for(Terminal(), True).colour


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_terminal(patient: Path, columns: int) -> None:
    with mock.patch.dict("os.environ", {"COLUMNS": str(columns)}):
        out = io.StringIO()
        with mock.patch.object(sys, "stdout", out):
            knowledge = str(Path(__file__).parent / "knowledge")
            main(["--knowledge", knowledge, "assess", str(patient)])
    longest_word = 20
    assert max(map(len, out.getvalue().splitlines())) <= max(columns, 40 + longest_word)


def test_what_the_encoding_cannot_show_is_written_in_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    write(["5 × 3 – “µm” ≤ 2 → 日"], stream)
    assert raw.getvalue() == b'5 x 3 - "um" <= 2 -> \\u65e5\n'


def test_control_signs_of_a_file_do_not_reach_the_terminal(patient: Path) -> None:
    out = stromal("assess", changed(patient, "A man of 29", '"A \\x1b[31mman\\a"')).out
    assert "\x1b" not in out
    assert "\a" not in out


def test_a_long_label_gets_a_line_of_its_own() -> None:
    lines = Page(40).entry("a label that is long", "text", 10)
    assert lines == ["  a label that is long", "          text"]
