"""What is left, what grows and what was never given, where the order of the events says it."""

import datetime

import pytest

from stromal.facts.record import read_record
from stromal.facts.timeline import as_of
from stromal.library import Library, load
from stromal.plan.known.derive import derive

REMOVED = (
    "kind: resection, day: 2014-01-10, "
    "facts: {specimen: resection, resection_margin: R0, disease_extent: localised}"
)
ADJUVANT = "kind: drug start, day: 2014-02-10, drug: imatinib, purpose: adjuvant"
NONE_YET = "kind: visit, day: 2015-01-10, facts: {progression: none}"
BACK = (
    "kind: imaging, day: 2016-07-10, "
    "facts: {disease_extent: recurrent, resectability: complete resection likely}"
)
ADVANCED = "kind: drug start, day: 2016-08-10, drug: imatinib, purpose: advanced"
STEADY = "kind: imaging, day: 2017-01-10, facts: {progression: none}"
METASTASIS = (
    "kind: resection, day: 2017-03-10, "
    "facts: {specimen: resection of metastasis, resection_margin: R0}"
)
STOP = "kind: drug stop, day: 2017-06-10, drug: imatinib, because: patient's wish"
SEEN_AGAIN = "kind: imaging, day: 2018-02-10, facts: {metastasis_sites: [liver]}"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def words(library: Library, name: str, *events: str) -> str:
    text = "events:\n" + "".join(f"  - {{{event}}}\n" for event in events)
    record = read_record(text.encode())
    assert not record.problems
    found = derive(as_of(record, library.terms, datetime.date(2019, 1, 1)), library)
    fact = found.facts.get(name)
    conflict = "!" if any(one.name == name for one in found.conflicts) else ""
    return (str(fact.possible) if fact else "-") + conflict


RUNNING = (REMOVED, BACK, ADVANCED, STEADY)


@pytest.mark.parametrize(
    ("events", "state", "left"),
    [
        (RUNNING, "controlled on drug", "complete resection likely"),
        ((*RUNNING, METASTASIS), "controlled on drug", "nothing left to remove"),
        ((*RUNNING, METASTASIS, STOP), "advanced and removed", "nothing left to remove"),
        ((*RUNNING, METASTASIS, STOP, SEEN_AGAIN), "advanced without drug",
         "complete resection likely"),
        ((*RUNNING, METASTASIS.replace("R0", "R2"), STOP), "advanced without drug",
         "complete resection likely"),
        ((REMOVED, BACK, METASTASIS), "advanced and removed", "nothing left to remove"),
    ],
)  # fmt: skip
def test_after_an_operation_that_left_nothing_there_is_nothing_to_remove(
    library: Library, events: tuple[str, ...], state: str, left: str
) -> None:
    assert words(library, "disease_state", *events) == state
    assert words(library, "resectability", *events) == left


@pytest.mark.parametrize(
    ("events", "progression"),
    [
        ((REMOVED, ADJUVANT, NONE_YET), "none"),
        ((REMOVED, ADJUVANT, NONE_YET, BACK), "focal or general"),
        ((REMOVED, ADJUVANT, NONE_YET, BACK, STEADY), "none"),  # said after the relapse
        ((REMOVED, ADJUVANT, NONE_YET, BACK,
          "kind: dose change, day: 2016-08-01, drug: imatinib, dose: 800 mg daily"),
         "focal or general or none"),  # what the higher dose does is open
        ((REMOVED, ADJUVANT, BACK, ADVANCED), "-"),  # started anew for the relapse: open
    ],
)  # fmt: skip
def test_a_relapse_while_an_adjuvant_drug_runs_is_growth_under_it(
    library: Library, events: tuple[str, ...], progression: str
) -> None:
    assert words(library, "progression", *events) == progression
    if progression == "focal or general":
        state = words(library, "disease_state", *events)
        assert state == "focal progression on drug or general progression on drug"


SPREAD = "kind: imaging, day: 2016-07-10, facts: {disease_extent: metastatic}"
BIOPSY = (
    "kind: biopsy, day: 2016-07-20, "
    "facts: {specimen: core needle biopsy, treated_before_specimen: no}"
)


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        ((SPREAD,), "-"),  # silence says nothing
        ((SPREAD, BIOPSY), "0"),
        ((SPREAD, "kind: visit, day: 2016-07-20, facts: {last_drug: none}"), "0"),
        ((BIOPSY.replace("2016", "2015"), SPREAD), "-"),  # said before it had spread
        ((SPREAD, BIOPSY, "kind: visit, day: 2018-01-01, facts: {last_drug: sunitinib}"), "-"),
        ((SPREAD, BIOPSY, "kind: visit, day: 2018-01-01, facts: {line_of_therapy: 2}"), "2"),
        ((SPREAD, BIOPSY, ADVANCED), "1"),
        ((REMOVED,), "0"),  # it never spread
    ],
)
def test_no_line_was_given_where_it_never_spread_or_somebody_said_so_since(
    library: Library, events: tuple[str, ...], lines: str
) -> None:
    assert words(library, "line_of_therapy", *events) == lines
