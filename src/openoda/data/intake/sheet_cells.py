"""A stored cell as text: numbers as they are, moments in ISO 8601 or as the schema writes them.

Source: ECMA-376 part 1, clause 18.17.4 (dates as serial numbers). In the system of 1900 day 60 is 29
February 1900, which never was; it and what lies outside the calendar are named and not converted.
"""

import datetime as dt
import math
import re
from typing import NamedTuple

from openoda.data.intake.sheet_rows import Cell
from openoda.data.intake.workbook import DATE, ELAPSED, TIME, unescaped
from openoda.standards.table_schema import SERIAL_FORMATS, Field
from openoda.standards.time_pattern import tokens

ERROR, NO_RESULT = "an error in the sheet", "a formula without a stored result"
NOT_NUMBER, NO_TEXT = "no number in a cell of numbers", "a shared text that the workbook lacks"
NO_DATE = "a serial number that is no date"
DIGITS = "over 15 digits, more than a spreadsheet keeps"
_WHOLE = re.compile(r"-?\d+\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
_DAY_1900, _DAY_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LAST = 2_958_466  # 1 January 10000
_DAY_MILLIS = 86_400_000


class CellText(NamedTuple):
    """A cell's text, and why it is doubted (empty where it isn't); `raw` is what a flag quotes."""

    text: str | None
    doubt: str = ""
    raw: str | None = None


class CellReader:
    """Turns the cells of one workbook into text."""

    def __init__(self, texts: list[str], moments: list[str], from_1904: bool) -> None:
        self._texts, self._moments, self._from_1904 = texts, moments, from_1904

    def read(self, cell: Cell, field: Field | None = None) -> CellText:
        """One cell as text, moments as `field` has them written."""
        value = cell.value
        if value is None or (value == "" and cell.formula is not None and cell.kind != "str"):
            return CellText(None, NO_RESULT, f"={cell.formula}")
        if cell.kind == "s":
            return self._shared(value)
        if cell.kind in ("str", "inlineStr"):
            return CellText(unescaped(value))
        if cell.kind == "b":
            return CellText({"1": "true", "0": "false"}.get(value, value))
        if cell.kind == "e":
            return CellText(None, ERROR, value)
        if cell.kind == "d":
            return CellText(value)
        return self._number(value, cell.style, field)

    def _shared(self, value: str) -> CellText:
        place = int(value) if _WHOLE.match(value) else -1
        if 0 <= place < len(self._texts):
            return CellText(self._texts[place])
        return CellText(None, NO_TEXT, value)

    def _number(self, value: str, style: int, field: Field | None) -> CellText:
        value = value.strip()
        if not value:
            return CellText(None)
        if not _NUMBER.match(value):
            return CellText(None, NOT_NUMBER, value)
        moment = self._moments[style] if style < len(self._moments) else ""
        if moment and not (field and field.format in SERIAL_FORMATS):
            return self._moment(value, moment, field)
        return number_text(value)

    def _moment(self, value: str, kind: str, field: Field | None) -> CellText:
        serial = float(value)
        if kind == ELAPSED:
            return CellText(_elapsed(serial)) if 0 <= serial < 1e7 else CellText(value)
        found = moment_at(serial, self._from_1904)
        if found is None:
            return CellText(None, NO_DATE, value)
        if kind == TIME and serial < 1:
            return CellText(_written(found, "time", field))
        whole = found.time() == dt.time() and kind == DATE
        return CellText(_written(found, "date" if whole else "datetime", field))


def number_text(value: str) -> CellText:
    """A stored number: whole ones digit for digit, others as the shortest that reads back alike."""
    if len(value) < 16 and value.isascii() and value.isdigit():
        return CellText(value)
    if _WHOLE.match(value):
        return CellText(value, DIGITS if len(value.lstrip("-0")) > 15 else "", value)
    found = float(value)
    if not math.isfinite(found):
        return CellText(value)
    return CellText(repr(found).removesuffix(".0"))


def moment_at(serial: float, from_1904: bool) -> dt.datetime | None:
    """The moment that a serial number stands for, to the millisecond; None if it is none."""
    if not 0 <= serial < _LAST:
        return None
    millis = round(serial * _DAY_MILLIS)
    day, rest = divmod(millis, _DAY_MILLIS)
    if not from_1904 and day == 60:
        return None
    first = _DAY_1904 if from_1904 else _DAY_1900
    shift = 1 if not from_1904 and day < 60 else 0
    try:
        date = first + dt.timedelta(days=day + shift)
    except OverflowError:
        return None
    return dt.datetime.combine(date, dt.time()) + dt.timedelta(milliseconds=rest)


def _elapsed(serial: float) -> str:
    seconds = round(serial * 86_400)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_ISO = {"date": "%Y-%m-%d", "time": "%H:%M:%S", "datetime": "%Y-%m-%dT%H:%M:%S"}


def _written(moment: dt.datetime, kind: str, field: Field | None) -> str:
    """The moment in ISO 8601, or by the field's own pattern where the field is of its kind."""
    pattern = _ISO[kind]
    kinds = (kind, "datetime") if kind == "date" else (kind,)
    if field and field.type in kinds and field.format != "default":
        pattern = field.format
    text = "".join(_part(token.part, token.text, moment) for token in tokens(pattern))
    exact = moment.microsecond and pattern == _ISO[kind]
    return f"{text}.{moment.microsecond // 1000:03d}" if exact else text


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def _part(part: str, text: str, moment: dt.datetime) -> str:
    """One part of a pattern; not by strftime, whose names and years differ between systems."""
    return {
        "text": text,
        "Y": f"{moment.year:04d}",
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "b": _MONTHS[moment.month - 1][:3],
        "B": _MONTHS[moment.month - 1],
        "d": f"{moment.day:02d}",
        "H": f"{moment.hour:02d}",
        "I": f"{(moment.hour - 1) % 12 + 1:02d}",
        "p": "AM" if moment.hour < 12 else "PM",
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "f": f"{moment.microsecond:06d}",
        "z": "Z",
    }[part]
