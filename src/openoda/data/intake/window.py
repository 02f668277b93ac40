"""A text read forwards in bounded memory, with its lines and the file's own bytes counted."""

from dataclasses import dataclass

import numpy as np

from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.compiled import Bytes, Longs
from openoda.data.intake.encodings import source_bytes, source_ends
from openoda.data.intake.json_kernel import line_ends
from openoda.data.intake.limits import Limits
from openoda.data.intake.signatures import refuse_other_kind
from openoda.data.intake.text_source import TextSource
from openoda.vocabulary.refusals import FileUnreadable

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Span:
    """A stretch of the file: its lines and bytes, and what it holds as UTF-8.

    `fault` says why it can't be a record, empty where nothing does yet; `raw` then holds the file's
    own bytes, cut to the limit where `cut`.
    """

    line: int
    last_line: int
    start: int
    end: int
    text: bytes
    fault: str = ""
    raw: bytes = b""
    cut: bool = False


class Window:
    """The part of a text that is at hand: `data[at:]`, which starts on `line`.

    `place` is where `data[at]` stands in the unpacked file. Refuses a file that is empty or isn't
    text. Closes the source, even where it refuses it.
    """

    def __init__(self, source: ByteSource, encoding: str, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.at = self.place = 0
        self.line = 1
        self.data: Bytes = np.empty(0, dtype=np.uint8)
        self.final = False
        try:
            refuse_other_kind(source.start(), source.path.name)
            self.text = TextSource(source, encoding)
            while not self.final and len(self.data) < len(BOM):
                self.more()
        except BaseException:
            source.close()
            raise
        if self.data[:3].tobytes() == BOM:
            self.take(len(BOM))
        if self.at == len(self.data) and self.final:
            source.close()
            raise FileUnreadable(
                "The file is empty",
                where=source.path.name,
                remedy="Ask for the file again; nothing was kept.",
            )

    def more(self) -> None:
        """Read on, at least one block, letting go of what was taken but for its last byte.

        That byte tells whether a line feed at `at` ends the line or completes a CRLF.
        """
        kept = max(self.at - 1, 0)
        rest = self.data[kept:]
        data = np.empty(len(rest) + self.limits.block, dtype=np.uint8)
        data[: len(rest)] = rest
        got = self.text.fill(data[len(rest) :].data)
        self.data, self.at = data[: len(rest) + got], self.at - kept
        self.final = got < self.limits.block

    def weight(self, start: int, stop: int) -> int:
        """Bytes of the file that this part of the text stands for."""
        return self.text.weight(self.data[start:stop])

    def places(self, ends: Longs) -> Longs:
        """Where in the file each of these (rising) places of the text is."""
        if self.text.weights is None:
            return ends + (self.place - self.at)
        return source_ends(self.data, self.at, ends, self.text.weights) + self.place

    def take(self, stop: int) -> bytes:
        """Pass over the text up to `stop` and return it."""
        text = self.data[self.at : stop].tobytes()
        self.place += self.weight(self.at, stop)
        self.line += int(line_ends(self.data, self.at, stop))
        self.at = stop
        return text

    def skip(self, stop: int, kept: bytearray) -> None:
        """Pass over text up to `stop`, keeping as much as may be kept of a record set aside."""
        text = self.take(stop)
        kept += text[: max(0, 3 * self.limits.raw + 8 - len(kept))]

    def passed_to(self, stop: int, place: int, line: int) -> None:
        """Pass over text whose place and line were counted already."""
        self.at, self.place, self.line = stop, place, line

    def in_file(self, text: bytes) -> bytes:
        """The file's own bytes for some text, as many as are kept of a record set aside."""
        return source_bytes(text, self.text.encoding, self.limits.raw)
