"""Labels from an address's end: postcode, county, town; and which ST is a street.

A row under work is five arrays and its length n: words, marks, flags and labels by place. Places go
from 0 to n; a token with a label other than OPEN is settled.
"""

from openoda.data.intake.compiled import ByteRoom, Bytes, Longs, Small, SmallRoom, compiled
from openoda.data.standardise.addresses.token_kernel import BREAK, HYPHEN
from openoda.data.standardise.addresses.words import Mark

OPEN, ORGANISATION, SAON, PAON, STREET, LOCALITY, TOWN, COUNTY, POSTCODE, REST = range(10)

Row = tuple[SmallRoom, SmallRoom, ByteRoom, ByteRoom]  # ids, marks, flags, labels

LONGEST_PHRASE = 5
HASH_STEP = 1_000_003
_MAYBE_UNIT = int(Mark.MAYBE_UNIT)
_LANE, _RANGE, _LINK = int(Mark.MAYBE_LANE), int(Mark.RANGE_WORD), int(Mark.LINK)
_DESIGNATOR = int(Mark.NUMBER | Mark.LETTER | Mark.OUTWARD)
_LETTER, _SHORT = int(Mark.LETTER), int(Mark.SHORT)
SIDES = 9  # where the pairs of a letter and its direction begin among the words settled
_BEFORE_INWARD = int(Mark.OUTWARD | Mark.MAYBE_OUTWARD)
_OUTWARD, _INWARD, _WHOLE = int(Mark.OUTWARD), int(Mark.INWARD), int(Mark.POSTCODE)
_UNIT, _STRONG, _WEAK = int(Mark.UNIT), int(Mark.STRONG_STREET), int(Mark.WEAK_STREET)
_MIXED = int(Mark.MIXED)
_OF_A_CODE = int(Mark.MIXED | Mark.SHORT | Mark.OUTWARD | Mark.INWARD | Mark.NUMBER | Mark.LETTER)
_NEVER_A_CODE = int(Mark.MAYBE_UNIT | Mark.SCOTTISH_FLAT)
_SAINT, _NUMBER, _BUILDING = int(Mark.SAINT_OR_STREET), int(Mark.NUMBER), int(Mark.SURE_BUILDING)


@compiled
def whole_postcode_at(marks: Small, start: int, end: int) -> tuple[int, int]:
    """Where the last well-formed postcode of a row starts and ends, in tokens; (end, end) if none."""
    for at in range(end - 1, start - 1, -1):
        if marks[at] & _WHOLE:
            return at, at + 1
        if marks[at] & _INWARD and at > start and marks[at - 1] & _BEFORE_INWARD:
            return at - 1, at + 1
    return end, end


@compiled
def damaged_postcode_at(marks: Small, flags: Bytes, start: int, end: int) -> int:
    """Where a last line starts that can only be a damaged postcode (OD 0PD, OD2 S1R); `end` if none.

    It begins with no number and no flat, and has few short pieces, one of letters and digits.
    """
    first = end - 1
    while first > start and not flags[first] & BREAK:
        first -= 1
    if first <= start or end - first > 3 or marks[first] & _NUMBER:
        return end
    mixed = 0
    for at in range(first, end):
        if not marks[at] & _OF_A_CODE or marks[at] & _NEVER_A_CODE:
            return end
        mixed |= marks[at] & _MIXED
    return first if mixed else end


@compiled
def postcode_at(marks: Small, flags: Bytes, start: int, end: int) -> tuple[int, int]:
    """Where the last postcode of a row starts and ends, in tokens; (end, end) where none is.

    A damaged one, or an outward code alone or with what is left of an inward one (LS1 4A), counts
    only at the very end, and not after FLAT.
    """
    first, last = whole_postcode_at(marks, start, end)
    if last > first:
        return first, last
    first = damaged_postcode_at(marks, flags, start, end)
    if first < end:
        return first, end
    last = end - 1
    while last > start and last > end - 3 and not marks[last] & _OUTWARD and marks[last] & _SHORT:
        last -= 1
    if last > start and marks[last] & _OUTWARD and not marks[last - 1] & _UNIT:
        return last, end
    return end, end


