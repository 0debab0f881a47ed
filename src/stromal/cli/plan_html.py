"""The plan as one page of HTML, with a letter and a board summary: no other file, no script.

What is shown, and printed, is chosen at the top. Every state is told by a word and a shape, never
by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from stromal.cli.plan_page import (
    MOST_NEEDED,
    certain_guards,
    decision_words,
    need_words,
    option_name,
    option_reason,
)
from stromal.cli.speak import READ, spoken
from stromal.cli.treatment_page import EMERGENCY
from stromal.library import Library
from stromal.plan.assessment import Basis
from stromal.plan.boards import BoardDecision
from stromal.plan.compare import Comparison
from stromal.plan.make import Plan, Stated
from stromal.plan.treatment import Option

SIGNS = {
    "offered": "\u2713 can be done",
    "depends": "? depends",
    "discouraged": "\u2212 advised against",
    "refused": "\u2717 not",
}
STRENGTHS = {
    "recommended": "++",
    "acceptable": "+",
    "investigational": "trial",
    "discouraged": "\u2212",
}
KEY = (
    "++ recommended, + acceptable, trial: only in a trial, \u2212 advised against; "
    "in brackets: if it fits; empty: the guideline does not name it."
)
VIEWS = (("page", "Plan"), ("letter", "Letter"), ("board", "Board summary"))
RULE = "_" * 22
LETTER_OPTIONS = 6
BOARD_OPTIONS = 10
FOR_WHOM = (
    "For health professionals. Stromal shows the basis of a decision; it does not take it. "
    "Not a certified medical device."
)
STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.45 "Noto Sans", "DejaVu Sans", system-ui, sans-serif; color: #111;
  background: #fff; margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.45rem; margin: .6rem 0 .2rem; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; padding-bottom: .15rem;
  border-bottom: 2px solid #0b4f8a; }
p { margin: .3rem 0; } ul { margin: .3rem 0; padding-left: 1.2rem; } li { margin: .2rem 0; }
nav { display: flex; gap: .5rem; } nav label { border: 1px solid #0b4f8a; padding: .25rem .8rem;
  border-radius: .3rem; cursor: pointer; }
input[name=view] { position: absolute; opacity: 0; }
article { display: none; }
#v-page:checked ~ .page, #v-letter:checked ~ .letter, #v-board:checked ~ .board { display: block; }
#v-page:checked ~ nav label[for=v-page], #v-letter:checked ~ nav label[for=v-letter],
#v-board:checked ~ nav label[for=v-board] { background: #0b4f8a; color: #fff; }
input[name=view]:focus-visible ~ nav { outline: 3px solid #e69f00; }
.now { border: 2px solid #111; border-left-width: 10px; padding: .3rem .7rem; margin: .6rem 0; }
.ask { border-left: 6px double #8a4b00; padding: .1rem .7rem; margin: .4rem 0; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
dl { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; gap: .15rem .8rem; margin: 0; }
dt { color: #333; } dd { margin: 0; font-weight: 600; } dd small { font-weight: 400; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
  border-bottom: 1px solid #aaa; }
th { font-size: .85rem; border-bottom: 2px solid #333; } td.g, th.g { text-align: center; }
td.g { white-space: nowrap; }
tr.refused .name { text-decoration: line-through; } tr.offered .name { font-weight: 700; }
tr.refused { background: #f1f1f1; } .sign { white-space: nowrap; font-weight: 700; }
small, .small { font-size: .82rem; color: #333; } .open { font-style: italic; }
.sources { overflow-wrap: anywhere; font-size: .78rem; color: #333; }
footer { margin-top: 2rem; font-size: .8rem; color: #333; border-top: 1px solid #777; }
@media (max-width: 45rem) { .two { display: block; } dl { grid-template-columns: 1fr; }
  .wide { overflow-x: auto; } }
@media print { nav, input { display: none !important; } body { padding: 0; max-width: none;
  font-size: 10pt; } h2 { break-after: avoid; } tr, li, .now, .ask { break-inside: avoid; }
  a { color: inherit; text-decoration: none; } @page { size: A4; margin: 15mm; } }
"""


