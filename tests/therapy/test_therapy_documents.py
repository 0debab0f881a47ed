"""What the documents of the room therapy promise together."""

from __future__ import annotations

from itertools import product

import pytest

from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.library import load
from stromal.tables.decide import decide

LIBRARY = load(rooms=("nature", "therapy"))
GENOTYPES = LIBRARY.terms["genotype"].values
SETTINGS = LIBRARY.terms["setting"].values
ALL_CLASS_DRUGS = (
    "imatinib",
    "sunitinib",
    "regorafenib",
    "ripretinib",
    "avapritinib",
    "dasatinib",
    "nilotinib",
    "ponatinib",
    "bezuclastinib with sunitinib",
    "velzatinib",
    "olverembatinib",
    "pimitespib",
)
NEVER_IMATINIB = (
    "PDGFRA exon 18 D842V",
    "SDH-deficient",
    "NF1",
    "BRAF V600E",
    "RAS",
    "NTRK fusion",
)


def certain_rows(table: str, **facts: str) -> list[dict[str, str]]:
    known: dict[str, Possible] = {name: Choices.of(value) for name, value in facts.items()}
    answer = decide(LIBRARY.compiled[table], known)
    return [{"id": row.id, **row.outputs} for row in answer.certain_rows]


@pytest.mark.parametrize("genotype", GENOTYPES)
@pytest.mark.parametrize("exon_17_change", ["D816V", "other"])
def test_every_class_has_one_answer_for_every_kinase_inhibitor(
    genotype: str, exon_17_change: str
) -> None:
    rows = certain_rows(
        "therapy/drug-sensitivity", genotype=genotype, exon_17_change=exon_17_change
    )
    given = [row["drug"] for row in rows]
    assert sorted(drug for drug in given if drug in ALL_CLASS_DRUGS) == sorted(ALL_CLASS_DRUGS)


@pytest.mark.parametrize(("genotype", "setting"), list(product(NEVER_IMATINIB, SETTINGS)))
def test_insensitive_drivers_refuse_imatinib_in_every_setting(genotype: str, setting: str) -> None:
    rows = certain_rows("therapy/guards", genotype=genotype, setting=setting)
    refusing = [r for r in rows if r["effect"] == "refuse" and "drug:imatinib" in r["target"]]
    assert refusing


@pytest.mark.parametrize("test_state", ["not done", "pending", "failed"])
@pytest.mark.parametrize("setting", ["adjuvant", "neoadjuvant"])
def test_no_drug_around_surgery_before_the_genotype(test_state: str, setting: str) -> None:
    rows = certain_rows("therapy/guards", genotype_test=test_state, setting=setting)
    assert any(r["target"] == f"drug:*@{setting}" and r["effect"] == "refuse" for r in rows)


def test_exon_18_alone_refuses_nothing_for_certain() -> None:
    both = Choices.of("PDGFRA exon 18 D842V", "PDGFRA exon 18 other")
    answer = decide(LIBRARY.compiled["therapy/guards"], {"genotype": both})
    assert not [row for row in answer.certain_rows if "drug:imatinib" in row.outputs["target"]]
    assert "D842V-1" in {row.id for row in answer.rows}


def test_every_state_has_a_next_step() -> None:
    answer = decide(LIBRARY.compiled["therapy/next-steps"], {})
    assert [row.id for row in answer.certain_rows] == ["CENTRE"]


@pytest.mark.parametrize(
    ("genotype", "line"), list(product(GENOTYPES, [0.0, 1.0, 2.0, 3.0, 4.0, 9.0]))
)
def test_advanced_disease_that_progresses_generally_always_has_an_option(
    genotype: str, line: float
) -> None:
    known: dict[str, Possible] = {
        "setting": Choices.of("advanced"),
        "genotype": Choices.of(genotype),
        "line_of_therapy": Numbers.exactly(line),
        "progression": Choices.of("general"),
    }
    offered = [
        row
        for table in ("first-line", "later-lines", "other-drivers")
        for row in decide(LIBRARY.compiled[f"therapy/{table}"], known).certain_rows
        if row.outputs["strength"] != "discouraged"
    ]
    assert offered


def test_no_option_names_a_guideline_and_claims_to_hold_everywhere() -> None:
    for table in LIBRARY.tables:
        names = [term.name for term in table.inputs]
        if table.role != "option" or "authority" not in table.outputs:
            continue
        place = names.index("guideline")
        for row in table.rows:
            assert row.outputs["authority"] != "-", (table.id, row.id)
            if row.cells[place] is None:
                assert not row.outputs["authority"].startswith(("NICE", "JSCO", "CSCO")), row.id


def test_a_mutation_that_reaches_the_loop_and_the_pocket_speaks_for_both() -> None:
    both = Members(frozenset({"KIT V654A", "KIT exon 17"}), frozenset({"KIT V654A", "KIT exon 17"}))
    answer = decide(LIBRARY.compiled["therapy/secondary-mutations"], {"secondary_mutations": both})
    on_sunitinib = {
        row.outputs["sensitivity"]
        for row in answer.certain_rows
        if row.outputs["drug"] == "sunitinib"
    }
    assert on_sunitinib == {"sensitive", "resistant"}
