"""The sheet of a plan: one page for a tired reader, or everything that the plan holds."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stromal.cli.pages.monitor_page import summary_lines as monitor_lines
from stromal.cli.pages.page import Page
from stromal.cli.pages.plan_options import (
    Shown,
    gates,
    guards,
    guideline,
    options,
    order,
    question,
    shown,
    shown_gates,
)
from stromal.cli.pages.plan_sheet import Item, Limits, Section, Sheet
from stromal.cli.pages.plan_words import ENGLISH, Words
from stromal.cli.pages.response_page import summary_lines as response_lines
from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.followup.calendar import Look
from stromal.library import Library
from stromal.plan.assessment import Decision
from stromal.plan.boards import BoardDecision
from stromal.plan.drugs.dosing import SideEffect
from stromal.plan.known.course import Run
from stromal.plan.make import Needed, Plan, Stated, in_words
from stromal.plan.monitoring.report import Monitoring
from stromal.plan.questions import CONFLICT, DISPUTE, GUIDELINES, MISSING, SCHEMES, Question
from stromal.plan.response.values import ResponseReport
from stromal.plan.schedule.date_changes import next_look
from stromal.plan.schedule.follow_up import FollowUp

TNM = ("tnm_t", "tnm_n", "tnm_m")
LEAST = ("genotype_test", "drugs_given", "relapse_and_adjuvant", "weeks_since_surgery")
TIGHT = 6
"""Facts of the state that go first where a page that holds no more than so many is too long."""
STEPS = ("tnm_mitotic_rate", "rupture_counted", "competing_marker")
"""Decisions that only lead to another: told where everything is told."""
WIDE = Page(10_000)
"""Wide enough that no line of a report is broken here: the page breaks it."""
IF_IT_FITS = " if it fits"
MOST_ASKED = 20
FEW = 3
"""An open decision with so few answers left names them all."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a page may say: the plan, its runs of drugs, decisions of boards, dates, reports.

    `since` is the last day of the record, before which no date is the next one.
    """

    library: Library
    plan: Plan
    runs: tuple[Run, ...]
    boards: tuple[BoardDecision, ...]
    dates: FollowUp | None
    since: datetime.date | None = None
    response: ResponseReport | None = None
    monitoring: Monitoring | None = None


def sheet(words: Words, material: Material, limits: Limits) -> Sheet:
    """The page within the limits; what is left out is counted, section by section."""
    plan = material.plan
    show = shown(words, plan, limits)
    sections = tuple(s for s in _sections(show, material) if s.items or s.left)
    left = Counter[str]()
    for section in sections:
        left[section.left_words] += section.left
    told = [words.count(count, kind) for kind, count in left.items() if count]
    notes = [words("left", left=words.listed(told))] if told else []
    notes.append(words("for whom"))
    notes += [words("untranslated")] if words.code != ENGLISH else []
    return Sheet(
        title=words("title", name=plan.title or plan.patient),
        subtitle=subtitle(words, plan),
        emergency=words("emergency"),
        colon=words("colon"),
        sections=sections,
        notes=tuple(notes),
    )


def subtitle(words: Words, plan: Plan) -> str:
    """The day the plan stands for, and the guidelines that were asked."""
    day = words("as of", day=plan.day) if plan.day else words("all known")
    names = words.listed(guideline(words, name) for name in plan.treatment.guidelines)
    return words("subtitle", day=day, guidelines=names)


def _sections(show: Shown, material: Material) -> Iterator[Section]:
    words, plan, limits = show.words, show.plan, show.limits
    yield _listed(show, "ask", _briefly(list(asked(words, plan)), limits), "conflicts", MOST_ASKED)
    yield from gates(show)
    tested = sum(fact.name in LEAST for fact in plan.genotype) if limits.facts <= TIGHT else 0
    yield Section("nature", words("nature"), tuple(nature(show, material)), tested, "lines")
    yield _state(show, material)
    for name, lines in (("response", _response(material)), ("monitoring", _monitoring(material))):
        items = [Item(words.text(line)) for line in lines]
        yield _listed(show, name, items, name, limits.report)
    yield _listed(show, "tasks", list(tasks(words, plan)), "tasks", limits.tasks)
    yield from guards(show)
    yield options(show)
    effects = [_side_effect(words, one) for one in plan.treatment.dosing.side_effects]
    told = bool(_monitoring(material)) and not limits.everything  # the same, further up
    yield _listed(show, "side effects", effects, "side effects", 0 if told else limits.report)
    yield _missing(show)
    yield _listed(show, "dates", list(dates(words, material)), "dates", limits.dates)
    most = 0 if limits.everything else min(FEW, limits.names)
    boards = list(decided(words, material.boards, most))
    yield _listed(show, "decided", boards, "decisions", limits.questions)
    questions = [Item(ask(words, one)) for one in plan.questions]
    yield _listed(show, "questions", questions, "questions", limits.questions)


def _response(material: Material) -> list[str]:
    """What was measured, in a few lines; none where nothing was."""
    return _lines(response_lines(WIDE, material.response)) if material.response else []


def _monitoring(material: Material) -> list[str]:
    """What is watched in the blood and beside it, in a few lines."""
    return _lines(monitor_lines(WIDE, material.monitoring)) if material.monitoring else []


def _lines(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines]


def _listed(show: Shown, name: str, items: Sequence[Item], kind: str, most: int) -> Section:
    return Section(name, show.words(name), tuple(items[:most]), len(items[most:]), kind)


def _briefly(items: Sequence[Item], limits: Limits) -> list[Item]:
    """Every line; on a tight page the remedy of the first only: no unread fact is hidden."""
    return [*items[: limits.facts], *(replace(one, rest=()) for one in items[limits.facts :])]


def asked(words: Words, plan: Plan) -> Iterator[Item]:
    """What could not be read, and where the record says two things."""
    for problem in plan.problems:
        yield Item(problem.what, problem.place, "ask", (f"-> {problem.remedy}",))
    for conflict in plan.conflicts:
        text = words.items([conflict.what, conflict.kept])
        yield Item(text, words.name(conflict.name), "ask")


def nature(show: Shown, material: Material) -> Iterator[Item]:
    """What the tumour is; decisions with the same answer are told together, TNM on one line."""
    words, whole = show.words, show.limits.everything
    shown = [d for d in show.plan.nature if d.role == "scheme" or d.state == "settled"]
    parts = [] if whole else [d for d in shown if d.name in TNM]
    found: dict[tuple[str, str], list[Decision]] = {}
    for decision in shown:
        if decision not in parts and (whole or decision.name not in STEPS):
            state = "" if decision.state == "settled" else "ask"
            text = decision_words(words, decision, whole=whole)
            found.setdefault((text, state), []).append(decision)
    for (text, state), several in found.items():
        where = "" if several[0].state == "refused" else _rows(words, several, whole=whole)
        yield Item(f"{text}{where}", words.facts(d.name for d in several), state)
    if parts:
        told = (words.value(d.outcomes[0], d.name) for d in parts)
        yield Item(" ".join(told) + _rows(words, parts, whole=whole), words("tnm"))
    yield from stated(words, material, _weighty(show, show.plan.genotype))


def _rows(words: Words, decisions: Sequence[Decision], *, whole: bool) -> str:
    """The rows behind some answers; none while many answers are still possible."""
    if decisions[0].state != "settled" and len(decisions[0].outcomes) > FEW and not whole:
        return ""
    rows = (f"{d.document} {', '.join(b.row for b in d.bases[:3])}" for d in decisions)
    return f" ({'; '.join(rows)}){words.mark(*(b for d in decisions for b in d.bases))}"


def decision_words(words: Words, decision: Decision, *, whole: bool = False) -> str:
    """A decision's answer; of an open one, how many answers are still possible."""
    if decision.state == "refused":
        remedy = next((o.remedy for o in decision.refusals), "-")
        return words("decision refused", remedy=words.text(remedy))
    outcomes = [words.value(outcome, decision.name) for outcome in decision.outcomes]
    if decision.state == "settled" or len(outcomes) <= FEW or whole:
        return words.either(outcomes)
    return words("decision open", count=len(outcomes))


