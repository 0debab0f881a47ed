"""Years around the operation, months on the drug and its dose follow from recorded days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.possible import Numbers
from stromal.facts.record import read_record
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.known.derive import Derived, derive

REMOVED = (
    "kind: resection, day: 2014-01-10, facts: {specimen: resection, disease_extent: localised}"
)
ADJUVANT = (
    "kind: drug start, day: 2014-02-10, drug: imatinib, dose: 400 mg daily, purpose: adjuvant"
)
STOP = "kind: drug stop, day: {}, drug: imatinib, because: {}"
BACK = "kind: imaging, day: 2017-07-10, facts: {disease_extent: recurrent}"
ADVANCED = "kind: drug start, day: {}, drug: imatinib, dose: 400 mg daily, purpose: advanced"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def on_day(library: Library, day: str, *events: str) -> Derived:
    text = "events:\n" + "".join(f"  - {{{event}}}\n" for event in events)
    record = read_record(text.encode())
    assert not record.problems
    return derive(as_of(record, library.terms, datetime.date.fromisoformat(day)), library)


def number(found: Derived, name: str) -> str:
    fact = found.facts.get(name)
    if fact is None:
        return "-"
    assert isinstance(fact.possible, Numbers)
    low, high = (
        f"{end:.2f}".rstrip("0").rstrip(".") for end in (fact.possible.low, fact.possible.high)
    )
    conflict = "!" if any(one.name == name for one in found.conflicts) else ""
    return (low if low == high else f"{low} to {high}") + conflict


@pytest.mark.parametrize(
    ("day", "more", "years"),
    [
        ("2014-02-01", (), "0"),  # removed, no drug recorded
        ("2015-08-10", (ADJUVANT,), "1.49"),
        ("2017-01-20", (ADJUVANT,), "2.94 to 3"),  # as good as complete
        ("2017-02-10", (ADJUVANT,), "3"),
        ("2017-06-01", (ADJUVANT, STOP.format("2017-01-30", "planned end")), "3"),
        ("2017-06-01", (ADJUVANT, STOP.format("2016-02-10", "not tolerated")), "2"),
        ("2018-02-10", (ADJUVANT, BACK), "3.41"),  # from the relapse on it is no adjuvant drug
        ("2017-01-20", (ADJUVANT, "kind: visit, day: 2017-01-15, facts: {adjuvant_years: 3}"), "3"),
        ("2016-02-10", (ADJUVANT, "kind: visit, day: 2015-02-12, facts: {adjuvant_years: 1}"), "2"),
        ("2015-02-20", (ADJUVANT, "kind: visit, day: 2015-02-12, facts: {adjuvant_years: 3}"),
         "1.03 to 3!"),
    ],
)  # fmt: skip
def test_the_years_of_an_adjuvant_drug_are_counted_from_its_days(
    library: Library, day: str, more: tuple[str, ...], years: str
) -> None:
    assert number(on_day(library, day, REMOVED, *more), "adjuvant_years") == years


def test_years_before_and_after_the_operation_count_together(library: Library) -> None:
    before = "kind: drug start, day: 2013-01-10, drug: imatinib, purpose: neoadjuvant"
    stopped = STOP.format("2014-01-08", "operation")
    assert (
        number(on_day(library, "2016-02-10", before, stopped, REMOVED, ADJUVANT), "adjuvant_years")
        == "2.99 to 3"
    )


def test_a_drug_before_the_operation_that_the_record_does_not_date_leaves_the_years_open(
    library: Library,
) -> None:
    treated = REMOVED.replace(
        "specimen: resection", "specimen: resection, treated_before_specimen: yes"
    )
    assert number(on_day(library, "2014-02-01", treated), "adjuvant_years") == "-"
    assert number(on_day(library, "2015-02-10", treated, ADJUVANT), "adjuvant_years") == "1 to 40"


@pytest.mark.parametrize(
    ("day", "events", "months"),
    [
        ("2018-07-10", (REMOVED, BACK, ADVANCED.format("2017-08-10")), "10.97"),
        # taken up again after an operation: the drug goes on
        ("2018-07-10", (REMOVED, BACK, ADVANCED.format("2017-08-10"),
                        STOP.format("2018-02-01", "operation"), ADVANCED.format("2018-03-01")),
         "10.97"),
        # after a long break both counts stay open
        ("2018-07-10", (REMOVED, BACK, ADVANCED.format("2017-08-10"),
                        STOP.format("2017-10-01", "patient's wish"), ADVANCED.format("2018-06-10")),
         "0.99 to 10.97"),
        # an adjuvant drug that is gone on with treats the relapse from the relapse on
        ("2018-07-10", (REMOVED, ADJUVANT, BACK), "11.99"),
    ],
)  # fmt: skip
def test_months_on_the_drug_run_from_its_first_start_for_this_disease(
    library: Library, day: str, events: tuple[str, ...], months: str
) -> None:
    assert number(on_day(library, day, *events), "months_on_current_drug") == months


@pytest.mark.parametrize(
    ("more", "dose"),
    [
        ((), "400"),
        (("kind: dose change, day: 2017-09-10, drug: imatinib, dose: 400 mg twice daily",), "800"),
        (("kind: dose change, day: 2017-09-10, drug: imatinib, dose: less",), "-"),
        ((STOP.format("2017-09-10", "operation"),), "-"),
        (("kind: drug start, day: 2017-09-10, drug: sunitinib, purpose: advanced",), "-"),
        (("kind: visit, day: 2017-08-01, facts: {current_daily_dose: 600 mg/day}",), "400"),
        (("kind: visit, day: 2017-09-01, facts: {current_daily_dose: 600 mg/day}",),
         "400 to 600!"),
    ],
)  # fmt: skip
def test_the_dose_is_that_of_the_last_start_or_change(
    library: Library, more: tuple[str, ...], dose: str
) -> None:
    events = (REMOVED, BACK, ADVANCED.format("2017-08-10"), *more)
    assert number(on_day(library, "2018-01-10", *events), "current_daily_dose") == dose


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_years_never_fall_as_time_goes_by(library: Library, first: int, later: int) -> None:
    start = datetime.date(2014, 2, 10)
    days = sorted((first, first + later))
    found = [
        on_day(library, str(start + datetime.timedelta(days=day)), REMOVED, ADJUVANT).facts
        for day in days
    ]
    lows = [one["adjuvant_years"].possible.low for one in found]  # type: ignore[union-attr]
    assert lows[0] <= lows[1]
