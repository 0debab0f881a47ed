"""From a placed change to the genotype class of the tumour's driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stromal.facts.problem import Problem
from stromal.nature.variant_change import Change, protein_of
from stromal.nature.variant_genes import DRIVER_EXONS, named_by_protein
from stromal.nature.variant_grammar import FUSION_GENES
from stromal.nature.variant_place import Place
from stromal.nature.variant_reading import (
    ALL_CLASSES,
    BRAF_V600E,
    D842V,
    EXON_18_OTHER,
    KIT_CLASSES,
    OTHER_DRIVER,
    PDGFRA_CLASSES,
    SDH_DEFICIENT,
)

IN_FRAME = frozenset(
    {"substitution", "deletion", "insertion", "duplication", "delins", "splice", "exon word"}
)
TRUNCATING = frozenset({"nonsense", "frameshift", "splice", "loss", "start loss"})
SDH_GENES = frozenset({"SDH", "SDHA", "SDHB", "SDHC", "SDHD", "SDHAF2"})
RAS_GENES = frozenset({"KRAS", "NRAS", "HRAS", "RAS"})
RAS_CODONS = frozenset({12, 13, 61, 117, 146})  # recalled: activating codons of the RAS genes
FGFR1_CODONS = frozenset({546, 656})  # recalled: activating codons of FGFR1


@dataclass(frozen=True, slots=True)
class Finding:
    """A change as the text gives it, ready to be classed."""

    gene: str
    kind: str
    place: Place = field(default_factory=Place)
    word_kind: str | None = None  # "deletion" of "exon 11 deletion"
    significance: str = "unknown"
    timing: str = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The class of the change as driver, the classes still possible, and what is left open."""

    variant_class: str | None = None
    genotype: frozenset[str] = ALL_CLASSES
    subtypes: tuple[str, ...] = ()
    incomplete: tuple[Problem, ...] = ()


def _only(name: str, *subtypes: str) -> Verdict:
    return Verdict(name, frozenset({name}), subtypes)


def _open(what: str, where: str, remedy: str, genotype: frozenset[str] = ALL_CLASSES) -> Verdict:
    return Verdict(None, genotype, (), (Problem(where, what, remedy),))


def one_letter_name(change: Change | None) -> str:
    """`W557_K558del`, or nothing where a residue is missing."""
    form = protein_of(change) if change else None
    return form.one_letter.removeprefix("p.") if form else ""


def exon_11_subtypes(change: Change | None) -> tuple[str, ...]:
    """Words about an exon 11 change that guidelines and series name; notes, never class shifts."""
    if change is None:
        return ()
    found = []
    span = change.last - change.first + 1
    shorter = change.kind == "delins" and len(change.inserted) < span
    if change.kind == "deletion" or shorter:
        touched = [codon for codon in (557, 558) if change.first <= codon <= change.last]
        if len(touched) == 2:
            found.append("exon 11 deletion of codons 557 and 558")
        elif touched:
            found.append(f"exon 11 deletion of codon {touched[0]} but not both 557 and 558")
    if change.kind == "deletion" and change.first == change.last:
        found.append("one-codon deletion")
    if change.kind == "duplication":
        found.append("exon 11 duplication")
    return tuple(found)


def _protein(finding: Finding) -> Change | None:
    """The p. change, or what the codons of a c. deletion say of it."""
    place = finding.place
    if place.protein or not place.coding or place.coding.kind not in ("deletion", "duplication"):
        return place.protein
    if place.coding.first % 3 != 1:
        return None  # the deleted bases begin inside a codon: which residues go is not said
    first, last = place.codons()
    return Change("p", finding.kind, first or 0, last or 0)


def _kit_subtypes(finding: Finding, exon: int) -> tuple[str, ...]:
    name = one_letter_name(finding.place.protein)
    named = (name,) if named_by_protein("KIT", name) else ()
    more = exon_11_subtypes(_protein(finding)) if exon == 11 else ()
    words = (f"exon {exon} {finding.word_kind}",) if finding.word_kind and not name else ()
    return (*named, *more, *words)


def _receptor(finding: Finding) -> Verdict | None:
    """What holds for KIT and PDGFRA alike; None where exactly one driver exon is reached."""
    gene, place = finding.gene, finding.place
    family = frozenset(KIT_CLASSES if gene == "KIT" else PDGFRA_CLASSES)
    if finding.kind not in IN_FRAME:
        remedy = "ask what it means: drivers of GIST in this gene keep the reading frame"
        return _open(f"a {finding.kind} change of {gene} is no known driver", gene, remedy)
    if not place.exons:
        remedy = f'name the exon and the change, for instance "{gene} exon 11 ..."'
        return _open(f"the exon of the {gene} mutation is not stated", gene, remedy, family)
    drivers = [exon for exon in place.exons if exon in DRIVER_EXONS[gene]]
    exons = " or ".join(str(exon) for exon in place.exons)
    if len(drivers) != len(place.exons) and (not drivers or _shared_codon(place)):
        remedy = "state exon and change as the laboratory gives them"
        return _open(f"{gene} exon {exons} is not a known driver exon", f"exon {exons}", remedy)
    if len(drivers) > 1:
        remedy = "state which exon the change lies in, or give the c. change"
        classes = frozenset(c for c in family if any(f"exon {d}" in c for d in drivers))
        return _open(f"the change may lie in exon {exons}", f"exon {exons}", remedy, classes)
    return None


