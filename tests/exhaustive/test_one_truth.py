"""Over the whole exam: no number or negation differs between readers or languages."""

from pathlib import Path

import pytest

from patient_copy.copies import ROOT
from patient_copy.truth import between_languages, not_the_doctors

CASES = ROOT / "cases"
NAMES = [str(path.relative_to(CASES).with_suffix("")) for path in sorted(CASES.rglob("*.yaml"))]


@pytest.mark.exhaustive
@pytest.mark.parametrize("folder", sorted({Path(name).parts[0] for name in NAMES}))
def test_no_reader_of_any_copy_is_told_anything_else(folder: str) -> None:
    names = [name for name in NAMES if Path(name).parts[0] == folder]
    assert names
    assert [f for n in names for f in (*between_languages(n), *not_the_doctors(n))] == []
