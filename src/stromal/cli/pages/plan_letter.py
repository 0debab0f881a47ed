"""The letter to the referring doctor: who, why, the findings, the plan, the dates, the wishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stromal.cli.pages.plan_build import (
    Material,
    asked,
    dates,
    decided,
    decision_words,
    drugs,
    stated,
    subtitle,
    tasks,
)
from stromal.cli.pages.plan_options import (
    Shown,
    gates,
    guards,
    option_name,
    shown,
    strengths,
)
from stromal.cli.pages.plan_sheet import Item, Limits, Section, Sheet
from stromal.cli.pages.plan_words import ENGLISH, Words
from stromal.plan.assessment import Basis
from stromal.plan.make import Plan

PERSON = ("sex", "age")
MOST_SOURCES = 12
MOST_NAMES = 6
TOLD = ("diagnosis", "sdh_status", "tumour_rupture", "tnm_stage")
"""Decisions told beside the risk classes; the rest only leads to them."""


def letter(words: Words, material: Material, limits: Limits) -> Sheet:
    """The letter within the limits; its sections without a title are paragraphs."""
    plan = material.plan
    show = shown(words, plan, limits)
    sections = tuple(s for s in _sections(show, material) if s.items)
    left = [words.count(s.left, s.left_words) for s in sections if s.left]
    notes = [words("left", left=words.listed(left))] if left else []
    notes += [words("for whom"), *([words("untranslated")] if words.code != ENGLISH else [])]
    return Sheet(
        title=words("letter title"),
        subtitle=subtitle(words, plan),
        emergency=words("emergency"),
        colon=words("colon"),
        sections=sections,
        notes=tuple(notes),
    )


def _sections(show: Shown, material: Material) -> Iterator[Section]:
    words, plan, limits = show.words, show.plan, show.limits
    yield Section("opening", "", tuple(Item(text) for text in _opening(words, material)))
    yield Section("findings", words("findings"), tuple(_findings(words, material)))
    yield from gates(show)
    yield _plan(show, material)
    yield from guards(show)
    looks = list(dates(words, material))
    yield Section("dates", words("dates"), tuple(looks[: limits.dates]),
                  len(looks[limits.dates :]), "dates")  # fmt: skip
    wishes = list(_wishes(show))
    yield Section("request", words("request"), tuple(wishes[: limits.missing]),
                  len(wishes[limits.missing :]), "tasks")  # fmt: skip
    yield Section("farewell", "", (Item(words("farewell")), Item(words("signed"))))
    yield Section("sources", words("sources"), tuple(_sources(words, material, plan)))


def _opening(words: Words, material: Material) -> Iterator[str]:
    """Who it is about, and why the letter is written."""
    plan = material.plan
    known = {fact.name: fact for fact in plan.treatment.facts}
    person = [
        words("told", what=words.name(name),
              text=words.possible(material.library.terms[name], known[name].possible))
        for name in PERSON
        if name in known
    ]  # fmt: skip
    yield words("letter subject", about=words.listed([plan.title or plan.patient, *person]))
    yield words("salutation")
    yield words("letter about", day=_day(words, plan))
    if material.boards:
        board = material.boards[-1]
        by = words("by whom", who=board.decided_by) if board.decided_by else ""
        yield words("letter board", day=board.day, by=by)
    else:
        yield words("letter no board")


def _day(words: Words, plan: Plan) -> str:
    return words("letter as of", day=plan.day) if plan.day else words("letter all known")


def _findings(words: Words, material: Material) -> Iterator[Item]:
    """The diagnosis, the risk, the stage, the gene; then the course of the disease."""
    plan = material.plan
    found: dict[str, list[str]] = {}
    for decision in plan.nature:
        if decision.name in TOLD or decision.role == "scheme":
            found.setdefault(decision_words(words, decision), []).append(decision.name)
    tumour = [Item(text, words.facts(names)) for text, names in found.items()]
    tumour += stated(words, material, plan.genotype)
    yield Item(_run_on(words, tumour), words("the tumour"))
    if now := list(stated(words, material, plan.state)):
        yield Item(_run_on(words, now), words("the disease"))
    if given := list(drugs(words, material)):
        yield Item(words.items(given), words("drugs given"))
    yield from asked(words, plan)


def _run_on(words: Words, items: Iterable[Item]) -> str:
    return words.items(words("told", what=item.label, text=item.text) for item in items)


def _plan(show: Shown, material: Material) -> Section:
    """What was decided, then what can be done and who says so."""
    words, plan, limits = show.words, show.plan, show.limits
    items = list(decided(words, material.boards[-1:]))
    offered = [o for o in plan.treatment.options if o.standing == "offered"]
    for option in offered[: limits.options]:
        said = strengths(words, plan.treatment, option)
        items.append(Item(said, option_name(words, option), "offered"))
    waiting = sum(o.standing == "depends" for o in plan.treatment.options)
    if waiting:
        items.append(Item(words("letter waiting", count=words.count(waiting, "options"))))
    if not items:
        items.append(Item(words("no option"), state="ask"))
    left = len(offered[limits.options :])
    return Section("plan", words("letter plan"), tuple(items), left, "options")


def _wishes(show: Shown) -> Iterator[Item]:
    """What the reader is asked to do: the steps that hold, then the tests that tell most."""
    words = show.words
    yield from tasks(words, show.plan)
    by_test: dict[tuple[str, ...], list[str]] = {}
    for need in show.plan.needed:
        if need.order:
            by_test.setdefault(need.order, []).append(need.name)
    for tests, names in by_test.items():
        told = words.items(words.text(words.value(one)) for one in tests)
        yield Item(words("please order", tests=told, names=words.facts(names, MOST_NAMES)))


def _sources(words: Words, material: Material, plan: Plan) -> Iterator[Item]:
    """The works behind what is told, each once, as far as a letter has room for them."""
    keys = dict.fromkeys(c.split(",")[0].strip() for b in _bases(plan) for c in b.citations)
    sources = material.library.sources
    found = [sources[key] for key in keys if key in sources]
    for source in found[:MOST_SOURCES]:
        yield Item(f"{source.reference} {source.identifier.strip('-')}".strip())
    if len(found) > MOST_SOURCES:
        yield Item(words("more", count=len(found) - MOST_SOURCES))


def _bases(plan: Plan) -> Iterable[Basis]:
    for decision in plan.nature:
        if decision.name in TOLD or decision.role == "scheme":
            yield from decision.bases[:1]
            yield from (objection.basis for objection in decision.refusals[:1])
    for option in plan.treatment.options:
        if option.standing == "offered":
            yield option.advice[0].basis
        if option.state == "refused":
            yield from (o.basis for o in option.objections if o.certain)
    yield from (task.basis for task in plan.treatment.tasks if task.certain)
