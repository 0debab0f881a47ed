"""What a board's words name, what carries a decision out, and what re-opens it."""

from __future__ import annotations

import pytest

from plan.records import record_of
from stromal.library import Library
from stromal.plan.board_text import drugs_denied, options_named
from stromal.plan.boards import BoardDecision, board_decisions
from stromal.plan.exam.boards import check_boards
from stromal.plan.make import make_plan
from stromal.plan.treatment import Option


def option(name: str, drug: str = "-") -> Option:
    return Option(name, drug, "adjuvant", "offered", (), (), ())


OPTIONS = (
    option("adjuvant imatinib by shared decision", "imatinib"),
    option("adjuvant imatinib 3 years", "imatinib"),
    option("sunitinib 37.5 mg daily", "sunitinib"),
    option("dabrafenib with trametinib", "dabrafenib with trametinib"),
    option("resect"),
    option("watch"),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("adjuvant imatinib 3 years", {"adjuvant imatinib 3 years"}),
        (
            "imatinib from Monday on",
            {"adjuvant imatinib 3 years", "adjuvant imatinib by shared decision"},
        ),
        ("No adjuvant imatinib", set()),
        ("no adjuvant imatinib 3 years; watch", {"watch"}),
        ("we do not resect, we watch", {"watch"}),
        ("sunitinib instead of imatinib", {"sunitinib 37.5 mg daily"}),
        ("sunitinib is not given", set()),
        ("sunitinib declined by the patient", set()),
        ("neither imatinib nor sunitinib", set()),
        ("stop sunitinib", set()),
        ("sunitinib is not to be stopped", {"sunitinib 37.5 mg daily"}),
        (
            "no longer than three years of imatinib",
            {"adjuvant imatinib 3 years", "adjuvant imatinib by shared decision"},
        ),
        ("no operation, sunitinib 37.5 mg daily", {"sunitinib 37.5 mg daily"}),
        ("without delay sunitinib 37.5 mg daily", {"sunitinib 37.5 mg daily"}),
        ("dabrafenib with trametinib", {"dabrafenib with trametinib"}),
        ("dabrafenib alone", set()),
        ("sunitinib-like drugs", set()),
        ("", set()),
    ],
)
def test_a_text_names_what_it_speaks_for_and_not_what_it_denies(text: str, names: set[str]) -> None:
    assert {o.name for o in options_named(text, OPTIONS)} == names


def test_what_is_named_by_its_denial_is_an_option_of_its_own() -> None:
    against = option("no adjuvant imatinib")
    named = options_named("no adjuvant imatinib beyond three years", (*OPTIONS, against))
    assert named == (against,)


def test_a_drug_is_denied_only_where_the_text_nowhere_speaks_for_it() -> None:
    assert drugs_denied("no imatinib; sunitinib later", OPTIONS) == ("imatinib",)
    assert not drugs_denied("no imatinib now; imatinib after the operation", OPTIONS)
    assert not drugs_denied("wait", OPTIONS)


OPERATED = (
    "{id: operation, kind: resection, day: 2025-01-10, facts: {tumour_site: jejunum, "
    "tumour_size: 12 cm, mitotic_count: 12 per 5 mm2, rupture_findings: [], "
    "disease_extent: localised, resection_margin: R0, genotype: KIT exon 11, genotype_test: done, "
    "cd117: positive, dog1: positive, sdhb: retained, specimen: resection, "
    "treated_before_specimen: no, setting: adjuvant, pregnancy: not possible}}"
)
BOARD = "{id: board, kind: decision, day: 2025-02-01, text: adjuvant imatinib 3 years}"
AGAINST = "{id: board, kind: decision, day: 2025-02-01, text: No adjuvant imatinib}"
START = (
    "{id: start, kind: drug start, day: 2025-02-10, drug: imatinib, dose: 400 mg daily, "
    "purpose: adjuvant}"
)
STOP = "{id: stop, kind: drug stop, day: 2028-02-10, drug: imatinib, because: planned end}"
TOXIC = "{id: stop, kind: drug stop, day: 2025-08-10, drug: imatinib, because: not tolerated}"
BACK = "{id: back, kind: imaging, day: 2029-02-10, facts: {disease_extent: recurrent}}"


def decided(library: Library, *events: str) -> BoardDecision:
    record = record_of(OPERATED, *events, facts="sex: female, age: 60, guideline: ESMO")
    now = make_plan(library, record)
    (board,) = board_decisions(library, record, now)
    return board


def test_a_decision_against_a_drug_is_never_shown_as_one_for_it(library: Library) -> None:
    board = decided(library, AGAINST)
    assert not board.options
    assert board.differs == ("it speaks against imatinib; offered: adjuvant imatinib 3 years",)


def test_starting_the_drug_and_ending_it_as_planned_reopens_nothing(library: Library) -> None:
    board = decided(library, BOARD, START, STOP)
    assert board.carried_out == ("start", "stop")
    assert not board.reopened


def test_a_drug_begun_against_the_decision_is_not_its_carrying_out(library: Library) -> None:
    assert not decided(library, AGAINST, START, STOP).carried_out


def test_an_end_that_was_not_planned_is_news(library: Library) -> None:
    board = decided(library, BOARD, START, TOXIC)
    assert board.carried_out == ("start",)
    assert "stop" in board.events


def test_a_relapse_after_all_was_done_reopens_the_decision(library: Library) -> None:
    board = decided(library, BOARD, START, STOP, BACK)
    assert board.carried_out == ("start", "stop")
    assert "back" in board.events


RESECT = "{id: board, kind: decision, day: 2025-01-01, text: resect}"
FOUND = (
    "{id: seen, kind: imaging, day: 2024-12-01, facts: {tumour_site: jejunum, tumour_size: 12 cm, "
    "disease_extent: localised, resectability: complete resection likely, biopsy_result: GIST, "
    "setting: primary surgery, genotype_test: not done, surgical_risk: acceptable}}"
)


def operated(library: Library, facts: str) -> BoardDecision:
    event = f"{{id: operation, kind: resection, day: 2025-01-10, facts: {{{facts}}}}}"
    booked = "{id: booked, kind: visit, day: 2025-01-03, facts: {operation_planned: yes}}"
    record = record_of(FOUND, RESECT, booked, event, facts="sex: male, age: 60, guideline: ESMO")
    (board,) = board_decisions(library, record, make_plan(library, record))
    return board


def test_the_operation_carries_the_decision_out_and_what_it_found_is_news(
    library: Library,
) -> None:
    board = operated(library, "specimen: resection, resection_margin: R1")
    assert board.options == ("resect (primary surgery): offered",)
    assert board.carried_out == ("booked", "operation")
    causes = {name for change in board.reopened for name in change.because}
    assert "resection_margin" in causes


def test_the_exam_has_words_for_boards_and_notices_a_wrong_one(library: Library) -> None:
    board = decided(library, BOARD, START, STOP)
    right = {
        "board": {
            "options": "adjuvant imatinib 3 years",
            "differs": "no",
            "carried_out": ["start", "stop"],
            "reopened": "no",
        }
    }
    assert all(ok for *_, ok in check_boards((board,), right))
    for part, wrong in (
        ("options", "watch"),
        ("differs", "yes"),
        ("carried_out", ["start"]),
        ("reopened", "yes"),
        ("dissent", "no"),
    ):
        ((*_, ok),) = check_boards((board,), {"board": {part: wrong}})
        assert not ok
    ((*_, ok),) = check_boards((board,), {"another": {"differs": "no"}})
    assert not ok
