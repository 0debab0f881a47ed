"""My medicine: what the labels of the drugs taken say, in the patient's words.

Lists are read from the rows of the drug's document, so a change of a label changes the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stromal.facts.record import Event
from stromal.facts.timeline import live_events
from stromal.patient_copy.sentences import Sentence, make
from stromal.patient_copy.texts import Language, Skeleton
from stromal.patient_copy.told import Ground, Told, row_ground
from stromal.patient_copy.values import items, word
from stromal.plan.assessment import Basis
from stromal.plan.drugs.interactions import Interaction, Interactions
from stromal.plan.drugs.rules import Rule, parts_of, rules, section
from stromal.plan.patient import basis

AVOIDED = frozenset(("avoid", "not recommended"))
SILENT = frozenset(("no change", "no rule"))
_QUOTED = re.compile(r'"([^"]+)"')
_DAILY = re.compile(
    r"(\d+(?:\.\d+)?)\s*mg(?:\s+(once|twice))?\s*(?:daily|a day|per day|/\s*d(?:ay)?)", re.I
)
_AFTER = re.compile(r"(\d+) (day|week|month)s? after")


def doses(told: Told, language: Language) -> Iterator[Sentence]:
    """The dose as the record has it; one that cannot be read is quoted."""
    for drug in told.taken:
        for event in _last_dose(told, drug):
            written = str(event.details["dose"]).strip()
            dose = _dose_words(language, written)
            ground = Ground("fact", "dose", (f"{event.id} {event.day}".strip(),), "known", written)
            yield make(language, "medicine-dose", [ground], drug=word(language, drug), dose=dose)


def to_avoid(told: Told, language: Language) -> Iterator[Sentence]:
    """What must not go with each drug, and what the team must know of, by its label."""
    for drug in told.taken:
        table = section(told.patient, drug, "interactions")
        if table is None:
            yield make(language, "medicine-unread", [], drug=word(language, drug))
            continue
        spoken = [basis(told.patient, table, row) for row in table.rows]
        avoided = [b for b in spoken if b.outputs["action"] in AVOIDED]
        others = [b for b in spoken if b.outputs["action"] not in AVOIDED | SILENT]
        classes = _classes(avoided)
        found = [
            *_list_of(language, "medicine-avoid", drug, avoided, classes),
            *_list_of(
                language,
                "medicine-tell",
                drug,
                others,
                [c for c in _classes(others) if c not in classes],
            ),
        ]
        # A row that names no class, such as a list of the insert that nobody read, is not "none".
        loud = any(b.outputs["action"] not in SILENT for b in spoken)
        rule_id = "medicine-unread" if loud else "medicine-no-list"
        nothing = make(language, rule_id, map(row_ground, spoken), drug=word(language, drug))
        yield from found or [nothing]


def _classes(rows: Iterable[Basis]) -> list[str]:
    """The classes of medicines that the rows name, in their order."""
    return list(dict.fromkeys(c for row in rows for c in _quoted(row.conditions)))


def _list_of(
    language: Language, rule_id: str, drug: str, chosen: Iterable[Basis], classes: Iterable[str]
) -> Iterator[Sentence]:
    """The classes in words; nothing where there are none."""
    if found := dict.fromkeys(word(language, c) for c in classes):
        tokens = {"drug": word(language, drug), "list": items(language, found)}
        yield make(language, rule_id, map(row_ground, chosen), **tokens)


def own_medicines(language: Language, found: Interactions) -> Iterator[Sentence]:
    """What the patient's own other medicines do, as far as their names are known."""
    if not found.stated:
        yield make(
            language, "medicine-not-listed", [Ground("fact", "co_medications", (), "unknown", "")]
        )
    for place, medicine in enumerate(found.medicines):
        fact = Ground(
            "fact",
            "co_medications",
            (f"{medicine.event} {medicine.day}".strip(),),
            "known",
            medicine.written,
        )
        if not medicine.name:
            yield make(language, "medicine-strange", [fact], medicine=medicine.written)
        for on in found.drugs:
            of_it = [one for one in on.interactions if one.medicine == place]
            if medicine.name:
                yield _own(language, fact, on.drug, medicine.written, of_it)


