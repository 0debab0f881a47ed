"""The slips of a tired evening: each is told with its line and its remedy, and none is misread."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cli.terminal import Ran, stromal
from stromal.cli.pages.monitor_words import all_asked
from stromal.facts.record import Record, read_record
from stromal.facts.units import convert
from stromal.library import load
from stromal.plan.drugs.tumour_drugs import with_generic_names, with_taking_asked
from stromal.plan.known.drugs_taken import read_daily

START = """\
id: slips
facts: {sex: female, age: 63, genotype: KIT exon 11}
events:
  - {kind: resection, day: 2020-03-02, facts: {disease_extent: localised}}
"""


def read(text: str) -> Record:
    return read_record(text.encode(), "slips.yaml")


def told(text: str) -> str:
    return " ".join(str(problem) for problem in read(text).problems)


def run(tmp_path: Path, command: str, text: str, *more: str) -> Ran:
    path = tmp_path / "slips.yaml"
    path.write_text(text, encoding="utf-8")
    ran = stromal(command, path, *more, knowledge=None)
    assert ran.code in (0, 1), ran.err
    return ran


@pytest.mark.parametrize(
    "line", ["values: {creatinine: 0,9 mg/dL}", "values: {INR: 1,2}", "test: INR\n    value: 1,2"]
)
def test_a_decimal_comma_in_braces_is_one_number_and_never_its_first_half(line: str) -> None:
    said = told(f"events:\n  - kind: laboratory\n    day: 2020-05-04\n    {line}\n")
    assert "has a comma inside a number" in said
    assert "not one value" not in said


def test_a_comma_in_an_uptake_leaves_no_half_number() -> None:
    text = "events:\n  - {kind: imaging, uptake: {measure: SUVmax, before: 5,8, now: 2.1}}\n"
    assert "'5,8' has a comma inside a number" in told(text)


def test_a_comma_and_a_space_part_two_values_as_before() -> None:
    assert not read("facts: {age: 63, sex: female}\n").problems


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/4/2026", "write 2026-04-03 or 2026-03-04, whichever is meant"),
        ("31.12.2025", "write 2025-12-31, whichever is meant"),
        ("4 May", "write 2024-05-17, 2024-05 or 2024"),
    ],
)
def test_a_day_written_as_in_a_letter_is_asked_about_and_not_guessed(
    written: str, meant: str
) -> None:
    record = read(f"events:\n  - {{kind: visit, day: {written}}}\n")
    assert record.events[0].day == ""
    assert meant in str(record.problems[0])


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("CT", "imaging"),
        ("labs", "laboratory"),
        ("operation", "resection"),
        ("decison", "decision"),
    ],
)
def test_a_kind_in_other_words_is_told_once_with_the_kind_that_is_meant(
    kind: str, meant: str
) -> None:
    record = read(f"events:\n  - {{kind: {kind}, day: 2020-03-20, text: x, lesions: []}}\n")
    assert len(record.problems) == 1
    assert f"did you mean '{meant}'?" in str(record.problems[0])
    assert record.events[0].unread == {"text": "x", "lesions": []}


@pytest.mark.parametrize("command", ["assess", "plan", "treat", "patient", "follow-up", "monitor"])
def test_of_a_file_that_cannot_be_read_no_page_is_made(command: str, tmp_path: Path) -> None:
    ran = run(tmp_path, command, START + "\t- kind: visit\n")
    assert ran.code == 1
    assert ran.out == ""
    text = " ".join(ran.err.split())
    assert "slips.yaml:5: not valid YAML" in text
    assert "indent with spaces" in text


@pytest.mark.parametrize(
    ("unit", "worth"),
    [("G/l", 1), ("/nl", 1), ("Tsd/µl", 1), ("×10⁹/L", 1), ("K/uL", 1), ("/µl", Fraction(1, 1000))],
)
def test_blood_cells_are_read_in_the_units_that_laboratories_print(
    unit: str, worth: Fraction
) -> None:
    assert convert(Fraction(1), unit, "10*9/L") == worth


def test_the_g_of_a_protein_is_a_gram() -> None:
    assert convert(Fraction(4), "g/dl", "g/L") == 40
    assert convert(Fraction(4), "G/l", "g/L") == 4


VALUES = """\
  - kind: laboratory
    day: 2020-05-04
    values: {Hb: 10.2 g/dl, Plt: 180 G/l, Neut: 1.4 /nl, Crea: 0.9 mg/dl, K: 3.4 mmol/l}
    test: GPT
    value: 67 U/l
