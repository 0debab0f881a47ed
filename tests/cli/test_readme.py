"""What the README says can be done, can be done."""

from __future__ import annotations

import contextlib
import io
import os
import re
import textwrap
from pathlib import Path

import pytest

from cli.terminal import stromal
from stromal.cli.arguments import parser

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


def block(first_line: str) -> str:
    """The indented block that begins with that line."""
    found = re.search(rf"^    {re.escape(first_line)}$(?:\n(?:    .*)?)*", README, re.MULTILINE)
    assert found, first_line
    return textwrap.dedent(found[0])


@pytest.fixture
def patient(tmp_path: Path) -> Path:
    path = tmp_path / "my-patient.yaml"
    path.write_text(block("id: my-patient"), "utf-8")
    return path


def test_the_example_patient_can_be_assessed(patient: Path) -> None:
    ran = stromal("assess", patient, knowledge=None)
    assert ran.code == 0
    assert "  NIH 2002           low" in ran.out


def test_the_example_program_runs(patient: Path) -> None:
    out = io.StringIO()
    here = Path.cwd()
    os.chdir(patient.parent)
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(block("from pathlib import Path"), "README.md", "exec"), {})
    finally:
        os.chdir(here)
    assert "nih_2002_risk settled ('low',)" in out.getvalue()


def test_every_command_and_option_that_is_named_exists() -> None:
    commands = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert commands is not None
    named = set(re.findall(r"`stromal ([a-z-]+)", README))
    assert named == set(commands)
    known = parser().format_help() + "".join(c.format_help() for c in dict(commands).values())
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) - {"--fast"}  # of script/test
    assert all(option in known for option in options)


def test_every_file_that_is_linked_exists() -> None:
    root = Path(__file__).resolve().parents[2]
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README):
        assert (root / target).exists(), target