def _shared_codon(place: Place) -> bool:
    return (
        place.coding is None
        and place.protein is not None
        and len(place.exons) > 1
        and (place.protein.first == place.protein.last)
    )


def _driver_exon(finding: Finding) -> int:
    gene_exons = DRIVER_EXONS[finding.gene]
    return next(exon for exon in finding.place.exons if exon in gene_exons)


def kit(finding: Finding) -> Verdict:
    """KIT: by exon; the second half of the kinase asks whether the change came under a drug."""
    shared = _receptor(finding)
    if shared:
        return shared
    exon = _driver_exon(finding)
    name = f"KIT exon {exon}"
    subtypes = _kit_subtypes(finding, exon)
    known = named_by_protein("KIT", one_letter_name(finding.place.protein))
    usually_first = exon in (8, 9, 11) or (known is not None and known.timing == "primary")
    if finding.timing == "primary" or usually_first:
        return _only(name, *subtypes)
    what = f"a KIT exon {exon} change means different things before and after a drug"
    remedy = 'say whether the sample was taken before any drug ("primary") or under which drug'
    problem = Problem(name, what, remedy)
    return Verdict(name, frozenset(KIT_CLASSES), subtypes, (problem,))


def pdgfra(finding: Finding) -> Verdict:
    """PDGFRA: by exon, and in exon 18 by whether it is D842V itself."""
    shared = _receptor(finding)
    if shared:
        return shared
    exon = _driver_exon(finding)
    name = one_letter_name(finding.place.protein)
    subtypes = (name,) if name and named_by_protein("PDGFRA", name) else ()
    if exon != 18:
        return _only(f"PDGFRA exon {exon}", *subtypes)
    if name == "D842V":
        return _only(D842V, "D842V")
    return _exon_18(finding, subtypes)


def _exon_18(finding: Finding, subtypes: tuple[str, ...]) -> Verdict:
    change = finding.place.protein
    both = frozenset({D842V, EXON_18_OTHER})
    pure = ("deletion", "insertion", "duplication")
    if finding.kind in pure or finding.word_kind in pure:
        return _only(EXON_18_OTHER, *subtypes)
    first, last = finding.place.codons()
    if first is None or last is None:
        remedy = "ask for the protein change: D842V is resistant, most others are not"
        return _open('"exon 18" alone does not say whether it is D842V', "exon 18", remedy, both)
    if not first <= 842 <= last:
        return _only(EXON_18_OTHER, *subtypes)
    what = "codon 842 is changed, but not as D842V alone"
    if change is None:
        what = "the c. change reaches codon 842; whether it gives D842V is not stated"
    remedy = "ask for the protein change, and for laboratory data on it before any imatinib"
    problem = Problem("codon 842", what, remedy)
    return Verdict(EXON_18_OTHER if change else None, both, subtypes, (problem,))


def sdh(finding: Finding) -> Verdict:
    """SDH subunits: loss of function; a missense change needs the protein stain."""
    subtypes = tuple(s for s in (finding.gene,) if s != "SDH")
    if finding.kind == "epimutation":
        return _only(SDH_DEFICIENT, *subtypes, "SDHC epimutation")
    certain = finding.kind in TRUNCATING or finding.significance == "pathogenic"
    if certain or finding.gene == "SDH":
        return _only(SDH_DEFICIENT, *subtypes)
    remedy = "ask for SDHB immunohistochemistry and the laboratory's classification"
    what = f"whether this {finding.gene} change abolishes the enzyme is not stated"
    return Verdict(SDH_DEFICIENT, ALL_CLASSES, subtypes, (Problem(finding.gene, what, remedy),))


def nf1(finding: Finding) -> Verdict:
    """NF1: neurofibromatosis, or loss of function of the gene."""
    if finding.kind in TRUNCATING or finding.significance == "pathogenic" or finding.kind == "word":
        return _only("NF1")
    what = "whether this NF1 change inactivates the gene is not stated"
    remedy = "ask for the laboratory's classification and look for signs of neurofibromatosis"
    return Verdict("NF1", ALL_CLASSES, (), (Problem("NF1", what, remedy),))


def braf(finding: Finding) -> Verdict:
    """BRAF: V600E, or another driver."""
    name = one_letter_name(finding.place.protein)
    if name == "V600E":
        return _only(BRAF_V600E, "BRAF V600E")
    both = frozenset({BRAF_V600E, OTHER_DRIVER})
    first, _ = finding.place.codons()
    if first is None or (not name and first == 600):
        remedy = "ask for the protein change: is it V600E?"
        return _open("the BRAF change is not stated", "BRAF", remedy, both)
    if first == 600 or finding.significance == "pathogenic":
        return _only(OTHER_DRIVER, "BRAF non-V600E")
    return _not_known_driver(finding, OTHER_DRIVER, ("BRAF non-V600E",))


