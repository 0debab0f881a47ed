"""From a molecular report in words to the facts that the tables use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stromal.facts.dictionary import Term
from stromal.facts.possible import Choices, Members, Possible
from stromal.facts.problem import Problem
from stromal.nature.variant_reading import KIT_CLASSES, PDGFRA_CLASSES, VariantReading
from stromal.plan.known.molecular_tests import what_was_tested

_MUTANT = frozenset((*KIT_CLASSES, *PDGFRA_CLASSES))
_NAMED: Mapping[tuple[str, int], tuple[str, Mapping[str, str]]] = {
    ("KIT", 17): ("exon_17_change", {"D816V": "D816V"}),
    ("PDGFRA", 18): (
        "exon_18_change",
        {
            "R841_D842delinsKI": "RD841-842KI",
            "D842_I843delinsIM": "DI842-843IM",
            "D842_I843delinsVM": "DI842-843VM",
            "D842Y": "D842Y",
            "D842I": "D842I",
        },
    ),
}
_FAVOURABLE = frozenset(("W557R", "V559A", "L576P"))


@dataclass(frozen=True, slots=True)
class MolecularFacts:
    """What a report settles, by fact name, and what it leaves to ask."""

    facts: Mapping[str, Possible]
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]


def molecular_facts(
    texts: Iterable[str], terms: Mapping[str, Term], *, before_any_drug: bool | None
) -> MolecularFacts:
    """Read the findings; `before_any_drug` says whether the sample was untreated, if known."""
    # Reading variants costs a tenth of a cold start, and most patients have none.
    from stromal.nature.variant_report import read_report

    report = read_report(texts, before_any_drug=before_any_drug)
    facts = what_was_tested(report, terms)
    if "genotype" in terms and report.genotype:
        facts["genotype"] = Choices(report.genotype)
    change = _exon_11_change(report.genotype, report.subtypes, report.primary)
    if change and "exon_11_change" in terms:
        facts["exon_11_change"] = Choices.of(change)
    facts |= _named_changes(report.primary, terms)
    secondary = frozenset(name for v in report.secondary if (name := _secondary(v)))
    if secondary and "secondary_mutations" in terms:
        domain = terms["secondary_mutations"].domain
        assert isinstance(domain, Members)
        facts["secondary_mutations"] = Members(secondary, domain.possible)
    problems = (
        Problem(f"molecular_findings, {p.place}", p.what, p.remedy)
        for p in (*report.problems, *(report.incomplete if len(report.genotype) > 1 else ()))
    )
    return MolecularFacts(facts, tuple(problems), report.notes)


def _named_changes(
    primary: tuple[VariantReading, ...], terms: Mapping[str, Term]
) -> dict[str, Possible]:
    """`exon_17_change` of KIT and `exon_18_change` of PDGFRA, where one protein change is named."""
    facts: dict[str, Possible] = {}
    for (gene, exon), (fact, names) in _NAMED.items():
        found = [v for v in primary if v.gene == gene and v.exons == (exon,) and v.protein]
        if fact not in terms or len(found) != 1 or found[0].protein is None:
            continue
        change = found[0].protein.one_letter.removeprefix("p.")
        if change != "D842V":  # the genotype says it
            facts[fact] = Choices.of(names.get(change, "other"))
    return facts


def narrow_by_status(facts: Mapping[str, Possible]) -> dict[str, Possible]:
    """`kit_or_pdgfra_mutation` and `genotype` say the same in part: each narrows the other."""
    genotype, status = facts.get("genotype"), facts.get("kit_or_pdgfra_mutation")
    narrowed: dict[str, Possible] = {}
    if isinstance(genotype, Choices):
        found = {"found" if name in _MUTANT else "not found" for name in genotype.values}
        narrowed["kit_or_pdgfra_mutation"] = Choices(frozenset(found))
    if isinstance(status, Choices) and status.is_single():
        found_one = status.values == {"found"}
        whole = genotype.values if isinstance(genotype, Choices) else None
        if whole is not None:
            narrowed["genotype"] = Choices(whole & _MUTANT if found_one else whole - _MUTANT)
    return narrowed


def _exon_11_change(
    genotype: frozenset[str], subtypes: tuple[str, ...], primary: tuple[VariantReading, ...]
) -> str:
    """The dictionary's word for the change in exon 11; '' if the report does not say enough."""
    if genotype != {"KIT exon 11"}:
        return ""
    words = set(subtypes)
    if "exon 11 deletion of codons 557 and 558" in words:
        return "deletion of 557 and 558"
    if any("not both 557 and 558" in word for word in words):
        return "other deletion of 557 or 558"
    if "one-codon deletion" in words:
        return "one-codon deletion"
    if words & _FAVOURABLE:
        return "W557R V559A or L576P"
    kinds = {v.kind for v in primary if v.protein or v.cdna}
    return {
        frozenset(("deletion",)): "other deletion",
        frozenset(("delins",)): "other",
        frozenset(("duplication",)): "duplication",
        frozenset(("substitution",)): "other substitution",
    }.get(frozenset(kinds), "")


def _secondary(variant: VariantReading) -> str:
    protein = variant.protein.one_letter.removeprefix("p.") if variant.protein else ""
    if variant.gene == "KIT" and protein in ("V654A", "T670I"):
        return f"KIT {protein}"
    exon = variant.exons[0] if len(variant.exons) == 1 else 0
    if variant.gene == "KIT":
        return {
            13: "KIT exon 13/14 other",
            14: "KIT exon 13/14 other",
            17: "KIT exon 17",
            18: "KIT exon 18",
        }.get(exon, "")
    return "PDGFRA exon 18 secondary" if variant.gene == "PDGFRA" and exon == 18 else ""
