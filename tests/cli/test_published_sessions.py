"""Three published patients, typed in at the keyboard: answers by the name of what is asked."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import pytest
import yaml

from cli.terminal import Ran, stromal
from stromal.cli import main

Answers = Mapping[str, str]
CASES = Path(__file__).resolve().parents[2] / "cases" / "published"
ASKED = re.compile(r"\[([a-z0-9_]+); (?:at most \d+ more questions|the last question)\]")

PATIENTS: Mapping[str, Answers] = {
    "duodenum-29m": {
        "mitotic_count": "<5 per 50 HPF",
        "tumour_size": "2.5",
        "tumour_site": "duo",
        "disease_extent": "1",
        "regional_nodes": "not assessed",
        "specimen": "resection",
        "age": "29",
        "treated_before_specimen": "n",
        "stains": "?",
    },
    "meckel-68m": {
        "mitotic_count": ">10 per 50 HPF",
        "tumour_size": "8 cm",
        "tumour_site": "Meckel",
        "rupture_findings": "4, ?",
        "disease_extent": "localised",
        "regional_nodes": "not assessed",
        "specimen": "resection",
        "age": "68",
        "treated_before_specimen": "no",
    },
    "stomach-63f": {
        "mitotic_count": "24 per 5 mm2",
        "tumour_size": "7",
        "tumour_site": "1",
        "rupture_findings": "1, 3, ?",
        "disease_extent": "loc",
        "regional_nodes": "not involved",
        "resection_margin": "R0 or R1",
        "specimen": "1",
        "age": "63",
        "treated_before_specimen": "no",
    },
}
"""What each publication says, as a pathologist would type it; all else is answered with '?'."""


class Pathologist(io.StringIO):
    """A keyboard: reads the name of the last question and types what is known of it."""

    def __init__(self, screen: io.StringIO, answers: Answers, then: Answers) -> None:
        super().__init__()
        self._screen = screen
        self._answers = answers
        self._then = dict(then)
        self.asked: list[str] = []

    def readline(self, _size: int = -1, /) -> str:
        name = ASKED.findall(self._screen.getvalue())[-1]
        if self.asked and self.asked[-1] == name and name in self._then:
            return f"{self._then.pop(name)}\n"
        assert self.asked[-1:] != [name], f"{name} is asked twice in a row"
        self.asked.append(name)
        return f"{self._answers.get(name, '?')}\n"


def typed(
    answers: Answers, *words: str | Path, then: Answers | None = None
) -> tuple[Ran, list[str]]:
    """The session and the names of its questions; `then` is typed when a name comes again."""
    out, err = io.StringIO(), io.StringIO()
    keyboard = Pathologist(out, answers, then or {})
    with (
        mock.patch.object(sys, "stdin", keyboard),
        mock.patch.dict("os.environ", {"COLUMNS": "80"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(["assess", *map(str, words)])
    return Ran(code, out.getvalue(), err.getvalue()), keyboard.asked


def answers_of(ran: Ran) -> dict[str, object]:
    found = yaml.safe_load(ran.out[ran.out.index("id: answers") :])["facts"]
    assert isinstance(found, dict)
    return found


def classes(path: Path) -> dict[str, list[str]]:
    data = stromal("assess", path, "--json", knowledge=None).data
    return {d["name"]: d["outcomes"] for d in data["decisions"] if d["role"] == "scheme"}


def kept(path: Path, ran: Ran) -> Path:
    path.write_text(yaml.safe_dump({"facts": answers_of(ran)}), "utf-8")
    return path


@pytest.mark.parametrize("name", PATIENTS)
def test_what_is_typed_gives_the_classes_of_the_published_case(name: str, tmp_path: Path) -> None:
    ran, asked = typed(PATIENTS[name])
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing more is needed." in ran.out
    assert len(asked) == len(set(asked)) <= 15
    assert classes(kept(tmp_path / "typed.yaml", ran)) == classes(CASES / f"{name}.yaml")


@pytest.mark.parametrize("name", PATIENTS)
def test_a_session_that_is_saved_stopped_and_gone_on_with_ends_the_same(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "patient.yaml"
    stopping = {**PATIENTS[name], "disease_extent": f"save {path}"}
    first, asked = typed(stopping, then={"disease_extent": "stop"})
    assert first.code == 0
    assert f"saved in {path}" in " ".join(first.out.split()).replace(" /", "/") or path.exists()
    second, later = typed(PATIENTS[name], "--ask", path)
    assert not (set(asked) - {"disease_extent"}) & set(later), "what is known is not asked again"
    path.write_text(second.out[second.out.index("id: patient") :], "utf-8")
    assert classes(path) == classes(CASES / f"{name}.yaml")


def test_the_answer_of_the_duodenal_tumour_hangs_on_rupture_alone() -> None:
    ran, asked = typed(PATIENTS["duodenum-29m"])
    assert "rupture_judgement" not in asked, "nobody can judge a finding that nobody reports"
    end = ran.out[ran.out.index("How it may behave") :]
    assert "modified NIH 2008  low or high" in end
    assert "AFIP 2006          low" in end
    assert "TNM stage          I (T2 N0 M0 low rate)" in end


def test_a_meckel_tumour_typed_as_such_gets_no_stage_group() -> None:
    ran, _ = typed(PATIENTS["meckel-68m"])
    end = ran.out[ran.out.index("Nothing more is needed.") :]
    assert "TNM stage          refused" in end
    assert "modified NIH 2008  high" in end


def test_stains_are_asked_for_together_and_read_as_the_report_has_them() -> None:
    stains = "CD117+, DOG-1 (+); S-100 neg and desmin -, SDHB retained"
    ran, asked = typed({**PATIENTS["stomach-63f"], "stains": stains})
    assert not {"cd117", "dog1", "s100", "sdhb"} & set(asked)
    found = answers_of(ran)
    assert [found[n] for n in ("cd117", "dog1", "s100", "desmin", "sdhb", "alk")] == [
        "positive", "positive", "negative", "negative", "retained", "?",
    ]  # fmt: skip
    assert "diagnosis: GIST" in ran.out


@pytest.mark.parametrize("wrong", ["CD117", "CD3+", "SDHB+", "CD117 strong", "CD117+, CD117-"])
def test_a_stain_that_cannot_be_read_is_asked_for_again(wrong: str) -> None:
    ran, _ = typed({**PATIENTS["stomach-63f"], "stains": wrong}, then={"stains": "stop"})
    assert "->" in ran.out
    assert "cd117" not in answers_of(ran)


def test_going_on_asks_again_for_what_was_not_known(tmp_path: Path) -> None:
    first, _ = typed(PATIENTS["stomach-63f"])
    path = kept(tmp_path / "later.yaml", first)
    second, asked = typed({"stains": "SDHB lost"}, "--ask", path)
    assert "stains" in asked
    assert "modified NIH 2008  refused" in second.out


def test_the_id_title_and_reasons_of_a_file_are_kept_when_it_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("id: p7\ntitle: A title\nwhy: A reason\nfacts: {tumour_size: 3 cm}\n", "utf-8")
    typed({"mitotic_count": "save"}, "--ask", path, then={"mitotic_count": "stop"})
    saved = yaml.safe_load(path.read_text("utf-8"))
    assert (saved["id"], saved["title"], saved["why"]) == ("p7", "A title", "A reason")
    assert saved["facts"] == {"tumour_size": "3 cm"}
