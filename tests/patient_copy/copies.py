"""Patients and copies that the tests of the patient's copy share."""

import datetime
from functools import cache
from pathlib import Path

from stromal.facts.dictionary import Term
from stromal.facts.record import Event, Record, read_record, read_record_file
from stromal.library import Library, load, read_words
from stromal.patient_copy.make import PatientCopy, patient_copy
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import Language, Skeleton, languages, read_language, read_skeleton

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 12, 1)
ANNA = """
id: anna
facts: {sex: female, age: 58, neurofibromatosis_type_1: no, carney_triad_or_carney_stratakis: no,
  familial_gist: no}
events:
  - id: operation
    day: 2026-10-05
    kind: resection
    source: pathology report
    facts: {tumour_site: ileum, tumour_size: 6.2 cm, mitotic_count: "7 per 5 mm2",
      specimen: resection, treated_before_specimen: no, cd117: positive, dog1: positive,
      resection_margin: R0, rupture_findings: [], disease_extent: localised,
      regional_nodes: not assessed, distant_metastasis: no, cell_type: spindle,
      tumour_count: single, genotype: KIT exon 11, sdhb: retained,
      exon_11_change: deletion of 557 and 558, genotype_test: done}
  - id: wishes
    day: 2026-11-25
    kind: visit
    facts: {setting: adjuvant, guideline: ESMO, what_matters: "to see my grandchild start school",
      aim_of_treatment: both alike, co_medications: "warfarin, St John's wort, Xyzal drops",
      pregnancy: not possible, line_of_therapy: 0}
  - {id: start, day: 2026-11-30, kind: drug start, drug: imatinib, dose: 400 mg once daily,
     purpose: adjuvant, facts: {last_drug: imatinib}}
"""
RELEASE = """
  - {id: board, day: 2026-12-01, kind: decision, text: Imatinib for three years.,
     decided_by: Dr Meyer, release: patient copy}
"""


@cache
def library() -> Library:
    return load()


@cache
def words_of(code: str) -> Language:
    return read_language(read_words(), code)


@cache
def skeleton() -> Skeleton:
    return read_skeleton(read_words(), terms())


@cache
def terms() -> dict[str, Term]:
    return {**library().terms, **library().decisions}


def codes() -> tuple[str, ...]:
    return languages(read_words())


def record(text: str) -> Record:
    return read_record(text.encode(), "patient.yaml")


def copy_of(
    patient: Record | str, code: str = "en", day: datetime.date | None = None
) -> PatientCopy | None:
    found = record(patient) if isinstance(patient, str) else patient
    return patient_copy(library(), found, skeleton(), words_of(code), day)


def released(text: str, code: str = "en") -> PatientCopy:
    copy = copy_of(text + RELEASE, code)
    assert copy is not None
    return copy


def case_record(name: str) -> Record:
    """A case of the exam as if a clinician had released its copy."""
    found = read_record_file(ROOT / "cases" / f"{name}.yaml")
    details = {"text": "as discussed", "decided_by": "Dr Meyer", "release": "patient copy"}
    board = Event("board", DAY.isoformat(), "", "decision", "", {}, details=details)
    events = (*found.events, board)
    return Record(found.id, "", "", events, {}, "", found.problems, found.name)


def case(name: str, code: str = "en") -> PatientCopy:
    copy = copy_of(case_record(name), code)
    assert copy is not None
    return copy


def page(copy: PatientCopy) -> list[Sentence]:
    return [s for part in copy.parts for s in (*part.sentences, *part.items)]


def everything(copy: PatientCopy) -> list[Sentence]:
    return [*page(copy), *(s for question in copy.questions for s in question.answers)]


def said(copy: PatientCopy, sentence_id: str) -> list[str]:
    return list(dict.fromkeys(s.words for s in everything(copy) if s.id == sentence_id))
