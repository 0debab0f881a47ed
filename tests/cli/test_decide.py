"""`stromal decide`: every line of a file, and what is wrong in it by line and column."""

from __future__ import annotations

import csv
import datetime
import random
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.terminal import KNOWLEDGE, Ran, stromal
from stromal.facts.record import read_record
from stromal.library import load
from stromal.plan.assess import assess_record
from stromal.plan.assessment import Decision

DAY = datetime.date(2020, 1, 1)


def decide(tmp_path: Path, text: str | bytes, *more: str, document: str = "site-risk") -> Ran:
    source = tmp_path / "in.csv"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    return stromal("decide", document, "--in", source, "--out", tmp_path / "out.csv", *more)


def lines(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_line_gets_its_outcome_its_row_and_what_is_possible(tmp_path: Path) -> None:
    text = "patient,tumour_size (cm),mitotic_rate,tumour_site,rupture_findings,sdhb\n"
    text += "a,3,9 /5 mm2,stomach,none,retained\n"
    text += "b,3,9 /5 mm2,?,none,\n"
    text += "c,8,,,,lost\n"
    assert decide(tmp_path, text).code == 0
    first, second, third = lines(tmp_path)
    assert first["patient"] == "a"
    assert (first["site_risk"], first["site_risk_row"]) == ("intermediate", "S3")
    assert (second["site_risk"], second["site_risk_row"]) == ("", "S3 S4")
    assert second["site_risk_possible"] == "intermediate or high"
    assert second["site_risk_unless"] == "nature/applies#G1"
    assert (third["site_risk"], third["site_risk_possible"]) == ("", "")
    assert third["site_risk_refused"] == "nature/applies#G1"


def test_an_unreadable_cell_is_named_and_the_other_lines_come_out(tmp_path: Path) -> None:
    text = "tumour_size,mitotic_count\n3 cm,1 per 5 mm2\n3,1 per 5 mm2\n8 cm,lots\n8 cm,?\n"
    ran = decide(tmp_path, text, document="plain-risk")
    found = lines(tmp_path)
    assert ran.code == 1
    assert [line["plain_risk"] for line in found] == ["low", "", "", "high"]
    assert "in.csv:3, column tumour_size: '3' has no unit" in found[1]["plain_risk_problem"]
    assert "in.csv:4, column mitotic_count" in found[2]["plain_risk_problem"]
    assert "in.csv:3, column tumour_size" in " ".join(ran.out.split())


def test_a_line_with_too_few_cells_is_kept_and_named(tmp_path: Path) -> None:
    text = 'tumour_size,note\n8 cm,"two\nlines"\n8 cm\n\n8 cm,x\n'
    assert decide(tmp_path, text, document="plain-risk").code == 1
    found = lines(tmp_path)
    assert [line["plain_risk"] for line in found] == ["high", "", "high"]
    assert "in.csv:4: 1 cells" in found[1]["plain_risk_problem"]


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [("(5..10] cm", "high"), (">5 cm", "high"), ("4 to 6 cm", ""), ("60 mm", "high"), ("", "")],
)
def test_ranges_are_written_as_in_tables_or_records(
    tmp_path: Path, cell: str, outcome: str
) -> None:
    decide(tmp_path, f"tumour_size,sex\n{cell},female\n", document="plain-risk")
    assert lines(tmp_path)[0]["plain_risk"] == outcome


def test_choices_are_read_as_in_tables_too(tmp_path: Path) -> None:
    text = "tumour_site;tumour_size;mitotic_rate;rupture_findings\n"
    text += '"not(""stomach"")";3 cm;9 /5 mm2;none\n'
    assert decide(tmp_path, text).code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (line,) = csv.DictReader(file, delimiter=";")
    assert line["site_risk"] == "high"


def test_a_head_that_is_nearly_a_name_is_a_problem_and_others_are_carried(tmp_path: Path) -> None:
    ran = decide(tmp_path, "tumor_size,mitotic_rate,ruptured\n3 cm,9 /5 mm2,yes\n")
    assert ran.code == 1
    out = " ".join(ran.out.split())
    assert "column tumor_size" in out
    assert "did you mean 'tumour_size'" in out
    assert "ruptured is decided by nature/rupture, so the column is not read" in out
    assert lines(tmp_path)[0]["tumor_size"] == "3 cm"


def test_a_rate_that_contradicts_its_count_is_told(tmp_path: Path) -> None:
    text = "mitotic_count,mitotic_rate\n1 per 5 mm2,9 /5 mm2\n9 per 5 mm2,9 /5 mm2\n"
    assert decide(tmp_path, text, document="plain-risk").code == 1
    first, second = lines(tmp_path)
    assert "9 given, but 1 computed" in first["plain_risk_problem"]
    assert second["plain_risk"] == "high"


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("tumour_size\n3 cm\n", "utf-8")
    ran = stromal("decide", "plain-risk", "--in", source, "--out", source, "--force")
    assert ran.code == 1
    assert source.read_text("utf-8") == "tumour_size\n3 cm\n"


