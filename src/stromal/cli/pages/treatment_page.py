"""The page of `stromal treat`: what to do first, what can be done, what must not be, the doses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stromal.cli.interactions import organ_lines, rule_lines, where
from stromal.cli.pages.page import Page
from stromal.cli.speak import MARK, problem_lines, say_value, spoken
from stromal.library import Library
from stromal.plan.assessment import Basis, Objection, Remark
from stromal.plan.drugs.dosing import Dosing, SideEffect
from stromal.plan.drugs.medicines import Medicines
from stromal.plan.treatment import Advice, Option, Treatment

TITLES = {
    "offered": "What can be done",
    "depends": "What depends on something not known yet",
    "discouraged": "What is advised against",
    "refused": "What must not be done",
}
EMERGENCY = (
    "Bleeding, perforation or obstruction now: this is outside Stromal. Act, and come back later."
)
SHOWN_FACTS = (
    "sex", "age", "pregnancy", "performance_status", "tumour_site", "disease_extent", "genotype",
    "genotype_test", "exon_11_change", "exon_17_change", "exon_18_change", "sdhb",
    "neurofibromatosis_type_1", "setting", "line_of_therapy", "last_drug", "drugs_given",
    "progression", "secondary_mutations", "guideline",
)  # fmt: skip
NEEDED = ("genotype", "setting")
"""Facts without which little can be said; shown as not known where they are."""
MOST_ASKED = 5
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Guards that stand above all options, and those that were already printed in full."""

    everywhere: frozenset[Key]
    printed: set[Key]


def treatment_lines(page: Page, library: Library, treatment: Treatment) -> Iterator[str]:
    """The whole page."""
    yield from page.text(f"{treatment.title or treatment.patient}", style="bold")
    yield from page.text(EMERGENCY, style="dim")
    yield from problem_lines(page, treatment.problems)
    for conflict in treatment.conflicts:
        text = f"Conflict in {spoken(conflict.name)}: {conflict.what}; {conflict.kept}"
        yield from page.text(text, 2, 4, "yellow")
    yield from _facts(page, library, treatment)
    yield from _tasks(page, treatment.tasks)
    yield from _asked(page, library, treatment)
    seen = _Seen(_everywhere(treatment.options), set())
    yield from _above_all(page, treatment, seen)
    for group, title in TITLES.items():
        chosen = [option for option in treatment.options if option.standing == group]
        if chosen:
            yield from page.heading(title)
            for option in chosen:
                yield from option_lines(page, option, seen)
    if not treatment.options:
        yield from page.heading("Options")
        none = treatment.ended or "No document names an option for these facts."
        yield from page.text(none, 2, style="yellow")
    yield from _guards(page, treatment)
    yield from _dosing(page, treatment.dosing)
    yield from _medicines(page, treatment.medicines)
    yield from _notes(page, treatment.notes)
    yield from page.text("")
    yield from page.text(f"Why an option stands where it does: {_hint(treatment)}", style="dim")


def _hint(treatment: Treatment) -> str:
    name = next((o.drug for o in treatment.options if o.drug != "-"), "imatinib")
    return f"stromal explain CASE {name.split(' ')[0]}"


def _facts(page: Page, library: Library, treatment: Treatment) -> Iterator[str]:
    facts = {fact.name: fact.possible for fact in treatment.facts}
    yield from page.heading("What it rests on")
    for name in SHOWN_FACTS:
        if name in facts:
            words = say_value(library.terms, name, facts[name])
            yield from page.entry(spoken(name), words, at=30)
        elif name in NEEDED:
            yield from page.entry(spoken(name), "not known", at=30, style="yellow")
    for decision in treatment.decisions:
        if decision.state == "settled" and decision.role == "scheme":
            yield from page.entry(spoken(decision.name), decision.outcomes[0], at=30)


def _tasks(page: Page, tasks: Sequence[Remark]) -> Iterator[str]:
    found = {task.topic: task for task in reversed(tasks) if task.certain}
    if found:
        yield from page.heading("Do first")
    for task in reversed(found.values()):
        yield from page.text(f"* {task.topic}", 2, 2, "bold")
        yield from page.text(f"{task.basis.words}{mark(task.basis)}", 4)
        yield from page.text(where(task.basis), 4, 2, "dim")


