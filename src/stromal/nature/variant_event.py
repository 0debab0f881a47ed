"""The change that a statement reports: its gene, its place and its kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stromal.facts.problem import Problem
from stromal.nature import variant_genes as genes
from stromal.nature.variant_change import Change, coding_name, protein_of
from stromal.nature.variant_grammar import FUSION_GENES
from stromal.nature.variant_place import Place, locate, named_change, renumbered
from stromal.nature.variant_statement import Said, isoform_minus
from stromal.nature.variant_text import tokens

GNNK_NOTE = (
    "the text counts by the isoform GNNK- (972 aa); numbers are given for GNNK+, four higher"
)
NUMBER_NOTE = (
    "no residue and no transcript is given: a report that counts by GNNK- means codons four higher"
)
GENE_NOTE = "the gene is not named; only {gene} fits"


def exons_said(statement: Said) -> tuple[int, ...]:
    """All exons that the statement names."""
    return (*statement.numbers("exon"), *statement.numbers("numbers"))


@dataclass(frozen=True, slots=True)
class Event:
    """The change itself: its gene, its place, its kind."""

    gene: str | None
    place: Place
    kind: str
    partner: str | None = None
    notes: tuple[str, ...] = ()


def event_of(statement: Said) -> Event:
    """The fusion, or the change with its gene, its place and its kind."""
    if statement.has("pair") or (statement.has("fusion") and statement.genes):
        return _fusion(statement)
    named = statement.genes
    protein = next(iter(statement.changes("p")), None)
    coding = next(iter(statement.changes("c")), None) or _from_genome(statement, named)
    gene, notes = (named[0], ()) if named else deduced(statement, protein)
    if gene is None:
        place = Place(protein, coding, exons_said(statement))
        return Event(None, place, _kind(statement, protein, coding))
    protein = protein or _by_name(statement, gene)
    if gene == "KIT" and isoform_minus(statement):
        protein, coding = (renumbered(c) if c else None for c in (protein, coding))
        notes = (*notes, GNNK_NOTE)
    notes = (*notes, *_unproved_numbering(statement, gene, protein))
    if coding and not protein:
        protein = named_change(gene, coding_name(coding))
    place = locate(gene, protein, coding, exons_said(statement))
    place = _by_codon_word(statement, gene, place)
    return Event(gene, place, _kind(statement, place.protein, coding), None, notes)


def _unproved_numbering(statement: Said, gene: str, protein: Change | None) -> tuple[str, ...]:
    """A note where nothing in the text shows which KIT isoform it counts by."""
    proved = statement.has("transcript") or isoform_minus(statement) or statement.has("legacy")
    behind = protein is not None and protein.first >= genes.GNNK_CODONS[0]
    if gene != "KIT" or proved or protein is None or protein.first_residue or not behind:
        return ()
    return (NUMBER_NOTE,)


def _by_codon_word(statement: Said, gene: str, place: Place) -> Place:
    """`codon 816`: a place without a change."""
    codons = statement.numbers("codon")
    if place.protein or place.coding or not codons:
        return place
    kind = word_kind(statement) or "unclear"
    change = Change("p", kind, min(codons), max(codons))
    return locate(gene, change, None, place.exons)


def _by_name(statement: Said, gene: str) -> Change | None:
    """The change of an rs number or an old laboratory name, where only one is meant."""
    if statement.has("legacy") and gene == "KIT":
        return Change("p", "duplication", 502, 503)
    found = {n.protein for rs in statement.words("rsid") for n in genes.named_by_rsid(rs)}
    if len(found) != 1:
        return None
    value = tokens(f"p.{found.pop()}")[0].value
    return value if isinstance(value, Change) else None


def _from_genome(statement: Said, named: tuple[str, ...]) -> Change | None:
    """A change on chromosome 4 of GRCh37 (NC_000004.11) as a c. change."""
    values = [t.value for t in statement.by_kind.get("genomic", ())]
    gene = named[0] if named else None
    change = values[0] if values else None
    if gene is None or not isinstance(change, Change):
        return None
    ends = [genes.coding_position(gene, place) for place in (change.first, change.last)]
    first, last = ends
    return None if first is None or last is None else replace(change, first=first, last=last)


def deduced(statement: Said, protein: Change | None) -> tuple[str | None, tuple[str, ...]]:
    """The gene of a text that names none, where the change or exon and codon leave one only."""
    if statement.has("legacy") and statement.numbers("exon") in ((9,), ()):
        return "KIT", (GENE_NOTE.format(gene="KIT"),)
    if protein is None:
        return None, ()
    form = protein_of(protein)
    found = genes.genes_of_protein(form.one_letter.removeprefix("p.")) if form else ()
    found = found or tuple(
        g for g in genes.DRIVER_EXONS if _fits(g, protein, exons_said(statement))
    )
    return (found[0], (GENE_NOTE.format(gene=found[0]),)) if len(found) == 1 else (None, ())


def _fits(gene: str, change: Change, stated: tuple[int, ...]) -> bool:
    """Whether the codons lie in the stated driver exon, or two residues are the reference's."""
    ends = ((change.first, change.first_residue), (change.last, change.last_residue))
    right = [bool(letter) and genes.residue(gene, codon) == letter for codon, letter in ends]
    wrong = any(letter and genes.residue(gene, codon) not in ("", letter) for codon, letter in ends)
    exons = set(genes.exons_of_codons(gene, change.first, change.last))
    if wrong or not exons & genes.DRIVER_EXONS[gene]:
        return False
    if stated:
        return bool(exons & set(stated))
    return change.first != change.last and all(right)


