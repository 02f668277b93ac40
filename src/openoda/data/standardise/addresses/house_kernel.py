"""Labels of what stands before a street: flat (SAON), building or house (PAON), business.

A row under work is as in `place_kernel`.
"""

from openoda.data.intake.compiled import compiled
from openoda.data.standardise.addresses.place_kernel import (
    ORGANISATION,
    PAON,
    REST,
    SAON,
    Row,
    label_all,
)
from openoda.data.standardise.addresses.token_kernel import BREAK, HYPHEN, SLASH
from openoda.data.standardise.addresses.words import Mark

_NUMBER, _LETTER, _UNIT = int(Mark.NUMBER), int(Mark.LETTER), int(Mark.UNIT)
_LEVEL, _FLOOR, _SCOTTISH = int(Mark.LEVEL), int(Mark.FLOOR), int(Mark.SCOTTISH_FLAT)
_ALONE = int(Mark.ALONE)
_RELATION, _LINK, _WORD_NO = int(Mark.RELATION), int(Mark.LINK), int(Mark.NUMBER_WORD)
_BUSINESS, _BUILDING = int(Mark.BUSINESS), int(Mark.SURE_BUILDING)
_DESIGNATOR = int(Mark.NUMBER | Mark.LETTER | Mark.OUTWARD | Mark.SCOTTISH_FLAT)
_BEGINS_FLAT = int(Mark.UNIT | Mark.SCOTTISH_FLAT | Mark.RELATION)


@compiled
def flat_end(row: Row, at: int, stop: int) -> int:
    """Where the flat that a word as FLAT or UNIT at `at` begins has its end: FLAT 2, UNITS 3-4."""
    _, marks, flags, _ = row
    at += 1
    if at + 1 < stop and marks[at] & _WORD_NO:
        at += 1
    if at >= stop or flags[at] & BREAK or not marks[at] & _DESIGNATOR:
        return at
    if marks[at] & _NUMBER and at + 1 == stop:
        return at + 1
    at += 1
    while at < stop and flags[at] & (HYPHEN | SLASH) and marks[at] & _DESIGNATOR:
        at += 1
    letter = at < stop and not flags[at] & BREAK and marks[at] & _LETTER
    return at + int(letter != 0)


@compiled
def floor_end(row: Row, at: int, stop: int) -> int:
    """Where FIRST FLOOR FLAT or FIRST FLOOR 2 that begins at `at` ends; `at` where it is no floor."""
    _, marks, flags, _ = row
    ahead = at + 1
    while ahead < stop and ahead < at + 3 and marks[ahead] & _LEVEL and not flags[ahead] & BREAK:
        ahead += 1
    if ahead >= stop or flags[ahead] & BREAK or not marks[ahead] & (_FLOOR | _UNIT):
        return at + 1 if marks[at] & _ALONE else at
    if marks[ahead] & _UNIT:
        return flat_end(row, ahead, stop)
    ahead += 1
    if ahead < stop and marks[ahead] & _UNIT and not flags[ahead] & BREAK:
        return flat_end(row, ahead, stop)
    return ahead


@compiled
def relation_end(row: Row, at: int, stop: int) -> int:
    """Where REAR OF, LAND AT or the like that begins at `at` ends."""
    _, marks, _, _ = row
    at += 1
    while at < stop and marks[at] & (_LINK | _RELATION):
        at += 1
    return at


@compiled
def stands_alone(row: Row, at: int, stop: int) -> bool:
    """Whether a word as PENTHOUSE is a flat by itself: it begins a line and ends it."""
    _, marks, flags, _ = row
    begins = at == 0 or (flags[at] & BREAK) != 0
    return begins and (
        at + 1 >= stop or (flags[at + 1] & BREAK) != 0 or (marks[at + 1] & _NUMBER) != 0
    )


@compiled
def saon_end(row: Row, at: int, stop: int) -> int:
    """Where a flat, floor or relation that begins at `at` ends; `at` where none does."""
    marks = row[1]
    if marks[at] & _SCOTTISH:
        return at + 1
    if marks[at] & _UNIT:
        end = flat_end(row, at, stop)
        return end if end > at + 1 or stands_alone(row, at, stop) else at
    if marks[at] & _LEVEL:
        return floor_end(row, at, stop)
    if marks[at] & _RELATION:
        return relation_end(row, at, stop)
    return at


@compiled
def number_end(row: Row, at: int, stop: int) -> int:
    """Where a number with its signs that begins at `at` ends: 2/1, 3-5."""
    _, marks, flags, _ = row
    at += 1
    while at < stop and flags[at] & (HYPHEN | SLASH) and marks[at] & (_NUMBER | _LETTER):
        at += 1
    return at


@compiled
def name_end(row: Row, at: int, stop: int) -> int:
    """Where a run of plain words that begins at `at` ends: at a break, a number or a flat."""
    _, marks, flags, _ = row
    at += 1
    while at < stop and not flags[at] & BREAK and not marks[at] & (_NUMBER | _BEGINS_FLAT):
        if marks[at] & _LEVEL and floor_end(row, at, stop) > at:
            return at
        at += 1
    return at


@compiled
def name_label(row: Row, start: int, stop: int) -> int:
    """Whether a run of words names a business or a building."""
    business = False
    for at in range(start, stop):
        business |= (row[1][at] & _BUSINESS) != 0
    return PAON if row[1][stop - 1] & _BUILDING or not business else ORGANISATION


@compiled
def label_house(row: Row, stop: int, main: int) -> None:
    """Label the places before `stop`; `main` says whether a house number follows there.

    A number is a flat's where the house's own follows, else the house's.
    """
    _, marks, _, labels = row
    at = 0
    while at < stop:
        end = saon_end(row, at, stop)
        if end > at:
            label_all(labels, at, end, SAON)
        elif marks[at] & _WORD_NO and at + 1 < stop + main:
            end = at + 1
            labels[at] = REST
        elif marks[at] & _NUMBER:
            end = number_end(row, at, stop)
            label_all(labels, at, end, SAON if main else PAON)
        elif marks[at] & _LETTER and main and at + 1 == stop:
            end = stop
            labels[at] = SAON
        else:
            end = name_end(row, at, stop)
            label_all(labels, at, end, name_label(row, at, end))
        at = end


@compiled
def label_number(row: Row, start: int, stop: int) -> None:
    """Label the house number: all of it the house's, but of a pair (12/2) the second the flat's."""
    _, _, flags, labels = row
    label_all(labels, start, stop, PAON)
    for at in range(start + 1, stop):
        if flags[at] & SLASH:
            labels[at] = SAON