def plan_html(
    library: Library, plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]
) -> str:
    """The whole file."""
    title = escape(f"Plan: {plan.title or plan.patient}")
    inputs = [
        f'<input type="radio" name="view" id="v-{name}"{" checked" if name == "page" else ""}>'
        for name, _ in VIEWS
    ]
    labels = "".join(f'<label for="v-{name}">{words}</label>' for name, words in VIEWS)
    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        *inputs,
        f'<nav aria-label="What is shown and printed">{labels}</nav>',
        *_article("page", _page(library, plan, boards, dates)),
        *_article("letter", _letter(library, plan, boards, dates)),
        *_article("board", _board(plan, boards)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _article(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f'<article class="{name}">'
    yield from lines
    yield f"<footer>{escape(FOR_WHOM)}</footer></article>"


def _page(
    library: Library, plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]
) -> Iterator[str]:
    yield from _head(plan, "Plan")
    yield from _asked(plan)
    yield '<div class="two"><section><h2>What it is</h2>'
    yield from _nature(plan)
    yield "</section><section><h2>Where it stands</h2>"
    yield from _stated(plan.state)
    yield from _list(plan.drugs)
    yield from (f'<p class="small">{escape(note)}</p>' for note in plan.notes)
    yield "</section></div>"
    yield from _tasks(plan)
    yield from _options(plan, plan.treatment.options)
    yield from _guards(plan)
    yield from _side_effects(plan)
    yield from _needed(plan, MOST_NEEDED)
    yield from _section("Next dates", dates)
    yield from _boards(boards)
    yield from _section("For the board", plan.questions)
    yield from _sources(library, plan)


def _letter(
    library: Library, plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]
) -> Iterator[str]:
    """To the referring doctor: what it is, what is proposed, what is still needed."""
    yield from _head(plan, "Letter to the referring doctor")
    yield f"<p>To: {RULE} &nbsp; From: {RULE}</p>"
    yield f"<p>Re: {escape(plan.title or plan.patient)}</p>"
    yield from _asked(plan)
    yield "<h2>Diagnosis and risk</h2>"
    yield from _nature(plan)
    yield "<h2>State of the disease and treatment so far</h2>"
    yield from _stated(plan.state)
    yield from _list(plan.drugs)
    yield from _boards(boards)
    offered = [o for o in plan.treatment.options if o.state != "refused"]
    yield from _options(plan, offered[:LETTER_OPTIONS])
    if len(offered) > LETTER_OPTIONS:
        yield f"<p>{len(offered) - LETTER_OPTIONS} more options are on the plan.</p>"
    yield from _guards(plan)
    yield from _needed(plan, LETTER_OPTIONS)
    yield from _section("Next dates", dates)
    yield from _sources(library, plan)
    yield f"<p>Signed: {RULE}</p>"


def _board(plan: Plan, boards: Sequence[BoardDecision]) -> Iterator[str]:
    yield from _head(plan, "Board summary")
    yield from _asked(plan)
    yield '<div class="two"><section><h2>What it is</h2>'
    yield from _nature(plan)
    yield "</section><section><h2>Where it stands</h2>"
    yield from _stated(plan.state)
    yield "</section></div>"
    yield from _section("Questions", plan.questions)
    yield from _options(plan, plan.treatment.options[:BOARD_OPTIONS])
    yield from _needed(plan, LETTER_OPTIONS)
    yield from _boards(boards)
    yield f"<h2>Decision</h2><p>{RULE}{RULE}</p>"
    yield f"<p>Dissent: {RULE} &nbsp; Decided by: {RULE} &nbsp; Day: {RULE}</p>"


def _head(plan: Plan, name: str) -> Iterator[str]:
    day = f" \u00b7 as known on {plan.day}" if plan.day else ""
    yield f"<h1>{escape(name)}: {escape(plan.title or plan.patient)}</h1>"
    guidelines = ", ".join(plan.treatment.guidelines)
    yield f'<p class="small">Guidelines: {escape(guidelines)}{escape(day)}</p>'
    yield f'<p class="now">{escape(EMERGENCY)}</p>'


def _asked(plan: Plan) -> Iterator[str]:
    for problem in plan.problems:
        text = f"Could not be read: {problem.place}: {problem.what}. {problem.remedy}"
        yield f'<p class="ask">{escape(text)}</p>'
    for conflict in plan.conflicts:
        text = f"Ask: {spoken(conflict.name)}: {conflict.what}; {conflict.kept}"
        yield f'<p class="ask">{escape(text)}</p>'


def _nature(plan: Plan) -> Iterator[str]:
    shown = [d for d in plan.nature if d.role == "scheme" or d.state == "settled"]
    entries = [(spoken(d.name), decision_words(d), d.state == "settled") for d in shown]
    yield from _entries(entries)
    yield from _stated(plan.genotype)


def _stated(facts: Iterable[Stated]) -> Iterator[str]:
    yield from _entries((spoken(f.name), _words(f), f.state == "known") for f in facts)


def _words(fact: Stated) -> str:
    return f"{fact.words} (conflict: ask)" if fact.state == "conflicting" else fact.words


