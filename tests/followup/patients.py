"""Records for follow-up, and their schedules as text that a clinician can read."""

import datetime
from pathlib import Path

from stromal.facts.record import Record, read_record
from stromal.library import Library, load
from stromal.plan.follow_up import FollowUp, Wish, follow_up

GOLDEN = Path(__file__).with_name("schedules.txt")
GUIDELINES = ("ESMO", "NCCN", "UK", "Germany", "Japan", "China")
RISKS = ("very low", "low", "intermediate", "high")
SURGERY = "2024-02-29"
START = "{id: start, day: 2024-04-10, kind: drug start, drug: imatinib, purpose: adjuvant}"
STOP = "{id: stop, day: 2027-04-10, kind: drug stop, drug: imatinib}"
COURSES = {
    "no adjuvant drug": (),
    "on adjuvant imatinib": (START,),
    "three years of adjuvant imatinib": (START, STOP),
}
_LIBRARY: list[Library] = []


def library() -> Library:
    """All rules, read once."""
    if not _LIBRARY:
        _LIBRARY.append(load())
    return _LIBRARY[0]


def record(*events: str, facts: str = "") -> Record:
    """A patient whose gastric tumour was removed completely on 29 February 2024."""
    removal = (
        f"{{id: operation, day: {SURGERY}, kind: resection, facts: {{tumour_site: stomach, "
        "specimen: resection, resection_margin: R0, disease_extent: localised}}"
    )
    lines = "\n".join(f"  - {event}" for event in (removal, *events))
    text = f"id: patient\nfacts: {{sex: female, age: 60, {facts}}}\nevents:\n{lines}\n"
    found = read_record(text.encode())
    assert not found.problems, found.problems
    return found


def planned(*events: str, risk: str = "high", day: str = "", **wish) -> FollowUp:
    facts = f"follow_up_risk: {risk}" if risk else ""
    when = datetime.date.fromisoformat(day) if day else None
    return follow_up(library(), record(*events, facts=facts), when, Wish(**wish))


def schedules() -> str:
    """Every guideline, risk class and course: the planned scans of ten years."""
    blocks = [
        "Planned looks of ten years after an operation on 29 February 2024.",
        "A range of months is planned at its longer end. Written by tests/followup/patients.py.",
    ]
    for guideline in GUIDELINES:
        for course, events in COURSES.items():
            for risk in RISKS:
                blocks.append(_block(guideline, course, events, risk))
    return "\n\n".join(blocks) + "\n"


def _block(guideline: str, course: str, events: tuple[str, ...], risk: str) -> str:
    found = planned(*events, risk=risk, guidelines=(guideline,), years=13)
    lines = [f"{guideline}, {risk} risk, {course}"]
    end = datetime.date(2034, 2, 28)
    for schedule in (one for one in found.schedules if not one.is_label):
        for line in schedule.lines:
            days = [str(look.planned) for look in line.looks if look.planned <= end]
            lines.append(f"  {schedule.authority}: {line.test}: {len(days)} looks")
            lines += [f"    {' '.join(days[n : n + 6])}" for n in range(0, len(days), 6)]
        lines += [
            f"  {schedule.authority}: {stated.rule.test}: {stated.why} ({stated.rule.row})"
            for stated in schedule.stated
            if not stated.depends_on
        ]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  silent"])


if __name__ == "__main__":
    GOLDEN.write_text(schedules(), "utf-8")
