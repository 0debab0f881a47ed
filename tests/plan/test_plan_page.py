"""The plan fits a page: nothing is lost, nothing is said otherwise in another language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stromal.cli import main
from stromal.cli.pages.page import Page, wide
from stromal.cli.pages.plan_build import Material, sheet
from stromal.cli.pages.plan_html import board_sheet, letter_sheet, plan_html
from stromal.cli.pages.plan_letter import letter
from stromal.cli.pages.plan_page import MOST_LINES, height, sheet_lines
from stromal.cli.pages.plan_pdf import MOST_PAGES, SIZES, TEMPLATE, fonts_for, pdf_data
from stromal.cli.pages.plan_sheet import ALL, LEVELS, Item, Sheet, fitted
from stromal.cli.pages.plan_words import Words, read_doctor, words_in
from stromal.cli.words_check import doctor_problems
from stromal.facts.problem import Problem
from stromal.facts.record import read_record
from stromal.facts.timeline import live_events
from stromal.library import Library, read_words
from stromal.plan.boards import board_decisions
from stromal.plan.known.course import course_of
from stromal.plan.make import make_plan
from stromal.plan.open_ends import open_ends
from stromal.plan.schedule.follow_up import Wish, follow_up
from stromal.plan.treatment import Option

ROOT = Path(__file__).resolve().parents[2]
CASES = (
    "published/boy-12",
    "drugs/imatinib-pregnant-female",
    "long/four-lines-ripretinib-61m",
    "long/board-reopened-58f",
    "therapy/adjuvant-d842v-germany",
    "response/growth-exactly-20-percent",
    "surgery/shrink-not-resectable-esmo",
)
"""A boy with nothing settled, a struck-out list, the longest courses, a single option."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TERMINAL = Page(80)
KINDS = ("board", "letter")


@pytest.fixture(scope="module", params=CASES)
def material(request: pytest.FixtureRequest, library: Library) -> Material:
    record = read_record((ROOT / "cases" / f"{request.param}.yaml").read_bytes())
    made = make_plan(library, record)
    return Material(
        library=library,
        plan=made.plan,
        runs=course_of(live_events(record, None), library.terms).runs,
        boards=board_decisions(library, record, made),
        dates=follow_up(library, record, None, Wish()),
    )


def language(library: Library, code: str) -> Words:
    found = words_in(library, code)
    assert isinstance(found, Words)
    return found


@pytest.fixture(scope="module")
def english(library: Library) -> Words:
    return language(library, "en")


@pytest.fixture(scope="module")
def chinese(library: Library) -> Words:
    return language(library, "zh")


def fit(words: Words, material: Material) -> Sheet:
    return fitted(
        lambda limits: sheet(words, material, limits), lambda s: height(TERMINAL, s), MOST_LINES
    )


def texts(one: Sheet) -> Iterator[str]:
    for section in one.sections:
        for item in section.items:
            yield from (item.label, item.text, *item.rest, *item.cells)


def items(one: Sheet, name: str) -> list[Item]:
    return [item for section in one.sections if section.name == name for item in section.items]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_page_is_read_to_its_end(library: Library, material: Material, code: str) -> None:
    lines = list(sheet_lines(TERMINAL, fit(language(library, code), material)))
    assert len(lines) <= MOST_LINES + 5
    assert all(wide(line.rstrip()) <= TERMINAL.width for line in lines)


def said_of_options(one: Sheet) -> int:
    """How many options a sheet names, in any of the forms in which it does."""
    options = sum(bool(item.cells) for item in items(one, "options"))
    grouped = (item for item in items(one, "options") if not item.cells)
    for item in grouped:
        names = re.sub(r"; \d+ more$", "", item.text)
        names = re.sub(r"(recommended|acceptable|investigational|discouraged): ", "", names)
        options += len(re.split(r"[,;] ", names))
    for item in items(one, "guards"):
        if item.state == "refused" and "(" in item.label:
            names = re.sub(r" and \d+ more$", "", item.label)
            options += len(re.split(r"(?<=\)), ", names))
    return options


def test_every_option_is_named_or_counted(english: Words, material: Material) -> None:
    one = fit(english, material)
    left = next(section.left for section in one.sections if section.name == "options")
    known: dict[tuple[str, str, str], Option] = {
        (o.name, o.drug, o.setting): o for o in material.plan.treatment.options
    }
    assert said_of_options(one) + left == pytest.approx(len(known), abs=1)


@pytest.mark.parametrize("limits", LEVELS)
def test_what_is_left_out_is_counted_to_the_last(
    english: Words, material: Material, limits: object
) -> None:
    chosen = next(one for one in LEVELS if one == limits)
    small, whole = sheet(english, material, chosen), sheet(english, material, ALL)
    for name in ("tasks", "questions", "side effects", "dates"):
        left = sum(section.left for section in small.sections if section.name == name)
        assert len(items(small, name)) + left == len(items(whole, name))


def test_all_leaves_nothing_out(english: Words, material: Material) -> None:
    whole = sheet(english, material, ALL)
    assert whole.left == 0
    said = "\n".join(texts(whole))
    for option in material.plan.treatment.options:
        assert option.name in said
        assert all(advice.basis.row in said for advice in option.advice[:1])
    assert all(need.question in said for need in material.plan.needed)
    assert len(items(whole, "missing")) == len(material.plan.needed)


def test_what_opens_everything_is_said_once_and_not_under_each_option(
    english: Words, material: Material
) -> None:
    gates = [gate.name for gate in open_ends(material.plan.treatment).gates]
    one = fit(english, material)
    told = [line for item in items(one, "options") for line in (item.label, *item.rest)]
    if len([o for o in material.plan.treatment.options if o.standing == "depends"]) > 12:
        assert not [line for line in told if english.name(gates[0]) in line and "hangs on" in line]
    assert len(items(one, "first")) <= len(gates)


