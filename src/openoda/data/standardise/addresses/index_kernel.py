"""Which gazetteer rows could be an address: an inverted index over words, numbers and postcodes."""

import numpy as np

from openoda.data.intake.compiled import (
    ByteRoom,
    Bytes,
    FloatRoom,
    LongRoom,
    Longs,
    Small,
    SmallRoom,
    compiled,
)
from openoda.data.standardise.addresses.record_kernel import LETTER_FROM

_POSTCODE, _NUMBER_WORD, _PAIR, _WORD, _SECTOR_WORD, _FLAT_WORD, _NUMBER_CODE = range(1, 8)
_NUMBER_PAIR = 8
_STEP = 0x2545F4914F6CDD1D

# numbers (low, high, letter, flat, hard, order), codes (flat, postcode, its signs), bags (words,
# roles, rows)
Bags = tuple[Small, Bytes, Small]
Fields = tuple[tuple[Small, Small, Small, Small, Small, Small], tuple[Longs, Longs, Longs], Bags]
Postings = tuple[Longs, Small, Small]  # slots (key hashes), where each key's rows start, the rows
# For each word where its near words start, and they; for each row where its near postcodes start, and
# they.
Near = tuple[Small, Small, Small, Longs]
MOST_KEYS = 512
MOST_CODE_KEYS = 12


@compiled
def mixed(kind: int, first: int, second: int) -> int:
    """One hash of a key's parts; never 0."""
    code = kind * 0x9E3779B97F4A7C + first * 1_000_003 + second * 998_244_353 + 12_345
    code ^= code >> 29
    code *= _STEP
    code ^= code >> 32
    return code if code != 0 else 1


