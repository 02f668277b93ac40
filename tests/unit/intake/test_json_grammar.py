"""The grammar of JSON as a loop that stops and goes on, held against Python's own parser."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.intake import json_grammar as grammar
from openoda.data.intake.compiled import Bytes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=4)


def bytes_of(text: str) -> Bytes:
    return np.frombuffer(text.encode(), dtype=np.uint8)


@given(OBJECTS, st.sampled_from([None, 0, 2]), st.booleans(), st.data())
def test_a_sound_object_is_followed_to_its_end_wherever_it_is_cut(
    value: dict[str, object], indent: int | None, ascii_only: bool, data: st.DataObject
) -> None:
    """Proves that no sound value is called broken, and that going on from a state is the same as
    never having stopped."""
    text = bytes_of(json.dumps(value, indent=indent, ensure_ascii=ascii_only) + ", 1")
    cut = data.draw(st.integers(0, len(text) - 3))
    at, how, state = grammar.follow(text, 0, cut, grammar.START)
    assert how == (grammar.WHOLE if at == len(text) - 3 else grammar.SHORT)
    if how == grammar.SHORT:
        at, how, _ = grammar.follow(text, at, len(text), state)
    assert (at, how) == (len(text) - 3, grammar.WHOLE)


@pytest.mark.parametrize(
    ("text", "broke"),
    [
        ('{"a":"3,"x":1}', 9),
        ('{"a":1,{"a":2}', 7),
        ('{"a":[2}', 7),
        ('{"a":[2]]', 8),
        ('{"a" 1}', 5),
        ('{"a":1 2}', 7),
        ('{"a":1,}', 7),
        ('{,"a":1}', 1),
        ('{"a":"x\ny"}', 7),
        ('{"a":' + "[" * 80 + "1 2" + "]" * 79 + "}", 167),
    ],
)
def test_a_value_breaks_where_the_first_byte_does_not_fit(text: str, broke: int) -> None:
    """Proves that a slip is noticed beside it, and not where its brackets come to an end; below 62
    levels by the number of brackets alone."""
    at, how, _ = grammar.follow(bytes_of(text), 0, len(text), grammar.START)
    assert (at, how) == (broke, grammar.BROKEN)
