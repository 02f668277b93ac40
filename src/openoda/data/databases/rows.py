"""What every engine's module offers: columns, and their rows as columns of text, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.assembly import Doubt

NOT_TEXT = "not text in the database's encoding"
BATCH_ROWS = 16_384
Cell = Callable[[object], str | None]


@dataclass(frozen=True)
class TextBatch:
    """Rows as columns of text, and the values that no text can hold (null there, named here)."""

    columns: list[pa.StringArray]
    doubts: list[Doubt]


class TableRows(Protocol):
    """A table or query, opened within one read-only transaction.

    `kinds` are the columns' types as the database names them, empty where it has none for a column.
    `count` is the database's own count of rows in the same snapshot, None where it wasn't asked.
    `notes` say what was read from, and how firmly.
    """

    columns: list[str]
    kinds: list[str]
    count: int | None
    notes: tuple[str, ...]

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows once, as the database gives them."""

    def close(self) -> None:
        """End the transaction and the connection."""


def text_batch(rows: Sequence[Sequence[object]], cells: Sequence[Cell]) -> TextBatch:
    """Rows of Python values as text, one function a column; at least one row."""
    doubts: list[Doubt] = []
    columns = []
    for place, (values, cell) in enumerate(zip(zip(*rows, strict=True), cells, strict=True)):
        texts = [cell(value) for value in values]
        columns.append(text_column(texts, place, doubts))
    return TextBatch(columns, doubts)


def text_column(texts: list[str | None], place: int, doubts: list[Doubt]) -> pa.StringArray:
    """One column of text; what isn't Unicode (escaped by its decoder) is nulled and doubted."""
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        sound = list(texts)
    for row, text in enumerate(sound):
        if text is not None and not _is_text(text):
            shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            doubts.append(Doubt(row, place, shown, NOT_TEXT))
            sound[row] = None
    return pa.array(sound, pa.string())


def checked_column(column: pa.Array, place: int, doubts: list[Doubt]) -> pa.StringArray:
    """A column that a driver calls text, with what isn't UTF-8 nulled and doubted."""
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        raw = pc.cast(text, pa.binary()).to_pylist()
        escaped = [None if one is None else one.decode("utf-8", "surrogateescape") for one in raw]
        return text_column(escaped, place, doubts)
    return text


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain(value: object) -> str | None:
    """A value as text: numbers exactly, bytes as lower-case hex, NULL as None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return repr(value) if isinstance(value, float) else str(value)
