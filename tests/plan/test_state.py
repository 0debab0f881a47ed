"""The state of the disease follows from dated events, and is never guessed from their absence."""

import datetime
from itertools import permutations

import pytest

from stromal.facts.fact import State
from stromal.facts.possible import Choices, Members, Numbers
from stromal.facts.record import Record, read_record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.known.derive import Derived, derive
from stromal.plan.words import say


def record(*events: str) -> Record:
    body = "\n".join(f"  - {{{event}}}" for event in events)
    found = read_record(f"id: patient\nevents:\n{body}\n".encode())
    assert not found.problems
    return found


def stand(library: Library, *events: str, day: str = "") -> Derived:
    on = datetime.date.fromisoformat(day) if day else None
    return derive(as_of(record(*events), library.terms, on), library)


def words(library: Library, derived: Derived, name: str) -> str:
    fact = derived.facts.get(name)
    return say(library.terms[name], fact.possible if fact else None)


SEEN = "kind: imaging, day: 2010-01-05, facts: {disease_extent: localised}"
REMOVED = "kind: resection, day: 2010-02-01, facts: {specimen: resection, resection_margin: R0}"
ADJUVANT = "kind: drug start, day: 2010-03-01, drug: imatinib, purpose: adjuvant"
ADJUVANT_END = "kind: drug stop, day: 2013-03-01, drug: imatinib"
BACK = "kind: imaging, day: 2014-06-01, facts: {disease_extent: recurrent}"
FIRST = "kind: drug start, day: 2014-06-10, drug: imatinib, purpose: advanced"
GROWS = "kind: imaging, day: 2016-01-01, facts: {progression: general}"
SECOND = "kind: drug start, day: 2016-01-01, drug: sunitinib, purpose: advanced"
STABLE = "kind: imaging, day: 2016-05-01, facts: {progression: none}"

ANY_ON_DRUG = "controlled on drug or focal progression on drug or general progression on drug"
COURSE = (SEEN, REMOVED, ADJUVANT, ADJUVANT_END, BACK, FIRST, GROWS, SECOND, STABLE)


@pytest.mark.parametrize(
    ("day", "state", "setting", "line"),
    [
        ("2010-01-10", "localised", "diagnosis or primary surgery or neoadjuvant", "0"),
        ("2010-02-10", "resected", "adjuvant", "0"),
        ("2011-01-01", "on adjuvant drug", "adjuvant", "0"),
        ("2013-06-01", "after adjuvant drug", "adjuvant or follow-up", "0"),
        ("2014-06-05", "recurrent", "advanced", "0"),
        ("2016-01-02", ANY_ON_DRUG, "advanced", "2"),
        ("2016-06-01", "controlled on drug", "advanced", "2"),
    ],
)  # fmt: skip
def test_the_state_moves_with_the_events(
    library: Library, day: str, state: str, setting: str, line: str
) -> None:
    found = stand(library, *COURSE, day=day)
    assert words(library, found, "disease_state") == state
    assert set(words(library, found, "setting").split(" or ")) == set(setting.split(" or "))
    assert words(library, found, "line_of_therapy") == line
    assert not found.conflicts


def test_the_order_of_the_file_does_not_matter(library: Library) -> None:
    assert stand(library, *COURSE).facts.keys() == stand(library, *reversed(COURSE)).facts.keys()
    for name in ("disease_state", "line_of_therapy", "last_drug", "drugs_given", "setting"):
        here = words(library, stand(library, *COURSE), name)
        assert words(library, stand(library, *reversed(COURSE)), name) == here


def test_growth_on_one_drug_says_nothing_of_the_next(library: Library) -> None:
    found = stand(library, *COURSE[:-1])
    assert found.facts["progression"].state is State.UNKNOWN
    assert found.facts["progression"].origins
    assert any("was said before sunitinib began" in note for note in found.remarks)


def test_adjuvant_drugs_are_no_lines_and_the_relapse_knows_of_them(library: Library) -> None:
    found = stand(library, *COURSE[:6])
    assert found.facts["line_of_therapy"].possible == Numbers.between(1, 1)
    assert found.facts["relapse_and_adjuvant"].possible == Choices.of("after adjuvant drug ended")
    assert found.facts["drugs_given"].possible == Members.exactly(["imatinib"])


