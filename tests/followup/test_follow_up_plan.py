"""The follow-up of whole patients: golden schedules, stages, anchors, the command."""

import datetime
import json
import re

import pytest

from cli.terminal import stromal
from followup.ics_reader import read
from followup.patients import (
    GOLDEN,
    GUIDELINES,
    START,
    STOP,
    SURGERY,
    found_for,
    library,
    patient,
    planned,
    schedules,
    situations,
)
from stromal.cli.follow_up import silence_lines
from stromal.followup.calendar import State
from stromal.plan.schedule.follow_up import Wish, follow_up

ESMO = "ESMO-EURACAN-GENTURIS 2022"
HIGH = ("ESMO",)


def days(found, authority: str = ESMO) -> list[str]:
    (schedule,) = (s for s in found.schedules if s.authority == authority)
    (line,) = schedule.lines
    return [str(look.planned) for look in line.looks]


def test_the_schedules_of_every_guideline_risk_and_course_are_as_reviewed() -> None:
    """If a rule was changed on purpose: PYTHONPATH=src:tests python tests/followup/patients.py."""
    assert schedules() == GOLDEN.read_text("utf-8")


def test_every_row_of_a_schedule_stands_in_the_reviewed_text() -> None:
    text = GOLDEN.read_text("utf-8")
    rows = {row.id for table in library().tables if table.role == "schedule" for row in table.rows}
    assert not {row for row in rows if not re.search(rf"\b{row}\b", text)}


def test_each_guideline_gives_dates_or_says_that_it_states_none_in_every_situation() -> None:
    for one in situations():
        found = found_for(one)
        documents = {
            look.document
            for schedule in found.schedules
            for look in (*(x.rule for line in schedule.lines for x in line.looks[:1]),
                         *(x.rule for x in schedule.stated))
        }  # fmt: skip
        silent = {silence.guideline for silence in found.silent}
        assert documents or silent == set(GUIDELINES)
        spoken = {one.authority for one in found.schedules if one.lines or one.stated}
        assert len(spoken) + len(silent) > 0
        assert silent <= set(GUIDELINES)


def test_the_looks_of_the_plan_done_on_their_days_leave_the_plan_as_it_was() -> None:
    bsg = "British Sarcoma Group 2024"
    plan = days(planned(guidelines=("UK",), day="2024-03-01"), bsg)
    scans = [f"{{id: s{n}, day: {day}, kind: imaging, modality: CT}}"
             for n, day in enumerate(plan[:9])]  # fmt: skip
    again = planned(*scans, guidelines=("UK",), day=plan[8])
    assert days(again, bsg)[: len(plan)] == plan
    (line,) = next(one for one in again.schedules if one.authority == bsg).lines
    assert {look.state for look in line.looks[:9]} == {State.DONE}


def test_on_the_drug_the_dates_end_where_no_stop_is_known_and_that_is_said() -> None:
    found = planned(START, guidelines=HIGH)
    assert days(found)[-1] <= "2027-02-28"
    assert any("has no day yet" in note for note in found.notes)


def test_an_assumed_stop_shows_what_would_follow() -> None:
    found = planned(START, guidelines=HIGH, drug_until=datetime.date(2027, 4, 10))
    assert "2027-07-10" in days(found)
    assert any("as assumed" in note for note in found.notes)


def test_a_longer_treatment_is_warned_of() -> None:
    late = STOP.replace("2027", "2029")
    assert any("more than 3 years" in note for note in planned(START, late).notes)
    assert not any("more than 3 years" in note for note in planned(START, STOP).notes)


def test_the_risk_class_comes_from_the_team_or_else_from_the_scheme() -> None:
    assert planned(risk="low").risk_from == "the team"
    open_risk = planned(risk="")
    assert open_risk.risk_from in ("modified_nih_2008_risk", "not known")
    assert len(open_risk.risk) > 1
    assert any("risk class is open" in note for note in open_risk.notes)


def test_an_open_risk_class_gives_no_dates_but_says_what_hangs_on_it() -> None:
    found = planned(risk="", guidelines=HIGH)
    (esmo,) = (s for s in found.schedules if s.authority == ESMO)
    assert not esmo.lines
    assert {"follow_up_risk"} <= {name for one in esmo.stated for name in one.depends_on}


def test_a_relapse_ends_the_schedule_after_resection() -> None:
    back = "{id: ct, day: 2026-05-01, kind: imaging, facts: {disease_extent: recurrent}}"
    drug = "{id: again, day: 2026-05-20, kind: drug start, drug: imatinib, purpose: advanced}"
    found = planned(back, drug, "{id: look, day: 2026-08-20, kind: imaging, "
                    "facts: {progression: none}}")  # fmt: skip
    documents = {line.looks[0].rule.document for s in found.schedules for line in s.lines}
    assert {"followup/on-drug", "followup/monitoring-on-drug"} <= documents
    assert not {name for name in documents if "after-resection" in name}
    assert found.anchors["start of drug"] == datetime.date(2026, 5, 20)


