"""Where the records of a list go on after a broken one.

A line that starts as the first record's did begins the next one. On one long line that is an object
behind a comma which is a sound record, starts with a key that the records before it start with, and
is followed by values that do not end a list inside the broken record. Where none is, nothing is
guessed.
"""

import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any

from openoda.data.intake import json_grammar as grammar
from openoda.data.intake.compiled import Bytes
from openoda.data.intake.window import Span

LOOK = 65_536  # bytes beyond a candidate that are looked at
OVERLAP = 4_096  # white space between a comma and a record, at most
_TRIES = 100  # candidates in one stretch; more of them are nobody's slip
_RECENT = 100
_NEXT = re.compile(rb",[ \t\r\n]*(?=\{)")
_FIRST_KEY = re.compile(rb'\{[ \t\r\n]*("(?:[^"\\\x00-\x1f]|\\.)*")')
_WHITE = b" \t\r\n"


class Boundaries:
    """Learns how the sound records of one list begin, and finds where they go on.

    `sound` says whether a text is a record, `ends` whether the file can end with a text behind the
    list's bracket.
    """

    def __init__(self, sound: Callable[[bytes], bool], ends: Callable[[bytes], bool]) -> None:
        self._sound, self._ends = sound, ends
        self._line: re.Pattern[bytes] | None = None
        self._seen_first = False
        self._keys: deque[bytes] = deque(maxlen=_RECENT)

    def learn(self, data: Bytes, spans: list[Span], first: tuple[int, int]) -> None:
        """Take note of records that were split off; `first` is where the first of them stands."""
        if not self._seen_first:
            self._seen_first = True
            self._learn_line(data, *first)
        recent: list[bytes] = []
        for span in reversed(spans):
            if found := _FIRST_KEY.match(span.text):
                recent.append(found.group(1))
                if len(recent) == _RECENT:
                    break
        self._keys.extend(reversed(recent))

    def _learn_line(self, data: Bytes, start: int, stop: int) -> None:
        """What a line that begins a record looks like, where that can be told for certain."""
        while start > 0 and data[start - 1] in b" \t":
            start -= 1
        at_line_start = start > 0 and data[start - 1] in b"\r\n"
        text = data[start:stop].tobytes()
        lead = text[: len(text) - len(text.lstrip(b" \t"))]
        inner = text.splitlines()[1:-1]
        deeper = all(len(line) - len(line.lstrip(b" \t")) > len(lead) for line in inner)
        if at_line_start and deeper and text.lstrip(b" \t").startswith(b"{"):
            self._line = re.compile(rb"[\r\n]" + re.escape(lead) + rb"(?=\{)")

    def line(self, text: bytes, begin: int) -> int:
        """Index of the first record that begins a line after `begin`, or -1."""
        found = self._line.search(text, begin) if self._line else None
        return found.end() if found else -1

    def next_record(self, data: Bytes, begin: int, until: int, final: bool) -> int:
        """Index of the first record that begins in the text from `begin` up to `until`, or -1.

        What stands behind `until` is looked at only; `final`: the file ends where the text does.
        """
        text = data[: until + OVERLAP].tobytes()
        line = self.line(text, max(begin - OVERLAP, 0))
        while 0 <= line < begin:
            line = self.line(text, line)
        until = line if 0 <= line < until else until
        at = begin
        for _ in range(_TRIES):
            place = self._behind_comma(text, at, until)
            if place < 0:
                break
            fits, at = self.judged(data, place, final)
            if fits:
                return place
        return line if line == until else -1

    def _behind_comma(self, text: bytes, begin: int, until: int) -> int:
        """Index of the first object behind a comma that starts as records do, or -1."""
        at = len(text[:begin].rstrip(_WHITE)) - 1
        for each in _NEXT.finditer(text, max(at, 0)):
            if each.end() >= until:
                break
            key = _FIRST_KEY.match(text, each.end())
            known = not self._keys or bool(key and key.group(1) in self._keys)
            if each.end() >= begin and known:
                return each.end()
        return -1

    def judged(self, data: Bytes, place: int, final: bool) -> tuple[bool, int]:
        """Whether a record begins there, and where else to look from if not."""
        near = data[place : place + LOOK]
        final = final and len(near) == len(data) - place
        first, end, how = grammar.run_of_values(near, 0, len(near))
        if first < 0:
            return how == grammar.SHORT and not final and self._is_long(data[place:]), place + 1
        held = near.tobytes()
        if not self._follows(held, first) or not self._sound(held[:first]):
            return False, place + 1
        if how == grammar.WHOLE:
            return final and self._ends(held[end + 1 :]), place + end
        return how == grammar.BROKEN or not final, place + end

    def _is_long(self, data: Bytes) -> bool:
        """Whether a sound record begins here that is longer than what is looked at otherwise."""
        end, how, _ = grammar.follow(data, 0, len(data), grammar.START)
        return how == grammar.WHOLE and self._sound(data[:end].tobytes())

    @staticmethod
    def _follows(held: bytes, first: int) -> bool:
        """Whether a comma, the list's end or the end of the text comes after a value."""
        return held[first:].lstrip(_WHITE)[:1] in (b",", b"]", b"")


def origin(data: Bytes, broke: int) -> int:
    """Where to look for the next record from, where a value breaks at `broke`.

    Behind a string that is the string's first quote: its last one may be the next record's.
    """
    start = max(broke - OVERLAP, 0)
    text = data[start:broke].tobytes().rstrip(_WHITE)
    if not text.endswith(b'"'):
        return broke
    at = len(text) - 1
    while (at := text.rfind(b'"', 0, at)) > 0:
        before = text[:at]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            break
    return start + at if at > 0 else broke


def ends_with(prefix: bytes) -> Callable[[bytes], bool]:
    """Whether a text can stand behind the list that `prefix` opens."""

    def check(tail: bytes) -> bool:
        try:
            beside(prefix, tail)
        except (ValueError, RecursionError):
            return False
        return True

    return check


def beside(prefix: bytes, tail: bytes) -> Any:
    """What stands around a list; raises ValueError where that is no JSON."""
    return json.loads(prefix + b"]" + tail, object_pairs_hook=_no_doubles)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ; two lists of the same name would lose one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given more than once")
    return found