def _entries(entries: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    yield "<dl>"
    for name, words, sure in entries:
        kind = "" if sure else ' class="open"'
        answer, bracket, rest = words.partition(" (")
        small = f" <small>({escape(rest)}</small>" if bracket else ""
        yield f"<dt>{escape(name)}</dt><dd{kind}>{escape(answer)}{small}</dd>"
    yield "</dl>"


def _tasks(plan: Plan) -> Iterator[str]:
    found = {task.topic: task.basis for task in plan.treatment.tasks if task.certain}
    yield from _section("Do first", (f"{topic} {_where(b)}" for topic, b in found.items()))


def _where(basis: Basis) -> str:
    return f"({basis.document} {basis.row})"


def _options(plan: Plan, options: Sequence[Option]) -> Iterator[str]:
    yield "<h2>Options by guideline</h2>"
    if not options:
        yield "<p>No document names an option for these facts.</p>"
        return
    names = plan.treatment.guidelines
    heads = "".join(f'<th class="g" scope="col">{escape(name)}</th>' for name in names)
    yield '<div class="wide"><table><thead><tr><th scope="col">Option</th>'
    yield f'<th scope="col">State</th>{heads}</tr></thead><tbody>'
    said = {
        (o.name, o.drug, o.setting): c
        for o, c in zip(plan.treatment.options, plan.comparison, strict=True)
    }
    for option in options:
        yield from _option(option, said[option.name, option.drug, option.setting])
    yield "</tbody></table></div>"
    yield f'<p class="small">{KEY}</p>'


def _option(option: Option, compared: Comparison) -> Iterator[str]:
    name = escape(option_name(option))
    beside = f"<br><small>beside guidelines: {escape(compared.beside)}</small>"
    cells = "".join(f'<td class="g">{_strength(words)}</td>' for _, words in compared.strengths)
    yield f'<tr class="{option.standing}"><td><span class="name">{name}</span>'
    yield f"<br><small>{escape(option_reason(option))}</small>"
    yield f"{beside if compared.beside else ''}</td>"
    yield f'<td class="sign">{SIGNS[option.standing]}</td>{cells}</tr>'


def _strength(words: str) -> str:
    """The strengths of one guideline as signs, in brackets where they hang on something."""
    parts = []
    for part in words.split(" or ") if words else ():
        sign = next((s for name, s in STRENGTHS.items() if part.startswith(name)), escape(part))
        parts.append(f"({sign})" if part.endswith("if it fits") else sign)
    return f'<span title="{escape(words)}">{" ".join(parts)}</span>' if parts else ""


def _guards(plan: Plan) -> Iterator[str]:
    lines = []
    for guard in certain_guards(plan):
        remedy = f" \u2192 {guard.remedy}" if guard.remedy not in ("", "-") else ""
        lines.append(f"{guard.effect}: {guard.basis.words}{remedy} {_where(guard.basis)}")
    yield from _section("Guards that hold", lines)


def _side_effects(plan: Plan) -> Iterator[str]:
    lines = []
    for effect in plan.treatment.dosing.side_effects:
        steps = [step.basis for step in effect.steps if step.certain]
        said = "; ".join(f"{b.outputs['action']} {_where(b)}" for b in steps)
        grade = f" grade {effect.grade}" if effect.grade else ""
        told = said or "no row is certain: judge it"
        lines.append(f"{effect.day} {effect.written}{grade}, {effect.drug}: {told}")
    yield from _section("Side effects", lines)


def _needed(plan: Plan, most: int) -> Iterator[str]:
    lines = [f"{need.question} [{need_words(need)}]" for need in plan.needed[:most]]
    yield from _section("What is missing, the most telling first", lines)
    if len(plan.needed) > most:
        yield f'<p class="small">and {len(plan.needed) - most} more</p>'


def _boards(boards: Sequence[BoardDecision]) -> Iterator[str]:
    if boards:
        yield "<h2>Decided</h2>"
    for board in boards:
        by = f", {board.decided_by}" if board.decided_by else ""
        yield f"<p><strong>{escape(board.day + by)}:</strong> {escape(board.text)}</p>"
        told = (
            ("Dissent", board.dissent),
            ("Among the options", "; ".join(board.options)),
            ("Differs from them", "; ".join(board.differs)),
        )
        yield from (f"<p>{name}: {escape(words)}</p>" for name, words in told if words)
        if board.reopened:
            events = ", ".join(board.events) or "the day"
            names = "; ".join(dict.fromkeys(change.name for change in board.reopened))
            text = f"To be looked at again: since then {events} changed {names}"
            yield f'<p class="ask">{escape(text)}</p>'


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"<h2>{escape(title)}</h2>"
        yield from _list(lines)


def _list(lines: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(line)}</li>" for line in lines)
    yield "</ul>"


def _sources(library: Library, plan: Plan) -> Iterator[str]:
    """The works behind all that is shown, with how each was read."""
    bases = [b for d in plan.nature for b in d.bases]
    bases += [a.basis for o in plan.treatment.options for a in o.advice]
    bases += [g.basis for g in certain_guards(plan)]
    keys = dict.fromkeys(c.split(",")[0].strip() for b in bases for c in b.citations)
    found = [library.sources[key] for key in sorted(keys) if key in library.sources]
    if found:
        yield '<h2>Sources</h2><ul class="sources">'
    for source in found:
        read = READ.get(source.read.strip("`"), source.read)
        where = f"{source.reference} {source.identifier}".strip()
        yield f"<li>{escape(source.key)}: {escape(where)} ({escape(read)})</li>"
    if found:
        yield "</ul>"
