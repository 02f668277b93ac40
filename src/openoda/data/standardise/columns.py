"""What standardising a column gives, and how a rule is run over one.

Two ways, which give the same: a rule asked once for each distinct value; and a compiled loop that
settles the plain, sound values and leaves every other to the rule itself. So a value's result is always
the rule's, and the loops only have to be right about what they accept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.standards.uk.checked import MISSING, Checked

Rule = Callable[[str], Checked]
MOST_REMEMBERED = 200_000
ACCEPTED, UNSURE, ABSENT = 1, 0, 2


@dataclass(frozen=True)
class Standardised:
    """One column after standardising; all arrays are as long as it.

    `values`: canonical text, null where there is none. `problems`: the problem's code, null where the
    value is sound. `parts`: further columns by the ending of their names (for names: title and so on).
    """

    values: pa.StringArray
    problems: pa.StringArray
    parts: dict[str, pa.StringArray] = field(default_factory=dict)


class Remembered:
    """A rule that remembers what it said of recent values; bounded, so that memory is."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._known: dict[str, tuple[str | None, str | None]] = {}

    def __call__(self, text: str) -> tuple[str | None, str | None]:
        """The canonical form and the problem's code, one of them None."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            checked = self._rule(text)
            found = self._known[text] = (checked.value, checked.problem or None)
        return found


Fast = Callable[[Any, Any, Any, Any, Any, Any], None]
"""A compiled loop: bytes, offsets and validity in; bytes, offsets and states out."""


def as_text(column: Any) -> pa.StringArray:
    """The column as one array of text, whatever chunks, dictionary or type it came in."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def by_distinct(column: pa.StringArray, rule: Remembered) -> Standardised:
    """Ask the rule once for each distinct value."""
    encoded = column.dictionary_encode()
    results = [rule(text) for text in encoded.dictionary.to_pylist()]
    values = pa.array([value for value, _ in results], pa.string()).take(encoded.indices)
    problems = pa.array([problem for _, problem in results], pa.string()).take(encoded.indices)
    absent = pc.is_null(column)
    return Standardised(values, pc.if_else(absent, pa.scalar(MISSING), problems))


def by_kernel(column: pa.StringArray, kernel: Fast, rule: Remembered) -> Standardised:
    """Let the compiled loop settle what it can, and ask the rule for the rest.

    The loop may lengthen a value by four bytes at most.
    """
    data, offsets, valid = pieces(column)
    rows = len(column)
    out = np.empty(int(offsets[-1] - offsets[0]) + 4 * rows, np.uint8)
    ends = np.zeros(rows + 1, np.int32)
    states = np.zeros(rows, np.uint8)
    kernel(data, offsets, valid, out, ends, states)
    values = text_array(out, ends, states == ACCEPTED)
    problems = pc.if_else(
        pa.array(states == ABSENT), pa.scalar(MISSING), pa.scalar(None, pa.string())
    )
    unsure = states == UNSURE
    if not unsure.any():
        return Standardised(values, problems)
    mask = pa.array(unsure)
    rest = by_distinct(column.filter(mask), rule)
    return Standardised(
        pc.replace_with_mask(values, mask, rest.values),
        pc.replace_with_mask(problems, mask, rest.problems),
    )


def pieces(
    column: pa.StringArray,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """A text array's bytes, the offsets of its values in them, and a byte a row: 1 where not null."""
    _, ends, content = column.buffers()
    offsets = np.frombuffer(ends, np.int32)[column.offset : column.offset + len(column) + 1]
    if not len(offsets):  # Arrow may leave out the offsets of an empty array
        offsets = np.zeros(1, np.int32)
    data = np.frombuffer(content, np.uint8) if content else np.empty(0, np.uint8)
    valid = pc.is_valid(column).to_numpy(zero_copy_only=False).view(np.uint8)
    return data, offsets, valid


def text_array(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32], present: npt.NDArray[np.bool_]
) -> pa.StringArray:
    """An array of text from bytes and offsets; null where not `present`."""
    used = pa.py_buffer(data[: int(offsets[-1])])
    bits = pa.array(present).buffers()[1]
    return pa.StringArray.from_buffers(len(present), pa.py_buffer(offsets), used, bits)
