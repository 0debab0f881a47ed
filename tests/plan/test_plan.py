"""The plan puts what is known, open and possible on one page, and says what changed and why."""

import datetime
import json
from pathlib import Path

import pytest

from stromal.cli import main
from stromal.cli.pages.plan_build import Material
from stromal.cli.pages.plan_html import board_sheet
from stromal.cli.pages.plan_pdf import pdf_data, plan_pdf
from stromal.cli.pages.plan_words import Words, words_in
from stromal.facts.possible import Choices
from stromal.facts.problem import Problem
from stromal.facts.record import Record, read_record
from stromal.library import Library
from stromal.plan.board_text import options_named
from stromal.plan.boards import board_decisions
from stromal.plan.differences import Differences, differences
from stromal.plan.make import Made, make_plan

CASE = """
id: course
title: A course of nine years
facts: {sex: male, pregnancy: not possible}
events:
  - {id: seen, kind: imaging, day: 2010-01-05, facts: {tumour_site: ileum,
     disease_extent: localised}}
  - {id: removed, kind: resection, day: 2010-02-01, facts: {specimen: resection,
     resection_margin: R0, tumour_size: 8 cm, mitotic_count: 10 per 5 mm2, rupture_findings: [],
     treated_before_specimen: no}}
  - {id: gene, kind: molecular test, day: 2010-02-20, facts: {genotype: KIT exon 11}}
  - {id: adjuvant, kind: drug start, day: 2010-03-01, drug: imatinib, purpose: adjuvant}
  - {id: ended, kind: drug stop, day: 2013-03-01, drug: imatinib}
  - {id: back, kind: imaging, day: 2017-06-01, facts: {disease_extent: recurrent,
     distant_metastasis: yes}}
  - {id: board, kind: decision, day: 2017-06-08, text: imatinib 400 mg daily, decided_by: board,
     dissent: one wanted a biopsy first}
  - {id: first, kind: drug start, day: 2017-06-10, drug: imatinib, purpose: advanced}
  - {id: grows, kind: imaging, day: 2019-01-01, facts: {progression: general,
     progression_confirmed: yes}}
"""  # fmt: skip
GUIDELINES = ("ESMO", "NCCN")


@pytest.fixture(scope="module")
def record() -> Record:
    found = read_record(CASE.encode())
    assert not found.problems
    return found


@pytest.fixture(scope="module")
def now(library: Library, record: Record) -> Made:
    return make_plan(library, record, None, GUIDELINES)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "course.yaml"
    path.write_text(CASE, "utf-8")
    return str(path)


def on(library: Library, record: Record, day: str) -> Made:
    return make_plan(library, record, datetime.date.fromisoformat(day), GUIDELINES)


def causes(found: Differences) -> dict[str, tuple[str, ...]]:
    return {cause.name: cause.events for cause in found.causes}


def test_what_the_tumour_is_comes_first_and_the_options_know_the_line(now: Made) -> None:
    assert now.plan.nature[0].name == "diagnosis"
    stated = {fact.name: fact.words for fact in now.plan.state}
    assert stated["disease_state"] == "general progression on drug"
    assert stated["line_of_therapy"] == "1, counted from the drugs recorded"
    offered = [o.drug for o in now.plan.treatment.options if o.state == "offered"]
    assert "sunitinib" in offered


def test_a_missing_fact_says_what_hangs_on_it_and_how_it_is_told(library: Library) -> None:
    bare = read_record(b"id: bare\nfacts: {cd117: negative, dog1: positive, setting: advanced}\n")
    needed = {need.name: need for need in make_plan(library, bare).plan.needed}
    assert "Sequence PDGFRA first, then KIT" in needed["genotype"].order
    assert needed["genotype"].options > 0
    counts = [need.options for need in needed.values()]
    assert counts == sorted(counts, reverse=True)


def test_a_change_is_led_back_to_the_event_behind_it(library: Library, record: Record) -> None:
    found = differences(on(library, record, "2017-05-31"), on(library, record, "2017-06-02"))
    assert causes(found)["disease_extent"] == ("back",)
    assert causes(found)["disease_state"] == ("back",)
    refused = {c.name: c for c in found.changes if c.what == "decision"}
    assert refused["nih_2002_risk"].after == "refused"
    assert set(refused["nih_2002_risk"].because) <= set(causes(found))


