"""Over the whole grid: no forbidden drug without its guard, nothing rests silently on an unknown,
and every patient gets a next step.

The table of forbidden pairs is written by hand from the sources, not from the documents, so that
a wrong document cannot agree with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from safety.grid import (
    Facts,
    Flags,
    Grid,
    Outcome,
    exactly,
    guard_rows,
    only,
    outcomes,
    row_flags,
)
from safety.patients import axes
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices
from stromal.library import load
from stromal.plan.patient import Patient, all_objections, consider
from stromal.plan.treatment import Option, options

Wanted = Callable[[str], bool]


@dataclass(frozen=True)
class Forbidden:
    """`drugs` must not be offered, nor left open, where every axis is as it says."""

    why: str
    drugs: tuple[str, ...]
    where: dict[str, Wanted]


def one(*labels: str) -> Wanted:
    return lambda label: label in labels


ANY = ("*",)
UNTESTED = one("not done", "pending", "failed")
FORBIDDEN = (
    Forbidden("D842V never answers to imatinib", ("imatinib",),
              {"genotype": one("PDGFRA exon 18 D842V")}),
    Forbidden("D842V resists sunitinib and regorafenib", ("sunitinib", "regorafenib"),
              {"genotype": one("PDGFRA exon 18 D842V")}),
    Forbidden("primary KIT D816V resists imatinib", ("imatinib",),
              {"genotype": one("KIT exon 17, D816V")}),
    Forbidden("SDH-deficient: no imatinib, in any setting", ("imatinib",),
              {"genotype": one("SDH-deficient")}),
    Forbidden("NF1 does not answer to imatinib", ("imatinib",), {"genotype": one("NF1")}),
    Forbidden("BRAF V600E does not answer to imatinib", ("imatinib",),
              {"genotype": one("BRAF V600E")}),
    Forbidden("RAS does not answer to the usual inhibitors",
              ("imatinib", "sunitinib", "regorafenib"), {"genotype": one("RAS")}),
    Forbidden("no proven adjuvant benefit without KIT or PDGFRA", ("imatinib",),
              {"genotype": one("SDH-deficient", "NF1", "BRAF V600E", "RAS", "NTRK fusion",
                               "FGFR alteration", "other driver", "no driver found"),
               "setting": one("adjuvant")}),
    Forbidden("no drug before surgery without a likely response", ("imatinib",),
              {"genotype": one("PDGFRA exon 18 D842V", "SDH-deficient", "NF1", "BRAF V600E", "RAS",
                               "NTRK fusion", "FGFR alteration", "other driver",
                               "no driver found"),
               "setting": one("neoadjuvant")}),
    Forbidden("no adjuvant drug before the test", ANY,
              {"test": UNTESTED, "setting": one("adjuvant")}),
    Forbidden("no drug before surgery before the test", ANY,
              {"test": UNTESTED, "setting": one("neoadjuvant")}),
    Forbidden("kinase inhibitors harm the unborn child", ANY,
              {"person": one("female, pregnant")}),
    Forbidden("no breast-feeding under a kinase inhibitor", ANY,
              {"person": one("female, breast-feeding")}),
    Forbidden("regorafenib not in severe hepatic impairment", ("regorafenib",),
              {"organs": one("bilirubin 5 times")}),
)  # fmt: skip
DRUG_WORDS = (
    "imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib", "pimitespib", "dasatinib",
    "nilotinib", "ponatinib", "pazopanib", "cabozantinib", "sorafenib", "larotrectinib",
    "entrectinib", "repotrectinib", "dabrafenib", "trametinib", "olverembatinib", "bezuclastinib",
)  # fmt: skip
SAME = ("present drug", "same drug", "the drug")
"""Words of an option that gives what the patient takes already."""
TO_CHOOSE = ("drug treatment", "inhibitor")
"""Words of an option that gives a drug without saying which."""
NO_DRUG = ("no adjuvant imatinib",)


@cache
def grid() -> Grid:
    library = load()
    return Grid(library, axes(library))


@cache
def decided() -> tuple[Outcome, ...]:
    return tuple(outcomes(grid()))


def gives(outcome: Outcome, drug: str) -> Flags | None:
    """Where the option would give the drug ('*' for any), by the words alone; None for nowhere."""
    text = f"{outcome.name} {outcome.drug}".lower()
    if outcome.name in NO_DRUG:
        return None
    named = [word for word in DRUG_WORDS if word in text]
    if drug in named or (drug == "*" and (named or any(w in text for w in TO_CHOOSE))):
        return np.ones([1] * len(grid().axes), bool)
    if any(word in text for word in SAME) and not named:
        return grid().mask("last drug", lambda d: d == drug or (drug == "*" and d != "none"))
    return None


def chosen(where: dict[str, Wanted]) -> dict[int, list[int]]:
    """The places of the axes and of their wanted states; each axis must have one."""
    found = {}
    for name, wanted in where.items():
        place = grid().place(name)
        found[place] = [i for i, label in enumerate(grid().axes[place].labels) if wanted(label)]
        assert found[place], name
    return found


def first_cell(flags: Flags, among: dict[int, list[int]]) -> str:
    """One cell in words, of the axes that matter."""
    words = []
    for place, number in enumerate(np.argwhere(flags)[0]):
        axis = grid().axes[place]
        states = among.get(place) or range(len(axis.states))
        if flags.shape[place] > 1 or place in among:
            words.append(f"{axis.name} {axis.labels[states[number]]}")
    return ", ".join(words)


@pytest.mark.parametrize("forbidden", FORBIDDEN, ids=lambda f: f.why)
def test_no_forbidden_drug_is_offered_or_left_open(forbidden: Forbidden) -> None:
    among, spoken, wrong = chosen(forbidden.where), 0, []
    for outcome in decided():
        for drug in forbidden.drugs:
            given = gives(outcome, drug)
            if given is not None:
                spoken += 1
                flags = outcome.only(among).open_or_offered & given
                if flags.any():
                    wrong.append(f"{outcome.name}, {outcome.drug}: {first_cell(flags, among)}")
    assert spoken
    assert wrong == []


def test_wild_type_with_nothing_further_tested_is_never_simply_offered_adjuvant_imatinib() -> None:
    among = chosen({"genotype": one("KIT and PDGFRA wild type"), "setting": one("adjuvant")})
    for outcome in decided():
        if gives(outcome, "imatinib") is not None:
            assert not outcome.only(among).offered.any(), outcome.name


def test_could_become_pregnant_is_a_caution_on_every_drug() -> None:
    flags = [
        guard.every
        for guard in guard_rows(grid())
        if not guard.refuses and "drug:*" in guard.targets
    ]
    covered = np.any(np.broadcast_arrays(*flags), axis=0)
    assert only(covered, chosen({"person": one("female, could become pregnant")})).all()


UNTREATED: dict[str, Wanted] = {
    "test": one("done"), "setting": one("advanced"), "line": one("0"), "person": one("male"),
    "last drug": one("none"),
}  # fmt: skip


def first_line_imatinib(genotype: str) -> Iterator[Outcome]:
    for outcome in decided():
        if outcome.name == "imatinib 400 mg daily" and outcome.setting == "advanced":
            yield outcome.only(chosen({**UNTREATED, "genotype": one(genotype)}))


@pytest.mark.parametrize(
    "genotype", ["PDGFRA exon 18 other, other", "KIT exon 11", "KIT exon 13", "PDGFRA exon 12"]
)
def test_a_sensitive_driver_is_never_refused_imatinib_for_advanced_disease(genotype: str) -> None:
    """Exon 18 alone, or a primary exon 13, is no resistance rule."""
    found = list(first_line_imatinib(genotype))
    assert found
    for outcome in found:
        assert not outcome.refused.any()
        assert outcome.offered.all()


def test_exon_18_without_its_change_leaves_imatinib_open_and_neither_offered_nor_refused() -> None:
    for outcome in first_line_imatinib("PDGFRA exon 18"):
        assert not outcome.offered.any()
        assert not outcome.refused.any()
        assert outcome.possible.all()


STEPS = ("genotype", "test", "extent", "line", "last drug", "progression", "person", "setting")


def steps(axis_name: str) -> Iterator[tuple[int, int, int]]:
    """The place of an axis with each open state and each state that settles a part of it."""
    place = grid().place(axis_name)
    axis = grid().axes[place]
    for state, others in axis.completions.items():
        for other in others:
            yield place, axis.labels.index(state), axis.labels.index(other)


def lost(flags: Flags, place: int, state: int, other: int) -> bool:
    """True if something holds while the axis is open and no more once it is settled."""
    if flags.shape[place] == 1:
        return False
    return bool((flags.take(state, place) & ~flags.take(other, place)).any())


@pytest.mark.parametrize("axis_name", STEPS)
def test_what_is_offered_for_an_unknown_is_offered_for_every_completion(axis_name: str) -> None:
    """An option is offered where a row is certain and no refusal is even possible; so it is
    enough that neither is lost by settling one fact more."""
    for outcome in decided():
        free = ~(outcome.refused | outcome.doubt)
        for step in steps(axis_name):
            assert not lost(outcome.certain, *step), (outcome.name, axis_name, step)
            assert not lost(free, *step), (outcome.name, axis_name, step)


@pytest.mark.parametrize("axis_name", STEPS)
def test_what_is_refused_for_an_unknown_is_refused_for_every_completion(axis_name: str) -> None:
    for outcome in decided():
        for step in steps(axis_name):
            assert not lost(outcome.refused, *step), (outcome.name, axis_name, step)


def test_every_patient_has_a_next_step() -> None:
    """An option that is not refused, or a task that is certain, for every cell of the grid."""
    helped = np.zeros([1] * len(grid().axes), bool)
    for compiled in grid().network.tables:
        if compiled.table.role == "task":
            _, every = grid().rows(compiled)
            for number in range(len(compiled.table.rows)):
                helped = helped | row_flags(every, number)
    for outcome in sorted(decided(), key=lambda o: o.possible.size * o.refused.size):
        if helped.all():
            return
        helped = helped | outcome.open_or_offered
    assert helped.all(), first_cell(~helped, {})


def engine_options(patient: Patient, guideline: str) -> dict[tuple[str, str, str], Option]:
    found = options(patient, (guideline,), tuple(all_objections(patient)))
    return {(option.name, option.drug, option.setting): option for option in found}


def patient_in(labels: list[str]) -> Patient:
    facts = {
        name: Fact(name, possible, State.KNOWN if possible.is_single() else State.RANGE)
        for name, possible in grid().facts(labels).items()
    }
    return consider(grid().library, grid().network, facts)


def test_the_grid_says_what_the_plan_says() -> None:
    """The arrays above are no second engine: on random cells they equal the plan's options."""
    chance = random.Random(20261123)
    for _ in range(60):
        cell = [chance.randrange(len(axis.states)) for axis in grid().axes]
        labels = [axis.labels[i] for axis, i in zip(grid().axes, cell, strict=True)]
        found = engine_options(patient_in(labels), labels[grid().place("guideline")])
        for outcome in decided():
            key = (outcome.name, outcome.drug, outcome.setting)
            state = found[key].state if key in found else "absent"
            if state == "refused" and refused_together(found[key]):
                state = "depends"  # the arrays take each guard for itself
            assert outcome.state(cell) == state, (key, labels)


