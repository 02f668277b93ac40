"""What intake makes of delimited text, told by tiny files."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from openoda.data.intake import Dialect, Limits, open_delivery
from openoda.vocabulary.refusals import FileUnreadable, Misused, SchemaInvalid
from tests.unit.intake.samples import load, written

UNCLOSED = "a quote opened on this line is never closed: "


def test_text_is_kept_as_it_is_written(tmp_path: Path) -> None:
    """Leading zeros, the surname Null, NA, spaces and an empty string all survive; only an empty
    unquoted field is null."""
    found = load(written(tmp_path, 'uprn,surname,note\n00123,Null,\n007,NA,""\n 1 ,nan,"a, b"\n'))
    assert found.values == [
        ("00123", "Null", None),
        ("007", "NA", ""),
        (" 1 ", "nan", "a, b"),
    ]
    assert [row["source_line"] for row in found.accepted] == [2, 3, 4]
    assert found.report.sound


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    """LF, CRLF and a bare CR give the same rows and lines."""
    found = load(written(tmp_path, end.join(["a,b", "1,2", "3,4"])))
    assert found.values == [("1", "2"), ("3", "4")]
    assert [row["source_line"] for row in found.accepted] == [2, 3]


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    """One file with all three is read, and a quoted one keeps its own."""
    found = load(written(tmp_path, 'a,b\r\n1,2\n3,4\r5,"6\r\n7"\n'))
    assert found.values == [("1", "2"), ("3", "4"), ("5", "6\r\n7")]


def test_a_byte_order_mark_is_dropped_from_the_header_alone(tmp_path: Path) -> None:
    """The first column's name has none; a value that begins with one keeps it."""
    found = load(written(tmp_path, "\ufeffa,b\n\ufeff1,2\n"))
    assert found.report.columns == ("a", "b")
    assert found.values == [("\ufeff1", "2")]


def test_ragged_rows_are_set_aside_and_say_how_many_fields_they_have(tmp_path: Path) -> None:
    """Too many and too few fields cost the row, with its line, its bytes and the counts."""
    found = load(written(tmp_path, "a,b\n1,2\n1,2,3\n1\n3,4\n"))
    assert found.values == [("1", "2"), ("3", "4")]
    assert found.aside == [
        (3, "wrong number of fields: 3, expected 2"),
        (4, "wrong number of fields: 1, expected 2"),
    ]
    first = found.quarantined[0]
    assert (first["byte_start"], first["byte_end"], first["raw"]) == (8, 14, b"1,2,3\n")


@pytest.mark.parametrize(
    ("content", "line", "left"),
    [
        ('a,b\n1,"2\n3,4\n5,6\n', 2, [("3", "4"), ("5", "6")]),
        ('a,b\n1,2\n3,"4\n5,6\n', 3, [("1", "2"), ("5", "6")]),
        ('a,b\n1,2\n3,4\n5,"6\n', 4, [("1", "2"), ("3", "4")]),
        ('a,b\n1,2\n3,4\n5,"6', 4, [("1", "2"), ("3", "4")]),
    ],
)
def test_an_unclosed_quote_costs_its_own_line(
    tmp_path: Path, content: str, line: int, left: list[tuple[str, str]]
) -> None:
    """In the first, a middle or the last row, with or without a last line end."""
    found = load(written(tmp_path, content))
    assert found.aside == [(line, UNCLOSED + "the file ends first")]
    assert found.values == left


def test_an_unclosed_quote_ends_where_the_next_quote_can_not_close_it(tmp_path: Path) -> None:
    """The next row's own quotes show that the first was never closed; that row is sound."""
    found = load(written(tmp_path, 'a,b\n1,"2\n3,"4"\n5,6\n'))
    assert found.aside == [(2, UNCLOSED + "the next quote has text after it")]
    assert found.values == [("3", "4"), ("5", "6")]


def test_two_damaged_rows_do_not_swallow_those_between(tmp_path: Path) -> None:
    """A quote opened in one row and closed in a later one, with whole records between, costs the
    row that opened it; the one that closes it keeps its stray quote and a flag."""
    rows = "".join(f"{n},b,c\n" for n in range(3, 10))
    found = load(written(tmp_path, f'a,b,c\n1,2,"open\n{rows}x,y,shut"\n'))
    assert found.aside == [(2, UNCLOSED + "the lines after it are whole records")]
    assert len(found.accepted) == 8
    reason = "a quote inside an unquoted field, kept as it is"
    assert found.marked == [(10, "c", 'shut"', reason)]