def _not_known_driver(
    finding: Finding, name: str | None, subtypes: tuple[str, ...] = ()
) -> Verdict:
    what = f"whether this {finding.gene} change drives the tumour is not stated"
    remedy = "ask for the laboratory's classification"
    return Verdict(name, ALL_CLASSES, subtypes, (Problem(finding.gene, what, remedy),))


def ras(finding: Finding) -> Verdict:
    """KRAS, NRAS, HRAS: the activating codons."""
    first, _ = finding.place.codons()
    known = first in RAS_CODONS and finding.kind == "substitution"
    if known or finding.significance == "pathogenic" or finding.kind == "exon word":
        return _only("RAS", finding.gene)
    return _not_known_driver(finding, "RAS")


def fgfr(finding: Finding) -> Verdict:
    """FGF receptors and ligands: fusions, gains and the activating codons."""
    first, _ = finding.place.codons()
    known = finding.gene == "FGFR1" and first in FGFR1_CODONS and finding.kind == "substitution"
    gained = finding.kind in ("copy gain", "duplication", "fusion", "exon word")
    if known or gained or finding.significance == "pathogenic":
        return _only("FGFR alteration", finding.gene)
    return _not_known_driver(finding, "FGFR alteration")


def other(finding: Finding) -> Verdict:
    """Any other gene: no class of its own."""
    return _not_known_driver(finding, None)


def fusion(gene: str) -> Verdict:
    """A fusion, by the kinase in it."""
    if gene.startswith("NTRK"):
        return _only("NTRK fusion", f"{gene} fusion")
    if gene.startswith("FGFR"):
        return _only("FGFR alteration", f"{gene} fusion")
    if gene in FUSION_GENES:
        return _only(OTHER_DRIVER, f"{gene} fusion")
    what = "the fusion holds no kinase that is known to drive GIST"
    return _open(what, gene, "check the names; ask the laboratory for its classification")


_BY_GENE: dict[str, Callable[[Finding], Verdict]] = {
    "KIT": kit, "PDGFRA": pdgfra, "NF1": nf1, "BRAF": braf,
    **dict.fromkeys(SDH_GENES, sdh),
    **dict.fromkeys(RAS_GENES, ras),
    **dict.fromkeys(("FGFR", "FGFR1", "FGFR2", "FGFR3", "FGFR4", "FGF3", "FGF4"), fgfr),
}  # fmt: skip

# A gain of a receptor gene, a loss of KIT: seen, but no driver class.
_NO_CLASS = frozenset({"copy gain", "expression", "synonymous", "unclear", "non-coding"})


def classify(finding: Finding) -> Verdict:
    """The verdict on one finding, with regard to when it arose and how sure the laboratory is."""
    if finding.significance in ("uncertain", "benign"):
        what = f"a change called {finding.significance} does not decide the class"
        return _open(what, finding.gene, "rest the decision on other findings")
    if finding.kind == "fusion":
        verdict = fusion(finding.gene)
    elif finding.kind in _NO_CLASS and not finding.gene.startswith("FGF"):
        remedy = "rest the decision on other findings"
        return _open(
            f"{finding.kind}: such a result does not decide the class", finding.gene, remedy
        )
    else:
        verdict = _BY_GENE.get(finding.gene, other)(finding)
    return verdict if finding.timing != "secondary" else _acquired(finding, verdict)


def _acquired(finding: Finding, verdict: Verdict) -> Verdict:
    """A change acquired under a drug: it leaves the primary driver open within its gene."""
    families = {"KIT": frozenset(KIT_CLASSES), "PDGFRA": frozenset(PDGFRA_CLASSES)}
    what = "a change acquired under a drug does not tell the primary driver"
    remedy = "give the result of the sample taken before any drug"
    return Verdict(
        verdict.variant_class,
        families.get(finding.gene, ALL_CLASSES),
        verdict.subtypes,
        (Problem(finding.gene, what, remedy),),
    )


def excluded_by(gene: str, exons: tuple[int, ...], whole: bool) -> frozenset[str]:
    """The classes that a wild-type result for these exons rules out."""
    if gene in DRIVER_EXONS:
        seen = DRIVER_EXONS[gene] if whole else DRIVER_EXONS[gene].intersection(exons)
        family = KIT_CLASSES if gene == "KIT" else PDGFRA_CLASSES
        return frozenset(c for c in family if int(c.split()[2]) in seen)
    if gene == "BRAF" and 15 in exons:
        return frozenset({BRAF_V600E})
    single = {"NF1": "NF1", "BRAF": BRAF_V600E, "RAS": "RAS", "NTRK": "NTRK fusion"}
    return frozenset({single[gene]}) if gene in single and not exons else frozenset()
