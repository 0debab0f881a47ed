"""An assessment as data for JSON."""

from __future__ import annotations

from collections.abc import Mapping

from stromal.cli.machine import plain_data, problems_data
from stromal.cli.speak import faults
from stromal.facts.dictionary import Term
from stromal.library import Library
from stromal.plan.assessment import Assessment
from stromal.plan.words import say


def assessment_data(library: Library, assessment: Assessment) -> dict[str, object]:
    """The assessment as data for JSON, facts also in words, problems of the rules included."""
    data = plain_data(assessment)
    assert isinstance(data, dict)
    terms: Mapping[str, Term] = library.terms
    for fact, described in zip(assessment.facts, data["facts"], strict=True):
        described["words"] = say(terms[fact.name], fact.possible)
    problems = [*faults(library), *assessment.problems]
    return {**data, "problems": problems_data(problems)}
