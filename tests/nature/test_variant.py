"""What laboratories write, read one statement at a time."""

from itertools import pairwise

import pytest

from stromal.nature.variant import read_variant, read_variants
from stromal.nature.variant_genes import (
    coding_position,
    exon_table,
    exons_of_codons,
    residue,
)
from stromal.nature.variant_reading import ALL_CLASSES, GENOTYPE_CLASSES, KIT_CLASSES

KIT_FAMILY = frozenset(KIT_CLASSES)

# text, gene, exons, codons, one-letter change, class
READ = [
    ("KIT exon 11 p.W557_K558del", "KIT", (11,), (557, 558), "W557_K558del", "KIT exon 11"),
    ("KIT exon 11 557-558del", "KIT", (11,), (557, 558), "W557_K558del", "KIT exon 11"),
    ("KIT c.1669_1674del", "KIT", (11,), (557, 558), "W557_K558del", "KIT exon 11"),
    ("KIT exon 11 deletion of codons 557 to 558", "KIT", (11,), (557, 558), "W557_K558del",
     "KIT exon 11"),
    ("KPMYEVQWK550-558DEL", "KIT", (11,), (550, 558), "K550_K558del", "KIT exon 11"),
    ("KIT K558NP", "KIT", (11,), (558, 558), "K558delinsNP", "KIT exon 11"),
    ("A502_Y503insAY, KIT", "KIT", (9,), (502, 503), "A502_Y503dup", "KIT exon 9"),
    ("KIT Y503_F504insAY", "KIT", (9,), (502, 503), "A502_Y503dup", "KIT exon 9"),
    ("KIT exon 9 dup 1530ins6", "KIT", (9,), (502, 503), "A502_Y503dup", "KIT exon 9"),
    ("KIT T417_D419delinsY", "KIT", (8,), (417, 419), "T417_D419delinsY", "KIT exon 8"),
    ("KIT A829P primary", "KIT", (18,), (829, 829), "A829P", "KIT exon 18"),
    ("KIT T670I", "KIT", (14,), (670, 670), "T670I", "KIT exon 14"),
    ("KIT Lys642Glu", "KIT", (13,), (642, 642), "K642E", "KIT exon 13"),
    ("PDGFR-α p.(Asp842Val)", "PDGFRA", (18,), (842, 842), "D842V", "PDGFRA exon 18 D842V"),
    ("PDGFRA c.2525A>T", "PDGFRA", (18,), (842, 842), "D842V", "PDGFRA exon 18 D842V"),
    ("NC_000004.11:g.55152093A>T PDGFRA", "PDGFRA", (18,), (842, 842), "D842V",
     "PDGFRA exon 18 D842V"),
    ("PDGFRA DELI843", "PDGFRA", (18,), (843, 843), "I843del", "PDGFRA exon 18 other"),
    ("PDGFRA D842_H845DELDIMH", "PDGFRA", (18,), (842, 845), "D842_H845del",
     "PDGFRA exon 18 other"),
    ("PDGFRA V561D", "PDGFRA", (12,), (561, 561), "V561D", "PDGFRA exon 12"),
    ("PDGFRA N659K", "PDGFRA", (14,), (659, 659), "N659K", "PDGFRA exon 14"),
    ("NM_001093772.1:c.2435A>T KIT D812V", "KIT", (17,), (816, 816), "D816V", "KIT exon 17"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "gene", "exons", "codons", "change", "name"), READ)
def test_a_change_is_read(
    text: str, gene: str, exons: tuple[int], codons: tuple[int, int], change: str, name: str
) -> None:
    reading = read_variant(text)
    assert reading.problems == ()
    assert (reading.gene, reading.exons, reading.variant_class) == (gene, exons, name)
    assert (reading.codon_first, reading.codon_last) == codons
    assert reading.protein is not None
    assert reading.protein.one_letter == f"p.{change}"
    assert name in reading.genotype


