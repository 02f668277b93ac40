"""Which cells of a row lie inside merged ranges without holding their value.

The ranges stay rectangles: a file of a few bytes can merge every cell that a sheet has, and written
out one by one these would fill any memory.
"""

import numpy as np

from openoda.data.intake.sheet_rows import Merged


class Inside:
    """The cells inside merged ranges, row by row downwards, for `width` columns from `left`."""

    def __init__(self, merged: list[Merged], left: int, width: int) -> None:
        self._left, self._width = left, width
        reach = [each for each in merged if each.right >= left and each.left < left + width]
        # The one that begins last is taken first, from the list's end.
        self._waiting = sorted(reach, key=lambda each: -each.top)
        self._anchors: list[Merged] = []
        self._last = np.zeros(width, dtype=np.int64)  # the last row each column is covered to

    def columns(self, row: int) -> list[int]:
        """Columns of the table (from 0) that are covered in this row; rows must be asked in order.

        The cell that holds a range's value is not covered by it.
        """
        if not self._waiting and not self._anchors and not self._last.any():
            return []
        for each in self._anchors:
            self._cover(each.left, each.left, each.bottom)
        self._anchors = []
        while self._waiting and self._waiting[-1].top <= row:
            each = self._waiting.pop()
            held = each.top == row
            self._cover(each.left + held, each.right, each.bottom)
            if held:
                self._anchors.append(each)
        return [int(column) for column in np.flatnonzero(self._last >= row)]

    def _cover(self, left: int, right: int, bottom: int) -> None:
        first, stop = max(left - self._left, 0), max(right + 1 - self._left, 0)
        part = self._last[first : min(stop, self._width)]
        np.maximum(part, bottom, out=part)
