"""What intake makes of text that isn't UTF-8, told by tiny files."""

import codecs
import gzip
from pathlib import Path

import pytest

from openoda.data.intake import Dialect, Limits
from openoda.data.intake.propose import propose
from openoda.vocabulary.refusals import FileUnreadable, Misused
from tests.unit.intake.samples import load, written

TEXT = "id,name\n1,Zoë\n2,“O’Neil”, Ltd\n3,€5\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_utf16_with_its_mark_needs_no_telling(
    tmp_path: Path, mark: bytes, encoding: str, block: int
) -> None:
    """The mark says which it is; characters outside the first plane survive blocks of any size, and
    a quarantined record's span and bytes are those of the file."""
    content = mark + "id,name\r\n1,Zoë 😀\r\nragged\r\n3,é\r\n".encode(encoding)
    found = load(written(tmp_path, content), limits=Limits(block=block, raw=99))
    assert found.values == [("1", "Zoë 😀"), ("3", "é")]
    aside = found.quarantined[0]
    assert content[aside["byte_start"] : aside["byte_end"]].decode(encoding) == "ragged\r\n"
    assert aside["raw"] == content[aside["byte_start"] : aside["byte_end"]]
    assert found.report.encoding == encoding
    assert "mark" in found.report.notes[0]


def test_cp1252_is_read_when_told(tmp_path: Path) -> None:
    """Letters, curly quotes and the euro sign; a quarantined record keeps the file's own bytes."""
    found = load(written(tmp_path, TEXT.encode("cp1252")), dialect=Dialect(encoding="cp1252"))
    assert found.values == [("1", "Zoë"), ("3", "€5")]
    assert found.quarantined[0]["raw"] == "2,“O’Neil”, Ltd\n".encode("cp1252")
    assert (found.report.encoding, "as given" in found.report.notes[0]) == ("cp1252", True)


def test_cp1252_is_never_guessed(tmp_path: Path) -> None:
    """Untold, its letters cost their own records and no other."""
    found = load(written(tmp_path, "id,name\n1,Zoë\n2,Ann\n".encode("cp1252")))
    assert found.values == [("2", "Ann")]
    assert found.aside == [(2, "not UTF-8")]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_a_byte_that_stands_for_nothing_costs_its_record(tmp_path: Path, byte: int) -> None:
    """The five bytes that cp1252 leaves open: the reason names the encoding, the raw holds the byte."""
    content = b"id,name\n1,a" + bytes([byte]) + b"\xe9\n2,b\n"
    found = load(written(tmp_path, content), dialect=Dialect(encoding="windows-1252"))
    assert found.values == [("2", "b")]
    assert found.aside == [(2, "not cp1252")]
    assert found.quarantined[0]["raw"] == b"1,a" + bytes([byte]) + b"\xe9\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("unit", [chr(0xD83D), chr(0xDE00)])
def test_half_a_pair_costs_its_record(tmp_path: Path, encoding: str, unit: str) -> None:
    """A lone half of a surrogate pair, first or second, and an odd last byte."""
    content = f"a,b\n1,{unit}x\n2,y\n".encode(encoding, "surrogatepass") + b"z"
    found = load(written(tmp_path, content), dialect=Dialect(encoding=encoding))
    assert found.values == [("2", "y")]
    assert found.aside == [(2, f"not {encoding}"), (4, f"not {encoding}")]
    assert found.quarantined[1]["raw"] == b"z"
    assert found.quarantined[1]["byte_end"] == len(content)


def test_a_long_line_leaves_the_places_after_it_right(tmp_path: Path) -> None:
    """A line over the limit is passed without being held; spans go on in the file's own bytes."""
    text = "a,b\n" + "é" * 5_000 + "\nragged\n3,ü\n"
    for encoding in ("cp1252", "utf-16-be", "utf-8"):
        content = text.encode(encoding)
        found = load(
            written(tmp_path, content),
            dialect=Dialect(encoding=encoding),
            limits=Limits(block=64, record=100, raw=10),
        )
        spans = [content[r["byte_start"] : r["byte_end"]] for r in found.quarantined]
        assert spans == ["é".encode(encoding) * 5_000 + "\n".encode(encoding),
                         "ragged\n".encode(encoding)]  # fmt: skip
        assert [r["raw"] for r in found.quarantined] == [span[:10] for span in spans]


@pytest.mark.parametrize(
    ("start", "told", "said"),
    [
        (codecs.BOM_UTF8, "cp1252", "mark of utf-8"),
        (codecs.BOM_UTF16_LE, "utf-8", "mark of utf-16-le"),
        (b"", "utf-16", "order of its bytes"),
    ],
)
def test_a_contradiction_is_refused(tmp_path: Path, start: bytes, told: str, said: str) -> None:
    """A mark that says another encoding than the caller, or none where one is needed."""
    with pytest.raises(FileUnreadable, match=said) as refused:
        load(written(tmp_path, start + b"a,b\n1,2\n"), dialect=Dialect(encoding=told))
    assert refused.value.remedy


def test_an_encoding_that_is_not_known_is_refused() -> None:
    """With those that are."""
    with pytest.raises(Misused, match="ebcdic") as refused:
        Dialect(encoding="ebcdic")
    assert "cp1252" in refused.value.remedy


