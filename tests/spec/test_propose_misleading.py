"""Files whose look misleads: what is proposed never reads their good records worse than intake alone."""

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openoda.data.intake import Dialect
from openoda.data.intake.propose import propose
from openoda.vocabulary.refusals import FileUnreadable, Refusal, SchemaInvalid
from tests.spec.test_propose import both
from tests.unit.intake.samples import written
from tests.unit.intake.workbooks import texts_row, workbook


@pytest.mark.parametrize(("delimiter", "name"), [(",", "x.csv"), ("\t", "x.tsv")])
@pytest.mark.parametrize("every", [1, 50])
def test_notes_over_several_lines(tmp_path: Path, delimiter: str, name: str, every: int) -> None:
    """Proves that quoted fields with line ends keep quoting on, be they all of the rows or a few."""
    note = [f'"{n} High Street\nOxford"' if n % every == 0 else "Flat" for n in range(300)]
    rows = [["id", "address", "area"], *([f"{n}", note[n], "Abbey"] for n in range(300))]
    content = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    found, loaded = both(written(tmp_path, content, name))
    assert (found.dialect.quote, found.dialect.header_rows, found.doubtful) == ('"', (1,), False)
    assert (loaded.report.accepted, found.set_aside) == (300, 0)
    assert loaded.values[0] == (0, "0 High Street\nOxford", "Abbey")


def test_one_unclosed_quote_costs_its_own_record(tmp_path: Path) -> None:
    """Proves that a single quote left open doesn't turn every other one into text."""
    rows = "".join(f'{n},"N{n}\n' if n == 2 else f"{n},N{n}\n" for n in range(3000))
    found, loaded = both(written(tmp_path, "id,name\n" + rows))
    assert (found.dialect.quote, found.set_aside) == ('"', 1)
    assert (loaded.report.accepted, loaded.report.quarantined) == (2999, 1)


def test_quotes_switched_off_are_doubtful(tmp_path: Path) -> None:
    """Proves that quotes are taken for text only where lines fit so alone, and that this is said."""
    rows = "".join(f'{n}\t{n}" pipe\t"odd\n' for n in range(50))
    found, loaded = both(written(tmp_path, "id\titem\tnote\n" + rows, "x.tsv"))
    assert (found.dialect.quote, found.doubtful, loaded.report.accepted) == ("", True, 50)


@pytest.mark.parametrize(
    ("sound", "bad", "accepted"),
    [
        ("1,Zoë\n2,€5\n", b"3,caf\xe9\n", 2),
        ("1,Tŷ Ŵyn\n" * 8, b"3,caf\xe9\n", 8),
        ("1,Zoë\n", b"2,Zo\xc3", 1),
        ("1,café\n" * 500, b"2,caf\xe9\n" * 500, 500),
    ],
)
def test_utf8_with_damage_stays_utf8(tmp_path: Path, sound: str, bad: bytes, accepted: int) -> None:
    """Proves that a few well-formed sequences outweigh bad bytes: those rows are set aside, the
    others read right, and the doubt is said.
    """
    found, loaded = both(written(tmp_path, b"id,v\n" + sound.encode() + bad))
    assert (found.dialect.encoding, found.doubtful) == ("utf-8", True)
    assert loaded.report.accepted == accepted
    assert loaded.values[0][1] == sound.split("\n")[0].split(",")[1]
    assert found.set_aside == loaded.report.quarantined == bad.count(b"\n") + (bad[-1:] != b"\n")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id,v\n1,Zoë\n2,Noël\n3,".encode("cp1252") + b"\x81x\n4,d\n", "cp1252"),
        (
            b"\xff\xfe" + "id,v\n1,a\n2,b\n".encode("utf-16-le") + b"3\0,\0\0\xd8x\0\n\0",
            "utf-16-le",
        ),
        (b"\xff\xfe" + "id,v\n1,a\n2,b\n".encode("utf-16-le") + b"3", "utf-16-le"),
    ],
)
def test_set_aside_is_what_intake_sets_aside(tmp_path: Path, content: bytes, encoding: str) -> None:
    """Proves that bytes which stand for nothing are counted by the proposal as by intake."""
    found, loaded = both(written(tmp_path, content), Dialect(encoding=encoding))
    assert found.set_aside == loaded.report.quarantined == 1


@pytest.mark.parametrize("char", ["\v", "\f", "\x1c", "\x85", "\u2028"])
def test_only_line_ends_end_lines(tmp_path: Path, char: str) -> None:
    """Proves that other characters that some call line ends stay in their values."""
    found, loaded = both(written(tmp_path, f"id,v\n1,a{char}b\n2,c\n"))
    assert [column.name for column in found.columns] == ["id", "v"]
    assert loaded.values == [(1, f"a{char}b"), (2, "c")]


def test_headers_of_years(tmp_path: Path) -> None:
    """Proves that a header of years over counts gives the columns their names."""
    rows = "".join(f"W{n},{n},1,2,3\n" for n in range(200))
    found, loaded = both(written(tmp_path, "ward,2018,2019,2020,2021\n" + rows))
    assert (found.dialect.header_rows, loaded.report.accepted) == ((1,), 200)


@pytest.mark.parametrize("header", ["id,Secret,Secret", ",Secret,x", "id,Secret,"])
def test_a_faulty_header_is_said_to_be_one(tmp_path: Path, header: str) -> None:
    """Proves that it is refused by place with what to do, neither read as data nor shown."""
    with pytest.raises(SchemaInvalid, match="header on line 1") as refused:
        propose(written(tmp_path, header + "\n1,a,5\n2,c,6\n"))
    assert "Secret" not in refused.value.what
    assert "name of its own" in refused.value.remedy