def test_free_text_over_several_lines_stays_one_value(tmp_path: Path) -> None:
    """A note with commas and line ends is no unclosed quote."""
    note = "Rang twice, no reply.\nLeft a card, will try again\n\non Monday, or Tuesday"
    found = load(written(tmp_path, f'id,note,officer,band\n1,"{note}",7,A\n2,,8,B\n'))
    assert found.values == [("1", note, "7", "A"), ("2", None, "8", "B")]
    assert [row["source_line"] for row in found.accepted] == [2, 6]
    assert found.report.sound


def test_a_value_that_may_hide_records_is_kept_and_flagged(tmp_path: Path) -> None:
    """Too little to prove an unclosed quote, but never silent."""
    found = load(written(tmp_path, 'id,place\n1,"Flat 2\nHigh Street, Oxford\nUK"\n'))
    assert found.values == [("1", "Flat 2\nHigh Street, Oxford\nUK")]
    assert [(line, column) for line, column, _, _ in found.marked] == [(2, "place")]


def test_many_fields_over_line_ends(tmp_path: Path) -> None:
    """Sixty-four fields of a record may run over line ends; one more is taken for a fault."""
    header = ",".join(f"c{n}" for n in range(66)) + "\n"
    sound = ",".join(['"x\ny"'] * 64 + ["1", "2"]) + "\n"
    found = load(written(tmp_path, header + sound))
    assert len(found.accepted) == 1
    wrong = ",".join(['"x\ny"'] * 65 + ["1"]) + "\n"
    found = load(written(tmp_path, header + wrong + sound))
    assert found.accepted[-1]["source_line"] == 68
    assert found.aside[0] == (2, UNCLOSED + "over 64 fields run over line ends")


def test_text_after_a_closing_quote(tmp_path: Path) -> None:
    """Costs the line."""
    found = load(written(tmp_path, 'a,b\n"1"x,2\n3,4\n'))
    assert found.aside == [(2, "text after a closing quote")]
    assert found.values == [("3", "4")]


def test_a_quote_inside_an_unquoted_field_is_flagged_and_kept(tmp_path: Path) -> None:
    """Measures and nicknames are written that way: the row is accepted as it stands."""
    found = load(written(tmp_path, 'a,b\n6" pipe,2\n'))
    assert found.values == [('6" pipe', "2")]
    reason = "a quote inside an unquoted field, kept as it is"
    assert found.marked == [(2, "a", '6" pipe', reason)]
    assert found.report.flagged_values == 1


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    """A NUL, a Latin-1 letter, a surrogate and an overlong form each cost their own line."""
    lines = [b"a,b", b"1,\0", b"caf\xe9,2", b"\xed\xa0\x80,3", b"\xc0\xaf,4", "é,5".encode(), b""]
    found = load(written(tmp_path, b"\n".join(lines)))
    assert found.aside == [
        (2, "NUL byte"),
        (3, "not UTF-8"),
        (4, "not UTF-8"),
        (5, "not UTF-8"),
    ]
    assert found.values == [("é", "5")]


def test_blank_lines_are_set_aside_wherever_they_are(tmp_path: Path) -> None:
    """In the middle and at the end, each with its line; none is dropped in silence."""
    found = load(written(tmp_path, "a,b\n1,2\n\n3,4\n\n\r\n"))
    assert found.aside == [(3, "blank line"), (5, "blank line"), (6, "blank line")]
    assert found.report.rows_in == 5


def test_one_column(tmp_path: Path) -> None:
    """A file of one column is read; its empty value must be quoted, since a blank line is none."""
    found = load(written(tmp_path, 'a\n1\n""\n\n2'))
    assert found.values == [("1",), ("",), ("2",)]
    assert found.aside == [(4, "blank line")]


def test_a_record_over_the_limit(tmp_path: Path) -> None:
    """A line longer than the limit is passed over; what is kept of it is cut, and says so."""
    limits = Limits(block=64, record=100, raw=10)
    found = load(
        written(tmp_path, "a,b\n1," + "x" * 98 + "\n1," + "x" * 99 + "\n3,4\n"), limits=limits
    )
    assert [row[0] for row in found.values] == ["1", "3"]
    aside = found.quarantined[0]
    assert aside["reason"] == "record over the size limit"
    assert (aside["raw"], aside["raw_cut"]) == (b"1,xxxxxxxx", True)
    assert aside["byte_end"] - aside["byte_start"] == 102


def test_a_file_longer_than_many_blocks(tmp_path: Path) -> None:
    """Line numbers and bytes run on from block to block, and one endless line is skipped whole."""
    rows = "".join(f"{n},x\n" for n in range(2_000))
    content = f"a,b\n{rows}{'y' * 5_000}\n{rows}"
    found = load(written(tmp_path, content), limits=Limits(block=512, record=1_000, raw=8))
    assert [row["source_line"] for row in found.accepted] == [
        *range(2, 2_002), *range(2_003, 4_003)
    ]  # fmt: skip
    assert found.aside == [(2_002, "record over the size limit")]


