"""What is left of the disease, whether it grows, whether a drug was given, where nobody says so.

All that follows here follows from the order of the events: an operation that left nothing to be
seen, a relapse while an adjuvant drug ran, a statement that nothing was given by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, Members, Numbers
from stromal.facts.problem import Problem
from stromal.facts.record import Event
from stromal.facts.values import read_value
from stromal.plan.known.computed import Computed, fact_of, last_typed, origin_of
from stromal.plan.known.course import RESECTION, SPREAD, Course, said

PROGRESSION, RESECTABILITY, LINES = "progression", "resectability", "line_of_therapy"
NOTHING_LEFT = "nothing left to remove"
_GROWTH = ("focal", "general")
_TREATED = (
    "last_drug", "drugs_given", "neoadjuvant_drug_given", "treated_before_specimen",
    "relapse_and_adjuvant", "adjuvant_years", LINES,
)  # fmt: skip
"""Facts by which a drug may be stated that the events do not tell of."""
_NONE_GIVEN: Mapping[str, object] = {
    "last_drug": Choices.of("none"),
    "drugs_given": Members.exactly(()),
    "neoadjuvant_drug_given": Choices.of("no"),
    "treated_before_specimen": Choices.of("no"),
    "relapse_and_adjuvant": Choices.of("no adjuvant drug given"),
    "adjuvant_years": Numbers.exactly(0),
}


def all_removed(course: Course, terms: Mapping[str, Term]) -> Event | None:
    """The operation that removed all that was seen of advanced disease, none of it seen since."""
    if course.advanced is None:
        return None
    since = course.when(course.advanced)
    later = [e for e in course.events if e.kind == RESECTION and course.when(e) > since]
    if not later or said(later[-1], "resection_margin", terms) not in ("R0", "R1"):
        return None
    done = course.when(later[-1])
    seen = any(course.when(e) > done and _shows_disease(e, terms) for e in course.events)
    return None if seen else later[-1]


def _shows_disease(event: Event, terms: Mapping[str, Term]) -> bool:
    return (
        said(event, "disease_extent", terms) in SPREAD
        or said(event, "distant_metastasis", terms) == "yes"
        or said(event, PROGRESSION, terms) in _GROWTH
        or any(event.facts.get(name) not in (None, [], "[]") for name in ("metastasis_sites",))
        or RESECTABILITY in event.facts
        or bool(event.details.get("lesions"))
    )


def nothing_left(
    course: Course, facts: Mapping[str, Fact], terms: Mapping[str, Term]
) -> Fact | None:
    """After such an operation what was said of resectability before it has passed."""
    gone = all_removed(course, terms)
    given = facts.get(RESECTABILITY)
    if gone is None or NOTHING_LEFT not in terms[RESECTABILITY].values:
        return None
    if given is not None and given.state is not State.UNKNOWN:
        typed_on = last_typed(given, course)
        if typed_on is None or typed_on > course.when(gone):
            return None
    return fact_of(RESECTABILITY, Choices.of(NOTHING_LEFT), (origin_of(gone),))


def grown_back(course: Course, facts: Mapping[str, Fact]) -> Computed | None:
    """A relapse while an adjuvant drug ran is growth under it; open once its dose was changed."""
    back = course.advanced
    if back is None or course.extent != "recurrent" or len(course.running) != 1:
        return None
    run, place = course.running[0], course.when(back)
    changed = any(course.when(event) >= place for event in run.changes)
    begun = any(course.when(one.start) >= place for one in course.runs)
    if run.purposes != {"adjuvant"} or begun or course.when(run.start) >= place:
        return None
    given = facts.get(PROGRESSION)
    if given is not None and given.state is not State.UNKNOWN:
        typed_on = last_typed(given, course)
        if typed_on is None or typed_on >= place:
            return None
    return Computed(Choices.of(*_GROWTH, *(("none",) if changed else ())), (run.start, back))


def untreated(
    course: Course, facts: Mapping[str, Fact], terms: Mapping[str, Term]
) -> Iterator[tuple[str, Computed]]:
    """No line yet: the disease never spread, or somebody said since that no drug was given.

    Silence alone says nothing: a record without drugs may only not tell of them.
    """
    if course.runs or any(_is_stated(facts, name) for name in _TREATED):
        return
    if course.advanced is None:
        telling = tuple(e for e in course.events if said(e, "disease_extent", terms))
        if course.extent == "localised":
            yield LINES, Computed(Numbers.exactly(0), telling[-1:])
        return
    since = course.when(course.advanced)
    told = tuple(e for e in course.events if course.when(e) >= since and _says_none(e, terms))
    if told:
        yield LINES, Computed(Numbers.exactly(0), told[-1:])


def _is_stated(facts: Mapping[str, Fact], name: str) -> bool:
    """True if the fact names a drug, or a number of lines."""
    fact = facts.get(name)
    return (
        fact is not None
        and fact.state is not State.UNKNOWN
        and fact.possible != _NONE_GIVEN.get(name)
    )


def _says_none(event: Event, terms: Mapping[str, Term]) -> bool:
    if said(event, "treated_before_specimen", terms) == "no":
        return True
    if said(event, "last_drug", terms) == "none":
        return True
    value = (
        read_value(terms["drugs_given"], event.facts["drugs_given"])
        if "drugs_given" in event.facts
        else None
    )
    return (
        value is not None
        and not isinstance(value, Problem)
        and value.possible == Members.exactly(())
    )
