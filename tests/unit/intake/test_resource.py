"""The schema file that an analyst keeps: read, written, and refused where it asks too much."""

import json
from pathlib import Path
from typing import Any

import pytest

from openoda.data.intake import Dialect, load_description
from openoda.data.intake.resource import descriptor_of, dialect_from
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

FIELDS = [{"name": "a", "type": "integer"}]


def saved(folder: Path, content: Any) -> Path:
    path = folder / "schema.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_table_schema_says_nothing_of_the_dialect(tmp_path: Path) -> None:
    """So that the file's name still says it."""
    found = load_description(saved(tmp_path, {"fields": FIELDS}))
    assert found.dialect is None
    assert found.schema is not None
    assert found.schema.names == ["a"]


def test_a_dialect_in_a_bare_table_schema_counts(tmp_path: Path) -> None:
    """Proves that it isn't passed over in silence: read where it is sound, refused where it isn't."""
    told = {"fields": FIELDS, "dialect": {"delimiter": ";", "header": False}}
    found = load_description(saved(tmp_path, told))
    assert found.dialect == Dialect(";", header_rows=())
    with pytest.raises(SchemaInvalid, match="delimiter"):
        load_description(saved(tmp_path, {"fields": FIELDS, "dialect": {"delimiter": 1}}))


def test_a_data_resource_holds_both(tmp_path: Path) -> None:
    """The encoding stands beside the dialect, as the standard has it; a schema alone can be read
    from the same file."""
    path = saved(tmp_path, {
        "name": "x", "format": "csv", "encoding": "windows-1252",
        "dialect": {"delimiter": ";", "headerRows": [3], "lineTerminator": "\r\n"},
        "schema": {"fields": FIELDS},
    })  # fmt: skip
    found = load_description(path)
    assert found.dialect == Dialect(";", encoding="windows-1252", header_rows=(3,), format="csv")
    assert TableSchema.load(path).names == ["a"]


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(),
        Dialect("\t", quote="", encoding="cp1252", format="csv"),
        Dialect(header_rows=(), positions=((1, 4), (6, 9)), format="fixed"),
        Dialect(header_rows=(3, 4), footer_rows=2, table="Data", format="xlsx", header_join=" "),
        Dialect(records=("a", "b"), format="json"),
        Dialect(records=("a.b", "c"), format="json"),
        Dialect(table="places", format="gpkg"),
    ],
)
def test_what_is_written_is_read_back(dialect: Dialect) -> None:
    """Every choice survives the file."""
    descriptor = {
        "format": dialect.format,
        "encoding": dialect.encoding,
        "dialect": json.loads(json.dumps(descriptor_of(dialect))),
    }
    assert dialect_from(descriptor, "x") == dialect


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"dialect": []}, "isn't an object"),
        ({"dialect": {"commentChar": "#"}}, "commentChar"),
        ({"dialect": {"escapeChar": "\\"}}, "escapeChar"),
        ({"dialect": {"doubleQuote": False}}, "doubleQuote"),
        ({"dialect": {"quoteChar": "'"}}, "quoteChar"),
        ({"dialect": {"headerRows": "1"}}, "headerRows"),
        ({"dialect": {"headerRows": [1, 3]}}, "follow one another"),
        ({"dialect": {"footerRows": "2"}}, "footerRows"),
        ({"dialect": {"footerRows": -1}}, "ewer footer"),
        ({"dialect": {"positions": [[1]]}}, "positions"),
        ({"dialect": {"property": 3}}, "property"),
        ({"dialect": {"delimiter": ";;"}}, "delimiter"),
        ({"dialect": {"delimiter": 3}}, "delimiter"),
        ({"encoding": "ebcdic"}, "ebcdic"),
        ({"format": "xls"}, "xls"),
    ],
)
def test_what_no_reader_does_is_refused_by_name(resource: dict[str, Any], said: str) -> None:
    """Never passed over."""
    with pytest.raises(SchemaInvalid, match=said) as refused:
        dialect_from(resource, "schema.json")
    assert refused.value.where == "schema.json"
    assert refused.value.remedy


def test_a_schema_file_that_is_none(tmp_path: Path) -> None:
    """Absent, or no JSON."""
    with pytest.raises(FileUnreadable):
        load_description(tmp_path / "absent.json")
    with pytest.raises(SchemaInvalid, match="isn't JSON"):
        load_description(saved(tmp_path, "{"))