"""


def test_the_short_names_of_a_laboratory_are_read(tmp_path: Path) -> None:
    ran = run(tmp_path, "monitor", START + VALUES)
    assert "there is no test" not in ran.out + ran.err
    assert "no unit of" not in ran.out + ran.err
    for name in ("haemoglobin", "platelets", "neutrophils", "creatinine", "potassium", "ALT"):
        assert name in ran.out


def test_no_other_test_is_offered_for_a_short_name_that_is_not_known(tmp_path: Path) -> None:
    ran = run(tmp_path, "monitor", START + VALUES.replace("Plt", "Blt"))
    text = " ".join((ran.out + ran.err).split())
    assert "there is no test 'Blt'" in text
    assert "did you mean 'alt'" not in text


def drug(name: str) -> Record:
    text = f"  - {{kind: drug start, day: 2020-04-20, drug: {name}, purpose: adjuvant}}\n"
    return with_generic_names(read(START + text), load(rooms=("drugs",)).terms)


@pytest.mark.parametrize(
    ("written", "generic"),
    [
        ("Glivec", "imatinib"),
        ("SUTENT", "sunitinib"),
        ("Tafinlar + Mekinist", "dabrafenib with trametinib"),
        ("imatinib", "imatinib"),
    ],
)
def test_a_brand_name_is_the_drug_that_it_is(written: str, generic: str) -> None:
    record = drug(written)
    assert record.events[-1].details["drug"] == generic
    assert not record.problems


@pytest.mark.parametrize("written", ["imatinip", "Glivek", "imatinib 400 mg"])
def test_a_name_that_is_nearly_a_drug_is_asked_about(written: str) -> None:
    record = drug(written)
    assert record.events[-1].details["drug"] == written
    assert "slips.yaml:5" in str(record.problems[0])
    assert "did you mean 'imatinib'?" in str(record.problems[0])


def test_a_drug_that_is_like_none_is_left_as_it_is() -> None:
    assert not drug("masitinib").problems


def test_the_brand_names_of_the_dictionary_are_those_of_the_drug_documents() -> None:
    library = load(rooms=("drugs",))
    known = library.terms["drugs_given"].synonyms
    for path, raw in library.documents.items():
        for brand in raw.front.get("names") or ():
            assert known[str(brand)] == {path.removeprefix("drugs/")}


def test_an_answer_without_a_day_is_not_said_to_have_many_orders(tmp_path: Path) -> None:
    ran = run(tmp_path, "assess", 'facts: {disease_extent: "?", tumour_site: stomach}\n')
    assert "orders are possible" not in ran.out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mitoses", "mitotic_count"),
        ("mutation", "molecular_findings"),
        ("ecog", "performance_status"),
    ],
)
def test_a_fact_by_its_everyday_name_leads_to_the_name_of_the_dictionary(
    written: str, meant: str, tmp_path: Path
) -> None:
    ran = run(tmp_path, "assess", f"facts: {{{written}: 1}}\n")
    text = " ".join(ran.out.split())
    assert f"unknown fact '{written}', so it is not used" in text
    assert f"'{meant}'" in text


@pytest.mark.parametrize("dose", ["400 mg", "400", "2 tablets"])
def test_a_dose_that_says_no_amount_a_day_is_asked_about(dose: str) -> None:
    text = f"  - {{kind: drug start, day: 2020-04-20, drug: imatinib, dose: {dose}}}\n"
    record = with_taking_asked(read(START + text), {})
    assert "the daily dose is not known" in str(record.problems[0])


@pytest.mark.parametrize(
    ("dose", "daily"), [("400 mg od", 400), ("400 mg bid", 800), ("400mg/d", 400)]
)
def test_the_short_forms_of_a_daily_dose_are_read(dose: str, daily: int) -> None:
    found = read_daily(dose)
    assert found is not None
    assert found.low == found.high == daily


def test_a_strength_without_its_unit_is_told_once_by_its_name() -> None:
    refill = "{kind: refill, day: 2020-05-18, drug: imatinib, tablets: 30, strength: 400}"
    problems = read(f"events:\n  - {refill}\n").problems
    assert len(problems) == 1
    assert "strength: '400' is not the strength of one tablet" in str(problems[0])


def test_the_value_before_treatment_is_asked_for_once() -> None:
    words = all_asked(("baseline_level", "times_baseline", "times_upper_limit"))
    assert words == "the value before treatment with its limit, the upper limit of the laboratory"


@pytest.mark.parametrize("short", ["EUS", "EGD", "OGD"])
def test_a_scope_by_its_usual_letters_is_read(short: str) -> None:
    assert told(f"events:\n  - {{kind: endoscopy, day: 2025-03-10, modality: {short}}}\n") == ""