def test_a_new_edition_is_a_cause_of_its_own(library: Library, record: Record) -> None:
    found = differences(on(library, record, "2011-01-01"), on(library, record, "2013-01-01"))
    editions = {cause.name for cause in found.causes if cause.kind == "edition"}
    assert "nature/sdh-status" in editions
    changed = [c for c in found.changes if c.name == "sdh_status"]
    assert changed
    assert "nature/sdh-status" in changed[0].because


def test_time_alone_is_told_apart_from_events(library: Library, record: Record) -> None:
    found = differences(on(library, record, "2018-01-01"), on(library, record, "2018-02-01"))
    assert {cause.kind for cause in found.causes} == {"time"}
    assert not found.events


def test_nothing_changes_between_a_plan_and_itself(now: Made) -> None:
    found = differences(now, now)
    assert not found.causes
    assert not found.changes


def test_what_is_tried_counts_instead_of_what_the_record_says(
    library: Library, record: Record, now: Made
) -> None:
    tried = {"genotype": Choices.of("PDGFRA exon 18 D842V")}
    then = make_plan(library, record, None, GUIDELINES, tried)
    assert then.patient.known["genotype"] == tried["genotype"]
    assert then.patient.known["kit_or_pdgfra_mutation"] == Choices.of("found")
    found = differences(now, then)
    assert {c.kind for c in found.causes if c.name == "genotype"} == {"assumption"}
    states = {o.drug: o.state for o in then.plan.treatment.options}
    assert states.get("imatinib", "refused") == "refused"
    assert make_plan(library, record, None, GUIDELINES).plan == now.plan


def test_a_plan_made_on_the_last_one_is_the_plan_made_anew(
    library: Library, record: Record, now: Made
) -> None:
    for name, value in (
        ("genotype", "KIT exon 9"),
        ("progression", "focal"),
        ("resection_margin", "R1"),
        ("sdhb", "lost"),
    ):
        tried = {name: Choices.of(value)}
        anew = make_plan(library, record, None, GUIDELINES, tried)
        assert make_plan(library, record, None, GUIDELINES, tried, last=now).plan == anew.plan


def test_a_decision_is_shown_with_its_dissent_and_reopened_by_later_facts(
    library: Library, record: Record, now: Made
) -> None:
    (board,) = board_decisions(library, record, now, None, GUIDELINES)
    assert board.dissent == "one wanted a biopsy first"
    assert board.options == ("imatinib 400 mg daily (advanced): offered",)
    assert not board.differs
    assert "grows" in board.events
    assert any(change.name.startswith("sunitinib") for change in board.reopened)


def test_a_decision_is_not_reopened_while_nothing_has_changed(
    library: Library, record: Record
) -> None:
    day = datetime.date(2017, 6, 8)
    made = make_plan(library, record, day, GUIDELINES, rules=library.at(None))
    (board,) = board_decisions(library, record, made, day, GUIDELINES)
    assert not board.reopened


def decided(library: Library, old: str, new: str) -> tuple[str, ...]:
    changed = read_record(CASE.replace(old, new).encode())
    made = make_plan(library, changed, None, GUIDELINES)
    (board,) = board_decisions(library, changed, made, None, GUIDELINES)
    return board.differs


def test_a_decision_apart_from_the_options_is_told_without_a_verdict(library: Library) -> None:
    (differs,) = decided(library, "text: imatinib 400 mg daily", "text: wait and see")
    assert differs.startswith("it names none of the options")


def test_a_guard_against_what_was_decided_is_told_also_where_no_option_gives_it(
    library: Library,
) -> None:
    differs = decided(library, "KIT exon 11", "PDGFRA exon 18 D842V")
    assert "imatinib: a guard speaks against it (therapy/guards D842V-1)" in differs


def test_an_option_is_known_by_its_whole_name_or_by_its_drug(now: Made) -> None:
    options = now.plan.treatment.options
    assert {o.drug for o in options_named("start sunitinib on Monday", options)} == {"sunitinib"}
    assert not options_named("sunitinib-like drugs", options)


