"""The options on a plan's sheet: what must be known first, what must not be, what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stromal.cli.pages.plan_sheet import Item, Limits, Section
from stromal.cli.pages.plan_words import Words
from stromal.plan.assessment import Basis, Objection
from stromal.plan.make import Needed, Plan
from stromal.plan.open_ends import Gate, Group, OpenEnds, open_ends
from stromal.plan.treatment import EVERYWHERE, Advice, Option, Treatment

SETTING = "setting"
SIGNS = {
    "recommended": "++",
    "acceptable": "+",
    "investigational": "trial",
    "discouraged": "\u2212",
}
"""What a guideline says of an option, as a sign for a table."""
_NOTHING = ("", "-")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the parts of one sheet share: the language, the plan, its open ends, the limits."""

    words: Words
    plan: Plan
    ends: OpenEnds
    limits: Limits


def shown(words: Words, plan: Plan, limits: Limits) -> Shown:
    """The plan with its open ends sorted."""
    return Shown(words, plan, open_ends(plan.treatment), limits)


def gates(show: Shown) -> Iterator[Section]:
    """What must be known first: said once, not under every option that hangs on it."""
    items = tuple(_gate(show, gate) for gate in shown_gates(show))
    if items:
        yield Section("first", show.words("first"), items)


def shown_gates(show: Shown) -> tuple[Gate, ...]:
    """The gates that stand at the top; those beyond the limits are among what is missing."""
    return show.ends.gates[: show.limits.gates]


def _gate(show: Shown, gate: Gate) -> Item:
    words = show.words
    count = words("of", count=gate.options, total=show.ends.total)
    needed = {need.name: need for need in show.plan.needed}
    if gate.facts != (gate.name,):
        facts = words.facts(gate.facts, show.limits.names)
        return Item(words("gate decision", name=words.name(gate.name), count=count, facts=facts),
                    state="ask")  # fmt: skip
    need = needed.get(gate.name)
    asked = question(words, need) if need else words("asked", name=words.name(gate.name))
    told = words.items([words("hang", count=count), *order(words, need)])
    return Item(words("asking", question=asked, told=told), state="ask")


def question(words: Words, need: Needed) -> str:
    """The question that tells a fact, or its name where the language has no question for it."""
    return words.texts.get(need.question) or words(
        "question", question=need.question, name=words.name(need.name)
    )


def order(words: Words, need: Needed | None) -> list[str]:
    """What to order for a fact, if anything."""
    if need is None or not need.order:
        return []
    tests = (words.text(words.value(one)) for one in need.order)
    return [words("order", tests=words.items(tests))]


def guards(show: Shown) -> Iterator[Section]:
    """What must not be done and why, then what calls for care; of each the worst first."""
    words, limits = show.words, show.limits
    groups = _by_reason(show.plan)
    told = {_key(against.basis) for against, _ in groups if against}
    rest = [g for g in certain_guards(show.plan) if _key(g.basis) not in told]
    rest.sort(key=lambda guard: (guard.effect != "refuse", not _about_offered(show.plan, guard)))
    weighty = [g for g in rest if g.effect == "refuse" or _about_offered(show.plan, g)]
    chosen = rest if limits.everything else weighty
    items = [*(_refused(show, *group) for group in groups), *(_guard(show, g) for g in chosen)]
    left = len(rest) - len(chosen) + len(items[limits.guards :])
    found = tuple(_once(words, items[: limits.guards]))
    yield Section("guards", words("guards"), found, left, "guards")


def _once(words: Words, items: Iterable[Item]) -> Iterator[Item]:
    """The items, each remedy only where it stands first."""
    told: set[tuple[str, ...]] = set()
    for item in items:
        yield replace(item, rest=(words("as above"),)) if item.rest and item.rest in told else item
        told.add(item.rest)


def certain_guards(plan: Plan) -> list[Objection]:
    """The guards that hold for certain and speak of one of the options, each row once."""
    spoken_of = (o for option in plan.treatment.options for o in option.objections)
    found = {(o.basis.document, o.basis.row): o for o in spoken_of if o.certain}
    return list(found.values())


def _key(basis: Basis) -> tuple[str, str]:
    return basis.document, basis.row


def _about_offered(plan: Plan, guard: Objection) -> bool:
    offered = (o for o in plan.treatment.options if o.standing == "offered")
    return any(_key(o.basis) == _key(guard.basis) for one in offered for o in one.objections)


def _by_reason(plan: Plan) -> list[tuple[Objection | None, list[Option]]]:
    """The options that are forbidden, those with the same reason together."""
    found: dict[tuple[str, str], tuple[Objection | None, list[Option]]] = {}
    for option in plan.treatment.options:
        if option.state == "refused":
            against = refusal(option)
            key = _key(against.basis) if against else ("", "")
            found.setdefault(key, (against, []))[1].append(option)
    return list(found.values())


