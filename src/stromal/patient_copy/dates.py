"""My dates: the next look by each source, from the doctor's own calendar."""

from __future__ import annotations

from collections.abc import Iterator

from stromal.followup.calendar import NONE, Look, Rule, State
from stromal.patient_copy.sentences import Sentence, make
from stromal.patient_copy.texts import Language
from stromal.patient_copy.told import Ground, Told
from stromal.patient_copy.values import word
from stromal.plan.schedule.follow_up import Wish, follow_up

_TO_COME = (State.DUE, State.OVERDUE, State.PLANNED)


def dates(told: Told, language: Language) -> Iterator[Sentence]:
    """The next look of every line: overdue, in a window, or on a day.

    Reviews, trial protocols, payment rules and what is only remembered are for the doctor's page.
    """
    found = follow_up(told.library, told.record, told.day, Wish())
    for schedule in (one for one in found.schedules if not one.is_beside):
        for line in schedule.lines:
            looks = [look for look in line.looks if look.state in _TO_COME]
            if looks:
                yield _next(language, looks[0])
        for stated in schedule.stated:
            if stated.rule.every == NONE and not stated.depends_on:
                who = word(language, stated.rule.authority)
                yield make(language, "dates-none-advised", [_ground(stated.rule)], who=who)


def _next(language: Language, look: Look) -> Sentence:
    if look.state is State.OVERDUE:
        rule_id = "dates-overdue"
    else:
        rule_id = "dates-day" if look.earliest == look.latest else "dates-window"
    return make(
        language,
        rule_id,
        [_ground(look.rule)],
        who=word(language, look.rule.authority),
        test=word(language, look.rule.test),
        earliest=look.earliest.isoformat(),
        latest=look.latest.isoformat(),
    )


def _ground(rule: Rule) -> Ground:
    name = f"{rule.document}#{rule.row}"
    outputs = {"test": rule.test, "every_months": rule.every, "authority": rule.authority}
    return Ground("row", name, (rule.source,), rule.status, rule.words, outputs)
