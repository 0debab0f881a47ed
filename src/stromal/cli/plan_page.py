"""The page of `stromal plan`, and the lines of `stromal diff` and `stromal what-if`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stromal.cli.page import Page
from stromal.cli.speak import MARK, problem_lines, spoken
from stromal.cli.treatment_page import EMERGENCY, mark
from stromal.followup.calendar import OPEN_STATES
from stromal.plan.assessment import Decision, Objection
from stromal.plan.boards import BoardDecision
from stromal.plan.differences import Cause, Difference, Differences
from stromal.plan.follow_up import FollowUp
from stromal.plan.make import Needed, Plan, Stated
from stromal.plan.treatment import Option

MOST_NEEDED = 8
MORE = (
    "Reasons in full: stromal treat CASE, stromal assess CASE. "
    "What a change would do: stromal what-if CASE FACT=VALUE"
)
SHOWN = {
    "offered": "can be done",
    "depends": "depends",
    "discouraged": "advised against",
    "refused": "NO",
}


def plan_lines(
    page: Page, plan: Plan, boards: Sequence[BoardDecision], dates: Sequence[str]
) -> Iterator[str]:
    """The whole page, from what is known to what to ask."""
    day = f", {plan.day}" if plan.day else ""
    yield from page.text(f"Plan: {plan.title or plan.patient}{day}", style="bold")
    yield from page.text(EMERGENCY, style="dim")
    yield from problem_lines(page, plan.problems)
    for conflict in plan.conflicts:
        text = f"Ask: {spoken(conflict.name)}: {conflict.what}; {conflict.kept}"
        yield from page.text(text, 2, 4, "yellow")
    yield from page.heading("What it is")
    for decision in plan.nature:
        if decision.role == "scheme" or decision.state == "settled":
            yield from page.entry(spoken(decision.name), decision_words(decision), at=30)
    yield from _stated(page, plan.genotype)
    yield from page.heading("Where it stands")
    yield from _stated(page, plan.state)
    for drug in plan.drugs:
        yield from page.text(f"- {drug}", 2, 2)
    for note in plan.notes:
        yield from page.text(note, 2, 2, "dim")
    yield from _tasks(page, plan)
    yield from _options(page, plan)
    yield from _guards(page, plan)
    yield from _side_effects(page, plan)
    yield from _needed(page, plan.needed)
    if dates:
        yield from page.heading("Next dates, by guideline (all: stromal follow-up CASE)")
    for date in dates:
        yield from page.text(f"- {date}", 2, 2)
    yield from board_lines(page, boards)
    if plan.questions:
        yield from page.heading("For the board")
    for question in plan.questions:
        yield from page.text(f"- {question}", 2, 2)
    yield ""
    yield from page.text(MORE, style="dim")


def decision_words(decision: Decision) -> str:
    """A decision's answer, its row and how sure it is."""
    rows = ", ".join(basis.row for basis in decision.bases[:3])
    if decision.state == "refused":
        remedy = next((o.remedy for o in decision.refusals), "-")
        return f"refused: {remedy}"
    weak = {MARK[basis.status] for basis in decision.bases if basis.status in MARK}
    unsure = f" [{', '.join(sorted(weak))}]" if weak else ""
    return f"{' or '.join(decision.outcomes)} ({decision.document} {rows}){unsure}"


def _stated(page: Page, facts: Iterable[Stated]) -> Iterator[str]:
    for fact in facts:
        style = "yellow" if fact.state != "known" else ""
        asked = " (conflict: ask)" if fact.state == "conflicting" else ""
        yield from page.entry(spoken(fact.name), f"{fact.words}{asked}", at=30, style=style)


def _tasks(page: Page, plan: Plan) -> Iterator[str]:
    found = {task.topic: task.basis for task in plan.treatment.tasks if task.certain}
    if found:
        yield from page.heading("Do first")
    for topic, basis in found.items():
        yield from page.text(f"- {topic} ({basis.document} {basis.row}){mark(basis)}", 2, 2)


def _options(page: Page, plan: Plan) -> Iterator[str]:
    yield from page.heading("Options by guideline")
    if not plan.treatment.options:
        yield from page.text("No document names an option for these facts.", 2, style="yellow")
        return
    for option, compared in zip(plan.treatment.options, plan.comparison, strict=True):
        style = (
            "red" if option.state == "refused" else "bold" if option.standing == "offered" else ""
        )
        yield from page.text(f"{SHOWN[option.standing]}: {option_name(option)}", 2, 4, style)
        said = [f"{name} {strength}" for name, strength in compared.strengths if strength]
        said += [f"beside guidelines {compared.beside}"] if compared.beside else []
        yield from page.text("; ".join(said), 6, 2)
        yield from page.text(option_reason(option), 6, 2, "dim")


def option_name(option: Option) -> str:
    """The option with its setting, and its drug where the name does not hold it."""
    named = option.drug in ("-", "") or option.drug in option.name
    return f"{option.name} ({option.setting}{'' if named else f', {option.drug}'})"


def option_reason(option: Option) -> str:
    """Why the option stands where it does: the refusal, what it hangs on, or its row."""
    refusals = [o for o in option.objections if o.certain and o.effect == "refuse"]
    if refusals:
        return f"{refusals[0].basis.words}{mark(refusals[0].basis)} -> {refusals[0].remedy}"
    if option.state == "depends":
        return f"hangs on {', '.join(spoken(name) for name in option.depends_on) or 'its rows'}"
    basis = option.advice[0].basis
    return f"{basis.words} ({basis.document} {basis.row}){mark(basis)}"


