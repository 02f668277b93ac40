"""Plain addresses put on one line, byte by byte; whatever else is left to `standards.uk.address`."""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled
from openoda.standards.uk import address

_COMMA, _SPACE, _DOT, _ZERO, _NINE = 44, 32, 46, 48, 57
_LONGER = 4
_MOST, _LONGEST_SAYING = address.MOST, address.LONGEST_SAYING
_BREAK, _GAP, _WORD, _LETTER = 1, 2, 3, 4

_KINDS = np.zeros(256, np.uint8)
for _byte in range(128):
    _sign = chr(_byte)
    if _sign.isalpha():
        _KINDS[_byte] = _LETTER
    elif _sign.isdigit() or _sign in "'-/&()\":+#":
        _KINDS[_byte] = _WORD
    elif _sign in ",;|\n\r":
        _KINDS[_byte] = _BREAK
    elif _sign in " \t":
        _KINDS[_byte] = _GAP


@compiled
def kind_at(data: Bytes, at: int, first: int, last: int) -> int:
    """What a byte is: a full stop is a gap save between two digits; 0 is none of the plain ones."""
    if data[at] != _DOT:
        return int(_KINDS[data[at]])
    inside = first < at and at + 1 < last
    if inside and _ZERO <= data[at - 1] <= _NINE and _ZERO <= data[at + 1] <= _NINE:
        return _WORD
    return _GAP


@compiled
def on_one_line(data: Bytes, first: int, last: int, out: ByteRoom, end: int) -> int:
    """Write the address at `end` and return where it ends; -1 where the rule must be asked."""
    room = end + last - first + _LONGER
    start = end
    between = 0
    letters = False
    for at in range(first, last):
        kind = kind_at(data, at, first, last)
        if kind == 0:
            return -1
        if kind in (_BREAK, _GAP):
            between = _BREAK if kind == _BREAK or between == _BREAK else _GAP
            continue
        if end + 3 > room:
            return -1
        if between and end > start:
            if between == _BREAK:
                out[end] = _COMMA
                end += 1
            out[end] = _SPACE
            end += 1
        between = 0
        letters = letters or kind == _LETTER
        byte = data[at]
        out[end] = byte - 32 if 97 <= byte <= 122 else byte
        end += 1
    size = end - start
    return end if letters and _LONGEST_SAYING < size <= _MOST else -1


@compiled
def addresses(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """Addresses in capitals on one line."""
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            done = on_one_line(data, offsets[row], offsets[row + 1], out, end)
            if done >= 0:
                end = done
                states[row] = 1
        ends[row + 1] = end
