"""The tree shows the path of the data: imports run one way, files stay small."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "stromal"

# From the ground up. A part may import itself and what stands on a lower floor; parts of one
# floor (the rooms; cohort and exchange) do not import one another.
FLOORS = (
    {"facts"},
    {"tables"},
    {"nature", "surgery", "therapy", "followup"},
    {"library"},
    {"plan"},
    {"patient_copy"},
    {"cohort", "exchange"},
    {"web"},
    {"cli"},
    {"__main__"},
)
FLOOR = {part: level for level, parts in enumerate(FLOORS) for part in parts}
LONGEST_FILE = 400


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in python_files("src")}


def base_of(node: ast.ImportFrom, importer: str, is_package: bool) -> str:
    """The full name of what stands between `from` and `import`."""
    if not node.level:
        return node.module or ""
    up = node.level - 1 if is_package else node.level
    parts = importer.split(".")
    kept = parts[: len(parts) - up]
    return ".".join([*kept, node.module] if node.module else kept)


def names_in(source: str, importer: str, is_package: bool) -> Iterator[tuple[str, ...]]:
    """Each import, wherever it stands, as its possible targets, the most exact first."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = base_of(node, importer, is_package)
            yield from ((f"{base}.{alias.name}", base) for alias in node.names)


def imports_of(module: str) -> set[str]:
    """The modules of this package that `module` imports."""
    path = MODULES[module]
    found: set[str] = set()
    for targets in names_in(path.read_text("utf-8"), module, path.name == "__init__.py"):
        inside = [name for name in targets if name in MODULES]
        if not inside and any(name.split(".")[0] == "stromal" for name in targets):
            raise AssertionError(f"{module} imports {targets[0]}, which does not exist")
        found.update(inside[:1])
    return found


def part_of(module: str) -> str | None:
    """The room or hall of a module; None for the package itself."""
    return module.split(".")[1] if "." in module else None


def wrong_way(importer: str, imported: str) -> bool:
    """Whether an import climbs, or crosses between parts of one floor."""
    mine, theirs = part_of(importer), part_of(imported)
    if theirs is None or mine == theirs:
        return False
    return mine is None or FLOOR[theirs] >= FLOOR[mine]


def test_every_part_of_the_package_has_a_floor() -> None:
    homeless = {part for part in map(part_of, MODULES) if part and part not in FLOOR}
    assert not homeless, f"say in FLOORS on which floor these stand: {sorted(homeless)}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_run_one_way(module: str) -> None:
    climbing = sorted(name for name in imports_of(module) if wrong_way(module, name))
    assert not climbing, f"{module} may not import {climbing}: see FLOORS"


def test_imports_have_no_cycle() -> None:
    graph = {module: imports_of(module) - {module} for module in MODULES}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail("imports go round: " + " <- ".join(error.args[1]))


@pytest.mark.parametrize(
    ("importer", "imported", "is_wrong"),
    [
        ("stromal.tables.read", "stromal.facts.possible", False),
        ("stromal.facts.possible", "stromal.tables.read", True),
        ("stromal.nature.variant", "stromal.nature.mitoses", False),
        ("stromal.nature.variant", "stromal.therapy.lines", True),
        ("stromal.nature.variant", "stromal.library", True),
        ("stromal.cohort.frame", "stromal.exchange.fhir", True),
        ("stromal.cli", "stromal.web.views", False),
        ("stromal.cli", "stromal", False),
        ("stromal", "stromal.facts", True),
    ],
)
def test_the_directions_are_those_of_the_design(
    importer: str, imported: str, is_wrong: bool
) -> None:
    assert wrong_way(importer, imported) is is_wrong


@pytest.mark.parametrize(
    ("statement", "target"),
    [
        ("import stromal.facts.units", "stromal.facts.units"),
        ("from stromal.facts import units", "stromal.facts.units"),
        ("from . import units", "stromal.facts.units"),
        ("from .units import convert", "stromal.facts.units"),
        ("from ..tables import cell", "stromal.tables.cell"),
        ("def late():\n    import stromal.cli", "stromal.cli"),
    ],
)
def test_every_way_to_write_an_import_is_seen(statement: str, target: str) -> None:
    found = {name for names in names_in(statement, "stromal.facts.record", False) for name in names}
    assert target in found


def test_knowledge_holds_no_python() -> None:
    assert not list((PACKAGE / "knowledge").rglob("*.py"))


@pytest.mark.parametrize(
    "path",
    python_files("src", "tests", "bench", "script"),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_files_stay_short(path: Path) -> None:
    length = len(path.read_text("utf-8").splitlines())
    assert length < LONGEST_FILE, f"{length} lines: split it where the subject changes"