def _refused(show: Shown, against: Objection | None, options: Sequence[Option]) -> Item:
    words = show.words
    names = words.counted([option_name(words, o) for o in options], show.limits.names)
    if against is None:
        return Item(words("refused whatever"), names, "refused")
    return Item(_said(words, against.basis), names, "refused", _instead(words, against))


def _left_refused(show: Shown) -> int:
    """How many forbidden options the section of guards does not name."""
    limits, groups = show.limits, [options for _, options in _by_reason(show.plan)]
    named = sum(_named_of(len(options), limits.names) for options in groups[: limits.guards])
    return sum(map(len, groups)) - named


def _named_of(count: int, most: int) -> int:
    """How many of so many `Words.counted` names."""
    return most if count > most + 1 else count


def refusal(option: Option) -> Objection | None:
    """The first guard that forbids an option for certain; None where only several together do."""
    return next((o for o in option.objections if o.certain and o.effect == "refuse"), None)


def _guard(show: Shown, guard: Objection) -> Item:
    """A guard that holds; what it speaks of, with what can be done now before the rest."""
    words = show.words
    names = dict.fromkeys(target.partition(":")[2] or target for target in guard.targets)
    here = {n for o in show.plan.treatment.options if o.standing == "offered"
            for n in (o.name, o.drug)}  # fmt: skip
    ordered = sorted(names, key=lambda name: name not in here)
    told = [words("everything") if name == "*" else words.value(name) for name in ordered]
    state = "refused" if guard.effect == "refuse" else "care"
    label = words.counted(told, show.limits.names)
    return Item(_said(words, guard.basis), label, state, _instead(words, guard))


def _said(words: Words, basis: Basis) -> str:
    return f"{words.text(basis.words)} {words.where(basis)}"


def _instead(words: Words, guard: Objection) -> tuple[str, ...]:
    if guard.remedy in _NOTHING or guard.remedy.rstrip(".") == guard.basis.words.rstrip("."):
        return ()
    return (words("instead", remedy=words.text(guard.remedy)),)


def option_name(words: Words, option: Option) -> str:
    """The option with its setting, and its drug where the name does not hold it."""
    named = option.drug in _NOTHING or option.drug in option.name
    more = [words.value(option.setting, SETTING), *([] if named else [words.value(option.drug)])]
    return words("bracketed", text=words.value(option.name), more=words.listed(more))


def _short_name(words: Words, option: Option) -> str:
    """The option with its drug where the name does not hold it."""
    name = words.value(option.name)
    if option.drug in _NOTHING or option.drug in option.name:
        return name
    return words("bracketed", text=name, more=words.value(option.drug))


def options(show: Shown) -> Section:
    """The options: those that can be done, those that hang on something, those advised against."""
    words, treatment = show.words, show.plan.treatment
    columns = tuple(guideline(words, name) for name in treatment.guidelines)
    if not treatment.options:
        return Section("options", words("options"), (Item(words("no option"), state="ask"),))
    if show.limits.everything:
        whole = tuple(_option(show, o, why=True) for o in treatment.options)
        return Section("options", words("options"), whole, columns=columns, key=words("key"))
    items, left = _chosen(show)
    key = words("key") if any(item.cells for item in items) else ""
    return Section("options", words("options"), tuple(items), left, "options", columns, key)


def _chosen(show: Shown) -> tuple[list[Item], int]:
    """The options within the limits, and how many are left out."""
    treatment, limits = show.plan.treatment, show.limits
    offered = [o for o in treatment.options if o.standing == "offered"]
    waiting = [o for o in treatment.options if o.standing == "depends"]
    against = [o for o in treatment.options if o.standing == "discouraged"]
    room = limits.options - len(offered)
    left = len(offered[limits.options :]) + _left_refused(show)
    items = [
        _option(show, o, why=n < limits.reasons) for n, o in enumerate(offered[: limits.options])
    ]
    if len(waiting) <= room:
        items += [_option(show, option) for option in waiting]
    else:
        grouped, missed = _grouped(show)
        items += grouped
        left += missed
    if against:
        names, missed = _named(show, against)
        items.append(Item(names, show.words("advised against"), "discouraged"))
        left += missed
    return items, left


def _option(show: Shown, option: Option, *, why: bool = False) -> Item:
    """One option: who says what of it, why it stands where it does, or what it hangs on."""
    words, limits = show.words, show.limits
    rest = [strengths(words, show.plan.treatment, option)]
    against = refusal(option)
    if option.state == "refused":
        said = _said(words, against.basis) if against else words("refused whatever")
        rest += [said, *(_instead(words, against) if against else ())]
    elif option.state == "depends":
        most = 0 if limits.everything else limits.names
        facts = words.facts(option.depends_on, most) or words("its rows")
        rest.append(words("hangs on", facts=facts))
    elif why:
        rest.append(_said(words, option.advice[0].basis))
    if not (why and option.state == "offered"):
        rest[0] = f"{rest[0]} {words.where(option.advice[0].basis)}"
    cells = tuple(_cell(words, option, name) for name in show.plan.treatment.guidelines)
    return Item(option_name(words, option), state=option.standing, rest=tuple(rest), cells=cells)


