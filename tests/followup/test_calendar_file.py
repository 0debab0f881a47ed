"""The calendar file: valid by RFC 5545, lasting identities, versions, cancelled looks, zones."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.ics_reader import read
from followup.test_calendar import looks
from stromal.followup.calendar import Line
from stromal.followup.calendar_file import PRODUCT, Edition, calendar_file
from stromal.followup.calendar_text import folded, read_entries
from stromal.followup.time_zone import changes, time_zone

STAMP = datetime.datetime(2020, 4, 1, 12, tzinfo=datetime.UTC)
LATER = STAMP + datetime.timedelta(days=100)
BERLIN = ZoneInfo("Europe/Berlin")


def china(years: int = 1, **more) -> Line:
    return looks("after-resection-china", "CHF-1", years=years, **more)


def written(*lines: Line, patient: str = "patient", stamp=STAMP, **more) -> str:
    return calendar_file(lines, Edition(patient, stamp, **more))


def events(text: str) -> list[dict]:
    return list(read(text.encode())["events"].values())


def test_a_calendar_file_is_whole_days_that_another_reader_accepts() -> None:
    found = events(written(china()))
    assert [str(event["start"]) for event in found] == [
        "2020-06-30", "2020-09-30", "2020-12-31", "2021-03-31",
    ]  # fmt: skip
    assert {event["DTSTAMP"] for event in found} == {"20200401T120000Z"}
    assert {event["STATUS"] for event in found} == {"TENTATIVE"}


def test_a_look_that_moves_keeps_its_identity_and_rises_in_version() -> None:
    before = written(china())
    late = china(done=(datetime.date(2020, 7, 20),), today=datetime.date(2020, 7, 21))
    after = written(late, stamp=LATER, earlier=read_entries(before, PRODUCT))
    old, new = read(before.encode())["events"], read(after.encode())["events"]
    assert list(new) == list(old)
    first, second, *_ = new.values()
    assert (first["STATUS"], str(first["start"])) == ("CONFIRMED", "2020-07-20")
    assert (second["STATUS"], str(second["start"])) == ("TENTATIVE", "2020-10-20")
    assert {event["SEQUENCE"] for event in new.values()} == {"1"}


def test_a_look_that_did_not_change_keeps_its_version_and_stamp() -> None:
    before = written(china(), sequence=7)
    again = written(china(), stamp=LATER, sequence=900, earlier=read_entries(before, PRODUCT))
    assert again == before


def test_a_look_that_falls_away_is_cancelled_once() -> None:
    before = written(china(years=2))
    shorter = written(china(), stamp=LATER, earlier=read_entries(before, PRODUCT))
    found = events(shorter)
    assert [event["STATUS"] for event in found] == ["TENTATIVE"] * 4 + ["CANCELLED"] * 4
    assert [event["SEQUENCE"] for event in found] == ["0"] * 4 + ["1"] * 4
    again = written(china(), stamp=LATER, earlier=read_entries(shorter, PRODUCT))
    assert again == shorter


def test_a_cancelled_look_that_is_wanted_again_comes_back_with_a_higher_version() -> None:
    before = written(china(years=2))
    shorter = written(china(), earlier=read_entries(before, PRODUCT))
    back = events(written(china(years=2), earlier=read_entries(shorter, PRODUCT)))
    assert [event["STATUS"] for event in back] == ["TENTATIVE"] * 8
    assert [event["SEQUENCE"] for event in back[4:]] == ["2"] * 4


def test_an_overdue_look_says_so() -> None:
    (first, *_) = events(written(china(today=datetime.date(2020, 8, 1))))
    assert first["SUMMARY"].startswith("Overdue: CT or MRI")


def test_the_identity_tells_nothing_and_differs_between_patients() -> None:
    one, other = (written(china(), patient=name) for name in ("Ada", "Bea"))
    assert "Ada" not in one
    assert set(read(one.encode())["events"]).isdisjoint(read(other.encode())["events"])


def test_the_time_of_writing_and_the_time_of_day_need_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Edition("patient", datetime.datetime(2020, 4, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        Edition("patient", STAMP, at=datetime.time(9))


def test_a_time_of_day_stands_in_local_time_on_both_sides_of_the_change_of_clocks() -> None:
    text = written(china(), at=datetime.time(9), zone=BERLIN)
    assert read(text.encode())["zones"] == {"Europe/Berlin"}
    assert [event["start"].hour for event in events(text)] == [9] * 4


def test_a_timed_look_that_falls_away_still_finds_its_zone_in_the_file() -> None:
    timed = written(china(years=2), at=datetime.time(9), zone=BERLIN)
    whole_days = written(china(), earlier=read_entries(timed, PRODUCT))
    assert read(whole_days.encode())["zones"] == {"Europe/Berlin"}


ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "Asia/Shanghai", "Asia/Kolkata",
         "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "UTC")  # fmt: skip


@given(
    st.sampled_from(ZONES),
    st.datetimes(
        datetime.datetime(2011, 1, 1),  # noqa: DTZ001
        datetime.datetime(2037, 12, 31),  # noqa: DTZ001
    ),
)
def test_the_zone_of_the_file_tells_the_same_offset_as_the_system(name, moment) -> None:
    """The observance in force is the last that began, told by the clock before it."""
    zone, utc = ZoneInfo(name), moment.replace(tzinfo=datetime.UTC)
    lines = time_zone(zone, moment.year, moment.year)
    values = [dict(line.split(":", 1) for line in part.split("\n") if ":" in line)
              for part in "\n".join(lines).split("BEGIN:")[2:]]  # fmt: skip
    began = [(_utc(one), one["TZOFFSETTO"]) for one in values]
    offset = max(one for one in began if one[0] <= utc)[1]
    assert _minutes(offset) * 60 == utc.astimezone(zone).utcoffset().total_seconds()


def _minutes(offset: str) -> int:
    return (int(offset[1:3]) * 60 + int(offset[3:])) * (-1 if offset[0] == "-" else 1)


def _utc(observance: dict) -> datetime.datetime:
    local = datetime.datetime.strptime(observance["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    before = datetime.timedelta(minutes=_minutes(observance["TZOFFSETFROM"]))
    return (local - before).replace(tzinfo=datetime.UTC)


def test_clocks_in_berlin_change_on_the_last_sundays_of_march_and_october() -> None:
    year = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    found = changes(BERLIN, year, year.replace(year=2028))
    assert [f"{one:%m-%d %H:%M}" for one in found] == ["03-28 01:00", "10-31 01:00"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_folding_loses_nothing_and_cuts_no_character(text) -> None:
    parts = list(folded(text))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join(part[1:] if n else part for n, part in enumerate(parts)) == text


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace("Stromal", "Another"), "no calendar file of this program"),
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text.replace("SEQUENCE:0", "SEQUENCE:x"), "lacks"),
        (lambda text: text.replace("DTSTART", "X-START"), "no day"),
        (lambda _: "", "no calendar file"),
    ],
)
def test_a_file_that_cannot_be_updated_says_why(spoil, message) -> None:
    with pytest.raises(ValueError, match=message):
        read_entries(spoil(written(china())), PRODUCT)


def test_an_independent_library_reads_the_file_too() -> None:
    icalendar = pytest.importorskip("icalendar", reason="only where it is installed")
    text = written(china(years=3), at=datetime.time(9), zone=BERLIN)
    parsed = icalendar.Calendar.from_ical(text)
    starts = [event.decoded("DTSTART") for event in parsed.walk("VEVENT")]
    assert len(starts) == 12
    assert {start.utcoffset() for start in starts} == {
        datetime.timedelta(hours=1), datetime.timedelta(hours=2),
    }  # fmt: skip
