"""Hundreds of GIST variants, each in many spellings, all read alike.

What is expected comes from codon borders and reference residues written down here, by hand from
NM_000222.3, NM_006206.6 and the literature, never from the reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stromal.nature.variant import read_variant

NAMES = dict(
    zip(
        "ARNDCQEGHILKMFPSTWYV*",
        (
            "Ala",
            "Arg",
            "Asn",
            "Asp",
            "Cys",
            "Gln",
            "Glu",
            "Gly",
            "His",
            "Ile",
            "Leu",
            "Lys",
            "Met",
            "Phe",
            "Pro",
            "Ser",
            "Thr",
            "Trp",
            "Tyr",
            "Val",
            "Ter",
        ),
        strict=True,
    )
)
# gene, exon, first codon, reference residues: only codons that no neighbouring exon shares
STRETCHES = (
    ("KIT", 9, 501, "SAYFNFAFKGNNK"),
    ("KIT", 11, 550, "KPMYEVQWKVVEEINGNNYVYIDPTQLPYDHKWEFPRNRLSF"),
    ("KIT", 13, 642, "K"),
    ("KIT", 13, 654, "V"),
    ("KIT", 14, 670, "T"),
    ("KIT", 17, 816, "DIKNDSNY"),
    ("KIT", 18, 829, "A"),
    ("PDGFRA", 12, 561, "V"),
    ("PDGFRA", 14, 659, "N"),
    ("PDGFRA", 18, 841, "RDIMHDS"),
)
# imatinib: S answers, R does not; the primary classes as in the evidence on sensitivity
SIGN = {
    "KIT exon 8": "S", "KIT exon 9": "S", "KIT exon 11": "S", "KIT exon 13": "S",
    "KIT exon 14": "R", "KIT exon 17": "S", "KIT exon 18": "R", "PDGFRA exon 12": "S",
    "PDGFRA exon 14": "S", "PDGFRA exon 18 D842V": "R", "PDGFRA exon 18 other": "S",
    "SDH-deficient": "R", "NF1": "R", "BRAF V600E": "R", "RAS": "R", "NTRK fusion": "R",
    "FGFR alteration": "R", "other driver": "R",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A variant with its known gene, exon (None where no table gives it) and class."""

    gene: str
    exon: int | None
    short: str
    long: str
    name: str
    cdna: str = ""

    def spellings(self) -> Iterator[str]:
        gene, short, long = self.gene, self.short, self.long
        exon = f"exon {self.exon} " if self.exon else ""
        yield f"{gene} {short}"
        yield f"{gene} p.{short}"
        yield f"{gene} p.({long})"
        yield f"{gene}:p.{long}"
        yield f"{gene} {exon}{long}"
        yield f"{gene} {short.lower()}"
        yield f"{gene.lower()} {exon.replace('exon ', 'ex')}{short}"
        yield f"{short} mutation in {gene} {exon}".strip()
        yield f"Mutation detected in the {gene} gene: p.{long}, VAF 34 %"
        yield f"somatic {gene} {exon}variant, p.{short} (tissue)"
        if self.cdna:
            yield f"{gene} {self.cdna} p.{long}"
            yield f"{gene} {self.cdna}"


def event(residues: str, at: int, first: int, last: int, ending: str) -> tuple[str, str]:
    a, b = residues[first - at], residues[last - at]
    one = f"{a}{first}" if first == last else f"{a}{first}_{b}{last}"
    three = f"{NAMES[a]}{first}" if first == last else f"{NAMES[a]}{first}_{NAMES[b]}{last}"
    return f"{one}{ending}", f"{three}{ending}"


def in_frame(gene: str, exon: int, at: int, residues: str, name: str) -> Iterator[Known]:
    end = at + len(residues) - 1
    for first in range(at, end + 1):
        for last in range(first, min(first + 9, end) + 1):
            cdna = f"c.{3 * first - 2}_{3 * last}"
            yield Known(gene, exon, *event(residues, at, first, last, "del"), name, f"{cdna}del")
            if exon == 11 and last - first > 2 and first > 568:
                short, long = event(residues, at, first, last, "dup")
                yield Known(gene, exon, short, long, name, f"{cdna}dup")


def swaps(gene: str, exon: int, at: int, residues: str) -> Iterator[Known]:
    for place, old in enumerate(residues):
        for new in "ADGV":
            if new == old:
                continue
            codon = at + place
            d842v = (gene, codon, new) == ("PDGFRA", 842, "V")
            name = f"{gene} exon {exon}"
            if name == "PDGFRA exon 18":
                name += " D842V" if d842v else " other"
            short, long = f"{old}{codon}{new}", f"{NAMES[old]}{codon}{NAMES[new]}"
            yield Known(gene, exon, short, long, name, "c.2525A>T" if d842v else "")


