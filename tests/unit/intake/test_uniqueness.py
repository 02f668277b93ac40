"""Values met before: exact on numbers, sound on text, bounded."""

import random

import pyarrow as pa
import pytest

from openoda.data.intake.uniqueness import SeenValues
from openoda.vocabulary.refusals import DataUnfit


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.float64(), pa.string(), pa.date32(), pa.timestamp("us"), pa.int32()]
)
def test_repeats_are_those_that_a_set_finds(kind: pa.DataType) -> None:
    """Over batches, with nulls, of each type, past several growths of the table."""
    chance = random.Random(3)
    seen, ours, before = SeenValues("x", 10**6), [], set()
    expected = []
    for batch in range(8):
        numbers = [
            chance.randint(0, 150_000) if chance.random() < 0.9 else None for _ in range(20_000)
        ]
        column = pa.array(numbers, pa.int64() if kind == pa.string() else None)
        column = column.cast(pa.int32()).cast(kind) if kind == pa.date32() else column.cast(kind)
        ours += [(batch, place) for place in seen.repeats([column]).tolist()]
        for place, value in enumerate(numbers):
            if value is not None and value in before:
                expected.append((batch, place))
            before.add(value)
    assert ours == expected


def test_keys_of_several_columns_do_not_run_together() -> None:
    """("ab", "c") is not ("a", "bc"), and a null anywhere takes the row out."""
    seen = SeenValues("x", 100)
    one = pa.array(["ab", "a", "ab", None, None])
    two = pa.array(["c", "bc", "c", "c", "c"])
    assert seen.repeats([one, two]).tolist() == [2]


def test_minus_nought_is_nought() -> None:
    """Equal floats are equal keys, and empty text is a value."""
    assert SeenValues("x", 9).repeats([pa.array([0.0, -0.0, 1.0])]).tolist() == [1]
    assert SeenValues("x", 9).repeats([pa.array(["", "", None])]).tolist() == [1]


def test_the_bound_is_kept() -> None:
    """Once more values than the limit are held, the next batch is refused."""
    seen = SeenValues("x", 10)
    seen.repeats([pa.array(range(11))])
    with pytest.raises(DataUnfit):
        seen.repeats([pa.array([1])])
