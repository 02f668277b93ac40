"""How one address agrees with one row of the gazetteer: counts of words and levels of agreement."""

import numpy as np

from openoda.data.intake.compiled import Bytes, Floats, Marks, Small, SmallRoom, compiled
from openoda.data.standardise.addresses.index_kernel import Fields, Near
from openoda.data.standardise.addresses.record_kernel import (
    KIND,
    LETTER_FROM,
    NAME,
    PAIR,
    PLACE,
    ROAD,
)
from openoda.data.standardise.addresses.slip_kernel import LONGEST, alike_among
from openoda.data.standardise.addresses.vocabulary import INWARD_ROOM, SECTOR_ROOM

# Places of a pair's evidence. Each of the first five stands for four roles of words (name, road,
# kind of street, place): weight of the gazetteer's words found, how many were found, how many were
# missed, how many of the address's own were left over, and how many were found only nearly. ORDER counts
# neighbouring words that stand apart, and words said once more on one side than on the other; NAMED is 1
# where the row has a name of which a word is found, LEFT_OUT where none is.
WEIGHT, FOUND, MISSED, EXTRA, SIMILAR = 0, 4, 8, 12, 16
NUMBER, FLAT, POSTCODE, ORDER, NAMED, LEFT_OUT, WIDTH = range(20, 27)

(SAME_NUMBER, IN_RANGE, OTHER_LETTER, MOVED, OTHER_NUMBER, NOT_GIVEN, NOT_LISTED,
 NEITHER_NUMBER, RANGE_BEGINS, DOUBLED, HOUSE_FIRST, FLAT_FIRST) = range(12)  # fmt: skip
(SAME_FLAT, MOVED_FLAT, OTHER_FLAT, FLAT_NOT_GIVEN, FLAT_NOT_LISTED, NEITHER_FLAT,
 IN_ORDER, ONLY_FLOOR) = range(8)  # fmt: skip
(SAME_POSTCODE, ONE_SIGN_OFF, SAME_SECTOR, SAME_DISTRICT, OTHER_POSTCODE,
 NO_POSTCODE) = range(6)  # fmt: skip

Evidence = Marks
MOST_LEFT = 24


@compiled
def moved(low: int, flat: int, listed_low: int, listed_flat: int) -> bool:
    """Whether house and flat number change places, or the only number of one side is the other's
    flat (UNIT 4 MILL ROAD, 4 MILL ROAD).

    2/18 may be flat 18 of number 2 or the second flat of number 18, whatever that is called: `flat`
    and `listed_flat` are places in the building.
    """
    if low >= 0 and low == listed_flat:
        return listed_low < 0 or listed_low == flat
    if listed_low >= 0 and listed_low == flat:
        return low < 0
    return False


@compiled
def letter_is_flat(
    numbers: tuple[int, int], flat: int, listed: tuple[int, int], listed_flat: int
) -> bool:
    """Whether one side's flat is the letter of the other's number: FLAT A 67, 67A.

    `numbers` and `listed` are a house number and its letter.
    """
    if numbers[0] < 0 or numbers[0] != listed[0]:
        return False
    if listed[1] > 0 and numbers[1] == 0 and listed_flat < 0:
        return flat == LETTER_FROM + listed[1]
    return (
        numbers[1] > 0 and listed[1] == 0 and flat < 0 and listed_flat == LETTER_FROM + numbers[1]
    )