@compiled
def has_hash(hashes: Longs, code: int) -> bool:
    """Whether a sorted array holds the hash."""
    low, high = 0, len(hashes)
    while low < high:
        middle = (low + high) >> 1
        if hashes[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low < len(hashes) and hashes[low] == code


@compiled
def phrase_before(row: Row, stop: int, phrases: Longs) -> int:
    """How many tokens the longest of `phrases` that ends before `stop` has; 0 where none does.

    `phrases` are sorted hashes of words in full (`phrases.hashed`).
    """
    ids, _, flags, _ = row
    for length in range(min(LONGEST_PHRASE, stop), 0, -1):
        code, whole = 0, True
        for at in range(stop - length, stop):
            code = code * HASH_STEP + ids[at] + 1
            whole &= at == stop - length or not flags[at] & BREAK
        if whole and has_hash(phrases, code):
            return length
    return 0


@compiled
def label_all(labels: ByteRoom, start: int, stop: int, label: int) -> None:
    """Give every place from start to stop the label."""
    for at in range(start, stop):
        labels[at] = label


@compiled
def take_counties(row: Row, n: int, counties: Longs) -> int:
    """Label counties and countries at the end; returns where what is left ends."""
    labels = row[3]
    while n > 1:
        length = phrase_before(row, n, counties)
        if length == 0 or length >= n:
            return n
        label_all(labels, n - length, n, COUNTY)
        n -= length
    return n


@compiled
def take_town(row: Row, n: int, towns: Longs) -> int:
    """Label a known town at the end; returns where what is left ends.

    A town needs something before it, and a house number just before it makes it a street.
    """
    _, marks, _, labels = row
    length = phrase_before(row, n, towns)
    if length == 0 or length >= n or (marks[n - length - 1] & _NUMBER and n - length == 1):
        return n
    label_all(labels, n - length, n, TOWN)
    return n - length


@compiled
def is_street_here(row: Row, at: int, n: int) -> bool:
    """Whether the ST at a place is a street's and not a saint's.

    A saint begins a name, or is followed within three words by the street's type, or comes after
    it.
    """
    _, marks, flags, _ = row
    if at == 0 or flags[at] & BREAK or marks[at - 1] & _NUMBER:
        return False
    ahead = at + 1
    while ahead < min(at + 4, n) and not flags[ahead] & BREAK:
        if marks[ahead] & _STRONG or (marks[ahead] & _WEAK and ahead > at + 1):
            return False
        ahead += 1
    behind = at - 1
    while behind > 0 and not flags[behind] & BREAK and not marks[behind] & _NUMBER:
        if marks[behind] & _STRONG:
            return False
        behind -= 1
    return True


@compiled
def is_unit_here(row: Row, at: int, n: int) -> bool:
    """Whether F or U stands for FLAT or UNIT: it begins a line or follows a street's type, and a
    number follows, or a letter that another number, a break or the end comes after.
    """
    _, marks, flags, _ = row
    if at + 1 >= n or flags[at + 1] & BREAK or not marks[at + 1] & _DESIGNATOR:
        return False
    if at > 0 and not flags[at] & BREAK and not marks[at - 1] & (_STRONG | _WEAK):
        return False
    if marks[at + 1] & (_NUMBER | _OUTWARD):
        return True
    return bool(at + 2 >= n or flags[at + 2] & BREAK or marks[at + 2] & _NUMBER)


@compiled
def settle_side(row: Row, at: int, n: int, words: Small) -> None:
    """Turn N, E, S or W into its direction where a street's type follows: 57 N STREET."""
    ids, marks, flags, _ = row
    if at + 1 >= n or flags[at + 1] & BREAK or not marks[at + 1] & (_STRONG | _WEAK | _SAINT):
        return
    for pair in range(SIDES, len(words), 3):
        if ids[at] == words[pair]:
            ids[at], marks[at] = words[pair + 1], words[pair + 2]
            return


@compiled
def settle_words(row: Row, n: int, words: Small) -> None:
    """Turn each word that its place explains into what it stands for: ST, LA, F and U.

    `words` are the numbers and marks of STREET, LANE, FLAT and UNIT, the number of F, and for each of
    N, E, S and W its number and its direction's number and marks.
    """
    ids, marks, flags, _ = row
    for at in range(n):
        if marks[at] & _LETTER:
            settle_side(row, at, n, words)
        if marks[at] & _SAINT and is_street_here(row, at, n):
            ids[at], marks[at] = words[0], words[1]
        elif marks[at] & _LANE and at > 0 and not flags[at] & BREAK:
            if not marks[at - 1] & (_NUMBER | _LINK):
                ids[at], marks[at] = words[2], words[3]
        elif marks[at] & _MAYBE_UNIT and is_unit_here(row, at, n):
            place = 4 if ids[at] == words[8] else 6
            ids[at], marks[at] = words[place], words[place + 1]


@compiled
def joins_range(marks: Small, at: int, bounds: tuple[int, int]) -> bool:
    """Whether a word stands between two numbers as a dash would: 3 to 5."""
    if not marks[at] & _RANGE or at == bounds[0] or at + 1 >= bounds[1]:
        return False
    return bool(marks[at - 1] & marks[at + 1] & _NUMBER)


@compiled
def open_row(
    stream: tuple[Small, Small, Bytes], bounds: tuple[int, int], cut: tuple[int, int], row: Row
) -> int:
    """Copy the tokens of a row into the arrays under work, without its postcode; returns how many.

    A break before the postcode's place is kept for the token after it, and TO between numbers leaves
    a dash.
    """
    all_ids, all_marks, all_flags = stream
    ids, marks, flags, labels = row
    n = kept = 0
    for at in range(bounds[0], bounds[1]):
        kept |= all_flags[at]
        if cut[0] <= at < cut[1]:
            continue
        if joins_range(all_marks, at, bounds):
            kept |= HYPHEN
            continue
        ids[n], marks[n], flags[n], labels[n] = all_ids[at], all_marks[at], kept, OPEN
        n += 1
        kept = 0
    return n