@compiled
def word_keys(
    words: tuple[int, int, int], low: int, stop: Bytes, keys: LongRoom, count: int
) -> int:
    """Add the keys of a word with the next one (-1: none) and with the house number.

    `words` are the word, the next one and the postcode's code.
    """
    word, following, code = words
    if count + 6 > MOST_KEYS:
        return count
    if following >= 0:
        keys[count] = mixed(_PAIR, word, following)
        count += 1
    if following >= 0 and low >= 0:
        keys[count] = mixed(_NUMBER_PAIR, word * LETTER_FROM + following, low)
        count += 1
    if stop[word]:
        return count
    keys[count] = mixed(_WORD, word, 0)
    count += 1
    if low >= 0:
        keys[count] = mixed(_NUMBER_WORD, word, low)
        count += 1
    if code > 0:
        keys[count] = mixed(_SECTOR_WORD, word, code // 50_000)
        count += 1
    return count


@compiled
def number_keys(
    fields: Fields, row: int, word: int, stop: Bytes, keys: LongRoom, count: int
) -> int:
    """Add a word's keys with the other numbers of a row: its flat's and its range's end."""
    numbers = fields[0]
    if stop[word] or count + 3 > MOST_KEYS:
        return count
    flat = numbers[3][row]
    if flat < 0 and numbers[2][row] > 0:
        flat = LETTER_FROM + numbers[2][row]
    if flat >= 0:
        keys[count] = mixed(_FLAT_WORD, word, flat * 100_003 + numbers[0][row])
        count += 1
    if numbers[1][row] > numbers[0][row]:
        keys[count] = mixed(_NUMBER_WORD, word, numbers[1][row])
        count += 1
    if numbers[3][row] >= 0:
        keys[count] = mixed(_NUMBER_WORD, word, numbers[3][row])
        count += 1
    return count


@compiled
def keys_of(fields: Fields, row: int, stop: Bytes, near: Near, keys: LongRoom) -> int:
    """Fill the keys of a row, with those of words near its own; returns how many."""
    numbers, codes, bags = fields
    words, _, rows = bags
    low, code = numbers[0][row], codes[1][row]
    count = 0
    if code % 50_000 > 0:
        keys[0] = mixed(_POSTCODE, code, 0)
        keys[1] = mixed(_NUMBER_CODE, code, low)
        count = 2
    for at in range(near[2][row], near[2][row + 1]):
        if count < MOST_CODE_KEYS:
            keys[count] = mixed(_NUMBER_CODE, near[3][at], low)
            count += 1
    for at in range(rows[row], rows[row + 1]):
        following = words[at + 1] if at + 1 < rows[row + 1] else -1
        count = word_keys((words[at], following, code), low, stop, keys, count)
        count = number_keys(fields, row, words[at], stop, keys, count)
        for other in range(near[0][words[at]], near[0][words[at] + 1]):
            count = word_keys((near[1][other], following, code), low, stop, keys, count)
    return count


@compiled
def undoubled_keys(fields: Fields, row: int, keys: LongRoom, count: int) -> int:
    """Add the keys of a number with two like digits as if one of them had been typed twice: 466."""
    low = fields[0][0][row]
    words, _, rows = fields[2]
    unit = 1
    while low >= 10 * unit:
        if low // unit % 10 == low // unit // 10 % 10:
            single = low // unit // 10 * unit + low % unit
            for at in range(rows[row], rows[row + 1] - 1):
                if count < MOST_KEYS:
                    pair = words[at] * LETTER_FROM + words[at + 1]
                    keys[count] = mixed(_NUMBER_PAIR, pair, single)
                    count += 1
        unit *= 10
    return count


@compiled
def all_keys(
    fields: Fields,
    stop: Bytes,
    near: Near,
    bounds: tuple[int, int],
    out: tuple[LongRoom, SmallRoom],
) -> int:
    """Fill the keys of the rows within bounds, each with its row; returns how many."""
    keys = np.empty(MOST_KEYS, np.int64)
    total = 0
    for row in range(bounds[0], bounds[1]):
        count = keys_of(fields, row, stop, near, keys)
        for at in range(count):
            out[0][total], out[1][total] = keys[at], row
            total += 1
    return total


@compiled
def place_keys(keys: Longs, slots: LongRoom, owners: SmallRoom) -> int:
    """Put distinct keys in a table of slots (a power of two, 0 empty); `owners` say which."""
    last = len(slots) - 1
    for at in range(len(keys)):
        slot = keys[at] & last
        while slots[slot] != 0:
            slot = (slot + 1) & last
        slots[slot], owners[slot] = keys[at], at
    return len(keys)


@compiled
def find_key(key: int, slots: Longs, owners: Small) -> int:
    """Which key it is, or -1."""
    last = len(slots) - 1
    slot = key & last
    while slots[slot] != 0:
        if slots[slot] == key:
            return int(owners[slot])
        slot = (slot + 1) & last
    return -1


@compiled
def gather(
    keys: LongRoom,
    count: int,
    index: tuple[Longs, Small, Small, Small],
    sums: FloatRoom,
    touched: SmallRoom,
    limits: tuple[int, float],
) -> int:
    """Add each key's weight to the rows that have it; returns how many rows were touched.

    `index` is slots, owners, starts and rows; `limits` the most rows of a key that is followed and
    the logarithm of the gazetteer's size. A key counts once however often an address has it.
    """
    slots, owners, starts, rows = index
    total = 0
    for at in range(count):
        seen = False
        for before in range(at):
            seen |= keys[before] == keys[at]
        key = -1 if seen else find_key(keys[at], slots, owners)
        if key < 0 or starts[key + 1] - starts[key] > limits[0]:
            continue
        weight = limits[1] - np.log(starts[key + 1] - starts[key])
        for place in range(starts[key], starts[key + 1]):
            row = rows[place]
            if sums[row] == 0.0 and total < len(touched):
                touched[total] = row
                total += 1
            sums[row] += weight
    return total


@compiled
def keep_best(sums: FloatRoom, touched: SmallRoom, total: int, kept: SmallRoom, most: int) -> int:
    """The touched rows with the largest sums, into `kept`, best first; the sums go back to 0."""
    count = 0
    for at in range(total):
        row = touched[at]
        value = sums[row]
        place = count
        while place > 0 and sums[kept[place - 1]] < value:
            place -= 1
        if place >= most:
            continue
        count = min(count + 1, most)
        for behind in range(count - 1, place, -1):
            kept[behind] = kept[behind - 1]
        kept[place] = row
    for at in range(total):
        sums[touched[at]] = 0.0
    return count


@compiled
def candidates(
    fields: Fields,
    bounds: tuple[int, int],
    words: tuple[Bytes, Near],
    index: tuple[Longs, Small, Small, Small],
    out: tuple[SmallRoom, SmallRoom],
    limits: tuple[int, int, int],
) -> int:
    """Fill the candidates of each row within bounds: rows of the gazetteer and where each list ends.

    `words` are the stop words and what is near; `limits` the gazetteer's size, the most rows of a
    key, the most candidates of an address. Returns how many there are in all.
    """
    size, most_rows, most = limits
    keys = np.empty(MOST_KEYS, np.int64)
    sums, touched = np.zeros(size, np.float64), np.empty(size, np.int32)
    kept = np.empty(most + 1, np.int32)
    total = 0
    for row in range(bounds[0], bounds[1]):
        count = keys_of(fields, row, words[0], words[1], keys)
        count = undoubled_keys(fields, row, keys, count)
        found = gather(keys, count, index, sums, touched, (most_rows, np.log(size) + 0.1))
        found = keep_best(sums, touched, found, kept, most)
        for at in range(found):
            out[0][total] = kept[at]
            total += 1
        out[1][row - bounds[0]] = total
    return total


__all__ = ["ByteRoom", "all_keys", "candidates", "place_keys"]
