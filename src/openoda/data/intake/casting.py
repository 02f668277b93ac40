"""One column of text turned into one column of its type; what doesn't fit becomes null and is named.

The lexical rules are those of `lexical_kernel` and `moment_kernel`; booleans are the texts that the
schema lists. None depends on the values around it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake import lexical_kernel as lexical
from openoda.data.intake import moment_kernel as moments
from openoda.data.intake.bare_numbers import ambiguous, bared
from openoda.standards.table_schema import SERIAL_FORMATS, Field, TableSchema
from openoda.standards.time_pattern import ISO_DATE, ISO_TIME, tokens

Places = npt.NDArray[np.int64]
Cast = Callable[[pa.StringArray], "Typed"]
POWERS = np.array([10.0**power for power in range(23)])
_NOWHERE: Places = np.empty(0, dtype=np.int64)
ROUNDED = "more digits than a 64-bit float holds, rounded"
_DAY_MILLIS = 86_400_000
_SERIALS = 2_958_466  # the serial number of 1 January 10000
_FROM_1900, _FROM_1904 = -25_569, -24_107  # day 0 of each system, counted from 1970


@dataclass(frozen=True)
class Typed:
    """A typed column; `bad` are the places (from 0) nulled or doubted, for each `reason`."""

    values: pa.Array
    bad: tuple[tuple[Places, str], ...] = ()


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type that a field's values are given."""
    if field.type == "datetime":
        patterned = field.format not in ("default", *SERIAL_FORMATS)
        zoned = field.format == "default" or (
            patterned and any(t.part == "z" for t in tokens(field.format))
        )
        return pa.timestamp("us", tz="UTC") if zoned else pa.timestamp("us")
    return {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "time": pa.time64("us"),
        "year": pa.int32(),
    }[field.type]


def cast_for(field: Field, schema: TableSchema) -> Cast:
    """The function that types this field's text, missing values taken out first."""
    absent = schema.missing_values or ()
    if field.type in ("boolean", "year"):  # the kernels of the other types do this by themselves
        absent = ("", *absent)
    typed = _typing(field)
    return partial(_cast, absent=pa.array(absent, pa.string()), typing=typed)


def _cast(text: pa.StringArray, *, absent: pa.StringArray, typing: Cast) -> Typed:
    if len(absent):
        gone = pc.is_in(text, value_set=absent)
        if gone.true_count:
            text = pc.if_else(gone, pa.scalar(None, pa.string()), text)
    return typing(text)


def _typing(field: Field) -> Cast:
    """The rule for the field's type."""
    if field.type == "string":
        return Typed
    if field.type == "integer":
        return partial(integers, group=_byte(field.group_char), bare=field.bare_number)
    if field.type == "number":
        return partial(
            numbers,
            point=_byte(field.decimal_char),
            group=_byte(field.group_char),
            bare=field.bare_number,
        )
    if field.type == "boolean":
        return partial(booleans, true=list(field.true_values), false=list(field.false_values))
    if field.type == "year":
        return years
    return _moment_typing(field)


def _moment_typing(field: Field) -> Cast:
    if field.format in SERIAL_FORMATS:
        from_1904 = field.format == SERIAL_FORMATS[1]
        return partial(serial_moments, kind=arrow_type(field), from_1904=from_1904)
    iso = {"date": ISO_DATE, "time": ISO_TIME, "datetime": ""}[field.type]
    if field.format != "default":
        rows = moments.program(field.format)
    else:
        rows = moments.program(iso, padded=True) if iso else moments.default_moments()
    shape = field.format if field.format != "default" else iso or "%Y-%m-%dT%H:%M:%S"
    reason = f"not a {field.type} written as {shape}"
    return partial(moments_of, rows=rows, kind=arrow_type(field), reason=reason)


def _byte(char: str) -> int:
    return ord(char) if char else 0


