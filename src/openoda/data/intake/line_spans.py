"""A text cut into its physical lines, whatever ends them: JSON lines and fixed-width records."""

from collections.abc import Iterator
from itertools import accumulate

import numpy as np

from openoda.data.intake.record_kernel import line_end
from openoda.data.intake.window import Span, Window

TOO_LONG = "record over the size limit"


def line_spans(window: Window) -> Iterator[list[Span]]:
    """Yield the lines at hand, list after list, each with its line end.

    A line over the limit (its line end not counted) is read past and given as a fault.
    """
    while True:
        stop = _last_end(window)
        if stop > window.at:
            yield _lines(window, stop)
        elif len(window.data) - window.at > window.limits.record + 2:
            yield [_long_line(window)]
        elif window.final:
            return
        else:
            window.more()


def _last_end(window: Window) -> int:
    """Index past the last line that is all at hand."""
    if window.final:
        return len(window.data)
    held = window.data[window.at :].tobytes()
    feed, bare = held.rfind(b"\n"), held.rfind(b"\r", 0, len(held) - 1)
    return window.at + max(feed, bare) + 1


def _lines(window: Window, stop: int) -> list[Span]:
    lines = window.data[window.at : stop].tobytes().splitlines(keepends=True)
    ends = np.array(list(accumulate(map(len, lines))), dtype=np.int64) + window.at
    ends.flags.writeable = False
    places = window.places(ends).tolist()
    starts = [window.place, *places[:-1]]
    found = [
        _span(window, number, start, end, line)
        for number, (start, end, line) in enumerate(
            zip(starts, places, lines, strict=True), window.line
        )
    ]
    window.passed_to(stop, places[-1], window.line + len(lines))
    return found


def _span(window: Window, number: int, start: int, end: int, line: bytes) -> Span:
    if len(line.rstrip(b"\r\n")) <= window.limits.record:
        return Span(number, number, start, end, line)
    raw = window.in_file(line)
    return Span(number, number, start, end, b"", TOO_LONG, raw, len(raw) < end - start)


def _long_line(window: Window) -> Span:
    """Read past a line that doesn't end in what is at hand."""
    line, start = window.line, window.place
    seek, kept = window.at, bytearray()
    while (stop := int(line_end((window.data, len(window.data), window.final), seek))) < 0:
        window.skip(len(window.data) - 1, kept)  # a last CR isn't yet known to be a line end
        window.more()
        seek = window.at
    window.skip(stop, kept)
    window.line = line + 1
    raw = window.in_file(bytes(kept))
    return Span(line, line, start, window.place, b"", TOO_LONG, raw, True)
