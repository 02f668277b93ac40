"""Where the values of a list in JSON begin and end: a loop over bytes, compiled by numba.

Source: RFC 8259. Brackets are matched by kind to 62 levels and by number below that; strings end at
an unescaped quote and hold no control character, so that a raw line end inside one shows that it was
never closed. What a value means is left to a parser, which sees each by itself.
"""

import numpy as np

from openoda.data.intake.compiled import Bytes, LongRoom, compiled

# How the scan of one value ended.
WHOLE, SHORT, BROKEN = 0, 1, 2
# Why the split of a list stopped: more text is wanted, the list ended, a value is broken or too long,
# the outputs are full.
MORE, LIST_ENDED, DAMAGED, FULL = 0, 1, 2, 3
# What may come next in a list, and that a value has no comma before it.
FIRST, COMMA, VALUE = 0, 1, 2
_QUOTE, _SLASH, _COMMA = 34, 92, 44
_OPEN_LIST, _CLOSE_LIST, _OPEN, _CLOSE = 91, 93, 123, 125
_LF, _CR, _TAB, _SPACE = 10, 13, 9, 32
_LEVELS = 62


@compiled
def string_end(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Index past the string whose first quote stands at `at`, and how the scan ended."""
    at += 1
    while at < end:
        byte = data[at]
        if byte == _QUOTE:
            return at + 1, WHOLE
        if byte == _SLASH:
            at += 1
        elif byte < _SPACE:
            return at, BROKEN
        at += 1
    return end, SHORT


@compiled
def is_blank(byte: np.uint8) -> bool:
    """Whether the byte is white space between values."""
    return bool(byte in (_SPACE, _LF, _CR, _TAB))


# One loop on purpose, as in `record_kernel.walk`.
@compiled
def value_end(data: Bytes, at: int, end: int) -> tuple[int, int]:  # noqa: C901
    """Index past the value that starts at `at` (or where it broke), and how the scan ended."""
    depth, kinds = 0, 0
    while at < end:
        byte = data[at]
        if byte == _QUOTE:
            at, how = string_end(data, at, end)
            if how != WHOLE:
                return at, how
            if depth == 0:
                return at, WHOLE
            continue
        if byte in (_OPEN, _OPEN_LIST):
            if depth < _LEVELS:
                kinds = kinds << 1 | (byte == _OPEN)
            depth += 1
        elif byte in (_CLOSE, _CLOSE_LIST):
            if depth == 0:
                return at, WHOLE
            if depth <= _LEVELS:
                if kinds & 1 != (byte == _CLOSE):
                    return at, BROKEN
                kinds >>= 1
            depth -= 1
            if depth == 0:
                return at + 1, WHOLE
        elif depth == 0 and (byte == _COMMA or is_blank(byte)):
            return at, WHOLE
        at += 1
    return end, SHORT


@compiled
def line_ends(data: Bytes, at: int, stop: int) -> int:
    """Line ends from `at` to `stop`: LF, CRLF (counted at its CR) or CR."""
    count = 0
    while at < stop:
        count += data[at] == _CR
        count += (data[at] == _LF) and (at == 0 or data[at - 1] != _CR)
        at += 1
    return count


# The text at hand, where it ends, and whether the file ends there.
Text = tuple[Bytes, int, bool]
# Start, stop, and line ends before and within each value.
Spans = tuple[LongRoom, LongRoom, LongRoom, LongRoom]


@compiled
def split_list(
    text: Text, at: int, expect: int, limit: int, out: Spans
) -> tuple[int, int, int, int, int]:
    """Fill `out` with the values of a list from `at`; a stray comma or bracket counts as one.

    Returns how many, the index reached, why it stopped, what may come next, and how many values had
    no comma before them. What stopped it (a damaged value, or one not all at hand) is not in `out`.
    """
    (data, end, final), (starts, stops, before, within) = text, out
    count, bare, passed = 0, 0, at
    while count < len(starts):
        while at < end and is_blank(data[at]):
            at += 1
        if at == end:
            return count, at, MORE, expect, bare
        byte = data[at]
        if byte == _CLOSE_LIST:
            return count, at, LIST_ENDED, expect, bare
        if byte == _COMMA and expect == COMMA:
            expect = VALUE
            at += 1
            continue
        stop, how = at + 1, WHOLE
        if byte != _COMMA and byte != _CLOSE:
            stop, how = value_end(data, at, end)
            bare += expect == COMMA
            expect = COMMA
        if how == BROKEN or stop - at > limit or (how == SHORT and final):
            return count, at, DAMAGED, expect, bare
        if how == SHORT:
            return count, at, MORE, expect, bare
        starts[count], stops[count] = at, stop
        before[count], within[count] = line_ends(data, passed, at), line_ends(data, at, stop)
        count += 1
        at = passed = stop
    return count, at, FULL, expect, bare
