"""What a reading of a molecular report holds: values only."""

from __future__ import annotations

from dataclasses import dataclass

from stromal.facts.problem import Problem

KIT_CLASSES = tuple(f"KIT exon {number}" for number in (8, 9, 11, 13, 14, 17, 18))
D842V = "PDGFRA exon 18 D842V"
EXON_18_OTHER = "PDGFRA exon 18 other"
PDGFRA_CLASSES = ("PDGFRA exon 12", "PDGFRA exon 14", D842V, EXON_18_OTHER)
SDH_DEFICIENT = "SDH-deficient"
BRAF_V600E = "BRAF V600E"
OTHER_DRIVER = "other driver"
NO_DRIVER = "no driver found"

# The classes of the primary driver, in the order in which they are shown.
GENOTYPE_CLASSES = (
    *KIT_CLASSES,
    *PDGFRA_CLASSES,
    SDH_DEFICIENT,
    "NF1",
    BRAF_V600E,
    "RAS",
    "NTRK fusion",
    "FGFR alteration",
    OTHER_DRIVER,
    NO_DRIVER,
)
ALL_CLASSES = frozenset(GENOTYPE_CLASSES)


@dataclass(frozen=True, slots=True)
class Protein:
    """A protein change in the two HGVS spellings: `p.Val654Ala` and `p.V654A`."""

    three_letter: str
    one_letter: str

    def __str__(self) -> str:
        return self.three_letter


@dataclass(frozen=True, slots=True)
class Coverage:
    """A gene that a test looked at; no exons means that they are not named, unless `whole`."""

    gene: str
    exons: tuple[int, ...] = ()
    whole: bool = False
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class VariantReading:
    """One statement of a molecular report, as read.

    `variant_class` is the class of this variant if it is the driver; `genotype` holds the classes
    of the primary driver that are still possible once this statement is known. Numbers are those
    of `isoform`. `allele_fraction` lies between 0 and 1. A statement that cannot be read, or that
    contradicts itself, has `problems` and leaves every class possible. `incomplete` names what a
    readable statement leaves open.
    """

    text: str
    kind: str = "unread"
    gene: str | None = None
    exons: tuple[int, ...] = ()
    codon_first: int | None = None
    codon_last: int | None = None
    protein: Protein | None = None
    cdna: str | None = None
    partner: str | None = None
    origin: str = "unknown"
    primary_or_secondary: str = "unknown"
    acquired_under: tuple[str, ...] = ()
    allele_fraction: float | None = None
    specimen: str = "unknown"
    significance: str = "unknown"
    isoform: str | None = None
    coverage: tuple[Coverage, ...] = ()
    variant_class: str | None = None
    subtypes: tuple[str, ...] = ()
    genotype: frozenset[str] = ALL_CLASSES
    problems: tuple[Problem, ...] = ()
    incomplete: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MolecularReading:
    """Several statements about one tumour, put together.

    `genotype` holds the classes of the primary driver that are still possible; `primary` and
    `secondary` the variants as they were read, `timing_unknown` those of which the report does
    not say whether they came before any drug.
    """

    statements: tuple[VariantReading, ...]
    genotype: frozenset[str]
    primary: tuple[VariantReading, ...] = ()
    secondary: tuple[VariantReading, ...] = ()
    timing_unknown: tuple[VariantReading, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    subtypes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    incomplete: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
