"""What intake makes of text that isn't UTF-8, told by tiny files."""

import codecs
from pathlib import Path

import pytest

from openoda.data.intake import Dialect, Limits
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
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"PAR1....", "Parquet"),
        (b"12345678DUCK\x40", "DuckDB"),
    ],
)
def test_another_kind_of_file_under_the_name_of_text(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    """Told by its first bytes and refused, with what to do about it."""
    with pytest.raises(FileUnreadable, match=kind) as refused:
        load(written(tmp_path, content))
    assert refused.value.remedy


def test_a_value_over_the_limit_is_flagged_and_kept_raw(tmp_path: Path) -> None:
    """Its row stays."""
    found = load(written(tmp_path, "a,b\nxxxx,2\nyyyyy,3\n"), limits=Limits(field=4))
    assert found.values == [("xxxx", "2"), (None, "3")]
    assert found.marked == [(3, "a", "yyyyy", "longer than 4 bytes")]
