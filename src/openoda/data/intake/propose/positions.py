"""Where the fields of a fixed-width text most likely are: between columns that are always blank."""

import re

import numpy as np

_LINES = 20_000
_WIDEST = 4_096


def propose_positions(text: str) -> tuple[tuple[tuple[int, int], ...], str]:
    """First and last column of each field, from 1, and the evidence; none where nothing shows."""
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip(" ")][:_LINES]
    if not lines or max(map(len, lines)) > _WIDEST:
        return (), ""
    width = max(map(len, lines))
    filled = np.zeros(width, dtype=np.int64)
    for line in lines:
        marks = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) != 32
        filled[: len(line)] += marks
    turns = np.flatnonzero(np.diff(np.concatenate([[0], filled > 0, [0]]).astype(np.int8)))
    pairs = turns.reshape(-1, 2)
    if len(pairs) < 2:
        return (), ""
    starts = [int(start) + 1 for start in pairs[:, 0]]
    ends = [*(start - 1 for start in starts[1:]), width]
    gaps = f"{len(pairs) - 1} columns blank in all of {len(lines):,} sampled lines"
    return tuple(zip(starts, ends, strict=True)), f"{gaps}: {len(pairs)} fields between them"