def test_the_plan_has_one_page_and_the_same_as_data(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", file, "--guidelines", "ESMO"]) == 0
    text = capsys.readouterr().out
    for heading in ("What it is", "Where it stands", "Options by guideline", "Decided"):
        assert heading in text
    assert main(["plan", file, "--guidelines", "ESMO", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["decided"][0]["event"] == "board"
    assert [o["name"] for o in data["plan"]["treatment"]["options"]]


def test_the_page_of_html_needs_no_other_file_and_no_script(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "plan.html"
    assert main(["plan", file, "--html", str(page)]) == 0
    html = page.read_text("utf-8")
    assert "<script" not in html
    assert "src=" not in html
    assert "href=" not in html
    for name in ("letter", "board"):
        assert f'<article class="{name}">' in html
    assert main(["plan", file, "--html", str(page)]) == 1
    assert "exists" in capsys.readouterr().err


def test_text_of_the_record_is_never_markup(tmp_path: Path) -> None:
    case, page = tmp_path / "case.yaml", tmp_path / "plan.html"
    case.write_text(CASE.replace("A course of nine years", "<b>x</b> & <script>y</script>"))
    assert main(["plan", str(case), "--html", str(page)]) == 0
    html = page.read_text("utf-8")
    assert "<script>" not in html
    assert "&lt;b&gt;x&lt;/b&gt; &amp;" in html


def test_diff_and_what_if_speak_and_refuse_what_they_cannot_read(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", file, "--from", "2017-05-31", "--to", "2017-06-02"]) == 0
    assert "disease extent: localised -> recurrent [back]" in capsys.readouterr().out
    assert main(["diff", file, "--from", "2017-05-31", "--to", "2010-06-02"]) == 1
    assert "is before" in capsys.readouterr().err
    assert main(["what-if", file, "genotype=KIT exon 9"]) == 0
    assert "genotype: KIT exon 11 -> KIT exon 9 [tried]" in capsys.readouterr().out
    for wrong, said in (("genotyp=x", "no such fact"), ("genotype", "no value")):
        assert main(["what-if", file, wrong]) == 1
        assert said in capsys.readouterr().err


def test_the_plan_writes_the_open_dates_as_a_calendar(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = tmp_path / "dates.ics"
    assert main(["plan", file, "--guidelines", "ESMO", "--ics", str(calendar)]) == 0
    text = calendar.read_text("utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VEVENT" in text
    assert main(["plan", file, "--guidelines", "ESMO", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["follow_up"]["schedules"]


def english(library: Library) -> Words:
    found = words_in(library, "en")
    assert isinstance(found, Words)
    return found


def test_the_board_summary_as_pdf_says_what_the_plan_says(
    file: str, tmp_path: Path, library: Library, record: Record, now: Made
) -> None:
    boards = board_decisions(library, record, now, None, GUIDELINES)
    material = Material(library, now.plan, (), boards, None)
    words = english(library)
    text = json.dumps(pdf_data(words, "board", board_sheet(words, material)), ensure_ascii=False)
    for said in ("general progression on drug", "sunitinib", "one wanted a biopsy first"):
        assert said in text
    pytest.importorskip("typst")
    for kind in ("board", "letter"):
        page = tmp_path / f"{kind}.pdf"
        assert main(["plan", file, "--guidelines", "ESMO", "--pdf", kind, str(page)]) == 0
        assert page.read_bytes().startswith(b"%PDF")


def test_a_kind_of_pdf_that_does_not_exist_is_named_with_those_that_do(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", file, "--pdf", "lettr", str(tmp_path / "x.pdf")]) == 1
    assert "--pdf letter FILE" in capsys.readouterr().err


def test_without_typst_the_pdf_says_what_to_install(
    now: Made, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stromal.cli.pages.plan_pdf.find_spec", lambda name: None)
    found = plan_pdf(english(library), Material(library, now.plan, (), (), None), "letter")
    assert isinstance(found, Problem)
    assert "stromal[letter]" in found.remedy
