"""Reads what laboratories write about a mutation: `read_variant`, `read_variants`.

A statement is either understood word for word, or it leaves every genotype class possible and
says why. Nothing here raises on any text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stromal.nature import variant_genes as genes
from stromal.nature.variant_change import Change, coding_name, protein_of
from stromal.nature.variant_class import Finding, Verdict, classify
from stromal.nature.variant_denial import denied
from stromal.nature.variant_place import Place, locate, named_change, renumbered
from stromal.nature.variant_reading import ALL_CLASSES, Problem, VariantReading
from stromal.nature.variant_stain import stained
from stromal.nature.variant_statement import (
    Said,
    genes_of,
    isoform_minus,
    negation,
    said,
    text_problems,
)
from stromal.nature.variant_text import normalised, tokens

LONGEST_TEXT = 600
GNNK_NOTE = "the text counts by the isoform GNNK- (972 aa); numbers are given for GNNK+, four higher"
GENE_NOTE = "the gene is not named; only {gene} fits"


def read_variant(text: str) -> VariantReading:
    """What one statement of a molecular report says; never raises, never guesses.

    >>> reading = read_variant("KIT exon 11 p.(Trp557_Lys558del)")
    >>> reading.variant_class, reading.protein.one_letter, reading.codon_first
    ('KIT exon 11', 'p.W557_K558del', 557)
    >>> read_variant("D842V, exon 11").problems[0].what
    'the text contradicts itself: PDGFRA D842V lies in exon 18, not in exon 11'
    """
    clean = normalised(text)
    if not clean:
        return _unread(text, "the text is empty", "give the laboratory's wording")
    if len(clean) > LONGEST_TEXT:
        return _unread(text, "the text is too long for one statement", "give one finding at a time")
    return _safe(_read(text, said(tokens(clean))))


def read_variants(texts: Iterable[str]) -> list[VariantReading]:
    """The readings of many texts, in their order; a text that recurs is read once."""
    known: dict[str, VariantReading] = {}
    found = []
    for text in texts:
        reading = known.get(text)
        if reading is None:
            reading = known[text] = read_variant(text)
        found.append(reading)
    return found


def _unread(text: str, what: str, remedy: str) -> VariantReading:
    return VariantReading(text, problems=(Problem(what, text[:60], remedy),))


def _safe(reading: VariantReading) -> VariantReading:
    """A reading with a problem keeps no class as certain."""
    if not reading.problems:
        return reading
    return replace(reading, variant_class=None, genotype=ALL_CLASSES, subtypes=(), coverage=())


def _read(text: str, statement: Said) -> VariantReading:
    base = VariantReading(
        text,
        problems=text_problems(statement) + _clashes(statement),
        **_circumstances(statement),
    )
    return (
        _without_result(statement, base)
        or stained(statement, base)
        or denied(statement, base)
        or _found(statement, base)
    )


def _circumstances(statement: Said) -> dict[str, object]:
    """Origin, timing, drug, allele fraction, specimen and significance."""
    timing = _timing(statement)
    fraction, incomplete = _fraction(statement)
    return {
        "origin": _one(statement, "origin"),
        "primary_or_secondary": timing,
        "acquired_under": statement.words("drug") if timing == "secondary" else (),
        "allele_fraction": fraction,
        "specimen": _one(statement, "specimen"),
        "significance": _one(statement, "significance"),
        "incomplete": incomplete,
    }


def _one(statement: Said, kind: str) -> str:
    words = statement.words(kind)
    return words[0] if len(words) == 1 else "unknown"


def _timing(statement: Said) -> str:
    """`primary`, `secondary` or `unknown`; "after imatinib" makes a change secondary."""
    found = set(statement.words("timing"))
    if statement.has("drug"):
        when = statement.words("when")
        found |= {{"after": "secondary", "before": "primary"}[word] for word in when}
    return found.pop() if len(found) == 1 else "unknown"


def _fraction(statement: Said) -> tuple[float | None, tuple[Problem, ...]]:
    values = [t.value for t in statement.by_kind.get("fraction", ()) if isinstance(t.value, tuple)]
    amounts = [value[1] for value in values]
    if len(amounts) == 1 and isinstance(amounts[0], float):
        return amounts[0], ()
    if not amounts:
        return None, ()
    where = ", ".join(str(value[0]) for value in values)
    remedy = "give one allele fraction, as a percentage or between 0 and 1"
    return None, (Problem("the allele fraction is not read", where, remedy),)


_CLASH = {
    "origin": "both germline and somatic",
    "timing": "both primary and secondary",
    "significance": "of two different significances",
    "specimen": "both from tissue and from circulating DNA",
}


def _clashes(statement: Said) -> tuple[Problem, ...]:
    """Words that contradict each other, and preposition without its drug."""
    found = [
        Problem(
            f"the text calls the finding {words}",
            " / ".join(statement.words(kind)),
            "write each finding as a statement of its own",
        )
        for kind, words in _CLASH.items()
        if len(statement.words(kind)) > 1
    ]
    if statement.has("when", "after", "before") and not statement.has("drug"):
        what = "it is not said after or before which drug"
        found.append(Problem(what, str(statement.words("when")[0]), "name the drug"))
    both = {"primary", "secondary"} & set(statement.words("timing"))
    if statement.has("drug") and len(both | _when(statement)) > 1 and len(both) < 2:
        found.append(
            Problem(
                "the text calls the finding both primary and secondary",
                " ".join(statement.words("when")),
                "say whether the sample was taken before or after the drug",
            )
        )
    return tuple(found)


def _when(statement: Said) -> set[str]:
    names = {"after": "secondary", "before": "primary"}
    return {names[word] for word in statement.words("when")}


def _without_result(statement: Said, base: VariantReading) -> VariantReading | None:
    """Not tested and failed: no result, which is never a negative one."""
    for kind in ("failed", "not tested"):
        if not statement.has(kind):
            continue
        named = genes_of(statement)
        problems = base.problems
        if statement.changes("p") or statement.changes("c"):
            remedy = "write the finding and the missing result as two statements"
            problems += (Problem(f'a finding and "{kind}" in one text', base.text[:60], remedy),)
        return replace(
            base,
            kind=kind,
            gene=named[0] if len(named) == 1 else None,
            exons=_exons(statement),
            problems=problems,
        )
    return None


def _exons(statement: Said) -> tuple[int, ...]:
    return (*statement.numbers("exon"), *statement.numbers("numbers"))


@dataclass(frozen=True, slots=True)
class _Event:
    """The change itself: its gene, its place, its kind."""

    gene: str | None
    place: Place
    kind: str
    partner: str | None = None
    notes: tuple[str, ...] = ()


def _found(statement: Said, base: VariantReading) -> VariantReading:
    """A change that is there."""
    several = _several(statement)
    if several:
        return replace(base, kind="several", problems=(*base.problems, several))
    event = _event(statement)
    problems = (*base.problems, *event.place.problems, *_word_problems(statement, event))
    if event.gene is None:
        return _without_gene(statement, base, event, problems)
    finding = Finding(
        event.gene,
        event.kind,
        event.place,
        _word_kind(statement),
        base.significance,
        base.primary_or_secondary,
    )
    return _filled(replace(base, problems=problems), event, classify(finding))


def _filled(base: VariantReading, event: _Event, verdict: Verdict) -> VariantReading:
    place = event.place
    first, last = place.codons()
    return replace(
        base,
        kind=event.kind,
        gene=event.gene,
        exons=place.exons,
        codon_first=first,
        codon_last=last,
        protein=protein_of(place.protein) if place.protein and event.gene else None,
        cdna=coding_name(place.coding) if place.coding else None,
        partner=event.partner,
        isoform=genes.ISOFORMS.get(event.gene or ""),
        variant_class=verdict.variant_class,
        genotype=verdict.genotype,
        subtypes=verdict.subtypes,
        incomplete=(*base.incomplete, *verdict.incomplete),
        notes=(*base.notes, *event.notes, *place.notes),
    )


def _without_gene(
    statement: Said, base: VariantReading, event: _Event, problems: tuple[Problem, ...]
) -> VariantReading:
    empty = not (event.place.protein or event.place.coding or event.place.exons)
    what = "no gene and no change is named" if empty else "the gene is not named"
    remedy = 'name gene and change, for instance "KIT exon 11 p.Trp557_Lys558del"'
    found = Problem(what, base.text[:60], remedy)
    if statement.has("unread"):
        problems = problems or (found,)
    else:
        problems = (*problems, found)
    blank = Verdict()
    return _filled(replace(base, problems=problems), event, blank)


def _several(statement: Said) -> Problem | None:
    """More than one finding in one statement."""
    proteins, codings = statement.changes("p"), statement.changes("c")
    pairs = {t.value for t in statement.by_kind.get("pair", ())}
    named = genes_of(statement)
    many = len(proteins) > 1 or len(codings) > 1 or len(pairs) > 1
    if not many and (pairs or len(named) < 2):
        return None
    if not many and not (proteins or codings):
        what = "several genes are named, and it is not said which one is changed"
    else:
        what = "several findings in one text"
    where = " ".join(str(token.text) for token in statement.tokens)[:80]
    return Problem(what, where, "write each finding as a statement of its own, with its gene")


def _event(statement: Said) -> _Event:
    if statement.has("pair") or (statement.has("fusion") and genes_of(statement)):
        return _fusion(statement)
    named = genes_of(statement)
    protein = next(iter(statement.changes("p")), None)
    coding = next(iter(statement.changes("c")), None) or _from_genome(statement, named)
    gene, notes = (named[0], ()) if named else _deduced(statement, protein)
    if gene is None:
        return _Event(None, Place(protein, coding, _exons(statement)), _kind(statement, protein, coding))
    protein = protein or _by_name(statement, gene)
    if gene == "KIT" and isoform_minus(statement):
        protein, coding = (renumbered(c) if c else None for c in (protein, coding))
        notes = (*notes, GNNK_NOTE)
    if coding and not protein:
        protein = named_change(gene, coding, coding_name(coding))
    place = locate(gene, protein, coding, _exons(statement))
    place = _by_codon_word(statement, gene, place)
    return _Event(gene, place, _kind(statement, place.protein, coding), None, notes)


def _by_codon_word(statement: Said, gene: str, place: Place) -> Place:
    """`codon 816`: a place without a change."""
    codons = statement.numbers("codon")
    if place.protein or place.coding or not codons:
        return place
    kind = _word_kind(statement) or "unclear"
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


def _deduced(
    statement: Said, protein: Change | None
) -> tuple[str | None, tuple[str, ...]]:
    """The gene of a text that names none, where the change or exon and codon leave one only."""
    if statement.has("legacy") and statement.numbers("exon") in ((9,), ()):
        return "KIT", (GENE_NOTE.format(gene="KIT"),)
    if protein is None:
        return None, ()
    form = protein_of(protein)
    found = genes.genes_of_protein(form.one_letter.removeprefix("p.")) if form else ()
    found = found or tuple(g for g in genes.DRIVER_EXONS if _fits(g, protein, _exons(statement)))
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


def _fusion(statement: Said) -> _Event:
    pair = next((t.value for t in statement.by_kind.get("pair", ())), None)
    if not isinstance(pair, tuple):
        return _Event(genes_of(statement)[0], Place(), "fusion")
    names = [name for name in pair if isinstance(name, str)]
    kinases = [name for name in names if name in _KINASES]
    gene = kinases[-1] if kinases else names[-1]
    partner = next((name for name in names if name != gene), None)
    protein = next(iter(statement.changes("p")), None)
    return _Event(gene, Place(protein), "fusion", partner)


_KINASES = frozenset(
    {"NTRK1", "NTRK2", "NTRK3", "FGFR1", "FGFR2", "FGFR3", "FGFR4", "ALK", "ROS1", "RET", "BRAF",
     "RAF1", "MET", "NRG1", "PDGFRA", "PDGFRB", "KIT"}
)  # fmt: skip


def _word_kind(statement: Said) -> str | None:
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
    for kind in ("epimutation", "loss", "gain"):
        if statement.has(kind):
            return {"gain": "copy gain"}.get(kind, kind)
    return _from_words(statement)


def _from_words(statement: Said) -> str:
    word = _word_kind(statement)
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


def _word_problems(statement: Said, event: _Event) -> tuple[Problem, ...]:
    """A kind in words that the notation contradicts."""
    if not (event.place.protein or event.place.coding) or statement.has("codon"):
        return ()
    return tuple(
        Problem(
            f'the text contradicts itself: it says "{word}" and gives a {event.kind}',
            word,
            "ask the laboratory which of the two is right",
        )
        for word in statement.words("kind")
        if word in _ALLOWED and event.kind not in (*_ALLOWED[word], "fusion", "splice")
    )


__all__ = ["negation", "read_variant", "read_variants"]
