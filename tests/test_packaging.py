"""What is promised to a fresh machine: locked packages, no named host, known licences."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.txt": [*PROJECT["dependencies"], *EXTRAS["build"]],
    "requirements-dev.txt": [*PROJECT["dependencies"], *EXTRAS["build"], *EXTRAS["dev"]],
}


def normal(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(lock: str) -> list[tuple[str, str]]:
    """Each locked package with its whole entry; one may stand twice, for different Pythons."""
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return [(normal(entry), entry) for entry in entries if entry.strip()]


def pins(lock: str) -> set[str]:
    """Each locked package with its version and the machines it is for."""
    return {entry.split("\\")[0].strip() for _, entry in locked(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_covers_what_the_project_asks_for(lock: str) -> None:
    missing = {normal(name) for name in LOCKS[lock]} - dict(locked(lock)).keys()
    assert not missing, f"run script/lock: {sorted(missing)} not in {lock}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_an_exact_version_and_hashes(lock: str) -> None:
    for name, entry in locked(lock):
        assert re.match(r"[\w.-]+==[\w.]+ ", entry), name
        assert "--hash=sha256:" in entry, name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^-", text), "an option of pip belongs to the machine, not here"


def test_the_tests_run_on_the_versions_that_users_get() -> None:
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_the_licences_are_stated_and_present() -> None:
    assert PROJECT["license"] == "Apache-2.0 AND CC-BY-4.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "Creative Commons Attribution 4.0" in (ROOT / "LICENSE-knowledge").read_text("utf-8")


@pytest.mark.parametrize("package", sorted(dict(locked("requirements.txt"))))
def test_no_package_we_ship_with_is_under_the_gpl(package: str) -> None:
    try:
        facts = metadata(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is locked but not installed here: script/test installs it")
    stated = [*(facts.get_all("License-Expression") or []), *(facts.get_all("License") or [])]
    stated += [line for line in facts.get_all("Classifier") or [] if line.startswith("License")]
    assert any(stated), f"{package} states no licence"
    assert not re.search(r"\bA?GPL|Affero|GNU General", " ".join(stated)), stated
