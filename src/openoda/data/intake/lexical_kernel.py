"""Text to integers and numbers, byte by byte: the exact lexical rules, compiled by numba.

Source: Table Schema, "integer" and "number", which take the lexical form of XML Schema's integer and
decimal, with an exponent. Written out here rather than left to a library's cast, whose leniencies
(hexadecimal, spaces, "inf") differ and change. Nothing is trimmed.
"""

from typing import Any

import numpy as np

from openoda.data.intake.compiled import (
    ByteRoom,
    Bytes,
    FloatRoom,
    Floats,
    LongRoom,
    Small,
    compiled,
)

# What became of a value. EXACT_NEEDED: well-formed, but only a full decimal parser rounds it right.
GOOD, ABSENT, MALFORMED, TOO_LARGE, EXACT_NEEDED = 0, 1, 2, 3, 4

_ZERO, _NINE, _PLUS, _MINUS, _LOWER_E, _UPPER_E = 48, 57, 43, 45, 101, 69
_TENTH = 922_337_203_685_477_580  # 2**63 // 10
_LEAST = -(2**63)
_EXACT = 2**53
_MANTISSA_ROOM = 10**17  # one digit more still fits 64 bits
_TOO_MANY = 10**18


# The bytes, where each value starts in them (and the last one ends), and which are valid.
Texts = tuple[Bytes, Small, Bytes]


@compiled
def is_digit(byte: np.uint8) -> bool:
    """Whether the byte is an ASCII digit."""
    return bool(_ZERO <= byte <= _NINE)


@compiled
def digit(byte: np.uint8) -> Any:
    """The number that a digit stands for, wide enough to reckon with."""
    return np.int64(byte) - _ZERO


@compiled
def is_absent(valid: Bytes, row: int) -> bool:
    """Whether an Arrow validity bitmap (empty where all are valid) calls the row null."""
    return len(valid) > 0 and not (valid[row >> 3] >> (row & 7)) & 1


@compiled
def is_missing(texts: Texts, row: int) -> bool:
    """Whether a value is null or empty: neither is a number, and neither is wrong."""
    _, offsets, valid = texts
    return offsets[row] == offsets[row + 1] or is_absent(valid, row)


@compiled
def sign_at(data: Bytes, at: int, end: int) -> tuple[bool, int]:
    """Whether a minus stands at `at`, and where the digits after an optional sign start."""
    minus = at < end and data[at] == _MINUS
    return minus, at + int(minus or (at < end and data[at] == _PLUS))


@compiled
def whole_part_end(data: Bytes, at: int, end: int, group: int) -> int:
    """Index past the digits at `at`, grouped by three where `group` isn't 0; -1 if misgrouped."""
    start, grouped, run = at, False, 0
    while at < end:
        byte = data[at]
        if is_digit(byte):
            run += 1
        elif group and byte == group and at > start:
            if run > 3 or run == 0 or (grouped and run != 3):
                return -1
            grouped, run = True, 0
        else:
            break
        at += 1
    return -1 if grouped and run != 3 else at


@compiled
def read_integer(data: Bytes, at: int, end: int, group: int) -> tuple[int, int]:
    """One integer: its value and what became of it."""
    minus, at = sign_at(data, at, end)
    if at == end or not is_digit(data[at]) or whole_part_end(data, at, end, group) != end:
        return 0, MALFORMED
    total = 0  # counted downwards: the least integer has no positive twin
    while at < end:
        if is_digit(data[at]):
            more = digit(data[at])
            if total < -_TENTH or (total == -_TENTH and more > 8):
                return 0, TOO_LARGE
            total = total * 10 - more
        at += 1
    if not minus and total == _LEAST:
        return 0, TOO_LARGE
    return (total if minus else -total), GOOD


@compiled
def parse_integers(texts: Texts, group: int, values: LongRoom, outcomes: ByteRoom) -> int:
    """Fill `values` and `outcomes`; returns how many are neither good nor absent.

    A sign, then digits, leading zeros allowed; grouped by three where `group` (a byte, 0 for none)
    is given and used.
    """
    data, offsets, _ = texts
    bad = 0
    for row in range(len(values)):
        value, outcome = 0, ABSENT
        if not is_missing(texts, row):
            value, outcome = read_integer(data, offsets[row], offsets[row + 1], group)
            bad += outcome != GOOD
        values[row], outcomes[row] = value, outcome
    return bad


@compiled
def read_exponent(data: Bytes, at: int, end: int) -> tuple[int, bool]:
    """The exponent that starts with an e at `at`, and whether it is well-formed to `end`."""
    if data[at] != _LOWER_E and data[at] != _UPPER_E:
        return 0, False
    minus, at = sign_at(data, at + 1, end)
    power, start = 0, at
    while at < end and is_digit(data[at]):
        if power < 100_000:
            power = power * 10 + digit(data[at])
        at += 1
    return (-power if minus else power), start < at == end


@compiled
def read_digits(
    data: Bytes, at: int, end: int, whole: int, point: int
) -> tuple[int, int, int, int]:
    """The digits at `at` as a mantissa and a power of ten, their number, and where they end.

    One `point` may stand among them; before `whole` other bytes (group signs) are passed over. A
    mantissa over `_EXACT` says that there were too many digits to hold.
    """
    mantissa = power = digits = 0
    past = False
    while at < end:
        if is_digit(data[at]):
            if mantissa < _MANTISSA_ROOM:
                mantissa = mantissa * 10 + digit(data[at])
                power -= past
            else:
                mantissa = _TOO_MANY
            digits += 1
        elif data[at] == point and not past:
            past = True
        elif at >= whole:
            break
        at += 1
    return mantissa, power, digits, at


@compiled
def read_number(
    data: Bytes, at: int, end: int, signs: tuple[int, int], powers: Floats
) -> tuple[float, int]:
    """One number: its value and what became of it; `signs` are those for point and group.

    Exact when the digits fit 53 bits and the power of ten is at most 22: both are then floats
    without error, and one multiplication or division rounds right (Clinger 1990).
    """
    minus, at = sign_at(data, at, end)
    whole = whole_part_end(data, at, end, signs[1])
    if whole < 0:
        return 0.0, MALFORMED
    mantissa, power, digits, at = read_digits(data, at, end, whole, signs[0])
    if digits == 0:
        return 0.0, MALFORMED
    if at < end:
        written, sound = read_exponent(data, at, end)
        if not sound:
            return 0.0, MALFORMED
        power += written
    if mantissa > _EXACT or not -22 <= power <= 22:
        return 0.0, EXACT_NEEDED
    value = mantissa / powers[-power] if power < 0 else mantissa * powers[power]
    return (-value if minus else value), GOOD


@compiled
def parse_numbers(
    texts: Texts, signs: tuple[int, int], powers: Floats, values: FloatRoom, outcomes: ByteRoom
) -> int:
    """Fill `values` and `outcomes`; returns how many are neither good nor absent.

    A sign, digits with one decimal sign among or beside them, an exponent; the digits before it
    grouped by three where the group sign isn't 0 and is used. `powers` are 10**0 to 10**22.
    """
    data, offsets, _ = texts
    bad = 0
    for row in range(len(values)):
        value, outcome = 0.0, ABSENT
        if not is_missing(texts, row):
            value, outcome = read_number(data, offsets[row], offsets[row + 1], signs, powers)
            bad += outcome != GOOD
        values[row], outcomes[row] = value, outcome
    return bad
