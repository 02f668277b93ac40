"""The records of a list somewhere in a JSON file, cut one after another in bounded memory.

A record that is damaged (a string never closed, brackets that don't match, the end of the file) is
set aside from its first byte to where the next record surely begins (`json_resume`). Where nobody can
say that, the rest of the file is set aside as one span, which says so. A record over the size limit
is passed over to its closing bracket.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from openoda.data.intake import json_grammar as grammar
from openoda.data.intake import json_kernel as kernel
from openoda.data.intake.compiled import Bytes, Longs
from openoda.data.intake.json_resume import OVERLAP, Boundaries, beside, ends_with, origin
from openoda.data.intake.window import Span, Window
from openoda.vocabulary.refusals import FileUnreadable

DAMAGED = "the record's quotes or brackets don't close"
TOO_LONG = "record over the size limit"
AFTER = "text after the list of records"
UNENDED = "the file ends before its list of records does"
REST = "; where the next one begins can't be told, so that the rest of the file is in this span"
_ROOM = 16_384
_STRETCH = 262_144  # how much is searched at once for the next record
_KEY = re.compile(rb'[ \t\r\n]*("(?:[^"\\\x00-\x1f]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_BLANK = re.compile(rb"[ \t\r\n]*")


class JsonList:
    """The list that `keys` lead to; iterate once, then `around` holds what stands beside it."""

    def __init__(
        self, window: Window, keys: tuple[str, ...], sound: Callable[[bytes], bool]
    ) -> None:
        self._window, self._keys = window, keys
        self.bare = 0
        self.around: Any = []
        self._prefix = window.take(self._find_list() + 1)
        self._boundaries = Boundaries(sound, ends_with(self._prefix))

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
                if at == len(window.data):
                    yield [self._unended()]
                    return
                span, expect = self._damaged()
                yield [span]
                if expect == kernel.FIRST and window.final and window.at == len(window.data):
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
        spans = [
            Span(line, end_line, start, end, window.data[a:b].tobytes())
            for line, end_line, (start, end), a, b in zip(
                (last - within).tolist(), last.tolist(), places.tolist(), starts, stops, strict=True
            )
        ]
        self._boundaries.learn(window.data, spans, (int(starts[0]), int(stops[0])))
        window.passed_to(int(stops[-1]), int(places[-1, 1]), int(last[-1]))
        return spans

    def _damaged(self) -> tuple[Span, int]:
        """Pass over a record that is too long or damaged; also returns what may come next."""
        window, kept = self._window, bytearray()
        line, start = window.line, window.place
        self._fill(_STRETCH + window.limits.record)
        data = window.data[window.at :]
        stop, how = kernel.value_end(data, 0, min(len(data), window.limits.record + 1))
        if how == kernel.WHOLE and stop <= window.limits.record:
            return self._doubted(data, stop)
        fault = self._pass(data, kept)
        aside = self._aside(line, start, fault, window.in_file(bytes(kept)))
        return aside, kernel.COMMA if fault == TOO_LONG else kernel.FIRST

    def _fill(self, size: int) -> None:
        """Have that much text at hand, or all there is."""
        window = self._window
        while not window.final and len(window.data) - window.at < size:
            window.more()

    def _doubted(self, data: Bytes, stop: int) -> tuple[Span, int]:
        """A value that closes, but broke before: set aside up to a record inside, else kept whole."""
        window, kept = self._window, bytearray()
        line, start = window.line, window.place
        broke, _, _ = grammar.follow(data, 0, stop, grammar.START)
        found = self._boundaries.next_record(data, origin(data, broke), stop, window.final)
        if found < 0:
            text = window.take(window.at + stop)
            return Span(line, window.line, start, window.place, text), kernel.COMMA
        window.skip(window.at + found, kept)
        return self._aside(line, start, DAMAGED, window.in_file(bytes(kept))), kernel.FIRST

    def _pass(self, data: Bytes, kept: bytearray) -> str:
        """Pass over a value that doesn't close within the limit; returns what is wrong with it."""
        window, boundaries = self._window, self._boundaries
        place, how, state = grammar.follow(data, 0, len(data), grammar.START)
        if how == grammar.WHOLE:
            window.skip(window.at + place, kept)
            return TOO_LONG
        seen = data if how == grammar.SHORT else data[: place + 2]
        line = boundaries.line(seen.tobytes(), 1)
        sure = how == grammar.BROKEN or window.final
        if line >= 0 and (sure or boundaries.judged(data, line, window.final)[0]):
            window.skip(window.at + line, kept)
            return DAMAGED
        if how == grammar.BROKEN:
            return self._search(origin(data, place), kept)
        if window.final:
            window.skip(len(window.data), kept)
            return DAMAGED
        return self._pass_on(place, state, kept)

    def _pass_on(self, place: int, state: grammar.State, kept: bytearray) -> str:
        """Pass over a record beyond the limit, to where it closes or breaks."""
        window = self._window
        while not window.final:
            window.skip(window.at + place, kept)
            window.more()
            data = window.data[window.at :]
            place, how, state = grammar.follow(data, 0, len(data), state)
            if how == grammar.WHOLE:
                window.skip(window.at + place, kept)
                return TOO_LONG
            if how == grammar.BROKEN:
                return self._search(origin(data, place), kept)
        window.skip(len(window.data), kept)
        return DAMAGED + REST

    def _search(self, begin: int, kept: bytearray) -> str:
        """Pass over a broken record up to the next one, looked for `begin` bytes from here."""
        window = self._window
        while True:
            passed = max(begin - OVERLAP, 0)
            window.skip(window.at + passed, kept)
            self._fill(_STRETCH + window.limits.record)
            data = window.data[window.at :]
            until = min(len(data), _STRETCH)
            found = self._boundaries.next_record(data, begin - passed, until, window.final)
            if found >= 0:
                window.skip(window.at + found, kept)
                return DAMAGED
            if window.final and until == len(data):
                window.skip(len(window.data), kept)
                return DAMAGED + REST
            begin = until

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
            self.around = beside(self._prefix, tail)
            window.take(len(window.data))
        except (ValueError, RecursionError):
            kept = bytearray()
            while not window.final:
                window.skip(len(window.data), kept)
                window.more()
            window.skip(len(window.data), kept)
            yield [self._aside(line, start, AFTER, window.in_file(bytes(kept)))]


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
