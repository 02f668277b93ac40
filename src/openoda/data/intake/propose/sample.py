"""The head, the middle and the tail of a text, cut at line ends: what a proposal looks at."""

from dataclasses import dataclass

from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.sources import Source

WINDOW = 1 << 20


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
    """The sample as text, of every later window only whole lines; bytes that fit none stay marked."""
    wide = encoding.startswith("utf-16")
    found: list[str] = []
    for place, window in enumerate(sample.windows):
        even = window[: len(window) // 2 * 2] if wide else window
        text = even.decode(encoding, "replace")
        lines = text.splitlines(keepends=True) if "\v" not in text else text.split("\n")
        if place and not sample.whole:
            lines = lines[1:]
        if not sample.whole and len(lines) > 1:
            lines = lines[:-1]
        found.append("".join(lines))
    return "".join(found).removeprefix("\ufeff")
