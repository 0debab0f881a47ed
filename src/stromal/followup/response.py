"""The response to treatment over the whole course: best response, progression, its pattern."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from stromal.followup.lesions import Scan, Series
from stromal.followup.recist import Response, Settings, TimePoint, has_progressed

RESPONSES = (Response.CR, Response.PR)
CONTROLLED = (Response.CR, Response.PR, Response.SD)


@dataclass(frozen=True, slots=True)
class Best:
    """The best overall response, the day it was first reached, and whether it is confirmed.

    `confirmed` is None where the settings ask for no confirmation or there is no response.
    """

    response: Response
    day: datetime.date | None
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which targets grow and which do not. `name` is none, general or mixed.

    Whether a mixed pattern is "focal" is for the readers: no source read gives a number.
    """

    name: str
    growing: tuple[str, ...]
    controlled: tuple[str, ...]
    not_evaluated: tuple[str, ...]


def best_response(points: Sequence[TimePoint], start: datetime.date, settings: Settings) -> Best:
    """The best overall response up to the first progression.

    Confirmation as in pharmaverse-admiralonco-2026: CR by a later CR, PR by a later CR or PR, at
    least `confirm_after` days on, with nothing but what the settings allow between.
    """
    counted = until_progression(points)
    for response in RESPONSES:
        for number, point in enumerate(counted):
            if point.overall is response and _holds(counted, number, settings):
                return Best(response, point.day, None if settings.confirm_after is None else True)
    stable = _first(counted, CONTROLLED, start, settings.least_stable)
    if stable:
        return Best(Response.SD, stable.day, _failed(counted, settings))
    for response in (Response.NON_CR_NON_PD, Response.PD):
        least = settings.least_stable if response is Response.NON_CR_NON_PD else 0
        if found := _first(counted, (response,), start, least):
            return Best(response, found.day, _failed(counted, settings))
    return Best(Response.NE, counted[0].day if counted else None, _failed(counted, settings))


def until_progression(points: Sequence[TimePoint]) -> tuple[TimePoint, ...]:
    """The time points up to and with the first PD."""
    for number, point in enumerate(points):
        if point.overall is Response.PD:
            return tuple(points[: number + 1])
    return tuple(points)


def day_of_progression(points: Sequence[TimePoint]) -> datetime.date | None:
    """The day of the first PD; if a new lesion makes it, the day that lesion was first seen."""
    for point in points:
        if point.overall is Response.PD:
            return min(point.day, point.first_seen or point.day)
    return None


def days_to_progression(points: Sequence[TimePoint], start: datetime.date) -> tuple[int, bool]:
    """Days from the start to progression, or to the last evaluable look, and whether it came."""
    day = day_of_progression(points)
    if day is not None:
        return (day - start).days, True
    looked = [point.day for point in points if point.overall is not Response.NE]
    return (max(looked, default=start) - start).days, False


def _holds(points: Sequence[TimePoint], number: int, settings: Settings) -> bool:
    """True if a response needs no confirmation, or is confirmed."""
    if settings.confirm_after is None:
        return True
    first = points[number]
    wanted = (Response.CR,) if first.overall is Response.CR else RESPONSES
    for later in range(number + 1, len(points)):
        far = (points[later].day - first.day).days >= settings.confirm_after
        between = [point.overall for point in points[number + 1 : later]]
        if far and points[later].overall in wanted and _bridges(first.overall, between, settings):
            return not _falls_back([first.overall, *between, points[later].overall])
    return False


def _bridges(first: Response, between: Sequence[Response], settings: Settings) -> bool:
    """True if what lies between a response and its confirmation is allowed there."""
    same = {Response.CR} if first is Response.CR else set(RESPONSES)
    stable = between.count(Response.SD)
    others = [one for one in between if one not in (*same, Response.NE, Response.SD)]
    may_be_stable = settings.accept_stable and first is Response.PR and stable <= 1
    return (
        not others
        and between.count(Response.NE) <= settings.most_not_evaluable
        and (not stable or may_be_stable)
    )


def _falls_back(course: Sequence[Response]) -> bool:
    """A PR after a CR, which cannot be: the measurements need a check."""
    return Response.CR in course and Response.PR in course[course.index(Response.CR) :]


def _first(
    points: Sequence[TimePoint], wanted: Sequence[Response], start: datetime.date, least: int
) -> TimePoint | None:
    return next((p for p in points if p.overall in wanted and (p.day - start).days >= least), None)


def _failed(points: Sequence[TimePoint], settings: Settings) -> bool | None:
    """False if a response came and was not confirmed."""
    came = any(point.overall in RESPONSES for point in points)
    return False if came and settings.confirm_after is not None else None


def pattern(series: Series, scan: Scan) -> Pattern:
    """Target by target: grown by 20 % and 5 mm from its own smallest size, or not."""
    growing: list[str] = []
    controlled: list[str] = []
    unseen: list[str] = []
    earlier = [one for one in series.scans if one.day < scan.day]
    for target in series.targets:
        size = scan.size_of(target.name)
        smallest = min((s for one in earlier if (s := one.size_of(target.name)) is not None),
                       default=None)  # fmt: skip
        if size is None or smallest is None:
            unseen.append(target.name)
        else:
            (growing if has_progressed(size, smallest) else controlled).append(target.name)
    name = "none" if not growing else "mixed" if controlled or unseen else "general"
    return Pattern(name, tuple(growing), tuple(controlled), tuple(unseen))