def stated(words: Words, material: Material, facts: Iterable[Stated]) -> Iterator[Item]:
    """Facts with what is known of them."""
    known = {fact.name: fact for fact in material.plan.treatment.facts}
    for one in facts:
        text = one.words
        fact, term = known.get(one.name), material.library.terms.get(one.name)
        if words.code != ENGLISH and not _is_text(term, one):
            text = _in_language(words, term, fact, one) if term else one.words
        if one.state == State.CONFLICTING:
            text = words("conflict", text=text)
        yield Item(text, words.name(one.name), "" if one.state == State.KNOWN else "ask")


def _in_language(words: Words, term: Term, fact: Fact | None, one: Stated) -> str:
    """The value in the language, with the note on how it was found where there is one."""
    text = words.possible(term, fact.possible if fact else None)
    note = one.words.removeprefix(in_words(term, fact)).lstrip(", ")
    known = fact is not None and note != one.words
    return words("noted", text=text, note=words.value(note)) if known and note else text


def _is_text(term: Term | None, one: Stated) -> bool:
    return term is None or (term.kind == "text" and one.state != State.UNKNOWN)


def _weighty(show: Shown, facts: Sequence[Stated]) -> list[Stated]:
    """The facts, on a tight page without those that weigh least."""
    return [f for f in facts if f.name not in LEAST or show.limits.facts > TIGHT]


