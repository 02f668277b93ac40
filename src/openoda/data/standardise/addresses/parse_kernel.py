"""One label for each token of an address: which part of BS 7666 it belongs to."""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, Longs, Small, SmallRoom, compiled
from openoda.data.standardise.addresses.house_kernel import (
    label_house,
    label_number,
    saon_end,
)
from openoda.data.standardise.addresses.place_kernel import (
    LOCALITY,
    PAON,
    POSTCODE,
    REST,
    SAON,
    STREET,
    TOWN,
    Row,
    joins_range,
    label_all,
    open_row,
    postcode_at,
    settle_words,
    take_counties,
    take_town,
)
from openoda.data.standardise.addresses.street_kernel import (
    main_number,
    named_street,
    next_break,
    numbered_street,
)
from openoda.data.standardise.addresses.token_kernel import BREAK, HYPHEN
from openoda.data.standardise.addresses.words import Mark

_NUMBER, _STRONG = int(Mark.NUMBER), int(Mark.STRONG_STREET)


@compiled
def last_break(row: Row, start: int, stop: int) -> int:
    """The last place in [start, stop) before which a break stands, or -1."""
    for at in range(stop - 1, start - 1, -1):
        if row[2][at] & BREAK:
            return at
    return -1


@compiled
def label_tail(row: Row, start: int, stop: int, town_known: bool) -> None:
    """Label what follows the street: flats, the locality, and the town where none was known."""
    _, marks, _, labels = row
    at = start
    while at < stop:
        end = saon_end(row, at, stop)
        if end > at:
            label_all(labels, at, end, SAON)
        else:
            end = at + 1
            labels[at] = REST if marks[at] & _NUMBER else LOCALITY
        at = end
    if town_known or start >= stop:
        return
    town = last_break(row, start, stop)
    town = stop - 1 if town < 0 else town
    for at in range(town, stop):
        if labels[at] == LOCALITY:
            labels[at] = TOWN


@compiled
def label_without_street(row: Row, n: int, town_known: bool) -> None:
    """Label an address in which no street was found: its first line, then the locality."""
    stop = next_break(row, 0, n)
    label_house(row, stop, 0)
    label_tail(row, stop, n, town_known)


@compiled
def label_open(row: Row, n: int, town_known: bool) -> None:
    """Label everything before the town."""
    start, stop = main_number(row, n)
    if start >= 0:
        first, last = numbered_street(row, stop, n)
        label_house(row, start, 1)
        label_number(row, start, stop)
        label_all(row[3], stop, first, PAON)
    else:
        first, last = named_street(row, n)
        if first >= n:
            label_without_street(row, n, town_known)
            return
        label_house(row, first, 0)
    label_all(row[3], first, last, STREET)
    label_tail(row, last, n, town_known)


@compiled
def take_last_flat(row: Row, n: int) -> int:
    """Label a flat or floor that stands apart at the very end; returns where what is left ends."""
    start = last_break(row, 1, n)
    if start <= 0 or saon_end(row, start, n) < n:
        return n
    label_all(row[3], start, n, SAON)
    return start


@compiled
def label_row(row: Row, n: int, phrases: tuple[Longs, Longs], words: Small) -> None:
    """Label one row without its postcode; `phrases` are the hashes of counties and of towns."""
    n = take_last_flat(row, n)
    rest = take_counties(row, n, phrases[0])
    end = take_town(row, rest, phrases[1])
    settle_words(row, end, words)
    if end > 0:
        label_open(row, end, end < rest)


@compiled
def close_row(
    row: Row,
    marks: Small,
    bounds: tuple[int, int],
    cut: tuple[int, int],
    out: tuple[SmallRoom, ByteRoom, ByteRoom],
) -> None:
    """Copy the labels back, and the words that changed; what was left aside has its own label."""
    ids, labels, flags = out
    n = 0
    for at in range(bounds[0], bounds[1]):
        if cut[0] <= at < cut[1]:
            labels[at] = POSTCODE
        elif joins_range(marks, at, bounds):
            labels[at] = REST
        else:
            ids[at], labels[at] = row[0][n], row[3][n]
            flags[at] |= row[2][n] & HYPHEN
            n += 1


@compiled
def label_rows(
    stream: tuple[Small, Small, Bytes],
    rows: Small,
    lexicon: tuple[Longs, Longs, Small],
    out: tuple[SmallRoom, ByteRoom, ByteRoom],
) -> int:
    """Fill every token's word in full (with ST settled), its label, and dashes that words stand for.

    `stream` is words in full, marks and flags; `lexicon` the hashes of counties and towns, and the
    words that `settle_words` asks for. Rows stand between consecutive entries of `rows`, which
    needn't begin at 0. Returns the number of rows.
    """
    room = 1
    for at in range(len(rows) - 1):
        room = max(room, rows[at + 1] - rows[at])
    row = (
        np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.uint8),
        np.empty(room, np.uint8),
    )  # fmt: skip
    for at in range(len(rows) - 1):
        bounds = (rows[at], rows[at + 1])
        cut = postcode_at(stream[1], stream[2], bounds[0], bounds[1])
        n = open_row(stream, bounds, cut, row)
        label_row(row, n, (lexicon[0], lexicon[1]), lexicon[2])
        close_row(row, stream[1], bounds, cut, out)
    return len(rows) - 1
