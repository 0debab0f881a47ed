"""A small lesion of the stomach that is watched, by endoscopic ultrasound, for two years."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.terminal import Ran, stromal

WATCHED = """\
id: small-gastric-71f
facts: {sex: female, age: 71}
events:
  - kind: endoscopy
    day: 2024-03-04
    modality: EUS
    facts: {tumour_site: stomach, size_on_imaging: 14 mm, disease_extent: localised}
  - {kind: endoscopy, day: 2026-03-09, modality: EUS, facts: {size_on_imaging: 17 mm}}
  - {kind: decision, day: 2026-03-12, text: watch, decided_by: board, dissent: Dr C would resect}
"""


def run(tmp_path: Path, command: str, text: str, *more: str) -> Ran:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return stromal(command, path, *more, knowledge=None)


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_size_that_is_tried_is_the_size_of_the_tumour_too(tmp_path: Path) -> None:
    ran = run(tmp_path, "what-if", WATCHED, "size_on_imaging=22 mm")
    text = words(ran.out)
    assert ran.code == 0
    assert "tumour size: 1.7 cm -> 2.2 cm" in text
    assert "TNM t: T1 (unless a guard refuses) -> T2 (unless a guard refuses)" in text


@pytest.mark.parametrize(
    "command", ["assess", "plan", "follow-up", "monitor", "response", "treat", "interactions"]
)
@pytest.mark.parametrize("half", ["  - kind", "  - {kind: visit, day:}", "  -", "  - kind:"])
def test_a_half_typed_event_is_told_with_its_line_and_loses_nothing(
    command: str, half: str, tmp_path: Path
) -> None:
    ran = run(tmp_path, command, WATCHED + half + "\n")
    assert ran.code in (0, 1)
    if ran.code:
        assert "small.yaml:10" in words(ran.out + ran.err)


def test_nobody_gets_a_copy_that_no_clinician_released(tmp_path: Path) -> None:
    ran = run(tmp_path, "patient", WATCHED)
    assert ran.code == 1
    assert "not released" in ran.out + ran.err