def _asked(page: Page, library: Library, treatment: Treatment) -> Iterator[str]:
    """The facts on which most options hang, with the question to ask."""
    counts = Counter(
        name for option in treatment.options if option.state == "depends"
        for name in option.depends_on
    )  # fmt: skip
    if counts:
        yield from page.heading("Find out first")
    for name, count in counts.most_common(MOST_ASKED):
        term = library.terms.get(name)
        question = term.question if term else f"{spoken(name)}?"
        options = "1 option hangs" if count == 1 else f"{count} options hang"
        yield from page.text(f"* {question} [{spoken(name)}: {options} on it]", 2, 2)


def _everywhere(options: Sequence[Option]) -> frozenset[Key]:
    """The cautions that speak of every option."""
    counts = Counter(
        key
        for option in options
        for key in {key_of(o.basis) for o in option.objections if o.effect != "refuse"}
    )
    return frozenset(k for k, count in counts.items() if count == len(options) and len(options) > 1)


def _above_all(page: Page, treatment: Treatment, seen: _Seen) -> Iterator[str]:
    found = {
        key_of(o.basis): o
        for option in treatment.options[:1]
        for o in option.objections
        if key_of(o.basis) in seen.everywhere
    }
    certain = [o for o in found.values() if o.certain]
    open_ones = [o for o in found.values() if not o.certain]
    if found:
        yield from page.heading("For every option")
    for objection in certain:
        yield from objection_lines(page, objection, 2)
    if open_ones:
        names = _names(name for o in open_ones for name in o.depends_on)
        rows = ", ".join(o.basis.row for o in open_ones)
        yield from page.text(f"Rule out first: {names} ({rows})", 2, 2, "yellow")


def option_lines(page: Page, option: Option, seen: _Seen | None = None) -> Iterator[str]:
    """One option: who says what, the reason, what speaks against it, what it depends on."""
    struck = "NOT " if option.state == "refused" else ""
    is_named = option.drug in ("-", "") or option.drug in option.name
    drug = "" if is_named else f", {option.drug}"
    style = "red" if option.state == "refused" else "bold"
    yield from page.text(f"{struck}{option.name} ({option.setting}{drug})", 2, 4, style)
    for strength, named in by_strength(option.advice):
        yield from page.text(f"{strength}: {named}", 6, 2)
    basis = option.advice[0].basis
    yield from page.text(f"{basis.words}{mark(basis)}", 6)
    yield from page.text(where(basis), 6, 2, "dim")
    yield from _against(page, option, seen or _Seen(frozenset(), set()))
    if option.state == "depends":
        names = _names(option.depends_on) or "what is not known yet"
        yield from page.text(f"Depends on: {names}", 6, 2, "yellow")
    if option.state == "refused" and not any(_is_refusal(o) for o in option.objections):
        text = "One of these holds, whichever it turns out to be."
        yield from page.text(text, 6, 2, "red")


def by_strength(advice: Iterable[Advice]) -> Iterator[tuple[str, str]]:
    """Each strength with the guidelines that give it."""
    found: dict[str, dict[str, None]] = {}
    for one in advice:
        strength = one.strength if one.certain else f"{one.strength}, if it fits"
        found.setdefault(strength, {})[one.guideline] = None
    for strength, names in found.items():
        everyone = "whatever the guideline"
        yield strength, ", ".join(everyone if name == "all" else name for name in names)


def _against(page: Page, option: Option, seen: _Seen) -> Iterator[str]:
    rest = [o for o in option.objections if key_of(o.basis) not in seen.everywhere]
    for objection in rest:
        if not objection.certain and objection.effect != "refuse":
            continue
        key = key_of(objection.basis)
        if key in seen.printed:
            lead = _lead(objection)
            yield from page.text(f"{lead}: {objection.basis.row}, above", 6, 2, _style(objection))
        else:
            seen.printed.add(key)
            yield from objection_lines(page, objection, 6)
    cautions = [o for o in rest if not o.certain and o.effect != "refuse"]
    if to_check := _names(name for o in cautions for name in o.depends_on):
        yield from page.text(f"Check for it: {to_check}", 6, 2)


def objection_lines(page: Page, objection: Objection, indent: int = 6) -> Iterator[str]:
    """A guard in full: what it says, what instead, where it stands."""
    text = f"{_lead(objection)}: {objection.basis.words}{mark(objection.basis)}"
    yield from page.text(text, indent, 2, _style(objection))
    if objection.remedy != "-":
        yield from page.text(f"-> {objection.remedy}", indent + 2, 3)
    yield from page.text(where(objection.basis), indent + 2, 2, "dim")


