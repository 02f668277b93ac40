"""Tokens of one part of each address, written out again as text."""

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled
from openoda.data.standardise.addresses.token_kernel import HYPHEN, SLASH
from openoda.data.standardise.addresses.words import Mark

_NUMBER, _LETTER, _WHOLE = int(Mark.NUMBER), int(Mark.LETTER), int(Mark.POSTCODE)
_SPACE, _DASH, _STROKE = 32, 45, 47
INWARD_SIGNS = 3

Stream = tuple[Small, Bytes, Bytes, Small]  # ids, labels, flags of tokens; where each row's start
Texts = tuple[Bytes, Small, Small]  # the words' bytes, where each starts, the words' marks


@compiled
def sign_between(before: int, marks: int, flags: int) -> int:
    """The sign between two tokens of a part: a dash or a stroke in numbers, else a space (0: none)."""
    if before & _NUMBER and marks & _LETTER:
        return 0
    if before & (_NUMBER | _LETTER) and marks & (_NUMBER | _LETTER):
        if flags & HYPHEN:
            return _DASH
        if flags & SLASH:
            return _STROKE
    return _SPACE


@compiled
def copy_word(texts: Texts, word: int, apart: bool, out: ByteRoom, at: int) -> int:
    """Write a word, a whole postcode with a space before its inward part; returns where it ends."""
    data, starts, _ = texts
    for place in range(starts[word], starts[word + 1]):
        if apart and place == starts[word + 1] - INWARD_SIGNS:
            out[at] = _SPACE
            at += 1
        out[at] = data[place]
        at += 1
    return at


@compiled
def write_part(stream: Stream, texts: Texts, label: int, out: ByteRoom, starts: SmallRoom) -> int:
    """Fill the text of one part of every row and where each starts; returns how many bytes."""
    ids, labels, flags, rows = stream
    marks = texts[2]
    at = 0
    for row in range(len(rows) - 1):
        starts[row] = at
        before = -1
        for token in range(rows[row], rows[row + 1]):
            if labels[token] != label:
                continue
            word = ids[token]
            if before >= 0:
                sign = sign_between(marks[before], marks[word], flags[token])
                if sign:
                    out[at] = sign
                    at += 1
            whole = (marks[word] & _WHOLE) != 0 and not marks[word] & _NUMBER
            at = copy_word(texts, word, whole, out, at)
            before = word
    starts[len(rows) - 1] = at
    return at
