"""Plain telephone numbers and e-mail addresses, byte by byte; whatever else is left to the rules.

The rules are those of `standards.uk.phone` and `standards.uk.email`.
"""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled
from openoda.standards.uk import email, phone

_SPACE, _ZERO, _NINE, _FOUR, _PLUS, _OPEN, _CLOSE = 32, 48, 57, 52, 43, 40, 41
_AT, _DOT, _HYPHEN = 64, 46, 45
_ROOM = 32
_UK_DIGITS = 10
_IN_LOCAL, _IN_LABEL, _DIGIT = 1, 2, 4

_RANGES = np.array([f"{two:02}" in phone.RANGES for two in range(100)], np.uint8)
_BETWEEN_DIGITS = np.array([chr(byte) in "().-/ " for byte in range(256)], np.uint8)
_CHARACTERS = np.array(
    [
        _IN_LOCAL * (chr(byte) in "!#$%&'*+/=?^_`{|}~-" or (byte < 128 and chr(byte).isalnum()))
        + _IN_LABEL * (byte < 128 and (chr(byte).isalnum() or chr(byte) == "-"))
        + _DIGIT * (byte < 128 and chr(byte).isdigit())
        for byte in range(256)
    ],
    np.uint8,
)
_MOST, _MOST_LOCAL, _MOST_LABEL = email.MOST, email.MOST_LOCAL, email.MOST_LABEL


@compiled
def trimmed(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Where the value begins and ends without the spaces around it."""
    while at < end and data[at] == _SPACE:
        at += 1
    while end > at and data[end - 1] == _SPACE:
        end -= 1
    return at, end


@compiled
def digits_dialled(data: Bytes, at: int, end: int, abroad: bool, room: ByteRoom) -> int:
    """Copy the digits, leaving out what stands between them; -1 where there is anything else.

    With a country's code before it, (0) is left out too: it is dialled only inside the country.
    """
    count = 0
    while at < end:
        byte = data[at]
        if _ZERO <= byte <= _NINE:
            if count == _ROOM:
                return -1
            room[count] = byte
            count += 1
        elif not _BETWEEN_DIGITS[byte]:
            return -1
        elif (
            abroad
            and byte == _OPEN
            and at + 2 < end
            and data[at + 1] == _ZERO
            and data[at + 2] == _CLOSE
        ):
            at += 2
        at += 1
    return count


@compiled
def national(data: Bytes, at: int, end: int, room: ByteRoom) -> int:
    """Where the ten digits after the 0 begin in `room`; -1 where it isn't plainly a UK number."""
    at, end = trimmed(data, at, end)
    if at == end:
        return -1
    plus = data[at] == _PLUS
    zeros = at + 1 < end and data[at] == _ZERO and data[at + 1] == _ZERO
    count = digits_dialled(data, at + int(plus), end, plus or zeros, room)
    first = 2 if zeros else 0
    if plus or zeros:
        if count < first + 3 or room[first] != _FOUR or room[first + 1] != _FOUR:
            return -1
        first += 2
        first += int(room[first] == _ZERO)
    else:
        if count < 1 or room[0] != _ZERO:
            return -1
        first = 1
    if count - first != _UK_DIGITS:
        return -1
    two = 10 * (np.int64(room[first]) - _ZERO) + np.int64(room[first + 1]) - _ZERO
    return first if _RANGES[two] else -1


@compiled
def phones(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """UK numbers of ten digits in E.164."""
    room = np.empty(_ROOM, np.uint8)
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            first = national(data, offsets[row], offsets[row + 1], room)
            if first >= 0:
                out[end] = _PLUS
                out[end + 1] = _FOUR
                out[end + 2] = _FOUR
                end += 3
                for at in range(first, first + _UK_DIGITS):
                    out[end] = room[at]
                    end += 1
                states[row] = 1
        ends[row + 1] = end


@compiled
def local_end(data: Bytes, at: int, end: int) -> int:
    """Where the @ stands after a sound local part; -1 where there is none."""
    start = at
    dot = True
    while at < end and data[at] != _AT:
        if data[at] == _DOT:
            if dot:
                return -1
            dot = True
        elif _CHARACTERS[data[at]] & _IN_LOCAL:
            dot = False
        else:
            return -1
        at += 1
    return at if not dot and at < end and at - start <= _MOST_LOCAL else -1


@compiled
def is_domain(data: Bytes, at: int, end: int) -> bool:
    """Whether the bytes are two or more labels, the last one not all digits."""
    labels = 0
    start = at
    digits = True
    while at <= end:
        if at == end or data[at] == _DOT:
            size = at - start
            if size < 1 or size > _MOST_LABEL:
                return False
            if data[start] == _HYPHEN or data[at - 1] == _HYPHEN:
                return False
            labels += 1
            if at == end:
                return labels > 1 and not digits
            start = at + 1
            digits = True
        else:
            kind = _CHARACTERS[data[at]]
            if not kind & _IN_LABEL:
                return False
            digits = digits and kind & _DIGIT > 0
        at += 1
    return False


@compiled
def emails(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """Addresses in lower case."""
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            at, last = trimmed(data, offsets[row], offsets[row + 1])
            sign = local_end(data, at, last)
            if sign >= 0 and last - at <= _MOST and is_domain(data, sign + 1, last):
                while at < last:
                    byte = data[at]
                    out[end] = byte + 32 if 65 <= byte <= 90 else byte
                    end += 1
                    at += 1
                states[row] = 1
        ends[row + 1] = end
