"""Any record can be written and read again; any bytes give a record or say why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stromal.facts.ending import ENDINGS, REASONS
from stromal.facts.kinds import EVENT_KINDS, NEEDED_KEYS, OWN_KEYS
from stromal.facts.record import Event, Record, read_record, write_record

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12
)
NAMES = st.sampled_from(["a", "age", "tumour_size", "y", "no", "null", "x_1"])
LOOKS_LIKE_VALUES = ["no", "yes", "on", "null", "~", "?", "3", "2.50", "1e3", "2008-03-01", "<5"]
LOOKS_LIKE_YAML = ["a: b", "# c", "- d", "[e", "*f", "&g", "!h", "'", '"', " i ", "=", "<<"]
WORDS = st.sampled_from([*LOOKS_LIKE_VALUES, *LOOKS_LIKE_YAML])
SCALARS = st.one_of(WORDS, TEXTS)
VALUES = st.one_of(
    SCALARS,
    st.none(),
    st.lists(SCALARS, max_size=3),
    st.dictionaries(NAMES, SCALARS, max_size=2),
)
FACTS = st.dictionaries(NAMES, VALUES, max_size=4)
DAYS = st.sampled_from(["", "2008", "2008-03", "2008-03-01"])


@st.composite
def events(draw: st.DrawFn, number: int) -> Event:
    kind = draw(st.sampled_from(EVENT_KINDS))
    names = [*NEEDED_KEYS.get(kind, ())]
    names += [key for key in OWN_KEYS.get(kind, ()) if key in ("because", "words", "dissent")]
    details: dict[str, object] = {key: "5 ng/mL" if key == "level" else "said" for key in names}
    if kind == "refill":
        details["days"] = "30"
    if kind in ENDINGS:
        details["because"] = draw(st.sampled_from(REASONS))
    return Event(
        id=f"e{number}",
        day=draw(DAYS),
        recorded=draw(DAYS),
        kind=kind,
        source=draw(st.one_of(st.just(""), SCALARS.filter(str.strip))),
        facts=draw(FACTS) if kind != "diary" else {},
        corrects=draw(st.sampled_from(["", "e0"])) if number else "",
        words=draw(st.one_of(st.just(""), SCALARS)),
        details=details,
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    found = [draw(events(number)) for number in range(draw(st.integers(0, 3)))]
    source = draw(SCALARS)
    if draw(st.booleans()):
        found.insert(0, Event("facts", "", "", "history", source, draw(FACTS)))
    expect = draw(FACTS)
    why = draw(st.one_of(st.just(""), SCALARS))
    return Record("p", draw(SCALARS), source, tuple(found), expect, why, (), "p.yaml")


@given(records())
def test_what_is_written_reads_back_equal(record: Record) -> None:
    again = read_record(write_record(record).encode(), "p.yaml")
    assert again.problems == ()
    assert again == record


@given(records())
def test_json_and_yaml_are_one_format(record: Record) -> None:
    as_yaml = read_record(write_record(record).encode(), "p.yaml")
    data: dict[str, object] = {"id": "p", "title": record.title, "source": record.source}
    data["expect"] = record.expect
    plain = json.dumps(data, indent="\t", ensure_ascii=False)
    as_json = read_record(plain.encode(), "p.json")
    assert as_json.problems == ()
    assert (as_json.title, as_json.source, as_json.expect) == (
        as_yaml.title, as_yaml.source, as_yaml.expect,
    )  # fmt: skip


def test_what_cannot_be_read_is_written_back_as_it_stood() -> None:
    text = """id: p
colour: blue
events:
- kind: visit
  day: 2008-02-30
  mood: [good, better]