def test_quotes_may_be_ordinary_characters(tmp_path: Path) -> None:
    """With no quote character an inch sign opens nothing and line ends always end a record."""
    content = 'a\tb\n6" pipe\t"x\n"\ty"\n'
    found = load(written(tmp_path, content, "x.tsv"), dialect=Dialect(quote=""))
    assert found.values == [('6" pipe', '"x'), ('"', 'y"')]
    assert found.report.sound


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    """Told the header's line, what stands above it is no record, and lines count from the file's."""
    content = 'Extract,"of\n\nMarch"\n\nid,name\n1,Ann\n'
    found = load(written(tmp_path, content), dialect=Dialect(header_rows=(5,)))
    assert found.values == [("1", "Ann")]
    assert found.accepted[0]["source_line"] == 6
    assert found.report.header_lines == 5


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04 and more", "workbook"),
        (b"SQLite format 3\0 and more", "SQLite"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.s", "OpenDoc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"PAR1....", "Parquet"),
        (b"12345678DUCK\x40", "DuckDB"),
        (b"<!DOCTYPE html>\n<html>\n<head><title>Sign in</title></head>\n</html>\n", "web page"),
        (b"\xef\xbb\xbf\r\n  <HTML xmlns:x='urn:x'>\n<body>", "web page"),
        (codecs.BOM_UTF16_LE + "<table border=1><tr><td>id".encode("utf-16-le"), "web page"),
        (b"<!-- made by a program -->\n<table>\n<tr><td>1</td></tr>", "web page"),
        (b"<table>\n<tr><td>1</td><td>a, b</td></tr>\n", "web page"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>\n<html>", "web page"),
        (b'<?xml version="1.0"?>\n<Workbook xmlns="x">\n', "XML"),
        (b"<kml xmlns='x'>\n", "XML"),
        (b"{\\rtf1\\ansi id,name\\par 1,a}", "RTF"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "Git LFS"),
    ],
)
def test_another_kind_of_file_under_the_name_of_text(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    """Proves that it is told by its first bytes and refused, by intake and by a proposal alike, with
    what to do about it."""
    with pytest.raises(FileUnreadable, match=kind) as refused:
        load(written(tmp_path, content))
    assert refused.value.remedy
    for name in ("delivery.csv", "delivery.xls"):
        with pytest.raises(FileUnreadable) as looked:
            propose(written(tmp_path, content, name))
        known = kind in ("workbook", "SQLite", "Parquet") and name.endswith("xls")
        assert known or kind in looked.value.what


@pytest.mark.parametrize("name", ["delivery.json", "delivery.csv.gz", "delivery.jsonl"])
def test_a_web_page_is_refused_under_every_name_of_text(tmp_path: Path, name: str) -> None:
    """Proves that packed text and JSON are looked at as CSV is."""
    page = b"<!doctype HTML>\n" + b"<p>sign in</p>\n" * 99
    content = gzip.compress(page) if name.endswith("gz") else page
    with pytest.raises(FileUnreadable, match="web page") as refused:
        load(written(tmp_path, content, name))
    assert "sign in" in refused.value.remedy


@pytest.mark.parametrize(
    "header", ["<TICKER>,<DATE>", "<table>,<title>", "<18,18-24", "a<table>,b", "<p>\t<td>"]
)
def test_headings_in_angle_brackets_are_no_page(tmp_path: Path, header: str) -> None:
    """Proves that a table whose names stand in angle brackets, as some programs write, is read."""
    delimiter = "\t" if "\t" in header else ","
    content = f"{header}\n1{delimiter}2\n"
    assert load(written(tmp_path, content), dialect=Dialect(delimiter)).values == [("1", "2")]


def test_what_is_packed_twice_or_followed_by_more_is_named(tmp_path: Path) -> None:
    """Proves that the refusal of a gzip file says what is wrong with it, and not something else."""
    twice = gzip.compress(gzip.compress(b"id\n1\n"))
    with pytest.raises(FileUnreadable, match="a second time"):
        load(written(tmp_path, twice, "a.csv.gz"))
    with pytest.raises(FileUnreadable, match="isn't gzip follows"):
        load(written(tmp_path, gzip.compress(b"id\n1\n") + b"more", "b.csv.gz"))


def test_a_name_too_long_for_any_file_is_refused(tmp_path: Path) -> None:
    """Proves that the system's refusal of such a name is ours, with a remedy."""
    with pytest.raises(FileUnreadable, match="can't be read"):
        load(tmp_path / f"{'a' * 300}.csv")


def test_a_value_over_the_limit_is_flagged_and_kept_raw(tmp_path: Path) -> None:
    """Its row stays."""
    found = load(written(tmp_path, "a,b\nxxxx,2\nyyyyy,3\n"), limits=Limits(field=4))
    assert found.values == [("xxxx", "2"), (None, "3")]
    assert found.marked == [(3, "a", "yyyyy", "longer than 4 bytes")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or locked"),
        (b"<html><table><tr><td>1", "web page"),
        (b"id,name\n1,a\n", "its name says so"),
        (b"PK\x03\x04 cut off", "no sound ZIP"),
    ],
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.zip"])
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, kind: str, name: str) -> None:
    """Proves that a wrong name is told from damage, with a remedy for each."""
    with pytest.raises(FileUnreadable, match=kind):
        load(written(tmp_path, content, name))


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl"])
def test_a_table_of_what_has_none_is_refused(tmp_path: Path, name: str) -> None:
    """Proves that --table isn't passed over in silence where it means nothing."""
    path = written(tmp_path, '{"id":1}\n' if "json" in name else "id\n1\n", name)
    with pytest.raises(Misused, match="no tables"):
        load(path, dialect=Dialect(table="Sheet1"))
