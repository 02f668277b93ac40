"""What a compiled loop depends on outside its own file: constants, and loops that it calls.

numba compiles both into the loop, and knows only by its file's date that kept code is old. A rule's
constants live with the rule, so the loop carries a digest of what it was compiled with.
"""

import hashlib
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

import numpy as np

_LENGTH = 12


def digest_of(function: Callable[..., Any]) -> str:
    """A short digest of the function's code and of every value outside it that its names stand for."""
    digest = hashlib.sha256()
    for part in _parts(function.__code__, function.__globals__):
        digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()[:_LENGTH]


def _parts(code: CodeType, known: dict[str, Any]) -> Iterator[bytes]:
    yield code.co_code
    for constant in code.co_consts:
        yield constant.co_code if isinstance(constant, CodeType) else repr(constant).encode()
    for name in code.co_names:
        yield name.encode()
        if name in known:
            yield from _value(known[name], code.co_names)


def _value(value: Any, names: tuple[str, ...]) -> Iterator[bytes]:
    if isinstance(value, np.ndarray):
        yield f"{value.dtype}{value.shape}".encode()
        yield value.tobytes()
    elif isinstance(value, ModuleType):
        if value.__name__.startswith("openoda"):
            for name in names:
                yield from _value(getattr(value, name, None), names)
    elif hasattr(value, "py_func"):  # a compiled loop: its name holds its own digest
        yield value.py_func.__qualname__.encode()
    elif isinstance(value, bool | int | float | str | bytes | tuple | np.generic):
        yield repr(value).encode()