# text, class, classes of the driver still possible (None: all)
CLASSED: list[tuple[str, str | None, set[str] | None]] = [
    ("KIT exon 11 deletion", "KIT exon 11", {"KIT exon 11"}),
    ("KIT exon 11/21 DEL", "KIT exon 11", {"KIT exon 11"}),
    ("KIT c.1648-5_1670del", "KIT exon 11", {"KIT exon 11"}),
    ("PDGFRA exon 18 mutation", None, {"PDGFRA exon 18 D842V", "PDGFRA exon 18 other"}),
    ("PDGFRA exon 18 deletion", "PDGFRA exon 18 other", {"PDGFRA exon 18 other"}),
    ("PDGFRA D842_I843delinsVM", "PDGFRA exon 18 other",
     {"PDGFRA exon 18 D842V", "PDGFRA exon 18 other"}),
    ("PDGFRA D842I", "PDGFRA exon 18 other", {"PDGFRA exon 18 D842V", "PDGFRA exon 18 other"}),
    ("SDHB loss by IHC", "SDH-deficient", {"SDH-deficient"}),
    ("SDHB IHC negative", "SDH-deficient", {"SDH-deficient"}),
    ("SDHC promoter hypermethylation", "SDH-deficient", {"SDH-deficient"}),
    ("SDH-deficient GIST", "SDH-deficient", {"SDH-deficient"}),
    ("germline SDHB p.Arg90*", "SDH-deficient", {"SDH-deficient"}),
    ("SDHA R589W", "SDH-deficient", None),
    ("neurofibromatosis type 1", "NF1", {"NF1"}),
    ("BRAF V600E", "BRAF V600E", {"BRAF V600E"}),
    ("BRAF V600K", "other driver", {"other driver"}),
    ("BRAF exon 15 mutation", None, {"BRAF V600E", "other driver"}),
    ("KRAS G12D", "RAS", {"RAS"}),
    ("FGF4 duplication", "FGFR alteration", {"FGFR alteration"}),
    ("FIP1L1-PDGFRA", "other driver", {"other driver"}),
    ("KIT M541L", None, None),
    ("KIT L862=", None, None),
    ("KIT amplification", None, None),
    ("KIT 3' UTR mutation", None, None),
    ("TP53 R175H", None, None),
    ("KIT exon 11 M552T, VUS", None, None),
    ("pan-TRK positive", None, None),
    ("CD117 positive", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "genotype"), CLASSED)
def test_a_finding_leaves_the_right_classes(
    text: str, name: str | None, genotype: set[str] | None
) -> None:
    reading = read_variant(text)
    assert reading.problems == ()
    assert (reading.variant_class, reading.genotype) == (name, genotype or ALL_CLASSES)


