"""A class that a guard refuses lets no advice through as certain."""

from __future__ import annotations

import datetime

import pytest

from plan.records import record_of
from stromal.facts.record import Record
from stromal.facts.timeline import as_of
from stromal.library import Library
from stromal.plan.differences import differences
from stromal.plan.known.derive import derive
from stromal.plan.make import Made, make_plan
from stromal.plan.patient import Patient, consider, remarks
from stromal.plan.schedule.follow_up import Wish, follow_up
from stromal.plan.treatment import Option, treat_record

FACTS = (
    "tumour_site: jejunum, tumour_size: 12 cm, mitotic_count: 12 per 5 mm2, rupture_findings: [], "
    "disease_extent: localised, resection_margin: R0, genotype: KIT exon 11, genotype_test: done, "
    "cd117: positive, dog1: positive, sdhb: retained, setting: adjuvant, guideline: ESMO, "
    "specimen: resection, pregnancy: not possible, sex: female, age: 60"
)
DAY = datetime.date(2025, 3, 1)


def operated(treated: str) -> Record:
    facts = f"{{{FACTS}, treated_before_specimen: {treated}}}"
    event = f"{{id: operation, kind: resection, day: 2025-02-01, facts: {facts}}}"
    return record_of(event, facts="adjuvant_years: 0")


def patient_of(library: Library, record: Record) -> Patient:
    derived = derive(as_of(record, library.terms, DAY), library)
    return consider(library, library.at(DAY), derived.facts)


def by_row(library: Library, record: Record, row: str) -> Option:
    options = treat_record(library, record, DAY).options
    return next(o for o in options if any(a.basis.row == row for a in o.advice))


def test_a_refused_class_is_named_as_what_the_option_hangs_on(library: Library) -> None:
    option = by_row(library, operated("yes"), "HIGH-ESMO-NIH")
    advice = next(a for a in option.advice if a.basis.row == "HIGH-ESMO-NIH")
    assert not advice.certain
    assert "modified_nih_2008_risk" in advice.depends_on


def test_the_same_class_counts_where_nothing_refuses_it(library: Library) -> None:
    option = by_row(library, operated("no"), "HIGH-ESMO-NIH")
    advice = next(a for a in option.advice if a.basis.row == "HIGH-ESMO-NIH")
    assert advice.certain
    assert option.state == "offered"


@pytest.mark.parametrize("treated", ["yes", "no"])
def test_no_row_of_advice_that_looks_at_a_refused_decision_is_certain_by_it(
    library: Library, treated: str
) -> None:
    patient = patient_of(library, operated(treated))
    for table in (c.table for c in patient.network.tables if c.table.role in ("option", "note")):
        places = [n for n, term in enumerate(table.inputs) if term.name in patient.withdrawn]
        for number in patient.advice[table.id].certain:
            cells = [table.rows[number].cells[place] for place in places]
            assert not any(cells), f"{table.id} {table.rows[number].id}"
    assert bool(patient.withdrawn) == (treated == "yes")


def test_what_may_be_refused_is_not_withdrawn(library: Library) -> None:
    open_ = operated("?")
    assert not patient_of(library, open_).withdrawn


def test_the_decision_itself_and_the_guards_stay_as_they_were(library: Library) -> None:
    patient = patient_of(library, operated("yes"))
    assert patient.answers["nature/modified-nih-2008"].outcomes == ("high",)
    for compiled in patient.network.tables:
        if compiled.table.role in ("guard", "scheme", "finding"):
            table_id = compiled.table.id
            assert patient.advice[table_id] is patient.answers[table_id]


def test_no_figure_of_recurrence_is_told_of_a_class_that_is_refused(library: Library) -> None:
    def told(treated: str) -> set[str]:
        patient = patient_of(library, operated(treated))
        table = patient.network.by_id["nature/outcomes"].table
        place = [term.name for term in table.inputs].index("modified_nih_2008_risk")
        by_class = {row.id for row in table.rows if row.cells[place] is not None}
        shown = remarks(patient, ("note",), ())
        return by_class & {one.basis.row for one in shown if one.basis.document == table.id}

    assert told("no")
    assert not told("yes")


def test_a_change_by_a_refusal_is_led_back_to_what_refuses(library: Library) -> None:
    before, after = (make_plan(library, operated(treated), DAY) for treated in ("no", "yes"))
    changed = {change.name: change.because for change in differences(before, after).changes}
    because = {name for names in changed.values() for name in names}
    assert "treated_before_specimen" in because
    assert all(changed.values())


def test_follow_up_does_not_count_by_a_refused_class(library: Library) -> None:
    refused = follow_up(library, operated("yes"), DAY, Wish())
    counted = follow_up(library, operated("no"), DAY, Wish())
    assert counted.risk == ("high",)
    assert len(refused.risk) > 1
    assert refused.risk_from == "not known"


def test_a_guard_that_refuses_a_class_by_the_class_itself_is_led_back_too(
    library: Library,
) -> None:
    low = "tumour_site: stomach, tumour_size: 4 cm, mitotic_count: 1 per 5 mm2, setting: adjuvant"

    def made(specimen: str) -> Made:
        facts = f"{{{low}, specimen: {specimen}}}"
        event = f"{{id: seen, kind: biopsy, day: 2025-02-01, facts: {facts}}}"
        return make_plan(library, record_of(event), DAY)

    found = differences(made("resection"), made("core needle biopsy"))
    because = {name for change in found.changes for name in change.because}
    assert "specimen" in because
