"""Limits and choices of a schema, read as its own values are."""

import pyarrow as pa
import pytest

from openoda.data.intake.constraints import checked_cast
from openoda.vocabulary.refusals import SchemaInvalid
from tests.unit.intake.samples import schema


def broken(field: dict[str, object], *texts: str | None) -> list[tuple[list[int], str]]:
    made = schema({"name": "f", **field})
    typed = checked_cast(made.fields[0], made)(pa.array(texts, pa.string()))
    return [(places.tolist(), reason) for places, reason in typed.bad]


def test_limits_include_themselves() -> None:
    """A value equal to its minimum or maximum is within it."""
    field = {"type": "number", "constraints": {"minimum": 0, "maximum": 1.5}}
    assert broken(field, "0", "1.5", "-0.1", "1.6") == [
        ([2], "below the minimum"),
        ([3], "above the maximum"),
    ]


def test_choices_are_compared_as_values() -> None:
    """01 is the number 1; only a value that is none of them is named."""
    assert broken({"type": "integer", "constraints": {"enum": [1, "2"]}}, "01", "2", "3") == [
        ([2], "not one of the values listed")
    ]
    assert broken({"type": "boolean", "constraints": {"enum": [True]}}, "true", "false") == [
        ([1], "not one of the values listed")
    ]


def test_required_names_what_was_missing_not_what_was_wrong() -> None:
    """A bad value is named once, as bad."""
    field = {"type": "integer", "constraints": {"required": True}}
    assert broken(field, "1", None, "x", "") == [
        ([2], "not an integer"),
        ([1, 3], "required, but missing"),
    ]


def test_lengths_are_counted_in_characters() -> None:
    """Not in bytes."""
    assert broken({"constraints": {"maxLength": 4}}, "café", "cafés") == [
        ([1], "longer than allowed")
    ]


@pytest.mark.parametrize(
    "field",
    [
        {"type": "integer", "constraints": {"minimum": "x"}},
        {"type": "integer", "constraints": {"minimum": 1.5}},
        {"type": "integer", "constraints": {"maximum": True}},
        {"type": "date", "constraints": {"minimum": "01/01/2018"}},
        {"type": "date", "constraints": {"minimum": 5}},
        {"type": "boolean", "constraints": {"enum": ["maybe"]}},
    ],
)
def test_a_limit_that_is_no_value_of_the_field_is_refused(field: dict[str, object]) -> None:
    """By the field's name, before anything is read."""
    with pytest.raises(SchemaInvalid, match='of field "f" is not a'):
        broken(field, "1")
