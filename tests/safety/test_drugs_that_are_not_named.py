"""An option may give a drug without naming it; what forbids the drug forbids the option."""

from __future__ import annotations

from functools import cache

import pytest

from stromal.facts.record import read_record
from stromal.library import Library, load
from stromal.plan.treatment import Option, treat_record


@cache
def library() -> Library:
    return load()


def options(text: str) -> dict[str, Option]:
    """By name; of two with one name, the one that does not name its drug."""
    record = read_record(text.encode())
    assert record.problems == ()
    found = sorted(treat_record(library(), record).options, key=lambda o: o.drug == "-")
    return {option.name: option for option in found}


ON_IMATINIB = """
facts:
  sex: male
  age: 60
  genotype: {genotype}
  genotype_test: done
  sdhb: retained
  setting: advanced
  disease_extent: metastatic
  line_of_therapy: 1
  last_drug: {drug}
  last_drug_not_tolerated: no
  progression: none
"""


@pytest.mark.parametrize("genotype", ["PDGFRA D842V", "SDH-deficient", "BRAF V600E"])
def test_imatinib_that_cannot_work_is_not_continued(genotype: str) -> None:
    found = options(ON_IMATINIB.format(genotype=genotype, drug="imatinib"))
    assert found["continue the present drug"].state == "refused"


def test_a_drug_that_works_is_continued() -> None:
    found = options(ON_IMATINIB.format(genotype="KIT exon 11", drug="imatinib"))
    assert found["continue the present drug"].state == "offered"


@pytest.mark.parametrize(("tolerated", "state"), [("not recorded", "open"), ("yes", "absent")])
def test_going_on_hangs_on_tolerance_and_ends_with_it(tolerated: str, state: str) -> None:
    text = ON_IMATINIB.format(genotype="KIT exon 11", drug="imatinib")
    said = text.replace("last_drug_not_tolerated: no", f"last_drug_not_tolerated: {tolerated}")
    found = options(said).get("continue the present drug")
    if state == "absent":
        advised = {a.basis.row for a in found.advice} if found else set()
        assert not advised & {"GO-ESMO", "GO-PDQ"}
    else:
        assert found
        advice = [a for a in found.advice if a.basis.row in ("GO-ESMO", "GO-PDQ")]
        assert all(a.depends_on == ("last_drug_not_tolerated",) for a in advice)


def test_continuing_hangs_on_which_drug_it_is_where_that_is_not_known() -> None:
    found = options(ON_IMATINIB.format(genotype="PDGFRA D842V", drug="imatinib or avapritinib"))
    option = found["continue the present drug"]
    assert option.state == "depends"
    assert "last_drug" in option.depends_on


def test_a_pregnant_woman_is_offered_no_drug_though_nobody_wrote_that_she_is_a_woman() -> None:
    text = """
facts:
  age: 33
  pregnancy: pregnant
  genotype: KIT exon 11
  genotype_test: done
  setting: advanced
  disease_extent: metastatic
  line_of_therapy: 0
"""
    found = options(text)
    assert found["imatinib 400 mg daily"].state == "refused"
    drugs = [option for option in found.values() if option.drug != "-"]
    assert {option.state for option in drugs} == {"refused"}


def test_a_drug_before_surgery_is_a_drug_also_in_pregnancy() -> None:
    text = """
facts:
  pregnancy: pregnant
  genotype: KIT exon 11
  genotype_test: done
  biopsy_result: GIST
  setting: neoadjuvant
  disease_extent: localised
  tumour_site: stomach
  tumour_size: 9 cm
  resectability: complete resection doubtful
  expected_operation: major or costing function
"""
    assert options(text)["drug treatment before surgery"].state == "refused"


def test_severe_liver_impairment_strikes_regorafenib_out_and_says_why() -> None:
    text = ON_IMATINIB.format(genotype="KIT exon 11", drug="sunitinib")
    text = text.replace("line_of_therapy: 1", "line_of_therapy: 2")
    text = text.replace("progression: none", "progression: general")
    name = "regorafenib 160 mg daily three weeks of four"
    open_option = options(text)[name]
    named = {fact for objection in open_option.objections for fact in objection.depends_on}
    assert "bilirubin_times_upper_limit" in named
    refused = options(text + "  bilirubin_times_upper_limit: 4\n")[name]
    assert refused.state == "refused"
    rows = [o.basis.document for o in refused.objections if o.effect == "refuse" and o.certain]
    assert rows == ["drugs/regorafenib/organ-function"]
