"""Where in a JSON file the list of records most likely is."""

import json
import re
from dataclasses import dataclass

import numpy as np

from openoda.data.intake import json_kernel as kernel
from openoda.data.intake.compiled import Bytes

_KEY = re.compile(rb'[ \t\r\n]*("(?:[^"\\\x00-\x1f]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_BLANK = re.compile(rb"[ \t\r\n]*")
_DEPTH = 6


@dataclass(frozen=True)
class Found:
    """A list of objects: the keys that lead to it, and how many bytes of it were seen."""

    keys: tuple[str, ...]
    size: int


def find_lists(text: bytes) -> tuple[list[Found], bool]:
    """The lists of objects in the text, the largest first, and whether it is a FeatureCollection."""
    data: Bytes = np.frombuffer(text, dtype=np.uint8)
    lists: list[Found] = []
    types: list[bytes] = []
    _look(data, text, _blank(text, 0), (), lists, types)
    return sorted(lists, key=lambda each: -each.size), b'"FeatureCollection"' in types


def _look(
    data: Bytes, text: bytes, at: int, keys: tuple[str, ...], lists: list[Found], types: list[bytes]
) -> None:
    first = text[at : at + 1]
    if first == b"[":
        inner = text[_blank(text, at + 1) :][:1]
        if inner == b"{":
            stop, _ = kernel.value_end(data, at, len(data))
            lists.append(Found(keys, stop - at))
    elif first == b"{" and len(keys) < _DEPTH:
        at += 1
        while found := _KEY.match(text, at):
            start = found.end()
            stop, how = kernel.value_end(data, start, len(data))
            try:
                key = json.loads(found.group(1))
            except ValueError:
                return
            if not keys and key == "type":
                types.append(text[start:stop])
            _look(data, text, start, (*keys, key), lists, types)
            at = _blank(text, stop)
            if how != kernel.WHOLE or text[at : at + 1] != b",":
                return
            at += 1


def _blank(text: bytes, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
