"""`stromal assess` without a file, with the answers piped in as a person would type them."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
import yaml

from cli.terminal import Ran, stromal
from stromal.cli.talk import Talk


def typed(*lines: str, words: tuple[str, ...] = ()) -> Ran:
    return stromal("assess", *words, typed="".join(f"{line}\n" for line in lines))


def answers_of(ran: Ran) -> dict[str, object]:
    """The record that is offered at the end."""
    found = yaml.safe_load(ran.out[ran.out.index("id: answers") :])["facts"]
    assert isinstance(found, dict)
    return found


def questions(ran: Ran) -> list[str]:
    return [
        line.strip(" []").split(";")[0]
        for line in ran.out.splitlines()
        if line.endswith(("questions]", "question]"))
    ]


def test_what_most_schemes_rest_on_is_asked_first_and_nothing_that_settles_nothing() -> None:
    ran = typed("1 per 5 mm2", "3", "none", "retained", "?", "?", "?")
    assert ran.code == 0
    assert questions(ran) == ["mitotic_count", "tumour_size", "rupture_findings", "sdhb"]
    assert "Nothing more is needed." in ran.out


def test_the_answers_narrow_as_they_come() -> None:
    ran = typed("1 per 5 mm2", "8", "stop")
    assert "= tumour size: 8 cm\n   plain risk: high. Large, 8 cm.\n   site risk: high" in ran.out


def test_an_answer_never_stands_without_the_words_of_its_row() -> None:
    ran = typed("1 per 5 mm2", "3", "stop")
    assert "plain risk: low. Small (3 cm) and quiet: none of 30 patients" in ran.out


def test_a_bare_number_has_the_unit_that_the_question_names() -> None:
    ran = typed("?", "25 mm", "stop")
    assert "What is the largest diameter of the tumour? (in cm)" in ran.out
    assert "= tumour size: 2.5 cm" in ran.out
    assert answers_of(typed("?", "3", "stop"))["tumour_size"] == "3 cm"


def test_choices_are_taken_by_number_or_word() -> None:
    by_number = typed("9 per 5 mm2", "3", "2 or 3", "stop")
    assert answers_of(by_number)["tumour_site"] == "duodenum or ileum"
    by_word = typed("9 per 5 mm2", "3", "small bowel", "stop")
    assert "= tumour site: duodenum or ileum" in by_word.out


def test_what_was_noticed_about_an_answer_is_said_at_once() -> None:
    assert "Note: the size of a field is not stated" in typed(">10 per 50 HPF", "stop").out


def test_findings_are_taken_several_at_once_or_none() -> None:
    start = ("1 per 5 mm2", "3")
    assert answers_of(typed(*start, "1, 3", "stop"))["rupture_findings"] == [
        "tumour fracture",
        "mucosal defect",
    ]
    assert answers_of(typed(*start, "none", "stop"))["rupture_findings"] == []
    assert answers_of(typed(*start, "3, ?", "stop"))["rupture_findings"] == ["mucosal defect", "?"]


@pytest.mark.parametrize("wrong", ["7", "-3 cm", "3 kg", "large", "1000 per 5 mm2"])
def test_an_answer_that_cannot_be_read_is_asked_for_again(wrong: str) -> None:
    ran = typed("?" if "per" not in wrong and wrong != "7" else wrong, wrong, "stop")
    asked = questions(ran)
    assert asked[-1] == asked[-2]
    assert "->" in ran.out


def test_why_says_what_each_answer_would_do() -> None:
    ran = typed("1 per 5 mm2", "3", "none", "why", "stop")
    assert "lost: plain risk: refused; site risk: refused" in ran.out


def test_back_takes_the_last_answer_back() -> None:
    ran = typed("1 per 5 mm2", "3", "back", "8", "stop")
    assert "= tumour size: taken back" in ran.out
    assert answers_of(ran)["tumour_size"] == "8 cm"
    assert "no answer to take back" in typed("back").out


def test_any_fact_can_be_given_by_name() -> None:
    ran = typed("tumour size: 4 cm", "tumour_site = ileum", "stop")
    assert answers_of(ran) == {"tumour_size": "4 cm", "tumour_site": "ileum"}


def test_help_lists_the_commands() -> None:
    out = typed("help", "stop").out
    assert all(word in out for word in ("why", "back", "save FILE.yaml", "stop", "show"))


def test_the_end_of_the_input_ends_with_the_assessment_and_the_answers() -> None:
    ran = typed("9 per 5 mm2")
    assert ran.code == 0
    assert "How it may behave" in ran.out
    assert answers_of(ran) == {"mitotic_count": "9 per 5 mm2"}


def test_control_c_ends_with_the_answers_so_far() -> None:
    said = iter(["9 per 5 mm2"])

    def ask(self: Talk, prompt: str) -> str:
        for line in said:
            return line
        raise KeyboardInterrupt

    with mock.patch.object(Talk, "ask", ask):
        ran = stromal("assess")
    assert ran.code == 130
    assert answers_of(ran) == {"mitotic_count": "9 per 5 mm2"}
    assert "How it may behave" not in ran.out


def test_saved_answers_are_a_case_and_can_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "patient.yaml"
    ran = typed("1 per 5 mm2", "3", f"save {path}", "stop")
    assert "id: answers" not in ran.out
    assert stromal("assess", path, "--short").code == 0
    again = typed("none", "save", words=(str(path), "--ask"))
    assert questions(again)[0] == "rupture_findings"
    saved = yaml.safe_load(path.read_text("utf-8"))["facts"]
    assert saved == {
        "mitotic_count": "1 per 5 mm2",
        "tumour_size": "3 cm",
        "rupture_findings": [],
    }


def test_saving_never_replaces_another_file(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("mine", "utf-8")
    ran = typed("9 per 5 mm2", f"save {path}", "stop")
    assert "exists already" in " ".join(ran.out.split())
    assert path.read_text("utf-8") == "mine"
    assert "id: answers" in ran.out


def test_a_case_with_dated_events_is_not_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "dated.yaml"
    path.write_text("events: [{kind: resection, day: 2020, facts: {sdhb: lost}}]", "utf-8")
    ran = stromal("assess", path, "--ask")
    assert ran.code == 1
    assert "dated events" in ran.err


def test_json_is_alone_on_the_standard_output() -> None:
    ran = typed("9 per 5 mm2", "stop", words=("--json",))
    assert ran.data["answers"] == {"mitotic_count": "9 per 5 mm2"}
    assert "How many mitoses" in ran.err
