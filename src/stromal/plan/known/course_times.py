"""How long a drug has been taken, and at which dose, as the course of the record tells it.

Spans that people round when they write them are said as ranges here: nothing is rounded.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from stromal.facts.ending import PLANNED, reasons
from stromal.facts.fact import Fact
from stromal.facts.possible import Choices, Numbers
from stromal.facts.record import days_of
from stromal.plan.known.computed import ADJUVANT_YEARS, Computed
from stromal.plan.known.course import Course, Run
from stromal.plan.known.drugs_taken import read_daily

DAYS_OF_MONTH = 365.25 / 12
DAYS_OF_YEAR = 365.25
LONGEST_BREAK = 92
"""A convention: a drug taken up again within three months goes on; later, both counts stay open."""
NEARLY = 31
"""A convention: in the last month before whole years the course may be called complete."""
SLIP = 2
"""Days by which the calendar misses a whole number of average years."""
AROUND = frozenset(("neoadjuvant", "adjuvant"))
ADJUVANT_DRUG = "imatinib"
Span = tuple[datetime.date, datetime.date]


def of_time(
    course: Course, facts: Mapping[str, Fact], day: datetime.date
) -> Iterator[tuple[str, Computed]]:
    """Weeks since the operation, months on the drug, years around the operation, the dose."""
    if course.removals and (span := days_of(course.removals[-1])):
        yield "weeks_since_surgery", Computed(_since(span, day, 7), (course.removals[-1],))
    if course.running and (found := _months(course, day)):
        yield "months_on_current_drug", found
    if found := adjuvant_years(course, facts, day):
        yield ADJUVANT_YEARS, found
    if found := current_dose(course):
        yield "current_daily_dose", found


def current_dose(course: Course) -> Computed | None:
    """The mg per day of the one drug that is taken; None with several, or where it is not told."""
    if len(course.running) != 1 or len(course.running[0].drugs) != 1:
        return None
    run = course.running[0]
    told = (run.start, *run.changes)[-1]
    dose = read_daily(str(told.details.get("dose") or ""))
    return Computed(dose, (told,)) if dose is not None else None


def _months(course: Course, day: datetime.date) -> Computed | None:
    """From the first start of the present drug for its present purpose.

    An adjuvant drug that is gone on with treats advanced disease from the relapse on.
    """
    run = course.running[-1]
    chain = [run, *_taken_before(course, run)]
    begun = run.start
    if run.purposes == {"adjuvant"} and course.advanced is not None:
        back = course.when(course.advanced)
        begun = course.advanced if back > course.when(run.start) else run.start
        chain = [run]
    starts = [begun, *(one.start for one in chain[1:])]
    spans = [span for event in starts if (span := days_of(event))]
    if len(spans) < len(starts):
        return None
    counts = [_since(span, day, DAYS_OF_MONTH) for span in spans]
    broken = any(_break(earlier, later) > LONGEST_BREAK for later, earlier in pairwise(chain))
    low = min(one.low for one in counts) if broken else counts[-1].low
    return Computed(Numbers.between(low, counts[-1].high), (starts[-1], run.start))


def _taken_before(course: Course, run: Run) -> list[Run]:
    """The runs of the same drug for the same purpose before it, the last first, none between."""
    place = course.runs.index(run)
    found = []
    for one in reversed(course.runs[:place]):
        if one.drugs != run.drugs or one.purposes != run.purposes:
            break
        found.append(one)
    return found


def _break(earlier: Run, later: Run) -> int:
    """The most days between the end of a drug and its next start."""
    stop, start = (days_of(one) if one else None for one in (earlier.stop, later.start))
    return (start[1] - stop[0]).days if stop and start else LONGEST_BREAK + 1


def adjuvant_years(
    course: Course, facts: Mapping[str, Fact], day: datetime.date
) -> Computed | None:
    """The years of imatinib around the operation, before and after it together.

    None where the record does not tell of an operation, or of drugs without their days.
    """
    if not course.removals:
        return None
    runs = [run for run in course.runs if run.purposes & AROUND and ADJUVANT_DRUG in run.drugs]
    spans = [_taken(course, run, day) for run in runs]
    if any(span is None for span in spans):
        return None
    sure = [span for run, span in zip(runs, spans, strict=True) if run.purposes <= AROUND and span]
    low = sum(max(span[0], 0) for span in sure)
    high = sum(max(span[1], 0) for span in spans if span)
    missing = _was_treated(facts) and not any("neoadjuvant" in run.purposes for run in runs)
    if not runs:
        return (
            None if missing or _typed(facts) else Computed(Numbers.exactly(0), course.removals[-1:])
        )
    planned = all(run.stop is not None for run in runs) and _is_planned(runs[-1])
    years = _years(low, high, planned=planned)
    if missing:
        years = Numbers.between(years.low, math.inf)
    events = tuple(e for run in runs for e in (run.start, run.stop) if e)
    return Computed(years, events)


def _taken(course: Course, run: Run, day: datetime.date) -> tuple[int, int] | None:
    """The least and the most days of a run, up to the day, the relapse, or its stop."""
    start = days_of(run.start)
    if start is None or (run.stop is not None and days_of(run.stop) is None):
        return None
    ends: list[Span] = [(day, day)]
    ends += [days_of(run.stop) or (day, day)] if run.stop else []
    if course.advanced is not None and course.when(course.advanced) > course.when(run.start):
        ends += [days_of(course.advanced) or (day, day)]
    first, last = min(end[0] for end in ends), min(end[1] for end in ends)
    return (first - start[1]).days, (last - start[0]).days


def _years(low: int, high: int, *, planned: bool) -> Numbers:
    """Days as years; whole years where the course is as good as complete."""
    whole = math.ceil(low / DAYS_OF_YEAR)
    lacking = whole * DAYS_OF_YEAR - low
    if low and (lacking <= SLIP or (planned and lacking <= NEARLY)):
        return Numbers.between(whole, max(whole, high / DAYS_OF_YEAR))
    top = whole if low and lacking <= NEARLY else 0
    return Numbers.between(low / DAYS_OF_YEAR, max(top, high / DAYS_OF_YEAR))


def _is_planned(run: Run) -> bool:
    return run.stop is not None and reasons(run.stop.details) == {PLANNED}


def _was_treated(facts: Mapping[str, Fact]) -> bool:
    """Whether a drug before the operation is stated, so that the record may not hold its days."""
    names = ("treated_before_specimen", "neoadjuvant_drug_given")
    return any(n in facts and facts[n].possible == Choices.of("yes") for n in names)


def _typed(facts: Mapping[str, Fact]) -> bool:
    """Whether drugs are stated that the record tells no days of."""
    last = facts.get("last_drug")
    told = last is not None and last.possible != Choices.of("none")
    return told or ADJUVANT_YEARS in facts or "drugs_given" in facts


def _since(span: Span, day: datetime.date, unit: float) -> Numbers:
    """The time from a day, perhaps vague, in units of so many days."""
    least, most = (max((day - one).days, 0) / unit for one in (span[1], span[0]))
    return Numbers.between(least, most)
