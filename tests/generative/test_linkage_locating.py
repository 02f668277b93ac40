"""Lines of a TOML text, held against texts of which every place is known."""

import datetime
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.linkage.spec.locating import spots_of
from tests.generative.toml_documents import Document, paths_in

TRICKY = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda it: "\r" not in it)
    | st.text(st.sampled_from("\"'#[]{}=,.\n\\ abc"), max_size=12)
    | st.text(st.sampled_from("\"'\\a"), min_size=1, max_size=6)
)
SCALARS = (
    TRICKY
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.dates(datetime.date(1000, 1, 1))
    | st.datetimes(datetime.datetime(1000, 1, 1))
    | st.times()
)
KEYS = TRICKY | st.sampled_from(["a", "b", "name", "levels", "2024", "-"])


def tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, values, max_size=4)


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | tables(inner) | st.lists(tables(inner), max_size=3),
    max_leaves=12,
)


@settings(max_examples=1000, deadline=None)
@given(tables(VALUES), st.integers(0, 2**32))
def test_every_key_is_found_where_it_was_written(content: dict[str, Any], seed: int) -> None:
    """Whatever the text's style, each key and entry has the line and the letter where it begins.

    tomllib, which never saw our walk, must read the text as what it was written from, and what it
    reads has the very keys that the walk finds.
    """
    document = Document(content, seed)
    read = tomllib.loads(document.text)
    assert read == content
    found = spots_of(document.text)
    assert set(found) == paths_in(read)

    def spot(at: int) -> tuple[int, int]:
        before = document.text[:at]
        return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1

    assert found == {path: spot(at) for path, at in document.places.items()}
