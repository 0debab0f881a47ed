"""The door: usage, faults, pipes, and what is imported when."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from cli.terminal import KNOWLEDGE, stromal
from stromal.cli.arguments import parser

SOURCE = Path(__file__).resolve().parents[2] / "src"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}


@pytest.mark.parametrize("words", [["--help"], ["assess", "--help"], ["--version"]])
def test_help_answers_zero(words: list[str]) -> None:
    assert stromal(*words, knowledge=None).code == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["unknown"],
        ["explain"],
        ["assess", "--day", "2023-02-30", "x"],
        ["new", "poem", "x"],
        ["decide", "x"],
        ["facts", "--js"],
        ["--knowledge", "/no/such/folder", "facts"],
    ],
)
def test_wrong_usage_answers_two_with_a_remedy(words: list[str]) -> None:
    ran = stromal(*words, knowledge=None)
    assert ran.code == 2
    assert "stromal --help" in ran.err
    as_json = stromal(*words, "--json", knowledge=None)
    assert as_json.code == 2
    assert json.loads(as_json.out)["problems"][0]["remedy"]


def test_a_fault_of_stromal_is_told_without_a_trace() -> None:
    with mock.patch("stromal.cli.facts.run", side_effect=RuntimeError("broken")):
        ran = stromal("facts")
        assert ran.code == 70
        assert "a fault of Stromal itself (RuntimeError: broken)" in ran.err
        assert "Traceback" not in ran.err
        assert "Traceback" in stromal("facts", "--debug").err


def test_every_command_has_a_module_that_runs() -> None:
    actions = parser()._subparsers
    assert actions is not None
    commands = actions._group_actions[0].choices
    assert commands is not None
    for name, command in dict(commands).items():
        path = SOURCE / f"{command.get_default('module').replace('.', '/')}.py"
        assert path.exists(), name
        assert "def run(args: argparse.Namespace) -> int:" in path.read_text("utf-8")


def imported(*words: str) -> set[str]:
    """The modules that a command has imported by its end."""
    code = (
        "import sys; from stromal.cli import main; code = main(sys.argv[1:]);"
        "print('|'.join(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split("|"))


def test_help_imports_nothing_heavy() -> None:
    assert not imported("--help") & {"yaml", "numpy", "rich", "stromal.library", "json"}


def test_one_patient_waits_neither_for_numpy_nor_for_rich(tmp_path: Path) -> None:
    case = tmp_path / "p.yaml"
    case.write_text("facts: {tumour_size: 3 cm}", "utf-8")
    assert not imported("--knowledge", str(KNOWLEDGE), "assess", str(case)) & {"numpy", "rich"}


def test_a_reader_that_leaves_early_causes_no_noise() -> None:
    command = f"{sys.executable} -m stromal --knowledge {KNOWLEDGE} facts | head -n 1"
    ran = subprocess.run(
        ["bash", "-c", command], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    gone = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m stromal facts >&-; echo $?"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in gone.stderr