def test_every_open_option_hangs_in_just_one_group(material: Material) -> None:
    ends = open_ends(material.plan.treatment)
    places = [place for group in ends.groups for place in group.places]
    options = material.plan.treatment.options
    assert sorted(places) == [n for n, o in enumerate(options) if o.state == "depends"]
    assert ends.total == len(places)
    for gate in ends.gates:
        assert 0 < gate.options <= ends.total


def test_both_languages_say_the_same_numbers(
    english: Words, chinese: Words, material: Material
) -> None:
    for limits in (LEVELS[0], LEVELS[-1]):
        ours, theirs = (sheet(w, material, limits) for w in (english, chinese))
        assert [s.name for s in ours.sections] == [s.name for s in theirs.sections]
        assert [s.left for s in ours.sections] == [s.left for s in theirs.sections]
        for first, second in zip(ours.sections, theirs.sections, strict=True):
            for a, b in zip(first.items, second.items, strict=True):
                assert a.state == b.state
                assert a.cells == tuple(c.replace("试验", "trial") for c in b.cells)
                assert len(a.rest) == len(b.rest)
                assert numbers(first.name, a) == numbers(first.name, b), (a, b)


def numbers(section: str, item: Item) -> list[str]:
    """The numbers of an item; of a question only what follows it, since Chinese asks by name."""
    text = " ".join((item.label, item.text, *item.rest))
    if section in ("first", "missing") and "[" in text:
        text = text[text.index("[") :]
    return sorted(NUMBER.findall(text))


def test_a_letter_names_its_reason_and_its_wishes(english: Words, material: Material) -> None:
    one = letter_sheet(english, material)
    names = [section.name for section in one.sections]
    assert names[:2] == ["opening", "findings"]
    assert names.index("plan") < names.index("request") < names.index("sources")
    opening = " ".join(item.text for item in items(one, "opening"))
    assert material.plan.title in opening
    for board in material.boards[-1:]:
        assert board.day in opening
        assert board.text in "\n".join(texts(one))
    assert letter(english, material, ALL).sections


def test_both_papers_keep_within_their_sheets(
    library: Library, english: Words, chinese: Words, material: Material
) -> None:
    typst = pytest.importorskip("typst")
    families = set(typst.Fonts().families())
    for words, kind in ((english, "board"), (english, "letter"), (chinese, "board")):
        one = letter_sheet(words, material) if kind == "letter" else board_sheet(words, material)
        data = pdf_data(words, kind, one)
        fonts = fonts_for(json.dumps(data, ensure_ascii=False), families)
        if isinstance(fonts, Problem):
            pytest.skip("no Chinese font on this machine")
        given = json.dumps({**data, "fonts": fonts, "size": SIZES[2]}, ensure_ascii=False)
        pages = typst.query(
            TEMPLATE.encode(), "<pages>", field="value", one=True, sys_inputs={"data": given}
        )
        assert int(pages) <= MOST_PAGES[kind]


def test_without_a_chinese_font_the_pdf_says_what_to_install() -> None:
    found = fonts_for("间质瘤", {"DejaVu Sans"})
    assert isinstance(found, Problem)
    assert "fonts-noto-cjk" in found.remedy
    assert fonts_for("GIST", {"DejaVu Sans"}) == ["DejaVu Sans"]
    assert fonts_for("间质瘤", {"DejaVu Sans", "SimSun"}) == ["DejaVu Sans", "SimSun"]


def test_html_tells_every_state_by_a_word_and_loads_nothing(
    chinese: Words, material: Material
) -> None:
    html = plan_html(chinese, material)
    assert 'lang="zh-Hans"' in html
    for outside in ("<script", "src=", "href=", "url(", "@import"):
        assert outside not in html
    for state in re.findall(r'<tr class="(\w+)"><td><span', html):
        assert chinese(state) in html


def test_a_word_that_a_language_lacks_is_a_fault(library: Library) -> None:
    raws = read_words(library.root)
    english, chinese = read_doctor(raws, "en"), read_doctor(raws, "zh")
    assert not list(doctor_problems(library, english, chinese))
    for field, key in (("phrases", "tasks"), ("names", "diagnosis"), ("values", "recommended")):
        kept = {k: v for k, v in getattr(chinese, field).items() if k != key}
        lay = {"lay_names": {}, "lay_values": {}}  # the patient's words would stand in
        lacking = replace(chinese, **{**lay, field: kept})  # type: ignore[arg-type]
        assert [
            p
            for p in doctor_problems(library, english, lacking)
            if repr(key) in p.what or p.what.endswith(key)
        ]


def test_a_translation_with_another_number_or_of_nothing_is_a_fault(library: Library) -> None:
    raws = read_words(library.root)
    english, chinese = read_doctor(raws, "en"), read_doctor(raws, "zh")
    wrong = {**chinese.texts, "Nobody says this.": "没有人这样说。"}
    text = "PET/CT before resection of liver metastases"
    wrong[text] = f"{wrong[text]} 3"
    changed = replace(chinese, texts=wrong)
    said = " ".join(p.what for p in doctor_problems(library, english, changed))
    assert "Nobody says this." in said
    assert "has other numbers" in said


def test_a_language_that_does_not_exist_is_named_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", str(ROOT / "cases/published/boy-12.yaml"), "--lang", "xx"]) == 1
    assert "use en or zh" in capsys.readouterr().err
