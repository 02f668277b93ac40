"""The text of a delivery: its bytes transcoded to UTF-8 as they are read, never all in memory."""

import numpy as np

from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.compiled import Bytes
from openoda.data.intake.encodings import (
    SINGLE_BYTE,
    UTF8,
    UTF16_BE,
    code_points,
    encoding_of,
    from_single_bytes,
    from_utf16,
    room_for,
    weights_of,
)

_PIECE = 1 << 20


class TextSource:
    """A `ByteSource` whose `fill` gives UTF-8, whatever the file's encoding.

    `encoding` and `evidence` say what the file was taken for and why; `weights` how to count the
    file's own bytes in what is given (None where they are the same). See `encodings`.
    """

    def __init__(self, source: ByteSource, told: str = "") -> None:
        self.source = source
        self.encoding, self.evidence = encoding_of(source.start(), told, source.path.name)
        self.weights = weights_of(self.encoding)
        self._table = code_points(self.encoding) if self.encoding in SINGLE_BYTE else None
        self._rest = b""  # bytes that wait for those after them
        self._ready: Bytes = np.empty(0, dtype=np.uint8)
        self._ended = False

    @property
    def taken(self) -> int:
        """Bytes read of the file as it lies on disk."""
        return self.source.taken

    def fill(self, room: memoryview) -> int:
        """Write the next bytes of text into `room`; returns how many, fewer only at the end."""
        if self.encoding == UTF8:
            return self.source.fill(room)
        have = 0
        into = np.frombuffer(room, dtype=np.uint8)
        while have < len(into):
            if not len(self._ready):
                if self._ended:
                    break
                self._ready = self._next()
            fits = self._ready[: len(into) - have]
            into[have : have + len(fits)] = fits
            have += len(fits)
            self._ready = self._ready[len(fits) :]
        return have

    def _next(self) -> Bytes:
        """Transcode one more piece of the file."""
        piece = bytearray(_PIECE)
        got = self.source.fill(memoryview(piece))
        self._ended = got < _PIECE
        data: Bytes = np.frombuffer(self._rest + bytes(piece[:got]), dtype=np.uint8)
        out = room_for(len(data), self.encoding)
        if self._table is not None:
            used, count = len(data), int(from_single_bytes(data, self._table, out))
        else:
            used, count = from_utf16(data, self.encoding == UTF16_BE, self._ended, out)
        self._rest = data[used:].tobytes()
        text: Bytes = out[:count]
        return text

    def weight(self, text: Bytes) -> int:
        """Bytes of the file that this part of the text stands for."""
        return len(text) if self.weights is None else int(self.weights[text].sum(dtype=np.int64))
