"""The schema file that an analyst keeps: what a file's columns hold, and how the file is written.

Source: Frictionless Data, Table Schema 1, and Data Package 2: Data Resource ("encoding", "format",
"schema") and Table Dialect (datapackage.org/standard/table-dialect). Two keys of a dialect are our own,
since the standard has none: "footerRows" and "positions". What a dialect asks for and no reader here
does is refused by name, never passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openoda.data.intake.dialect import ALL_FORMATS, Dialect
from openoda.standards.table_schema import TableSchema, read_descriptor, schema_part
from openoda.vocabulary.refusals import Misused, SchemaInvalid

_REMEDY = "Correct the schema file; Data Package 2 says what each key of a dialect takes."
_READ = {
    "delimiter", "quoteChar", "doubleQuote", "header", "headerRows", "headerJoin", "property",
    "sheetName", "table", "footerRows", "positions", "itemType", "skipInitialSpace",
}  # fmt: skip
_NO_MATTER = {"$schema", "lineTerminator", "csvddfVersion", "caseSensitiveHeader", "name", "title"}
_ONLY: dict[str, tuple[object, ...]] = {
    "doubleQuote": (True,),
    "skipInitialSpace": (False,),
    "itemType": ("object",),
    "quoteChar": ('"', "", None),
}


@dataclass(frozen=True)
class Description:
    """A schema file as read; `dialect` is None where it says nothing of how the file is written."""

    schema: TableSchema | None
    dialect: Dialect | None


def load_description(path: Path) -> Description:
    """Read a Table Schema or a Data Resource from a JSON file."""
    descriptor = read_descriptor(path)
    schema = TableSchema.from_descriptor(descriptor, where=path.name)
    resource = descriptor if isinstance(descriptor, Mapping) else {}
    if schema_part(resource) is resource and "dialect" not in resource:
        return Description(schema, None)
    return Description(schema, dialect_from(resource, path.name))


def dialect_from(resource: Mapping[str, Any], where: str) -> Dialect:
    """The dialect of a Data Resource; SchemaInvalid lists every fault found."""
    given = resource.get("dialect", {})
    if not isinstance(given, Mapping):
        raise SchemaInvalid("The dialect isn't an object", where=where, remedy=_REMEDY)
    faults = [f'"{key}" is not read' for key, value in given.items()
              if key not in _READ | _NO_MATTER and value not in (None, [], "")]  # fmt: skip
    for key, values in _ONLY.items():
        if key in given and given[key] not in values:
            faults.append(f'"{key}" can only be {values[0]!r}')
    taken = _taken(given, faults)
    taken["encoding"] = _text(resource, "encoding", faults)
    form = _text(resource, "format", faults).lower()
    taken["format"] = {"tsv": "csv", "ndjson": "jsonl"}.get(form, form)
    if taken["format"] not in (*ALL_FORMATS, ""):
        faults.append(f'the format "{form}" is not read')
    if faults:
        raise SchemaInvalid(
            "The dialect is wrong: " + "; ".join(faults), where=where, remedy=_REMEDY
        )
    try:
        return Dialect(**taken)
    except Misused as fault:
        raise SchemaInvalid(fault.what, where=where, remedy=fault.remedy) from None


def _taken(given: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    """The dialect's own keys, as the arguments of `Dialect`."""
    quote = given.get("quoteChar", '"')
    found: dict[str, Any] = {
        "delimiter": _text(given, "delimiter", faults),
        "quote": quote if isinstance(quote, str) else "",
        "table": _text(given, "sheetName", faults) or _text(given, "table", faults),
        "header_join": _text(given, "headerJoin", faults) or " ",
        "header_rows": tuple(_whole_numbers(given, "headerRows", [1], faults)),
    }
    if given.get("header", True) is False:
        found["header_rows"] = ()
    footer = given.get("footerRows", 0)
    if isinstance(footer, bool) or not isinstance(footer, int):
        faults.append('"footerRows" must be a whole number')
        footer = 0
    found["footer_rows"] = footer
    found["records"] = _keys(given, faults)
    found["positions"] = _positions(given, faults)
    return found


def _keys(given: Mapping[str, Any], faults: list[str]) -> tuple[str, ...]:
    value = given.get("property", "")
    if isinstance(value, str):
        return tuple(value.split(".")) if value else ()
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return tuple(value)
    faults.append('"property" must be keys with dots between them, or a list of keys')
    return ()


def _positions(given: Mapping[str, Any], faults: list[str]) -> tuple[tuple[int, int], ...]:
    value = given.get("positions", [])
    if isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(each) is int for each in pair)
        for pair in value
    ):
        return tuple((pair[0], pair[1]) for pair in value)
    faults.append('"positions" must be a list of pairs [first column, last column]')
    return ()


def _whole_numbers(
    given: Mapping[str, Any], key: str, default: list[int], faults: list[str]
) -> list[int]:
    value = given.get(key, default)
    if isinstance(value, list) and all(type(each) is int for each in value):
        return value
    faults.append(f'"{key}" must be a list of whole numbers')
    return default


def _text(given: Mapping[str, Any], key: str, faults: list[str]) -> str:
    value = given.get(key) or ""
    if isinstance(value, str):
        return value
    faults.append(f'"{key}" must be a text')
    return ""


def descriptor_of(dialect: Dialect) -> dict[str, Any]:
    """The dialect as a Table Dialect, what is as by default left out."""
    plain = Dialect()
    found: dict[str, Any] = {}
    if dialect.delimiter:
        found["delimiter"] = dialect.delimiter
    if dialect.quote != plain.quote:
        found["quoteChar"] = None
    if not dialect.header_rows:
        found["header"] = False
    elif dialect.header_rows != plain.header_rows:
        found["headerRows"] = list(dialect.header_rows)
    if len(dialect.header_rows) > 1:
        found["headerJoin"] = dialect.header_join
    if dialect.footer_rows:
        found["footerRows"] = dialect.footer_rows
    if dialect.records:
        dotted = not any("." in key for key in dialect.records)
        found["property"] = ".".join(dialect.records) if dotted else list(dialect.records)
    if dialect.table:
        found["sheetName" if dialect.format == "xlsx" else "table"] = dialect.table
    if dialect.positions:
        found["positions"] = [list(pair) for pair in dialect.positions]
    return found
