"""Relapse under an adjuvant drug, drugs that were left, and patients forgotten by the count."""

from __future__ import annotations

from itertools import product

import pytest

from plan.records import record_of
from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.facts.timeline import as_of
from stromal.library import load
from stromal.plan.known.derive import derive
from stromal.plan.present_drug import ON_DRUG, SAME_DRUG, says_nothing
from stromal.tables.decide import decide
from stromal.tables.document import Row

LIBRARY = load(rooms=("nature", "therapy"))
GUIDELINES = LIBRARY.terms["guideline"].values
GENOTYPES = LIBRARY.terms["genotype"].values
DRIVEN = tuple(g for g in GENOTYPES if g.startswith(("KIT", "PDGFRA")) and "D842V" not in g)


def certain(table: str, **known: Possible) -> tuple[Row, ...]:
    return decide(LIBRARY.compiled[table], known).certain_rows


def possible(table: str, **known: Possible) -> tuple[Row, ...]:
    return decide(LIBRARY.compiled[table], known).rows


@pytest.mark.parametrize(("guideline", "genotype"), list(product(GUIDELINES, GENOTYPES)))
def test_nobody_gives_imatinib_first_where_the_disease_came_back_under_it(
    guideline: str, genotype: str
) -> None:
    rows = possible(
        "therapy/first-line",
        guideline=Choices.of(guideline),
        genotype=Choices.of(genotype),
        setting=Choices.of("advanced"),
        line_of_therapy=Numbers.exactly(0),
        relapse_and_adjuvant=Choices.of("during adjuvant drug"),
    )
    assert "imatinib" not in {row.outputs["drug"] for row in rows}
    assert rows, "a trial at least"


@pytest.mark.parametrize("genotype", DRIVEN)
@pytest.mark.parametrize(
    ("lines", "given", "last", "next_drug"),
    [
        (1, ["sunitinib"], "sunitinib", "regorafenib"),
        (2, ["sunitinib", "regorafenib"], "regorafenib", "ripretinib"),
    ],
)
@pytest.mark.parametrize(
    "why", [{"progression": "general"}, {"last_drug_not_tolerated": "yes"}], ids=str
)
def test_adjuvant_imatinib_counts_as_a_drug_though_not_as_a_line(
    genotype: str, lines: int, given: list[str], last: str, next_drug: str, why: dict[str, str]
) -> None:
    rows = certain(
        "therapy/by-drugs-given",
        genotype=Choices.of(genotype),
        setting=Choices.of("advanced"),
        line_of_therapy=Numbers.exactly(lines),
        drugs_given=Members.exactly(given),
        last_drug=Choices.of(last),
        relapse_and_adjuvant=Choices.of("during adjuvant drug"),
        **{name: Choices.of(value) for name, value in why.items()},
    )
    assert next_drug in {row.outputs["drug"] for row in rows}


@pytest.mark.parametrize("guideline", GUIDELINES)
def test_going_on_is_advised_by_nobody_who_names_intolerance_once_it_is_there(
    guideline: str,
) -> None:
    known: dict[str, Possible] = {
        "guideline": Choices.of(guideline),
        "setting": Choices.of("advanced"),
        "line_of_therapy": Numbers.exactly(1),
        "progression": Choices.of("none"),
        "last_drug": Choices.of("sunitinib"),
    }
    tolerated = certain("therapy/progression", last_drug_not_tolerated=Choices.of("no"), **known)
    left = possible("therapy/progression", last_drug_not_tolerated=Choices.of("yes"), **known)
    assert "continue the present drug" in {row.outputs["option"] for row in tolerated}
    assert "continue the present drug" not in {row.outputs["option"] for row in left}


@pytest.mark.parametrize("option", sorted(SAME_DRUG))
@pytest.mark.parametrize("why", ["drugs_not_tolerated", "drugs_failed"])
def test_there_is_no_going_on_with_a_drug_that_was_left_for_good(option: str, why: str) -> None:
    left: dict[str, Possible] = {
        "disease_state": Choices.of("advanced without drug"),
        "last_drug": Choices.of("sunitinib"),
        why: Members.exactly(["sunitinib"]),
    }
    assert says_nothing(option, left)
    assert not says_nothing("clinical trial", left)


@pytest.mark.parametrize("state", LIBRARY.terms["disease_state"].values)
def test_a_drug_that_is_taken_or_was_stopped_for_an_operation_can_go_on(state: str) -> None:
    planned: dict[str, Possible] = {
        "disease_state": Choices.of(state),
        "last_drug": Choices.of("imatinib"),
        "drugs_not_tolerated": Members.exactly([]),
        "drugs_failed": Members.exactly([]),
    }
    again = {**planned, "drugs_failed": Members.exactly(["imatinib"])}
    assert not says_nothing("continue the present drug", planned)
    assert says_nothing("continue the present drug", again) == (state not in ON_DRUG)


def test_where_the_record_is_silent_going_on_stays() -> None:
    assert not says_nothing("continue the present drug", {})
    unsure: dict[str, Possible] = {
        "disease_state": Choices.of("advanced without drug"),
        "last_drug": Choices.of("imatinib"),
        "drugs_failed": Members(frozenset(), frozenset({"imatinib"})),
    }
    assert not says_nothing("continue the present drug", unsure)


def relapse(extent: str, *, treated: bool = True) -> tuple[str, bool]:
    """What a record says of a relapse under imatinib, and whether it contradicts itself."""
    start = "{id: start, kind: drug start, day: 2024-02-01, drug: imatinib, purpose: adjuvant}"
    record = record_of(
        "{id: operation, kind: resection, day: 2024-01-10, facts: {resection_margin: R0}}",
        *([start] if treated else []),
        f"{{id: back, kind: imaging, day: 2025-03-01, facts: {{disease_extent: {extent}}}}}",
    )
    derived = derive(as_of(record, LIBRARY.terms, None), LIBRARY)
    fact = derived.facts.get("relapse_and_adjuvant")
    names = {conflict.name for conflict in derived.conflicts}
    return str(fact.possible) if fact else "", "relapse_and_adjuvant" in names


def test_spread_under_an_adjuvant_drug_is_a_relapse_though_it_is_called_metastatic() -> None:
    assert relapse("recurrent") == ("during adjuvant drug", False)
    called, contradicts = relapse("metastatic")
    assert "during adjuvant drug" in called
    assert contradicts, "metastatic means at diagnosis: somebody must say which of the two is right"


def test_metastases_at_diagnosis_came_back_under_no_adjuvant_drug() -> None:
    assert relapse("metastatic", treated=False) == ("no adjuvant drug given", False)