def certain_guards(plan: Plan) -> list[Objection]:
    """The guards that hold for certain and speak of one of the options, each row once."""
    spoken_of = (o for option in plan.treatment.options for o in option.objections)
    found = {(o.basis.document, o.basis.row): o for o in spoken_of if o.certain}
    return list(found.values())


def _guards(page: Page, plan: Plan) -> Iterator[str]:
    guards = certain_guards(plan)
    if guards:
        yield from page.heading("Guards that hold")
    for guard in guards:
        style = "red" if guard.effect == "refuse" else "yellow"
        text = f"{guard.effect} {', '.join(guard.targets)}: {guard.basis.words}{mark(guard.basis)}"
        yield from page.text(text, 2, 4, style)
        if guard.remedy not in ("", "-"):
            yield from page.text(f"-> {guard.remedy}", 6, 3)


def _side_effects(page: Page, plan: Plan) -> Iterator[str]:
    effects = plan.treatment.dosing.side_effects
    if effects:
        yield from page.heading("Side effects")
    for effect in effects:
        steps = [step.basis for step in effect.steps if step.certain]
        said = "; ".join(f"{b.outputs['action']} ({b.document} {b.row})" for b in steps)
        grade = f" grade {effect.grade}" if effect.grade else ""
        text = f"{effect.day} {effect.written}{grade}, {effect.drug}: {said or 'no row is certain'}"
        yield from page.text(f"- {text.strip()}", 2, 2)


def _needed(page: Page, needed: Sequence[Needed]) -> Iterator[str]:
    if needed:
        yield from page.heading("What is missing, the most telling first")
    for need in needed[:MOST_NEEDED]:
        yield from page.text(f"- {need.question} [{need_words(need)}]", 2, 2)
    if len(needed) > MOST_NEEDED:
        yield from page.text(f"and {len(needed) - MOST_NEEDED} more (--json)", 2, style="dim")


def coming(found: FollowUp) -> list[str]:
    """The next look of every line of every authority, with its row."""
    dates = []
    for schedule in found.schedules:
        for line in schedule.lines:
            look = next((one for one in line.looks if one.state in OPEN_STATES), None)
            if look is not None:
                where = f"{look.rule.document} {look.rule.row}"
                unsure = f" [{MARK[look.rule.status]}]" if look.rule.status in MARK else ""
                words = f"{schedule.authority}: {line.test}, {look.planned}, {look.state}"
                dates.append(f"{words} ({where}){unsure}")
    return dates


def need_words(need: Needed) -> str:
    """What to order, and what the answer would do."""
    parts = [f"order: {'; '.join(need.order)}"] if need.order else []
    if need.options:
        one = need.options == 1
        parts.append("1 option hangs on it" if one else f"{need.options} options hang on it")
    if need.settles:
        parts.append(f"settles {', '.join(spoken(name) for name in need.settles)}")
    if need.may_settle:
        parts.append(f"may settle {', '.join(spoken(name) for name in need.may_settle)}")
    return "; ".join(parts) or need.reason


def board_lines(page: Page, boards: Sequence[BoardDecision]) -> Iterator[str]:
    """The decisions of boards, beside the options, and what re-opens them."""
    if boards:
        yield from page.heading("Decided")
    for board in boards:
        by = f", {board.decided_by}" if board.decided_by else ""
        yield from page.text(f"{board.day}{by}: {board.text}", 2, 4, "bold")
        for name, words in (
            ("dissent", board.dissent),
            ("among the options", "; ".join(board.options)),
            ("differs from them", "; ".join(board.differs)),
        ):
            if words:
                yield from page.text(f"{name}: {words}", 6, 2)
        if board.reopened:
            events = ", ".join(board.events) or "the day"
            names = "; ".join(dict.fromkeys(change.name for change in board.reopened[:4]))
            more = len(board.reopened) - 4
            rest = f" and {more} more" if more > 0 else ""
            text = f"To be looked at again: since then {events} changed {names}{rest}"
            yield from page.text(text, 6, 2, "yellow")


def difference_lines(page: Page, found: Differences) -> Iterator[str]:
    """What changed, each with its cause, then the causes with their events."""
    if not found.causes and not found.changes:
        yield from page.text("Nothing changed.")
        return
    by_name = {cause.name: cause for cause in found.causes}
    yield from page.heading("What became known or moved on")
    for cause in found.causes:
        yield from page.text(f"- {cause_words(cause)}", 2, 2)
    yield from page.heading("What stands otherwise")
    if not found.changes:
        yield from page.text("No decision, option, guard or task.", 2)
    for change in found.changes:
        yield from page.text(f"- {change.what} {_name(change)}", 2, 2, "bold")
        yield from page.text(f"{change.before} -> {change.after}", 6, 2)
        yield from page.text(f"because of {_because(change, by_name)}", 6, 2, "dim")


def cause_words(cause: Cause) -> str:
    """A cause with its events, or with what it is."""
    name = cause.name if cause.kind == "edition" else spoken(cause.name)
    where = {"time": "by the day alone", "assumption": "tried", "edition": "rules"}.get(cause.kind)
    events = where or ", ".join(cause.events)
    return f"{name}: {cause.before} -> {cause.after} [{events}]"


def _name(change: Difference) -> str:
    return spoken(change.name) if change.what == "decision" else change.name


def _because(change: Difference, by_name: dict[str, Cause]) -> str:
    parts = []
    for name in change.because:
        cause = by_name.get(name)
        events = f" ({', '.join(cause.events)})" if cause and cause.kind == "fact" else ""
        parts.append(f"{name if '/' in name else spoken(name)}{events}")
    return ", ".join(parts) or "facts together"