def strengths(words: Words, treatment: Treatment, option: Option) -> str:
    """'recommended: ESMO, NCCN; acceptable: Japan'; 'if it fits' only where others surely do."""
    mixed = any(advice.certain for advice in option.advice)
    said: dict[tuple[str, bool], dict[str, None]] = {}
    sure = {(a.strength, a.guideline) for a in option.advice if a.certain}
    for advice in option.advice:
        certain = (advice.strength, advice.guideline) in sure
        said.setdefault((advice.strength, certain or not mixed), {})[advice.guideline] = None
    parts = []
    for (strength, certain), names in said.items():
        told = words.value(strength)
        told = told if certain else words("if it fits", strength=told)
        parts.append(words("by", strength=told, who=_who(words, treatment, names)))
    return words.items(parts)


def _who(words: Words, treatment: Treatment, names: Iterable[str]) -> str:
    found = set(names)
    every = set(treatment.guidelines)
    parts = [words("every guideline")] if len(every) > 2 and every <= found else []
    if not parts:
        parts = [guideline(words, name) for name in treatment.guidelines if name in found]
    return words.listed([*parts, *([words("beside")] if EVERYWHERE in found else [])])


def guideline(words: Words, name: str) -> str:
    """A guideline's name in the language."""
    found = words.value(f"guideline {name}")
    return name if found == f"guideline {name}" else found


def _cell(words: Words, option: Option, name: str) -> str:
    said = dict.fromkeys(_sign(words, a) for a in option.advice if a.guideline == name)
    return " ".join(said)


def _sign(words: Words, advice: Advice) -> str:
    sign = SIGNS.get(advice.strength, advice.strength)
    sign = words.value(sign) if sign.isalpha() else sign
    return sign if advice.certain else f"({sign})"


def _grouped(show: Shown) -> tuple[list[Item], int]:
    """Open options in groups that hang on the same; by setting while that is not known."""
    words, limits, every = show.words, show.limits, show.plan.treatment.options
    groups = [(g, [every[n] for n in g.places if every[n].standing == "depends"])
              for g in show.ends.groups]  # fmt: skip
    if any(gate.name == SETTING for gate in show.ends.gates):
        named = list(_by_setting(words, [o for _, options in groups for o in options]))
    else:
        named = [(_hanging(show, group), options) for group, options in groups if options]
        named.sort(key=lambda pair: (min(map(_rank, pair[1])), -len(pair[1])))
    items, left = [], 0
    for label, options in named[: limits.groups]:
        text, missed = _named(show, options)
        items.append(Item(text, label, "depends"))
        left += missed
    return items, left + sum(len(options) for _, options in named[limits.groups :])


def _by_setting(words: Words, options: Sequence[Option]) -> Iterator[tuple[str, list[Option]]]:
    found: dict[str, list[Option]] = {}
    for option in options:
        found.setdefault(option.setting, []).append(option)
    for setting, several in found.items():
        count = words.count(len(several), "options")
        yield words("if setting", setting=words.value(setting, SETTING), count=count), several


def _hanging(show: Shown, group: Group) -> str:
    words = show.words
    if not group.names:
        return words("hangs on no more")
    return words("hangs on", facts=words.facts(group.names, show.limits.names))


_RANKS = tuple(SIGNS)


def _strength(option: Option) -> str:
    """The strongest that anybody says of an option."""
    known = [a.strength for a in option.advice if a.strength in _RANKS]
    return min(known, key=_RANKS.index, default=option.advice[0].strength)


def _rank(option: Option) -> int:
    strength = _strength(option)
    return _RANKS.index(strength) if strength in _RANKS else len(_RANKS)


def _named(show: Shown, options: Sequence[Option]) -> tuple[str, int]:
    """The names by strength, as many as the limits allow, and how many are left out."""
    words, most = show.words, show.limits.names
    ordered = sorted(options, key=_rank)
    several = len({_strength(option) for option in options}) > 1
    by_strength: dict[str, dict[str, None]] = {}
    for option in ordered[:most]:
        names = by_strength.setdefault(_strength(option), {})
        names[_short_name(words, option)] = None
    parts = [
        words("by", strength=words.value(strength), who=words.listed(names))
        if several or strength != "discouraged" else words.listed(names)
        for strength, names in by_strength.items()
    ]  # fmt: skip
    left = len(ordered[most:])
    parts += [words("more", count=left)] if left else []
    return words.items(parts), left
