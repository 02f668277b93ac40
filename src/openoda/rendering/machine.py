"""JSON for machines: strict, so that every reader can read it."""

import json
from math import isfinite
from typing import Any


def as_json(value: Any, indent: int | None = None) -> str:
    """The value as JSON; NaN and infinity, which JSON doesn't have, become null; dates are ISO."""
    return json.dumps(_strict(value), indent=indent, default=str, allow_nan=False)


def _strict(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value
