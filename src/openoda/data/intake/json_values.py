"""One JSON text to values as text: numbers as they are written, nested values kept as JSON.

Source: RFC 8259. Python's own parser does the reading; what it would pass over or change (a key given
twice, NaN, the digits of a number) is kept and named.
"""

import json
from typing import Any

NOT_UTF8, NOT_JSON, TOO_DEEP = "not UTF-8", "not JSON", "brackets nested too deep"
TWICE = "the key is given more than once"
CONSTANT = "not a JSON value"


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Constant(str):
    """NaN, Infinity or -Infinity, which JSON doesn't have."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """The keys and values of an object, in order, those given twice too."""


class Unsound(ValueError):
    """A text that isn't one sound JSON value; `kind` is the reason without its place."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Constant
)


def parsed(raw: bytes, depth: int) -> Any:
    """The value of a JSON text; raises Unsound."""
    try:
        value = _DECODER.decode(raw.decode())
    except UnicodeDecodeError:
        raise Unsound(NOT_UTF8) from None
    except json.JSONDecodeError as error:
        raise Unsound(NOT_JSON, f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise Unsound(TOO_DEEP) from None
    if isinstance(value, Pairs | list) and _deeper(value, depth):
        raise Unsound(TOO_DEEP)
    return value


def _deeper(value: Any, depth: int) -> bool:
    """Whether brackets nest more than `depth` deep."""
    level = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def _inner(value: Any) -> list[Any]:
    held = [each for _, each in value] if isinstance(value, Pairs) else value
    return [each for each in held if isinstance(each, Pairs | list)]


def as_text(value: Any) -> str | None:
    """A value as the text of a cell: null is no value, and nested values are JSON."""
    if value is None or isinstance(value, str):
        return value if value is None else str(value)
    return written(value)


def written(value: Any) -> str:
    """A value written as JSON again, its numbers and the order of its keys as they were."""
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{_quoted(key)}:{written(each)}" for key, each in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, Number | Constant):
        return str(value)
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