def test_scans_of_the_record_are_matched_and_the_next_hangs_on_them() -> None:
    scans = [f"{{id: s{n}, day: {day}, kind: imaging}}"
             for n, day in enumerate(("2024-08-20", "2025-02-25"))]  # fmt: skip
    found = planned(START, *scans, guidelines=HIGH, day="2025-03-01")
    (schedule,) = (s for s in found.schedules if s.authority == ESMO)
    looks = schedule.lines[0].looks
    assert [look.state for look in looks[:3]] == [State.DONE, State.DONE, State.PLANNED]
    assert looks[2].planned == datetime.date(2025, 8, 25)


def test_a_correction_that_withdraws_a_scan_makes_it_undone() -> None:
    scan = "{id: s, day: 2024-08-20, kind: imaging}"
    withdrawn = "{id: c, day: 2024-08-20, kind: history, corrects: s}"
    found = planned(START, scan, withdrawn, guidelines=HIGH, day="2024-12-01")
    (schedule,) = (s for s in found.schedules if s.authority == ESMO)
    assert schedule.lines[0].looks[0].state is State.OVERDUE


def test_named_guidelines_leave_out_the_proposals_beside_them() -> None:
    everyone = {s.authority for s in planned().schedules}
    one = {s.authority for s in planned(guidelines=HIGH).schedules}
    assert "Asian consensus 2025" in everyone - one


CASE = f"""\
id: p1
facts: {{sex: female, follow_up_risk: high}}
events:
  - {{id: operation, day: {SURGERY}, kind: resection, facts: {{specimen: resection, resection_margin: R0, disease_extent: localised}}}}
  - {START}
  - {STOP}
"""  # noqa: E501 -- one event a line


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    return path


def test_the_command_shows_dates_with_source_and_row(case) -> None:
    ran = stromal("follow-up", case, "--guidelines", "esmo", "--full", knowledge=None)
    assert ran.code == 0, ran.err
    assert "2027-07-10  planned" in ran.out
    assert "ESM-2" in ran.out
    assert "esmo-2022-pathway" in ran.out


def test_the_command_gives_the_same_dates_as_json(case) -> None:
    ran = stromal("follow-up", case, "--guidelines", "ESMO", "--json", knowledge=None)
    looks = ran.data["follow_up"]["schedules"][0]["lines"][0]["looks"]
    assert "2027-07-10" in [look["planned"] for look in looks]
    assert json.loads(ran.out)["problems"] == []


def test_the_command_writes_a_calendar_once(case, tmp_path) -> None:
    target = tmp_path / "dates.ics"
    words = ("follow-up", case, "--guidelines", "ESMO", "--ics", target, "--day", "2027-05-01")
    assert stromal(*words, knowledge=None).code == 0
    first = target.read_bytes()
    assert first.startswith(b"BEGIN:VCALENDAR\r\n")
    again = stromal(*words, knowledge=None)
    assert again.code == 1
    assert "the file exists" in " ".join(again.err.split())
    assert stromal(*words, "--force", knowledge=None).code == 0
    assert target.read_bytes() == first, "byte-identical on a second run"


def test_a_calendar_is_made_by_one_authority(case, tmp_path) -> None:
    ran = stromal("follow-up", case, "--ics", tmp_path / "x.ics", knowledge=None)
    assert ran.code == 1
    assert "choose with --guidelines" in " ".join(ran.err.split())


def test_authorities_named_by_hand_may_share_a_calendar(case, tmp_path) -> None:
    target = tmp_path / "x.ics"
    words = ("follow-up", case, "--authority", "china", "--day", "2027-05-01", "--ics", target)
    ran = stromal(*words, knowledge=None)
    assert ran.code == 0, ran.err
    assert b"China consensus 2011" in target.read_bytes().replace(b"\r\n ", b"")
    assert "ESMO-EURACAN" not in ran.out


def test_an_authority_that_gives_nothing_is_answered_with_those_that_do(case) -> None:
    ran = stromal("follow-up", case, "--authority", "NICE", knowledge=None)
    assert ran.code == 1
    assert "Asian consensus 2025" in " ".join(ran.err.split())


