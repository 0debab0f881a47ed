"""`stromal new`: the skeleton of a document, which fails `stromal check` until it is filled in."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from stromal.cli.machine import say_json
from stromal.cli.pages.page import write
from stromal.cli.skeletons import skeleton
from stromal.cli.speak import fail, output_page
from stromal.facts.problem import Problem
from stromal.library import KNOWLEDGE, ROOMS

ROOM = {"option": "therapy", "drug": "drugs", "fact": "facts", "case": "own"}
_PART = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FACT = re.compile(r"[a-z][a-z0-9_]*")


def run(args: argparse.Namespace) -> int:
    """Write the skeleton; 1 if the name cannot be used or the file exists."""
    folder, name = _split(args.kind, args.name)
    wrong = _wrong_name(args.kind, folder, name)
    if wrong:
        return fail(args, wrong)
    path = _root(args) / folder / f"{name}.{'yaml' if args.kind == 'case' else 'md'}"
    wrong = _write(path, skeleton(args.kind, folder, name))
    if wrong:
        return fail(args, wrong)
    if args.json:
        say_json({"written": str(path), "problems": []})
    else:
        write(output_page(args).text(f"{path} written. {_next(args.kind, path)}"))
    return 0


def _split(kind: str, name: str) -> tuple[str, str]:
    folder, _, last = name.strip().rpartition("/")
    default = ROOM.get(kind, "nature")
    return folder or default, last


def _wrong_name(kind: str, folder: str, name: str) -> Problem | None:
    pattern, example = (_FACT, "serum_lactate") if kind == "fact" else (_PART, "my-scheme-2026")
    if not pattern.fullmatch(name):
        remedy = f"use lower case letters and digits, as in {example}"
        return Problem("NAME", f"{name!r} cannot be a name", remedy)
    if not all(_PART.fullmatch(part) for part in folder.split("/")):
        return Problem(
            "NAME", f"{folder!r} cannot be a folder", "use lower case letters, digits, -"
        )
    room = folder.split("/")[0]
    rooms = {"drug": ("drugs",), "fact": ("facts",)}.get(kind, ROOMS)
    if kind != "case" and room not in rooms:
        what = f"a {kind} cannot stand in {room!r}"
        return Problem("NAME", what, f"use {' or '.join(f'{r}/{name}' for r in rooms)}")
    return None


def _root(args: argparse.Namespace) -> Path:
    if args.into is not None:
        return Path(args.into)
    return Path("cases") if args.kind == "case" else KNOWLEDGE


def _write(path: Path, text: str) -> Problem | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return Problem(str(path), "exists already and was left as it is", "choose another name")
    except OSError as error:
        what = error.strerror or "cannot be written"
        return Problem(str(path), what, "choose a folder with --into that you may write to")
    return None


def _next(kind: str, path: Path) -> str:
    if kind == "case":
        return f"Replace every TODO, then run 'stromal assess {path}'."
    return "Replace every TODO; 'stromal check' names what is left to do. See docs/rules.md."
