"""From typed scans to the series that the response criteria are computed from.

The first report is the baseline: its measured lesions are the targets. Later scans name the same
lesions; what a scan does not name was not evaluated there, and a name that nobody gave before is a
problem, never a new lesion by guess.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stromal.facts.imaging import ImagingReport, Lesion
from stromal.facts.problem import Problem
from stromal.followup.lesions import (
    Look,
    NewLesion,
    Nodule,
    NonTargets,
    Scan,
    Seen,
    Series,
    Target,
    check_series,
)

_STATED = {
    "gone": NonTargets.GONE,
    "persist": NonTargets.PERSIST,
    "present": NonTargets.PERSIST,
    "unequivocal progression": NonTargets.PROGRESS,
    "not evaluated": NonTargets.NOT_EVALUATED,
}
_NOT_SEEN = {
    "gone": Seen.GONE,
    "merged": Seen.MERGED,
    "not evaluated": Seen.NOT_EVALUATED,
    "too small to measure": Seen.TOO_SMALL,
}
GIST_ONLY = "under the GIST modification"
"""The words by which `check_series` marks what only the modified criteria forbid."""


@dataclass(frozen=True, slots=True)
class TypedScan:
    """A report with its first possible day and the place that problems name."""

    day: datetime.date
    place: str
    report: ImagingReport


@dataclass(frozen=True, slots=True)
class BuiltSeries:
    """The series, what is wrong in it, and for each scan what the reader should know.

    `gist_problems` forbid only the GIST modification. `new_stated`: for each scan, whether it says
    that there is a new lesion or that there is none. `roles`: as what each lesion is followed.
    """

    series: Series
    problems: tuple[Problem, ...]
    gist_problems: tuple[Problem, ...]
    notes: tuple[tuple[str, ...], ...]
    new_stated: tuple[bool, ...]
    roles: Mapping[str, str]


def build_series(scans: Sequence[TypedScan]) -> BuiltSeries:
    """The series of scans given oldest first, the first of them the baseline."""
    known = _first_named(scans)
    roles = {name: _role(lesion, scan is scans[0]) for name, (lesion, scan) in known.items()}
    targets = tuple(
        Target(one.name, one.organ, bool(one.treated_locally), bool(one.grown_since))
        for one in scans[0].report.lesions
        if roles.get(one.name) == "target"
    )
    first = scans[0].report
    followed = _carried([_with_kinds(scan, roles, known, first) for scan in scans])
    rest = "non-target" in roles.values() or scans[0].report.non_targets not in ("", "none")
    series = Series(
        targets,
        tuple(_scan(scan, scan is followed[0], rest=rest) for scan in followed),
    )
    problems = [*_wrong(scans, roles, known), *_of_series(series, scans, gist=False)]
    gist = [p for p in _of_series(series, scans, gist=True) if p not in problems]
    return BuiltSeries(
        series,
        tuple(problems),
        tuple(gist),
        tuple(tuple(_notes(scan, scans[0], targets, roles)) for scan in scans),
        tuple(_new_stated(scan) for scan in scans),
        roles,
    )


def _first_named(scans: Sequence[TypedScan]) -> dict[str, tuple[Lesion, TypedScan]]:
    found: dict[str, tuple[Lesion, TypedScan]] = {}
    for scan in scans:
        for lesion in scan.report.lesions:
            found.setdefault(lesion.name, (lesion, scan))
    return found


def _role(lesion: Lesion, at_baseline: bool) -> str:
    """What a lesion is followed as. What was new for an earlier drug is no target of this one."""
    if not at_baseline:
        return lesion.kind if lesion.kind in ("new", "nodule") else "unknown"
    if lesion.kind == "new":
        return "non-target"
    return lesion.kind or ("target" if lesion.sizes else "non-target")


def _carried(scans: Sequence[TypedScan]) -> list[TypedScan]:
    """A new lesion that a later scan does not name is still new since the baseline."""
    found: list[TypedScan] = []
    new: dict[str, Lesion] = {}
    for scan in scans:
        listed = {one.name for one in scan.report.lesions}
        kept = [one for name, one in new.items() if name not in listed]
        new |= {one.name: one for one in scan.report.lesions if one.kind == "new"}
        lesions = (*scan.report.lesions, *kept)
        found.append(replace(scan, report=replace(scan.report, lesions=lesions)))
    return found


def _with_kinds(
    scan: TypedScan,
    roles: Mapping[str, str],
    known: Mapping[str, tuple[Lesion, TypedScan]],
    baseline: ImagingReport,
) -> TypedScan:
    """The scan with each lesion as what it is followed as; what was said once need not be again."""
    differ = phases_differ(scan.report, baseline)
    lesions = []
    for lesion in scan.report.lesions:
        first = known[lesion.name][0]
        certain = first.certain if lesion.certain is None else lesion.certain
        lesions.append(
            replace(
                lesion,
                kind=roles[lesion.name],
                organ=lesion.organ or first.organ,
                inside=lesion.inside or first.inside,
                certain=certain,
                density=None if differ else lesion.density,
            )
        )
    return replace(scan, report=replace(scan.report, lesions=tuple(lesions)))


def _scan(scan: TypedScan, is_baseline: bool, *, rest: bool) -> Scan:
    lesions = scan.report.lesions
    return Scan(
        day=scan.day,
        looks=tuple(_look(one) for one in lesions if one.kind == "target"),
        non_targets=_non_targets(scan.report, is_baseline, rest=rest),
        new_lesions=() if is_baseline else tuple(_new(lesions)),
        nodules=tuple(
            Nodule(one.name, one.size, one.active)
            for one in lesions
            if one.kind == "nodule" and one.size is not None
        ),
        symptomatic_worsening=bool(scan.report.symptomatic_worsening),
    )


def _look(lesion: Lesion) -> Look:
    if lesion.seen == "too small to measure" and lesion.sizes:
        return Look(lesion.name, Seen.MEASURED, lesion.size, lesion.density)
    if lesion.seen in _NOT_SEEN:
        return Look(lesion.name, _NOT_SEEN[lesion.seen], None, lesion.density)
    if lesion.size is None:
        return Look(lesion.name, Seen.NOT_EVALUATED)
    return Look(
        lesion.name, Seen.MEASURED if lesion.size else Seen.GONE, lesion.size, lesion.density
    )


def _non_targets(report: ImagingReport, is_baseline: bool, *, rest: bool) -> NonTargets:
    if not rest:
        return NonTargets.NONE
    if is_baseline:
        return NonTargets.PERSIST
    if report.non_targets in _STATED:
        return _STATED[report.non_targets]
    listed = [one for one in report.lesions if one.kind == "non-target"]
    if any(one.seen not in ("gone", "not evaluated") for one in listed):
        return NonTargets.PERSIST
    return NonTargets.NOT_EVALUATED


def _new(lesions: Sequence[Lesion]) -> Iterator[NewLesion]:
    for one in lesions:
        if one.kind == "new" and one.seen not in ("gone", "not evaluated"):
            axis = one.size if one.is_node else None
            yield NewLesion(one.name, bool(one.certain), axis, bool(one.less_dense))


def _new_stated(scan: TypedScan) -> bool:
    return scan.report.no_new_lesion or any(one.kind == "new" for one in scan.report.lesions)


def _wrong(
    scans: Sequence[TypedScan],
    roles: Mapping[str, str],
    known: Mapping[str, tuple[Lesion, TypedScan]],
) -> Iterator[Problem]:
    baseline = scans[0]
    for name, role in roles.items():
        lesion, scan = known[name]
        if role == "unknown":
            what = f"{name!r} is no lesion of the baseline ({baseline.day})"
            listed = [one.name for one in baseline.report.lesions]
            names, near = ", ".join(listed) or "none", difflib.get_close_matches(name, listed, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            remedy = f"{hint}use one of its names ({names}), or add 'kind: new' or 'inside: MASS'"
            yield Problem(scan.place, what, remedy)
        if role == "nodule" and not lesion.inside:
            yield Problem(scan.place, f"{name}: a nodule without its mass", "add 'inside: NAME'")
        if role == "nodule" and lesion.inside and lesion.inside not in roles:
            what = f"{name}: lies inside {lesion.inside!r}, which is no lesion"
            yield Problem(scan.place, what, f"use one of {', '.join(sorted(roles))}")
        if role == "target" and not lesion.organ:
            yield Problem(scan.place, f"{name}: no organ", "add 'organ: liver' (or lymph node ...)")
    had_rest = "non-target" in roles.values() or baseline.report.non_targets not in ("", "none")
    for scan in scans[1:]:
        yield from _stated_wrongly(scan, roles, had_rest)
    for scan in scans[1:2]:
        yield from _perhaps_old(scan)


def _stated_wrongly(scan: TypedScan, roles: Mapping[str, str], had_rest: bool) -> Iterator[Problem]:
    if scan.report.non_targets not in ("", "none", "not evaluated") and not had_rest:
        what = f"non_targets {scan.report.non_targets!r}, but the baseline has no non-target"
        yield Problem(scan.place, what, "list it on the baseline with 'kind: non-target'")
    for lesion in scan.report.lesions:
        if lesion.kind and lesion.kind != roles[lesion.name]:
            what = f"{lesion.name}: {lesion.kind} here, but {roles[lesion.name]} before"
            yield Problem(scan.place, what, "keep what it was called first, or rename it")


def _perhaps_old(scan: TypedScan) -> Iterator[Problem]:
    """An old liver lesion that softens becomes visible at the first scan (followup, patterns)."""
    for lesion in scan.report.lesions:
        if lesion.kind == "new" and lesion.organ == "liver" and lesion.less_dense is None:
            what = f"{lesion.name}: new in the liver at the first scan, its density not told"
            yield Problem(scan.place, what, "add 'less_dense: yes' (low density) or 'no'")


def _of_series(series: Series, scans: Sequence[TypedScan], *, gist: bool) -> list[Problem]:
    """The problems of `check_series`, said of the scan they were found on."""
    slices = scans[0].report.slice_thickness
    found = check_series(series, slice_thickness=5 if slices is None else slices, gist=gist)
    places = {scan.day.isoformat(): scan.place for scan in scans}
    return [
        Problem(
            places.get(one.place, scans[0].place),
            one.what if one.place in (*places, "targets", "scans") else f"{one.place}: {one.what}",
            one.remedy,
        )
        for one in found
    ]


def _notes(
    scan: TypedScan, baseline: TypedScan, targets: Sequence[Target], roles: Mapping[str, str]
) -> Iterator[str]:
    report, first = scan.report, baseline.report
    if scan is baseline:
        yield from _notes_of_baseline(scan)
        return
    listed = {one.name for one in report.lesions}
    left = [target.name for target in targets if target.name not in listed]
    if left:
        yield f"not listed, so not evaluated: {', '.join(left)}"
    if not _new_stated(scan):
        yield "new lesions are not spoken of: write 'new_lesions: none', or list them"
    if (
        "non-target" in roles.values()
        and not report.non_targets
        and not any(roles.get(one.name) == "non-target" for one in report.lesions)
    ):
        yield "the non-targets are not spoken of, so not evaluated: add 'non_targets: persist'"
    if report.modality != first.modality and report.modality and first.modality:
        yield f"{report.modality} against {first.modality} at baseline: sizes may not compare"
    if phases_differ(report, first):
        yield f"phase {report.phase} against {first.phase}: the densities do not compare"


def _notes_of_baseline(scan: TypedScan) -> Iterator[str]:
    if scan.report.slice_thickness is None:
        yield "slice thickness not stated: 10 mm is measurable on slices of up to 5 mm"
    read = any(one.density is not None for one in scan.report.lesions)
    if read and scan.report.phase != "portal venous":
        yield f"density in phase '{scan.report.phase or 'not stated'}': Choi reads portal venous"
    new = [one.name for one in scan.report.lesions if one.kind == "new"]
    if new:
        yield f"new on this scan, so followed as non-target from here: {', '.join(new)}"


def phases_differ(one: ImagingReport, other: ImagingReport) -> bool:
    """Whether two scans were made in phases known to differ, so that densities do not compare."""
    return bool(one.phase and other.phase and one.phase != other.phase)
