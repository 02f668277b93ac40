"""Damage: one slip is one slip, nothing else changes, and dates stay dates."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.synthetic.city import damage
from openoda.data.synthetic.city.draws import Draws
from openoda.data.synthetic.city.scale import AS_AT
from openoda.data.synthetic.city.text import dates, join

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ'- éŁ0123456789", min_size=1, max_size=40)


def slips(one: str, other: str) -> int:
    """Edits of one letter and swaps of neighbours between two texts (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(st.lists(st.none() | NAMES, min_size=1, max_size=30), st.integers(0, 2**32))
@settings(deadline=None)
def test_mistyping_is_one_slip(texts: list[str | None], seed: int) -> None:
    """A hit text is at most one slip off and keeps its first letter; the others, and null, stay."""
    rows = np.arange(len(texts)) % 3 != 0
    keys = np.arange(len(texts))
    made = damage.mistype(Draws(seed, 0), "x", pa.array(texts, pa.string()), rows, keys).to_pylist()
    for text, after, hit in zip(texts, made, rows, strict=True):
        if text is None or not hit:
            assert after == text
        else:
            assert slips(text, after) <= 1
            assert after[0] == text[0]


def test_most_slips_change_the_text() -> None:
    """Of many hit names nearly all differ afterwards, by all four kinds of slip."""
    texts = pa.array(["Katherine"] * 4_000)
    rows = np.ones(4_000, dtype=bool)
    made = damage.mistype(Draws(1, 0), "x", texts, rows, np.arange(4_000)).to_pylist()
    assert sum(text != "Katherine" for text in made) > 3_900
    lengths = np.bincount([len(text) for text in made], minlength=12)
    assert (lengths[[8, 9, 10]] > 500).all()
    assert lengths.sum() == lengths[[8, 9, 10]].sum()


@given(st.lists(st.integers(-1, AS_AT), min_size=1, max_size=50))
@settings(deadline=None)
def test_dates_stay_dates(days: list[int]) -> None:
    """Swapped, misread and placeholder dates are days of the calendar; a missing one stays missing."""
    given_days, rows = np.array(days), np.ones(len(days), dtype=bool)
    keys = np.arange(len(days))
    swapped = damage.swap_day_month(given_days, rows)
    misread = damage.misread_date(Draws(1, 0), "m", given_days, rows, keys)
    instead = damage.placeholder(Draws(1, 0), "p", given_days, rows, keys)
    for made in (swapped, misread, instead):
        assert ((made < 0) == (given_days < 0)).all()
        assert len(dates(made)) == len(days)
    assert (damage.swap_day_month(swapped, rows) == given_days).all()
    assert np.isin(instead[given_days >= 0], damage.PLACEHOLDER_DAYS).all()


def test_day_and_month_change_places() -> None:
    """3 April becomes 4 March; 13 April can't be misread so and stays."""
    days = np.array(["1980-04-03", "1980-04-13"], dtype="datetime64[D]") - np.datetime64(
        "1900-01-01"
    )
    made = damage.swap_day_month(days.astype(np.int64), np.array([True, True]))
    assert dates(made).to_pylist() == ["1980-03-04", "1980-04-13"]


def test_joining_keeps_every_row() -> None:
    """Parts that are null or empty are passed over, and a row of nothing stays a row."""
    made = join(pa.array(["a", None, "", None]), pa.array(["b", "c", None, None]), between=", ")
    assert made.to_pylist() == ["a, b", "c", "", ""]
