"""Where the values of a list in JSON begin and end: a loop over bytes, compiled by numba.

Source: RFC 8259. Brackets are matched by kind to 62 levels and by number below that; strings end at
an unescaped quote and hold no control character, so that a raw line end inside one shows that it was
never closed. What a value means is left to a parser, which sees each by itself.
"""

from openoda.data.intake import json_grammar as grammar
from openoda.data.intake.compiled import Bytes, LongRoom, compiled
from openoda.data.intake.json_grammar import (
    CLOSE,
    CLOSE_LIST,
    CR,
    LEVELS,
    LF,
    OPEN,
    OPEN_LIST,
    QUOTE,
    SLASH,
    SPACE,
    is_blank,
    may_hide,
)

# How the scan of one value ended.
WHOLE, SHORT, BROKEN = grammar.WHOLE, grammar.SHORT, grammar.BROKEN
# Why the split of a list stopped: more text is wanted, the list ended, a value is broken or too long
# (or closes, but by its grammar broke earlier, where it may hide another), the outputs are full.
MORE, LIST_ENDED, DAMAGED, FULL = 0, 1, 2, 3
# What may come next in a list, and that a value has no comma before it.
FIRST, COMMA, VALUE = 0, 1, 2


@compiled
def string_end(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Index past the string whose first quote stands at `at`, and how the scan ended."""
    at += 1
    while at < end:
        byte = data[at]
        if byte == QUOTE:
            return at + 1, WHOLE
        if byte == SLASH:
            at += 1
        elif byte < SPACE:
            return at, BROKEN
        at += 1
    return end, SHORT


# One loop on purpose, as in `record_kernel.walk`.
@compiled
def value_end(data: Bytes, at: int, end: int) -> tuple[int, int]:  # noqa: C901
    """Index past the value that starts at `at` (or where it broke), and how the scan ended."""
    depth, kinds = 0, 0
    while at < end:
        byte = data[at]
        if byte == QUOTE:
            at, how = string_end(data, at, end)
            if how != WHOLE:
                return at, how
            if depth == 0:
                return at, WHOLE
            continue
        if byte in (OPEN, OPEN_LIST):
            if depth < LEVELS:
                kinds = kinds << 1 | (byte == OPEN)
            depth += 1
        elif byte in (CLOSE, CLOSE_LIST):
            if depth == 0:
                return at, WHOLE
            if depth <= LEVELS:
                if kinds & 1 != (byte == CLOSE):
                    return at, BROKEN
                kinds >>= 1
            depth -= 1
            if depth == 0:
                return at + 1, WHOLE
        elif depth == 0 and (byte == grammar.COMMA or is_blank(byte)):
            return at, WHOLE
        at += 1
    return end, SHORT


@compiled
def _extent(data: Bytes, at: int, end: int) -> tuple[int, int, bool]:
    """Index past a value, how the scan ended, and whether one that closes may hide another: a quote
    or bracket too many in each of two records makes them look like one.
    """
    if data[at] != OPEN:
        stop, how = value_end(data, at, end)
        return stop, how, False
    broke, how, _ = grammar.follow(data, at, end, (0, 0, 0, 0))
    if how != BROKEN:
        return broke, how, False
    stop, how = value_end(data, at, end)
    return stop, how, how == WHOLE and may_hide(data, broke, stop)


@compiled
def line_ends(data: Bytes, at: int, stop: int) -> int:
    """Line ends from `at` to `stop`: LF, CRLF (counted at its CR) or CR."""
    count = 0
    while at < stop:
        count += data[at] == CR
        count += (data[at] == LF) and (at == 0 or data[at - 1] != CR)
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
        if byte == CLOSE_LIST:
            return count, at, LIST_ENDED, expect, bare
        if byte == grammar.COMMA and expect == COMMA:
            expect = VALUE
            at += 1
            continue
        stop, how, hides = at + 1, WHOLE, False
        if byte != grammar.COMMA and byte != CLOSE:
            stop, how, hides = _extent(data, at, min(end, at + limit + 2))
            bare += expect == COMMA
            expect = COMMA
        if how == BROKEN or hides or stop - at > limit or (how == SHORT and final):
            return count, at, DAMAGED, expect, bare
        if how == SHORT:
            return count, at, MORE, expect, bare
        starts[count], stops[count] = at, stop
        before[count], within[count] = line_ends(data, passed, at), line_ends(data, at, stop)
        count += 1
        at = passed = stop
    return count, at, FULL, expect, bare
