"""Several statements about one tumour, put together."""

import pytest

from stromal.nature.variant_reading import ALL_CLASSES
from stromal.nature.variant_report import read_report

LADDER = (
    "KIT exons 8, 9, 11, 13, 14, 17, 18 and PDGFRA exons 12, 14, 18 wild type",
    "SDHB IHC retained",
    "NF1 wild type",
    "BRAF wild type",
    "KRAS, NRAS, HRAS wild type",
    "NTRK fusion not detected",
)


def test_primary_and_secondary_changes_are_kept_apart() -> None:
    report = read_report(["KIT exon 11 W557_K558del; KIT V654A acquired under imatinib"])
    assert report.genotype == {"KIT exon 11"}
    assert [r.gene for r in report.primary] == ["KIT"]
    assert [r.acquired_under for r in report.secondary] == [("imatinib",)]


def test_a_late_change_beside_an_early_one_keeps_the_early_class_and_its_time_open() -> None:
    report = read_report(["KIT exon 11 L576P", "KIT exon 17 N822K"])
    assert report.genotype == {"KIT exon 11"}
    assert [r.codon_first for r in report.timing_unknown] == [822]
    assert report.incomplete


def test_what_the_record_knows_of_the_sample_settles_the_time() -> None:
    assert len(read_report(["KIT exon 17 N822K"]).genotype) > 1
    report = read_report(["KIT exon 17 N822K"], before_any_drug=True)
    assert report.genotype == {"KIT exon 17"}


def test_the_ladder_of_wild_type_results_ends_in_no_or_another_driver() -> None:
    report = read_report(LADDER)
    assert report.problems == ()
    assert report.genotype == {"FGFR alteration", "other driver", "no driver found"}


@pytest.mark.parametrize("left_out", range(len(LADDER)))
def test_each_step_of_the_ladder_that_is_not_done_leaves_its_classes_open(left_out: int) -> None:
    fewer = [text for place, text in enumerate(LADDER) if place != left_out]
    assert read_report(fewer).genotype > read_report(LADDER).genotype


@pytest.mark.parametrize("words", ["not tested", "failed", "not covered"])
def test_no_result_in_a_report_excludes_nothing(words: str) -> None:
    assert read_report([f"KIT exon 11 {words}"]).genotype == ALL_CLASSES


def test_uncertain_significance_decides_nothing() -> None:
    report = read_report(["SDHA R31X, VUS", "KIT exon 11 V559D"])
    assert report.genotype == {"KIT exon 11"}


def test_reports_that_exclude_each_other_are_shown_as_such() -> None:
    report = read_report(["KIT exon 11 L576P", "KIT exons 9 and 11 wild type"])
    assert report.genotype == ALL_CLASSES
    assert "contradict" in report.problems[0].what


def test_two_drivers_leave_both_possible() -> None:
    report = read_report(["KIT exon 11 L576P", "PDGFRA D842V"])
    assert report.genotype == {"KIT exon 11", "PDGFRA exon 18 D842V"}
    assert report.problems


def test_a_contradictory_statement_keeps_the_whole_report_open() -> None:
    report = read_report(["PDGFRA D842V, exon 11", "KIT exon 11 wild type"])
    assert report.genotype == ALL_CLASSES


def test_one_sentence_with_a_finding_and_a_wild_type_result_is_read_as_two() -> None:
    report = read_report(["KIT exon 11 W557R, PDGFRA exon 18 wild type"])
    assert report.problems == ()
    assert report.genotype == {"KIT exon 11"}
    assert [part.gene for part in report.coverage] == ["PDGFRA"]


@pytest.mark.parametrize(
    "text",
    [
        "KIT W557R and PDGFRA D842V not detected",
        "D842V and V561D not detected",
        "PDGFRA D842V, V561D not found",
        "KIT W557R and V654A acquired under imatinib",
        "no KIT W557R and no PDGFRA D842V",
    ],
)
def test_a_word_that_may_belong_to_both_findings_makes_a_finding_of_neither(text: str) -> None:
    report = read_report([text])
    assert report.primary == ()
    assert len(report.genotype) > 15


def test_several_findings_in_one_line_are_read_one_by_one() -> None:
    report = read_report(["KIT exon 11 W557_K558del and secondary V654A"])
    assert report.genotype == {"KIT exon 11"}
    assert [r.codon_first for r in report.secondary] == [654]


def test_a_plasma_sample_without_a_change_excludes_nothing() -> None:
    assert read_report(["KIT exons 9, 11 wild type in plasma"]).genotype == ALL_CLASSES


def test_an_empty_report_leaves_everything_possible() -> None:
    assert read_report([]).genotype == ALL_CLASSES