"""
    record = read_record(text.encode(), "p.yaml")
    assert len(record.problems) == 3
    assert record.unread == {"colour": "blue"}
    assert record.events[0].unread == {"day": "2008-02-30", "mood": ["good", "better"]}
    again = read_record(write_record(record).encode(), "p.yaml")
    assert again == record
    assert len(again.problems) == 3


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("facts: {}".encode("utf-16"), "UTF-16"),
        ("facts: {}".encode("utf-16-le"), "UTF-16"),
        ("facts: {}".encode("utf-16-be"), "UTF-16"),
        ("facts: {}".encode("utf-32"), "UTF-32"),
        ("title: Müller".encode("latin-1"), "Latin-1"),
        ("title: “Müller”".encode("cp1252"), "Windows-1252"),
        (b"\x7fELF\x00\x00\x01", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"\x00", "binary"),
    ],
)
def test_an_encoding_that_is_not_utf8_is_called_by_its_name(data: bytes, named: str) -> None:
    (problem,) = read_record(data, "file").problems
    assert named in problem.what
    assert problem.remedy


def test_a_mark_at_the_start_and_windows_lines_do_no_harm() -> None:
    record = read_record("\ufeffid: p\r\nfacts:\r\n  sex: male\r\n".encode())
    assert record.problems == ()
    assert record.events[0].facts == {"sex": "male"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("sex: !!python/name:os.system ''", "a tag 'tag:yaml.org,2002:python/name:os.system'"),
        ("sex: !secret x", "a tag '!secret'"),
        ("sex: [[[[[[[[[[[[[[1]]]]]]]]]]]]]]", "nested too deeply"),
        ("? [a, b]\n  : c", "unknown key '?'"),
    ],
)
def test_what_a_record_never_needs_is_refused_in_its_place(line: str, what: str) -> None:
    record = read_record(f"facts:\n  age: 40\n  {line}\n".encode(), "p.yaml")
    assert record.events[0].facts["age"] == "40"
    if "unknown key" not in what:
        assert record.problems[0].place == "p.yaml:3, sex"
        assert what in record.problems[0].what


@pytest.mark.parametrize("data", [b"[" * 1_000_000, b"{a: " * 100_000, b"- " * 100_000])
def test_depth_without_end_is_stopped(data: bytes) -> None:
    (problem,) = read_record(data, "deep").problems
    assert "not valid YAML" in problem.what


@pytest.mark.parametrize(
    "data", [b"a: [" + b"1," * 2_000_000 + b"]", b"facts:\n" + b" - 1\n" * 900_000]
)
def test_a_file_with_more_than_a_patient_can_need_is_refused_at_once(data: bytes) -> None:
    (problem,) = read_record(data, "large").problems
    assert "more than 50000 values" in problem.what
    assert "one patient" in problem.remedy


@pytest.mark.parametrize(
    ("event", "place", "what"),
    [
        ("{kind: drug start}", "event 1, drug", "a drug start without its drug"),
        ("{kind: adverse event, term: rash, grade: 7}", "event 1, grade", "lies outside"),
        ("{kind: drug level, drug: imatinib, level: 1100}", "event 1, level", "no unit"),
        ("{kind: drug start, drug: imatinib, purpose: fun}", "event 1, purpose", "no value"),
        ("{kind: decision}", "event 1, text", "a decision without its text"),
        ("{kind: visit, drug: imatinib}", "event 1, drug", "unknown key 'drug'"),
        ("{day: 2008}", "event 1, kind", "no kind"),
        ("{kind: visit, recorded: 2008-13}", "event 1, recorded", "not a day"),
        ("{kind: visit, source: [a]}", "event 1, source", "not a text"),
        ("visit", "event 1", "not a list of 'key: value'"),
    ],
)
def test_the_keys_of_an_event_are_checked_by_its_kind(event: str, place: str, what: str) -> None:
    problems = read_record(f"events:\n  - {event}\n".encode(), "p.yaml").problems
    assert any(p.place == f"p.yaml:2, {place}" and what in p.what for p in problems), problems


NOISE = st.text(alphabet="abc:-[]{}&*!'\"|>%@` \n\t#?0.,~<", max_size=120)


@given(st.one_of(st.binary(max_size=300), NOISE.map(str.encode)))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    record = read_record(data, "noise")
    for problem in record.problems:
        assert problem.place.startswith("noise")
        assert problem.what
        assert problem.remedy
    assert isinstance(write_record(record), str)
