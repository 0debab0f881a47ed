"""Every hazard names a control and a test that exists."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
HAZARDS: list[Mapping[str, object]] = yaml.safe_load(
    (ROOT / "docs/hazards.yaml").read_text("utf-8")
)
KEYS = {"id", "hazard", "cause", "severity", "control", "test"}
SEVERITIES = ("grave", "serious", "minor")


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_says_what_why_how_grave_and_what_is_done(hazard: Mapping[str, object]) -> None:
    assert set(hazard) == KEYS
    assert all(isinstance(value, str) and value.strip() for value in hazard.values())
    assert hazard["severity"] in SEVERITIES


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_the_test_of_a_hazard_exists(hazard: Mapping[str, object]) -> None:
    path, _, name = str(hazard["test"]).partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_two_hazards_have_one_name() -> None:
    names = [hazard["id"] for hazard in HAZARDS]
    assert len(set(names)) == len(names)
