"""What a radiologist writes of one scan: lesions with size and density, uptake, words for the rest.

Sizes are exact fractions of a millimetre, densities of a Hounsfield unit. A number without its unit
is a problem with a remedy, never a guess. The same reader checks the record and feeds the response.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stromal.facts.problem import Problem
from stromal.facts.units import convert

MODALITIES = (
    "CT", "MRI", "PET-CT", "PET", "ultrasound", "endoscopic ultrasound", "X-ray", "other",
)  # fmt: skip
PHASES = ("unenhanced", "arterial", "portal venous", "delayed")
LESION_KINDS = ("target", "non-target", "nodule", "new")
SEEN = ("measured", "too small to measure", "gone", "merged", "not evaluated")
NON_TARGETS = ("none", "present", "gone", "persist", "unequivocal progression", "not evaluated")
MEASURES = ("SUVmax", "SUVmean", "SULpeak")
NODE = "lymph node"
LESION_KEYS = (
    "name", "organ", "kind", "inside", "size", "density", "seen", "treated_locally", "grown_since",
    "certain", "less_dense", "active", "words",
)  # fmt: skip
ANSWERS = ("treated_locally", "grown_since", "certain", "less_dense", "active")
UPTAKE_KEYS = (
    "measure", "before", "now", "background", "new_lesion", "length_change", "glycolysis_change",
    "after_one_cycle",
)  # fmt: skip
_WORDS = {
    "node": NODE, "nodes": NODE, "lymph nodes": NODE, "lymph-node": NODE, "bones": "bone",
    "pet/ct": "PET-CT", "pet ct": "PET-CT", "mr": "MRI", "us": "ultrasound", "portal": PHASES[2],
    "eus": "endoscopic ultrasound", "venous": PHASES[2], "vanished": "gone", "stable": "persist",
    "too small": "too small to measure", "merged into another target": "merged",
    "progress": "unequivocal progression", "progression": "unequivocal progression",
    "true": "yes", "false": "no",
}  # fmt: skip
_NUMBER = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s][^\d]*)?")
_DIAMETERS = re.compile(r"\d[^x×]*[x×]\s*\d")


@dataclass(frozen=True, slots=True)
class Lesion:
    """One lesion on one scan. None: the report does not say it.

    `size` in mm is the longest diameter, the short axis for a node; a lesion that has split has
    several. `density` in HU. `inside` names the mass that a nodule lies in. `unread` is true where
    a size was written that cannot be read: what such a lesion adds to a sum is not known.
    """

    name: str
    organ: str = ""
    kind: str = ""
    inside: str = ""
    sizes: tuple[Fraction, ...] = ()
    density: Fraction | None = None
    seen: str = ""
    treated_locally: bool | None = None
    grown_since: bool | None = None
    certain: bool | None = None
    less_dense: bool | None = None
    active: bool | None = None
    unread: bool = False

    @property
    def size(self) -> Fraction | None:
        """The size that is counted: the parts of a lesion that has split are added (recalled)."""
        return sum(self.sizes, Fraction(0)) if self.sizes else None

    @property
    def is_node(self) -> bool:
        """Whether the size is a short axis."""
        return self.organ == NODE


@dataclass(frozen=True, slots=True)
class UptakeRead:
    """What was read of a PET. `measure` says of which value the numbers are."""

    measure: str
    before: Fraction | None
    now: Fraction
    background: Fraction | None = None
    new_lesion: bool | None = None
    length_change: Fraction | None = None
    glycolysis_change: Fraction | None = None
    after_one_cycle: bool | None = None


@dataclass(frozen=True, slots=True)
class ImagingReport:
    """One scan as typed. `no_new_lesion` is true only where somebody wrote `new_lesions: none`."""

    modality: str = ""
    slice_thickness: Fraction | None = None
    phase: str = ""
    baseline: bool | None = None
    lesions: tuple[Lesion, ...] = ()
    non_targets: str = ""
    no_new_lesion: bool = False
    symptomatic_worsening: bool | None = None
    uptake: UptakeRead | None = None

    @property
    def is_measured(self) -> bool:
        """Whether lesions were listed, so that the scan can be compared with another."""
        return bool(self.lesions or self.non_targets)


def read_imaging(details: Mapping[str, object]) -> tuple[ImagingReport, list[Problem]]:
    """The keys of an imaging event, typed; each problem names the lesion and the field."""
    reader = _Reader([])
    lesions = [*reader.lesions(details.get("lesions"), "lesions", "")]
    new = details.get("new_lesions")
    if isinstance(new, list):
        lesions += reader.lesions(new, "new_lesions", "new")
    report = ImagingReport(
        modality=reader.word(details, "modality", MODALITIES),
        slice_thickness=reader.number(details, "slice_thickness", "mm"),
        phase=reader.word(details, "phase", PHASES),
        baseline=reader.answer(details, "baseline"),
        lesions=tuple(lesions),
        non_targets=reader.word(details, "non_targets", NON_TARGETS),
        no_new_lesion=not isinstance(new, list)
        and reader.word(details, "new_lesions", ("none", "no")) in ("none", "no"),
        symptomatic_worsening=reader.answer(details, "symptomatic_worsening"),
        uptake=reader.uptake(details.get("uptake")),
    )
    reader.together(report)
    return report, reader.problems


@dataclass(slots=True)
class _Reader:
    """Reads keys one by one and gathers what is wrong."""

    problems: list[Problem]
    of: str = ""

    def wrong(self, key: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(key, f"{self.of}{what}", remedy))

    def lesions(self, raw: object, key: str, kind: str) -> Iterator[Lesion]:
        if raw is None:
            return
        if not isinstance(raw, list):
            self.wrong(key, "not a list", "begin each lesion with '- {name: ..., size: 34 mm}'")
            return
        for number, one in enumerate(raw, 1):
            if isinstance(one, Mapping):
                yield self._lesion(one, f"{key} {number}", number, kind)
            else:
                remedy = "write '- {name: liver segment 7, size: 34 mm}'"
                self.wrong(f"{key} {number}", "not a list of 'key: value'", remedy)

    def _lesion(self, raw: Mapping[str, object], key: str, number: int, kind: str) -> Lesion:
        name = _plain(raw.get("name"))
        self.of = f"{name or f'lesion {number}'}: "
        if not name:
            self.wrong(key, "no name", "give the same name on every scan")
        self.unknown(raw, key, LESION_KEYS)
        kind, inside = self._kind(raw, kind, key)
        before = len(self.problems)
        sizes = tuple(self._sizes(raw.get("size"), key))
        lesion = Lesion(
            name=name,
            organ=_known(_plain(raw.get("organ"))),
            kind=kind,
            inside=inside,
            sizes=sizes,
            unread=len(self.problems) > before,
            density=self.number(raw, "density", "HU", key, least=None),
            seen=self.word(raw, "seen", SEEN, key),
            **{one: self.answer(raw, one, key) for one in ANSWERS},
        )
        self._one_lesion(lesion, key)
        self.of = ""
        return lesion

    def _kind(self, raw: Mapping[str, object], kind: str, key: str) -> tuple[str, str]:
        """The kind, and the mass a nodule lies in: 'nodule in NAME', or `inside: NAME`."""
        inside, written = _plain(raw.get("inside")), _plain(raw.get("kind"))
        if written.lower().startswith("nodule in "):
            return "nodule", written[len("nodule in ") :].strip()
        kind = self.word(raw, "kind", LESION_KINDS, key) or kind or ("nodule" if inside else "")
        return kind, inside

    def _one_lesion(self, lesion: Lesion, key: str) -> None:
        if lesion.seen in ("gone", "merged", "not evaluated", "too small to measure"):
            if lesion.sizes and lesion.seen != "too small to measure":
                self.wrong(key, f"a size, and {lesion.seen!r}", "keep one of the two")
        elif lesion.kind in ("target", "nodule") and not lesion.sizes and not lesion.unread:
            remedy = "give 'size: 34 mm', or 'seen: gone | too small to measure | not evaluated'"
            self.wrong(key, "no size", remedy)
        if lesion.kind == "new":
            self._new(lesion, key)

    def _new(self, lesion: Lesion, key: str) -> None:
        if lesion.certain is None:
            remedy = "add 'certain: yes' (unequivocal) or 'certain: no' (to be looked at again)"
            self.wrong(key, "new, but not said whether it is certain", remedy)
        if lesion.is_node and not lesion.sizes:
            self.wrong(key, "a new node without its short axis", "add 'size: 12 mm'")

    def _sizes(self, raw: object, key: str) -> Iterator[Fraction]:
        for one in raw if isinstance(raw, list) else [] if raw is None else [raw]:
            found = self.number({"size": one}, "size", "mm", key)
            if found is not None:
                yield found

    def number(
        self,
        raw: Mapping[str, object],
        name: str,
        unit: str,
        key: str = "",
        *,
        least: int | None = 0,
    ) -> Fraction | None:
        """A number with its unit; None with a problem where it cannot be read."""
        if raw.get(name) in (None, ""):
            return None
        text = str(raw[name]).strip()
        found = _read_number(text, unit)
        if isinstance(found, Fraction) and least is not None and found < least:
            found = (f"{text!r} is less than {least}", "check the number")
        if isinstance(found, Fraction):
            return found
        self.wrong(key or name, f"{name} {found[0]}", found[1])
        return None

    def word(
        self, raw: Mapping[str, object], name: str, words: Sequence[str], key: str = ""
    ) -> str:
        """One of a closed list of words; '' if nothing was written, or with a problem."""
        given = raw.get(name)
        if given in (None, ""):
            return ""
        text = _known(_plain(given))
        for word in words:
            if word.casefold() == text.casefold():
                return word
        near = difflib.get_close_matches(text, words, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        self.wrong(key or name, f"{name} {text!r} is not known", f"{hint}use {', '.join(words)}")
        return ""

    def answer(self, raw: Mapping[str, object], name: str, key: str = "") -> bool | None:
        """Yes or no; None if nothing was said."""
        said = self.word(raw, name, ("yes", "no"), key)
        return None if not said else said == "yes"

    def unknown(self, raw: Mapping[str, object], key: str, names: Sequence[str]) -> None:
        for name in raw:
            if name not in names:
                near = difflib.get_close_matches(str(name), names, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                self.wrong(key, f"unknown key {name!r}", f"{hint}use {', '.join(names)}")

    def uptake(self, raw: object) -> UptakeRead | None:
        if raw is None:
            return None
        if not isinstance(raw, Mapping):
            remedy = "write 'uptake: {measure: SUVmax, before: 5.8, now: 2.1}'"
            self.wrong("uptake", "not a list of 'key: value'", remedy)
            return None
        self.unknown(raw, "uptake", UPTAKE_KEYS)
        measure = self.word(raw, "measure", MEASURES, "uptake")
        now = self.number(raw, "now", "", "uptake")
        if not measure or now is None:
            remedy = "add 'measure: SUVmax' (or SUVmean, SULpeak) and 'now: 2.1'"
            self.wrong("uptake", "without its measure or its value now", remedy)
            return None
        return UptakeRead(
            measure=measure,
            now=now,
            before=self.number(raw, "before", "", "uptake"),
            background=self.number(raw, "background", "", "uptake"),
            new_lesion=self.answer(raw, "new_lesion", "uptake"),
            length_change=self.number(raw, "length_change", "%", "uptake", least=None),
            glycolysis_change=self.number(raw, "glycolysis_change", "%", "uptake", least=None),
            after_one_cycle=self.answer(raw, "after_one_cycle", "uptake"),
        )

    def together(self, report: ImagingReport) -> None:
        """What contradicts itself within one scan."""
        names = [lesion.name for lesion in report.lesions if lesion.name]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.wrong("lesions", f"{name!r} stands twice", "keep one; give each its own name")
        new = [lesion.name for lesion in report.lesions if lesion.kind == "new"]
        if report.no_new_lesion and new:
            self.wrong("new_lesions", f"none, but {new[0]!r} is listed as new", "keep one of them")
        dense = [lesion.name for lesion in report.lesions if lesion.density is not None]
        if dense and report.modality not in ("", "CT", "PET-CT"):
            what = f"a density in HU on {report.modality} ({dense[0]!r})"
            self.wrong("lesions", what, "only CT gives Hounsfield units: leave it out")


def _plain(raw: object) -> str:
    return " ".join(str(raw).split()) if isinstance(raw, str | int | float | bool) else ""


def _known(text: str) -> str:
    return _WORDS.get(text.casefold(), text)


def _read_number(text: str, unit: str) -> Fraction | tuple[str, str]:
    """The number in the unit wanted, or what is wrong with it and the remedy."""
    example = f"for instance '34{unit and ' '}{unit}'"
    if re.search(r"\d,\d", text):
        return f"{text!r} has a comma inside a number", "write 2.5 with a point"
    if unit == "mm" and _DIAMETERS.search(text):
        return f"{text!r} has several diameters", "write the longest; the short axis of a node"
    match = _NUMBER.fullmatch(text)
    if match is None:
        return f"{text!r} is not one number", f"write one number, {example}"
    given = (match["unit"] or "").strip()
    if unit and not given and unit != "%":
        others = " (or cm)" if unit == "mm" else ""
        return f"{text!r} has no unit", f"write '{text} {unit}' if that is meant{others}"
    found = convert(Fraction(match["number"]), given or unit, unit)
    if found is None:
        return f"{given!r} is no unit of it", f"use {unit or 'a number without unit'}"
    return found
