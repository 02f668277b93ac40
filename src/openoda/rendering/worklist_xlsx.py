"""The worklist as a workbook to fill in: drop-downs, a date check, and a sheet that explains."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter

from openoda.rendering import cells, wording
from openoda.rendering.documents import WorklistDocument
from openoda.rendering.worklist_files import columns, table_rows
from openoda.vocabulary.outcomes import Outcome

HEADER_ROW = 3  # zero-based: title, label and instruction stand above it
_CREATED = datetime(2000, 1, 1)  # fixed, so that the same list gives the same bytes
_EXCEL_LIMIT = 32_767
_WIDTHS = {
    cells.RUN: 12,
    cells.PLACE: 7,
    cells.QUEUE: 16,
    cells.CASE: 14,
    cells.UNIT: 34,
    cells.DATE_DUE: 12,
    cells.REASONS: 60,
    cells.ROUTE: 10,
    cells.INCLUSION: 12,
    cells.OUTCOME: 16,
    cells.VISITED_ON: 14,
    cells.NOTE: 40,
}
_DETAIL_WIDTH = 18
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "label": {"bold": True, "font_color": "#942514"},
    "plain": {"valign": "top"},
    "wrapped": {"valign": "top", "text_wrap": True},
    "share": {"valign": "top", "num_format": "0.0%"},
    "head": {"bold": True, "bg_color": "#E5E6E7", "border": 1, "text_wrap": True, "valign": "top"},
    "fill": {"bg_color": "#FFF8DC", "border": 1, "border_color": "#B1B4B6", "valign": "top"},
    "fill_date": {
        "bg_color": "#FFF8DC",
        "border": 1,
        "border_color": "#B1B4B6",
        "valign": "top",
        "num_format": "d mmm yyyy",
    },
}


def worklist_xlsx(doc: WorklistDocument) -> bytes:
    """Write the worklist as an Excel workbook; the same document always gives the same bytes.

    Every text is stored as text, never as a formula or a link. Rows are streamed through temporary
    files, so memory doesn't grow with the list.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    book.set_properties({"title": doc.title, "created": _CREATED})
    formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
    _fill_worklist(book.add_worksheet("Worklist"), doc, formats)
    _fill_guide(book.add_worksheet("What the words mean"), doc, formats)
    book.close()
    return target.getvalue()


def _fill_worklist(sheet: Any, doc: WorklistDocument, formats: Mapping[str, Any]) -> None:
    titles = columns(doc)
    _set_up(sheet, doc, titles)
    _text(sheet, 0, 0, doc.title, formats["title"])
    _text(sheet, 1, 0, wording.warning_line(doc.origin), formats["label"])
    _text(sheet, 2, 0, "Fill in the yellow columns. The second sheet says what each word means.")
    for column, title in enumerate(titles):
        _text(sheet, HEADER_ROW, column, title, formats["head"])
    looks = [formats[_look(title)] for title in titles]
    for number, values in enumerate(table_rows(doc), start=HEADER_ROW + 1):
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            if isinstance(value, str):
                _text(sheet, number, column, value, look)
            else:
                sheet.write_number(number, column, value, look)


def _set_up(sheet: Any, doc: WorklistDocument, titles: tuple[str, ...]) -> None:
    last_row, last_column = HEADER_ROW + max(len(doc.rows), 1), len(titles) - 1
    for column, title in enumerate(titles):
        sheet.set_column(column, column, _WIDTHS.get(title, _DETAIL_WIDTH))
    sheet.freeze_panes(HEADER_ROW + 1, titles.index(cells.UNIT) + 1)
    sheet.autofilter(HEADER_ROW, 0, last_row, last_column)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer(f"&L{wording.label_line(doc.origin)[:200].replace('&', '&&')}&RPage &P of &N")
    first = HEADER_ROW + 1
    outcome, visited = titles.index(cells.OUTCOME), titles.index(cells.VISITED_ON)
    sheet.data_validation(first, outcome, last_row, outcome, _OUTCOME_RULE)
    sheet.data_validation(first, visited, last_row, visited, _date_rule(doc.made_on))


_OUTCOME_RULE = {
    "validate": "list",
    "source": [outcome.value for outcome in Outcome],
    "input_title": "What did you find?",
    "input_message": "Choose one. Leave it empty if nobody has been yet.",
    "error_title": "Not one of the words",
    "error_message": "Choose a word from the list, so that it can be counted.",
}


def _date_rule(made_on: date) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": datetime(made_on.year, made_on.month, made_on.day),
        "maximum": datetime(made_on.year, made_on.month, made_on.day) + timedelta(days=366),
        "input_title": "Date of the visit",
        "input_message": f"For example {wording.day(made_on + timedelta(days=7))}.",
        "error_title": "Check the date",
        "error_message": "Enter a date in the year after the list was made.",
        "error_type": "warning",
    }


def _look(title: str) -> str:
    if title in (cells.OUTCOME, cells.NOTE):
        return "fill"
    if title == cells.VISITED_ON:
        return "fill_date"
    if title == cells.INCLUSION:
        return "share"
    return "wrapped" if title in (cells.UNIT, cells.REASONS) else "plain"


def _fill_guide(sheet: Any, doc: WorklistDocument, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    lines: list[tuple[str, str, str]] = [("Outcome", "When to choose it", "head")]
    lines += [(outcome.value, outcome.meaning, "wrapped") for outcome in Outcome]
    lines += [("", "", "plain"), ("About this list", "", "head")]
    lines += [(name, text, "wrapped") for name, text in wording.about_worklist(doc)]
    if doc.notices:
        lines += [("", "", "plain"), ("Warnings", "", "head")]
        lines += [(wording.notice_title(one), one.text, "wrapped") for one in doc.notices]
    for number, (name, text, look) in enumerate(lines):
        _text(sheet, number, 0, name, formats[look])
        _text(sheet, number, 1, text, formats[look])


def _text(sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:
    """Write text as text. Only `write_string` does: `write` would guess formulas and links."""
    if text:
        sheet.write_string(row, column, text[:_EXCEL_LIMIT], look)
    elif look is not None:
        sheet.write_blank(row, column, None, look)
