"""A scan is typed as a radiologist dictates it; what cannot be read names lesion, field, remedy."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.imaging import MODALITIES, read_imaging
from stromal.facts.record import read_record, write_record
from stromal.facts.timeline import as_of

SCAN = """
events:
  - id: scan
    kind: imaging
    day: 2024-03-12
    modality: ct
    slice_thickness: 0.5 cm
    phase: portal
    lesions:
      - {name: liver 7, organ: liver, size: 3.4 cm, density: 68 HU}
      - {name: node, organ: nodes, size: 16 mm}
      - {name: knot, kind: nodule in liver 7, size: 8 mm, active: yes}
    new_lesions: none
    uptake: {measure: suvmax, before: 5.8, now: 2.1}
"""


def problems(lesion: dict[str, object], **keys: object) -> list[str]:
    return [f"{p.what}; {p.remedy}" for p in read_imaging({"lesions": [lesion], **keys})[1]]


def test_sizes_are_exact_and_words_have_their_synonyms() -> None:
    record = read_record(SCAN.encode(), "scan.yaml")
    report, wrong = read_imaging(record.events[0].details)
    assert not wrong
    assert not record.problems
    liver, node, knot = report.lesions
    assert (liver.size, liver.density) == (Fraction(34), Fraction(68))
    assert node.is_node
    assert (knot.kind, knot.inside) == ("nodule", "liver 7")
    assert (report.modality, report.phase, report.slice_thickness) == ("CT", "portal venous", 5)
    assert report.no_new_lesion
    assert report.uptake is not None
    assert report.uptake.measure == "SUVmax"


@pytest.mark.parametrize(
    ("lesion", "said"),
    [
        ({"size": "34"}, "liver 7: size '34' has no unit; write '34 mm' if that is meant (or cm)"),
        ({"size": "3,4 cm"}, "comma inside a number"),
        ({"size": "34 x 28 mm"}, "several diameters; write the longest"),
        ({"size": "30 to 34 mm"}, "is not one number"),
        ({"size": "34 HU"}, "'HU' is no unit of it; use mm"),
        ({"size": "-3 mm"}, "is less than 0"),
        ({"size": "34 mm", "density": "68"}, "density '68' has no unit"),
        ({"size": "34 mm", "kind": "targt"}, "did you mean 'target'?"),
        ({"size": "34 mm", "sise": "x"}, "unknown key 'sise'; did you mean 'size'?"),
        ({"size": "34 mm", "seen": "gone"}, "a size, and 'gone'; keep one of the two"),
        ({"size": "34 mm", "kind": "new"}, "new, but not said whether it is certain"),
        ({"kind": "target"}, "no size; give 'size: 34 mm', or 'seen: gone"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_remedy(lesion, said) -> None:
    found = problems({"name": "liver 7"} | lesion)
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"modality": "CD"}, f"use {', '.join(MODALITIES)}"),
        ({"modality": "MRI"}, "a density in HU on MRI ('liver 7')"),
        ({"uptake": {"now": "2"}}, "without its measure or its value now"),
        ({"uptake": "2"}, "write 'uptake: {measure: SUVmax"),
        ({"slice_thickness": "5"}, "has no unit"),
        ({"new_lesions": "perhaps"}, "new_lesions 'perhaps' is not known; use none"),
    ],
)
def test_a_wrong_key_of_the_scan_is_said(keys, said) -> None:
    found = problems({"name": "liver 7", "size": "34 mm", "density": "60 HU"}, **keys)
    assert any(said in one for one in found), found


def test_a_name_given_twice_and_a_new_lesion_against_none_are_said() -> None:
    lesion = {"name": "x", "size": "12 mm", "kind": "new", "certain": "yes"}
    _, wrong = read_imaging({"lesions": [lesion, lesion], "new_lesions": "none"})
    assert [p.what for p in wrong] == ["'x' stands twice", "none, but 'x' is listed as new"]


def test_a_problem_of_a_record_names_file_line_and_event() -> None:
    record = read_record(SCAN.replace("3.4 cm", "34").encode(), "scan.yaml")
    assert [p.place for p in record.problems] == ["scan.yaml:10, event 1, lesions 1"]


def test_a_scan_is_written_back_as_it_was_read() -> None:
    record = read_record(SCAN.encode(), "scan.yaml")
    assert read_record(write_record(record).encode(), "scan.yaml").events == record.events


def test_lesions_that_a_correction_does_not_repeat_are_not_dropped_in_silence() -> None:
    text = SCAN + "  - {id: later, kind: imaging, day: 2024-03-12, corrects: scan, modality: CT}\n"
    found = as_of(read_record(text.encode(), "scan.yaml"), {}, None).problems
    assert any("lesions" in p.what and "not in its correction" in p.what for p in found)


@given(st.decimals(0, 999, places=2))
def test_millimetres_and_centimetres_are_the_same_size(number) -> None:
    sizes = [
        read_imaging({"lesions": [{"name": "x", "size": text}]})[0].lesions[0].size
        for text in (f"{number * 10} mm", f"{number} cm")
    ]
    assert sizes[0] == sizes[1] == Fraction(str(number)) * 10
