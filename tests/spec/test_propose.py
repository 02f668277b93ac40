"""What is proposed for a file, and that intake then reads it so."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from openoda.data.intake import Dialect
from openoda.data.intake.propose import Proposal, propose
from openoda.data.intake.resource import dialect_from
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import FileUnreadable
from tests.spec.test_intake_other_formats import archive, database
from tests.unit.intake.samples import Loaded, load, written
from tests.unit.intake.workbooks import DAY, number, row, text, texts_row, workbook


def both(path: Path, told: Dialect | None = None) -> tuple[Proposal, Loaded]:
    """The proposal, and what intake makes of the file by the schema file that it writes."""
    found = propose(path, told)
    descriptor = json.loads(json.dumps(found.descriptor()))
    schema = TableSchema.from_descriptor(descriptor)
    return found, load(path, schema, dialect=dialect_from(descriptor, path.name))


def types(found: Proposal) -> list[str]:
    return [column.descriptor["type"] for column in found.columns]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("delimiter", "name"), [(",", "x.csv"), (";", "x.csv"), ("|", "x.txt"),
                                                 ("\t", "x.dat")])  # fmt: skip
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, name: str, end: str) -> None:
    """Found whatever the name says; the schema file then reads what the name alone can't."""
    lines = [["id", "name", "n"], ["1", "a", "5"], ["2", "b", "6"], ["3", "c", "7"]]
    content = end.join(delimiter.join(line) for line in lines)
    found, loaded = both(written(tmp_path, content, name))
    assert found.dialect.delimiter == delimiter
    assert loaded.values == [(1, "a", 5), (2, "b", 6), (3, "c", 7)]
    assert any("3 fields" in note for note in found.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "cp1252", "cp850", "mac-roman"])  # fmt: skip
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """Each is found by its evidence, with or without a mark, and read back letter for letter."""
    names = ["Zoë", "Siân", "José", "Noël", "Chloé", "Brontë", "André", "Renée"]
    content = "id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names))
    found, loaded = both(written(tmp_path, content.encode(encoding)))
    assert [name for _, name in loaded.values] == names
    assert found.notes[0].startswith(found.dialect.encoding)
    assert loaded.report.sound


def test_titles_and_no_header(tmp_path: Path) -> None:
    """Lines above the header are passed over; a first line of data means made-up names."""
    found, loaded = both(written(tmp_path, "Extract\n\nid,name\n1,Ann\n2,Bob\n"))
    assert found.dialect.header_rows == (3,)
    assert loaded.values == [(1, "Ann"), (2, "Bob")]
    found, loaded = both(written(tmp_path, "1,2024-01-31\n2,2024-02-01\n"))
    assert [column.name for column in found.columns] == ["column_1", "column_2"]
    assert loaded.report.accepted == 2


def test_quotes_that_are_no_quotes(tmp_path: Path) -> None:
    """Inch signs in a file without quoting would otherwise be taken for quotes left open."""
    rows = "".join(f'{n}\t{n}" pipe\t"odd\n' for n in range(5))
    found, loaded = both(written(tmp_path, "id\titem\tnote\n" + rows, "x.tsv"))
    assert found.dialect.quote == ""
    assert loaded.report.sound
    assert loaded.values[0] == (0, '0" pipe', '"odd')


