"""Text to integers and numbers, byte by byte: the exact lexical rules, compiled by numba.

Source: Table Schema, "integer" and "number", which take the lexical form of XML Schema's integer and
decimal, with an exponent. Written out here rather than left to a library's cast, whose leniencies
(hexadecimal, spaces, "inf") differ and change. Nothing is trimmed.
"""

import numpy as np

from openoda.data.intake.compiled import compiled

# What became of a value. EXACT_NEEDED: well-formed, but only a full decimal parser rounds it right.
GOOD, ABSENT, MALFORMED, TOO_LARGE, EXACT_NEEDED = 0, 1, 2, 3, 4

_ZERO, _NINE, _PLUS, _MINUS, _LOWER_E, _UPPER_E = 48, 57, 43, 45, 101, 69
_TENTH = 922_337_203_685_477_580  # 2**63 // 10
_LEAST = -(2**63)
_EXACT = 2**53
_MANTISSA_ROOM = 10**17  # one digit more still fits 64 bits
_TOO_MANY = 10**18


@compiled
def _is_digit(byte):  # type: ignore[no-untyped-def]
    return _ZERO <= byte <= _NINE


@compiled
def is_absent(valid, row):  # type: ignore[no-untyped-def]
    """Whether an Arrow validity bitmap (empty where all are valid) calls the row null."""
    return len(valid) > 0 and not (valid[row >> 3] >> (row & 7)) & 1


@compiled
def whole_part_end(data, at, end, group):  # type: ignore[no-untyped-def]
    """Index past the digits at `at`, grouped by three where `group` isn't 0; -1 if misgrouped."""
    start, grouped, run = at, False, 0
    while at < end:
        byte = data[at]
        if _is_digit(byte):
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
def parse_integers(data, offsets, valid, group, values, outcomes):  # type: ignore[no-untyped-def]
    """Fill `values` (int64) and `outcomes`; returns how many are neither good nor absent.

    A sign, then digits, leading zeros allowed; grouped by three where `group` (a byte, 0 for none)
    is given and used.
    """
    bad = 0
    for row in range(len(values)):
        at, end = offsets[row], offsets[row + 1]
        values[row] = 0
        if is_absent(valid, row):
            outcomes[row] = ABSENT
            continue
        minus = at < end and data[at] == _MINUS
        if at < end and (minus or data[at] == _PLUS):
            at += 1
        outcome, total = GOOD, 0  # counted downwards: the least integer has no positive twin
        if at == end or not _is_digit(data[at]) or whole_part_end(data, at, end, group) != end:
            outcome = MALFORMED
        while outcome == GOOD and at < end:
            if _is_digit(data[at]):
                digit = np.int64(data[at]) - _ZERO
                if total < -_TENTH or (total == -_TENTH and digit > 8):
                    outcome = TOO_LARGE
                else:
                    total = total * 10 - digit
            at += 1
        if outcome == GOOD and not minus and total == _LEAST:
            outcome = TOO_LARGE
        if outcome == GOOD:
            values[row] = total if minus else -total
        outcomes[row] = outcome
        bad += outcome != GOOD
    return bad


@compiled
def read_exponent(data, at, end):  # type: ignore[no-untyped-def]
    """The exponent written at `at` (just past the e) and whether it is well-formed to `end`."""
    minus = at < end and data[at] == _MINUS
    if at < end and (minus or data[at] == _PLUS):
        at += 1
    if at == end:
        return 0, False
    power = 0
    while at < end:
        if not _is_digit(data[at]):
            return 0, False
        power = min(power * 10 + (np.int64(data[at]) - _ZERO), 100_000)
        at += 1
    return (-power if minus else power), True


@compiled
def read_number(data, at, end, point, group, powers):  # type: ignore[no-untyped-def]
    """One number: its value and what became of it.

    Exact when the digits fit 53 bits and the power of ten is at most 22: both are then floats
    without error, and one multiplication or division rounds right (Clinger 1990).
    """
    minus = at < end and data[at] == _MINUS
    if at < end and (minus or data[at] == _PLUS):
        at += 1
    stop = whole_part_end(data, at, end, group)
    if stop < 0:
        return 0.0, MALFORMED
    mantissa, digits, power = 0, 0, 0
    past = False
    while at < end:
        byte = data[at]
        if _is_digit(byte):
            if mantissa < _MANTISSA_ROOM:
                mantissa = mantissa * 10 + (np.int64(byte) - _ZERO)
                power -= past
            else:
                power += not past
                mantissa = _TOO_MANY
            digits += 1
        elif byte == point and not past:
            past = True
        elif at >= stop:
            break
        at += 1
    if digits == 0:
        return 0.0, MALFORMED
    if at < end:
        written, sound = read_exponent(data, at + 1, end)
        if not sound or not (data[at] == _LOWER_E or data[at] == _UPPER_E):
            return 0.0, MALFORMED
        power += written
    if mantissa > _EXACT or not -22 <= power <= 22:
        return 0.0, EXACT_NEEDED
    value = mantissa / powers[-power] if power < 0 else mantissa * powers[power]
    return (-value if minus else value), GOOD


@compiled
def parse_numbers(data, offsets, valid, point, group, powers, values, outcomes):  # type: ignore[no-untyped-def]
    """Fill `values` (float64) and `outcomes`; returns how many are neither good nor absent.

    A sign, digits with one decimal sign `point` among or beside them, an exponent; the digits before
    it grouped by three where `group` is given and used. `powers` are 10**0 to 10**22.
    """
    bad = 0
    for row in range(len(values)):
        values[row] = 0.0
        if is_absent(valid, row):
            outcomes[row] = ABSENT
            continue
        values[row], outcomes[row] = read_number(
            data, offsets[row], offsets[row + 1], point, group, powers
        )
        bad += outcomes[row] != GOOD
    return bad
