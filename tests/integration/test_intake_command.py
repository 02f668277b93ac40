"""Intake through the command: nothing is lost, nothing is guessed, and the count says so."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.command import Ran, assert_no_fault, assert_refused, oda, oda_many

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True}},
        {"name": "name", "type": "string"},
        {"name": "visits", "type": "integer"},
        {"name": "seen", "type": "date"},
    ]
}
HEADER = b"id,name,visits,seen\n"
SOUND = (
    HEADER + b"007,Null,1,2024-01-31\n0042,NA,2,2024-02-29\n1e5,None,3,\n",
    3,
)
# name of the file -> bytes, rows that must be accepted (None: only the sum is asked for)
SOUND_FILES: dict[str, bytes] = {
    "plain.csv": SOUND[0],
    "bom.csv": b"\xef\xbb\xbf" + SOUND[0],
    "crlf.csv": SOUND[0].replace(b"\n", b"\r\n"),
    "cr.csv": SOUND[0].replace(b"\n", b"\r"),
    "no_last_end.csv": SOUND[0].rstrip(b"\n"),
    "packed.csv.gz": gzip.compress(SOUND[0]),
    "tabs.tsv": SOUND[0].replace(b",", b"\t"),
    "tabs.tsv.gz": gzip.compress(SOUND[0].replace(b",", b"\t")),
}
NASTY_FILES: dict[str, tuple[bytes, int | None]] = {
    "ragged.csv": (HEADER + b"1,a,1,\n2,b\n3,c,3,,,\n4,d,4,\n", 2),
    "unclosed.csv": (HEADER + b'1,a,1,\n2,"b,2,\n3,c,3,\n4,d,4,\n', None),
    "nul.csv": (HEADER + b"1,a,1,\n2,b\x00b,2,\n3,c,3,\n", None),
    "bad_utf8.csv": (HEADER + b"1,a,1,\n2,b\xff\xfe,2,\n3,c,3,\n", None),
    "mixed_ends.csv": (HEADER + b"1,a,1,\r\n2,b,2,\n3,c,3,\r4,d,4,\n", None),
    "stray_quote.csv": (HEADER + b'1,a"b,1,\n2,"b"x,2,\n3,c,3,\n', None),
    "blank.csv": (HEADER + b"\n1,a,1,\n\n\n2,b,2,\n", 2),
    "two_lines.csv": (HEADER + b'1,"a\nb",1,\n2,b,2,\n', 2),
    "header_only.csv": (HEADER, 0),
}
DAMAGED = ("ragged.csv", "unclosed.csv", "nul.csv", "bad_utf8.csv")
UNREADABLE: dict[str, bytes] = {
    "empty.csv": b"",
    "cut.csv.gz": gzip.compress(SOUND[0] * 50)[:-20],
    "no_gzip.csv.gz": SOUND[0],
    "no_parquet.parquet": SOUND[0],
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "wide.csv": HEADER.decode().encode("utf-16") + b"1\x00,\x00a\x00,\x001\x00,\x00\n\x00",
}


def parquet_file(typed: bool) -> bytes:
    """Make a Parquet file of the sound rows, as text or with numbers and dates of its own."""
    names = {"id": ["007", "0042", "1e5"], "name": ["Null", "NA", "None"]}
    if typed:
        days = pa.array([19753, 19782, None], pa.int32()).cast(pa.date32())
        table = pa.table({**names, "visits": pa.array([1, 2, 3]), "seen": days})
    else:
        seen = ["2024-01-31", "2024-02-29", None]
        table = pa.table({**names, "visits": ["1", "2", "3"], "seen": seen})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


ALL_SOUND = {
    **SOUND_FILES,
    "text.parquet": parquet_file(typed=False),
    "typed.parquet": parquet_file(typed=True),
}


def load(files: dict[str, bytes], root: Path, schema: bool) -> dict[str, Ran]:
    """Load each file into an office of its own."""
    commands: dict[str, tuple[str, ...]] = {}
    for name, content in files.items():
        folder = root / name
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)
        (folder / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
        options = ("--schema", "schema.json") if schema else ()
        commands[name] = (
            "intake", name, "--dataset", "trial", "--class", "open", *options,
            "--workspace", "office", "--json",
        )  # fmt: skip
    return oda_many(commands, root)


def vault_columns(office: Path) -> list[list[Any]]:
    """Read every column of every Parquet file in an office's vault."""
    tables = [pq.ParquetFile(path).read() for path in sorted((office / "vault").rglob("*.parquet"))]
    return [column.to_pylist() for table in tables for column in table.columns]


