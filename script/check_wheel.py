"""Builds the wheel, compares it with the source tree, and runs it away from the source."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PIP = [sys.executable, "-m", "pip"]


def shipped(path: Path) -> bool:
    """Whether this is a file of the package, not a tool's cache or a system's hidden file."""
    parts = path.relative_to(SOURCE).parts
    return path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts)


def source_files() -> set[str]:
    """Every file the wheel must hold, by its path in the wheel."""
    files = filter(shipped, (SOURCE / "stromal").rglob("*"))
    teaching = (ROOT / "cases" / "long").glob("*.yaml")
    return {
        *(path.relative_to(SOURCE).as_posix() for path in files),
        *(f"stromal/cases/long/{path.name}" for path in teaching),
    }


def built_wheel(folder: Path) -> Path:
    """Build the wheel into `folder` without the network."""
    command = [*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True)
    (wheel,) = folder.glob("stromal-*.whl")
    return wheel


def faults(names: set[str]) -> list[str]:
    """What the wheel lacks or should not hold."""
    expected = source_files()
    held = {name for name in names if name.startswith("stromal/")}
    found = [f"missing from the wheel: {name}" for name in sorted(expected - held)]
    found += [f"in the wheel but not in the source: {name}" for name in sorted(held - expected)]
    for licence in ("LICENSE", "LICENSE-knowledge"):
        if not any(name.endswith(f".dist-info/licenses/{licence}") for name in names):
            found.append(f"missing from the wheel: {licence}")
    if not any(name.startswith("stromal/knowledge/") for name in names):
        found.append("no knowledge in the wheel")
    return found


def run_from(wheel: Path, folder: Path) -> None:
    """Install the wheel into `folder` and let it check its own knowledge there."""
    installed = folder / "installed"
    command = [*PIP, "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed)]
    subprocess.run([*command, str(wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    python = [sys.executable, "-P"]
    where = [*python, "-c", "import stromal; print(stromal.__file__)"]
    answer = subprocess.run(where, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE)
    if not Path(os.fsdecode(answer.stdout).strip()).is_relative_to(installed):
        raise SystemExit("the installed wheel was not what ran: " + os.fsdecode(answer.stdout))
    print("installed away from the source: python -m stromal check", flush=True)
    subprocess.run([*python, "-m", "stromal", "check"], cwd=folder, env=environment, check=True)


def main() -> int:
    """Report every fault of the wheel; 1 when there is one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = built_wheel(folder)
        names = set(zipfile.ZipFile(wheel).namelist())
        found = faults(names)
        for fault in found:
            print(fault, file=sys.stderr)
        if found:
            return 1
        knowledge = sum(name.startswith("stromal/knowledge/") for name in names)
        print(f"{wheel.name}: {len(names)} files, {knowledge} of them knowledge")
        run_from(wheel, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