def test_the_calendar_file_is_renewed_with_what_changed(case, tmp_path) -> None:
    target = tmp_path / "dates.ics"
    words = ("follow-up", case, "--guidelines", "ESMO", "--ics", target)
    assert stromal(*words, "--day", "2027-05-01", knowledge=None).code == 0
    first = read(target.read_bytes())["events"]
    text = case.read_text("utf-8")
    case.write_text(text + "  - {id: ct, day: 2027-07-20, kind: imaging, modality: CT}\n", "utf-8")
    ran = stromal(*words, "--day", "2027-07-21", "--update", knowledge=None)
    assert ran.code == 0, ran.err
    second = read(target.read_bytes())["events"]
    assert set(first) <= set(second)
    done = [e for e in second.values() if e["STATUS"] == "CONFIRMED"]
    assert [str(e["start"]) for e in done] == ["2027-07-20"]
    for name, event in first.items():
        assert int(second[name]["SEQUENCE"]) >= int(event["SEQUENCE"])
        assert (second[name]["SEQUENCE"] == event["SEQUENCE"]) is (second[name] == event)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--time", "09:00"), "go together"),
        (("--zone", "Europe/Berlin"), "go together"),
        (("--time", "09:00", "--zone", "Mars/Base"), "no time zone"),
        (("--update",), "no such file to update"),
    ],
)
def test_a_time_without_zone_or_an_update_of_nothing_is_refused(
    case, tmp_path, words, message
) -> None:
    target = tmp_path / "x.ics"
    ran = stromal("follow-up", case, "--guidelines", "ESMO", "--ics", target, *words,
                  knowledge=None)  # fmt: skip
    assert ran.code == 1
    assert message in " ".join(ran.err.split())
    assert not target.exists()


@pytest.mark.parametrize("words", [("--years", "0"), ("--years", "many"), ("--drug-until", "soon")])
def test_words_that_are_no_years_or_days_are_refused(case, words) -> None:
    assert stromal("follow-up", case, *words, knowledge=None).code == 2


def test_checks_of_the_label_are_dated_from_the_start_of_the_drug_and_end_with_it() -> None:
    def blood_counts(*events: str, day: str = "") -> list[str]:
        found = planned(*events, guidelines=HIGH, day=day)
        lines = [one for s in found.schedules for one in s.lines if one.test == "blood count"]
        return [str(look.planned) for one in lines for look in one.looks]

    dates = blood_counts(START)
    assert dates[:5] == ["2024-04-17", "2024-04-24", "2024-05-01", "2024-05-08", "2024-05-22"]
    assert blood_counts(START, STOP, day="2027-05-01") == []


def test_a_blood_count_of_the_record_is_a_check_done() -> None:
    count = "{id: b, day: 2024-04-17, kind: laboratory, test: platelets, value: 200 10^9/L}"
    found = planned(START, count, guidelines=HIGH, day="2024-04-20")
    (one,) = (x for s in found.schedules for x in s.lines if x.test == "blood count")
    assert one.looks[0].state is State.DONE
    (liver,) = (x for s in found.schedules for x in s.lines if x.test == "liver tests")
    assert liver.looks[0].done is None


def test_an_operation_without_a_day_gives_no_date_and_no_made_up_one() -> None:
    undated = (
        "{id: op, kind: resection, facts: {tumour_site: stomach, specimen: resection, "
        "resection_margin: R0, disease_extent: localised}}"
    )
    found = follow_up(library(), patient(undated, facts="follow_up_risk: low"), None, Wish())
    assert not [line for schedule in found.schedules for line in schedule.lines]
    assert all(stage.start is None for stage in found.stages)
    whys = {stated.why for schedule in found.schedules for stated in schedule.stated}
    assert "no date: the day of its anchor (surgery) is not recorded" in whys


def test_a_drug_that_stopped_on_no_known_day_starts_no_clock() -> None:
    found = planned(START, "{id: stop, kind: drug stop, drug: imatinib}", guidelines=HIGH)
    assert "end of adjuvant drug" not in found.anchors
    assert all(look.day.year > 2000 for s in found.schedules for x in s.lines for look in x.looks)


def test_on_an_earlier_day_only_what_had_been_said_by_then_is_planned() -> None:
    seen = planned(START, day="2024-04-11")
    assert "NCI PDQ 2024" not in {one.authority for one in seen.schedules}
    assert "Asian consensus 2025" not in {one.authority for one in seen.schedules}
    later = planned(START, day="2026-07-15")
    assert {"NCI PDQ 2024", "Asian consensus 2025"} <= {one.authority for one in later.schedules}


def test_a_guideline_read_in_a_later_edition_only_is_not_said_to_state_nothing() -> None:
    early = patient(
        "{id: operation, day: 2021-02-01, kind: resection, facts: {tumour_site: stomach, "
        "specimen: resection, resection_margin: R0, disease_extent: localised}}",
        facts="age: 60, follow_up_risk: high",
    )
    found = follow_up(library(), early, datetime.date(2021, 3, 1), Wish(guidelines=("ESMO",)))
    assert list(silence_lines(found)) == ["ESMO: no edition older than 2021-09-01 was read."]


def test_what_a_scan_asks_for_next_was_asked_on_earlier_days_too() -> None:
    table = library().at(datetime.date(2015, 1, 1)).by_id["followup/after-a-scan"].table
    assert {row.id for row in table.rows} == {"SOFTER", "CHOI", "PET", "EQUIVOCAL", "NOT-ALL"}
