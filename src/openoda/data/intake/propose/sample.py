"""The head, the middle and the tail of a text, cut at line ends: what a proposal looks at."""

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path

from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.sources import Source

WINDOW = 1 << 20
DAMAGED = "\udc80"
_MARKED = "openoda-damaged"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Sample:
    """Up to three windows of a file's plain bytes, in its order; `whole` where they are all of it."""

    windows: tuple[bytes, ...]
    whole: bool
    size: int

    @property
    def head(self) -> bytes:
        """The first window."""
        return self.windows[0]

    def told(self) -> str:
        """What was looked at, in words."""
        if self.whole:
            return f"all {self.size:,} bytes"
        seen = sum(map(len, self.windows))
        return f"{seen:,} bytes from the head, the middle and the tail"


class SampledSource:
    """The text of a sample as a source of its own, in UTF-8, in which `DAMAGED` is malformed too, so
    that intake sets its record aside.
    """

    def __init__(self, text: str, name: Path = Path("sample")) -> None:
        self.name = name.with_suffix("") if name.suffix.lower() == ".gz" else name
        self._bytes = text.encode("utf-8", "surrogatepass")

    def stream(self) -> ByteSource:
        """Its bytes from the start."""
        return ByteSource(self.name, None, (io.BytesIO(self._bytes), len(self._bytes)))

    def file(self) -> Path:
        """Never asked for: only text is sampled."""
        return self.name


def take_sample(source: Source, window: int = WINDOW) -> Sample:
    """Read the windows; a packed text is unpacked to its end, since it can't be entered midway."""
    stream = source.stream()
    with stream:
        head = _read(stream, window)
        kept: list[tuple[int, bytes]] = []
        while piece := _read(stream, window):
            kept.append((stream.taken, piece))
            if len(kept) > 2:
                kept = _thinned(kept, stream.size)
        size = stream.plain
    return Sample((head, *(piece for _, piece in kept)), size == sum(
        map(len, [head, *(piece for _, piece in kept)])), size)  # fmt: skip


def _thinned(kept: list[tuple[int, bytes]], size: int) -> list[tuple[int, bytes]]:
    """Of a middle, a last and a new last piece the better middle and the last."""
    middle, last, new = kept
    better = min(middle, last, key=lambda each: abs(each[0] - size / 2))
    return [better, new]


def _read(stream: ByteSource, count: int) -> bytes:
    room = bytearray(count)
    return bytes(room[: stream.fill(memoryview(room))])


def lines_of(sample: Sample, encoding: str) -> str:
    """The sample as text, of every later window only whole lines.

    Bytes that stand for nothing become `DAMAGED` each, which is no character of any encoding. The mark
    at the beginning stays, since intake takes one away and no more.
    """
    wide = encoding.startswith("utf-16")
    found: list[str] = []
    for place, window in enumerate(sample.windows):
        even = window[: len(window) // 2 * 2] if wide else window
        text = even.decode(encoding, _MARKED)
        if place and not sample.whole:
            text = text[_after_first_line(text) :]
        if not sample.whole:
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
        found.append(text)
        if sample.whole and len(even) < len(window):
            found.append(DAMAGED)
    return "".join(found)


def _after_first_line(text: str) -> int:
    """Index past the first line end; a vertical tab or a form feed is none, as in intake."""
    end = _LINE_END.search(text)
    return end.end() if end and end.end() < len(text) else 0


def _damaged(fault: UnicodeError) -> tuple[str, int]:
    if isinstance(fault, UnicodeDecodeError):
        return DAMAGED, fault.end
    raise fault


codecs.register_error(_MARKED, _damaged)
