"""What intake makes of a workbook, told by tiny ones."""

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest

from openoda.data.intake import Dialect, Limits
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid
from tests.unit.intake.samples import load, schema
from tests.unit.intake.workbooks import (
    CLOCK,
    DAY,
    ELAPSED,
    MOMENT,
    WORDED,
    number,
    row,
    text,
    texts_row,
    workbook,
)

HEADER = texts_row(1, "id", "value")


def book(folder: Path, *rows: str, **more: object) -> Path:
    return workbook(folder / "delivery.xlsx", {"Data": "".join(rows)}, **more)  # type: ignore[arg-type]


def test_text_and_numbers_are_kept_as_they_are_stored(tmp_path: Path) -> None:
    """Leading zeros of text, whole numbers digit for digit, fractions by the shortest form that reads
    back alike, an empty text apart from no cell."""
    found = load(book(
        tmp_path, HEADER,
        row(2, text("A2", "007"), number("B2", "9434765919")),
        row(3, text("A3", ""), number("B3", "1.1000000000000001")),
        row(4, number("A4", "3.0"), number("B4", "1E-3")),
        row(5, text("A5", " NA "), '<c r="B5" t="b"><v>1</v></c>'),
    ))  # fmt: skip
    assert found.values == [
        ("007", "9434765919"), ("", "1.1"), ("3", "0.001"), (" NA ", "true"),
    ]  # fmt: skip
    assert found.report.sound
    assert found.report.format == "xlsx"


def test_shared_texts_are_joined_and_their_readings_left_out(tmp_path: Path) -> None:
    """Runs of one text, a phonetic reading, a character that XML can't hold, and one that is absent."""
    texts = (
        "<si><r><t>Zo</t></r><r><t>ë</t></r></si><si><t>東</t><rPh><t>ひがし</t></rPh></si>"
        "<si><t>a_x000D_b</t></si>"
    )
    cells = "".join(
        row(n, number(f"A{n}", n), f'<c r="B{n}" t="s"><v>{n - 2}</v></c>') for n in (2, 3, 4, 5)
    )
    found = load(book(tmp_path, HEADER, cells, texts=texts))
    assert [value for _, value in found.values] == ["Zoë", "東", "a\rb", None]
    assert found.marked == [(5, "value", "3", "a shared text that the workbook lacks")]
    assert found.flags[0]["place"] == "B5"


def test_dates_by_their_style(tmp_path: Path) -> None:
    """Dates, dates with a time, times, elapsed hours, and a number whose format only has words."""
    found = load(book(
        tmp_path, HEADER,
        row(2, number("A2", 45322, DAY), number("B2", 45322.5, MOMENT)),
        row(3, number("A3", 45322.75, DAY), number("B3", 0.25, CLOCK)),
        row(4, number("A4", 1.5, ELAPSED), number("B4", 45322, WORDED)),
        row(5, number("A5", 59, DAY), number("B5", 61, DAY)),
    ))  # fmt: skip
    assert found.values == [
        ("2024-01-31", "2024-01-31T12:00:00"),
        ("2024-01-31T18:00:00", "06:00:00"),
        ("36:00:00", "45322"),
        ("1900-02-28", "1900-03-01"),
    ]


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    """The workbook says so, and the same number is four years and a day later."""
    found = load(book(tmp_path, HEADER, row(2, number("A2", 43860, DAY)), from_1904=True))
    assert found.values == [("2024-01-31", None)]


@pytest.mark.parametrize("serial", ["60", "-1", "2958466", "1e300"])
def test_a_date_that_never_was_is_flagged(tmp_path: Path, serial: str) -> None:
    """29 February 1900, a day before the calendar's first and one after its last."""
    found = load(book(tmp_path, HEADER, row(2, text("A2", "x"), number("B2", serial, DAY))))
    assert found.values == [("x", None)]
    assert found.marked == [(2, "value", serial, "a serial number that is no date")]


