"""Over the whole exam: the doctor's page, the papers and the data say the same numbers.

The PDF is set from the papers' text as data, so what is compared here is what it prints.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from exhaustive.test_plan_pages import CASES, FOLDERS, material
from plan.test_plan_page import numbers
from stromal.cli.machine import plain_data
from stromal.cli.pages.plan_build import Material, sheet
from stromal.cli.pages.plan_html import board_sheet, letter_sheet
from stromal.cli.pages.plan_sheet import ALL, Sheet
from stromal.cli.pages.plan_words import Words, words_in
from stromal.library import Library, load
from stromal.patient_copy.texts import numbers_in


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def words(library: Library, code: str) -> Words:
    found = words_in(library, code)
    assert isinstance(found, Words)
    return found


def sheets(spoken: Words, one: Material) -> dict[str, Sheet]:
    return {
        "page": sheet(spoken, one, ALL),
        "board": board_sheet(spoken, one),
        "letter": letter_sheet(spoken, one),
    }


def counted(one: Sheet) -> Counter[tuple[str, str]]:
    """How often each number stands in each section."""
    return Counter(
        (section.name, number)
        for section in one.sections
        for item in section.items
        for number in numbers(section.name, item)
    )


def between_languages(library: Library, name: str, one: Material) -> Iterator[str]:
    ours, theirs = (sheets(words(library, code), one) for code in ("en", "zh"))
    first, second = counted(ours["page"]), counted(theirs["page"])  # papers hold what fits them
    if first != second:
        yield f"{name}: {sorted((first - second) + (second - first))[:6]}"


OWN = re.compile(r"\b\d+ (?:more|of|open|options?|hang|steps?|facts?)")
"""Counts that the page makes of its own parts."""


def not_in_the_data(library: Library, name: str, one: Material) -> Iterator[str]:
    """Numbers of the English page and papers that the JSON of the same plan does not have."""
    parts = (one.plan, one.boards, one.dates, one.response, one.monitoring)
    data = str([plain_data(part) for part in parts])
    known = {float(number) for number in numbers_in(data)}  # the page rounds to three figures
    for kind, english in sheets(words(library, "en"), one).items():
        for section in english.sections:
            if section.name == "sources":  # the bibliography as it is, with its identifiers
                continue
            for item in section.items:
                text = OWN.sub("", " ".join((item.label, item.text, *item.rest)))
                for number in numbers_in(text):
                    value = float(number)
                    if not any(abs(value - abs(k)) <= max(0.006 * abs(k), 0.05) for k in known):
                        yield f"{name}, {kind}, {section.name}: {number} in {text!r}"


@pytest.mark.exhaustive
@pytest.mark.parametrize("folder", FOLDERS)
def test_page_papers_and_data_say_the_same(library: Library, folder: str) -> None:
    faults: list[str] = []
    for path in sorted((CASES / folder).glob("*.yaml")):
        one = material(library, Path(path))
        faults += between_languages(library, f"{folder}/{path.stem}", one)
        faults += not_in_the_data(library, f"{folder}/{path.stem}", one)
    assert faults == []
