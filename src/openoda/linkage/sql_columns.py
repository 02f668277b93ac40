"""Columns that imported Splink settings work out, as DuckDB works them out.

Each derivation is a function of whole columns, known by the name that the import gives it; they differ
from those of our standards, which tidy what they read.
"""

from collections.abc import Callable, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from openoda.linkage.spec.splink_sql import DERIVATIONS, PATTERNS, POINT

Derivation = Callable[[Sequence[pa.Array]], pa.Array]

_DATE = r"\A\s*(?P<year>\d{1,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\s*\z"
_FIRST = "sql-first-"


def date_of_text(columns: Sequence[pa.Array]) -> pa.Array:
    """Year, month and day with hyphens as a date; missing where it is none, or of the year nought."""
    parts = pc.extract_regex(_text(columns[0]), _DATE)
    year, month, day = (
        pc.utf8_lpad(pc.struct_field(parts, name), width, "0")
        for name, width in (("year", 4), ("month", 2), ("day", 2))
    )
    written = pc.binary_join_element_wise(year, month, day, "-")
    read = pc.strptime(written, format="%Y-%m-%d", unit="s", error_is_null=True)
    dates = read.cast(pa.date32())
    real = pc.and_(pc.equal(dates.cast(pa.string()), written), pc.not_equal(year, "0000"))
    return pc.if_else(real, dates, pa.scalar(None, pa.date32()))


def text_of(columns: Sequence[pa.Array]) -> pa.Array:
    """The value as text: a date as year, month and day with hyphens."""
    return _text(columns[0])


def lower(columns: Sequence[pa.Array]) -> pa.Array:
    """In small letters."""
    return pc.utf8_lower(_text(columns[0]))


def upper(columns: Sequence[pa.Array]) -> pa.Array:
    """In capitals."""
    return pc.utf8_upper(_text(columns[0]))


def first(columns: Sequence[pa.Array], letters: int) -> pa.Array:
    """The first letters, or all there are."""
    return pc.utf8_slice_codeunits(_text(columns[0]), 0, letters)


def found(columns: Sequence[pa.Array], pattern: str) -> pa.Array:
    """What a pattern finds first; missing where it finds nothing."""
    parts = pc.extract_regex(_text(columns[0]), f"(?P<found>{pattern})")
    return pc.struct_field(parts, "found")


def point(columns: Sequence[pa.Array]) -> pa.Array:
    """Latitudes and longitudes as points; missing where either is."""
    latitude, longitude = (_numbers(column) for column in columns)
    both = pc.and_(latitude.is_valid(), longitude.is_valid())
    return pa.StructArray.from_arrays(
        [latitude, longitude], ["latitude", "longitude"], mask=pc.invert(both)
    )


def _numbers(column: pa.Array) -> pa.Array:
    return _whole(column).cast(pa.float64())


def _text(column: pa.Array) -> pa.Array:
    return _whole(column).cast(pa.string())


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


SQL_DERIVATIONS: dict[str, Derivation] = {
    "sql-date": date_of_text,
    "sql-text": text_of,
    "sql-lower": lower,
    "sql-upper": upper,
    POINT: point,
    **{
        name: partial(first, letters=int(name.removeprefix(_FIRST)))
        for name in DERIVATIONS
        if name.startswith(_FIRST)
    },
    **{name: partial(found, pattern=pattern) for name, pattern in PATTERNS.items()},
}
"""How each derivation that an import may name is worked out."""
