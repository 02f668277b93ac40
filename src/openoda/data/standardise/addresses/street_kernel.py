"""Which tokens of an address are its street, and which number stands before it.

A row under work is as in `place_kernel`.
"""

from openoda.data.intake.compiled import compiled
from openoda.data.standardise.addresses.house_kernel import saon_end
from openoda.data.standardise.addresses.place_kernel import OPEN, Row
from openoda.data.standardise.addresses.token_kernel import BREAK, HYPHEN, SLASH, SOFT
from openoda.data.standardise.addresses.words import Mark

_NUMBER, _LETTER, _UNIT = int(Mark.NUMBER), int(Mark.LETTER), int(Mark.UNIT)
_STRONG, _WEAK, _LEAD = int(Mark.STRONG_STREET), int(Mark.WEAK_STREET), int(Mark.LEAD)
_DIRECTION, _BUILDING = int(Mark.DIRECTION), int(Mark.SURE_BUILDING)
_NOT_A_NAME = int(Mark.NUMBER | Mark.UNIT | Mark.SCOTTISH_FLAT | Mark.RELATION)
_BEGINS_FLAT = int(Mark.UNIT | Mark.SCOTTISH_FLAT | Mark.LEVEL)
_FLOOR, _LEVEL = int(Mark.FLOOR), int(Mark.LEVEL)


@compiled
def first_with(row: Row, start: int, stop: int, mark: int) -> int:
    """The first place from start that carries one of the marks, or -1."""
    for at in range(start, stop):
        if row[1][at] & mark:
            return at
    return -1


@compiled
def last_with(row: Row, start: int, stop: int, mark: int) -> int:
    """The last place from start that carries one of the marks, or -1."""
    for at in range(stop - 1, start - 1, -1):
        if row[1][at] & mark:
            return at
    return -1


@compiled
def next_break(row: Row, start: int, n: int) -> int:
    """The first place after start before which a break stands, or n."""
    for at in range(start + 1, n):
        if row[2][at] & BREAK:
            return at
    return n


@compiled
def is_house_number(row: Row, at: int, n: int) -> bool:
    """Whether the number at a place can be that of a house: a word after it, and no FLAT before it.

    After GROUND FLOOR FLAT it can: the floor says which flat.
    """
    _, marks, flags, labels = row
    if not marks[at] & _NUMBER or labels[at] != OPEN or at + 1 >= n:
        return False
    if marks[at + 1] & _FLOOR:
        return False
    named = at > 0 and marks[at - 1] & (_UNIT | _FLOOR) and not flags[at] & BREAK
    return not named or (at > 1 and (marks[at - 2] & (_LEVEL | _FLOOR)) != 0)


@compiled
def in_flat_range(row: Row, at: int) -> bool:
    """Whether a number belongs to what FLAT or UNIT names, through signs: UNITS 3-4, FLAT 2/1."""
    _, marks, flags, _ = row
    while at > 0 and flags[at] & (HYPHEN | SLASH) and marks[at - 1] & _NUMBER:
        at -= 1
    named = at > 0 and marks[at - 1] & _UNIT and not flags[at] & BREAK
    return named and not (at > 1 and (marks[at - 2] & (_LEVEL | _FLOOR)) != 0)


@compiled
def main_number(row: Row, n: int) -> tuple[int, int]:
    """Where the number before the street starts and ends; (-1, -1) where none is.

    The last one that a street's type follows, else the last one that any word follows. A range
    (34-40), a pair (12/2) and a letter apart (12 A) belong to it.
    """
    _, marks, flags, _ = row
    found = -1
    for at in range(n - 1, -1, -1):
        if not is_house_number(row, at, n) or in_flat_range(row, at):
            continue
        if found < 0:
            found = at
        if first_with(row, at + 1, n, _STRONG | _WEAK) >= 0:
            found = at
            break
    if found < 0:
        return -1, -1
    start, end = found, found + 1
    while start > 0 and flags[start] & (HYPHEN | SLASH) and marks[start - 1] & _NUMBER:
        start -= 1
    letter = end + 1 < n and marks[end] & _LETTER and not flags[end] & BREAK
    if letter and not flags[end + 1] & BREAK and not marks[end + 1] & _NUMBER:
        end += 1
    return start, end


@compiled
def extended(row: Row, last: int, n: int) -> int:
    """Where a street's name ends whose type stands at `last`: further types, a direction at the end."""
    _, marks, flags, _ = row
    at = last + 1
    while at < n and not flags[at] & BREAK and marks[at] & _STRONG:
        at += 1
    if at < n and marks[at] & _DIRECTION and not flags[at] & BREAK:
        ends = at + 1 == n or flags[at + 1] & (BREAK | SOFT)
        at += int(ends != 0)
    return at


@compiled
def after_building(row: Row, start: int, last: int) -> int:
    """Where a street starts when a building's name stands between the number and it."""
    at = last_with(row, start + 1, last - 1, _BUILDING)
    return at + 1 if at >= 0 else start


@compiled
def street_stop(row: Row, start: int, n: int) -> int:
    """Where a street's name that starts there must have ended: at a break, or a flat after it."""
    stop = next_break(row, start, n)
    for at in range(start + 1, stop):
        if row[1][at] & _BEGINS_FLAT and saon_end(row, at, stop) > at:
            return at
    return stop


@compiled
def numbered_street(row: Row, start: int, n: int) -> tuple[int, int]:
    """Where the street after a number starts and ends; empty where no word is left."""
    stop = street_stop(row, start, n)
    at = first_with(row, start + 1, stop, _STRONG)
    if at < 0:
        at = first_with(row, start + 1, stop, _WEAK)
    if at >= 0:
        return after_building(row, start, at), extended(row, at, n)
    if stop < n or first_with(row, start, stop, _STRONG | _WEAK) >= 0:
        return start, extended(row, stop - 1, n)
    if row[1][start] & _LEAD and start + 1 < stop:
        return start, extended(row, start + 1, n)
    return start, extended(row, start, n)


@compiled
def holds_number(row: Row, start: int, stop: int) -> bool:
    """Whether a number, a flat or the like stands between the places."""
    return first_with(row, start, stop, _NOT_A_NAME) >= 0


@compiled
def named_street(row: Row, n: int) -> tuple[int, int]:
    """Where a street without a number before it starts and ends; (n, n) where none is found.

    Its name is one word before its type and the words that may lead it, or all from a break where
    that is near.
    """
    _, marks, flags, _ = row
    last = last_with(row, 1, n, _STRONG)
    if last < 0:
        last = last_with(row, 1, n, _WEAK & ~_BUILDING)
    if last < 0 or flags[last] & BREAK or marks[last] & _BUILDING:
        return n, n
    if marks[last - 1] & _NOT_A_NAME:
        return n, n
    start = last - 1
    while start > 0 and not flags[start] & BREAK and marks[start - 1] & _LEAD:
        start -= 1
    near = start
    while near > 0 and near > last - 4 and not flags[near] & BREAK:
        near -= 1
    if near > 0 and flags[near] & BREAK and not holds_number(row, near, start):
        start = near
    return start, extended(row, last, n)
