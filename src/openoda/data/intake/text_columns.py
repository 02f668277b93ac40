"""Accepted bytes parsed into columns of text by pyarrow's CSV reader.

The records were found by another reader (`record_kernel`), so the two counts check each other.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

from openoda.data.intake.dialect import Dialect
from openoda.vocabulary.refusals import FileUnreadable

BOM = b"\xef\xbb\xbf"


def text_columns(
    data: npt.NDArray[np.uint8], names: list[str], dialect: Dialect
) -> list[pa.StringArray]:
    """One array of text a column: an empty unquoted field is null, a quoted one is "".

    `data` holds whole, well-formed UTF-8 records of `len(names)` fields each. Nothing else is null
    and nothing is trimmed or guessed.
    """
    if not len(data):
        return [pa.array([], pa.string()) for _ in names]
    stream = pa.BufferReader(_as_arrow_reads_it(data))
    columns = [f"c{place}" for place in range(len(names))]
    try:
        table = csv.read_csv(
            stream,
            csv.ReadOptions(use_threads=False, block_size=len(data) + 16, column_names=columns),
            csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=bool(dialect.quote),
                ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                check_utf8=False,  # the kernel has checked every record that isn't ASCII
            ),
        )
    except pa.ArrowInvalid as error:
        raise _two_readers_differ() from error
    return [_one_chunk(table.column(place)) for place in range(len(names))]


def _as_arrow_reads_it(data: npt.NDArray[np.uint8]) -> object:
    """The same records, guarded against two habits of Arrow's reader.

    It drops a byte order mark from whatever it reads, and here that would be the data's own; and an
    empty last field without a line end takes on the quotes of the field before it.
    """
    starts_with_mark = data[:3].tobytes() == BOM
    ended = data[-1] in (10, 13)
    if ended and not starts_with_mark:
        return pa.py_buffer(data)
    return BOM * starts_with_mark + data.tobytes() + b"\n" * (not ended)


def _one_chunk(column: pa.ChunkedArray) -> pa.StringArray:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def require_same_count(columns: list[pa.StringArray], accepted: int) -> None:
    """Refuse a block of which the two readers see different numbers of records."""
    if any(len(column) != accepted for column in columns):
        raise _two_readers_differ()


def _two_readers_differ() -> FileUnreadable:
    return FileUnreadable(
        "Two independent readers of this file disagree on its records, so nothing was kept",
        remedy="This is a fault in OpenODA: please report it with the smallest file that shows it.",
    )