# text, words of the problem
REFUSED = [
    ("D842V, exon 11", "lies in exon 18, not in exon 11"),
    ("KIT D842V", "KIT has F at codon 842"),
    ("KIT W557_K558del exon 9", "lies in exon 11, not in exon 9"),
    ("KIT D812V", "KIT has G at codon 812"),
    ("KIT c.1669_1674del p.V654A", "codon 557, the protein change in codon 654"),
    ("KIT L576P deletion", 'says "deletion" and gives a substitution'),
    ("KIT K558_W557del", "runs backwards"),
    ("KIT W557_K558delWKV", "removes 3, but 557_558 holds 2"),
    ("KIT c.1669_1674del9", "removes 9, but 1669_1674 holds 6"),
    ("KIT c.1669_1674delTGG", "removes 3, but 1669_1674 holds 6"),
    ("KIT D1816V", "has no position 1816"),
    ("KIT exon 11 W557R excluded", "leaves it open"),
    ("KIT exon 11 W557R apparently", "not understood"),
    ("no KIT exon 11 mutation, exon 13 K642E", "it is not plain which finding is denied"),
    ("SDHB negative", "may mean the stain or the mutation test"),
    ("KIT positive", "may mean the stain or the mutation test"),
    ("exon 11 deletion", "the gene is not named"),
    ("R175H", "the gene is not named"),
    *((gene, "no result is stated") for gene in ("KIT", "BRAF", "RAS", "SDHB", "SDH", "KIT gene")),
    ("KIT p.(=)", "not understood"),
    ("W557R and V654A in KIT", "several findings"),
    ("KIT W557R detected, nothing else not found", "not plain|not understood"),
    ("KIT W557R, no other mutation", "not understood"),
    ("KIT exon 11 W557R without exon 17 change", "stands between"),
    ("KIT W557R PDGFRA not detected", "not plain"),
    ("KIT V654A primary, acquired", "both primary and secondary"),
    ("KIT V654A germline somatic", "both germline and somatic"),
    ("KIT W557R, exon 11 wild type", "calls the gene wild type"),
    ("", "empty"),
    ("x" * 5000, "too long"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_text_that_cannot_be_believed_says_why_and_keeps_no_class(text: str, words: str) -> None:
    reading = read_variant(text)
    assert reading.problems
    assert any(word in p.what + p.remedy for p in reading.problems for word in words.split("|"))
    assert all(p.remedy for p in reading.problems)
    assert (reading.genotype, reading.variant_class) == (ALL_CLASSES, None)


def test_d812v_is_told_to_be_d816v_of_the_other_isoform() -> None:
    assert "GNNK-" in read_variant("KIT D812V").problems[0].remedy
    reading = read_variant("KIT GNNK- D812V")
    assert reading.protein is not None
    assert reading.protein.three_letter == "p.Asp816Val"
    assert "GNNK-" in reading.notes[0]


def test_bare_codons_without_transcript_carry_a_note_about_the_isoform() -> None:
    assert any("GNNK-" in note for note in read_variant("KIT 557-558del").notes)
    assert read_variant("KIT W557_K558del").notes == ()


def test_the_numbering_isoform_is_stated() -> None:
    assert read_variant("KIT L576P").isoform == "NM_000222.3 (GNNK+, 976 aa)"


@pytest.mark.parametrize("name", ["V654A", "T670I", "A829P", "N822K", "D816V"])
def test_a_late_exon_change_of_unknown_time_leaves_the_primary_driver_open(name: str) -> None:
    reading = read_variant(f"KIT {name}")
    assert reading.genotype == KIT_FAMILY
    assert reading.incomplete
    primary = read_variant(f"KIT {name} at diagnosis")
    assert primary.genotype == {primary.variant_class}


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("KIT V654A acquired under imatinib", ("imatinib",)),
        ("secondary KIT D820Y after imatinib and sunitinib", ("imatinib", "sunitinib")),
        ("KIT T670I resistance mutation", ()),
    ],
)
def test_an_acquired_change_names_its_drug_and_decides_no_primary_class(
    text: str, drugs: tuple[str, ...]
) -> None:
    reading = read_variant(text)
    assert (reading.primary_or_secondary, reading.acquired_under) == ("secondary", drugs)
    assert reading.genotype == KIT_FAMILY


def test_a_primary_tumour_is_no_primary_mutation() -> None:
    assert read_variant("KIT V654A, primary tumour").primary_or_secondary == "unknown"


@pytest.mark.parametrize(
    ("text", "fraction"),
    [("VAF 34 %", 0.34), ("VAF 0.34", 0.34), ("allele frequency: 3,4%", 0.034), ("VAF 34", None),
     ("VAF <5%", None), ("tumour content 60 %", None)],
)  # fmt: skip
def test_allele_fractions_are_read_and_never_taken_from_elsewhere(
    text: str, fraction: float | None
) -> None:
    reading = read_variant(f"KIT exon 11 L576P, {text}")
    assert reading.allele_fraction == (pytest.approx(fraction) if fraction else None)
    assert reading.variant_class == "KIT exon 11"


def test_specimen_and_origin_are_read() -> None:
    reading = read_variant("germline KIT exon 13 K642E in plasma")
    assert (reading.origin, reading.specimen) == ("germline", "ctDNA")


NO_RESULT = ["not tested", "not covered", "failed", "insufficient DNA", "pending"]


@pytest.mark.parametrize("words", NO_RESULT)
def test_no_result_is_never_a_negative_result(words: str) -> None:
    reading = read_variant(f"KIT exon 11 {words}")
    assert reading.kind in ("not tested", "failed")
    assert (reading.genotype, reading.coverage, reading.problems) == (ALL_CLASSES, (), ())


