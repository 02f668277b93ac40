"""Free text to tokens, byte by byte: capitals, no punctuation, and what stood before each token."""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled

# What stood before a token (bits). The first token of a row has BREAK.
SOFT, BREAK, SLASH, HYPHEN = 1, 2, 4, 8

(SPACE, LETTER, DIGIT, SILENT, DOT, COMMA, BRACKET, STROKE, DASH, AMPERSAND) = range(10)


def byte_kinds() -> Bytes:
    """The kind of each byte; bytes past ASCII count as letters."""
    kinds = np.zeros(256, np.uint8)
    kinds[128:] = LETTER
    for first, last, kind in (("A", "Z", LETTER), ("a", "z", LETTER), ("0", "9", DIGIT)):
        kinds[ord(first) : ord(last) + 1] = kind
    for signs, kind in (
        ("'`", SILENT), (".", DOT), (",;|\n\r\t", COMMA), ("()[]:", BRACKET), ("/\\", STROKE),
        ("-", DASH), ("&+", AMPERSAND),
    ):  # fmt: skip
        for sign in signs:
            kinds[ord(sign)] = kind
    return kinds


ZERO, CARELESS = 48, (73, 79, 105, 111)  # I and O, where a postcode has 1 and 0
LIKE_LETTERS = (48, 49, 53, 54, 56)  # 0, 1, 5, 6, 8 for O, I, S, G, B

# What a sign between tokens leaves as a mark on the token that follows, by its kind.
MARK_OF_KIND = np.array([0, 0, 0, 0, 0, BREAK, SOFT, SLASH, HYPHEN, 0], np.uint8)


@compiled
def run_of(data: Bytes, at: int, end: int, kinds: Bytes, kind: int) -> int:
    """How many bytes of one kind stand at `at`."""
    start = at
    while at < end and kinds[data[at]] == kind:
        at += 1
    return at - start


@compiled
def parts_here(
    data: Bytes, at: int, end: int, kinds: Bytes, run: tuple[int, int], inside: bool
) -> bool:
    """Whether a token ends before `at` though no sign does: FLAT2, UNIT3A, 12HIGH.

    `run` is the number of letters and of digits in the token so far. A digit amid letters (BEDF0RD)
    is a letter mistyped, SSI3 a postcode, and within a line (`inside`) 5TREET a word: they part
    nothing.
    """
    letters, digits = run
    if kinds[data[at]] == DIGIT:
        after = at + run_of(data, at, end, kinds, DIGIT)
        more = run_of(data, after, end, kinds, LETTER)
        if letters == 3 and data[at - 1] in CARELESS:
            return False
        return digits == 0 and letters >= 3 and more <= 1 and (more == 0 or data[at] != ZERO)
    if letters > 0 or digits == 0 or run_of(data, at, end, kinds, LETTER) < 3:
        return False
    return not (inside and digits == 1 and data[at - 1] in LIKE_LETTERS)


@compiled
def copy_token(
    data: Bytes, at: int, end: int, kinds: Bytes, out: ByteRoom, position: int, inside: bool
) -> tuple[int, int]:
    """Copy one token in capitals; returns where it ends in `data` and in `out`."""
    letters = digits = 0
    while at < end:
        kind = kinds[data[at]]
        if kind == SILENT:
            at += 1
            continue
        if kind not in (LETTER, DIGIT) or parts_here(
            data, at, end, kinds, (letters, digits), inside
        ):
            break
        byte = data[at]
        out[position] = byte - 32 if 97 <= byte <= 122 else byte
        letters += kind == LETTER
        digits += kind == DIGIT
        position += 1
        at += 1
    return at, position


@compiled
def mark_after(kinds: Bytes, marks: Bytes, byte: np.uint8, last: int, spaces: int) -> int:
    """The mark that a sign leaves: two spaces, or a full stop after a long word, part softly."""
    kind = kinds[byte]
    if kind == SPACE:
        return SOFT if spaces else 0
    if kind == DOT:
        return SOFT if last > 4 else 0
    return int(marks[kind])


@compiled
def split_rows(
    texts: tuple[Bytes, Small],
    tables: tuple[Bytes, Bytes],
    out: ByteRoom,
    starts: SmallRoom,
    flags: ByteRoom,
    rows: SmallRoom,
) -> int:
    """Fill the tokens of every row; returns how many there are.

    `tables` are `byte_kinds()` and `MARK_OF_KIND`. `out` has room for three times the bytes,
    `starts` and `flags` for one token a byte and one more; token t of row r stands at
    `out[starts[t]:starts[t + 1]]`, for t from `rows[r]` to `rows[r + 1]`.
    """
    data, offsets = texts
    kinds, marks = tables
    count = position = 0
    for row in range(len(rows) - 1):
        rows[row] = count
        at, end = offsets[row], offsets[row + 1]
        pending, spaces, last = BREAK, 0, 0
        while at < end:
            kind = kinds[data[at]]
            if kind in (LETTER, DIGIT, AMPERSAND):
                starts[count], flags[count] = position, pending
                count += 1
                if kind == AMPERSAND:
                    out[position], out[position + 1], out[position + 2] = 65, 78, 68
                    at, position = at + 1, position + 3
                else:
                    at, position = copy_token(
                        data, at, end, kinds, out, position, not pending & BREAK
                    )
                pending, spaces, last = 0, 0, position - starts[count - 1]
                continue
            pending |= mark_after(kinds, marks, data[at], last, spaces)
            spaces += kind == SPACE
            at += 1
    rows[len(rows) - 1] = count
    starts[count] = position
    return count
