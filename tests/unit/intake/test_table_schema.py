"""Table Schema: what is taken, what is refused by name."""

import json
from pathlib import Path

import pytest

from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid


def test_a_schema_is_read_with_its_defaults(tmp_path: Path) -> None:
    """A field is a string unless it says otherwise; a byte order mark in the file does no harm."""
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"fields": [{"name": "a"}], "primaryKey": "a"}), "utf-8-sig")
    read = TableSchema.load(path)
    assert (read.names, read.fields[0].type, read.primary_key) == (["a"], "string", ("a",))
    assert read.missing_values is None


@pytest.mark.parametrize(
    ("descriptor", "said"),
    [
        ([], "isn't an object"),
        ({}, "list of one field"),
        ({"fields": []}, "list of one field"),
        ({"fields": [{"type": "string"}]}, "field 1 has no name"),
        ({"fields": [{"name": " "}]}, "empty name"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "used twice"),
        ({"fields": [{"name": "a", "type": "geopoint"}]}, '"geopoint" is not supported'),
        ({"fields": [{"name": "a", "type": "date", "format": "any"}]}, "would be a guess"),
        ({"fields": [{"name": "a", "type": "date", "format": "%d"}]}, "year is missing"),
        ({"fields": [{"name": "a", "format": "email"}]}, "is not checked"),
        ({"fields": [{"name": "a", "type": 5}]}, '"type" must be a text'),
        ({"fields": [{"name": "a", "constraints": []}]}, "must be an object"),
        ({"fields": [{"name": "a", "constraints": {"jsonSchema": {}}}]}, "is not supported"),
        ({"fields": [{"name": "a", "constraints": {"minLength": True}}]}, "must be a int"),
        ({"fields": [{"name": "a", "constraints": {"minimum": 1}}]}, "minimum and maximum"),
        (
            {"fields": [{"name": "a", "type": "date", "constraints": {"minLength": 1}}]},
            "for strings",
        ),
        ({"fields": [{"name": "a", "constraints": {"pattern": "(?=x)"}}]}, "RE2"),
        ({"fields": [{"name": "a", "type": "number", "groupChar": "."}]}, "are the same"),
        ({"fields": [{"name": "a", "type": "number", "decimalChar": ""}]}, "one ASCII character"),
        ({"fields": [{"name": "a", "type": "number", "groupChar": "-"}]}, "can't be -"),
        (
            {"fields": [{"name": "a", "type": "boolean", "trueValues": ["0"]}]},
            "both true and false",
        ),
        ({"fields": [{"name": "a"}], "primaryKey": ["b"]}, "which is no field"),
        ({"fields": [{"name": "a"}], "primaryKey": 5}, "primaryKey"),
        ({"fields": [{"name": "a"}], "foreignKeys": [{}]}, "foreignKeys"),
        ({"fields": [{"name": "a"}], "missingValues": "NA"}, "list of texts"),
    ],
)
def test_what_can_not_be_kept_is_refused(descriptor: object, said: str) -> None:
    """Each by name, never passed over."""
    with pytest.raises(SchemaInvalid, match="schema") as refused:
        TableSchema.from_descriptor(descriptor)
    assert said in refused.value.what


def test_all_faults_are_listed_at_once() -> None:
    """Nobody wants to mend a schema one message at a time."""
    with pytest.raises(SchemaInvalid) as refused:
        TableSchema.from_descriptor(
            {"fields": [{"name": "a", "type": "x"}, {"name": "b", "type": "y"}]}
        )
    assert '"x"' in refused.value.what
    assert '"y"' in refused.value.what


def test_a_file_that_is_no_schema(tmp_path: Path) -> None:
    """Absent, no JSON, or nested without end."""
    with pytest.raises(FileUnreadable):
        TableSchema.load(tmp_path / "absent.json")
    for content in ("{", "[" * 100_000, "\xff"):
        path = tmp_path / "schema.json"
        path.write_text(content, "latin-1")
        with pytest.raises(SchemaInvalid, match="isn't JSON"):
            TableSchema.load(path)