def refused_together(option: Option) -> bool:
    """True if no guard refuses for certain, but one of several must."""
    return not any(o.certain and o.effect == "refuse" for o in option.objections)


@pytest.mark.parametrize("setting", ["adjuvant", "neoadjuvant"])
def test_wild_type_with_nothing_further_tested_is_refused_imatinib_around_surgery(
    setting: str,
) -> None:
    """Each guard hangs on which class it is; together they leave none."""
    axis = grid().axes[grid().place("genotype")]
    cell = {"genotype": "KIT and PDGFRA wild type", "setting": setting, "person": "male",
            "test": "done", "line": "0", "last drug": "none"}  # fmt: skip
    labels = [cell.get(a.name, a.labels[-1]) for a in grid().axes]
    for guideline in grid().library.terms["guideline"].values:
        for option in engine_options(patient_in(labels), guideline).values():
            if option.drug == "imatinib":
                assert option.state == "refused", option.name
                for name in axis.completions["KIT and PDGFRA wild type"]:
                    settled = [name if a.name == "genotype" else x
                               for a, x in zip(grid().axes, labels, strict=True)]  # fmt: skip
                    then = engine_options(patient_in(settled), guideline)
                    key = (option.name, option.drug, option.setting)
                    assert key not in then or then[key].state == "refused", (option.name, name)


