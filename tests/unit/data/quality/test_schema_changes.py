"""What differs between two deliveries' columns and counts, by rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.quality.delivery_drift import THRESHOLDS, count_changes
from openoda.data.quality.schema_changes import SchemaDiff, Shape, schema_changes

BEFORE: Shape = (("uprn", "string"), ("ward", "string"), ("amount due", "double"))


@pytest.mark.parametrize(
    ("now", "diff"),
    [
        (BEFORE, SchemaDiff()),
        (BEFORE[:2], SchemaDiff(missing=("amount due",))),
        ((*BEFORE, ("tenure", "string")), SchemaDiff(added=("tenure",))),
        (
            (*BEFORE[:2], ("Amount_Due", "double")),
            SchemaDiff(renamed=(("amount due", "Amount_Due"),)),
        ),
        (
            (BEFORE[0], ("Ward name", "string"), BEFORE[2]),
            SchemaDiff(renamed=(("ward", "Ward name"),)),
        ),
        (
            (BEFORE[0], ("x", "string"), BEFORE[2]),
            SchemaDiff(missing=("ward",), added=("x",)),
        ),
        (
            (BEFORE[1], BEFORE[0], BEFORE[2]),
            SchemaDiff(reordered=("ward", "uprn", "amount due")),
        ),
        (
            (*BEFORE[:2], ("amount due", "string")),
            SchemaDiff(retyped=(("amount due", "double", "string"),)),
        ),
        (
            (("new", "string"), *BEFORE),
            SchemaDiff(added=("new",)),
        ),
    ],
)
def test_each_difference_is_named(now: Shape, diff: SchemaDiff) -> None:
    """Missing, new, perhaps renamed, in another order, of another type; each alone as itself."""
    assert schema_changes(BEFORE, now) == diff


names = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=8)


@given(names, names)
def test_no_column_is_forgotten_or_counted_twice(old: list[str], new: list[str]) -> None:
    """Every column of either side is kept, missing, new or in exactly one pair."""
    before, now = (tuple((name, "string") for name in each) for each in (old, new))
    diff = schema_changes(before, now)
    both = set(old) & set(new)
    froms, tos = [a for a, _ in diff.renamed], [b for _, b in diff.renamed]
    assert sorted([*diff.missing, *froms, *both]) == sorted(old)
    assert sorted([*diff.added, *tos, *both]) == sorted(new)
    assert diff.same == (old == new)


def counts(accepted: int, quarantined: int = 0, flagged: int = 0) -> dict[str, int]:
    return {
        "rows_in": accepted + quarantined,
        "accepted": accepted,
        "quarantined": quarantined,
        "flagged_values": flagged,
    }


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        (counts(1000), counts(1100), []),
        (counts(1000), counts(1101), ["rows"]),
        (counts(1000), counts(899), ["rows"]),
        (counts(1000), counts(990, quarantined=10), []),
        (counts(1000), counts(980, quarantined=20), ["quarantined"]),
        (counts(1000, flagged=500), counts(1000, flagged=505), []),
        (counts(1000, flagged=500), counts(1000, flagged=0), ["flagged"]),
        (counts(0), counts(5), ["rows"]),
        (counts(0), counts(0), []),
    ],
)
def test_counts_drift_past_their_thresholds(
    before: dict[str, int], now: dict[str, int], codes: list[str]
) -> None:
    """A tenth of the rows, a point of quarantined rows, a hundredth of flagged values a row."""
    assert [change.code for change in count_changes(before, now)] == codes
    assert set(codes) <= set(THRESHOLDS)
