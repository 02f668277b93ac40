"""Blocks of the city made once for all tests of it."""

from typing import Any

import pyarrow as pa
import pytest

from openoda.data.synthetic.city.block import Tables, make_block
from openoda.data.synthetic.city.truth import Truth, make_truth

SEED = 1
PEOPLE = 50_000
"""Twice a block, so that rare things occur often enough to be counted."""


@pytest.fixture(scope="session")
def tables() -> Tables:
    """All tables of one large block."""
    return make_block(SEED, 0, PEOPLE)


@pytest.fixture(scope="session")
def truth() -> Truth:
    """The truth of the same block."""
    return make_truth(SEED, 0, PEOPLE)


def rows(batch: pa.RecordBatch, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of some columns, as tuples."""
    return list(zip(*(batch[column].to_pylist() for column in columns), strict=True))
