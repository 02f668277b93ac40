"""Whether a document is valid under a JSON Schema, by the words that our schemas use.

Written from the specification of draft 7, word by word; an unknown word is an error, not passed over.
"""

from typing import Any

Schema = dict[str, Any]
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "boolean": bool,
}
NOTES = {"$schema", "title", "description", "definitions"}


def is_valid(value: object, schema: Schema, root: Schema) -> bool:
    """Whether every word of the schema allows the value."""
    if "$ref" in schema:
        return is_valid(
            value, root["definitions"][schema["$ref"].removeprefix("#/definitions/")], root
        )
    return all(
        bool(WORDS[word](value, said, schema, root))
        for word, said in schema.items()
        if word not in NOTES
    )


def _type(value: Any, said: Any, schema: Schema, root: Schema) -> bool:
    return isinstance(value, TYPES[said]) and (said == "boolean" or not isinstance(value, bool))


def _properties(value: Any, said: Any, schema: Schema, root: Schema) -> bool:
    if not isinstance(value, dict):
        return True
    return all(is_valid(value[name], said[name], root) for name in said if name in value)


def _additional(value: Any, said: Any, schema: Schema, root: Schema) -> bool:
    assert said is False
    return not isinstance(value, dict) or set(value) <= set(schema["properties"])


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


WORDS: dict[str, Any] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": lambda v, said, *_: not isinstance(v, dict) or set(said) <= set(v),
    "enum": lambda v, said, *_: v in said,
    "const": lambda v, said, *_: type(v) is type(said) and v == said,
    "minLength": lambda v, said, *_: not isinstance(v, str) or len(v) >= said,
    "minItems": lambda v, said, *_: not isinstance(v, list) or len(v) >= said,
    "items": lambda v, said, _, root: (
        not isinstance(v, list) or all(is_valid(each, said, root) for each in v)
    ),
    "minimum": lambda v, said, *_: not _number(v) or v >= said,
    "maximum": lambda v, said, *_: not _number(v) or v <= said,
    "exclusiveMinimum": lambda v, said, *_: not _number(v) or v > said,
    "exclusiveMaximum": lambda v, said, *_: not _number(v) or v < said,
    "allOf": lambda v, said, _, root: all(is_valid(v, each, root) for each in said),
    "anyOf": lambda v, said, _, root: any(is_valid(v, each, root) for each in said),
    "oneOf": lambda v, said, _, root: sum(is_valid(v, each, root) for each in said) == 1,
}
