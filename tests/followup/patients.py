"""Records for follow-up, and their schedules as text that a clinician can read.

Run as a program it writes the golden file: PYTHONPATH=src:tests python tests/followup/patients.py.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from stromal.cli.follow_up import silence_lines
from stromal.facts.record import Record, read_record
from stromal.followup.calendar import Line, Rule
from stromal.library import Library, load
from stromal.plan.schedule.differences import Topic, compare_schedules, in_spans
from stromal.plan.schedule.follow_up import FollowUp, Schedule, Wish, follow_up

GOLDEN = Path(__file__).with_name("schedules.txt")
DIFFERENCES = Path(__file__).with_name("differences.txt")
GUIDELINES = ("ESMO", "NCCN", "UK", "Germany", "Japan", "China")
RISKS = ("very low", "low", "intermediate", "high")
DRUGS = (
    "imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib", "pimitespib", "dasatinib",
    "nilotinib", "pazopanib", "cabozantinib", "larotrectinib", "entrectinib",
    "dabrafenib with trametinib", "olverembatinib",
)  # fmt: skip
SURGERY = "2024-02-29"
LATE = "2028-02-29"
"""A day on which every row counts."""
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
    return patient(removal, *events, facts=f"age: 60, {facts}")


def patient(*events: str, facts: str) -> Record:
    """A woman with these facts and events."""
    lines = "\n".join(f"  - {event}" for event in events)
    text = f"id: patient\nfacts: {{sex: female, {facts}}}\nevents:\n{lines}\n"
    found = read_record(text.encode())
    assert not found.problems, found.problems
    return found


def planned(*events: str, risk: str = "high", day: str = "", **wish) -> FollowUp:
    facts = f"follow_up_risk: {risk}" if risk else ""
    when = datetime.date.fromisoformat(day) if day else None
    return follow_up(library(), record(*events, facts=facts), when, Wish(**wish))


@dataclass(frozen=True)
class Situation:
    """A patient of the golden file. `day`: as seen on it; the dates then run on from it."""

    title: str
    record: Record
    day: str = ""


def removed() -> Iterator[Situation]:
    """Every risk class, without a drug, on it, and after three years of it."""
    for course, events in COURSES.items():
        for risk in RISKS:
            facts = f"follow_up_risk: {risk}"
            yield Situation(f"{risk} risk, {course}", record(*events, facts=facts))


def watched() -> Iterator[Situation]:
    """Small gastric lesions that are looked at again and again, without tissue and with it."""
    for size, tissue in (("8 mm", "not attempted"), ("15 mm", "not attempted"),
                         ("25 mm", "not attempted"), ("15 mm", "GIST")):  # fmt: skip
        seen = (
            "{id: one, day: 2024-02-29, kind: endoscopy, facts: {tumour_site: stomach, "
            f"tumour_size: {size}, biopsy_result: {tissue}, lesion_signs: [], "
            "disease_extent: localised}}"
        )
        again = "{id: two, day: 2024-08-29, kind: endoscopy, modality: endoscopic ultrasound}"
        tissue = "proven GIST" if tissue == "GIST" else "no tissue"
        yield Situation(
            f"watched gastric lesion of {size}, {tissue}",
            patient(seen, again, facts="age: 60"), "2024-09-01",
        )  # fmt: skip


def advanced() -> Iterator[Situation]:
    """Advanced disease on each drug, and without one; late enough for every row that is read."""
    spread = (
        f"{{id: spread, day: {LATE}, kind: imaging, "
        "facts: {tumour_site: stomach, disease_extent: metastatic}}"
    )
    for drug in DRUGS:
        start = f"{{id: start, day: 2028-04-10, kind: drug start, drug: {drug}, purpose: advanced}}"
        yield Situation(f"advanced, on {drug}",
                        patient(spread, start, facts="age: 60"), "2028-04-10")  # fmt: skip
    start = "{id: start, day: 2028-04-10, kind: drug start, drug: imatinib, purpose: advanced}"
    stop = "{id: stop, day: 2028-07-10, kind: drug stop, drug: imatinib}"
    yield Situation("advanced, no drug yet", patient(spread, facts="age: 60"))
    yield Situation("advanced, drug stopped", patient(spread, start, stop, facts="age: 60"),
                    "2028-07-11")  # fmt: skip
    before = "{id: start, day: 2028-04-10, kind: drug start, drug: imatinib, purpose: neoadjuvant}"
    found = (
        f"{{id: found, day: {LATE}, kind: imaging, "
        "facts: {tumour_site: stomach, disease_extent: localised}}"
    )
    yield Situation("imatinib before surgery", patient(found, before, facts="age: 60"),
                    "2028-04-11")  # fmt: skip
    left = (
        f"{{id: left, day: {LATE}, kind: resection, facts: {{tumour_site: stomach, "
        "specimen: resection, resection_margin: R2}}"
    )
    yield Situation("visible disease left behind", patient(left, facts="age: 60"), "2028-03-01")


def inherited() -> Iterator[Situation]:
    """Carriers, SDH-deficient tumours, NF1 and children."""
    visit = "{id: visit, day: 2024-02-29, kind: visit}"
    for title, facts in (
        ("carrier of an SDHA variant, 40 years", "age: 40, germline_sdh_variant: SDHA"),
        ("carrier of an SDHA variant, 10 years", "age: 10, germline_sdh_variant: SDHA"),
        ("carrier of an SDHB variant, 40 years", "age: 40, germline_sdh_variant: SDHB"),
        ("carrier of an SDHB variant, 10 years", "age: 10, germline_sdh_variant: SDHB"),
        ("germline KIT or PDGFRA variant", "age: 40, familial_gist: yes"),
        ("NF1, no tumour known", "age: 40, neurofibromatosis_type_1: yes"),
    ):
        yield Situation(title, patient(visit, facts=facts), "2024-03-01")
    known = "follow_up_risk: low"
    yield Situation("SDH-deficient, removed, low risk",
                    record(facts=f"genotype: SDH-deficient, {known}"))  # fmt: skip
    yield Situation("NF1, tumour removed, low risk",
                    record(facts=f"neurofibromatosis_type_1: yes, {known}"))  # fmt: skip
    child = (
        f"{{id: operation, day: {SURGERY}, kind: resection, facts: {{tumour_site: stomach, "
        "specimen: resection, resection_margin: R0, disease_extent: localised}}"
    )
    yield Situation(
        "child of 12 years, removed, low risk", patient(child, facts=f"age: 12, {known}")
    )


def situations() -> Iterator[Situation]:
    """Every patient of the golden file."""
    yield from removed()
    yield from watched()
    yield from advanced()
    yield from inherited()


def schedules() -> str:
    """Every situation: what each guideline plans, then what holds whatever the guideline."""
    head = [
        "Planned looks until ten years after 29 February 2024 (advanced disease: 2028, when every "
        "row counts): the day of the operation, of the finding or of the first visit.",
        "A range of months is planned at its longer end (the second count: at its shorter). Drugs "
        "were started on 10 April.",
        "Written by tests/followup/patients.py; each line names its row.",
    ]
    return "\n".join(["\n".join(head), *(block(one) for one in situations())]) + "\n"


def found_for(one: Situation, rules: Library | None = None, *, longest: bool = True) -> FollowUp:
    """The follow-up of a situation under all guidelines."""
    day = datetime.date.fromisoformat(one.day) if one.day else None
    return follow_up(rules or library(), one.record, day, Wish(years=13, longest=longest))


def block(one: Situation, rules: Library | None = None) -> str:
    """One situation as text, by these rules or by those that are printed."""
    found, shorter = found_for(one, rules), found_for(one, rules, longest=False)
    states = ", then ".join(" or ".join(sorted(stage.states)) or "no state"
                            for stage in found.stages)  # fmt: skip
    lines = ["", "=" * 100, f"{one.title}  [{states}]"]
    for schedule, other in zip(found.schedules, shorter.schedules, strict=True):
        lines += _schedule(schedule, other, _end(one))
    lines += [f"  {line}" for line in silence_lines(found)]
    return "\n".join(lines)


def _end(one: Situation) -> datetime.date:
    """Ten years after the first day of the record."""
    year = min(int(event.day[:4]) for event in one.record.events if event.day)
    return datetime.date(year + 10, 2, 28)


def _schedule(schedule: Schedule, shorter: Schedule, end: datetime.date) -> Iterator[str]:
    certain = [stated for stated in schedule.stated if not stated.depends_on]
    if schedule.lines or certain:
        yield f"  {schedule.authority}"
    for line, other in zip(schedule.lines, shorter.lines, strict=True):
        yield from _line(line, other, end)
    for stated in certain:
        rule = stated.rule
        yield f"    {rule.test}: {stated.why} ({rule.row}, {_span(rule)} the {rule.anchor})"


def _line(line: Line, shorter: Line, last: datetime.date) -> Iterator[str]:
    """The looks of ten years, in runs of one row, with the row and its interval."""
    looks = [look for look in line.looks if look.planned <= last]
    least = sum(look.planned <= last for look in shorter.looks)
    counts = dict.fromkeys((len(looks), least))
    count = " to ".join(map(str, counts)) + (" look" if list(counts) == [1] else " looks")
    yield f"    {line.test}: {count}"
    starts = [n for n, look in enumerate(looks) if not n or look.rule != looks[n - 1].rule]
    for begin, end in pairwise([*starts, len(looks)]):
        rule = looks[begin].rule
        days = [str(look.planned) for look in looks[begin:end]]
        yield f"      {rule.row}, every {_every(rule.every)}, {_span(rule)} the {rule.anchor}:"
        yield from _days(days)


def _every(every: str) -> str:
    if every == "1":
        return "month"
    return f"{every} months" if every[-1].isdigit() else every.removeprefix("every ")


def _span(rule: Rule) -> str:
    """When a row counts: 'from month 24 to 60 after'."""
    begins = rule.begins
    first = f"week {begins.weeks}" if begins.weeks else f"month {begins.months}"
    return (
        f"from {first} on after" if rule.until == "open" else f"from {first} to {rule.until} after"
    )


def _days(days: list[str]) -> Iterator[str]:
    """Eight days a line; of a long run the first eight and the last."""
    if len(days) > 24:
        yield f"        {' '.join(days[:8])} ... {days[-1]}"
        return
    yield from (f"        {' '.join(days[n : n + 8])}" for n in range(0, len(days), 8))


def differences() -> str:
    """Every situation: in what the printed schedules part, and who holds which value."""
    blocks, total, topics = [], 0, 0
    for one in situations():
        day = datetime.date.fromisoformat(one.day) if one.day else None
        wish = Wish(years=13, as_printed=True)
        compared = compare_schedules(follow_up(library(), one.record, day, wish))
        total, topics = total + compared.differences, topics + len(compared.topics)
        blocks.append(
            "\n".join(["", "=" * 100, f"{one.title}: {compared.differences} differences"])
        )
        blocks += [line for topic in compared.topics for line in _differing(topic)]
    head = (
        f"{total} differences between pairs of schedules, in {len(list(situations()))} situations "
        f"and {topics} topics.\nTen years from 29 February 2024, ranges at their longer end; in "
        "brackets the number of pairs that part (in each year).\n"
        "Written by tests/followup/patients.py."
    )
    return "\n".join([head, *blocks]) + "\n"


def _differing(topic: Topic) -> Iterator[str]:
    if topic.differences:
        yield f"  {topic.name}"
    for aspect in in_spans(topic.differences):
        yield f"    {aspect.name} ({aspect.pairs})"
        yield from (f"      {value}: {', '.join(who)}" for value, who in aspect.held.items())


if __name__ == "__main__":
    DIFFERENCES.write_text(differences(), "utf-8")
    GOLDEN.write_text(schedules(), "utf-8")
