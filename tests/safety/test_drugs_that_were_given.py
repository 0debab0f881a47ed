"""What has failed is not the next line; no drug for GIST is given for another tumour."""

from __future__ import annotations

from functools import cache

import pytest

from stromal.facts.record import read_record
from stromal.library import Library, load
from stromal.plan.treatment import Option, treat_record

NAMES = {
    "sunitinib": "sunitinib 50 mg daily four weeks of six",
    "regorafenib": "regorafenib 160 mg daily three weeks of four",
    "ripretinib": "ripretinib 150 mg daily",
    "pimitespib": "pimitespib 160 mg daily five days of seven",
}
ADVANCED = """
facts:
  sex: male
  age: 60
  genotype: {genotype}
  genotype_test: done
  sdhb: retained
  setting: advanced
  disease_extent: metastatic
  line_of_therapy: {line}
  last_drug: {last}
  drugs_given: [{given}]
  progression: {progression}
"""


@cache
def library() -> Library:
    """The whole knowledge, read once."""
    return load()


def options(text: str) -> dict[str, list[Option]]:
    """Every option by its name."""
    record = read_record(text.encode())
    assert record.problems == ()
    found: dict[str, list[Option]] = {}
    for option in treat_record(library(), record).options:
        found.setdefault(option.name, []).append(option)
    return found


@pytest.mark.parametrize("last", sorted(NAMES))
@pytest.mark.parametrize("line", [1, 2, 3, 4, 5])
def test_a_drug_on_which_the_disease_grows_is_not_the_next_line(last: str, line: int) -> None:
    given = f"imatinib, {last}"
    text = ADVANCED.format(
        genotype="KIT exon 11", line=line, last=last, given=given, progression="general"
    )
    states = {option.state for option in options(text).get(NAMES[last], ())}
    assert states <= {"refused"}


@pytest.mark.parametrize("failed", sorted(NAMES))
@pytest.mark.parametrize("line", [2, 3, 4, 5])
def test_a_drug_on_which_the_disease_grew_earlier_is_not_the_next_line(
    failed: str, line: int
) -> None:
    text = ADVANCED.format(
        genotype="KIT exon 11", line=line, last="imatinib", given=f"imatinib, {failed}",
        progression="general",
    )  # fmt: skip
    states = options(f"{text}  drugs_failed: [{failed}]\n").get(NAMES[failed], ())
    assert {option.state for option in states} <= {"refused"}
    spared = options(f"{text}  drugs_failed: []\n").get(NAMES[failed], ())
    assert "refused" not in {option.state for option in spared}


@pytest.mark.parametrize("last", ["dasatinib", "imatinib", "sunitinib", "avapritinib"])
def test_avapritinib_that_has_failed_in_d842v_does_not_come_back(last: str) -> None:
    text = ADVANCED.format(
        genotype="PDGFRA D842V", line=2, last=last, given="avapritinib, imatinib",
        progression="general",
    )  # fmt: skip
    found = options(text)
    assert {o.state for o in found.get("avapritinib 300 mg daily", ())} <= {"refused"}
    assert "offered" in {o.state for o in found["reference centre decides"]}


def test_stains_of_another_tumour_without_a_driver_leave_no_drug() -> None:
    text = ADVANCED.format(
        genotype="no driver found", line=0, last="none", given="", progression="none"
    ).replace("drugs_given: []", "cd117: negative\n  dog1: negative\n  desmin: positive")
    drugs = [o for found in options(text).values() for o in found if o.drug not in ("-", "")]
    assert drugs
    assert {option.state for option in drugs} == {"refused"}
