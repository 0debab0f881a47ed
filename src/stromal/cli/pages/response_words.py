"""The response in words that the terminal and the HTML page share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stromal.plan.response.reading import ResponseSettings
from stromal.plan.response.values import BestReading, CourseResponse, GrowthReading, Progressed
from stromal.plan.treatment import Option

MEASURES = {"recist": "RECIST 1.1", "gist": "GIST modification"}
MONTH = 365.25 / 12
REMEMBERED = (
    "Remembered and not read, so unconfirmed: the days before SD counts, and in the GIST "
    "modification that a nodule must be active and of 2 cm, or grow on two scans in a row."
)


def number(value: float | None, decimals: int = 1) -> str:
    """A number cut to so many decimals, without zeros behind; '?' if it is not known."""
    if value is None:
        return "?"
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def per_cent(value: float | None) -> str:
    """A change with its sign: '+20 %', '-14.7 %'; '?' if it is not known."""
    if value is None:
        return "?"
    sign = "+" if value > 0 else ""
    return f"{sign}{number(value)} %"


def responses(found: Sequence[str]) -> str:
    """The responses still possible: 'PR', 'PR or PD', 'not computed'."""
    return " or ".join(found) if found else "-"


def course_name(course: CourseResponse) -> str:
    """The drug, what it is for and its days."""
    if not course.on_drug:
        return "Before or without any drug"
    purpose = " or ".join(course.purposes)
    end = f"to {course.stop}" if course.stop else "on"
    return f"{' with '.join(course.drugs)} ({purpose}), {course.start} {end}"


def best_words(course: CourseResponse, criteria: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The best response by each of RECIST and its modification; each reading where they differ."""
    for name, words in MEASURES.items():
        found = [one for one in course.best if one.criteria == name]
        if name not in criteria or not found:
            continue
        grouped: dict[str, list[BestReading]] = {}
        for one in found:
            grouped.setdefault(_best(one), []).append(one)
        if len(grouped) == 1:
            yield f"best, {words}", f"{next(iter(grouped))}, by every setting tried"
        else:
            told = (f"{best} ({_settings(several, found)})" for best, several in grouped.items())
            yield f"best, {words}", "; ".join(told)


def _best(one: BestReading) -> str:
    confirmed = {None: "", True: ", confirmed", False: ", a response was not confirmed"}
    day = f" on {one.day}" if one.day else ""
    return f"{one.response}{day}{confirmed[one.confirmed]}"


def _settings(several: Sequence[BestReading], found: Sequence[BestReading]) -> str:
    """Which settings give one answer, said only where they tell it from the others."""
    told = []
    confirms = dict.fromkeys(one.confirm_after for one in several)
    if len(confirms) < len({one.confirm_after for one in found}):
        told += [f"confirmation after {n} days" if n else "no confirmation" for n in confirms]
    stables = dict.fromkeys(one.least_stable for one in several)
    if len(stables) < len({one.least_stable for one in found}):
        told += [f"SD from {n} days" for n in stables]
    if len(told) and len(several) == len(confirms) * len(stables):
        return ", ".join(told)
    return "; ".join(_setting(one) for one in several)


def _setting(one: BestReading) -> str:
    confirm = f"confirmation after {one.confirm_after} days" if one.confirm_after else "none asked"
    return f"SD from {one.least_stable} days and {confirm}"


def progressed_words(one: Progressed) -> str:
    """The days to progression, or without it."""
    low, high = one.days
    days = f"{low} days" if low == high else f"{low} to {high} days"
    months = f"about {number((low + high) / 2 / MONTH)} months"
    if not one.came:
        return f"none in {days} ({months}), last looked at {one.day}"
    doubt = "; it may be pseudo-progression, so this is not sure" if one.doubtful else ""
    return f"{days} ({months}), {one.day}{doubt}"


def growth_words(one: GrowthReading) -> str:
    """The doubling time with its interval, and what it was computed from."""
    basis = f"{one.basis} since {one.since}"
    if one.doubling is None:
        return f"does not grow ({basis})"
    text = f"doubles in about {number(one.doubling, 0)} days"
    if not one.interval:
        return f"{text}, no interval: {basis}, add --error MM"
    low = f"{number(one.doubling_low, 0)} days" if one.doubling_low else "no growth"
    high = f"{number(one.doubling_high, 0)} days" if one.doubling_high else "no growth at all"
    return f"{text}, 95 % {low} to {high} ({basis})"


def option_words(option: Option) -> str:
    """The option, who says it how strongly by which row, and what it still hangs on."""
    said: dict[str, None] = {}
    for advice in option.advice:
        row = f"{advice.basis.document} {advice.basis.row}"
        authority = advice.basis.outputs.get("authority") or advice.guideline
        said[f"{authority}: {advice.strength} ({row})"] = None
    state = {"refused": "NOT: ", "depends": "depends: "}.get(option.state, "")
    hangs = f"; hangs on {', '.join(option.depends_on[:4])}" if option.state == "depends" else ""
    more = f" and {len(option.depends_on) - 4} more" if len(option.depends_on) > 4 and hangs else ""
    return f"{state}{option.name} ({option.setting}): {'; '.join(said)}{hangs}{more}"


def settings_words(settings: ResponseSettings) -> str:
    """What was taken where trials and publications part."""
    stable = " and ".join(map(str, settings.stable_days()))
    confirm = " and ".join(f"{n} days" if n else "none" for n in settings.confirmations())
    drift = {True: "keep PR", False: "strict", None: "both"}[settings.keep_partial]
    border = {True: "more than", False: "at least", None: "at least and more than"}
    reference = settings.growth_from or "baseline and nadir"
    error = f"{number(settings.error)} mm" if settings.error else "not given"
    between = f"{settings.most_not_evaluable} NE{' and one SD' if settings.accept_stable else ''}"
    return (
        f"Settings tried: SD from {stable} days; confirmation after {confirm}, {between} allowed "
        f"before it; drift after PR: {drift}; Choi {border[settings.choi_strict]} "
        f"{settings.choi_size} % size and {settings.choi_density} % density, growth from "
        f"{reference}; error of a size {error}. They change what is shown here; progression as a "
        f"fact rests on every reading. {REMEMBERED}"
    )