def buffers(text: pa.StringArray) -> tuple[Any, Any, Any]:
    """The bytes, offsets and validity bitmap (empty where nothing is null) of a text array."""
    if text.offset:
        text = pa.concat_arrays([text])  # so that the bitmap starts at its first bit
    if text.offset:
        text = text.take(pa.array(np.arange(len(text))))
    bitmap, offsets, data = text.buffers()
    return (
        _read_only(data or b"\0", np.uint8),
        _read_only(offsets or bytes(4), np.int32)[: len(text) + 1],
        _read_only(bitmap if text.null_count and bitmap else b"", np.uint8),
    )


def _read_only(buffer: Any, kind: type) -> npt.NDArray[Any]:
    """The buffer as an array; always read-only, or numba would compile each loop twice."""
    array: npt.NDArray[Any] = np.frombuffer(buffer, dtype=kind)
    array.flags.writeable = False
    return array


def _typed(
    values: npt.NDArray[Any],
    outcomes: npt.NDArray[np.uint8],
    kind: pa.DataType,
    reasons: dict[int, str],
) -> Typed:
    """An Arrow column with nulls where the outcome isn't good, and the places of each reason."""
    array = pa.array(values, mask=outcomes != lexical.GOOD)
    found = [(np.flatnonzero(outcomes == code), why) for code, why in reasons.items()]
    bad = tuple((places, why) for places, why in found if len(places))
    return Typed(array if array.type == kind else array.view(kind), bad)


def _room(text: pa.StringArray, kind: type) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint8]]:
    return np.empty(len(text), dtype=kind), np.empty(len(text), dtype=np.uint8)


def integers(text: pa.StringArray, *, group: int, bare: bool) -> Typed:
    """Whole numbers of at most 64 bits."""
    stripped, doubtful = (text, ()) if bare else _without_decoration(text, ".", whole=True)
    values, outcomes = _room(stripped, np.int64)
    lexical.parse_integers(buffers(stripped), group, values, outcomes)
    reasons = {lexical.MALFORMED: "not an integer", lexical.TOO_LARGE: "beyond 64 bits"}
    typed = _typed(values, outcomes, pa.int64(), reasons)
    return Typed(typed.values, (*doubtful, *typed.bad))


def numbers(text: pa.StringArray, *, point: int, group: int, bare: bool) -> Typed:
    """Finite decimal numbers, as the nearest 64-bit float; those that it doesn't hold are named."""
    stripped, doubtful = (text, ()) if bare else _without_decoration(text, chr(point), whole=False)
    values, outcomes = _room(stripped, np.float64)
    bad = lexical.parse_numbers(buffers(stripped), (point, group), POWERS, values, outcomes)
    rounded = _NOWHERE
    if bad:
        rounded = _round_exactly(stripped, chr(point), chr(group), values, outcomes)
    reasons = {
        lexical.MALFORMED: "not a number",
        lexical.TOO_LARGE: "beyond the range of a 64-bit float",
    }
    typed = _typed(values, outcomes, pa.float64(), reasons)
    inexact = ((rounded, ROUNDED),) if len(rounded) else ()
    return Typed(typed.values, (*doubtful, *typed.bad, *inexact))


def _without_decoration(
    text: pa.StringArray, point: str, *, whole: bool
) -> tuple[pa.StringArray, tuple[tuple[Places, str], ...]]:
    """The numbers alone, null where it is doubtful which; and the places of those."""
    found = [(np.flatnonzero(mask.to_numpy(zero_copy_only=False)), mask, reason)
             for mask, reason in ambiguous(text, whole=whole)]  # fmt: skip
    for places, mask, _ in found:
        if len(places):
            text = pc.if_else(mask, pa.scalar(None, pa.string()), text)
    return bared(text, point), tuple((at, reason) for at, _, reason in found if len(at))


def _round_exactly(
    text: pa.StringArray,
    point: str,
    group: str,
    values: npt.NDArray[np.float64],
    outcomes: npt.NDArray[np.uint8],
) -> Places:
    """Let Python's own parser round the well-formed numbers that are too long for the fast way.

    Returns the places of those that a float doesn't hold.
    """
    places = np.flatnonzero(outcomes == lexical.EXACT_NEEDED)
    rounded = []
    for place, written in zip(places, text.take(pa.array(places)).to_pylist(), strict=True):
        plain = written.replace(group, "") if group != "\0" else written
        plain = plain.replace(point, ".")
        values[place] = found = float(plain)
        finite = np.isfinite(found)
        outcomes[place] = lexical.GOOD if finite else lexical.TOO_LARGE
        if finite and not _holds(found, plain):
            rounded.append(place)
    return np.array(rounded, dtype=np.int64)