def test_an_adjuvant_drug_gone_on_with_after_the_relapse_may_be_a_line(library: Library) -> None:
    found = stand(library, REMOVED, ADJUVANT, BACK)
    assert words(library, found, "line_of_therapy") == "0 or 1"
    assert words(library, found, "relapse_and_adjuvant") == "during adjuvant drug"
    raised = "kind: dose change, day: 2014-07-01, drug: imatinib, dose: 800 mg daily"
    assert words(library, stand(library, REMOVED, ADJUVANT, BACK, raised), "line_of_therapy") == "1"


def test_a_drug_taken_up_again_is_a_new_line_only_after_another(library: Library) -> None:
    pause = "kind: drug stop, day: 2015-01-01, drug: imatinib"
    again = "kind: drug start, day: 2015-03-01, drug: imatinib, purpose: advanced"
    assert words(library, stand(library, BACK, FIRST, pause, again), "line_of_therapy") == "1"
    last = "kind: drug start, day: 2017-01-01, drug: imatinib, purpose: advanced"
    found = stand(library, BACK, FIRST, SECOND, last)
    assert words(library, found, "line_of_therapy") == "3"


def test_a_purpose_that_nobody_said_stays_open(library: Library) -> None:
    start = "kind: drug start, day: 2010-03-01, drug: imatinib"
    found = stand(library, SEEN, REMOVED, start)
    assert words(library, found, "line_of_therapy") == "0 or 1"
    assert "on adjuvant drug" in words(library, found, "disease_state")
    assert found.facts["setting"].possible == Choices.of("adjuvant", "advanced")


def test_a_typed_state_that_the_events_contradict_is_a_conflict(library: Library) -> None:
    typed = "kind: visit, day: 2016-06-01, facts: {line_of_therapy: 3, setting: adjuvant}"
    found = stand(library, *COURSE, typed)
    assert {c.name for c in found.conflicts} == {"line_of_therapy", "setting"}
    assert words(library, found, "line_of_therapy") == "2 or 3"
    assert found.facts["setting"].possible == Choices.of("adjuvant", "advanced")


def test_what_was_typed_and_right_in_its_day_is_superseded_without_a_conflict(
    library: Library,
) -> None:
    typed = "kind: visit, day: 2015-01-01, facts: {line_of_therapy: 1, last_drug: imatinib}"
    found = stand(library, *COURSE, typed)
    assert not found.conflicts
    assert words(library, found, "line_of_therapy") == "2"
    assert words(library, found, "last_drug") == "sunitinib"


def test_what_was_typed_and_wrong_in_its_day_is_still_asked_about(library: Library) -> None:
    typed = "kind: visit, day: 2015-01-01, facts: {line_of_therapy: 4}"
    assert [c.name for c in stand(library, *COURSE, typed).conflicts] == ["line_of_therapy"]


LOOSE_REMOVED = "id: cut, kind: resection, facts: {specimen: resection, disease_extent: localised}"
LOOSE_START = "id: start, kind: drug start, drug: imatinib"


def test_a_lone_operation_needs_no_day(library: Library) -> None:
    found = stand(library, LOOSE_REMOVED)
    assert words(library, found, "disease_state") == "resected"
    assert found.facts["setting"].possible == Choices.of("adjuvant", "follow-up")
    assert "weeks_since_surgery" not in found.facts
    assert found.remarks == (
        "no day is recorded for resection 'cut'; it would settle weeks since surgery",
    )


def test_what_every_order_gives_is_known_and_the_rest_stays_open(library: Library) -> None:
    found = stand(library, LOOSE_START, LOOSE_REMOVED)
    assert found.facts["disease_state"].possible == Choices.of(
        "resected", "on adjuvant drug", "controlled on drug", "focal progression on drug",
        "general progression on drug",
    )  # fmt: skip
    assert words(library, found, "line_of_therapy") == "0 or 1"
    note = next(note for note in found.remarks if "no day is recorded" in note)
    assert "2 orders are possible" in note
    assert "disease state" in note


def test_the_order_of_undated_events_in_the_file_is_no_fact(library: Library) -> None:
    events = (LOOSE_START + ", purpose: adjuvant", LOOSE_REMOVED, BACK, GROWS)
    every = [stand(library, *order) for order in permutations(events)]
    for name in ("disease_state", "setting", "line_of_therapy", "relapse_and_adjuvant"):
        assert len({words(library, found, name) for found in every}) == 1