def test_an_existing_output_is_replaced_only_by_force(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine", "utf-8")
    assert "--force" in decide(tmp_path, "tumour_size\n3 cm\n", document="plain-risk").err
    assert (tmp_path / "out.csv").read_text("utf-8") == "mine"
    assert decide(tmp_path, "tumour_size\n3 cm\n", "--force", document="plain-risk").code == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no column is a fact"),
        (b"a,b\n1,2\n", "no column is a fact"),
        ("tumour_size\n3 cm\n".encode("utf-16"), "UTF-16"),
        (b"tumour_size\n3 cm\n\xe4\n", "not UTF-8"),
        (b"\x00\x01tumour_size", "binary"),
        (b"tumour_size,plain_risk\n3 cm,low\n", "would be added"),
        (b"tumour_size (kg)\n3\n", "is no unit of tumour_size"),
        (b'tumour_size\n"' + b"x" * 200_000, "quote"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(
    tmp_path: Path, data: bytes, words: str
) -> None:
    ran = decide(tmp_path, data, document="plain-risk")
    assert ran.code == 1
    assert words in " ".join(ran.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_missing_files_and_documents_are_named(tmp_path: Path) -> None:
    ran = stromal("decide", "plain-risk", "--in", tmp_path / "no.csv", "--out", tmp_path / "o.csv")
    assert (ran.code, "no such file" in " ".join(ran.err.split())) == (1, True)
    assert "did you mean" in decide(tmp_path, "tumour_size\n", document="nature/plain-risks").err
    assert "not in force" in decide(tmp_path, "tumour_size\n", "--day", "2007-01-01").err


def test_json_sums_up(tmp_path: Path) -> None:
    text = "tumour_size,id\n8 cm,1\n8 cm,2\n3 cm,3\nbad,4\n"
    data = decide(tmp_path, text, "--json", document="plain-risk").data
    assert data["lines"] == 4
    assert data["outcomes"] == {"high": 2, "open: low or high": 1}
    assert data["problem_count"] == 1
    assert data["columns_not_read"] == ["id"]
    assert "mitotic_rate" in data["facts_without_a_column"]


CELLS = {
    "tumour_size": ("", "?", "5 cm", "5.1 cm", "4 to 6 cm", "<5 cm", ">10 cm", "(5..10] cm"),
    "mitotic_count": ("", "5 per 5 mm2", "6 per 5 mm2", "<5 per 50 HPF", ">10 per 50 HPF"),
    "tumour_site": ("", "stomach", "ileum", "stomach or ileum", "not stomach"),
    "rupture_findings": ("", "none", "tumour fracture", "mucosal defect", "mucosal defect, ?"),
    "sdhb": ("", "retained", "lost"),
}


@pytest.mark.parametrize("document", ["plain-risk", "site-risk"])
def test_a_line_gives_what_the_assessment_of_that_patient_gives(
    tmp_path: Path, document: str
) -> None:
    draw = random.Random(document)
    patients = [{n: draw.choice(values) for n, values in CELLS.items()} for _ in range(150)]
    text = ",".join(CELLS) + "\n"
    text += "".join(",".join(f'"{cell}"' for cell in p.values()) + "\n" for p in patients)
    assert decide(tmp_path, text, document=document).code == 0
    library = load(KNOWLEDGE)
    for patient, line in zip(patients, lines(tmp_path), strict=True):
        facts = {name: _raw(name, cell) for name, cell in patient.items() if cell}
        record = read_record(yaml.safe_dump({"facts": facts}).encode())
        assessment = assess_record(library, record, DAY)
        decision = next(d for d in assessment.decisions if d.document.endswith(document))
        assert _as_cells(decision) == _of_line(line, decision.name), patient


def _raw(name: str, cell: str) -> object:
    if name != "rupture_findings":
        return cell
    return [] if cell == "none" else [part.strip() for part in cell.split(",")]


def _as_cells(decision: Decision) -> tuple[str, ...]:
    refuses = [o for o in decision.objections if o.effect == "refuse"]
    refused = " ".join(f"{o.basis.document}#{o.basis.row}" for o in refuses if o.certain)
    unless = " ".join(f"{o.basis.document}#{o.basis.row}" for o in refuses if not o.certain)
    rows = "" if refused else " ".join(basis.row for basis in decision.bases)
    settled = decision.outcomes[0] if decision.state == "settled" else ""
    return settled, rows, " or ".join(decision.outcomes), refused, unless


def _of_line(line: dict[str, str], name: str) -> tuple[str, ...]:
    parts = ("", "_row", "_possible", "_refused", "_unless")
    return tuple(line[f"{name}{part}"] for part in parts)


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@settings(max_examples=40)
@given(st.lists(st.lists(CELL, max_size=4), max_size=5))
def test_no_cells_make_it_crash_and_no_line_is_lost(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["tumour_size", "mitotic_count", "sdhb"], *rows])
        target = Path(folder) / "out.csv"
        ran = stromal("decide", "plain-risk", "--in", source, "--out", target, "--json")
        assert ran.code in (0, 1)
        assert ran.data["lines"] == sum(bool(row) for row in rows)
        with target.open(encoding="utf-8", newline="") as file:
            found = [row for row in csv.reader(file) if row]
        assert len(found) == 1 + ran.data["lines"]
