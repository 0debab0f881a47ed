"""A reader of RFC 5545 files: it shares nothing with the writer and refuses what the RFC does."""

import datetime
import re

ONCE = ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "STATUS")
TZ_PARTS = {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"}


def read(data: bytes) -> dict:
    """The components of a calendar: properties, zones, events. AssertionError where it is wrong."""
    assert data.endswith(b"\r\n"), "lines end with CRLF"
    assert b"\n" not in data.replace(b"\r\n", b""), "no bare line feed"
    assert b"\r" not in data.replace(b"\r\n", b""), "no bare carriage return"
    physical = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "at most 75 octets (3.1)"
    assert all(line.decode() for line in physical), "no empty line, each valid UTF-8 by itself"
    logical = re.sub(r"\r\n[ \t]", "", data.decode()).rstrip("\r\n").split("\r\n")
    calendar, rest = _component(iter(logical), "VCALENDAR")
    assert rest is None
    properties = dict(calendar["properties"])
    assert properties["VERSION"] == ("2.0", {}) and "PRODID" in properties  # noqa: PT018
    zones = {_zone(part) for kind, part in calendar["parts"] if kind == "VTIMEZONE"}
    events = [_event(part, zones) for kind, part in calendar["parts"] if kind == "VEVENT"]
    names = [event["UID"] for event in events]
    assert len(set(names)) == len(names), "an identity occurs once"
    return {"events": {event["UID"]: event for event in events}, "zones": zones}


def _component(lines, kind, *, begun=False):
    properties, parts = [], []
    if not begun:
        assert next(lines) == f"BEGIN:{kind}"
    for line in lines:
        if line == f"END:{kind}":
            return {"properties": properties, "parts": parts}, next(lines, None) if not begun else 0
        if line.startswith("BEGIN:"):
            name = line[6:]
            parts.append((name, _component(lines, name, begun=True)[0]))
            continue
        found = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^;:\"]+)*):(.*)", line)
        assert found, f"no content line: {line!r}"
        parameters = dict(one.split("=", 1) for one in found[2].split(";")[1:])
        properties.append((found[1], (found[3], parameters)))
    raise AssertionError(f"{kind} is not closed")


def _zone(part) -> str:
    assert part["parts"], "a zone has at least one observance (3.6.5)"
    for kind, observance in part["parts"]:
        assert kind in ("STANDARD", "DAYLIGHT")
        properties = dict(observance["properties"])
        assert set(properties) <= TZ_PARTS and {*TZ_PARTS} - {"TZNAME"} <= set(properties)  # noqa: PT018
        datetime.datetime.strptime(properties["DTSTART"][0], "%Y%m%dT%H%M%S")  # noqa: DTZ007
        assert re.fullmatch(r"[+-]\d{4}", properties["TZOFFSETTO"][0])
    return dict(part["properties"])["TZID"][0]


def _event(part, zones) -> dict:
    names = [name for name, _ in part["properties"]]
    assert all(names.count(name) == 1 for name in ONCE), names
    properties = dict(part["properties"])
    assert re.fullmatch(r"\d{8}T\d{6}Z", properties["DTSTAMP"][0]), "the stamp is in UTC (3.8.7.2)"
    assert properties["STATUS"][0] in ("TENTATIVE", "CONFIRMED", "CANCELLED")
    value, parameters = properties["DTSTART"]
    if parameters.get("VALUE") == "DATE":
        start = datetime.datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007
        end = datetime.datetime.strptime(properties["DTEND"][0], "%Y%m%d").date()  # noqa: DTZ007
        assert end - start == datetime.timedelta(days=1)
    else:
        start = datetime.datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
        assert parameters["TZID"] in zones, "the zone that it names is in the file"
    for name in ("SUMMARY", "DESCRIPTION"):
        assert re.fullmatch(r"(?:[^\\;,\x00-\x1f]|\\[\\;,n])*", properties[name][0]), (
            "escaped (3.3.11)"
        )
    return {name: value for name, (value, _) in part["properties"]} | {"start": start}
