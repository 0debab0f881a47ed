"""What is missing and what would change an answer, held against assessing the changed patient."""

from __future__ import annotations

from pathlib import Path

import pytest

from stromal.facts.possible import Choices, Members, Numbers, Possible
from stromal.facts.record import read_record, read_record_file
from stromal.facts.timeline import as_of
from stromal.library import load
from stromal.plan.assess import assess_record
from stromal.plan.known.derive import derive
from stromal.plan.patient import Patient, consider, decisions
from stromal.plan.whatif import changes, elements, missing, say_part
from stromal.tables.chain import decide_all

LIBRARY = load(rooms=("nature",))
NETWORK = LIBRARY.at(None)
CASES = sorted((Path(__file__).parents[2] / "cases" / "published").glob("*.yaml"))[::4]


def patient_of(path: Path) -> Patient:
    derived = derive(as_of(read_record_file(path), LIBRARY.terms, None), LIBRARY)
    return consider(LIBRARY, NETWORK, derived.facts)


def words_with(patient: Patient, name: str, value: Possible) -> dict[str, str]:
    """Every decision of the patient with one fact exchanged, found afresh."""
    known = {**patient.known, name: value}
    changed = Patient(LIBRARY, NETWORK, patient.facts, known, decide_all(NETWORK, known))
    return {d.name: " or ".join(d.outcomes) or "refused" for d in decisions(changed)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_a_missing_fact_would_settle_is_what_knowing_it_gives(path: Path) -> None:
    patient = patient_of(path)
    now = {d.name: " or ".join(d.outcomes) or "refused" for d in decisions(patient)}
    for fact in missing(patient):
        term = LIBRARY.terms[fact.name]
        tables = [
            c.table.id
            for c in NETWORK.tables
            if c.table.role in ("scheme", "finding", "guard")
            and fact.name in NETWORK.rests_on(c.table.id)
        ]
        pieces = elements(patient, term, patient.known.get(fact.name), tables)
        assert [say_part(term, piece) for piece in pieces] == [words for words, _ in fact.by_value]
        for piece, (_, said) in zip(pieces, fact.by_value, strict=True):
            fresh = words_with(patient, fact.name, piece)
            assert sorted(said) == sorted(
                f"{name}: {words}" for name, words in fresh.items() if words != now[name]
            )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_change_that_is_named_does_change_the_answer(path: Path) -> None:
    patient = patient_of(path)
    for change in changes(patient):
        term = LIBRARY.terms[change.name]
        tables = [c.table.id for c in NETWORK.tables if c.table.role in ("scheme", "guard")]
        rests = [t for t in tables if change.name in NETWORK.rests_on(t)]
        pieces = {say_part(term, p): p for p in elements(patient, term, None, rests)}
        piece = pieces.get(change.instead)
        if piece is None:  # a group of words without those the patient has
            continue
        fresh = words_with(patient, change.name, piece)
        for decision, _, instead in change.changes:
            assert fresh[decision] == instead


def record(**facts: str) -> bytes:
    lines = "\n".join(f"  {name}: {value}" for name, value in facts.items())
    return f"id: worked\nfacts:\n{lines}\n".encode()


def test_without_mitoses_the_count_is_asked_for_before_anything_else_about_the_schemes() -> None:
    data = record(
        tumour_site="stomach", tumour_size="6 cm", rupture_findings="[]", sdhb="retained",
        specimen="resection", treated_before_specimen="no", disease_extent="localised",
        tumour_count="single", age="60", neurofibromatosis_type_1="no", cd117="positive",
        dog1="positive", resection_margin="R0", regional_nodes="not involved",
    )  # fmt: skip
    found = assess_record(LIBRARY, read_record(data))
    assert "mitotic_rate" in [fact.name for fact in found.missing][:2]
    high = {d.name: d.outcomes for d in found.decisions}["modified_nih_2008_risk"]
    assert high == ("intermediate", "high")


def test_a_count_of_five_in_5_mm2_shows_both_classes_with_their_probability() -> None:
    data = record(
        tumour_site="stomach", tumour_size="6 cm", rupture_findings="[]",
        mitotic_count="5 per 5 mm2",
    )  # fmt: skip
    found = assess_record(LIBRARY, read_record(data))
    assert found.uncertainty is not None
    assert [round(limit, 1) for limit in found.uncertainty.limits] == [1.6, 11.7]
    by_name = {c.decision: dict(c.outcomes) for c in found.uncertainty.classes}
    scheme = by_name["modified_nih_2008_risk"]
    # Gamma(5.5, 1): P(rate <= 5), computed once with an independent series.
    assert scheme["intermediate"] == pytest.approx(0.46961, abs=1e-4)
    assert sum(scheme.values()) == pytest.approx(1, abs=1e-6)
    for shares in by_name.values():
        assert sum(shares.values()) == pytest.approx(1, abs=1e-6)


def test_a_size_with_a_measuring_error_spreads_over_the_border() -> None:
    data = record(
        tumour_site="stomach",
        tumour_size="5 cm",
        rupture_findings="[]",
        mitotic_count="0 per 50 mm2",
    )
    found = assess_record(LIBRARY, read_record(data), size_error=0.5)
    assert found.uncertainty is not None
    by_name = {c.decision: dict(c.outcomes) for c in found.uncertainty.classes}
    scheme = by_name["modified_nih_2008_risk"]
    assert scheme["low"] == pytest.approx(0.5, abs=0.01)
    assert scheme["intermediate"] == pytest.approx(0.5, abs=0.01)


def test_findings_and_numbers_are_tried_in_pieces_that_no_rule_parts() -> None:
    patient = consider(LIBRARY, NETWORK, {})
    term = LIBRARY.terms["tumour_size"]
    cuts = {
        e.low
        for e in elements(patient, term, None, ["nature/modified-nih-2008"])
        if isinstance(e, Numbers)
    }
    assert {2.0, 5.0, 10.0} <= cuts
    term = LIBRARY.terms["rupture_findings"]
    pieces = elements(patient, term, None, ["nature/rupture"])
    assert Members.exactly([]) in pieces
    site = elements(patient, LIBRARY.terms["tumour_site"], None, ["nature/modified-nih-2008"])
    assert Choices.of("stomach") in site