def assert_reconciled(answer: dict[str, Any]) -> None:
    """Every row in is accepted or quarantined, in the whole and in each file."""
    for part in (answer, *answer.get("files", [])):
        assert part["rows_in"] == part["accepted"] + part["quarantined"], part


Loads = dict[str, tuple[Ran, Path]]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Loads:
    """Every file, loaded without a schema."""
    root = tmp_path_factory.mktemp("bare")
    files = {**ALL_SOUND, **{n: f[0] for n, f in NASTY_FILES.items()}, **UNREADABLE}
    return {name: (ran, root / name / "office") for name, ran in load(files, root, False).items()}


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Loads:
    """Some of the files, loaded with a schema."""
    root = tmp_path_factory.mktemp("typed")
    sound = ("bom.csv", "cr.csv", "packed.csv.gz", "tabs.tsv", "typed.parquet")
    files = {
        **{name: ALL_SOUND[name] for name in sound},
        **{name: NASTY_FILES[name][0] for name in (*DAMAGED, "header_only.csv")},
        "bad_values.csv": HEADER + b"1,a,12x,2024-13-01\n2,b,2,2024-01-31\n,c,3,\n",
        "other_columns.csv": b"id,name,visits\n1,a,1\n",
    }
    return {name: (ran, root / name / "office") for name, ran in load(files, root, True).items()}


@pytest.mark.parametrize("name", ALL_SOUND)
def test_sound_file_goes_in_whole(bare: Loads, name: str) -> None:
    """Proves that each format and line end gives the same three rows, untouched by guessing."""
    ran, office = bare[name]
    assert ran.code == 0, ran.told
    assert_reconciled(ran.answer)
    assert (ran.answer["accepted"], ran.answer["quarantined"]) == (3, 0)
    columns = vault_columns(office)
    assert ["007", "0042", "1e5"] in columns
    assert ["Null", "NA", "None"] in columns


@pytest.mark.parametrize("name", NASTY_FILES)
def test_nasty_file_reconciles(bare: Loads, name: str) -> None:
    """Proves that a damaged file loses no line in silence: what isn't accepted is quarantined."""
    ran, _ = bare[name]
    assert_no_fault(ran)
    expected = NASTY_FILES[name][1]
    if ran.code == 2:
        assert expected in (None, 0)
        return
    assert_reconciled(ran.answer)
    assert (ran.answer["quarantined"] > 0) == (ran.code == 1), ran.told
    assert expected in (None, ran.answer["accepted"]), ran.told


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_said(bare: Loads, name: str) -> None:
    """Proves that a damaged line is named with its reason, and the lines around it still go in."""
    ran, _ = bare[name]
    assert ran.code == 1, ran.told
    assert ran.answer["quarantined"] > 0
    assert ran.answer["accepted"] >= 1, ran.told
    assert all(problem["reason"] for problem in ran.answer["problems"])


def test_quarantine_keeps_the_raw_text(bare: Loads) -> None:
    """Proves that a quarantined line can still be read as it came, with its line number."""
    _, office = bare["ragged.csv"]
    kept = [text for column in vault_columns(office) for text in map(as_text, column)]
    assert any(text.strip() == "2,b" for text in kept)
    assert any(text.strip() == "3,c,3,,," for text in kept)
    assert any({3, 4} <= set(column) for column in vault_columns(office) if 3 in column)


