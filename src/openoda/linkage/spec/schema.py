"""The JSON Schema of a spec file, made from the table of keys that reading goes by."""

import json
import math
from pathlib import Path
from typing import Any

from openoda.linkage.spec.keys import FORMS_OF, LEVEL, LEVEL_KEYS, TABLES, Key, Keys, Kind

FILE = Path(__file__).parent / "linkage-spec.schema.json"
"""The schema as shipped, for editors; `python -m openoda.linkage.spec.schema` writes it."""
Schema = dict[str, Any]


def spec_schema() -> Schema:
    """The schema (draft 7, which editors of TOML know). It holds what one key can tell: types,
    choices, ranges and which keys go together; names and order are checked on reading alone."""
    tests = {kind: _tests(kind) for kind in FORMS_OF}
    tables = {name: _object(keys) for name, keys in TABLES.items() if name != "spec"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Linkage spec",
        **_object(TABLES["spec"]),
        "definitions": {**tables, **tests},
    }


def _tests(kind: str) -> Schema:
    besides = LEVEL_KEYS if kind == LEVEL else {}
    return {"oneOf": [_object({**keys, **besides}) for keys in FORMS_OF[kind].values()]}


def _object(keys: Keys) -> Schema:
    return {
        "type": "object",
        "properties": {name: _property(key) for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.needed],
        "additionalProperties": False,
    }


def _property(key: Key) -> Schema:
    return {"description": key.meaning, **_value(key)}


def _value(key: Key) -> Schema:
    inner = {"$ref": f"#/definitions/{key.of}"}
    if key.kind is Kind.TABLE:
        return {"anyOf": [{"type": "boolean"}, inner]} if key.yes_or_table else {"allOf": [inner]}
    least = {"minItems": 1} if key.needed else {}
    if key.kind is Kind.TABLES:
        return {"type": "array", "items": inner, **least}
    if key.kind is Kind.TEXTS:
        length = {"minLength": 1} if key.needed else {}
        return {"type": "array", "items": {"type": "string", **length}, **least}
    if key.kind is Kind.NUMBER:
        return {"type": "number", **_limits(key)}
    if key.kind is Kind.YES:
        return {"const": True} if key.only_true else {"type": "boolean"}
    choices = {"enum": list(key.choices)} if key.choices else {}
    return {"type": "string", **choices, **({"minLength": 1} if key.needed else {})}


def _limits(key: Key) -> Schema:
    if key.range is None:
        return {}
    low = "exclusiveMinimum" if key.range.above else "minimum"
    high = "exclusiveMaximum" if key.range.below else "maximum"
    most = {} if key.range.most == math.inf else {high: key.range.most}
    return {low: key.range.least, **most}


if __name__ == "__main__":
    FILE.write_text(json.dumps(spec_schema(), indent=2) + "\n", encoding="utf-8")
