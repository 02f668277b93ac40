"""`oda schema`: a council's extract taken in by a schema to begin from."""

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.command import assert_refused, oda

LGA = {
    "title": "Premises licences",
    "fields": [
        {"name": "CaseReference", "constraints": {"required": True}},
        {"name": "CaseDate", "constraints": {
            "type": "http://www.w3.org/2001/XMLSchema#date", "datePattern": "%d/%m/%Y"}},
        {"name": "Fee", "constraints": {"type": "http://www.w3.org/2001/XMLSchema#duration"}},
    ],
}  # fmt: skip


def test_a_shipped_schema_takes_an_extract_in(tmp_path: Path) -> None:
    """Proves that each listed schema can be written, is sound for intake, and types an extract."""
    for one in oda("schema", "list", "--json", cwd=tmp_path).answer["schemas"]:
        assert (
            oda("schema", "write", one["name"], "--out", f"{one['name']}.json", cwd=tmp_path).code
            == 0
        )
        (tmp_path / "extract.csv").write_text(",".join(one["columns"]) + "\n", encoding="utf-8")
        taken = oda(
            "intake", "extract.csv", "--class", "synthetic", "--dataset", one["name"], "--schema",
            f"{one['name']}.json", "--workspace", "office", cwd=tmp_path,
        )  # fmt: skip
        assert taken.code == 0, taken.told
    assert_refused(
        oda("schema", "write", "housing", "--out", "housing.json", "--json", cwd=tmp_path)
    )


def test_a_published_schema_becomes_a_table_schema(tmp_path: Path) -> None:
    """Proves that an LGA schema works in intake, and that what is lost is said, with exit code 1."""
    (tmp_path / "lga.json").write_text(json.dumps(LGA), encoding="utf-8")
    ran = oda("schema", "write", "lga.json", "--out", "own.json", "--json", cwd=tmp_path)
    assert ran.code == 1, ran.told
    assert len(ran.answer["remarks"]) == 1
    assert "Fee" in ran.answer["remarks"][0]
    (tmp_path / "licences.csv").write_text(
        "CaseReference,CaseDate,Fee\nA1,31/12/2020,P1Y\nA2,12/31/2020,\n", encoding="utf-8"
    )
    taken = oda("intake", "licences.csv", "--class", "synthetic", "--schema", "own.json",
                "--workspace", "office", "--json", cwd=tmp_path)  # fmt: skip
    assert (taken.code, taken.answer["flagged_values"]) == (1, 1)