def _holds(found: float, written: str) -> bool:
    """Whether the text is one that this float is written as: shortest, to 17 digits, or in full."""
    if found == 0:
        return not re.search("[1-9]", re.split("[eE]", written)[0])
    return Decimal(written) in (Decimal(repr(found)), Decimal(f"{found:.16e}"), Decimal(found))


def booleans(text: pa.StringArray, *, true: list[str], false: list[str]) -> Typed:
    """The listed texts, and no others."""
    place = pc.index_in(text, value_set=pa.array([*true, *false], pa.string()))
    values = pc.less(place, len(true))
    if values.null_count == text.null_count:
        return Typed(values)
    unlisted = pc.and_(pc.is_valid(text), pc.is_null(place))
    bad = np.flatnonzero(unlisted.to_numpy(zero_copy_only=False))
    return Typed(values, ((bad, "not one of the values that mean true or false"),))


def years(text: pa.StringArray) -> Typed:
    """Calendar years, as four digits."""
    fits = pc.match_substring_regex(text, r"\A[0-9]{4}\z")
    bad = np.flatnonzero(pc.invert(pc.fill_null(fits, True)).to_numpy(zero_copy_only=False))
    kept = pc.if_else(fits, text, pa.scalar(None, pa.string())) if len(bad) else text
    return Typed(kept.cast(pa.int32()), ((bad, "not a year of four digits"),) if len(bad) else ())


def moments_of(
    text: pa.StringArray, *, rows: npt.NDArray[np.int64], kind: pa.DataType, reason: str
) -> Typed:
    """Dates, times of day or both, by a compiled pattern."""
    days, outcomes = _room(text, np.int64)
    micros = np.empty(len(text), dtype=np.int64)
    moments.parse_moments(buffers(text), rows, moments.MONTH_NAMES, (days, micros), outcomes)
    if pa.types.is_date32(kind):
        values: npt.NDArray[Any] = days.astype(np.int32)
    else:
        values = micros if pa.types.is_time64(kind) else days * moments.DAY_MICROS + micros
    return _typed(values, outcomes, kind, {lexical.MALFORMED: reason})


def serial_moments(text: pa.StringArray, *, kind: pa.DataType, from_1904: bool) -> Typed:
    """Dates, or dates with a time, from a spreadsheet's serial numbers, to the millisecond.

    Day 60 of the system of 1900 is 29 February 1900, which never was: it is no date (ECMA-376 part
    1, 18.17.4). A date takes whole numbers alone.
    """
    read = numbers(text, point=ord("."), group=0, bare=True)
    serial = read.values.fill_null(0).to_numpy(zero_copy_only=False)
    millis = np.round(serial * _DAY_MILLIS)
    day, rest = np.divmod(np.clip(millis, -1, _SERIALS * _DAY_MILLIS), _DAY_MILLIS)
    wrong = (day < 0) | (day >= _SERIALS - (1462 if from_1904 else 0))
    if pa.types.is_date32(kind):
        wrong |= rest != 0
    since = day + _FROM_1904 if from_1904 else day + _FROM_1900 + (day < 60)
    wrong |= (not from_1904) & (day == 60)
    given = read.values.is_valid().to_numpy(zero_copy_only=False)
    outcomes = np.where(given, np.where(wrong, lexical.MALFORMED, lexical.GOOD), lexical.ABSENT)
    if pa.types.is_date32(kind):
        values: npt.NDArray[Any] = since.astype(np.int32)
    else:
        values = since.astype(np.int64) * moments.DAY_MICROS + rest.astype(np.int64) * 1000
    reason = "not the serial number of a date"
    typed = _typed(values, outcomes.astype(np.uint8), kind, {lexical.MALFORMED: reason})
    no_number = ((places, reason) for places, why in read.bad if why != ROUNDED)
    return Typed(typed.values, (*no_number, *typed.bad))
