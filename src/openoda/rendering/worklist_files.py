"""The worklist as files to fill in or to compute with: CSV and JSON (XLSX has its own module)."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict

from openoda.rendering import cells
from openoda.rendering.documents import WorklistDocument, WorklistRow

Cell = str | int | float
REASONS_APART = "; "
_IDS = frozenset((cells.RUN, cells.QUEUE, cells.CASE, cells.UNIT))


def columns(doc: WorklistDocument) -> tuple[str, ...]:
    """Name the columns of the CSV and XLSX, in order; `date_due` only where some row has one."""
    due = (cells.DATE_DUE,) if _has_due(doc) else ()
    details = cells.detail_titles(doc.column_titles)
    return (*cells.BEFORE_DETAILS, *due, *details, *cells.AFTER_DETAILS)


def worklist_csv(doc: WorklistDocument) -> bytes:
    """Write the worklist as CSV that is safe to open in a spreadsheet and can be read back.

    UTF-8 with a byte order mark (Excel needs it), CRLF line ends (RFC 4180), texts guarded as in
    `cells`, and three empty columns to fill in: outcome, visited_on, note.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([cells.guard(title) for title in columns(doc)])
    writer.writerows(_csv_rows(doc))
    return text.getvalue().encode("utf-8-sig")


def worklist_json(doc: WorklistDocument) -> bytes:
    """Write the whole document for machines: every field, rows with their scores.

    Ids are untouched text, dates ISO 8601, shares 0 to 1. Raises ValueError on NaN or infinity.
    """
    content = asdict(doc)
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    return (text + "\n").encode("utf-8")


def table_rows(doc: WorklistDocument) -> Iterator[list[Cell]]:
    """Give each row's cells, unguarded, in the order of `columns`; those to fill in are empty."""
    with_due = _has_due(doc)
    for row in doc.rows:
        due = [row.date_due.isoformat() if row.date_due else ""] if with_due else []
        yield [
            *(doc.run_id, row.place, row.queue, row.case, row.unit),
            *due,
            *_details(doc, row),
            *(REASONS_APART.join(row.reasons), row.route.value, row.inclusion_probability),
            *("", "", ""),
        ]


def _details(doc: WorklistDocument, row: WorklistRow) -> tuple[str, ...]:
    if len(row.details) != len(doc.column_titles):
        raise ValueError("a worklist row must have one detail for each of the column titles")
    return row.details


def _csv_rows(doc: WorklistDocument) -> Iterator[list[Cell]]:
    is_id = [name in _IDS for name in columns(doc)]
    for row in table_rows(doc):
        yield [_csv_cell(value, id_) for value, id_ in zip(row, is_id, strict=True)]


def _csv_cell(value: Cell, is_id: bool) -> Cell:
    if not isinstance(value, str):
        return value
    return cells.guard_id(value) if is_id else cells.guard(value)


def _has_due(doc: WorklistDocument) -> bool:
    return any(row.date_due for row in doc.rows)
