"""What follows from facts: made before anything is decided, held against what was typed."""

import textwrap
from pathlib import Path

import pytest

from stromal.facts.fact import State
from stromal.facts.possible import Choices
from stromal.facts.record import read_record
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.checking import check
from stromal.plan.known.derive import Derived, derive


def derived(library: Library, text: str) -> Derived:
    record = read_record(textwrap.dedent(text).encode())
    assert not record.problems
    return derive(as_of(record, library.terms, None), library)


def test_a_patient_who_can_become_pregnant_is_female(library: Library) -> None:
    facts = derived(library, "facts: {pregnancy: could become pregnant}").facts
    assert facts["sex"].possible == Choices.of("female")


def test_nothing_follows_from_what_is_not_known(library: Library) -> None:
    facts = derived(library, "facts: {pregnancy: not recorded, disease_extent: not done}").facts
    assert "sex" not in facts
    assert "distant_metastasis" not in facts


def test_a_value_that_contradicts_stays_possible_and_is_a_conflict(library: Library) -> None:
    found = derived(library, "facts: {pregnancy: pregnant, sex: male}")
    assert found.facts["sex"].state is State.CONFLICTING
    assert found.facts["sex"].possible == Choices.of("female", "male")
    [conflict] = found.conflicts
    assert "pregnancy (nature/what-follows SEX)" in conflict.what


def test_what_already_was_narrower_keeps_its_origin(library: Library) -> None:
    text = """
        events:
          - {id: scan, kind: imaging, day: 2020-01-01, facts: {distant_metastasis: yes}}
          - {id: letter, kind: history, day: 2020-01-02, facts: {disease_extent: recurrent}}
        """
    extent = derived(library, text).facts["disease_extent"]
    assert extent.possible == Choices.of("recurrent")
    assert [origin.event for origin in extent.origins] == ["letter"]


def test_a_fact_that_follows_lets_another_follow(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "nature").mkdir()
    section = "## {}\n\n- type: choice\n- values: no, yes\n- reducer: latest\n- question: Is it?\n"
    (tmp_path / "facts" / "small.md").write_text("\n".join(map(section.format, "abc")))
    head = (
        "---\nid: nature/{}\ntitle: T\nkind: all\nrole: consequence\n---\n\nWords.\n\n## Rows\n\n"
    )
    rows = (
        "| id | {0} | = fact | = means | source | status | words |\n|---|---|---|---|---|---|---|\n"
    )
    row = '| R | "yes" | {1} | "yes" | s, p | full | Words. |\n'
    for name, (first, then) in {"first": "bc", "second": "ab"}.items():
        text = (head.format(name)) + (rows + row).format(first, then)
        (tmp_path / "nature" / f"{name}.md").write_text(text)
    small = load(tmp_path)
    assert not small.problems
    facts = derived(small, "facts: {a: yes}").facts
    assert {name: str(fact.possible) for name, fact in facts.items()} == dict.fromkeys("abc", "yes")


@pytest.mark.parametrize(
    ("fact", "means", "what"),
    [
        ("nobody", '"yes"', "not a fact of the dictionary"),
        ("a", '"perhaps"', "perhaps"),
        ("a", "-", "no row can mean this"),
    ],
)
def test_check_names_a_meaning_that_cannot_be_read(
    tmp_path: Path, fact: str, means: str, what: str
) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "nature").mkdir()
    section = "## a\n\n- type: choice\n- values: no, yes\n- reducer: latest\n- question: Is it?\n"
    (tmp_path / "facts" / "small.md").write_text(section)
    (tmp_path / "nature" / "wrong.md").write_text(
        "---\nid: nature/wrong\ntitle: T\nkind: all\nrole: consequence\n---\n\n"
        "Words.\n\n## Rows\n\n"
        "| id | a | = fact | = means | source | status | words |\n|---|---|---|---|---|---|---|\n"
        f'| R | "yes" | {fact} | {means} | s, p | full | Words. |\n'
    )
    found = [p for p in check(load(tmp_path)).problems if p.place.endswith("column means")]
    assert [what in problem.what for problem in found] == [True]


@pytest.mark.parametrize(
    ("said_on", "found", "conflicts"),
    [
        ("2025-02-10", "done", 0),  # the result answered it
        ("2025-02", "done or pending", 1),  # perhaps later than the result
        ("2025-02-24", "done or pending", 1),
        ("2025-03-03", "done or pending", 1),
    ],
)
def test_a_genotype_answers_an_older_status_of_the_test_and_contradicts_a_newer_one(
    library: Library, said_on: str, found: str, conflicts: int
) -> None:
    facts = derived(
        library,
        f"""
        events:
          - {{kind: molecular test, day: 2025-02-24, facts: {{genotype: KIT exon 11}}}}
          - {{kind: visit, day: {said_on}, facts: {{genotype_test: pending}}}}
        """,
    )
    assert str(facts.facts["genotype_test"].possible) == found
    assert len([one for one in facts.conflicts if one.name == "genotype_test"]) == conflicts