def test_formulas_are_never_computed(tmp_path: Path) -> None:
    """The stored result is read; without one, or with an error for one, the cell is flagged."""
    found = load(book(
        tmp_path, HEADER,
        row(2, '<c r="A2"><f>1+1</f><v>2</v></c>', '<c r="B2" t="str"><f>"a"</f><v>a</v></c>'),
        row(3, '<c r="A3"><f>NOW()</f></c>', '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        row(4, '<c r="A4"><f>SUM(B2:B3)</f><v></v></c>', text("B4", "x")),
    ))  # fmt: skip
    assert found.values == [("2", "a"), (None, None), (None, "x")]
    assert found.marked == [
        (3, "id", "=NOW()", "a formula without a stored result"),
        (3, "value", "#DIV/0!", "an error in the sheet"),
        (4, "id", "=SUM(B2:B3)", "a formula without a stored result"),
    ]


def test_a_number_too_long_for_a_spreadsheet_is_doubted(tmp_path: Path) -> None:
    """Sixteen digits are kept as stored, but a spreadsheet would have rounded them."""
    found = load(book(tmp_path, HEADER, row(2, number("A2", "1234567890123456"))))
    assert found.values == [("1234567890123456", None)]
    assert "15 digits" in found.marked[0][3]


def test_a_schema_types_dates_however_it_writes_them(tmp_path: Path) -> None:
    """A real date fits a field that writes dates as %d/%m/%Y, beside text written that way."""
    wanted = schema(
        {"name": "id", "type": "date", "format": "%d/%m/%Y"},
        {"name": "value", "type": "date", "format": "excel"},
    )
    found = load(
        book(
            tmp_path, HEADER,
            row(2, number("A2", 45322, DAY), number("B2", 45322, DAY)),
            row(3, text("A3", "01/02/2024"), text("B3", "45323")),
        ),
        wanted,
    )  # fmt: skip
    assert found.values == [
        (dt.date(2024, 1, 31), dt.date(2024, 1, 31)),
        (dt.date(2024, 2, 1), dt.date(2024, 2, 1)),
    ]


def test_blank_rows_between_records_are_set_aside_in_runs(tmp_path: Path) -> None:
    """One record for each run, with its first and last row; blank rows after the last are none."""
    found = load(book(
        tmp_path, HEADER, texts_row(2, "a"), texts_row(5, "b"), row(7, '<c r="A7" s="1"/>'),
    ))  # fmt: skip
    assert found.values == [("a", None), ("b", None)]
    assert [(r["first_line"], r["last_line"], r["place"]) for r in found.quarantined] == [
        (3, 4, "Data!3:4")
    ]


def test_cells_outside_the_header_are_flagged(tmp_path: Path) -> None:
    """A note beside the table costs no row and isn't lost."""
    found = load(book(tmp_path, HEADER, row(2, text("A2", "a"), text("D2", "see Ann"))))
    assert found.values == [("a", None)]
    assert found.marked == [(2, "column D", "see Ann", "outside the columns that the header names")]


def test_merged_cells_are_flagged_where_they_hold_no_value(tmp_path: Path) -> None:
    """The value stands in one row of the range; in the others its absence is doubted."""
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    found = load(book(
        tmp_path, HEADER, texts_row(2, "north", "1"), row(3, text("B3", "2")), after=merged,
    ))  # fmt: skip
    assert found.values == [("north", "1"), (None, "2")]
    assert [(line, column) for line, column, _, _ in found.marked] == [(3, "id")]


def test_titles_merged_headers_and_footers_as_the_dialect_says(tmp_path: Path) -> None:
    """A title above, a header over two rows with merged cells, a total below."""
    path = book(
        tmp_path,
        texts_row(1, "Licences, March"),
        row(3, text("A3", "Case"), text("B3", "Address")),
        row(4, text("B4", "Street"), text("C4", "Town")),
        texts_row(5, "1", "High Street", "Oxford"),
        texts_row(6, "2", "Broad Street", "Oxford"),
        row(8, text("A8", "Total"), number("B8", 2)),
        after='<mergeCells><mergeCell ref="B3:C3"/><mergeCell ref="A3:A4"/></mergeCells>',
    )
    found = load(path, dialect=Dialect(header_rows=(3, 4), footer_rows=1))
    assert found.report.columns == ("Case", "Address Street", "Address Town")
    assert found.values == [("1", "High Street", "Oxford"), ("2", "Broad Street", "Oxford")]
    assert found.aside == [(7, "blank row"), (8, "a footer row, as the schema file says")]
    assert found.quarantined[1]["raw"] == b"Total\t2"
    assert found.report.header_lines == 4


def test_several_sheets_are_never_chosen_from(tmp_path: Path) -> None:
    """The remedy names them; told, one is read; a hidden one needs no telling."""
    sheets = {"A": HEADER + texts_row(2, "1"), "B": HEADER + texts_row(2, "2")}
    path = workbook(tmp_path / "x.xlsx", sheets)
    with pytest.raises(FileUnreadable, match="several sheets") as refused:
        load(path)
    assert "--table" in refused.value.remedy
    assert "A, B" in refused.value.remedy
    assert load(path, dialect=Dialect(table="B")).values == [("2", None)]
    with pytest.raises(FileUnreadable, match="no sheet called C"):
        load(path, dialect=Dialect(table="C"))
    hidden = workbook(tmp_path / "y.xlsx", sheets, hidden=("B",))
    assert load(hidden).values == [("1", None)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((texts_row(1, "id", "id"),), "more than once"),
        ((row(1, text("A1", "id"), text("C1", "x")),), "without a name"),
        ((texts_row(2, "id", "value"),), "Row 1 is blank"),
        ((), "Row 1 is blank"),
    ],
)
def test_a_header_that_can_not_be_used_is_refused(
    tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    """Each says what to do."""
    with pytest.raises(SchemaInvalid, match=said) as refused:
        load(book(tmp_path, *rows))
    assert refused.value.remedy


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(tmp_path: Path, declared: str) -> None:
    """Neither a file outside is fetched nor an entity expanded."""
    path = book(tmp_path, HEADER)
    evil = workbook(tmp_path / "evil.xlsx", {"Data": HEADER}, extra={
        "xl/sharedStrings.xml": f"<?xml version='1.0'?>{declared}<sst><si><t>&e;</t></si></sst>".encode()
    })  # fmt: skip
    assert load(path).report.sound
    with pytest.raises(FileUnreadable, match="document type"):
        load(evil)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    """By its size, and by how many times its own size that is."""
    path = workbook(tmp_path / "x.xlsx", {"D": HEADER}, extra={"xl/media/x": bytes(80 << 20)})
    with pytest.raises(FileUnreadable, match="times its size"):
        load(path)
    with pytest.raises(FileUnreadable, match="over 1,000 bytes"):
        load(book(tmp_path, HEADER), limits=Limits(unpacked=1_000))


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04" + b"x" * 100])
def test_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file, text, and something that only begins like one."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable) as refused:
        load(path)
    assert refused.value.remedy


def test_a_cell_given_twice_and_rows_without_references(tmp_path: Path) -> None:
    """The first cell stands and the second is flagged; cells without a reference follow each other."""
    found = load(book(
        tmp_path, "<row><c t='str'><v>id</v></c><c t='str'><v>value</v></c></row>",
        "<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row>",
        row(3, text("A3", "x"), text("A3", "y")),
    ))  # fmt: skip
    assert found.values == [("a", "b"), ("x", None)]
    assert found.marked == [(3, "id", "x", "the cell is stored twice")]


def merged_over(*ranges: str) -> str:
    return (
        "<mergeCells>" + "".join(f'<mergeCell ref="{each}"/>' for each in ranges) + "</mergeCells>"
    )


def test_a_merge_of_the_whole_sheet_costs_no_memory(tmp_path: Path) -> None:
    """Proves that a range is kept as its corners: one over every cell of a sheet, 16 thousand
    million of them, is read in a few megabytes, and still flags the cells that it covers."""
    rows = [texts_row(2, "north", "1"), row(3, text("B3", "2")), row(9, text("A9", "x"))]
    path = book(tmp_path, HEADER, *rows, after=merged_over("A2:XFD1048576", "A1:XFD1048576"))
    tracemalloc.start()
    found = load(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 << 20
    assert [(line, column) for line, column, _, _ in found.marked] == [(3, "id"), (9, "value")]


def test_merges_that_overlap_or_begin_above_cover_what_is_below(tmp_path: Path) -> None:
    """Proves that every cell of a range but the first is covered: of one that begins in a blank row or
    in the header, one written from its far corner, and two that overlap."""
    rows = [row(number, text(f"D{number}", "x")) for number in (3, 4, 5, 6)]
    header = texts_row(1, "a", "b", "c", "d")
    after = merged_over("A1:A3", "B4:B2", "C5:C6", "B5:C5", "D3:E6")
    found = load(book(tmp_path, header, *rows, after=after))
    assert [(line, column) for line, column, _, _ in found.marked] == [
        (3, "a"), (3, "b"), (4, "b"), (5, "c"), (6, "c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "reference",
    ["A2:B99999999999", "A2:B1048577", "A2:XFE3", "A0:B2", "A2:AAAA3", f"A2:B{'9' * 90}"],
)
def test_a_merge_outside_the_sheet_is_refused(tmp_path: Path, reference: str) -> None:
    """Proves that a corner that no sheet has is refused in words, however large its number."""
    with pytest.raises(FileUnreadable, match="outside the rows and columns") as refused:
        load(book(tmp_path, HEADER, texts_row(2, "a"), after=merged_over(reference)))
    assert "save it again" in refused.value.remedy


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (("2", "2"), "Row 2 is stored again"),
        (("3", "2"), "Row 2 is stored again, or out of order, after row 3"),
        (("1048577",), "the number 1048577"),
        (("0",), "the number 0"),
        (("9" * 5_000,), "the number 9"),
        (("x",), "the number x"),
    ],
)
def test_a_row_number_that_tells_no_place_is_refused(
    tmp_path: Path, numbers: tuple[str, ...], said: str
) -> None:
    """Proves that a number given twice, out of order or outside the sheet never stands for a row:
    values and flags would be placed where nobody finds them."""
    rows = [f"<row r='{number}'><c t='str'><v>x</v></c></row>" for number in numbers]
    with pytest.raises(FileUnreadable, match=said):
        load(book(tmp_path, HEADER, *rows))


def test_a_cell_in_a_column_that_no_sheet_has_is_refused(tmp_path: Path) -> None:
    """Proves that its value isn't put into the next column without a word."""
    with pytest.raises(FileUnreadable, match="a column called AAAA"):
        load(book(tmp_path, HEADER, row(2, text("AAAA2", "x"))))


def test_hidden_sheets_are_named(tmp_path: Path) -> None:
    """Proves that nobody takes a workbook for read whole that has sheets which aren't shown."""
    data = HEADER + texts_row(2, "1")
    path = workbook(tmp_path / "x.xlsx", {"A": data, "B": data}, hidden=("B",))
    found = load(path)
    assert found.report.notes == ("sheet A", "hidden sheets, not read: B")
    found = load(path, dialect=Dialect(table="B"))
    assert found.report.notes == ("sheet B", "the sheet is hidden in the workbook")


def test_data_in_a_hidden_sheet_alone_is_pointed_at(tmp_path: Path) -> None:
    """Proves that a cover sheet of one line, or of none, doesn't pass for the delivery: what hidden
    sheet has rows is said in the notes, and in the remedy where the cover sheet is refused."""
    sheets = {"Cover": HEADER, "Data": HEADER + texts_row(2, "1"), "Lists": HEADER}
    path = workbook(tmp_path / "x.xlsx", sheets, hidden=("Data", "Lists"))
    note = load(path).report.notes[-1]
    assert note == (
        "the sheet has no rows; name a hidden sheet that has rows (option --table): Data"
    )
    blank = workbook(tmp_path / "y.xlsx", {**sheets, "Cover": ""}, hidden=("Data", "Lists"))
    with pytest.raises(SchemaInvalid, match="Row 1 is blank") as refused:
        load(blank)
    assert refused.value.remedy.endswith("(option --table): Data.")
