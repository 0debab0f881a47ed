"""The file of --ics: a new calendar, or an update that calendars can follow."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stromal.facts.problem import Problem
from stromal.facts.record import Record
from stromal.followup.calendar_file import PRODUCT, Edition, calendar_file
from stromal.followup.calendar_text import Entry, read_entries
from stromal.plan.schedule.follow_up import FollowUp

_START = datetime.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class At:
    """The time of day of a look and the name of its zone; without them looks are whole days."""

    time: datetime.time | None = None
    zone: str | None = None


def write_calendar(
    args: argparse.Namespace,
    record: Record,
    found: FollowUp,
    at: At | None = None,
    *,
    update: bool = False,
    chosen: bool = False,
) -> Problem | None:
    """Write the file of --ics, or say why not. `chosen`: the authorities were named by hand."""
    path = Path(args.ics)
    earlier = _earlier(path, update=update, force=args.force)
    if isinstance(earlier, Problem):
        return earlier
    zone = _zone(at or At())
    if isinstance(zone, Problem):
        return zone
    if not chosen and (wrong := _several(found)):
        return wrong
    day = args.day or datetime.datetime.now(datetime.UTC).date()
    stamp = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    version = max((day - _START).days, 0) + len(record.events)
    edition = Edition(record.id, stamp, version, earlier, at.time if at else None, zone)
    lines = [line for schedule in found.schedules for line in schedule.lines]
    try:
        path.write_bytes(calendar_file(lines, edition).encode())
    except OSError as error:
        return Problem(args.ics, error.strerror or str(error), "check the folder")
    return None


def _earlier(path: Path, *, update: bool, force: bool) -> Mapping[str, Entry] | Problem:
    """The entries of the file to update; none where it is new or is to be replaced."""
    if not path.exists():
        remedy = "leave out --update, or check the name"
        return Problem(str(path), "there is no such file to update", remedy) if update else {}
    if update:
        try:
            return read_entries(path.read_bytes().decode(), PRODUCT)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            remedy = "name a calendar that stromal wrote, or --force to replace it"
            return Problem(str(path), f"the file cannot be updated: {error}", remedy)
    if force:
        return {}
    remedy = "add --update (looks that fell away are cancelled), --force, or another name"
    return Problem(str(path), "the file exists", remedy)


def _zone(at: At) -> ZoneInfo | Problem | None:
    if (at.time is None) != (at.zone is None):
        return Problem("--time", "a time of day and its zone go together",
                       "give both, for instance --time 09:00 --zone Europe/Berlin")  # fmt: skip
    try:
        return ZoneInfo(at.zone) if at.zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return Problem("--zone", f"no time zone {at.zone!r} is known here",
                       "use a name such as Europe/Berlin or Asia/Shanghai; where the system has no "
                       "zones, install the package tzdata")  # fmt: skip


def _several(found: FollowUp) -> Problem | None:
    """A calendar is made by one authority, beside the checks of the labels."""
    authorities = [one.authority for one in found.schedules if one.lines and not one.is_label]
    if len(authorities) < 2:
        return None
    what = "more than one authority gives dates, and a calendar needs one"
    return Problem(
        "--ics",
        f"{what} ({', '.join(authorities)})",
        "choose with --guidelines; where one still leaves several, with --authority in follow-up",
    )