def _state(show: Shown, material: Material) -> Section:
    """Where it stands, with the last drugs; notes on how that was found come last."""
    words, plan, most = show.words, show.plan, show.limits.names
    given = list(drugs(words, material))
    notes = [Item(words.text(note), state="ask") for note in plan.notes]
    facts = _weighty(show, plan.state)
    items = [*stated(words, material, facts), *(Item(line) for line in given[-most:])]
    left = len(given[:-most]) + len(notes[most:]) + len(plan.state) - len(facts)
    return Section("state", words("state"), (*items, *notes[:most]), left, "lines")


def drugs(words: Words, material: Material) -> Iterator[str]:
    """The drugs given, each with its purpose and days."""
    for run in material.runs:
        end = words("until", day=run.stop.day) if run.stop else words("still on")
        yield words(
            "run",
            drug=words("with").join(words.value(drug) for drug in run.drugs),
            purpose=words.either(words.value(one, "setting") for one in sorted(run.purposes)),
            start=run.start.day or words("day not known"),
            end=end,
        )


def tasks(words: Words, plan: Plan) -> Iterator[Item]:
    """What is to be done first, each once with its rows."""
    found: dict[str, list[str]] = {}
    for task in plan.treatment.tasks:
        if task.certain:
            found.setdefault(task.topic, []).append(words.where(task.basis))
    for topic, places in found.items():
        yield Item(f"{words.text(topic).rstrip('.')} {places[0]}")


def _side_effect(words: Words, effect: SideEffect) -> Item:
    steps = [step.basis for step in effect.steps if step.certain]
    said = [f"{words.text(b.outputs['action'])} {words.where(b)}" for b in steps]
    grade = words("grade", grade=effect.grade) if effect.grade else ""
    drug = words.value(effect.drug) if effect.drug else words("drug not named")
    label = words("side effect", day=effect.day, effect=words.value(effect.written), grade=grade,
                  drug=drug).strip()  # fmt: skip
    return Item(words.items(said) or words("no step"), label)


def _missing(show: Shown) -> Section:
    """What is missing and not yet asked above: facts told by one test on one line."""
    words, limits, needed = show.words, show.limits, show.plan.needed
    above = {name for gate in shown_gates(show) for name in (gate.name, *gate.facts)}
    if limits.everything:
        above = set()
    groups: dict[tuple[object, ...], list[Needed]] = {}
    for need in needed:
        if need.name not in above:
            same = (need.order, need.options, need.settles, need.may_settle)
            groups.setdefault((need.name,) if limits.everything else same, []).append(need)
    several = list(groups.values())
    items = tuple(_need(words, group, limits) for group in several[: limits.missing])
    left = sum(len(group) for group in several[limits.missing :])
    return Section("missing", words("missing"), items, left, "missing")


