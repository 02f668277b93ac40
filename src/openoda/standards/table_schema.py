"""Table Schema: what each column of a table holds, and what its values must satisfy.

Source: Frictionless Data, Table Schema version 1 (specs.frictionlessdata.io/table-schema). What the
specification leaves to guessing (format "any", XML Schema patterns that RE2 lacks) or what intake
doesn't check (foreign keys, nested types) is refused by name, never passed over.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from openoda.standards import time_pattern
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year")
PATTERNED = ("date", "datetime", "time")
SERIAL_FORMATS = ("excel", "excel-1904")
"""Our own two formats of dates and datetimes: a spreadsheet's serial number, by either system."""
TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")

_CONSTRAINTS = {
    "required": bool, "unique": bool, "enum": list, "minimum": object, "maximum": object,
    "pattern": str, "minLength": int, "maxLength": int,
}  # fmt: skip
_REMEDY = "Correct the schema; the Table Schema specification says what each key takes."


@dataclass(frozen=True)
class Constraints:
    """What a column's values must satisfy; limits and choices as written in the schema."""

    required: bool = False
    unique: bool = False
    enum: tuple[object, ...] = ()
    minimum: object = None
    maximum: object = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Field:
    """One column: its name, type, how its values are written, and its constraints."""

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    true_values: tuple[str, ...] = TRUE_VALUES
    false_values: tuple[str, ...] = FALSE_VALUES
    constraints: Constraints = field(default_factory=Constraints)


@dataclass(frozen=True)
class TableSchema:
    """The columns of a table.

    `missing_values` is None where the schema doesn't say: then an empty cell is missing, and a
    quoted empty string is missing too in every column but those of type string. `primary_key` names
    columns whose values together must be present and unique. `descriptor` is the schema as given.
    """

    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] | None = None
    primary_key: tuple[str, ...] = ()
    descriptor: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> list[str]:
        """The columns' names, in the schema's order."""
        return [each.name for each in self.fields]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a schema from a JSON file: a Table Schema, or a Data Resource that holds one."""
        return cls.from_descriptor(read_descriptor(path), where=path.name)

    @classmethod
    def from_descriptor(cls, descriptor: object, *, where: str = "") -> Self:
        """Build a schema from a parsed descriptor; SchemaInvalid lists every fault found."""
        if not isinstance(descriptor, Mapping):
            raise SchemaInvalid("The schema isn't an object", where=where, remedy=_REMEDY)
        descriptor = schema_part(descriptor)
        faults: list[str] = []
        entries = descriptor.get("fields")
        if not isinstance(entries, list) or not entries:
            faults.append('"fields" must be a list of one field or more')
            entries = []
        fields = [_field(entry, place, faults) for place, entry in enumerate(entries, 1)]
        missing = _missing_values(descriptor, faults)
        key = _primary_key(descriptor, [each.name for each in fields], faults)
        _table_faults(descriptor, [each.name for each in fields], faults)
        if faults:
            raise SchemaInvalid(
                "The schema is wrong: " + "; ".join(faults), where=where, remedy=_REMEDY
            )
        return cls(tuple(fields), missing, key, dict(descriptor))


def read_descriptor(path: Path) -> object:
    """The content of a JSON file that describes data."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileUnreadable(
            f"The schema can't be read: {error.strerror}",
            where=path.name,
            remedy="Check its name and that this account may read it.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise SchemaInvalid(
            "The schema isn't JSON", where=path.name, remedy="Give a Table Schema as JSON."
        ) from error


