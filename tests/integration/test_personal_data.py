"""Personal data: refused without an agreement, and never shown by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.command import Ran, assert_refused, oda
from tests.integration.samples import FOUND, QUEUE, Row, write_rows

SECRETS = ("Qzxwortley", "Vbnharrow", "1987-13-45", "4x4x4x", "Kjhlane")
SCHEMA = {
    "fields": [
        {"name": "surname", "type": "string", "constraints": {"maxLength": 6}},
        {"name": "born", "type": "date"},
        {"name": "visits", "type": "integer"},
        {"name": "street", "type": "string", "constraints": {"enum": ["High Street"]}},
    ]
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """Personal records with every kind of bad value and bad line, loaded with and without JSON."""
    root = tmp_path_factory.mktemp("people")
    first, second, born, number, street = SECRETS
    lines = [
        "surname,born,visits,street",
        f"{first},{born},{number},{street}",
        f"{second},{first},{second},{street}",
        f"{first},{street}",
        f'{first},"{second}"x,{number},{street}',
        f'"{street},{born},1,{first}',
    ]
    (root / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    args = ("intake", "people.csv", "--class", "personal", "--schema", "schema.json")
    plain = oda(*args, "--workspace", "office", cwd=root)
    asked = oda(*args, "--workspace", "office", "--json", cwd=root)
    return plain, asked


def test_no_cell_is_shown(loaded: tuple[Ran, Ran]) -> None:
    """Proves that the report of a bad delivery tells lines, columns and reasons, never a value."""
    for ran in loaded:
        assert ran.code == 1, ran.told
        for secret in SECRETS:
            assert secret not in ran.out, secret
            assert secret not in ran.err, secret
    assert loaded[1].answer["quarantined"] > 0
    assert loaded[1].answer["flagged_values"] > 0


def seen_in(folder: Path, word: str) -> list[Path]:
    """List the files of a folder that hold a word in clear."""
    return [p for p in folder.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]


def assert_nothing_read(office: Path, cwd: Path) -> None:
    """Nothing of the file is in the office: no dataset, no read done, no value in any file."""
    for command in (("datasets",), ("audit", "--last", "100")):
        ran = oda(*command, "--workspace", office, "--json", cwd=cwd)
        assert ran.code == 0, ran.told
        if command == ("datasets",):
            assert ran.answer["datasets"] == []
        else:
            done = [
                entry
                for entry in ran.answer["entries"]
                if entry["action"] != "create" and entry["outcome"] == "done"
            ]
            assert done == []
    assert seen_in(office, "Zqueuename") == []
    assert list(office.rglob("*.parquet")) == []


def test_run_on_personal_data_is_refused_unread(
    tmp_path: Path, package: Path, small_rows: list[Row]
) -> None:
    """Proves that no package runs on personal data without an agreement, and none of it is kept."""
    rows = [{**row, QUEUE: "Zqueuename"} for row in small_rows[:300]]
    data = write_rows(tmp_path / "cases.csv", rows)
    office = tmp_path / "office"
    ran = oda(
        "run", package, "--data", data, "--class", "personal", "--workspace", office, "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert_refused(ran)
    assert "agreement" in ran.err
    assert_nothing_read(office, tmp_path)


def test_disparity_on_personal_data_is_refused_unread(
    tmp_path: Path, small_rows: list[Row]
) -> None:
    """Proves the same of comparing groups."""
    rows = [{**row, QUEUE: "Zqueuename", "selected": row[FOUND]} for row in small_rows[:300]]
    data = write_rows(tmp_path / "scores.csv", rows)
    office = tmp_path / "office"
    ran = oda(
        "disparity", data, "--class", "personal", "--map", f"outcome={FOUND}",
        "--map", f"group={QUEUE}", "--workspace", office,
        cwd=tmp_path,
    )  # fmt: skip
    assert_refused(ran)
    assert "agreement" in ran.err
    assert_nothing_read(office, tmp_path)