def _is_refusal(objection: Objection) -> bool:
    return objection.certain and objection.effect == "refuse"


def _lead(objection: Objection) -> str:
    lead = "No" if objection.effect == "refuse" else "Care"
    if objection.certain:
        return lead
    return f"{lead}, if so (not known: {_names(objection.depends_on)})"


def _style(objection: Objection) -> str:
    return "red" if objection.effect == "refuse" and objection.certain else "yellow"


def _guards(page: Page, treatment: Treatment) -> Iterator[str]:
    """Guards that stand even where no option names what they forbid."""
    used = {key_of(o.basis) for option in treatment.options for o in option.objections}
    rest = [g for g in treatment.guards if g.certain and key_of(g.basis) not in used]
    if rest:
        yield from page.heading("Also forbidden or to be watched")
    for guard in rest:
        names = (target.partition(":")[2] for target in guard.targets)
        spoken_of = ", ".join("everything" if name == "*" else name for name in names)
        yield from page.text(spoken_of, 2, 2, "bold")
        yield from objection_lines(page, guard, 4)


def _dosing(page: Page, dosing: Dosing) -> Iterator[str]:
    if dosing.drugs or dosing.side_effects:
        yield from page.heading("Dose and side effects")
    for drug, organs in dosing.organs:
        yield from organ_lines(page, organs, f"{drug}: organ function")
    for effect in dosing.side_effects:
        yield from side_effect_lines(page, effect)


def side_effect_lines(page: Page, effect: SideEffect) -> Iterator[str]:
    """One side effect with the steps of the label, those that are certain in full."""
    graded = f" grade {effect.grade}" if effect.grade else ", grade not known"
    time = f", time {effect.occurrence}" if effect.occurrence else ""
    drug = effect.drug or "a drug that is not named"
    when = f" ({effect.day})" if effect.day else ""
    yield from page.text(f"{effect.written}{graded}{time}, {drug}{when}", 2, 4, "bold")
    yield from problem_lines(page, effect.problems)
    certain = [step for step in effect.steps if step.certain]
    for step in certain:
        yield from rule_lines(page, step)
    open_steps = [step for step in effect.steps if not step.certain]
    if open_steps:
        actions = ", ".join(dict.fromkeys(step.basis.outputs["action"] for step in open_steps))
        names = _names(name for step in open_steps for name in step.depends_on)
        rows = ", ".join(step.basis.row for step in open_steps)
        text = f"Still possible: {actions} ({rows}); not known: {names}"
        yield from page.text(text, 4, 2, "yellow")
    if not effect.steps and not effect.problems:
        read = "No row of the label fits" if effect.label_read else "No label was read on doses"
        text = f"{read}: that is no permission to go on. Judge it, and ask an expert centre."
        yield from page.text(text, 4, 2, "yellow")


def _medicines(page: Page, medicines: Medicines) -> Iterator[str]:
    found = medicines.medicines
    if not found and not medicines.ended:
        return
    yield from page.heading("Other medicines")
    if known := ", ".join(medicine.name for medicine in found if medicine.name):
        yield from page.text(f"{known}: see 'stromal interactions CASE --drug NAME'", 2, 2)
    if unknown := ", ".join(medicine.written for medicine in found if not medicine.name):
        text = f"Not in the list, so what they do is unknown: {unknown}"
        yield from page.text(text, 2, 2, "yellow")
    for ended in medicines.ended:
        yield from page.text(f"Ended on {ended.day}: {ended.name or ended.written}", 2, 2, "dim")


def _notes(page: Page, notes: Sequence[Remark]) -> Iterator[str]:
    if notes:
        yield from page.heading("Beside it")
    for note in notes:
        yield from page.text(f"{note.topic}: {note.basis.words}{mark(note.basis)}", 2, 2)


def _names(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(spoken(name) for name in names))


def key_of(basis: Basis) -> Key:
    """Document, row and words: one row may speak of two medicines."""
    return basis.document, basis.row, basis.words


def mark(basis: Basis) -> str:
    """How weak the source is, where it has to be said."""
    return f" [{MARK[basis.status]}]" if basis.status in MARK else ""
