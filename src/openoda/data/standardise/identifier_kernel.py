"""Plain identifiers, byte by byte: what these loops accept is sound, and whatever else is left.

The rules are those of `standards.uk`; each loop takes only ASCII letters and digits, with the spaces
and hyphens that the rule drops, and marks every other value as unsure.
"""

from typing import Any

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled
from openoda.standards.uk import nhs_number, nino, postcode, uprn, usrn

_SPACE, _HYPHEN, _ZERO, _NINE, _A, _Z = 32, 45, 48, 57, 65, 90
_ROOM = 32
_ALPHABET = [chr(_A + letter) for letter in range(26)]


def _letters(chosen: str) -> Bytes:
    return np.array([letter in chosen for letter in _ALPHABET], np.uint8)


def _pairs(chosen: frozenset[str]) -> Bytes:
    """A flag for each area: two letters at 27 × first + second, one letter at 27 × first + 26."""
    flags = np.zeros(27 * 27, np.uint8)
    for area in chosen:
        flags[27 * (ord(area[0]) - _A) + (ord(area[1]) - _A if len(area) == 2 else 26)] = 1
    return flags


_NINO_PREFIXES = _pairs(
    frozenset(
        a + b
        for a in _ALPHABET
        for b in _ALPHABET
        if nino.check(f"{a}{b}000000A").sound  # the rule itself says which prefixes there are
    )
)
_AREAS = _pairs(postcode.AREAS)
_NEVER_IN_UNIT = _letters(postcode.NEVER_IN_UNIT)
_UPRN_DIGITS, _USRN_DIGITS, _NHS_DIGITS = uprn.MOST_DIGITS, usrn.MOST_DIGITS, nhs_number.LENGTH


@compiled
def condense(data: Bytes, at: int, end: int, hyphens: bool, room: ByteRoom) -> int:
    """Copy ASCII letters (as capitals) and digits without spaces; -1 where there is anything else."""
    count = 0
    while at < end:
        byte = data[at]
        at += 1
        if byte == _SPACE or (hyphens and byte == _HYPHEN):
            continue
        if 97 <= byte <= 122:
            byte -= np.uint8(32)
        if not (_ZERO <= byte <= _NINE or _A <= byte <= _Z) or count == _ROOM:
            return -1
        room[count] = byte
        count += 1
    return count


@compiled
def all_digits(room: ByteRoom, first: int, last: int) -> bool:
    """Whether the bytes from `first` to before `last` are digits."""
    while first < last and room[first] <= _NINE:
        first += 1
    return first >= last


@compiled
def numbers(
    data: Bytes,
    offsets: Small,
    valid: Bytes,
    out: ByteRoom,
    ends: SmallRoom,
    states: ByteRoom,
    most: int,
) -> None:
    """Whole numbers of at most `most` digits, without leading zeros."""
    room = np.empty(_ROOM, np.uint8)
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            count = condense(data, offsets[row], offsets[row + 1], False, room)
            first = 0
            while first < count and room[first] == _ZERO:
                first += 1
            if 0 < count - first <= most and all_digits(room, first, count):
                for at in range(first, count):
                    out[end] = room[at]
                    end += 1
                states[row] = 1
        ends[row + 1] = end


@compiled
def is_nhs_number(room: ByteRoom) -> bool:
    """Whether ten digits have their check digit, and aren't all alike."""
    total: Any = 0
    alike = True
    for at in range(9):
        total += (10 - at) * (np.int64(room[at]) - _ZERO)
        alike = alike and room[at] == room[at + 1]
    return not alike and (11 - total % 11) % 11 == np.int64(room[9]) - _ZERO


@compiled
def nhs_numbers(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """NHS numbers as ten digits."""
    room = np.empty(_ROOM, np.uint8)
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            count = condense(data, offsets[row], offsets[row + 1], True, room)
            if count == _NHS_DIGITS and all_digits(room, 0, count) and is_nhs_number(room):
                for at in range(count):
                    out[end] = room[at]
                    end += 1
                states[row] = 1
        ends[row + 1] = end


@compiled
def is_nino(room: ByteRoom, count: int) -> bool:
    """Whether the characters are an allocable prefix, six digits and A to D or nothing."""
    if count < 8 or count > 9 or room[0] < _A or room[1] < _A:
        return False
    if not _NINO_PREFIXES[27 * (np.int64(room[0]) - _A) + np.int64(room[1]) - _A]:
        return False
    return all_digits(room, 2, 8) and (count == 8 or _A <= room[8] <= _A + 3)


@compiled
def ninos(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """National Insurance numbers without spaces."""
    room = np.empty(_ROOM, np.uint8)
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            count = condense(data, offsets[row], offsets[row + 1], True, room)
            if is_nino(room, count):
                for at in range(count):
                    out[end] = room[at]
                    end += 1
                states[row] = 1
        ends[row + 1] = end


@compiled
def is_postcode(room: ByteRoom, count: int) -> bool:
    """Whether the characters are a known area, a district of digits, and an inward code."""
    if count < 5 or count > 7 or room[0] < _A:
        return False
    letters = 2 if room[1] >= _A else 1
    second = np.int64(room[1]) - _A if letters == 2 else 26
    outward = count - 3
    digits = outward - letters
    if not _AREAS[27 * (np.int64(room[0]) - _A) + second] or digits < 1 or digits > 2:
        return False
    if not all_digits(room, letters, outward + 1) or (digits == 2 and room[letters] == _ZERO):
        return False
    for at in range(count - 2, count):
        if room[at] < _A or _NEVER_IN_UNIT[np.int64(room[at]) - _A]:
            return False
    return True


@compiled
def postcodes(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """Postcodes whose district is all digits, with one space; others are left to the rule."""
    room = np.empty(_ROOM, np.uint8)
    end = 0
    for row in range(len(offsets) - 1):
        if not valid[row]:
            states[row] = 2
        else:
            count = condense(data, offsets[row], offsets[row + 1], True, room)
            if is_postcode(room, count):
                for at in range(count):
                    if at == count - 3:
                        out[end] = _SPACE
                        end += 1
                    out[end] = room[at]
                    end += 1
                states[row] = 1
        ends[row + 1] = end


@compiled
def uprns(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """UPRNs without leading zeros."""
    numbers(data, offsets, valid, out, ends, states, _UPRN_DIGITS)


@compiled
def usrns(
    data: Bytes, offsets: Small, valid: Bytes, out: ByteRoom, ends: SmallRoom, states: ByteRoom
) -> None:
    """USRNs without leading zeros."""
    numbers(data, offsets, valid, out, ends, states, _USRN_DIGITS)