def test_an_order_that_contradicts_itself_is_left_out(library: Library) -> None:
    adjuvant = stand(library, LOOSE_START + ", purpose: adjuvant", LOOSE_REMOVED)
    assert words(library, adjuvant, "disease_state") == "on adjuvant drug"
    before = stand(library, LOOSE_START + ", purpose: neoadjuvant", LOOSE_REMOVED)
    assert words(library, before, "disease_state") == "resected"
    over = stand(library, ADJUVANT_END.replace("day: 2013-03-01, ", ""), LOOSE_START, LOOSE_REMOVED)
    assert not any("no start is recorded" in note for note in over.remarks)
    back = stand(library, LOOSE_REMOVED, BACK)
    assert words(library, back, "disease_state") == "recurrent"


def test_a_dated_drug_keeps_its_place_and_an_undated_one_stands_anywhere(library: Library) -> None:
    loose = "kind: drug start, drug: sunitinib, purpose: advanced"
    found = stand(library, BACK, FIRST, loose)
    assert words(library, found, "last_drug") == "imatinib or sunitinib"
    assert words(library, found, "line_of_therapy") == "2"
    assert found.facts["drugs_given"].possible == Members.exactly(["imatinib", "sunitinib"])


def test_with_too_many_orders_the_state_is_open_and_that_is_said(library: Library) -> None:
    drugs = ("imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib", "pimitespib")
    loose = [f"kind: drug start, drug: {drug}, purpose: advanced" for drug in drugs]
    assert words(library, stand(library, *loose[:5]), "line_of_therapy") == "5"
    found = stand(library, *loose)
    assert "disease_state" not in found.facts
    assert any("more than 120 orders" in note for note in found.remarks)


def test_facts_without_a_day_and_without_an_event_are_no_course(library: Library) -> None:
    found = stand(library, "kind: history, facts: {disease_extent: localised}")
    assert "disease_state" not in found.facts


def test_what_an_undated_visit_says_may_be_older_than_the_operation(library: Library) -> None:
    visit = "kind: visit, facts: {disease_extent: localised, setting: neoadjuvant}"
    found = stand(library, visit, LOOSE_REMOVED)
    assert words(library, found, "disease_state") == "resected"
    assert not found.conflicts


def test_an_operation_alone_does_not_prove_that_nothing_has_spread(library: Library) -> None:
    found = stand(library, REMOVED)
    assert found.facts["disease_state"].possible == Choices.of("resected", "metastatic")


def test_two_looks_months_apart_and_nothing_done_are_watching(library: Library) -> None:
    later = "kind: endoscopy, day: 2010-09-01, facts: {size_on_imaging: 1.5 cm}"
    assert words(library, stand(library, SEEN, later), "disease_state") == "watched"


def test_removed_metastases_and_stopped_drugs_are_states_of_their_own(library: Library) -> None:
    taken = (
        "kind: resection, day: 2015-02-01, "
        "facts: {specimen: resection of metastasis, resection_margin: R0}"
    )
    assert words(library, stand(library, BACK, taken), "disease_state") == "advanced and removed"
    stop = "kind: drug stop, day: 2015-05-01, drug: imatinib"
    found = stand(library, BACK, FIRST, stop)
    assert words(library, found, "disease_state") == "advanced without drug"


def test_the_time_since_the_operation_is_that_of_the_day(library: Library) -> None:
    found = stand(library, SEEN, REMOVED, day="2010-03-15")
    assert found.facts["weeks_since_surgery"].possible == Numbers.between(6, 6)
    vague = "kind: resection, day: 2010-02, facts: {specimen: resection}"
    possible = stand(library, SEEN, vague, day="2010-03-15").facts["weeks_since_surgery"].possible
    assert not possible.is_single()


def ending(because: str = "", day: str = "2016-01-01") -> str:
    reason = f', because: "{because}"' if because else ""
    return f"kind: drug stop, day: {day}, drug: imatinib{reason}"


FAILED, NOT_TOLERATED = "drugs_failed", "drugs_not_tolerated"
IMATINIB, NO_DRUG = Members.exactly(["imatinib"]), Members.exactly([])
PERHAPS = Members(frozenset(), frozenset(["imatinib"]))


