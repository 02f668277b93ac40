"""A hash of rows that doesn't depend on how they came in batches."""

import hashlib

import numpy as np
import pyarrow as pa


class ContentHash:
    """The SHA-256 of a table's text: its names, and for each column the lengths and the bytes of its
    values in their order. A null has the length −1, so that it differs from an empty text.
    """

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._lengths = [hashlib.sha256() for _ in names]
        self._bytes = [hashlib.sha256() for _ in names]
        self.size = 0

    def add(self, columns: list[pa.StringArray]) -> None:
        """Add a batch: columns of text, all of one length."""
        for place, column in enumerate(columns):
            offsets, data = _stretch(column)
            lengths = np.diff(offsets).astype("<i8")
            if column.null_count:
                null = column.is_null().to_numpy(zero_copy_only=False)
                if lengths[null].any():  # bytes under a null are no part of the content
                    self._bytes[place].update("".join(filter(None, column.to_pylist())).encode())
                    lengths[null] = 0
                    data = b""
                lengths[null] = -1
            self._lengths[place].update(lengths.tobytes())
            self._bytes[place].update(data)
            self.size += int(lengths[lengths > 0].sum())

    def hexdigest(self) -> str:
        """The hash of all that was added, in hexadecimal."""
        whole = hashlib.sha256()
        for name, lengths, data in zip(self._names, self._lengths, self._bytes, strict=True):
            named = name.encode("utf-8", "surrogatepass")
            whole.update(len(named).to_bytes(8, "little") + named)
            whole.update(lengths.digest() + data.digest())
        return whole.hexdigest()


def _stretch(column: pa.StringArray) -> tuple[np.ndarray, memoryview | bytes]:
    """The offsets of these values and the bytes between the first and the last of them."""
    _, offsets, data = column.buffers()
    if offsets is None or not len(column):
        return np.zeros(1, dtype=np.int32), b""
    mine = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return mine, memoryview(data)[mine[0] : mine[-1]] if data is not None else b""
