"""`stromal facts`, `show` and `new`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.terminal import KNOWLEDGE, stromal
from stromal.cli.arguments import KINDS
from stromal.library import load
from stromal.plan.checking import check


def test_the_dictionary_is_listed_with_questions() -> None:
    out = stromal("facts").out
    assert all(name in out for name in load(KNOWLEDGE).terms)
    assert "What is the largest diameter of the tumour?" in " ".join(out.split())


def test_a_fact_is_found_by_name_words_or_code() -> None:
    by_name = stromal("facts", "Tumour size").out
    assert "How" not in by_name.splitlines()[0]
    assert "a number within (0..60]: 3 cm, 2 to 3 cm, <3 cm; ? if unknown" in by_name
    assert "tumour_size" in stromal("facts", "largest diameter").out
    assert "tumour_size" in stromal("facts", "33728-7").out
    assert stromal("facts", "tumour_size", "--json").data["facts"][0]["unit"] == "cm"


def test_a_decision_is_explained_as_one() -> None:
    assert "decided by nature/plain-risk.md" in stromal("facts", "plain_risk").out


def test_an_unknown_fact_gets_near_names() -> None:
    ran = stromal("facts", "tumor_sise")
    assert ran.code == 1
    assert "tumour_size" in ran.err


@pytest.mark.parametrize("name", ["nature/plain-risk", "plain-risk", "plain_risk", "plain-risk.md"])
def test_a_document_is_shown_by_any_of_its_names(name: str) -> None:
    ran = stromal("show", name)
    assert ran.code == 0
    out = " ".join(ran.out.split())
    assert "P1 low; percent: 0 % if tumour size: at most 5 cm; mitotic rate: at most 5" in out
    assert "P3 high; percent: 60 % [UNCONFIRMED]" in out


def test_a_row_is_shown_with_its_full_source_disputes_and_examples() -> None:
    out = " ".join(stromal("show", "plain-risk", "p1").out.split())
    assert "First Author, A paper, 2002 10.1/paper, table 1 [paper-2002; read: full]" in out
    assert "dispute X1" in out
    assert "- small and quiet" in out
    data = stromal("show", "plain-risk", "P1", "--json").data["rows"][0]
    assert data["sources"][0]["identifier"] == "10.1/paper"
    assert data["conditions"] == {"tumour_size": "<= 5", "mitotic_rate": "<= 5"}


def test_what_is_not_there_is_named() -> None:
    assert "its rows are P1, P2, P3" in stromal("show", "plain-risk", "P9").err
    assert stromal("show", "nothing").code == 1


def test_a_document_with_faults_says_so_before_anything_else(tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    path = knowledge / "nature" / "plain-risk.md"
    path.write_text(path.read_text("utf-8").replace("mitotic_rate (/5", "mitotic_rat (/5"), "utf-8")
    for words in (("show", "plain-risk"), ("assess", "-")):
        ran = stromal(*words, typed="facts: {sex: male}", knowledge=knowledge)
        assert ran.code == 1
        assert ran.out.startswith("Rule documents have faults")
    assert stromal("assess", "-", "--json", typed="facts: {}", knowledge=knowledge).data["problems"]


DOCUMENTS = [kind for kind in KINDS if kind != "case"]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_skeleton_fails_the_check_until_it_is_filled_in(kind: str, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    assert not check(load(knowledge)).problems
    name = "new_thing" if kind == "fact" else "new-thing"
    assert stromal("new", kind, name, "--into", knowledge).code == 0
    problems = check(load(knowledge)).problems
    assert problems
    assert all(name in problem.place for problem in problems)


def test_a_new_case_cannot_be_read_until_it_is_filled_in(tmp_path: Path) -> None:
    ran = stromal("new", "case", "own/somebody", "--into", tmp_path, "--json")
    assert ran.data["written"].endswith("own/somebody.yaml")
    assert stromal("assess", ran.data["written"]).code == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    assert stromal("new", "note", "mine", "--into", tmp_path).code == 0
    before = (tmp_path / "nature" / "mine.md").read_text("utf-8")
    ran = stromal("new", "scheme", "mine", "--into", tmp_path)
    assert (ran.code, "exists already" in ran.err) == (1, True)
    assert (tmp_path / "nature" / "mine.md").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["../evil", "nature/../../evil", "Capital", "a b", "", "/etc/x"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    assert stromal("new", "scheme", name, "--into", tmp_path / "in").code == 1
    assert not list(tmp_path.rglob("*.md"))
