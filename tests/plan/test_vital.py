"""After death nothing is offered, ordered or dated; lost contact is said and changes nothing."""

import datetime

import pytest

from stromal.facts.possible import Choices, Numbers
from stromal.facts.record import Record, read_record
from stromal.facts.timeline import Folded, as_of
from stromal.library import Library, read_words
from stromal.patient_copy.make import patient_copy
from stromal.patient_copy.texts import read_language, read_skeleton
from stromal.plan.make import Made, make_plan
from stromal.plan.schedule.follow_up import Wish, follow_up

LIFE = (
    "kind: resection, day: 2018-01-10, facts: {specimen: resection, tumour_site: stomach, "
    "disease_extent: localised, tumour_size: 6 cm, mitotic_count: 8 per 5 mm2, cd117: positive}",
    "kind: imaging, day: 2019-05-01, facts: {disease_extent: recurrent, distant_metastasis: yes}",
    "kind: drug start, day: 2019-05-10, drug: imatinib, dose: 400 mg daily, purpose: advanced",
    "kind: decision, day: 2019-06-01, text: copy, decided_by: Dr A, release: patient copy",
)
DEATH = "kind: status, day: 2023-03-05, words: died at home, facts: {vital_status: dead}"
LOST = "kind: status, day: 2023-03-05, facts: {lost_to_follow_up: yes}"


def record(*events: str) -> Record:
    body = "\n".join(f"  - {{{event}}}" for event in events)
    found = read_record(f"id: patient\nevents:\n{body}\n".encode())
    assert not found.problems
    return found


def facts(library: Library, *events: str) -> Folded:
    return as_of(record(*events), library.terms, None)


def plan(library: Library, *events: str, day: str = "") -> Made:
    on = datetime.date.fromisoformat(day) if day else None
    return make_plan(library, record(*events), on, ("ESMO",))


def number(day: str) -> float:
    return float(datetime.date.fromisoformat(day).toordinal())


def test_a_plan_after_death_offers_and_asks_nothing_and_says_why(library: Library) -> None:
    found = plan(library, *LIFE, DEATH).plan
    assert found.notes[0] == (
        "The patient died on 2023-03-05: nothing is offered, ordered or dated."
    )
    assert found.treatment.ended == found.notes[0]
    treatment = found.treatment
    assert not any((treatment.options, treatment.tasks, treatment.guards, treatment.dosing.drugs))
    assert not any((found.needed, found.questions, found.comparison))
    assert found.nature


def test_the_plan_of_a_day_before_the_death_is_that_of_a_living_patient(library: Library) -> None:
    before = plan(library, *LIFE, DEATH, day="2023-03-04").plan
    assert before == plan(library, *LIFE, day="2023-03-04").plan
    assert before.treatment.options
    assert not before.treatment.ended


def test_the_calendar_stops_with_the_death(library: Library) -> None:
    alive = follow_up(library, record(*LIFE), None, Wish())
    assert alive.schedules
    dead = follow_up(library, record(*LIFE, DEATH), None, Wish())
    assert not dead.schedules
    assert dead.notes == ("The patient died on 2023-03-05: nothing is offered, ordered or dated.",)


def test_no_copy_is_made_for_a_patient_who_has_died(library: Library) -> None:
    raws = read_words(library.root)
    skeleton = read_skeleton(raws, {**library.terms, **library.decisions})
    english = read_language(raws, "en")
    assert patient_copy(library, record(*LIFE), skeleton, english)
    assert patient_copy(library, record(*LIFE, DEATH), skeleton, english) is None
    day = datetime.date(2023, 3, 4)
    assert patient_copy(library, record(*LIFE, DEATH), skeleton, english, day)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        ((DEATH,), "2023-03-05", "2023-03-05"),
        ((DEATH.replace("2023-03-05", "2023-03"),), "2023-03-01", "2023-03-31"),
        ((DEATH, DEATH.replace("2023-03-05", "2024-01-01")), "2023-03-05", "2023-03-05"),
        ((DEATH.replace("kind: status", "kind: history"),), "0001-01-01", "2023-03-05"),
        (("kind: history, facts: {death_date: 2020-02-02}", DEATH), "2020-02-02", "2020-02-02"),
    ],
)
def test_the_day_of_death_is_that_of_the_first_status_that_tells_of_it(
    library: Library, events: tuple[str, ...], low: str, high: str
) -> None:
    found = facts(library, *events)
    assert found.facts["death_date"].possible == Numbers.between(number(low), number(high))
    assert found.facts["vital_status"].possible == Choices.of("dead")
    assert not found.conflicts


def test_who_has_a_day_of_death_is_dead(library: Library) -> None:
    found = facts(library, "kind: history, facts: {death_date: 2020-02-02}")
    assert found.facts["vital_status"].possible == Choices.of("dead")


@pytest.mark.parametrize(
    ("event", "clash"),
    [
        ("kind: imaging, day: 2023-04-01", True),
        ("kind: status, day: 2023-04-01, facts: {vital_status: alive}", True),
        ("kind: status, day: 2020-04-01, facts: {vital_status: alive}", False),
        ("kind: pathology, day: 2023-04-01, words: autopsy", False),
    ],
)
def test_what_happened_after_the_death_is_asked_about(
    library: Library, event: str, *, clash: bool
) -> None:
    found = facts(library, *LIFE, DEATH, event)
    assert [conflict.name for conflict in found.conflicts] == ["death_date"] * clash
    assert found.facts["vital_status"].possible == Choices.of("dead")


def test_lost_contact_is_said_and_changes_no_state_and_no_option(library: Library) -> None:
    found = plan(library, *LIFE, LOST, day="2023-06-01").plan
    known = plan(library, *LIFE, day="2023-06-01").plan
    assert found.notes[0].startswith("Contact was lost (said on 2023-03-05)")
    names = ("disease_state", "setting", "line_of_therapy")
    told = {one.name: one.words for one in found.state}
    assert all(told[one.name] == one.words for one in known.state if one.name in names)
    assert [o.name for o in found.treatment.options] == [o.name for o in known.treatment.options]


def test_unknown_is_not_dead(library: Library) -> None:
    assert not plan(library, *LIFE).plan.treatment.ended
    unsure = "kind: status, day: 2023-03-05, facts: {vital_status: alive or dead}"
    assert not plan(library, *LIFE, unsure).plan.treatment.ended
