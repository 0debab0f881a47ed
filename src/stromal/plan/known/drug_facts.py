"""The facts that follow from the drugs of a course: lines, the last one, those given and failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stromal.facts.dictionary import Term
from stromal.facts.fact import Fact, State
from stromal.facts.possible import Choices, Members, Numbers
from stromal.plan.known.computed import Computed, fact_of
from stromal.plan.known.course import SPREAD, Course, Run, lines
from stromal.plan.known.drug_endings import endings


def of_drugs(course: Course, terms: Mapping[str, Term]) -> Iterator[tuple[str, Computed]]:
    """Each fact that follows from the drugs, with the events it rests on."""
    counted = list(lines(course))
    events = tuple(run.start for run in course.runs)
    low, high = sum(certain for *_, certain in counted), len(counted)
    yield "line_of_therapy", Computed(_whole_numbers(low, high), events)
    yield "last_drug", Computed(Choices.of(_last_drug(course, terms)), (events[-1],))
    sure = {_listed(terms, drug) for drugs, _, certain in counted if certain for drug in drugs}
    maybe = {_listed(terms, drug) for drugs, *_ in counted for drug in drugs}
    yield "drugs_given", Computed(Members(frozenset(sure), frozenset(sure | maybe)), events)
    if any(run.purposes == {"neoadjuvant"} for run in course.runs) and course.removals:
        yield "neoadjuvant_drug_given", Computed(Choices.of("yes"), events)
    if relapse := _relapse(course):
        yield "relapse_and_adjuvant", relapse
    yield from endings(course, terms)


def _whole_numbers(low: int, high: int) -> Numbers:
    return Numbers(tuple(Numbers.between(n, n).intervals[0] for n in range(low, high + 1)))


def _last_drug(course: Course, terms: Mapping[str, Term]) -> str:
    """The drug started last; two that run together where the dictionary has them as one."""
    last = course.runs[-1]
    together = {drug for run in course.running for drug in run.drugs} | set(last.drugs)
    values = terms["last_drug"].values
    for value in values:
        parts = set(value.split(" with "))
        if len(parts) > 1 and parts <= together and parts & set(last.drugs):
            return value
    return last.drugs[0] if last.drugs[0] in values else "other"


def _listed(terms: Mapping[str, Term], drug: str) -> str:
    return drug if drug in terms["drugs_given"].values else "other"


def _relapse(course: Course) -> Computed | None:
    """How a relapse stands to an adjuvant drug; nothing where none was recorded.

    Spread that is seen after an adjuvant drug was begun came back, whatever it is called.
    """
    runs = [run for run in course.runs if run.purposes == {"adjuvant"}]
    if course.advanced is None or course.extent not in SPREAD or not runs:
        return None
    last, back = runs[-1], course.advanced
    if course.when(last.start) > course.when(back):
        return None
    ended = last.stop is not None and course.when(last.stop) < course.when(back)
    value = "after adjuvant drug ended" if ended else "during adjuvant drug"
    return Computed(Choices.of(value), (last.start, back))


def given_by_count(facts: Mapping[str, Fact], terms: Mapping[str, Term]) -> Fact | None:
    """The drugs given where the count of the lines says it: none, or the last one alone."""
    given, count, last = (facts.get(n) for n in ("drugs_given", "line_of_therapy", "last_drug"))
    if (given and given.state is not State.UNKNOWN) or count is None or "drugs_given" not in terms:
        return None
    if count.possible == Numbers.exactly(0):
        return fact_of("drugs_given", Members.exactly(()), count.origins)
    if last is None or count.possible != Numbers.exactly(1) or not last.possible.is_single():
        return None
    if last.possible == Choices.of("none"):
        return None
    drugs = [_listed(terms, drug) for drug in str(last.possible).split(" with ")]
    return fact_of("drugs_given", Members.exactly(drugs), (*count.origins, *last.origins))


def runs_in_words(runs: tuple[Run, ...]) -> Iterator[str]:
    """Each drug with its days and purpose: 'imatinib, advanced, 2012-03 to 2014-05'."""
    for run in runs:
        drug = " with ".join(run.drugs)
        purpose = " or ".join(sorted(run.purposes))
        end = f"to {run.stop.day}" if run.stop else "on, no end recorded"
        yield f"{drug}, {purpose}, {run.start.day or 'day not known'} {end}"