def schema_part(descriptor: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Table Schema within a Data Resource; a descriptor that is none is its own."""
    inner = descriptor.get("schema")
    return inner if "fields" not in descriptor and isinstance(inner, Mapping) else descriptor


def _table_faults(descriptor: Mapping[str, Any], names: list[str], faults: list[str]) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        faults.append(f'the name "{name}" is used twice')
    if descriptor.get("foreignKeys"):
        faults.append("foreignKeys can't be checked within one file: take them out")


def _missing_values(descriptor: Mapping[str, Any], faults: list[str]) -> tuple[str, ...] | None:
    if "missingValues" not in descriptor:
        return None
    values = _texts(descriptor, "missingValues", (), "the schema", faults)
    return tuple(values)


def _primary_key(
    descriptor: Mapping[str, Any], names: list[str], faults: list[str]
) -> tuple[str, ...]:
    key = descriptor.get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    if not isinstance(key, list) or not all(isinstance(name, str) for name in key):
        faults.append('"primaryKey" must be a name or a list of names')
        return ()
    faults += [f'the primary key names "{name}", which is no field' for name in key
               if name not in names]  # fmt: skip
    return tuple(key)


def _field(entry: object, place: int, faults: list[str]) -> Field:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        faults.append(f"field {place} has no name")
        return Field(name="")
    who = f'field "{entry["name"]}"'
    if not entry["name"].strip():
        faults.append(f"field {place} has an empty name")
    made = Field(
        name=entry["name"],
        type=_text(entry, "type", "string", who, faults),
        format=_text(entry, "format", "default", who, faults),
        title=_text(entry, "title", "", who, faults),
        description=_text(entry, "description", "", who, faults),
        decimal_char=_text(entry, "decimalChar", ".", who, faults),
        group_char=_text(entry, "groupChar", "", who, faults),
        bare_number=_flag(entry, "bareNumber", True, who, faults),
        true_values=_texts(entry, "trueValues", TRUE_VALUES, who, faults),
        false_values=_texts(entry, "falseValues", FALSE_VALUES, who, faults),
        constraints=_constraints(entry, who, faults),
    )
    faults += [f"{who}: {fault}" for fault in _field_faults(made)]
    return made


def _field_faults(made: Field) -> list[str]:
    if made.type not in TYPES:
        return [f'the type "{made.type}" is not supported (use {", ".join(TYPES)})']
    return [*_format_faults(made), *_number_faults(made), *_constraint_faults(made)]


def _format_faults(made: Field) -> list[str]:
    if made.format == "default":
        return []
    if made.format == "any":
        return ['the format "any" would be a guess: give a pattern such as %d/%m/%Y']
    if made.type not in PATTERNED:
        return [f'the format "{made.format}" is not checked: leave it out, or use a pattern']
    if made.format in SERIAL_FORMATS:
        return [] if made.type != "time" else [f'the format "{made.format}" is no time of day']
    wrong = time_pattern.fault(made.format, made.type)
    return [f'the format "{made.format}": {wrong}'] if wrong else []


def _number_faults(made: Field) -> list[str]:
    found = []
    for name, char in (("decimalChar", made.decimal_char), ("groupChar", made.group_char)):
        optional = name == "groupChar" and char == ""
        if not optional and (len(char) != 1 or not char.isascii() or char.isdigit()):
            found.append(f"{name} must be one ASCII character that is no digit")
        elif char and char in "+-eE":
            found.append(f"{name} can't be {char}")
    if made.decimal_char == made.group_char:
        found.append("decimalChar and groupChar are the same")
    if made.type == "boolean" and set(made.true_values) & set(made.false_values):
        found.append("a value stands for both true and false")
    return found


def _constraint_faults(made: Field) -> list[str]:
    rules, found = made.constraints, []
    sized = rules.min_length is not None or rules.max_length is not None
    if sized and made.type != "string":
        found.append("minLength and maxLength are for strings")
    ranged = rules.minimum is not None or rules.maximum is not None
    if ranged and made.type in ("string", "boolean"):
        found.append("minimum and maximum are for numbers, dates and times")
    if rules.pattern is not None and not _is_pattern(rules.pattern):
        found.append(f'the pattern "{rules.pattern}" is not one that RE2 can match')
    return found


def whole(pattern: str) -> str:
    """The pattern as RE2 wants it to match a whole value."""
    return rf"\A(?:{pattern})\z"


def _is_pattern(pattern: str) -> bool:
    try:
        pc.match_substring_regex(pa.array([""]), whole(pattern))
    except pa.ArrowInvalid:
        return False
    return True


def _constraints(entry: Mapping[str, Any], who: str, faults: list[str]) -> Constraints:
    given = entry.get("constraints", {})
    if not isinstance(given, Mapping):
        faults.append(f'{who}: "constraints" must be an object')
        return Constraints()
    for name, value in given.items():
        kind = _CONSTRAINTS.get(name)
        if kind is None:
            faults.append(f'{who}: the constraint "{name}" is not supported')
        elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            faults.append(f'{who}: the constraint "{name}" must be a {kind.__name__}')
    if any(each.startswith(who) for each in faults):
        return Constraints()
    return Constraints(
        required=given.get("required", False),
        unique=given.get("unique", False),
        enum=tuple(given.get("enum", ())),
        minimum=given.get("minimum"),
        maximum=given.get("maximum"),
        pattern=given.get("pattern"),
        min_length=given.get("minLength"),
        max_length=given.get("maxLength"),
    )


def _text(entry: Mapping[str, Any], key: str, default: str, who: str, faults: list[str]) -> str:
    value = entry.get(key, default)
    if isinstance(value, str):
        return value
    faults.append(f'{who}: "{key}" must be a text')
    return default


def _flag(entry: Mapping[str, Any], key: str, default: bool, who: str, faults: list[str]) -> bool:
    value = entry.get(key, default)
    if isinstance(value, bool):
        return value
    faults.append(f'{who}: "{key}" must be true or false')
    return default


def _texts(
    entry: Mapping[str, Any], key: str, default: tuple[str, ...], who: str, faults: list[str]
) -> tuple[str, ...]:
    value = entry.get(key, default)
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return tuple(value)
    faults.append(f'{who}: "{key}" must be a list of texts')
    return default
