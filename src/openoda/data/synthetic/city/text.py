"""Text in columns: joining, replacing some rows, whole numbers as text. Arrow in, Arrow out."""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Flags, Whole


def take(texts: pa.Array, numbers: Whole) -> pa.Array:
    """The texts of these numbers; a negative number gives null."""
    if len(numbers) and int(numbers.min()) < 0:
        return texts.take(pa.array(numbers, mask=numbers < 0))
    return texts.take(pa.array(numbers))


def join(*parts: pa.Array, between: str = " ") -> pa.Array:
    """The parts of each row that aren't null or empty, with something between; "" where none is.

    Not by Arrow's own `null_handling="skip"`: version 26 drops the rows in which every part is null.
    """
    led = [pc.fill_null(glue(between, _nulled(part)), "") for part in parts]
    return pc.utf8_slice_codeunits(glue(*led), start=len(between))


def glue(*parts: pa.Array | str) -> pa.Array:
    """The parts of each row one after the other; null where one of them is."""
    return pc.binary_join_element_wise(*parts, "")


def _nulled(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def blank(texts: pa.Array, rows: Flags) -> pa.Array:
    """The texts, null in these rows."""
    return pc.if_else(pa.array(rows), pa.scalar(None, pa.string()), texts)


def put(texts: pa.Array, rows: Flags, others: pa.Array | str) -> pa.Array:
    """The texts, with `others` (one text, or one for every row) in these rows."""
    return pc.if_else(pa.array(rows), others, texts)


def put_few(texts: pa.Array, rows: Flags, others: pa.Array) -> pa.Array:
    """The texts, with `others` (one for each row that is replaced) in these rows."""
    return pc.replace_with_mask(texts, pa.array(rows), others)


def digits(numbers: Whole, width: int = 0) -> pa.Array:
    """Whole numbers as text, with leading zeros to a width."""
    texts = pa.array(numbers).cast(pa.string())
    return pc.utf8_lpad(texts, width, "0") if width else texts


def repeated(text: str, count: int) -> pa.Array:
    """One text in every row."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


@cache
def calendar(form: str) -> pa.Array:
    """Every day from 1900 to 2100 as text, in the order of the days.

    `form` has {d}, {m}, {y} (two, two and four digits), {s} (two-digit year), {n} (day without a
    zero), {b} (month in three letters) and {B} (the same in capitals).
    """
    days = np.arange(np.datetime64("1900-01-01"), np.datetime64("2100-01-01")).astype(object)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return pa.array(
        [
            form.format(
                d=f"{day.day:02}", m=f"{day.month:02}", y=f"{day.year:04}", s=f"{day.year % 100:02}",
                n=day.day, b=months[day.month - 1], B=months[day.month - 1].upper(),
            )
            for day in days
        ],
        pa.string(),
    )  # fmt: skip


def dates(days: Whole, form: str = "{y}-{m}-{d}") -> pa.Array:
    """Days as text in a form of `calendar`; a negative day gives null."""
    return take(calendar(form), days)


def whole_dates(days: Whole) -> pa.Array:
    """Days as Arrow dates; a negative day gives null."""
    since_1970 = (days - 25_567).astype(np.int32)
    return pa.array(since_1970, pa.int32(), mask=days < 0).cast(pa.date32())


def chosen(words: list[str]) -> pa.Array:
    """A list of words as an Arrow array, to take from."""
    return pa.array(words, pa.string())


def nulls(count: int) -> pa.Array:
    """A column of text with nothing in it."""
    return pa.nulls(count, pa.string())


Columns = dict[str, Any]