def test_an_option_that_is_not_settled_says_on_what_it_hangs() -> None:
    chance = random.Random(7)
    for _ in range(60):
        labels = [chance.choice(axis.labels) for axis in grid().axes]
        patient = patient_in(labels)
        for option in engine_options(patient, labels[grid().place("guideline")]).values():
            if option.state == "depends":
                assert option.depends_on, (option.name, labels)
                known = [patient.known.get(name) for name in option.depends_on]
                assert not any(p is not None and p.is_single() for p in known), (
                    option.name,
                    labels,
                )
            for objection in option.objections:
                assert objection.certain or objection.depends_on, (option.name, objection.basis.row)


BACKGROUNDS: dict[str, Facts] = {
    "young": {"age": exactly(25)},
    "epithelioid in the stomach": {
        "tumour_site": Choices.of("stomach"),
        "cell_type": Choices.of("epithelioid"),
    },
    "several tumours": {"tumour_count": Choices.of("multiple")},
    "neurofibromatosis": {"neurofibromatosis_type_1": Choices.of("yes")},
    "nodes involved": {"regional_nodes": Choices.of("involved")},
    "SDHB lost": {"sdhb": Choices.of("lost")},
}


@pytest.mark.parametrize("test", ["not done", "pending", "failed"])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_an_untested_tumour_with_a_warning_sign_gets_no_imatinib(
    background: str, test: str
) -> None:
    """In every setting and line, under every guideline."""
    for setting in ("neoadjuvant", "adjuvant", "advanced"):
        for line in (0, 1, 4):
            known = {
                **BACKGROUNDS[background],
                "genotype_test": Choices.of(test),
                "setting": Choices.of(setting),
                "line_of_therapy": exactly(line),
                "last_drug": Choices.of("imatinib" if line else "none"),
            }
            facts = {name: Fact(name, value, State.KNOWN) for name, value in known.items()}
            patient = consider(grid().library, grid().network, facts)
            for guideline in grid().library.terms["guideline"].values:
                for option in engine_options(patient, guideline).values():
                    if option.drug == "imatinib":
                        assert option.state == "refused", (option.name, setting, line, guideline)