@pytest.mark.parametrize("mark", [",", ";", "~"])
def test_a_line_that_names_the_delimiter(tmp_path: Path, mark: str) -> None:
    """Proves that a line sep= is no header, and is believed."""
    content = f"sep={mark}\nid{mark}name\n1{mark}a\n2{mark}b\n"
    found, loaded = both(written(tmp_path, content))
    assert (found.dialect.delimiter, found.dialect.header_rows) == (mark, (2,))
    assert loaded.values == [(1, "a"), (2, "b")]


def test_a_rare_delimiter_is_found_and_doubtful(tmp_path: Path) -> None:
    """Proves that a sign in every line parts it where no common one does; times of day don't."""
    found, loaded = both(written(tmp_path, "id~name\n1~a\n2~b\n"))
    assert (found.dialect.delimiter, found.doubtful, loaded.values[1]) == ("~", True, (2, "b"))
    assert len(propose(written(tmp_path, "at\n10:05\n11:06\n")).columns) == 1


def test_what_is_proposed_intake_takes(tmp_path: Path) -> None:
    """Proves that a sheet in an archive and a mark given twice are read by their own proposals."""
    book = workbook(tmp_path / "Data.xlsx", {"Data": texts_row(1, "id") + texts_row(2, "7")})
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.write(book, "in/Data.xlsx")
    found, loaded = both(tmp_path / "x.zip")
    assert (found.dialect.table, loaded.report.accepted) == ("in/Data.xlsx/Data", 1)
    found, loaded = both(written(tmp_path, b"\xef\xbb\xbf" * 2 + b"id,v\n1,a\n"))
    assert (found.columns[0].name, loaded.report.accepted) == ("\ufeffid", 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", "[]"), ("x.json", "[[1, 2], [3, 4]]"), ("x.jsonl", '{\n "a": 1\n}\n'),
        ("x.json", '{"id": 1}'), ("x.json", "5"), ("x.json", '{"id": [1, 2]}'),
        ("x.json", '{"id": 1}{"id": 2}'), ("x.json", '// note\n[{"id": 1}]'),
        ("x.geojson", '{"type": "Feature", "properties": {"n": 1}, "geometry": null}'),
        ("x.csv", "\n\n\n"), ("x.xlsx", "id,v\n1,2\n"),
    ],
)  # fmt: skip
def test_what_holds_no_records_is_refused(tmp_path: Path, name: str, content: str) -> None:
    """Proves that no schema without fields is proposed, and that no remedy leads back to the same
    refusal.
    """
    with pytest.raises(Refusal) as refused:
        propose(written(tmp_path, content, name))
    again = "oda propose" in refused.value.remedy
    assert refused.value.remedy
    assert not again or "name it .csv" in refused.value.remedy


def test_wrong_names_lead_on(tmp_path: Path) -> None:
    """Proves that a locked workbook and one of another kind are told as what they are."""
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(FileUnreadable) as refused:
        propose(written(tmp_path, locked, "x.xlsx"))
    assert "password" in refused.value.remedy
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(FileUnreadable) as refused:
        propose(tmp_path / "x.ods")
    assert "save it as .xlsx" in refused.value.remedy


@pytest.mark.parametrize(
    "content", [b"id,v\n1,a\0\n" + b"2,b\n" * 3, b"id,v\n1,a\n\x1a", b"id,v\n1,a\0\n2,b\n"]
)
def test_a_few_control_characters(tmp_path: Path, content: bytes) -> None:
    """Proves that a short text with one of them is still looked at, as intake reads it."""
    found, loaded = both(written(tmp_path, content))
    assert found.set_aside == loaded.report.quarantined == 1


def test_a_tables_own_values_beyond_its_types_are_said(tmp_path: Path) -> None:
    """Proves that what intake would flag of a Parquet file by its own types shows in the proposal."""
    times = pa.array([1, 1001], pa.timestamp("ns"))
    pq.write_table(pa.table({"a": [1.5, float("nan")], "t": times}), tmp_path / "x.parquet")
    found, loaded = both(tmp_path / "x.parquet")
    assert loaded.report.flagged_values == 3
    assert [round(column.share * 2) for column in found.columns] == [1, 0]
    assert all(column.doubtful for column in found.columns)
    assert "NaN" not in json.dumps(found.descriptor())


def test_a_damaged_byte_in_fixed_width_text(tmp_path: Path) -> None:
    """Proves that a byte of no character costs its own line, not the look at the file."""
    lines = b"code  street\n00123 High Caf\xe9\n00456 Zo\xc3\xab Street\n00789 Turl Street\n"
    found = propose(written(tmp_path, lines, "x.txt"))
    assert (found.dialect.format, found.doubtful, found.set_aside) == ("fixed", True, 1)


def test_an_archives_other_tables_are_named(tmp_path: Path) -> None:
    """Proves that a proposal made of one table of an archive says so, and names the others."""
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("housing.csv", "id,rent\n1,2\n")
        archive.writestr("parking.csv", "permit,zone\n1,A\n")
    said = " ".join(propose(tmp_path / "two.zip").notes)
    assert "only housing.csv was looked at" in said
    assert "parking.csv" in said
