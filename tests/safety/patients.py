"""The axes of the safety grid: every value, every partly known state, and not known at all."""

from __future__ import annotations

from safety.grid import Axis, Facts, axis_of, exactly
from stromal.facts.possible import Choices, Numbers
from stromal.library import Library

WILD = (
    "SDH-deficient", "NF1", "BRAF V600E", "RAS", "NTRK fusion", "FGFR alteration", "other driver",
    "no driver found",
)  # fmt: skip
LINES = {"0": exactly(0), "1": exactly(1), "2": exactly(2), "3": exactly(3),
         "4 or more": Numbers.between(4, 20)}  # fmt: skip
DRUGS = (
    "none",
    "imatinib",
    "sunitinib",
    "regorafenib",
    "ripretinib",
    "avapritinib",
    "larotrectinib",
)
NORMAL: Facts = {
    "bilirubin_times_upper_limit": exactly(0.8),
    "transaminase_times_upper_limit": exactly(0.8),
    "creatinine_clearance": exactly(100),
    "child_pugh": Choices.of("A"),
}
ORGANS: dict[str, Facts] = {
    "normal": NORMAL,
    "bilirubin 5 times": {**NORMAL, "bilirubin_times_upper_limit": exactly(5)},
    "clearance 15": {**NORMAL, "creatinine_clearance": exactly(15)},
    "Child-Pugh C": {**NORMAL, "child_pugh": Choices.of("C")},
    "unknown": {},
}
WHOLE_GENOTYPE = "unknown"


def genotype_axis(library: Library) -> Axis:
    """Every class, the amino acid changes that matter, and what a report leaves open."""
    states: dict[str, Facts] = {}
    completions: dict[str, tuple[str, ...]] = {}
    terms = library.terms
    details = {"KIT exon 17": "exon_17_change", "PDGFRA exon 18 other": "exon_18_change"}
    for name in terms["genotype"].values:
        states[name] = {"genotype": Choices.of(name)}
        if name in details:
            detail = details[name]
            for change in terms[detail].values:
                states[f"{name}, {change}"] = {**states[name], detail: Choices.of(change)}
            completions[name] = tuple(f"{name}, {c}" for c in terms[detail].values)
    exon_18 = ("PDGFRA exon 18 D842V", "PDGFRA exon 18 other")
    for label, classes in (("PDGFRA exon 18", exon_18), ("KIT and PDGFRA wild type", WILD)):
        states[label] = {"genotype": Choices.of(*classes)}
        completions[label] = classes
    states[WHOLE_GENOTYPE] = {}
    completions[WHOLE_GENOTYPE] = terms["genotype"].values
    return Axis("genotype", states, completions)


def person_axis(library: Library) -> Axis:
    """Sex and pregnancy together, since one bears on the other."""
    female = Choices.of("female")
    values = library.terms["pregnancy"].values
    states: dict[str, Facts] = {
        f"female, {value}": {"sex": female, "pregnancy": Choices.of(value)} for value in values
    }
    states["male"] = {"sex": Choices.of("male"), "pregnancy": Choices.of("not possible")}
    states["female, not known"] = {"sex": female}
    states["unknown"] = {}
    women = tuple(f"female, {value}" for value in values)
    completions = {
        "female, not known": women,
        "unknown": (*women, "male"),
    }
    return Axis("person", states, completions)


def drug_axis() -> Axis:
    """The last drug; who never took one had no adjuvant drug (`therapy/what-follows`)."""
    states: dict[str, Facts] = {drug: {"last_drug": Choices.of(drug)} for drug in DRUGS}
    untreated: Facts = {"relapse_and_adjuvant": Choices.of("no adjuvant drug given")}
    states["none"] = {**states["none"], **untreated}
    return Axis("last drug", {**states, "unknown": {}}, {"unknown": DRUGS})


def axes(library: Library) -> tuple[Axis, ...]:
    """The whole grid."""
    terms = library.terms
    lines: dict[str, Facts] = {label: {"line_of_therapy": n} for label, n in LINES.items()}
    return (
        genotype_axis(library),
        axis_of("test", "genotype_test", terms["genotype_test"].values),
        axis_of("extent", "disease_extent", terms["disease_extent"].values),
        Axis("line", {**lines, "unknown": {}}, {"unknown": tuple(lines)}),
        drug_axis(),
        axis_of("progression", "progression", terms["progression"].values),
        Axis("organs", ORGANS, {"unknown": tuple(k for k in ORGANS if k != "unknown")}),
        person_axis(library),
        axis_of("setting", "setting", terms["setting"].values),
        axis_of("guideline", "guideline", terms["guideline"].values, unknown=False),
    )