@pytest.mark.parametrize("size", [9, 10, 11])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("record", ['"1"x,{}', "1,{}", '"1",{}"', '1,"{}'])
def test_the_limit_falls_at_the_same_byte_wherever_blocks_end(
    tmp_path: Path, size: int, end: str, record: str
) -> None:
    """A record one byte under, at and over the limit, whatever its line end, in blocks of any size."""
    line = record.format("y" * (size - len(record.format(""))))
    path = written(tmp_path, f"a,b{end}{line}{end}3,4{end}")
    whole = load(path, limits=Limits(record=10, raw=10))
    assert whole.values[-1:] == [("3", "4")]
    assert (whole.aside[:1] == [(2, "record over the size limit")]) == (size > 10)
    for block in range(1, 20):
        cut = load(path, limits=Limits(block=block, record=10, raw=10))
        assert (cut.accepted, cut.quarantined) == (whole.accepted, whole.quarantined)


def test_header_only(tmp_path: Path) -> None:
    """No rows is a sound delivery of no rows, with its columns."""
    found = load(written(tmp_path, "a,b"))
    assert (found.report.rows_in, found.report.header_lines) == (0, 1)
    assert found.report.columns == ("a", "b")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing, or a byte order mark alone, is no delivery."""
    with pytest.raises(FileUnreadable, match="empty"):
        load(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,a\n1,2\n", "more than once: a"),
        ("a,\n1,2\n", "without a name: 2"),
        ("a, \n1,2\n", "without a name: 2"),
        ("\na,b\n1,2\n", "first line is blank"),
        ('a,"b\n1,2\n', "don't close"),
        ('a,"b\n1,2\n3",c\n', "runs over 3 lines"),
        ('a,"b"c\n1,2\n', "don't close"),
        ("a,b\0\n1,2\n", "NUL"),
        ("source_line,b\n1,2\n", "source_line"),
        (b"a,\xff\n1,2\n", "isn't UTF-8"),
    ],
)
def test_a_header_that_can_not_be_used_is_refused(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    """Each fault by name, with a remedy."""
    with pytest.raises(SchemaInvalid, match=said) as refused:
        load(written(tmp_path, content))
    assert refused.value.remedy
    assert refused.value.where == "delivery.csv"


def test_a_wrapped_heading_is_one_name(tmp_path: Path) -> None:
    """A heading over two lines is read, and the records start on the third."""
    found = load(written(tmp_path, 'a,"total\nunits"\n1,2\n'))
    assert found.report.columns == ("a", "total\nunits")
    assert found.report.header_lines == 2
    assert found.accepted[0]["source_line"] == 3


def test_more_columns_than_the_limit_are_refused(tmp_path: Path) -> None:
    """A header of eleven names under a limit of ten."""
    with pytest.raises(SchemaInvalid, match="11 columns"):
        load(written(tmp_path, ",".join("abcdefghijk")), limits=Limits(columns=10))


def test_another_delimiter_is_never_guessed(tmp_path: Path) -> None:
    """A header that would have several columns with another delimiter names the option; told, it
    is read."""
    path = written(tmp_path, "a;b\n1;2\n")
    with pytest.raises(SchemaInvalid, match="it would be 2") as refused:
        load(path)
    assert "--delimiter ';'" in refused.value.remedy
    assert load(path, dialect=Dialect(";")).values == [("1", "2")]
    assert load(path, dialect=Dialect(",")).report.columns == ("a;b",)


def test_tabs_by_name(tmp_path: Path) -> None:
    """A .tsv file has tabs between its fields, and commas are text."""
    found = load(written(tmp_path, 'a\tb\n1,5\t"x\ty"\n', "delivery.TSV"))
    assert found.values == [("1,5", "x\ty")]


@pytest.mark.parametrize("delimiter", [",,", '"', "\n", "\0", "é"])
def test_a_delimiter_that_can_not_be_one_is_refused(delimiter: str) -> None:
    """One ASCII character, neither quote nor line end."""
    with pytest.raises(Misused):
        Dialect(delimiter)


def test_gzip_is_read_as_its_content(tmp_path: Path) -> None:
    """Offsets are those of the unpacked bytes; the hash and the size those of the file delivered."""
    packed = gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3\n5,6\n") + b"\0" * 8
    found = load(
        written(tmp_path, packed, "delivery.csv.gz"), limits=Limits(block=3, record=99, raw=9)
    )
    assert found.values == [("1", "2"), ("5", "6")]
    assert found.quarantined[0]["byte_start"] == 8
    assert found.report.sha256 == hashlib.sha256(packed).hexdigest()
    assert found.report.bytes == len(packed)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(os.urandom(5_000))[:-100], "ends too early"),
        (gzip.compress(b"a,b\n1,2\n")[:-4] + b"wxyz", "checksum"),
        (gzip.compress(b"a,b\n1,2\n") + b"more", "isn't gzip follows"),
        (b"a,b\n1,2\n", "isn't gzip"),
        (b"", "isn't gzip"),
    ],
    # By name: the bytes hold the time of packing, and parallel workers must agree on the names.
    ids=["cut short", "wrong checksum", "text follows", "text", "empty"],
)
def test_damaged_gzip_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Cut short, with a wrong checksum, with something after it, or no gzip at all."""
    with pytest.raises(FileUnreadable, match=said) as refused:
        load(written(tmp_path, content, "delivery.csv.gz"))
    assert refused.value.remedy