def as_text(cell: object) -> str:
    """Turn a cell of any type into text."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_table_is_refused_or_quarantined(bare: Loads, name: str) -> None:
    """Proves that a file of another kind never passes for a sound one, nor breaks the command."""
    ran, _ = bare[name]
    assert_no_fault(ran)
    if ran.code == 2:
        assert_refused(ran)
    else:
        assert_reconciled(ran.answer)
        assert ran.code == 1 or name == "wide.csv", ran.told


@pytest.mark.parametrize(
    "name", ["bom.csv", "cr.csv", "packed.csv.gz", "tabs.tsv", "typed.parquet"]
)
def test_schema_types_a_sound_file(typed: Loads, name: str) -> None:
    """Proves that a schema types what it names and still leaves text as text."""
    ran, office = typed[name]
    assert ran.code == 0, ran.told
    assert (ran.answer["accepted"], ran.answer["flagged_values"]) == (3, 0)
    columns = vault_columns(office)
    assert ["007", "0042", "1e5"] in columns
    assert ["Null", "NA", "None"] in columns
    assert [1, 2, 3] in columns
    assert any([str(day) for day in c] == ["2024-01-31", "2024-02-29", "None"] for c in columns)


@pytest.mark.parametrize("name", [*DAMAGED, "header_only.csv"])
def test_nasty_file_reconciles_under_a_schema(typed: Loads, name: str) -> None:
    """Proves the same sum where every value is also typed."""
    ran, _ = typed[name]
    assert_no_fault(ran)
    if ran.code != 2:
        assert_reconciled(ran.answer)
        assert NASTY_FILES[name][1] in (None, ran.answer["accepted"]), ran.told
    elif name != "header_only.csv":
        assert_refused(ran)


def test_bad_value_keeps_its_row(typed: Loads) -> None:
    """Proves that a value of the wrong type costs no row: raw kept, typed empty, flagged."""
    ran, office = typed["bad_values.csv"]
    assert ran.code == 1, ran.told
    assert_reconciled(ran.answer)
    assert (ran.answer["accepted"], ran.answer["quarantined"]) == (3, 0), ran.told
    assert ran.answer["flagged_values"] >= 2
    columns = vault_columns(office)
    assert [None, 2, 3] in columns
    assert any("12x" in column for column in columns)
    assert any("2024-13-01" in column for column in columns)


def test_other_columns_than_the_schema_are_refused(typed: Loads) -> None:
    """Proves that a file of other columns is refused, and that the missing one is named."""
    ran, _ = typed["other_columns.csv"]
    assert_refused(ran)
    assert "seen" in ran.err


def test_several_files_make_one_dataset(tmp_path: Path) -> None:
    """Proves that the counts of a delivery in parts are those of its parts together."""
    for name in ("plain.csv", "packed.csv.gz", "text.parquet"):
        (tmp_path / name).write_bytes(ALL_SOUND[name])
    files = ("plain.csv", "packed.csv.gz", "text.parquet")
    ran = oda("intake", *files, "--dataset", "all", "--class", "open", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.told
    assert_reconciled(ran.answer)
    assert ran.answer["accepted"] == 9
    assert len(ran.answer["files"]) == 3


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "two\nlines", " ", ".x", "x" * 300])
def test_a_name_that_could_do_harm_is_refused(tmp_path: Path, name: str) -> None:
    """Proves that no dataset is named so that a later export leads out of its folder."""
    (tmp_path / "a.csv").write_bytes(SOUND[0])
    assert_refused(oda("intake", "a.csv", "--class", "open", "--dataset", name, cwd=tmp_path))


def test_names_of_files_that_no_system_takes_are_refused(tmp_path: Path) -> None:
    """Proves that a name too long, or of bytes that are no text, is refused with a remedy."""
    refused = oda("intake", "x" * 300 + ".csv", "--class", "open", "--json", cwd=tmp_path)
    assert_refused(refused)
    looked = oda("propose", "x" * 300 + ".csv", cwd=tmp_path)
    assert_refused(looked)


@pytest.mark.skipif(os.name == "nt", reason="Windows names files in Unicode")
def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Proves that bytes which aren't UTF-8 in a file's name end in a refusal, not in a fault."""
    file = tmp_path / os.fsdecode(b"bad\xff.csv")
    file.write_bytes(SOUND[0])
    assert_refused(oda("intake", file, "--class", "open", "--json", cwd=tmp_path))


def test_personal_data_without_a_header_shows_nobody(tmp_path: Path) -> None:
    """Proves that the first person of a file without a header is shown nowhere, by intake with or
    without a schema, nor by a proposal; and that the proposal leads to a sound intake."""
    record = "Qzxwortley,01/02/1980,AB123456C"
    (tmp_path / "nh.csv").write_text(f"{record}\nVbnharrow,02/03/1981,CD123456A\n" * 20)
    fields = [{"name": name} for name in ("name", "dob", "nino")]
    (tmp_path / "known.json").write_text(json.dumps({"fields": fields}))
    personal = ("--class", "personal", "--json")
    plain = oda("intake", "nh.csv", *personal, "--workspace", "office", cwd=tmp_path)
    known = oda("intake", "nh.csv", *personal, "--schema", "known.json", cwd=tmp_path)
    looked = oda("propose", "nh.csv", *personal, "--out", "s.json", cwd=tmp_path)
    for ran in (plain, known):
        assert_refused(ran)
    assert_no_fault(looked)
    for secret in record.split(","):
        assert not any(secret in ran.out + ran.err for ran in (plain, known, looked)), secret
        assert not any(
            secret.encode() in path.read_bytes()
            for path in (tmp_path / "office").rglob("*")
            if path.is_file()
        )
    told = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    told["dialect"]["header"] = False
    (tmp_path / "s.json").write_text(json.dumps(told), encoding="utf-8")
    done = oda("intake", "nh.csv", *personal, "--schema", "s.json", cwd=tmp_path)
    assert done.answer["accepted"] == 40, done.told
