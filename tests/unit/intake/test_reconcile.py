"""The last check: counts that don't add up give no report."""

import numpy as np
import pyarrow as pa
import pytest

from openoda.data.intake.reconcile import Counts, require_balance
from openoda.data.intake.splitter import LineCount
from openoda.data.intake.text_columns import require_same_count
from openoda.vocabulary.refusals import FileUnreadable


class Cut:
    """What the splitter says it cut."""

    records, position, line, in_file = 2, 8, 3, 8


def counter(content: bytes, piece: int) -> LineCount:
    count = LineCount()
    for at in range(0, len(content), piece):
        count.add(np.frombuffer(bytearray(content[at : at + piece]), dtype=np.uint8))
    return count


def test_sound_counts_pass() -> None:
    """Two records on two lines of eight bytes."""
    require_balance(Counts(accepted=1, quarantined=1), Cut(), counter(b"a,b\n1,2\n", 3), 8, "x.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "content", "said"),
    [
        (Counts(accepted=1), b"a,b\n1,2\n", "records: 1 of 2"),
        (Counts(accepted=2), b"a,b\n1,2\n3", "bytes: 8 of 9"),
        (Counts(accepted=2), b"a,b\n1,2\r", "lines"),
        (Counts(accepted=2), b"a\nb\n1,2\n", "lines: 2 of 3"),
    ],
)
def test_a_record_byte_or_line_astray_is_refused(counts: Counts, content: bytes, said: str) -> None:
    """Each by its numbers."""
    if said == "lines":
        content = b"a,b\r\r,2\n"
    with pytest.raises(FileUnreadable, match=said):
        require_balance(counts, Cut(), counter(content, 2), 8, "x.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_lines_are_counted_alike_however_they_are_cut(piece: int) -> None:
    """A CRLF cut in two is one line end; a last line needs none."""
    assert counter(b"a\r\nb\rc\nd\r\r\n\ne", piece).lines == 7
    assert counter(b"a\r\n", piece).lines == 1
    assert counter(b"", piece).lines == 0


def test_two_readers_that_differ_are_refused() -> None:
    """A column with fewer rows than the kernel accepted."""
    with pytest.raises(FileUnreadable, match="independent readers"):
        require_same_count([pa.array(["a"])], 2)
