"""`oda export`: what the vault holds, as a file for other programs."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq

from tests.integration.command import assert_refused, oda

ROWS = 'ref,note\n001,"a, ""b""\nc"\n002,\n003,=1+1\n'


def load(folder: Path, data_class: str, text: str = ROWS) -> None:
    (folder / "cases.csv").write_text(text, encoding="utf-8")
    ran = oda("intake", "cases.csv", "--class", data_class, "--workspace", "office", cwd=folder)
    assert ran.code == 0, ran.told


def test_rows_go_out_as_they_came_in(tmp_path: Path) -> None:
    """Proves that both kinds hold every accepted row, CSV no formula, and that the log knows."""
    load(tmp_path, "open")
    for name in ("out.csv", "out.parquet"):
        ran = oda("export", "cases", "--out", name, "--workspace", "office", "--json", cwd=tmp_path)
        assert (ran.code, ran.answer["rows"], ran.answer["class"]) == (0, 3, "open"), ran.told
        assert ran.answer["guarded"] == (name == "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["ref"], row["note"]) for row in rows] == [
        ("001", 'a, "b"\nc'), ("002", ""), ("003", "'=1+1"),
    ]  # fmt: skip
    assert pq.read_table(tmp_path / "out.parquet")["ref"].to_pylist() == ["001", "002", "003"]
    assert pq.read_table(tmp_path / "out.parquet")["note"].to_pylist()[2] == "=1+1"
    log = oda("audit", "--workspace", "office", "--json", cwd=tmp_path).answer["entries"]
    assert sum((one["action"], one["outcome"]) == ("export", "done") for one in log) == 2
    assert not list(tmp_path.glob("*.partial"))


def test_synthetic_data_says_so_in_its_name(tmp_path: Path) -> None:
    """Proves that the file's own name is labelled, and that no file is written over."""
    load(tmp_path, "synthetic")
    assert oda("export", "cases", "--workspace", "office", cwd=tmp_path).code == 0
    written = tmp_path / "cases.synthetic.csv"
    before = written.read_bytes()
    assert_refused(oda("export", "cases", "--workspace", "office", "--json", cwd=tmp_path))
    assert written.read_bytes() == before
    assert_refused(oda("export", "cases", "--out", "x.xls", "--workspace", "office", cwd=tmp_path))


def test_an_empty_dataset_keeps_its_columns(tmp_path: Path) -> None:
    """Proves that no rows still give the names of the columns."""
    load(tmp_path, "open", "ref,note\n")
    out = ("--out", "empty.csv", "--workspace", "office")
    assert oda("export", "cases", *out, cwd=tmp_path).code == 0
    with (tmp_path / "empty.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 1
    assert {"ref", "note"} <= set(lines[0])


def test_personal_data_never_leaves(tmp_path: Path) -> None:
    """Proves that personal data is refused, nothing written, and the refusal logged."""
    load(tmp_path, "personal")
    ran = oda("export", "cases", "--out", "x.csv", "--workspace", "office", "--json", cwd=tmp_path)
    assert_refused(ran)
    assert not (tmp_path / "x.csv").exists()
    log = oda("audit", "--workspace", "office", "--json", cwd=tmp_path).answer["entries"]
    assert (log[-1]["action"], log[-1]["outcome"]) == ("read", "refused"), log[-1]


def test_flagged_values_are_told_and_had(tmp_path: Path) -> None:
    """Proves that a value which is empty in the rows is counted, and had as it came by --part."""
    (tmp_path / "schema.json").write_text('{"fields": [{"name": "n", "type": "integer"}]}')
    (tmp_path / "n.csv").write_text("n\n1\nsixty\n", encoding="utf-8")
    at = ("--workspace", "office", "--json")
    oda("intake", "n.csv", "--class", "open", "--schema", "schema.json", *at, cwd=tmp_path)
    assert oda("export", "n", "--out", "rows.csv", *at, cwd=tmp_path).answer["emptied"] == 1
    flags = oda("export", "n", "--part", "flags", *at, cwd=tmp_path)
    assert (flags.code, flags.answer["rows"], flags.answer["file"]) == (0, 1, "n-flags.csv"), (
        flags.told
    )
    assert "sixty" in (tmp_path / "n-flags.csv").read_text(encoding="utf-8")
    assert_refused(oda("export", "n", "--part", "nonsense", *at, cwd=tmp_path))


def test_exact_csv_has_no_apostrophe(tmp_path: Path) -> None:
    """Proves that programs can have the texts as they are."""
    load(tmp_path, "open")
    out = ("--out", "exact.csv", "--exact", "--workspace", "office", "--json")
    assert oda("export", "cases", *out, cwd=tmp_path).answer["guarded"] == 0
    assert '"=1+1"' in (tmp_path / "exact.csv").read_text(encoding="utf-8")