def test_the_sample_is_of_head_middle_and_tail(tmp_path: Path) -> None:
    """A value of another type in the middle or at the end is seen, plain and packed."""
    chance = random.Random(3)
    filler = "".join(f"{n},{chance.random()}\n" for n in range(150_000))
    odd = "".join(f"{n},x{chance.random()}\n" for n in range(30_000))
    for content in (filler + odd, filler[: len(filler) // 2] + odd + filler[len(filler) // 2 :]):
        whole = ("id,v\n" + content).replace("\n1,", "\n1,", 1).encode()
        for name, data in (("x.csv", whole), ("x.csv.gz", gzip.compress(whole))):
            found = propose(written(tmp_path, data, name))
            assert types(found)[1] == "string"
            assert "the middle and the tail" in found.sampled


def test_json_lists_are_found(tmp_path: Path) -> None:
    """The largest list of objects, the others named; lines of objects under a name that says nothing;
    a collection of features under the name of plain JSON."""
    content = {"few": [{"a": 1}], "meta": {"deep": {"rows": [{"a": n} for n in range(20)]}}}
    found, loaded = both(written(tmp_path, json.dumps(content), "x.json"))
    assert found.dialect.records == ("meta", "deep", "rows")
    assert any("$.few" in note for note in found.notes)
    assert loaded.report.accepted == 20
    found, loaded = both(written(tmp_path, '{"a": 1}\n{"a": 2}\n', "x.txt"))
    assert (found.dialect.format, loaded.values) == ("jsonl", [(1,), (2,)])
    feature = {"type": "Feature", "properties": {"n": 1}, "geometry": None}
    collection = {"type": "FeatureCollection", "features": [feature]}
    found, loaded = both(written(tmp_path, json.dumps(collection), "x.json"))
    assert (found.dialect.format, loaded.report.accepted) == ("geojson", 1)


def test_fixed_width_columns_by_their_gaps(tmp_path: Path) -> None:
    """Columns that are blank in every line part the fields; names come from the first."""
    lines = ["code  street         units", "00123 High Street    12", "00456 Broad St        7",
             "00789 Turl Street"]  # fmt: skip
    found, loaded = both(written(tmp_path, "\n".join(lines) + "\n", "x.txt"))
    assert found.dialect.format == "fixed"
    assert found.columns[0].name == "code"
    assert loaded.report.accepted == 3
    assert loaded.values[0][0] == "00123"


def messy_workbook(folder: Path) -> Path:
    rows = [
        texts_row(1, "Licences as at March"),
        row(3, text("A3", "Case"), text("B3", "Address"), text("D3", "Expires")),
        row(4, text("B4", "Street"), text("C4", "Town")),
        *(row(n, text(f"A{n}", f"0{n}"), text(f"B{n}", "High Street"), text(f"C{n}", "Oxford"),
              number(f"D{n}", 45000 + n, DAY)) for n in range(5, 25)),
        row(26, text("A26", "Total"), number("B26", 20)),
        row(27, text("A27", "Source: licensing team")),
    ]  # fmt: skip
    merged = '<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/>' \
             '<mergeCell ref="D3:D4"/></mergeCells>'  # fmt: skip
    return workbook(folder / "x.xlsx", {"Data": "".join(rows), "Old": ""}, after=merged,
                    hidden=("Old",))  # fmt: skip


def test_a_workbook_with_titles_merged_headers_and_footers(tmp_path: Path) -> None:
    """Each is found, said, and written down; a week later the file is read the same way."""
    found, loaded = both(messy_workbook(tmp_path))
    assert found.dialect.header_rows == (3, 4)
    assert found.dialect.footer_rows == 2
    names = [column.name for column in found.columns]
    assert names == ["Case", "Address Street", "Address Town", "Expires"]
    assert types(found) == ["string", "string", "string", "date"]
    assert (loaded.report.accepted, loaded.report.flagged_values) == (20, 0)
    assert any("merged" in note for note in found.notes)
    assert any("footer" in note for note in found.notes)
    assert any("others: Old" in note for note in found.notes)


def test_which_sheet_or_table_stays_the_analysts_choice(tmp_path: Path) -> None:
    """Several are named, and one that is told is looked at."""
    rows = texts_row(1, "id") + texts_row(2, "x")
    book = workbook(tmp_path / "x.xlsx", {"A": rows, "B": rows})
    with pytest.raises(FileUnreadable, match="several sheets"):
        propose(book)
    assert propose(book, Dialect(table="B")).dialect.table == "B"
    base = database(tmp_path / "x.db", "CREATE TABLE a (n); CREATE TABLE b (n INTEGER);",
                    "INSERT INTO b VALUES (7);")  # fmt: skip
    with pytest.raises(FileUnreadable, match="several tables"):
        propose(base)
    found, loaded = both(base, Dialect(table="b"))
    assert (types(found), loaded.values) == (["integer"], [(7,)])


def test_an_archive_is_looked_into(tmp_path: Path) -> None:
    """What holds for its first member is written down for all."""
    path = archive(tmp_path / "x.zip", {"a.txt": b"id;d\n1;31/01/2024\n", "b.txt": b"id;d\n2;\n"})
    found, loaded = both(path)
    assert found.dialect.delimiter == ";"
    assert [row["id"] for row in loaded.accepted] == [1, 2]


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 50, b"%PDF-1.7"])
def test_what_can_not_be_told_is_refused(tmp_path: Path, content: bytes) -> None:
    """With what to do."""
    with pytest.raises(FileUnreadable) as refused:
        propose(written(tmp_path, content, "x.bin"))
    assert refused.value.remedy


def test_no_value_stands_in_the_schema_file(tmp_path: Path) -> None:
    """It can be kept beside the code and shown to anybody: evidence is counts and shares."""
    secret: dict[str, Any] = propose(
        written(tmp_path, "id,name\n1,Ann Secret\n2,Bob Secret\n")
    ).descriptor()
    assert "Secret" not in json.dumps(secret)
    assert secret["evidence"]["fields"][0]["share"] == 1.0
