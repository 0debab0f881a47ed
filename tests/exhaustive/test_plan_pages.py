"""Over the whole exam: the plan is read to its end, and both papers keep within their sheets."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stromal.cli.pages.page import Page
from stromal.cli.pages.plan_build import Material, sheet
from stromal.cli.pages.plan_html import paper
from stromal.cli.pages.plan_page import MOST_LINES, height
from stromal.cli.pages.plan_pdf import MOST_PAGES, SIZES, fonts_for, pages_of, pdf_data
from stromal.cli.pages.plan_sheet import LEVELS, fitted
from stromal.cli.pages.plan_words import Words, words_in
from stromal.facts.problem import Problem
from stromal.facts.record import read_record
from stromal.facts.timeline import live_events
from stromal.library import Library, load
from stromal.plan.boards import board_decisions
from stromal.plan.known.course import course_of
from stromal.plan.make import make_plan
from stromal.plan.monitoring.report import monitoring_of
from stromal.plan.response.report import response_of
from stromal.plan.schedule.follow_up import Wish, follow_up

CASES = Path(__file__).resolve().parents[2] / "cases"
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
SPARE = 5
"""Lines beyond the page that the longest courses may take."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def material(library: Library, path: Path) -> Material:
    record = read_record(path.read_bytes())
    made = make_plan(library, record)
    return Material(
        library=library,
        plan=made.plan,
        runs=course_of(live_events(record, None), library.terms).runs,
        boards=board_decisions(library, record, made),
        dates=follow_up(library, record, None, Wish()),
        response=response_of(library, record),
        monitoring=monitoring_of(library, record, None),
    )


def pages(words: Words, one: Material, kind: str) -> int:
    """The sheets of the tightest page in the smallest print, which is what a PDF comes down to."""
    typst = pytest.importorskip("typst")
    data = pdf_data(words, kind, paper(words, one, kind, LEVELS[-1]))
    fonts = fonts_for(json.dumps(data, ensure_ascii=False), set(typst.Fonts().families()))
    if isinstance(fonts, Problem):
        return 0
    return pages_of(json.dumps({**data, "fonts": fonts, "size": SIZES[-1]}, ensure_ascii=False))


def too_long(library: Library, path: Path) -> Iterator[str]:
    one = material(library, path)
    for code in ("en", "zh"):
        words = words_in(library, code)
        assert isinstance(words, Words)
        page = fitted(
            lambda limits, words=words: sheet(words, one, limits),  # type: ignore[misc]
            lambda made: height(Page(80), made),
            MOST_LINES,
        )
        if (lines := height(Page(80), page)) > MOST_LINES + SPARE:
            yield f"{path.stem} in {code}: {lines} lines"
        for kind, most in MOST_PAGES.items():
            if (found := pages(words, one, kind)) > most:
                yield f"{path.stem} in {code}: {kind} of {found} pages"


@pytest.mark.exhaustive
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_page_is_longer_than_its_sheet(library: Library, folder: str) -> None:
    paths = sorted((CASES / folder).glob("*.yaml"))
    assert paths
    assert [fault for path in paths for fault in too_long(library, path)] == []
