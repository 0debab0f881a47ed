"""Whatever is typed of scans, drugs and days, there is an answer with problems, never a failure."""

import datetime
from functools import cache

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stromal.cli.machine import plain_data
from stromal.cli.pages.page import Page
from stromal.cli.pages.response_chart import report_svg
from stromal.cli.pages.response_html import response_html
from stromal.cli.pages.response_page import response_lines, summary_lines
from stromal.facts.record import read_record
from stromal.library import Library, load
from stromal.plan.response.report import response_of

LESION = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c", ""])},
    optional={
        "organ": st.sampled_from(["liver", "lymph node", "bone"]),
        "size": st.sampled_from(["0 mm", "9 mm", "12 mm", "3 cm", "40", ["20 mm", "9 mm"]]),
        "density": st.sampled_from(["40 HU", "70 HU"]),
        "kind": st.sampled_from(["target", "non-target", "new", "nodule", "else"]),
        "inside": st.sampled_from(["a", "zz"]),
        "seen": st.sampled_from(["gone", "merged", "not evaluated", "too small to measure"]),
        "certain": st.sampled_from(["yes", "no"]),
        "treated_locally": st.just("yes"),
    },
)
SCAN = st.fixed_dictionaries(
    {"kind": st.just("imaging"), "lesions": st.lists(LESION, max_size=3)},
    optional={
        "modality": st.sampled_from(["CT", "MRI"]),
        "phase": st.sampled_from(["portal venous", "arterial"]),
        "baseline": st.just("yes"),
        "new_lesions": st.just("none"),
        "non_targets": st.sampled_from(["persist", "gone", "unequivocal progression"]),
        "uptake": st.sampled_from(
            [{"measure": "SUVmax", "now": "2"}, {"measure": "SULpeak", "now": "2", "before": "0"}]
        ),
        "facts": st.sampled_from([{"progression": "none"}, {"progression": "general"}]),
    },
)
DRUG = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["drug start", "drug stop"]),
        "drug": st.sampled_from(["imatinib", "sunitinib"]),
    },
    optional={"purpose": st.sampled_from(["advanced", "adjuvant", "neoadjuvant"])},
)
OTHER = st.sampled_from(
    [
        {"kind": "resection", "facts": {"specimen": "resection of metastasis"}},
        {"kind": "visit", "facts": {"disease_extent": "metastatic"}},
    ]
)
EVENT = st.tuples(
    st.sampled_from([0, 5, 30, 60]), st.booleans(), st.one_of(SCAN, SCAN, DRUG, OTHER)
)


@cache
def library() -> Library:
    return load()


def dated(events: list[tuple[int, bool, dict[str, object]]]) -> list[dict[str, object]]:
    day, found = datetime.date(2022, 1, 1), []
    for step, vague, event in events:
        day += datetime.timedelta(days=step)
        found.append({**event, "day": str(day)[: 7 if vague else 10]})
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=8))
def test_every_record_has_a_report_on_every_page(events) -> None:
    text = yaml.safe_dump({"id": "x", "events": dated(events)})
    report = response_of(library(), read_record(text.encode(), "x.yaml"))
    assert list(response_lines(Page(80), report))
    assert len(summary_lines(Page(80), report)) <= 6
    assert response_html(report).endswith("</html>\n")
    assert isinstance(report_svg(report), str)
    assert plain_data(report)
    compared = report.facts["compared_scans"] != "0"
    assert compared or not report.because, "without a comparison nothing follows from it"
