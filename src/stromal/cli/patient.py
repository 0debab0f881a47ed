"""`stromal patient`: the patient's copy as text, page or JSON; nothing before its release."""

from __future__ import annotations

import argparse
from pathlib import Path

from stromal.cli.assess import read_case
from stromal.cli.machine import plain_data, problems_data, say_json
from stromal.cli.pages.page import write
from stromal.cli.pages.patient_html import patient_html
from stromal.cli.pages.patient_page import numbered_works, patient_lines
from stromal.cli.speak import fail, faults, library_for, near, output_page
from stromal.facts.problem import Problem
from stromal.library import Library, read_words
from stromal.patient_copy.make import PatientCopy, patient_copy
from stromal.patient_copy.texts import Language, gaps, languages, read_language, read_skeleton
from stromal.plan.known.vital import died

NOT_RELEASED = "not released"
DIED = "the patient has died, so no patient's copy is made"


def run(args: argparse.Namespace) -> int:
    """0 if the copy was written; 1 if it is not released or something could not be read."""
    library = library_for(args)
    raws = read_words(library.root)
    codes = languages(raws)
    if args.lang not in codes:
        remedy = f"{near(args.lang, codes)}use {' or '.join(codes)}"
        return fail(args, Problem("--lang", f"no texts in {args.lang!r}", remedy))
    skeleton = read_skeleton(raws, {**library.terms, **library.decisions})
    language = read_language(raws, args.lang)
    wrong = [*faults(library), *skeleton.problems, *_gaps(gaps(skeleton, language))]
    if wrong:
        return fail(args, *wrong)
    record = read_case(args.case, library)
    if died(record, library.terms, args.day):
        return fail(args, Problem(record.name, DIED, "for the days before, give --day"))
    copy = patient_copy(library, record, skeleton, language, args.day)
    if copy is None:
        return _not_released(args)
    if copy.problems:
        return fail(args, *copy.problems)
    return _write(args, library, language, copy)


def _gaps(found: list[str]) -> list[Problem]:
    return [Problem("words", what, "add it to the folder of the language") for what in found]


def _not_released(args: argparse.Namespace) -> int:
    if args.json:
        say_json({"released": False, "problems": []})
    else:
        write([NOT_RELEASED])
    return 1


def _write(
    args: argparse.Namespace, library: Library, language: Language, copy: PatientCopy
) -> int:
    if args.html:
        problem = _save(Path(args.html), patient_html(library, language, copy), args.force)
        if problem:
            return fail(args, problem)
    if args.json:
        data = plain_data(copy)
        assert isinstance(data, dict)
        works = plain_data(numbered_works(library, language, copy))
        data |= {"released": True, "works": works, "problems": problems_data(())}
        say_json(data)
    elif not args.html:
        write(patient_lines(output_page(args), library, language, copy))
    return 0


def _save(path: Path, text: str, replace: bool) -> Problem | None:
    if path.exists() and not replace:
        return Problem("--html", f"{path} exists", "choose another name, or add --force")
    path.write_text(text, "utf-8")
    return None