def test_gzip_without_its_name_is_refused(tmp_path: Path) -> None:
    """The remedy is to name it so."""
    with pytest.raises(FileUnreadable, match="gzip"):
        load(written(tmp_path, gzip.compress(b"a,b\n"), "delivery.csv"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(tmp_path: Path, encoding: str) -> None:
    """UTF-32 is refused by its mark, UTF-16 without one by the NUL bytes it is full of."""
    with pytest.raises((FileUnreadable, SchemaInvalid), match=r"UTF-16|UTF-32|NUL"):
        load(written(tmp_path, "a,b\n1,2\n".encode(encoding)))


@pytest.mark.parametrize("name", ["delivery", "delivery.txt", "delivery.doc", "delivery.gz"])
def test_a_name_that_says_nothing_is_refused(tmp_path: Path, name: str) -> None:
    """The remedy names the formats and the option."""
    with pytest.raises(FileUnreadable, match="name doesn't say") as refused:
        load(written(tmp_path, "a,b\n", name))
    assert "--delimiter" in refused.value.remedy


@pytest.mark.parametrize("name", ["x.xls", "x.xlsb", "x.ods"])
def test_other_workbooks_are_refused_with_what_to_save_them_as(tmp_path: Path, name: str) -> None:
    """Old and foreign kinds of workbook are named for what they are."""
    with pytest.raises(FileUnreadable, match="Workbooks") as refused:
        load(written(tmp_path, b"\xd0\xcf\x11\xe0", name))
    assert ".xlsx" in refused.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """An absent file and a folder are refused in words."""
    with pytest.raises(FileUnreadable, match="can't be read"):
        load(tmp_path / "absent.csv")
    with pytest.raises(FileUnreadable, match="folder"):
        load(tmp_path, dialect=Dialect(","))


def test_the_report_holds_no_value(tmp_path: Path) -> None:
    """Problems are counted by reason and column, with lines; what was in them stays out."""
    found = load(written(tmp_path, 'a,b\nsecret,"x\n6" secret,2\nsecret\n'))
    text = str(found.report.as_json())
    assert "secret" not in text
    assert [(p.reason, p.column, p.count, p.lines) for p in found.report.problems] == [
        (UNCLOSED + "the next quote has text after it", None, 1, (2,)),
        ("wrong number of fields", None, 1, (4,)),
        ("a quote inside an unquoted field, kept as it is", "a", 1, (3,)),
    ]


def test_a_delivery_is_read_once_and_reports_when_done(tmp_path: Path) -> None:
    """The report waits for the end, and a second reading is refused."""
    with open_delivery(written(tmp_path, "a\n1\n")) as delivery:
        with pytest.raises(Misused, match="before the whole file"):
            _ = delivery.report
        list(delivery)
        assert delivery.report.accepted == 1
        with pytest.raises(Misused, match="only once"):
            list(delivery)


def test_progress_counts_the_bytes_delivered(tmp_path: Path) -> None:
    """Steps rise to the size of the file as it lies on disk."""
    path = written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 5_000), "x.csv.gz")
    steps = []
    with open_delivery(
        path, limits=Limits(block=4_096, record=99, raw=9), progress=steps.append
    ) as d:
        list(d)
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == steps[-1].total == path.stat().st_size


def test_leaving_early_stops_the_work(tmp_path: Path) -> None:
    """A caller that stops after the first batch leaves no file open."""
    path = written(tmp_path, "a,b\n" + "1,2\n" * 50_000)
    with open_delivery(path, limits=Limits(block=1_000, record=99, raw=9)) as delivery:
        next(iter(delivery))
    path.unlink()
    assert not path.exists()
