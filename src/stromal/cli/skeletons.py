"""What `stromal new` writes. TODO is no source, value or outcome, so nothing passes unfilled."""

from __future__ import annotations

import textwrap

INPUT = ("TODO_fact", "-", "?")
OUTPUTS = {
    "guard": ("target", "effect", "remedy"),
    "note": ("topic",),
    "task": ("task",),
    "requirement": ("requires", "level"),
    "option": ("option", "drug", "setting", "strength"),
    "consequence": ("fact", "means"),
}
WORDS = {
    "consequence": "fact: what follows; means: a cell with the values that are left of it.",
    "guard": "effect: refuse or caution; words: the reason; remedy: what to do instead.",
    "note": "Words beside an answer; they never change a class.",
    "task": "Something to do next: order a test, refer, ask.",
    "requirement": "A fact that the report must hold; level: core or recommended.",
    "option": "strength: recommended, acceptable, discouraged, investigational; drug: a name or -.",
}


def skeleton(kind: str, folder: str, name: str) -> str:
    """The text of a new document of that kind."""
    if kind == "fact":
        return _fact(name)
    if kind == "case":
        return _case(name)
    if kind == "drug":
        return _drug(name)
    return _one(kind, folder, name) if kind in ("scheme", "finding") else _all(kind, folder, name)


def _pipe(*rows: tuple[str, ...]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|---" * len(rows[0]) + "|", *body))


def _one(kind: str, folder: str, name: str) -> str:
    decides = name.replace("-", "_")
    front = f"""\
        ---
        id: {folder}/{name}
        title: TODO
        kind: one                 # exactly one row fits every patient
        role: {kind}
        decides: {decides}
        question: TODO?
        outcomes: [TODO lowest, TODO highest]
        guideline: none
        edition: "TODO"
        in_force: TODO            # the day from which it counts
        laws: []                  # for instance: - rising tumour_size
        ---

        TODO: what the table is, whom it is for, what it leaves out.
        """
    rows = _pipe(
        ("id", INPUT[0], f"= {decides}", "source", "status", "words"),
        ("R1", INPUT[1], "TODO", "TODO, page", "TODO", "TODO"),
    )
    examples = _pipe(("case", INPUT[0], "expected", "row"), ("TODO", INPUT[2], "TODO", "R1"))
    return _joined(textwrap.dedent(front), ("Rows", rows), ("Examples", examples))


def _all(kind: str, folder: str, name: str) -> str:
    front = f"""\
        ---
        id: {folder}/{name}
        title: TODO
        kind: all                 # every row that fits applies
        role: {kind}
        guideline: none
        edition: "TODO"
        in_force: TODO            # the day from which it counts
        ---

        TODO: what the table is for. {WORDS[kind]}
        """
    outputs = OUTPUTS[kind]
    rows = _pipe(
        ("id", INPUT[0], *(f"= {output}" for output in outputs), "source", "status", "words"),
        ("R1", INPUT[1], *("TODO" for _ in outputs), "TODO, page", "TODO", "TODO"),
    )
    examples = _pipe(("case", INPUT[0], "expected", "possible"), ("TODO", INPUT[2], "R1", ""))
    return _joined(textwrap.dedent(front), ("Rows", rows), ("Examples", examples))


def _drug(name: str) -> str:
    front = f"""\
        ---
        id: drugs/{name}
        title: TODO
        kind: drug                # each section is a table in which every row that fits applies
        codes: {{}}                 # RxNorm, ATC, NCIt
        names: []
        class: TODO
        targets: []
        sources: []
        ---

        TODO: what the label says, which label, read when.
        """
    sections = []
    for title, outputs in (
        ("Approvals", ("agency", "approved", "indication")),
        ("Dose", ("dose", "how")),
    ):
        rows = _pipe(
            ("id", INPUT[0], *(f"= {output}" for output in outputs), "source", "status", "words"),
            (f"{title[0]}1", "-", *("TODO" for _ in outputs), "TODO, section", "TODO", "TODO"),
        )
        examples = _pipe(("case", "expected", "possible"), ("TODO", f"{title[0]}1", ""))
        sections.append((title, f"{rows}\n\n### Examples\n\n{examples}"))
    return _joined(textwrap.dedent(front), *sections)


def _joined(front: str, *sections: tuple[str, str]) -> str:
    return front + "".join(f"\n## {title}\n\n{body}\n" for title, body in sections)


def _fact(name: str) -> str:
    return textwrap.dedent(f"""\
        # TODO: the subject

        ## {name}

        TODO: what is meant, and what is not.

        - type: TODO
        - unit:
        - limits:
        - values:
        - reducer: agree
        - question:
        - plain: TODO
        - codes:
        """)


def _case(name: str) -> str:
    return textwrap.dedent(f"""\
        id: {name}
        title: TODO
        source: TODO
        facts:
          sex: TODO
          age: TODO
        events:
          - id: operation
            day: TODO
            kind: resection
            source: pathology report
            facts:
              tumour_site: TODO
              tumour_size: TODO cm
              mitotic_count: TODO per 5 mm2
        expect:
          TODO: TODO
        why: TODO
        """)
