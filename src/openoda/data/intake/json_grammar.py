"""Where a JSON value goes wrong, to the byte: its grammar as a loop that can stop and go on.

Source: RFC 8259. The split of a list (`json_kernel`) matches brackets and quotes alone, and a quote
too many turns all that follows inside out; here the next byte that can't stand where it stands says
so. Brackets are followed by kind to 62 levels, below that only by number.
"""

from openoda.data.intake.compiled import Bytes, compiled

# How the scan of one value ended.
WHOLE, SHORT, BROKEN = 0, 1, 2
# What may come next: a value, the first of a list, a key, the first of an object, a colon, what
# follows a value; the rest of a number or a word; anything, in brackets too deep to be followed.
_VALUE, _FIRST, _KEY, _FIRST_KEY, _COLON, _AFTER, _WORD, _ANY = 0, 1, 2, 3, 4, 5, 6, 7
QUOTE, SLASH, COMMA, COLON = 34, 92, 44, 58
OPEN_LIST, CLOSE_LIST, OPEN, CLOSE = 91, 93, 123, 125
LF, CR, TAB, SPACE = 10, 13, 9, 32
LEVELS = 62

# Brackets open, their kinds, what may come next, and whether a string is open.
State = tuple[int, int, int, int]
START: State = (0, 0, _VALUE, 0)


@compiled
def is_blank(byte: int) -> bool:
    """Whether the byte is white space between values."""
    return bool(byte in (SPACE, LF, CR, TAB))


@compiled
def _rest_of_string(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Index past the quote that ends an open string; an escape cut in two is left for later."""
    while at < end:
        byte = data[at]
        if byte == QUOTE:
            return at + 1, WHOLE
        if byte < SPACE:
            return at, BROKEN
        if byte == SLASH and at + 1 == end:
            return at, SHORT
        at += 2 if byte == SLASH else 1
    return at, SHORT


@compiled
def _closes(byte: int, expect: int, depth: int, kinds: int) -> bool:
    """Whether a closing bracket may stand here."""
    if depth > LEVELS:
        return True
    if kinds & 1 != (byte == CLOSE):
        return False
    return bool(expect in (_AFTER, _WORD, _ANY) or expect == (_FIRST_KEY if kinds & 1 else _FIRST))


@compiled
def _step(byte: int, depth: int, kinds: int, expect: int) -> tuple[bool, int, int, int]:
    """One byte outside strings: whether it fits, and the depth, kinds and expectation after it."""
    fits = True
    if byte in (OPEN, OPEN_LIST):
        fits, depth = expect in (_VALUE, _FIRST, _ANY), depth + 1
        kinds = (kinds << 1 | (byte == OPEN)) if depth <= LEVELS else kinds
        expect = _FIRST_KEY if byte == OPEN else _FIRST
    elif byte in (CLOSE, CLOSE_LIST):
        fits = _closes(byte, expect, depth, kinds)
        kinds = kinds >> 1 if depth <= LEVELS else kinds
        depth, expect = depth - 1, _AFTER
    elif byte == COMMA:
        fits, expect = expect in (_AFTER, _WORD, _ANY), _KEY if kinds & 1 else _VALUE
    elif byte == COLON:
        fits, expect = expect in (_COLON, _ANY), _VALUE
    elif is_blank(byte):
        expect = _AFTER if expect == _WORD else expect
    else:
        fits, expect = expect in (_VALUE, _FIRST, _WORD, _ANY), _WORD
    return fits, depth, kinds, _ANY if depth > LEVELS else expect


@compiled
def follow(data: Bytes, at: int, end: int, state: State) -> tuple[int, int, State]:
    """Follow one value from `at` to `end` at most: where it ended or broke, how, and the state in
    which to go on where it is still open.
    """
    depth, kinds, expect, inside = state
    while at < end:
        byte, fits = data[at], True
        if inside:
            at, how = _rest_of_string(data, at, end)
            if how != WHOLE or depth == 0:
                return at, how, (depth, kinds, expect, inside)
            expect = _COLON if expect in (_KEY, _FIRST_KEY) else _AFTER
            expect, inside = _ANY if depth > LEVELS else expect, 0
            continue
        if byte == QUOTE:
            fits, inside = expect not in (_COLON, _AFTER, _WORD), 1
        elif depth == 0 and (is_blank(byte) or byte in (COMMA, CLOSE, CLOSE_LIST)):
            return at, WHOLE, (depth, kinds, expect, inside)
        elif depth > 0 or byte in (OPEN, OPEN_LIST):
            fits, depth, kinds, expect = _step(byte, depth, kinds, expect)
        if not fits:
            return at, BROKEN, (depth, kinds, expect, inside)
        at += 1
        if depth == 0 and byte in (CLOSE, CLOSE_LIST):
            return at, WHOLE, (depth, kinds, expect, inside)
    return at, SHORT, (depth, kinds, expect, inside)


@compiled
def may_hide(data: Bytes, at: int, end: int) -> bool:
    """Whether a value that broke at `at` has what may be a record's beginning from there to `end`."""
    while at > 0 and is_blank(data[at - 1]):
        at -= 1
    if at > 0 and data[at - 1] == QUOTE:  # the string's last quote may be the next record's first
        at -= 2
        while at > 0 and data[at] != QUOTE:
            at -= 1
    after_comma = at > 0 and data[at - 1] == COMMA
    while at < end:
        byte = data[at]
        if byte == OPEN and after_comma:
            return True
        if not is_blank(byte):
            after_comma = byte == COMMA
        at += 1
    return False


@compiled
def run_of_values(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Index past the first of the values that follow one another with commas from `at`, where the
    last one ended or broke, and how: WHOLE where their list closes there, SHORT where the text ends.
    """
    first = -1
    while True:
        at, how, _ = follow(data, at, end, (0, 0, 0, 0))
        if how == WHOLE and first < 0:
            first = at
        while how == WHOLE and at < end and is_blank(data[at]):
            at += 1
        if how == BROKEN or at >= end:
            return first, at, how if how == BROKEN else SHORT
        if data[at] != COMMA:
            return first, at, WHOLE if data[at] == CLOSE_LIST else BROKEN
        at += 1
        while at < end and is_blank(data[at]):
            at += 1