def _fusion(statement: Said) -> Event:
    pair = next((t.value for t in statement.by_kind.get("pair", ())), None)
    if not isinstance(pair, tuple):
        return Event(statement.genes[0], Place(), "fusion")
    names = [name for name in pair if isinstance(name, str)]
    kinases = [name for name in names if name in FUSION_GENES]
    gene = kinases[-1] if kinases else names[-1]
    partner = next((name for name in names if name != gene), None)
    protein = next(iter(statement.changes("p")), None)
    return Event(gene, Place(protein), "fusion", partner)


def word_kind(statement: Said) -> str | None:
    """The kind of change in words, where the words name one."""
    words = statement.words("kind")
    return words[0] if len(words) == 1 else None


def _kind(statement: Said, protein: Change | None, coding: Change | None) -> str:
    """The kind of the change, from its notation or else from the words."""
    if coding and (any(coding.offsets) or statement.has("kind", "splice")):
        return "splice"
    if protein and protein.first == 1 and protein.first_residue == "M":
        return "start loss"
    if protein:
        return protein.kind
    if coding:
        return _coding_kind(coding)
    if statement.has("region"):
        return "non-coding"
    for kind in ("epimutation", "loss", "gain"):
        if statement.has(kind):
            return {"gain": "copy gain"}.get(kind, kind)
    return _from_words(statement)


def _from_words(statement: Said) -> str:
    word = word_kind(statement)
    if word and not statement.has("exon"):
        return word if word != "substitution" else "exon word"
    if word in ("frameshift", "nonsense", "synonymous", "splice"):
        return word
    if statement.has("gene word", "NF1") and not statement.has("mutated"):
        return "word"
    return "exon word"


def _coding_kind(coding: Change) -> str:
    """A deletion or duplication that breaks the frame is a frameshift; a base is a substitution."""
    size = coding.last - coding.first + 1
    if coding.kind == "insertion":
        size = int(coding.inserted) if coding.inserted.isdigit() else len(coding.inserted)
        return "frameshift" if size % 3 else "insertion"
    if coding.kind in ("deletion", "duplication") and size % 3:
        return "frameshift"
    if coding.kind == "delins" and coding.inserted.isalpha():
        return "frameshift" if (size - len(coding.inserted)) % 3 else "delins"
    return coding.kind


# What a word may stand for beside a notation: laboratories call a delins a deletion.
_ALLOWED = {
    "deletion": {"deletion", "delins", "splice", "frameshift"},
    "insertion": {"insertion", "duplication", "delins", "frameshift"},
    "duplication": {"duplication", "insertion"},
    "delins": {"delins", "deletion", "insertion", "substitution"},
    "substitution": {"substitution", "delins"},
    "frameshift": {"frameshift", "deletion", "insertion", "duplication", "delins"},
    "nonsense": {"nonsense", "frameshift", "substitution"},
    "synonymous": {"synonymous"},
}


def word_problems(statement: Said, event: Event) -> tuple[Problem, ...]:
    """A kind in words that the notation contradicts."""
    if not (event.place.protein or event.place.coding) or statement.has("codon"):
        return ()
    return tuple(
        Problem(
            word,
            f'the text contradicts itself: it says "{word}" and gives a {event.kind}',
            "ask the laboratory which of the two is right",
        )
        for word in statement.words("kind")
        if word in _ALLOWED and event.kind not in (*_ALLOWED[word], "fusion", "splice")
    )