def truncations() -> Iterator[Known]:
    for gene, name in (
        ("SDHA", "SDH-deficient"), ("SDHB", "SDH-deficient"), ("SDHC", "SDH-deficient"),
        ("SDHD", "SDH-deficient"), ("NF1", "NF1"),
    ):  # fmt: skip
        for codon in range(30, 150, 12):
            yield Known(gene, None, f"R{codon}*", f"Arg{codon}Ter", name)
            yield Known(gene, None, f"Q{codon}fs", f"Gln{codon}fs", name)


def others() -> Iterator[Known]:
    yield Known("BRAF", 15, "V600E", "Val600Glu", "BRAF V600E", "c.1799T>A")
    yield Known("BRAF", 15, "V600K", "Val600Lys", "other driver")
    for gene in ("KRAS", "NRAS", "HRAS"):
        for old, codon in (("G", 12), ("G", 13), ("Q", 61)):
            for new in "DRKV":
                short, long = f"{old}{codon}{new}", f"{NAMES[old]}{codon}{NAMES[new]}"
                yield Known(gene, None, short, long, "RAS")
    yield Known("FGFR1", None, "N546K", "Asn546Lys", "FGFR alteration")
    yield Known("FGFR1", None, "K656E", "Lys656Glu", "FGFR alteration")
    yield Known("KIT", 8, "T417_D419delinsY", "Thr417_Asp419delinsTyr", "KIT exon 8")
    yield Known("KIT", 9, "A502_Y503dup", "Ala502_Tyr503dup", "KIT exon 9", "c.1504_1509dup")
    yield Known("KIT", 9, "F506_F508dup", "Phe506_Phe508dup", "KIT exon 9")


def variants() -> list[Known]:
    found: list[Known] = []
    for gene, exon, at, residues in STRETCHES:
        found += swaps(gene, exon, at, residues)
        if (gene, exon) in (("KIT", 11), ("PDGFRA", 18)):
            name = "KIT exon 11" if gene == "KIT" else "PDGFRA exon 18 other"
            found += in_frame(gene, exon, at, residues, name)
    return [*found, *truncations(), *others()]


VARIANTS = variants()


def is_right(known: Known, text: str) -> bool:
    reading = read_variant(text)
    exon_right = known.exon is None or reading.exons == (known.exon,)
    return (reading.gene, reading.variant_class) == (known.gene, known.name) and exon_right


def test_five_hundred_variants_in_eight_spellings_are_read_to_gene_exon_and_class() -> None:
    assert len({(v.gene, v.short) for v in VARIANTS}) >= 500
    texts = [(known, text) for known in VARIANTS for text in dict.fromkeys(known.spellings())]
    assert min(len(set(known.spellings())) for known in VARIANTS) >= 8
    wrong = [text for known, text in texts if not is_right(known, text)]
    assert len(wrong) <= len(texts) / 100, wrong[:20]


def test_no_spelling_turns_a_sensitive_class_into_a_resistant_one_or_back() -> None:
    turned = [
        (text, reading.variant_class)
        for known in VARIANTS
        for text in known.spellings()
        if (reading := read_variant(text)).variant_class is not None
        and SIGN[reading.variant_class] != SIGN[known.name]
    ]
    assert turned == []


def test_a_class_that_is_certain_is_the_right_one() -> None:
    certain = [
        (text, reading.genotype)
        for known in VARIANTS
        for text in known.spellings()
        if known.name not in (reading := read_variant(text)).genotype
    ]
    assert certain == []


FUSIONS = [
    (f"{partner}{join}{gene}{word}", gene, name)
    for gene, name in (
        ("NTRK1", "NTRK fusion"), ("NTRK2", "NTRK fusion"), ("NTRK3", "NTRK fusion"),
        ("FGFR1", "FGFR alteration"), ("FGFR2", "FGFR alteration"), ("BRAF", "other driver"),
    )
    for partner in ("ETV6", "TPM3", "TACC1", "HOOK3")
    for join, word in (("::", ""), ("-", ""), ("-", " fusion"), ("::", " gene fusion"),
                       ("/", " fusion"), ("-", " rearrangement"), ("--", " fusion detected"))
]  # fmt: skip


def test_fusions_are_read_to_kinase_partner_and_class() -> None:
    for text, gene, name in FUSIONS:
        reading = read_variant(text)
        assert (reading.kind, reading.gene, reading.variant_class) == ("fusion", gene, name), text
        assert reading.partner == text[: len(reading.partner or "")], text
