"""What of an address is compared: its number, flat, postcode and words by role."""

from openoda.data.intake.compiled import (
    ByteRoom,
    Bytes,
    LongRoom,
    Longs,
    Small,
    SmallRoom,
    compiled,
)
from openoda.data.standardise.addresses.place_kernel import (
    COUNTY,
    HASH_STEP,
    LOCALITY,
    ORGANISATION,
    PAON,
    POSTCODE,
    REST,
    SAON,
    STREET,
    TOWN,
)
from openoda.data.standardise.addresses.token_kernel import HYPHEN, SLASH
from openoda.data.standardise.addresses.vocabulary import INWARD_ROOM
from openoda.data.standardise.addresses.words import Mark

NAME, ROAD, KIND, PLACE = range(4)  # roles of words: KIND is a street's type
# Columns of `numbers`; -1 where none is, 0 for SUFFIX and HARD. FLAT_VALUE is the flat's number, or
# its letter's code and LETTER_FROM; HARD is 1 where it is a flat or unit and not only a floor, 2 where a
# number or letter says which, PAIR where it does beside the house number.
LOW, HIGH, SUFFIX, FLAT_VALUE, HARD, ORDER = range(6)
LETTER_FROM = 1_000_000
PAIR = 3  # HARD of a house number and a flat with a stroke between: 3/12, 12/3
# Columns of `codes`: the flat's hash, the postcode's code, the postcode as written (base 36); 0 where
# none is. ORDER is first the storey that a flat's words name, then the flat's place among its building's
# (see `flat_order`).
FLAT, CODE, WRITTEN = range(3)

_NUMBER, _LETTER = int(Mark.NUMBER), int(Mark.LETTER)
_TYPE = int(Mark.STRONG_STREET | Mark.WEAK_STREET)
_SILENT = int(Mark.UNIT | Mark.FLOOR | Mark.LINK | Mark.NUMBER_WORD)
_LINK = int(Mark.LINK)
_SOFT = int(Mark.LEVEL | Mark.FLOOR | Mark.LINK | Mark.RELATION | Mark.NUMBER_WORD)

# By word: marks, values, suffixes, codes of postcodes, words in base 36, lengths, storeys.
Words = tuple[Small, Small, Small, Longs, Longs, Small, Small]
Stream = tuple[Small, Bytes, Bytes]  # ids, labels, flags of tokens
Numbers = tuple[SmallRoom, SmallRoom, SmallRoom, SmallRoom, SmallRoom, SmallRoom]
Codes = tuple[LongRoom, LongRoom, LongRoom]


@compiled
def role_of(label: int, marks: int, last: bool) -> int:
    """The role of a word with a label, or -1 where it isn't compared as a word.

    Only the `last` word of a street is its kind: HILL names Mill Hill's kind, and Hill Road's road.
    """
    if marks & _NUMBER or (marks & _LINK and label != STREET):
        return -1
    if label in (ORGANISATION, PAON, REST):
        return NAME
    if label == STREET:
        return KIND if marks & _TYPE and last else ROAD
    return PLACE if label in (LOCALITY, TOWN, COUNTY) else -1


@compiled
def take_number(stream: Stream, at: int, words: Words, numbers: Numbers, row: int) -> None:
    """Note a house number; a second one after a hyphen ends its range; a letter apart is its letter."""
    ids, _, flags = stream
    marks, values, suffixes = words[0], words[1], words[2]
    word = ids[at]
    if marks[word] & _LETTER and numbers[LOW][row] >= 0 and numbers[SUFFIX][row] == 0:
        if marks[ids[at - 1]] & _NUMBER:
            numbers[SUFFIX][row] = -word - 1
        return
    if values[word] < 0:
        return
    if numbers[LOW][row] < 0 or not flags[at] & HYPHEN:
        numbers[LOW][row], numbers[HIGH][row] = values[word], values[word]
        numbers[SUFFIX][row] = suffixes[word]
    elif values[word] > numbers[LOW][row]:
        numbers[HIGH][row] = values[word]


@compiled
def take_flat(word: int, words: Words, numbers: Numbers, codes: Codes, row: int) -> None:
    """Add a word to what tells a flat apart: FLAT 2, UNIT 2 and APARTMENT 2 are all 2.

    A floor or REAR OF counts only where no number or letter does.
    """
    marks, values, suffixes = words[0], words[1], words[2]
    if words[6][word] > 0:
        numbers[ORDER][row] = words[6][word]
    soft = (marks[word] & _SOFT) != 0
    if marks[word] & _SILENT:
        if not soft:
            numbers[HARD][row] = max(numbers[HARD][row], 1)
        return
    if numbers[HARD][row] >= 2 and soft:
        return
    if not soft and numbers[HARD][row] < 2:
        codes[FLAT][row], numbers[HARD][row] = 0, 2
    codes[FLAT][row] = codes[FLAT][row] * HASH_STEP + word + 1
    if values[word] >= 0 and suffixes[word] == 0:
        numbers[FLAT_VALUE][row] = values[word]
    elif marks[word] & _LETTER and numbers[FLAT_VALUE][row] < 0:
        numbers[FLAT_VALUE][row] = -word - 2


@compiled
def take_postcode(word: int, words: Words, codes: Codes, row: int) -> None:
    """Add a word to a postcode: to its code where it is well formed so far, and to its signs."""
    code, known = words[3][word], codes[CODE][row]
    if known == 0 or (known % INWARD_ROOM == 0 and code < INWARD_ROOM):
        codes[CODE][row] = known + code
    written, shift = codes[WRITTEN][row], words[5][word]
    for _ in range(shift):
        written *= 36
    codes[WRITTEN][row] = written + words[4][word]


@compiled
def summarise_rows(
    stream: Stream,
    rows: Small,
    words: Words,
    room: tuple[Numbers, Codes],
    bag: tuple[SmallRoom, ByteRoom, SmallRoom],
) -> int:
    """Fill numbers, codes and the bag of words (ids, roles, where each row's start) of every row.

    Returns how many words the bags hold.
    """
    ids, labels, _ = stream
    numbers, codes = room
    bag_ids, bag_roles, bag_rows = bag
    count = 0
    for row in range(len(rows) - 1):
        bag_rows[row] = count
        for at in range(rows[row], rows[row + 1]):
            word, label = ids[at], labels[at]
            if label == POSTCODE:
                take_postcode(word, words, codes, row)
            elif label == SAON:
                take_flat(word, words, numbers, codes, row)
                if stream[2][at] & SLASH and at > rows[row] and labels[at - 1] == PAON:
                    numbers[HARD][row] = PAIR
            elif label == PAON:
                take_number(stream, at, words, numbers, row)
            last = at + 1 == rows[row + 1] or labels[at + 1] != label
            role = role_of(label, words[0][word], last)
            if role >= 0:
                bag_ids[count], bag_roles[count] = word, role
                count += 1
    bag_rows[len(rows) - 1] = count
    return count
