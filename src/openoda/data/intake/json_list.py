"""The records of a list somewhere in a JSON file, cut one after another in bounded memory.

A record that is damaged (a string never closed, brackets that don't match, the end of the file) is
set aside from its first byte to where the next record surely begins: a line that starts as the first
record's did, if its inner lines don't. Where no line does, the rest of the file is set aside as one
span, since nobody can say which brackets in it are a record's.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from openoda.data.intake import json_kernel as kernel
from openoda.data.intake.compiled import Bytes, Longs
from openoda.data.intake.window import Span, Window
from openoda.vocabulary.refusals import FileUnreadable

DAMAGED = "the record's quotes or brackets don't close"
TOO_LONG = "record over the size limit"
AFTER = "text after the list of records"
UNENDED = "the file ends before its list of records does"
_ROOM = 16_384
_KEY = re.compile(rb'[ \t\r\n]*("(?:[^"\\\x00-\x1f]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_BLANK = re.compile(rb"[ \t\r\n]*")


class JsonList:
    """The list that `keys` lead to; iterate once, then `around` holds what stands beside it."""

    def __init__(self, window: Window, keys: tuple[str, ...]) -> None:
        self._window, self._keys = window, keys
        self._again: re.Pattern[bytes] | None = None
        self._seen_first = False
        self.bare = 0
        self.around: Any = []
        self._prefix = window.take(self._find_list() + 1)

    def _find_list(self) -> int:
        """Index of the bracket that opens the list; refuses a file without one."""
        window = self._window
        while True:
            found = _find(window.data, window.at, self._keys)
            if found >= 0:
                return found
            held = len(window.data) - window.at
            if found == NOT_THERE or window.final or held > 2 * window.limits.record:
                raise self._no_list()
            window.more()

    def _no_list(self) -> FileUnreadable:
        where = ".".join(("$", *self._keys))
        return FileUnreadable(
            f"There is no list of records at {where}",
            where=self._window.source.path.name,
            remedy=f"Let `oda propose {self._window.source.path.name}` find the list, and give the "
            "schema file that it writes.",
        )

    def spans(self) -> Iterator[list[Span]]:
        """Yield the records, list after list."""
        window, expect = self._window, kernel.FIRST
        out: Any = tuple(np.empty(_ROOM, dtype=np.int64) for _ in range(4))
        while True:
            text = (window.data, len(window.data), window.final)
            count, at, why, expect, bare = kernel.split_list(
                text, window.at, expect, window.limits.record, out
            )
            self.bare += bare
            if count:
                yield self._whole([each[:count] for each in out])
            window.take(at)
            if why == kernel.LIST_ENDED:
                yield from self._finish()
                return
            if why == kernel.DAMAGED or (why == kernel.MORE and window.final):
                expect = kernel.FIRST
                yield [self._damaged() if at < len(window.data) else self._unended()]
                if window.final and window.at == len(window.data):
                    return
            elif why == kernel.MORE:
                window.more()

    def _whole(self, found: list[Any]) -> list[Span]:
        window = self._window
        starts, stops, before, within = found
        bounds: Longs = np.stack([starts, stops], axis=1).reshape(-1)
        bounds.flags.writeable = False
        places = window.places(bounds).reshape(-1, 2)
        last = np.cumsum(before + within) + window.line
        if not self._seen_first:
            self._learn(int(starts[0]), int(stops[0]))
        spans = [
            Span(line, end_line, start, end, window.data[a:b].tobytes())
            for line, end_line, (start, end), a, b in zip(
                (last - within).tolist(), last.tolist(), places.tolist(), starts, stops, strict=True
            )
        ]
        window.passed_to(int(stops[-1]), int(places[-1, 1]), int(last[-1]))
        return spans

    def _learn(self, start: int, stop: int) -> None:
        """What a line that begins a record looks like, where that can be told for certain."""
        self._seen_first = True
        data = self._window.data
        lead = bytearray()
        while start > 0 and data[start - 1] in b" \t":
            start -= 1
        at_line_start = start > 0 and data[start - 1] in b"\r\n"
        text = data[start:stop].tobytes()
        lead += text[: len(text) - len(text.lstrip(b" \t"))]
        inner = text.splitlines()[1:-1]
        deeper = all(len(line) - len(line.lstrip(b" \t")) > len(lead) for line in inner)
        if at_line_start and deeper and text.lstrip(b" \t").startswith(b"{"):
            self._again = re.compile(rb"[\r\n]" + re.escape(bytes(lead)) + rb"(?=\{)")

    def _damaged(self) -> Span:
        """Pass over a damaged record, to where the next one surely begins."""
        window = self._window
        line, start = window.line, window.place
        held = len(window.data) - window.at
        fault = TOO_LONG if held > window.limits.record else DAMAGED
        seek, kept = window.at + 1, bytearray()
        while True:
            text = window.data[seek:].tobytes()
            again = self._again.search(text) if self._again else None
            if again or window.final:
                window.skip(seek + again.end() if again else len(window.data), kept)
                return self._aside(line, start, fault, window.in_file(bytes(kept)))
            window.skip(max(len(window.data) - 4096, window.at), kept)
            window.more()
            seek = window.at

    def _aside(self, line: int, start: int, fault: str, raw: bytes) -> Span:
        """The span passed since `line` and `start`, whose first bytes at least are `raw`."""
        window = self._window
        size = window.place - start
        cut = size > len(raw)
        return Span(line, window.line, start, window.place, b"", fault, raw[:size], cut)

    def _unended(self) -> Span:
        """What stands for the end of a file that comes before the end of its list."""
        line, place = self._window.line, self._window.place
        return Span(line, line, place, place, b"", UNENDED)

    def _finish(self) -> Iterator[list[Span]]:
        """Read what follows the list; what can't belong to the file's JSON is set aside."""
        window = self._window
        window.take(window.at + 1)
        while not window.final and len(window.data) - window.at <= window.limits.record:
            window.more()
        line, start = window.line, window.place
        tail = window.data[window.at :].tobytes()
        try:
            if not window.final:
                raise ValueError("too long to be what stands beside a list")
            self.around = json.loads(self._prefix + b"]" + tail, object_pairs_hook=_no_doubles)
            window.take(len(window.data))
        except (ValueError, RecursionError):
            kept = bytearray()
            while not window.final:
                window.skip(len(window.data), kept)
                window.more()
            window.skip(len(window.data), kept)
            yield [self._aside(line, start, AFTER, window.in_file(bytes(kept)))]


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ; two lists of the same name would lose one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given more than once")
    return found


NOT_THERE, NOT_YET = -2, -1


def _find(data: Bytes, at: int, keys: tuple[str, ...]) -> int:
    """Index of the list's bracket; NOT_YET if more text is needed, NOT_THERE if there is none."""
    text = data.tobytes()
    for key in keys:
        at = _blank(text, at)
        if at >= len(text):
            return NOT_YET
        if text[at : at + 1] != b"{":
            return NOT_THERE
        at = _value_of(data, text, at + 1, key)
        if at < 0:
            return at
    at = _blank(text, at)
    if at >= len(text):
        return NOT_YET
    return at if text[at : at + 1] == b"[" else NOT_THERE


def _blank(text: bytes, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _value_of(data: Bytes, text: bytes, at: int, key: str) -> int:
    """Index of the value that a key of the object has, whose first key stands at or after `at`."""
    while True:
        found = _KEY.match(text, at)
        if not found:
            return NOT_THERE if b"}" in text[at:][:64] or len(text) - at > 65_536 else NOT_YET
        try:
            if json.loads(found.group(1)) == key:
                return found.end()
        except ValueError:
            return NOT_THERE
        stop, how = kernel.value_end(data, found.end(), len(data))
        stop = _blank(text, stop)
        if how != kernel.WHOLE or stop >= len(text):
            return NOT_THERE if how == kernel.BROKEN else NOT_YET
        if text[stop : stop + 1] != b",":
            return NOT_THERE
        at = stop + 1
