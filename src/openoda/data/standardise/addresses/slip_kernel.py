"""How far apart two words are written, for words that aren't the same nor one slip apart."""

from openoda.data.intake.compiled import Bytes, Small, SmallRoom, compiled

LONGEST = 40
LEAST_LENGTH = 4
SLIPS_IN = 3  # one slip is borne for so many signs

Spelling = tuple[Bytes, Small]  # the words' bytes, and where each word's start


@compiled
def slips(
    first: tuple[int, int], second: tuple[int, int, int, int], data: Bytes, room: SmallRoom
) -> int:
    """The edit distance (Levenshtein 1966) between a word and one or two words run together.

    `first` and `second` are where words start and end in `data`; `room` holds one row of costs.
    """
    split, length = second[1] - second[0], second[1] - second[0] + second[3] - second[2]
    for at in range(length + 1):
        room[at] = at
    for row in range(first[0], first[1]):
        corner, room[0] = room[0], row - first[0] + 1
        for at in range(length):
            place = second[0] + at if at < split else second[2] + at - split
            cost = corner + (data[row] != data[place])
            corner = room[at + 1]
            room[at + 1] = min(cost, corner + 1, room[at] + 1)
    return int(room[length])


@compiled
def written_alike(
    word: int, other: int, following: int, spelling: Spelling, room: SmallRoom
) -> bool:
    """Whether a word is `other`, or `other` and `following` (-1: none) in one, but for few slips.

    Words of less than four signs never are; the first or the last sign must agree.
    """
    data, starts = spelling
    start, end = starts[word], starts[word + 1]
    length = end - start
    first, last = starts[other], starts[other + 1]
    more, stop = 0, 0
    if following >= 0:
        more, stop = starts[following], starts[following + 1]
    whole = last - first + stop - more
    final = data[stop - 1] if stop > more else data[last - 1]
    if length < LEAST_LENGTH or length > LONGEST or whole > LONGEST:
        return False
    if abs(length - whole) * SLIPS_IN > length:
        return False
    if data[start] != data[first] and data[end - 1] != final:
        return False
    return bool(slips((start, end), (first, last, more, stop), data, room) * SLIPS_IN <= length)


@compiled
def alike_among(
    word: int, others: SmallRoom, count: int, spelling: Spelling, room: SmallRoom
) -> int:
    """Which of some words, left over in order, the word is but for few slips, or -1."""
    for at in range(count):
        if written_alike(word, others[at], -1, spelling, room):
            return at
        following = others[at + 1] if at + 1 < count else -1
        if following >= 0 and written_alike(word, others[at], following, spelling, room):
            return at
    return -1