@compiled
def doubled(given: int, listed: int) -> bool:
    """Whether a number is the listed one with one digit typed twice: 466 for 46.

    Not of one digit: 22 is a house of its own more often than a 2 typed twice.
    """
    unit = 1 if listed > 9 else listed + 1
    while unit <= listed:
        if given == (listed // unit * 10 + listed // unit % 10) * unit + listed % unit:
            return True
        unit *= 10
    return False


@compiled
def number_level(mine: Fields, m: int, theirs: Fields, c: int) -> int:
    """How the house numbers agree; of a pair (3/12) which of its numbers is the house's."""
    a, b = mine[0], theirs[0]
    low, other = a[0][m], b[0][c]
    if letter_is_flat((low, a[2][m]), a[3][m], (other, b[2][c]), b[3][c]):
        return SAME_NUMBER
    pair = a[4][m] == PAIR
    if moved(low, a[5][m], other, b[5][c]):
        return FLAT_FIRST if pair else MOVED
    if low >= 0 and other >= 0:
        if low == other and a[1][m] == b[1][c]:
            if a[2][m] == b[2][c]:
                return HOUSE_FIRST if pair else SAME_NUMBER
            return OTHER_NUMBER if a[2][m] and b[2][c] else OTHER_LETTER
        if low == other and a[1][m] == low and a[2][m] == b[2][c]:
            return RANGE_BEGINS
        if low <= b[1][c] and other <= a[1][m]:
            return IN_RANGE
        return DOUBLED if doubled(low, other) and a[2][m] == b[2][c] else OTHER_NUMBER
    if other >= 0:
        return NOT_GIVEN
    return NOT_LISTED if low >= 0 else NEITHER_NUMBER


@compiled
def flat_level(mine: Fields, m: int, theirs: Fields, c: int) -> int:
    """How the flats agree; MOVED_FLAT where a flat stands as the house's number or its letter."""
    flat, other = mine[1][0][m], theirs[1][0][c]
    a, b = mine[0], theirs[0]
    if flat == other:
        return SAME_FLAT if flat != 0 else NEITHER_FLAT
    value, listed = a[3][m], b[3][c]
    if letter_is_flat((a[0][m], a[2][m]), value, (b[0][c], b[2][c]), listed):
        return MOVED_FLAT
    order, place = a[5][m], b[5][c]
    numbered, named = 0 <= value < LETTER_FROM, 0 <= listed < LETTER_FROM
    if moved(a[0][m], order, b[0][c], place):
        if numbered and not named and place > 0:
            return IN_ORDER
        return MOVED_FLAT if order > 0 and place > 0 else NEITHER_FLAT
    if order > 0 and order == place and numbered != named:
        return IN_ORDER
    if a[4][m] and b[4][c]:
        return SAME_FLAT if value >= 0 and value == listed else OTHER_FLAT
    if a[4][m]:
        return FLAT_NOT_LISTED
    return FLAT_NOT_GIVEN if b[4][c] else ONLY_FLOOR


@compiled
def signs_off(first: int, second: int) -> int:
    """How many signs differ between two numbers written in base 36; two that are swapped count once."""
    count = swapped = 0
    while first != second:
        if first % 36 != second % 36:
            count += 1
            swapped += first // 36 % 36 == second % 36 and second // 36 % 36 == first % 36
        first, second = first // 36, second // 36
    return count - min(swapped, 1)


@compiled
def postcode_level(first: int, second: int, near: Near, row: int) -> int:
    """How two codes of postcodes agree; those near a row's own count as one sign off."""
    for at in range(near[2][row], near[2][row + 1]):
        if near[3][at] == second:
            return ONE_SIGN_OFF
    if first == 0 or second == 0:
        return NO_POSTCODE
    if first == second:
        return SAME_POSTCODE
    outward, other = first // INWARD_ROOM, second // INWARD_ROOM
    inward, listed = first % INWARD_ROOM, second % INWARD_ROOM
    whole = inward > 0 and listed > 0
    off = signs_off(inward - 1, listed - 1) if whole else 3
    if outward == other:
        if off == 1:
            return ONE_SIGN_OFF
        same = whole and (inward - 1) // SECTOR_ROOM == (listed - 1) // SECTOR_ROOM
        return SAME_SECTOR if same else SAME_DISTRICT
    return ONE_SIGN_OFF if whole and off == 0 and signs_off(outward, other) == 1 else OTHER_POSTCODE


@compiled
def is_near(word: int, other: int, near: Near) -> bool:
    """Whether a word of the gazetteer (`other`) is among those near a word of an address."""
    for at in range(near[0][word], near[0][word + 1]):  # noqa: SIM110 (numba compiles no generators)
        if near[1][at] == other:
            return True
    return False


@compiled
def holds(words: Small, start: int, stop: int, word: int) -> bool:
    """Whether the word stands between the places."""
    for at in range(start, stop):  # noqa: SIM110
        if words[at] == word:
            return True
    return False


@compiled
def near_held(mine: Fields, m: int, word: int, near: Near) -> bool:
    """Whether a word near the gazetteer's stands in the address."""
    words, _, rows = mine[2]
    for at in range(rows[m], rows[m + 1]):  # noqa: SIM110
        if is_near(words[at], word, near):
            return True
    return False


@compiled
def left_over(mine: Fields, m: int, theirs: Fields, c: int, near: Near, left: SmallRoom) -> int:
    """Fill the places of the address's words that the gazetteer row lacks; returns how many."""
    words, _, rows = mine[2]
    listed, _, places = theirs[2]
    count = 0
    for place in range(rows[m], rows[m + 1]):
        word = words[place]
        found = holds(listed, places[c], places[c + 1], word)
        found |= holds(words, rows[m], place, word)
        for other in range(near[0][word], near[0][word + 1]):
            found |= holds(listed, places[c], places[c + 1], near[1][other])
        if not found and count < len(left):
            left[count] = place
            count += 1
    return count


@compiled
def count_theirs(
    pair: tuple[Fields, int, Fields, int],
    words: tuple[Near, Floats, Bytes, Small],
    left: tuple[SmallRoom, SmallRoom, int],
    out: Evidence,
    at: int,
) -> int:
    """Count the gazetteer row's words that the address has, exactly or nearly, and those it lacks.

    `left` are the words that the address has over and room for costs; returns how many of them
    proved to be misspelt. Weights are kept in thousandths.
    """
    mine, m, theirs, c = pair
    given, _, rows = mine[2]
    listed, roles, places = theirs[2]
    misspelt = 0
    for place in range(places[c], places[c + 1]):
        word, role = listed[place], roles[place]
        if holds(listed, places[c], place, word):
            continue
        exact = holds(given, rows[m], rows[m + 1], word)
        alike = exact or near_held(mine, m, word, words[0])
        if not alike and left[2] > 0:
            alike = alike_among(word, left[0], left[2], (words[2], words[3]), left[1]) >= 0
            misspelt += alike
        if alike:
            out[at, WEIGHT + role] += int(1000 * words[1][word])
            out[at, FOUND + role] += 1
            out[at, SIMILAR + role] += not exact
        else:
            out[at, MISSED + role] += 1
    return misspelt


@compiled
def as_one(out: Evidence, at: int) -> None:
    """Count what was left out whole (a name, a street, a place) as one word missed, not as many."""
    out[at, NAMED] = out[at, FOUND + NAME] > 0
    if out[at, FOUND + NAME] == 0 and out[at, MISSED + NAME] > 0:
        out[at, LEFT_OUT], out[at, MISSED + NAME] = 1, 0
    if out[at, FOUND + ROAD] == 0 and out[at, EXTRA + ROAD] == 0 and out[at, MISSED + ROAD] > 0:
        out[at, MISSED + ROAD], out[at, MISSED + KIND] = 1, 0
    out[at, MISSED + PLACE] = min(out[at, MISSED + PLACE], 1)
    for role in (NAME, KIND, PLACE):
        if out[at, FOUND + role] == 0:
            out[at, MISSED + role] = min(out[at, MISSED + role], 1)
            out[at, EXTRA + role] = min(out[at, EXTRA + role], 1)


@compiled
def stands_before(words: Small, start: int, stop: int, word: int, following: int) -> bool:
    """Whether the two words stand side by side between the places."""
    for at in range(start, stop - 1):  # noqa: SIM110
        if words[at] == word and words[at + 1] == following:
            return True
    return False


@compiled
def repeats(words: Small, start: int, stop: int) -> int:
    """How many words between the places have been said before."""
    count = 0
    for at in range(start, stop):
        count += holds(words, start, at, words[at])
    return count


@compiled
def disorder(mine: Fields, m: int, theirs: Fields, c: int) -> int:
    """How many neighbouring words of the gazetteer's row stand apart, and the repeats too many."""
    words, _, rows = mine[2]
    listed, _, places = theirs[2]
    start, stop = rows[m], rows[m + 1]
    count = 0
    for at in range(places[c], places[c + 1] - 1):
        word, following = listed[at], listed[at + 1]
        if holds(words, start, stop, word) and holds(words, start, stop, following):
            count += not stands_before(words, start, stop, word, following)
    return count + abs(repeats(words, start, stop) - repeats(listed, places[c], places[c + 1]))


@compiled
def strayed(mine: Fields, m: int, theirs: Fields, c: int, words: tuple[Bytes, Small]) -> bool:
    """Whether the house number's letter is the first of a listed word: 23G LEBE ROAD, GLEBE ROAD."""
    letter = mine[0][2][m]
    data, starts = words
    given, _, rows = mine[2]
    listed, _, places = theirs[2]
    for at in range(rows[m], rows[m + 1]):
        start, end = starts[given[at]], starts[given[at] + 1]
        for place in range(places[c], places[c + 1]):
            first, last = starts[listed[place]], starts[listed[place] + 1]
            alike = last - first == end - start + 1 and data[first] == letter
            for sign in range(end - start):
                alike = alike and data[first + 1 + sign] == data[start + sign]
            if alike:
                return True
    return False


@compiled
def compare_rows(
    mine: Fields,
    theirs: Fields,
    pairs: tuple[Small, Small],
    words: tuple[Near, Floats, Bytes, Small],
    out: Evidence,
) -> int:
    """Fill the evidence of every pair (row of the addresses, row of the gazetteer).

    `words` are what is near, the weight of each word, and the words' bytes and where each starts.
    Returns how many pairs there are.
    """
    places, left = np.empty(MOST_LEFT, np.int32), np.empty(MOST_LEFT, np.int32)
    costs = np.empty(LONGEST + 2, np.int32)
    for at in range(len(pairs[0])):
        m, c = pairs[0][at], pairs[1][at]
        over = left_over(mine, m, theirs, c, words[0], places)
        for place in range(over):
            left[place] = mine[2][0][places[place]]
        misspelt = count_theirs((mine, m, theirs, c), words, (left, costs, over), out, at)
        for place in range(over - min(misspelt, over)):
            out[at, EXTRA + mine[2][1][places[place]]] += 1
        as_one(out, at)
        out[at, ORDER] = disorder(mine, m, theirs, c)
        level = number_level(mine, m, theirs, c)
        if level == OTHER_LETTER and strayed(mine, m, theirs, c, (words[2], words[3])):
            level = SAME_NUMBER
        out[at, NUMBER] = level
        out[at, FLAT] = flat_level(mine, m, theirs, c)
        out[at, POSTCODE] = postcode_level(mine[1][1][m], theirs[1][1][c], words[0], m)
    return len(pairs[0])
