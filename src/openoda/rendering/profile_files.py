"""The issues list as files to send: CSV, and a workbook with a summary and the rows."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from openoda.rendering import cells, wording
from openoda.rendering.profile_documents import ProfileDocument

COLUMNS = (
    "issue", "severity", "dimension", "columns", "file", "line", "rule", "reason", "remedy",
    "answer",
)  # fmt: skip
SUMMARY = (
    "issue", "severity", "dimension", "columns", "rows", "rows_listed", "rule", "reason", "remedy",
    "answer",
)  # fmt: skip
_WIDTHS = {"columns": 24, "file": 28, "rule": 48, "reason": 44, "remedy": 44, "answer": 40}
_CREATED = datetime(2000, 1, 1)  # fixed, so that the same profile gives the same bytes
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bg_color": "#E5E6E7", "border": 1, "text_wrap": True, "valign": "top"},
    "plain": {"valign": "top", "text_wrap": True},
    "fill": {"bg_color": "#FFF8DC", "border": 1, "border_color": "#B1B4B6", "valign": "top"},
}
_HEAD_ROW = 3
Cell = str | int


def issues_csv(doc: ProfileDocument) -> bytes:
    """Write one line for each row with an issue, as CSV that is safe to open in a spreadsheet.

    UTF-8 with a byte order mark, CRLF line ends, texts guarded as in `cells`; the last column is for
    the data owner's answer. Only the rows that the document lists: `rows` of the summary has all.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(doc):
        writer.writerow([cells.guard(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def issues_xlsx(doc: ProfileDocument) -> bytes:
    """Write the issues as a workbook: a summary, and the rows; the same document, the same bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": doc.title, "created": _CREATED})
    formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
    _sheet(book.add_worksheet("Issues"), doc, SUMMARY, _summary(doc), formats)
    _sheet(book.add_worksheet("Rows"), doc, COLUMNS, _rows(doc), formats)
    book.close()
    return target.getvalue()


def _rows(doc: ProfileDocument) -> Iterator[list[Cell]]:
    for one in doc.issues:
        for file, line in one.places:
            yield [one.title, one.severity, one.dimension, one.columns, file, line, one.rule,
                   one.reason, one.remedy, ""]  # fmt: skip


def _summary(doc: ProfileDocument) -> Iterator[list[Cell]]:
    for one in doc.issues:
        yield [one.title, one.severity, one.dimension, one.columns, one.rows, len(one.places),
               one.rule, one.reason, one.remedy, ""]  # fmt: skip


def _sheet(
    sheet: Any,
    doc: ProfileDocument,
    titles: tuple[str, ...],
    rows: Iterator[list[Cell]],
    formats: dict[str, Any],
) -> None:
    sheet.write_string(0, 0, f"Data quality issues: {doc.title}", formats["title"])
    about = (
        f"{wording.data_meaning(doc.origin.data_label)}. Delivery of {wording.day(doc.made_on)}, "
        f"judged as at {wording.day(doc.judged_as_at)}. "
    )
    sheet.write_string(1, 0, about + "Rows are named by file and line; no values are shown.")
    for column, title in enumerate(titles):
        sheet.set_column(column, column, _WIDTHS.get(title, 14))
        sheet.write_string(_HEAD_ROW, column, title.replace("_", " "), formats["head"])
    last = _HEAD_ROW
    for last, row in enumerate(rows, start=_HEAD_ROW + 1):
        for column, value in enumerate(row):
            look = formats["fill" if titles[column] == "answer" else "plain"]
            if isinstance(value, int):
                sheet.write_number(last, column, value, look)
            elif value:
                sheet.write_string(last, column, value, look)
            else:
                sheet.write_blank(last, column, None, look)
    sheet.autofilter(_HEAD_ROW, 0, max(last, _HEAD_ROW + 1), len(titles) - 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