@pytest.mark.parametrize(
    ("because", "failed", "not_tolerated"),
    [
        ("progression", IMATINIB, NO_DRUG),
        ("not tolerated", NO_DRUG, IMATINIB),
        ("planned end", NO_DRUG, NO_DRUG),
        ("operation", NO_DRUG, NO_DRUG),
        ("patient's wish", NO_DRUG, NO_DRUG),
        ("pregnancy", NO_DRUG, NO_DRUG),
        ("cost or access", NO_DRUG, NO_DRUG),
        ("other", PERHAPS, PERHAPS),
        ("", PERHAPS, PERHAPS),
    ],
)
def test_the_reason_of_the_stop_says_whether_a_drug_failed(
    library: Library, because: str, failed: Members, not_tolerated: Members
) -> None:
    found = stand(library, BACK, FIRST, ending(because))
    assert found.facts[FAILED].possible == failed
    assert found.facts[NOT_TOLERATED].possible == not_tolerated


FOCAL = GROWS.replace("general", "focal")


@pytest.mark.parametrize(
    ("events", "failed"),
    [
        ((GROWS, SECOND), IMATINIB),  # a change to another drug needs no stop
        ((FOCAL, SECOND), IMATINIB),
        ((FOCAL, ending("operation", "2016-02-01")), NO_DRUG),
        ((GROWS, ending("not tolerated", "2016-02-01")), IMATINIB),
        ((GROWS,), NO_DRUG),  # it still runs: `progression` says it
        ((STABLE.replace("2016-05-01", "2015-12-01"), SECOND), PERHAPS),
        ((SECOND,), PERHAPS),
        ((SECOND, GROWS.replace("2016-01-01", "2016-06-01")), PERHAPS),  # said of sunitinib
    ],
)
def test_growth_seen_while_a_drug_ran_counts_without_a_reason(
    library: Library, events: tuple[str, ...], failed: Members
) -> None:
    assert stand(library, BACK, FIRST, *events).facts[FAILED].possible == failed


def test_a_dose_raised_for_progression_is_a_failure_of_the_dose_before(library: Library) -> None:
    raised = "kind: dose change, day: 2015-01-01, drug: imatinib, dose: 800 mg daily"
    found = stand(library, BACK, FIRST, f"{raised}, because: progression")
    assert found.facts[FAILED].possible == IMATINIB
    assert stand(library, BACK, FIRST, raised).facts[FAILED].possible == NO_DRUG


def test_the_count_of_lines_says_which_drugs_were_given(library: Library) -> None:
    none = "kind: visit, day: 2016-01-01, facts: {line_of_therapy: 0}"
    assert stand(library, none).facts["drugs_given"].possible == NO_DRUG
    one = "kind: visit, day: 2016-01-01, facts: {line_of_therapy: 1, last_drug: imatinib}"
    assert stand(library, one).facts["drugs_given"].possible == IMATINIB
    two = "kind: visit, day: 2016-01-01, facts: {line_of_therapy: 2, last_drug: sunitinib}"
    assert "drugs_given" not in stand(library, two).facts


@pytest.mark.parametrize(
    ("day", "more", "setting"),
    [
        ("2010-05-28", (), "adjuvant"),  # 17 weeks: a drug may still begin
        ("2010-06-20", (), "adjuvant or follow-up"),
        ("2010-03-20", ("kind: visit, day: 2010-03-10, facts: {setting: follow-up}",), "follow-up"),
        ("2010-03-20", ("kind: visit, day: 2009-12-10, facts: {setting: diagnosis}",), "adjuvant"),
    ],
)
def test_soon_after_the_removal_the_question_is_the_adjuvant_drug(
    library: Library, day: str, more: tuple[str, ...], setting: str
) -> None:
    found = stand(library, SEEN, REMOVED, *more, day=day)
    assert set(words(library, found, "setting").split(" or ")) == set(setting.split(" or "))
    assert not found.conflicts


def test_what_is_watched_is_neither_operated_now_nor_given_a_drug(library: Library) -> None:
    later = "kind: endoscopy, day: 2010-09-01, facts: {size_on_imaging: 1.5 cm}"
    found = stand(library, SEEN, later)
    assert set(words(library, found, "setting").split(" or ")) == {"diagnosis", "primary surgery"}
