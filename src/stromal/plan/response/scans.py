"""One stretch of scans by every criterion: readings, best response, progression, growth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from stromal.facts.record import days_of
from stromal.followup.choi import mean_density
from stromal.followup.doubt import SUSPECTED, doubt, growing
from stromal.followup.growth import Growth, Size, growth
from stromal.followup.lesions import Scan
from stromal.followup.recist import Response, Settings, TimePoint, time_points
from stromal.followup.response import best_response, day_of_progression
from stromal.plan.known.course import first_day
from stromal.plan.response.course import Scanned, Stretch
from stromal.plan.response.reading import (
    Measured,
    ResponseSettings,
    choi_values,
    measure,
    pet_values,
    recist_values,
    uptake_before,
)
from stromal.plan.response.values import (
    BestReading,
    CourseResponse,
    GrowthReading,
    LesionSize,
    PetReading,
    Progressed,
    ScanReading,
)


def course_response(stretch: Stretch, settings: ResponseSettings) -> CourseResponse:
    """One stretch by every criterion."""
    measured = measure(stretch, settings)
    baseline = stretch.scans[0] if stretch.scans else None
    problems = (*stretch.problems, *(measured.built.problems if measured else ()))
    gist = measured.built.gist_problems if measured else ()
    judged = bool(measured and stretch.drugs and not any(unread_sizes(stretch.scans)))
    return CourseResponse(
        drugs=stretch.drugs,
        purposes=tuple(sorted(stretch.purposes)),
        start=stretch.start.day if stretch.start else "",
        stop=stretch.stop.day if stretch.stop else "",
        scans=tuple(_readings(measured)) if measured else (),
        pets=tuple(_pet(scan, baseline) for scan in stretch.uptakes),
        best=tuple(_best(measured)) if measured and judged else (),
        progressed=_progressed(measured) if measured and judged else None,
        growth=tuple(_growths(measured)) if measured else (),
        notes=(
            *stretch.notes,
            *((f"ended by an operation: {stretch.ended_by}",) if stretch.ended_by else ()),
            *(f"GIST modification not computed: {p.what}; {p.remedy}" for p in gist),
        ),
        problems=problems,
        sure=bool(measured and measured.sure),
    )


def _readings(measured: Measured) -> Iterator[ScanReading]:
    for number, scan in enumerate(measured.stretch.scans):
        yield _reading(measured, number, scan)


def _reading(measured: Measured, number: int, scan: Scanned) -> ScanReading:
    series, on_drug = measured.built.series, bool(measured.stretch.drugs)
    look = series.scans[number]
    point = measured.points[0][number - 1] if number else None
    density, then = mean_density(series, look), mean_density(series, series.baseline)
    total = series.sum(look)
    unread = tuple(unread_sizes(measured.stretch.scans[: number + 1]))
    judged = bool(number) and on_drug and not unread
    chois, choi_notes = choi_values(measured, number) if judged and series.targets else ((), ())
    grown = growing(series, number)
    doubted = doubt(series, number) if number else None
    notes = (
        *measured.built.notes[number],
        *(dict.fromkeys(n for points in measured.points for n in points[number - 1].notes)
          if judged else ()),
        *(f"Choi: {note}" for note in choi_notes),
        *(f"may be pseudo-progression: {r}" for r in (doubted.reasons if doubted else ())),
        *_off_drug(measured.stretch, scan),
        *(f"not judged: {one}" for one in unread if number and on_drug),
    )  # fmt: skip
    return ScanReading(
        day=scan.event.day,
        event=scan.event.id,
        modality=scan.report.modality,
        sum=None if total is None or unread else float(total),
        from_baseline=_float(point.from_baseline if point and not unread else None),
        from_nadir=_float(point.from_nadir if point and not unread else None),
        density=_float(density),
        density_change=_percent(density, then) if number else None,
        recist=recist_values(measured, number) if judged else (),
        modified=recist_values(measured, number, gist=True) if judged else (),
        choi=chois,
        growing=grown.names if number else (),
        controlled=grown.controlled if number else (),
        not_evaluated=grown.not_evaluated,
        pseudo_progression=tuple(sorted(doubted.possible)) if doubted else (),
        lesions=tuple(_lesions(measured, number)),
        notes=notes,
    )


def unread_sizes(scans: Sequence[Scanned]) -> Iterator[str]:
    """The sizes that were written and cannot be read: every sum with them is open."""
    for scan in scans:
        for one in scan.report.lesions:
            if one.unread:
                yield f"the size of {one.name} on {scan.event.day} cannot be read"


def _off_drug(stretch: Stretch, scan: Scanned) -> Iterator[str]:
    if stretch.stop is not None and scan.first > first_day(stretch.stop):
        yield f"after {' with '.join(stretch.drugs)} was stopped ({stretch.stop.day})"


def _lesions(measured: Measured, number: int) -> Iterator[LesionSize]:
    series, report = measured.built.series, measured.stretch.scans[number].report
    look, targets = series.scans[number], {target.name for target in series.targets}
    organs = {
        one.name: one.organ
        for scan in reversed(measured.stretch.scans)
        for one in scan.report.lesions
        if one.organ
    }
    for one in report.lesions:
        size = look.size_of(one.name) if one.name in targets else one.size
        role = measured.built.roles[one.name].replace("unknown", "followed")
        then = series.baseline.size_of(one.name)
        yield LesionSize(
            one.name,
            organs.get(one.name, ""),
            role,
            _float(size),
            _float(one.density),
            one.seen,
            _percent(size, then) if number else None,
        )


def _percent(now: Fraction | None, then: Fraction | None) -> float | None:
    return None if now is None or not then else float(100 * (now - then) / then)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _pet(scan: Scanned, baseline: Scanned | None) -> PetReading:
    read = scan.report.uptake
    assert read is not None
    before = uptake_before(read, scan, baseline)
    if before is None and scan is baseline:
        first = ("the uptake before the drug",)
        return PetReading(
            scan.event.day, scan.event.id, read.measure, None, float(read.now), None, (), (), first
        )
    eortc, by_percist, notes = pet_values(scan, baseline)
    return PetReading(
        day=scan.event.day,
        event=scan.event.id,
        measure=read.measure,
        before=_float(before),
        now=float(read.now),
        change=_percent(read.now, before),
        eortc=eortc,
        percist=by_percist,
        notes=notes,
    )


def _best(measured: Measured) -> Iterator[BestReading]:
    """The best response under every setting tried; sure responses only."""
    start = measured.stretch.start
    assert start is not None
    settings = measured.settings
    for gist, courses in ((False, measured.points), (True, measured.modified)):
        if not courses:
            continue
        for stable in settings.stable_days():
            for confirm in settings.confirmations():
                chosen = Settings(
                    stable, gist, settings.keeps()[0], confirm,
                    settings.most_not_evaluable, settings.accept_stable,
                )  # fmt: skip
                points = time_points(measured.built.series, chosen)
                best = best_response(points, first_day(start), chosen)
                yield BestReading(
                    "gist" if gist else "recist",
                    stable,
                    confirm,
                    str(best.response),
                    str(best.day or ""),
                    best.confirmed,
                )


def _progressed(measured: Measured) -> Progressed | None:
    """The time to progression by RECIST 1.1; a span where the days are vague."""
    start, points = measured.stretch.start, measured.points[0]
    spans = {scan.first: (scan.first, scan.last) for scan in measured.stretch.scans}
    begun = days_of(start) if start else None
    if begun is None or not points:
        return None
    day = day_of_progression(points)
    looked = [point.day for point in points if point.overall is not Response.NE]
    last = day or max(looked, default=None)
    if last is None:
        return None
    first, latest = spans[last]
    doubtful = day is not None and _doubted(measured, points)
    return Progressed(
        came=day is not None,
        day=str(last),
        days=((first - begun[1]).days, (latest - begun[0]).days),
        doubtful=doubtful,
    )


def _doubted(measured: Measured, points: Sequence[TimePoint]) -> bool:
    """Whether the first progression may be pseudo-progression."""
    number = next(n for n, point in enumerate(points, 1) if point.overall is Response.PD)
    return SUSPECTED in doubt(measured.built.series, number).possible


def _growths(measured: Measured) -> Iterator[GrowthReading]:
    """The growth of each target and of the sum, from days that are exact."""
    series, settings = measured.built.series, measured.settings
    exact_days = [scan.first == scan.last for scan in measured.stretch.scans]
    looks = [look for look, exact in zip(series.scans, exact_days, strict=True) if exact]
    courses = [(target.name, _sizes(looks, target.name)) for target in series.targets]
    if len(series.targets) > 1 and not any(unread_sizes(measured.stretch.scans)):
        sums = [Size(look.day, float(s)) for look in looks if (s := series.sum(look))]
        courses.append(("the sum", sums))
    for name, sizes in courses:
        since = _from_smallest(sizes) if measured.stretch.drugs else sizes
        if len({size.day for size in since}) > 1:
            yield _growth(name, since, settings.error)


def _from_smallest(sizes: Sequence[Size]) -> Sequence[Size]:
    """Under a drug growth counts from the last time that the size was smallest."""
    if not sizes:
        return sizes
    least = min(size.diameter for size in sizes)
    first = max(n for n, size in enumerate(sizes) if size.diameter == least)
    return sizes[first:]


def _sizes(looks: Sequence[Scan], name: str) -> list[Size]:
    """The measured sizes; what is only 'too small' is no size to fit a line to."""
    return [
        Size(scan.day, float(look.size))
        for scan in looks
        for look in scan.looks
        if look.target == name and look.size
    ]


def _growth(of: str, sizes: Sequence[Size], error: float | None) -> GrowthReading:
    found: Growth = growth(sizes, error=error)
    interval = found.doubling_interval
    return GrowthReading(
        of=of,
        since=str(sizes[0].day),
        sizes=len(sizes),
        volume_per_year=found.volume_per_year,
        doubling=found.doubling_days,
        interval=interval is not None,
        doubling_low=interval[0] if interval else None,
        doubling_high=interval[1] if interval else None,
        surely_grows=found.surely_grows,
        basis=found.basis,
    )