def pregnancy(told: Told, language: Language) -> Iterator[Sentence]:
    """Birth control, pregnancy and breast feeding: the rows that fit the patient for certain."""
    for drug in told.taken:
        for rule in rules(told.patient, drug, "pregnancy"):
            if rule.certain and rule.basis.conditions:
                yield _pregnancy(language, drug, rule)


def side_effects(told: Told, skeleton: Skeleton, language: Language) -> Iterator[Sentence]:
    """The side effects that the label's dose section names, also without a rule: urgent first."""
    for drug in told.taken:
        table = section(told.patient, drug, "dose-changes")
        spoken = [basis(told.patient, table, row) for row in table.rows] if table else []
        named = [
            (effect, spoken_row)
            for spoken_row in spoken
            for effect in _effects(spoken_row.conditions)
        ]
        if not named:
            yield make(language, "call-unread", [], drug=word(language, drug))
        for rule_id, urgent in (("call-urgent", True), ("call-other", False)):
            chosen = [(e, b) for e, b in named if (e in skeleton.urgent) == urgent]
            if chosen:
                yield make(
                    language,
                    rule_id,
                    (row_ground(b) for _, b in chosen),
                    drug=word(language, drug),
                    list=items(language, dict.fromkeys(word(language, e) for e, _ in chosen)),
                )


def _last_dose(told: Told, drug: str) -> list[Event]:
    events = [
        event
        for event in live_events(told.record, told.day)
        if event.kind in ("drug start", "dose change")
        and event.details.get("dose")
        and drug in parts_of(str(event.details.get("drug", "")).strip().lower())
    ]
    return sorted(events, key=lambda event: event.day)[-1:]


def _dose_words(language: Language, written: str) -> str:
    match = _DAILY.fullmatch(written)
    if match is None:
        return language.phrases["quoted"].format(text=written)
    times = (match[2] or "").lower()
    return language.phrases[f"dose {times}".strip()].format(amount=match[1])


def _quoted(conditions: Iterable[str]) -> list[str]:
    return [value for condition in conditions for value in _QUOTED.findall(condition)]


def _effects(conditions: Iterable[str]) -> list[str]:
    """The side effects that a row names; 'all others' name none."""
    named = (c for c in conditions if c.startswith("side_effect ") and "not(" not in c)
    return _quoted(named)


def _own(
    language: Language, fact: Ground, drug: str, written: str, found: list[Interaction]
) -> Sentence:
    actions = {one.rule.basis.outputs["action"] for one in found}
    if actions & AVOIDED:
        rule_id = "own-avoid"
    elif actions - SILENT:
        rule_id = "own-tell"
    else:
        rule_id = "own-none" if found else "own-silent"
    standing = [fact, *(row_ground(one.rule.basis) for one in found)]
    return make(language, rule_id, standing, drug=word(language, drug), medicine=written)


def _pregnancy(language: Language, drug: str, rule: Rule) -> Sentence:
    outputs = rule.basis.outputs
    topic, text = outputs["topic"], outputs["rule"]
    tokens = {
        "drug": word(language, drug),
        "label": language.phrases[f"label {outputs.get('agency', 'none')}"],
    }
    match = _AFTER.search(text)
    if match:
        tokens["time"] = language.phrases[f"time {match[2]}"].format(number=match[1])
    rule_id = _pregnancy_sentence(topic, text, bool(match))
    sentence = make(language, rule_id, [row_ground(rule.basis)], **tokens)
    more = [key for key in ("condom", "non-hormonal") if key in text]
    words = language.phrases["sentence gap"].join(
        [sentence.words, *(language.phrases[k] for k in more)]
    )
    return Sentence(sentence.id, words, sentence.tokens, sentence.grounds)


def _pregnancy_sentence(topic: str, text: str, timed: bool) -> str:
    if topic == "pregnancy":
        return "pregnancy-harm"
    if topic == "pregnancy test":
        return "pregnancy-test"
    if topic.startswith("contraception"):
        if text.startswith("no statement"):
            return "pregnancy-silent"
        return "pregnancy-control-after" if timed else "pregnancy-control"
    if topic == "breast feeding":
        return "pregnancy-breast-after" if timed else "pregnancy-breast"
    return "pregnancy-ask"
