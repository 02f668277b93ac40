"""Writing out parts of names: words chosen by position, joined by spaces."""

from openoda.data.intake.compiled import ByteRoom, Bytes, Small, SmallRoom, compiled

_SPACE = 32


@compiled
def gather(
    words: tuple[Bytes, Small],
    rows: tuple[Small, Small],
    chosen: Bytes,
    out: ByteRoom,
    ends: SmallRoom,
) -> None:
    """For each row, write those of its words that are chosen, in their order.

    `words`: bytes and offsets of the distinct words. `rows`: each word's place among them, and where
    each row's words begin. `chosen`: 1 for each word of a row that is wanted. `out` needs a byte more
    a word than the words have; `ends` gets the offsets.
    """
    data, offsets = words
    places, begins = rows
    end = 0
    for row in range(len(begins) - 1):
        start = end
        for at in range(begins[row], begins[row + 1]):
            if chosen[at]:
                if end > start:
                    out[end] = _SPACE
                    end += 1
                for byte in range(offsets[places[at]], offsets[places[at] + 1]):
                    out[end] = data[byte]
                    end += 1
        ends[row + 1] = end
