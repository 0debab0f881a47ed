"""The documents of the room `nature`, as a pathologist would try them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from stromal.facts.fact import Fact, State
from stromal.facts.problem import Problem
from stromal.facts.values import read_value
from stromal.library import Library, load
from stromal.plan.assessment import Decision
from stromal.plan.patient import Patient, consider, decisions
from stromal.tables.cell import Cell
from stromal.tables.compile import compile_table
from stromal.tables.document import Row, Table
from stromal.tables.prove import prove

SCHEMES = ("nih_2002_risk", "modified_nih_2008_risk", "afip_2006_risk")
WHOLE = {
    "rupture_findings": [],
    "regional_nodes": "not involved",
    "distant_metastasis": "no",
    "disease_extent": "localised",
    "specimen": "resection",
}


@cache
def library() -> Library:
    return load(rooms=("nature",))


def patient(**given: object) -> Patient:
    facts: dict[str, Fact] = {}
    for name, raw in given.items():
        value = read_value(library().terms[name], raw)
        assert not isinstance(value, Problem), value
        facts[name] = Fact(name, value.possible, State.KNOWN)
    return consider(library(), library().at(None), facts)


def answers(**given: object) -> Mapping[str, Decision]:
    return {decision.name: decision for decision in decisions(patient(**given))}


def table(name: str) -> Table:
    return library().compiled[f"nature/{name}"].table


def faults(changed: Table) -> list[Problem]:
    return prove(compile_table(changed), library().compiled)


@pytest.mark.parametrize(
    ("site", "size", "rate", "afip", "modified", "stage"),
    [
        ("jejunum", "6 cm", "2 per 5 mm2", "moderate", "high", "II"),
        ("stomach", "6 cm", "2 per 5 mm2", "low", "intermediate", "IB"),
        ("stomach", "12 cm", "3 per 5 mm2", "moderate", "high", "II"),
        ("stomach", "4 cm", "8 per 5 mm2", "moderate", "intermediate", "II"),
        ("ileum", "1.8 cm", "7 per 5 mm2", "high", "high", "IIIA"),
        ("stomach", "1.5 cm", "7 per 5 mm2", "none seen", "intermediate", "II"),
    ],
)
def test_the_schemes_part_where_the_printed_tables_part(
    site: str, size: str, rate: str, afip: str, modified: str, stage: str
) -> None:
    found = answers(**WHOLE, tumour_site=site, tumour_size=size, mitotic_rate=rate)
    assert found["afip_2006_risk"].outcomes == (afip,)
    assert found["modified_nih_2008_risk"].outcomes == (modified,)
    assert found["tnm_stage"].outcomes == (stage,)


def test_rupture_lifts_modified_nih_and_warns_on_the_schemes_that_do_not_count_it() -> None:
    given = {**WHOLE, "rupture_findings": ["spillage into peritoneum"]}
    found = answers(**given, tumour_site="stomach", tumour_size="3 cm", mitotic_rate="2 per 5 mm2")
    assert found["modified_nih_2008_risk"].outcomes == ("high",)
    assert found["afip_2006_risk"].outcomes == ("very low",)
    for name in ("nih_2002_risk", "afip_2006_risk", "tnm_stage"):
        warned = [o.basis.row for o in found[name].objections if o.certain]
        assert "RUPTURE" in warned


def test_rupture_that_nobody_recorded_is_not_taken_for_none() -> None:
    given = {name: value for name, value in WHOLE.items() if name != "rupture_findings"}
    found = answers(**given, tumour_site="stomach", tumour_size="3 cm", mitotic_rate="2 per 5 mm2")
    assert found["modified_nih_2008_risk"].outcomes == ("low", "high")


def test_a_finding_that_has_to_be_judged_leaves_the_class_open_until_it_is_judged() -> None:
    given = {**WHOLE, "rupture_findings": ["haemoperitoneum of uncertain source"]}
    tumour = {"tumour_site": "stomach", "tumour_size": "3 cm", "mitotic_rate": "2 per 5 mm2"}
    assert answers(**given, **tumour)["modified_nih_2008_risk"].outcomes == ("low", "high")
    judged = answers(**given, **tumour, rupture_judgement="counts as rupture")
    assert judged["modified_nih_2008_risk"].outcomes == ("high",)


def test_a_margin_positive_under_the_microscope_is_no_input_of_any_class() -> None:
    network = library().at(None)
    for name in (*SCHEMES, "tnm_stage"):
        deciding = network.by_decision[name]
        assert "resection_margin" not in network.rests_on(deciding.table.id)


def test_every_figure_of_none_seen_carries_its_words() -> None:
    rows = [row for row in table("afip-2006").rows if row.outputs["afip_2006_risk"] == "none seen"]
    assert [row.id for row in rows] == ["G1", "G4", "J1", "D1", "R1"]
    for row in rows:
        assert row.outputs["percent"] not in ("0", "0 %", "-")
        assert "not a proof" in row.words or "proves little" in row.words


def test_duodenum_and_ileum_columns_exchanged_are_noticed() -> None:
    printed = table("afip-2006")
    place = [term.name for term in printed.inputs].index("tumour_site")
    duodenum, ileum = printed.row("D2").cells[place], printed.row("J2").cells[place]

    def exchanged(row: Row) -> Row:
        cell: Cell = row.cells[place]
        turned = ileum if cell == duodenum else duodenum if cell == ileum else cell
        return replace(row, cells=(*row.cells[:place], turned, *row.cells[place + 1 :]))

    assert faults(replace(printed, rows=tuple(exchanged(row) for row in printed.rows)))


@pytest.mark.parametrize(
    ("row", "wrong"), [("R6b", "7"), ("G3b", "21"), ("J2", "8.3"), ("D2", "4.3")]
)
def test_a_percentage_copied_wrongly_is_noticed(row: str, wrong: str) -> None:
    printed = table("afip-2006")
    assert not faults(printed)
    rows = tuple(
        replace(each, outputs={**each.outputs, "percent": wrong}) if each.id == row else each
        for each in printed.rows
    )
    assert faults(replace(printed, rows=rows))


@pytest.mark.parametrize("size", ["1 cm", "3 cm", "7 cm", "12 cm"])
@pytest.mark.parametrize("rate", ["1 per 5 mm2", "7 per 5 mm2", "30 per 5 mm2"])
def test_no_class_is_given_to_an_sdh_deficient_tumour_whatever_its_size_and_count(
    size: str, rate: str
) -> None:
    tumour = {"tumour_site": "stomach", "tumour_size": size, "mitotic_rate": rate}
    found = answers(**WHOLE, **tumour, genotype="SDH-deficient", sdhb="lost")
    for name in SCHEMES:
        assert found[name].state == "refused"
        assert not found[name].outcomes
        assert all(o.remedy and o.basis.words for o in found[name].objections)


@pytest.mark.parametrize(
    "fact",
    [
        {"age": 12},
        {"disease_extent": "metastatic"},
        {"disease_extent": "recurrent"},
        {"distant_metastasis": "yes"},
        {"treated_before_specimen": "yes"},
        {"resection_margin": "R2"},
        {"specimen": "resection of metastasis"},
        {"specimen": "core needle biopsy"},
    ],
)
def test_a_class_is_refused_with_a_remedy_where_the_schemes_do_not_hold(
    fact: dict[str, object],
) -> None:
    tumour = {"tumour_site": "stomach", "tumour_size": "3 cm", "mitotic_rate": "2 per 5 mm2"}
    found = answers(**{**WHOLE, **tumour, **fact})
    for name in SCHEMES:
        assert found[name].state == "refused"
        assert any(o.effect == "refuse" and o.certain and o.remedy for o in found[name].objections)


def test_a_high_class_read_from_a_biopsy_is_given_as_provisional() -> None:
    given = {**WHOLE, "specimen": "core needle biopsy"}
    found = answers(**given, tumour_site="stomach", tumour_size="7 cm", mitotic_rate="9 per 5 mm2")
    high = found["modified_nih_2008_risk"]
    assert high.outcomes == ("high",)
    assert "BIOPSY" in [o.basis.row for o in high.objections if o.certain]


@pytest.mark.parametrize(
    "site", ["oesophagus", "colon", "appendix", "omentum", "mesentery", "anus"]
)
def test_afip_answers_with_a_refusal_where_it_has_no_column(site: str) -> None:
    found = answers(**WHOLE, tumour_site=site, tumour_size="3 cm", mitotic_rate="2 per 5 mm2")
    assert found["afip_2006_risk"].state == "refused"


def test_nodes_that_nobody_mentions_stay_open_but_nodes_not_assessed_count_as_free() -> None:
    given = {name: value for name, value in WHOLE.items() if name != "regional_nodes"}
    tumour = {"tumour_site": "stomach", "tumour_size": "3 cm", "mitotic_rate": "2 per 5 mm2"}
    assert answers(**given, **tumour)["tnm_stage"].outcomes == ("IA", "IV")
    stated = answers(**given, **tumour, regional_nodes="not assessed")
    assert stated["tnm_stage"].outcomes == ("IA",)


def test_cd117_lost_under_imatinib_does_not_argue_against_gist() -> None:
    stains = {"cd117": "negative", "dog1": "positive", "treated_before_specimen": "yes"}
    assert answers(**stains, genotype="no driver found")["diagnosis"].outcomes == ("GIST likely",)
    lost = {**stains, "dog1": "negative", "genotype": "KIT exon 11"}
    assert answers(**lost)["diagnosis"].outcomes == ("GIST",)


def test_exactly_5_mitoses_in_the_first_scheme_are_a_shown_convention() -> None:
    found = answers(**WHOLE, tumour_site="stomach", tumour_size="3 cm", mitotic_rate="5 per 5 mm2")
    first = found["nih_2002_risk"]
    assert first.bases[0].status == "convention"
    assert "N1" in [disagreement.id for disagreement in first.disagreements]
