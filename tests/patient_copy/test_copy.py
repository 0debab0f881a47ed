"""The patient's copy: released by a clinician, true to the record, silent where it must be."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from patient_copy.copies import (
    ANNA,
    DAY,
    RELEASE,
    case,
    copy_of,
    everything,
    library,
    page,
    record,
    released,
    said,
    words_of,
)
from stromal.cli import main
from stromal.cli.pages.patient_html import patient_html
from stromal.cli.pages.patient_page import sign_states
from stromal.patient_copy.make import PatientCopy
from stromal.patient_copy.values import fact_name
from stromal.plan.schedule.follow_up import Wish, follow_up

CASES = (
    "therapy/second-line-esmo",
    "therapy/neoadjuvant-sdh-deficient",
    "therapy/pregnant",
    "therapy/untested",
    "therapy/relapse-after-adjuvant",
)


def as_yaml(tmp_path: Path, text: str) -> str:
    path = tmp_path / "anna.yaml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    "event",
    [
        "",
        RELEASE.replace(", release: patient copy", ""),
        RELEASE.replace("decided_by: Dr Meyer, ", ""),
        RELEASE.replace("day: 2026-12-01, ", ""),
        RELEASE.replace("2026-12-01", "2026-12"),
    ],
)
def test_nothing_is_shown_before_a_named_clinician_released_it_on_a_day(
    event: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["patient", as_yaml(tmp_path, ANNA + event)]) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == ("not released\n", "")


def test_a_release_of_anything_else_is_a_problem_of_the_record() -> None:
    found = record(ANNA + RELEASE.replace("patient copy", "letter"))
    assert any("release" in problem.place for problem in found.problems)


def test_a_release_is_not_known_before_its_day_and_is_withdrawn_by_a_correction() -> None:
    import datetime

    assert copy_of(ANNA + RELEASE, day=datetime.date(2026, 11, 30)) is None
    withdrawn = "  - {id: back, day: 2026-12-02, kind: decision, text: wait, corrects: board}\n"
    assert copy_of(ANNA + RELEASE + withdrawn) is None


def test_what_came_to_light_after_the_release_is_not_shown_but_said_to_exist() -> None:
    later = "  - {id: ct, day: 2027-02-01, kind: imaging, facts: {disease_extent: metastatic}}\n"
    copy = released(ANNA)
    assert not said(copy, "about-newer")
    newer = copy_of(ANNA + RELEASE + later)
    assert newer is not None
    assert said(newer, "about-newer")
    assert said(newer, "spread-removed")
    assert not said(newer, "spread-meta")


def test_the_copy_says_what_the_record_says() -> None:
    copy = released(ANNA)
    assert said(copy, "tumour-site") == [
        "The tumour began here: the last part of the small bowel (ileum)."
    ]
    assert said(copy, "tumour-size") == ["At its widest it measured 6.2 cm."]
    assert said(copy, "medicine-dose") == [
        "Your dose of imatinib, as written down: 400 mg once a day."
    ]
    assert "very low" not in said(copy, "risk-class")[0]
    assert "high" in said(copy, "risk-class")[0]
    assert said(copy, "why-sensitive")


def test_the_risk_numbers_and_drawings_are_those_of_the_rows() -> None:
    shares = {s.id: s.share for s in page(released(ANNA)) if s.share}
    afip = library().compiled["nature/afip-2006"].table
    printed = {row.outputs["percent"] for row in afip.rows if row.texts[0] != "-"}
    assert shares["risk-study"] in printed
    assert shares["risk-years-high"] == "44.5"


@pytest.mark.parametrize("share", ["0", "1.9", "44.5", "86", "100"])
def test_a_drawing_fills_exactly_the_share(share: str) -> None:
    states = sign_states(share)
    assert len(states) == 100
    assert sum(states) == pytest.approx(float(share))
    assert states == sorted(states, reverse=True)


def test_who_wants_no_numbers_of_risk_sees_none_but_is_told_so() -> None:
    copy = released(ANNA.replace("aim_of_treatment", "wants_numbers: no, aim_of_treatment"))
    assert not [s for s in page(copy) if s.share]
    answers = [answer for question in copy.questions for answer in question.answers]
    assert not [a.words for a in answers if a.share or "of 100" in a.words]
    assert said(copy, "risk-hidden")
    assert said(copy, "risk-class")


def test_what_matters_to_the_patient_stands_beside_the_options() -> None:
    copy = released(ANNA)
    order = [part.id for part in copy.parts]
    assert order.index("matters") == order.index("plan") + 1
    assert "my grandchild start school" in said(copy, "matters-most")[0]
    assert said(released(ANNA.replace("what_matters", "who_may_know")), "matters-ask")


def test_the_other_medicines_are_told_apart_and_an_unknown_one_is_never_called_safe() -> None:
    copy = released(ANNA)
    assert "St John's wort" in said(copy, "own-avoid")[0]
    assert "warfarin" in said(copy, "own-tell")[0]
    assert "Xyzal drops" in said(copy, "medicine-strange")[0]
    assert said(released(ANNA.replace("co_medications", "who_may_know")), "medicine-not-listed")


def test_the_next_look_of_each_source_is_that_of_the_doctors_calendar() -> None:
    found = follow_up(library(), record(ANNA + RELEASE), DAY, Wish())
    told = [schedule for schedule in found.schedules if not schedule.is_beside]
    first = [line.looks[0] for schedule in told for line in schedule.lines if line.looks]
    said_of = [s for s in page(released(ANNA)) if s.id in ("dates-window", "dates-day")]
    assert first
    assert [dict(s.tokens)["latest"] for s in said_of] == [str(look.latest) for look in first]
    assert said(released("id: empty\nevents:\n"), "dates-none")


def test_a_scheme_that_a_guard_refuses_gives_no_class_and_no_number() -> None:
    deficient = (
        ANNA.replace("sdhb: retained", "sdhb: lost")
        .replace("KIT exon 11,", "SDH-deficient,")
        .replace("exon_11_change: deletion of 557 and 558, ", "")
    )
    copy = released(deficient)
    assert said(copy, "risk-class-refused")
    ids = {s.id for s in everything(copy)}
    assert not ids & {"risk-class", "risk-study", "risk-years-high", "answer-schemes"}
    assert said(copy, "tumour-sdh-counsel")


def test_a_mutation_that_resists_the_drug_is_not_called_sensitive() -> None:
    d842v = ANNA.replace("KIT exon 11", "PDGFRA exon 18 D842V").replace(
        "exon_11_change: deletion of 557 and 558, ", ""
    )
    copy = released(d842v)
    assert said(copy, "why-resistant")
    assert not said(copy, "why-sensitive")


def test_without_facts_the_copy_says_what_is_not_known_and_leaves_it_to_the_doctor() -> None:
    copy = released("id: empty\nevents:\n")
    assert said(copy, "tumour-open")
    assert said(copy, "tumour-gene-open")
    assert said(copy, "spread-open")
    assert not [s for s in everything(copy) if s.share]
    assert {"q03", "q05", "q08", "q09"} <= {question.id for question in copy.to_ask}


def test_forty_questions_and_more_are_answered_or_plainly_left_to_the_doctor() -> None:
    copy = released(ANNA)
    assert len(copy.questions) >= 40
    assert all(question.answers or question.ask for question in copy.questions)
    assert len([q for q in copy.questions if q.answers]) >= 25


@pytest.mark.parametrize("name", CASES)
def test_every_sentence_leads_to_its_row_and_source(name: str) -> None:
    for sentence in everything(case(name)):
        assert sentence.grounds, sentence.id
        for ground in sentence.grounds:
            if ground.kind == "row":
                document, _, row = ground.name.partition("#")
                assert library().compiled[document].table.row(row).citations, ground.name
            if ground.kind == "source":
                assert ground.citations[0].partition(",")[0] in library().sources, ground.name


def targets(html: str) -> Iterator[str]:
    for piece in html.split('href="')[1:]:
        yield piece.split('"')[0]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_page_needs_no_other_file_and_every_number_leads_somewhere(code: str) -> None:
    copy = released(ANNA.replace("grandchild", "<b>&grandchild"), code)
    html = patient_html(library(), words_of(code), copy)
    assert "http" not in html
    assert "src=" not in html
    assert "<b>" not in html
    assert all(f'id="{target[1:]}"' in html for target in targets(html))
    assert html.count("<svg") == len([s for s in page(copy) if s.share])


def test_the_json_is_the_same_copy_and_says_that_it_is_released(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = as_yaml(tmp_path, ANNA + RELEASE)
    assert main(["patient", path, "--json", "--lang", "zh"]) == 0
    data = json.loads(capsys.readouterr().out)
    copy = copy_of(ANNA + RELEASE, "zh")
    assert isinstance(copy, PatientCopy)
    assert data["released"] is True
    assert data["day"] == "2026-12-01"
    words = [s["words"] for part in data["parts"] for s in (*part["sentences"], *part["items"])]
    assert words == [s.words for s in page(copy)]


def test_a_page_is_not_written_over_unasked_and_a_language_must_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = as_yaml(tmp_path, ANNA + RELEASE), tmp_path / "page.html"
    assert main(["patient", path, "--html", str(target)]) == 0
    assert main(["patient", path, "--html", str(target)]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["patient", path, "--lang", "xx"]) == 1
    assert "use en or zh" in capsys.readouterr().err


def test_options_are_listed_once_the_stage_of_treatment_is_known() -> None:
    assert said(released(ANNA), "plan-option")
    empty = released("id: empty\nevents:\n")
    assert said(empty, "plan-none")
    assert not {s.id for s in page(empty)} & {"plan-option", "plan-depends", "plan-choice"}


def test_what_is_open_is_only_what_the_copy_speaks_of() -> None:
    copy = released(ANNA)
    assert not said(copy, "unknown-fact")
    unmeasured = released(ANNA.replace("tumour_size: 6.2 cm, ", ""))
    assert "How wide the tumour is at its widest" in said(unmeasured, "unknown-fact")
    assert said(unmeasured, "tumour-size-unknown")


def test_a_side_effect_that_the_label_names_without_a_rule_is_told_too() -> None:
    urgent = said(released(ANNA), "call-urgent")[0]
    assert "a severe rash with blisters" in urgent
    assert "harm to the liver" in urgent


DRUGS = [name.removeprefix("drugs/") for name in library().documents if name.startswith("drugs/")]


@pytest.mark.parametrize("drug", DRUGS)
def test_every_drug_says_when_to_call_and_what_not_to_combine_or_that_none_was_read(
    drug: str,
) -> None:
    ids = {s.id for s in page(released(ANNA.replace("imatinib", drug)))}
    assert ids & {"call-urgent", "call-other", "call-unread"}
    assert ids & {"medicine-avoid", "medicine-tell", "medicine-unread", "medicine-no-list"}


def test_a_list_of_the_insert_that_nobody_read_is_not_taken_for_none() -> None:
    assert said(released(ANNA.replace("imatinib", "pimitespib")), "medicine-unread")
    assert said(released(ANNA.replace("imatinib", "trametinib")), "medicine-no-list")


def test_a_value_is_never_read_as_words_again() -> None:
    tricky = ANNA.replace("to see my grandchild start school", "{drug} and {1} | <script>")
    copy = released(tricky)
    assert said(copy, "matters-most") == [
        "You said what matters most to you: “{drug} and {1} | <script>”"
    ]
    assert "<script>" not in patient_html(library(), words_of("en"), copy)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_decision_has_plain_words(code: str) -> None:
    named = {name: fact_name(words_of(code), term) for name, term in library().decisions.items()}
    assert [name for name, words in named.items() if words == name] == []


def test_the_boards_plan_is_not_hidden_by_a_note_on_the_release() -> None:
    board = "  - {kind: decision, day: 2026-11-20, text: three years, decided_by: board}\n"
    copy = released(ANNA + board)
    first, second = said(copy, "plan-decision")
    assert first == "On 2026-11-20 board wrote down: “three years”"
    assert second.startswith("On 2026-12-01 Dr Meyer wrote down:")


def test_a_tumour_that_was_removed_is_not_said_to_be_there() -> None:
    copy = released(ANNA)
    assert said(copy, "spread-removed") == ["The tumour was in one place. It has been removed."]
    assert not said(copy, "spread-local")