def test_a_wild_type_result_excludes_only_the_exons_it_names() -> None:
    text = "KIT exons 9, 11, 13, 17 and PDGFRA 12, 14, 18 wild type"
    assert ALL_CLASSES - read_variant(text).genotype == {
        "KIT exon 9", "KIT exon 11", "KIT exon 13", "KIT exon 17", "PDGFRA exon 12",
        "PDGFRA exon 14", "PDGFRA exon 18 D842V", "PDGFRA exon 18 other",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("KIT wild type", set()),
        ("KIT/PDGFRA wild type", set()),
        ("KIT exon 11 mutation not detected in ctDNA", set()),
        ("no KIT exon 11 deletion", set()),
        ("no secondary KIT mutation in exon 17", set()),
        ("SDHA, SDHB, SDHC, SDHD wild type", set()),
        ("KRAS wild type", set()),
        ("D842V not detected", {"PDGFRA exon 18 D842V"}),
        (
            "no mutations in KIT (exons 9, 11) or PDGFRA (exon 12)",
            {"KIT exon 9", "KIT exon 11", "PDGFRA exon 12"},
        ),
        ("KIT exons 8-11 wild type", {"KIT exon 8", "KIT exon 9", "KIT exon 11"}),
        ("KIT wild type, all exons", set(KIT_CLASSES)),
        ("LabCorp panel: KIT wild type", {f"KIT exon {n}" for n in (9, 11, 13, 17)}),
        ("SDHB IHC retained", {"SDH-deficient"}),
        ("no loss of SDHB expression", {"SDH-deficient"}),
        ("BRAF wild type", {"BRAF V600E"}),
        ("quadruple wild type", {"BRAF V600E", "NF1", "RAS"}),
    ],
)
def test_a_negative_result_excludes_no_more_than_it_looked_at(
    text: str, excluded: set[str]
) -> None:
    reading = read_variant(text)
    assert reading.problems == ()
    assert ALL_CLASSES - reading.genotype == excluded


@pytest.mark.parametrize(
    ("text", "subtype"),
    [
        ("KIT W557_K558del", "exon 11 deletion of codons 557 and 558"),
        ("KIT c.1669_1674del", "exon 11 deletion of codons 557 and 558"),
        ("KIT K558_V559del", "exon 11 deletion of codon 558 but not both 557 and 558"),
        ("KIT D579del", "one-codon deletion"),
        ("KIT D572_D579dup", "exon 11 duplication"),
        ("KIT W557R", "W557R"),
        ("KIT V559A", "V559A"),
        ("KIT L576P", "L576P"),
        ("KIT D816V", "D816V"),
        ("KIT A502_Y503dup", "A502_Y503dup"),
        ("BRAF V600K", "BRAF non-V600E"),
    ],
)
def test_subtypes_are_words_beside_the_class(text: str, subtype: str) -> None:
    assert subtype in read_variant(text).subtypes


def test_bases_that_begin_inside_a_codon_give_no_word_about_557_and_558() -> None:
    assert read_variant("KIT c.1655_1672del18").subtypes == ()  # M552_W557del


def test_a_codon_that_two_exons_share_is_left_open_until_the_exon_is_known() -> None:
    reading = read_variant("KIT codon 664 substitution")
    assert reading.exons == (13, 14)
    assert len(reading.genotype) > 1


def test_batches_read_as_single_texts_do() -> None:
    texts = [row[0] for row in READ] * 2
    assert read_variants(texts) == [read_variant(text) for text in texts]


@pytest.mark.parametrize(
    ("gene", "exon", "first", "last"),
    [("KIT", 9, 450, 513), ("KIT", 11, 550, 591), ("KIT", 17, 788, 828), ("KIT", 18, 829, 865),
     ("PDGFRA", 12, 552, 595), ("PDGFRA", 18, 814, 854)],
)  # fmt: skip
def test_exon_borders_are_the_published_ones(gene: str, exon: int, first: int, last: int) -> None:
    assert exons_of_codons(gene, first, first) == (exon,)
    assert exons_of_codons(gene, last, last) == (exon,)


def test_exons_follow_each_other_without_gap_in_coding_positions() -> None:
    for gene in ("KIT", "PDGFRA"):
        exons = exon_table(gene)
        for one, next_one in pairwise(exons):
            assert next_one.c_first == one.c_last + 1
            assert one.last_split == next_one.first_split


def test_genome_positions_of_known_variants_give_their_coding_positions() -> None:
    assert coding_position("KIT", 55599321) == 2447
    assert coding_position("PDGFRA", 55152093) == 2525
    assert coding_position("KIT", 55600000) is None


def test_the_reference_has_the_residues_that_name_the_isoform() -> None:
    assert "".join(residue("KIT", codon) for codon in range(510, 514)) == "GNNK"


def test_the_classes_are_each_named_once() -> None:
    assert len(GENOTYPE_CLASSES) == len(ALL_CLASSES) == 19
