"""What can be done, in the patient's words: the options of the doctor's page, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stromal.patient_copy.sentences import Sentence, make
from stromal.patient_copy.texts import Language, Skeleton
from stromal.patient_copy.told import Told, fact_ground, row_ground
from stromal.patient_copy.values import fact_name, items, join_or, listed, word
from stromal.plan.assessment import Basis
from stromal.plan.patient import basis
from stromal.plan.treatment import EVERYWHERE, Option

SETTING = "setting"
SENSITIVITY = "therapy/drug-sensitivity"
_RULE = {"offered": "plan-option", "depends": "plan-depends", "refused": "plan-refused"}


def options(told: Told, language: Language) -> Iterator[Sentence]:
    """Each option with its strength and who says so; what it hangs on; what a guard rules out.

    While the stage of treatment is open nearly every option hangs on it, and none is listed.
    """
    setting = told.known.get(SETTING)
    for option in told.treatment.options if setting and setting.is_single() else ():
        tokens = {
            "name": option.name,
            "option": word(language, option.name),
            "advice": _advice(language, option),
            "facts": _names(told, language, option.depends_on),
        }
        wanted = "plan-depends-open" if _hangs_on_nothing(option) else _RULE[option.state]
        yield make(language, wanted, map(row_ground, _bases(option)), **tokens)


def why_this_drug(told: Told, language: Language) -> Iterator[Sentence]:
    """How tumours with this gene change answer to each drug taken, as far as a row says so."""
    answer = told.answer(SENSITIVITY)
    for row in answer.certain_rows if answer else ():
        drug = row.outputs["drug"]
        if answer and drug in told.taken:
            ground = row_ground(basis(told.patient, answer.table, row))
            rule_id = f"why-{row.outputs['sensitivity']}"
            yield make(language, rule_id, [ground], drug=word(language, drug))


def not_known(told: Told, skeleton: Skeleton, language: Language) -> Iterator[Sentence]:
    """What those open decisions hang on that the copy speaks of, and where the records part."""
    spoken = {condition.name for rule in skeleton.rules for condition in rule.when}
    open_decisions = (d for d in told.decided.values() if d.state == "open" and d.name in spoken)
    names = dict.fromkeys(name for decision in open_decisions for name in decision.open_facts)
    for name in names:
        plain = fact_name(language, told.terms[name])
        yield make(language, "unknown-fact", [fact_ground(told, name)], fact=plain)
    for name in dict.fromkeys(conflict.name for conflict in told.treatment.conflicts):
        # A conflict may be about an event, such as one recorded before it happened.
        term = told.terms.get(name)
        plain = fact_name(language, term) if term else name
        yield make(language, "unknown-conflict", [fact_ground(told, name)], fact=plain)


def _hangs_on_nothing(option: Option) -> bool:
    return option.state == "depends" and not option.depends_on


def _names(told: Told, language: Language, names: Iterable[str]) -> str:
    return items(language, (fact_name(language, told.terms[name]) for name in names))


def _advice(language: Language, option: Option) -> str:
    """'recommended by ESMO; possible by NCCN', each guideline once for each strength."""
    by_strength: dict[str, dict[str, None]] = {}
    for advice in option.advice:
        by_strength.setdefault(advice.strength, {})[advice.guideline] = None
    parts = [
        language.phrases[f"strength {strength}"].format(who=_who(language, names))
        for strength, names in by_strength.items()
    ]
    return language.phrases["semicolon"].join(parts)


def _who(language: Language, names: Iterable[str]) -> str:
    said = [word(language, f"guideline {n}" if n != EVERYWHERE else "guideline all") for n in names]
    return join_or(language, said) if len(said) < 2 else listed(language, said)


def _bases(option: Option) -> list[Basis]:
    return [*(a.basis for a in option.advice), *(o.basis for o in option.objections)]