def _need(words: Words, group: Sequence[Needed], limits: Limits) -> Item:
    need = group[0]
    told = order(words, need)
    if need.options:
        told.append(words.count(need.options, "hang"))
    if need.settles:
        told.append(words("settles", names=words.facts(need.settles, limits.names)))
    if need.may_settle:
        told.append(words("may settle", names=words.facts(need.may_settle, limits.names)))
    if len(group) == 1:
        what = question(words, need)
    else:
        what = words("asked", name=words.facts((one.name for one in group), limits.names))
    return Item(
        words("asking", question=what, told=words.items(told or [words.value(need.reason)]))
    )


def dates(words: Words, material: Material) -> Iterator[Item]:
    """The next look of every line, the same look of several authorities once, in order of days."""
    looks: dict[tuple[str, str, str], dict[str, Look]] = {}
    for schedule in material.dates.schedules if material.dates else ():
        for line in schedule.lines:
            if look := next_look(line, material.since):
                key = (look.planned.isoformat(), line.test, str(look.state))
                looks.setdefault(key, {})[schedule.authority] = look
    for (day, test, state), by in sorted(looks.items()):
        who = words.listed(guideline(words, name) for name in by)
        rows = words.listed(f"{look.rule.document} {look.rule.row}" for look in by.values())
        weak = words.weak(look.rule.status for look in by.values())
        told = words("date", test=words.value(test), state=words.value(state), who=who)
        yield Item(f"{told} ({rows}){weak}", day, "ask" if state == "overdue" else "")


def ask(words: Words, question: Question) -> str:
    """A question for the board in the language."""
    parts = question.parts
    if question.kind == CONFLICT:
        return words("ask conflict", about=words.name(question.about), what=parts[0][0])
    if question.kind == SCHEMES:
        told = (words("told", what=words.name(n), text=words.value(v, n)) for n, v in parts)
        return words("ask schemes", parts=words.items(told))
    if question.kind == DISPUTE:
        printed = words.items(words.text(words.value(part)) for part, _ in parts)
        return words("ask dispute", about=words.name(question.about), parts=printed)
    if question.kind == MISSING:
        return words("ask missing", parts=words.facts(name for name, _ in parts))
    if question.kind == GUIDELINES:
        about = words.value(question.about)
        return words("ask guidelines", about=about, parts=_apart(words, parts))
    return words("ask several", parts=words.items(words.value(name) for name, _ in parts))


def _apart(words: Words, parts: Sequence[tuple[str, str]]) -> str:
    """Guidelines by what they say, those that are silent last."""
    by: dict[str, list[str]] = {}
    for name, strength in parts:
        by.setdefault(strength, []).append(guideline(words, name))
    silent = by.pop("", [])
    told = [words("by", strength=_strengths(words, s), who=words.listed(n)) for s, n in by.items()]
    told += [words("by", strength=words("silent"), who=words.listed(silent))] if silent else []
    return words.items(told)


def _strengths(words: Words, said: str) -> str:
    """'recommended or acceptable if it fits' in the language."""
    parts = []
    for part in said.split(" or "):
        strength = words.value(part.removesuffix(IF_IT_FITS))
        fits = part.endswith(IF_IT_FITS)
        parts.append(words("if it fits", strength=strength) if fits else strength)
    return words.either(parts)


def decided(words: Words, boards: Sequence[BoardDecision], most: int = FEW) -> Iterator[Item]:
    """What boards decided, the last first; `most` of what has changed since (0: all of it)."""
    for board in reversed(boards):
        rest = [
            words("told", what=words(what), text=text)
            for what, text in (
                ("dissent", board.dissent),
                ("among", words.items(board.options)),
                ("differs", words.items(board.differs)),
                ("carried out", words.items(board.carried_out)),
            )
            if text
        ]
        rest = [words.items(rest)] if rest and most else rest
        if board.reopened:
            names = list(dict.fromkeys(change.name for change in board.reopened))
            events = words.listed(board.events) or words("the day")
            changed = [words.option_or_name(name) for name in names]
            rest.append(words("reopened", events=events, changed=words.counted(changed, most)))
        label = words.listed([board.day, *([board.decided_by] if board.decided_by else [])])
        yield Item(board.text, label, "ask" if board.reopened else "strong", tuple(rest))
