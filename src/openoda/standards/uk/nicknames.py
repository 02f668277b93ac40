"""Nicknames: which formal forenames a short one may stand for. Looked up beside, never put in place.

Source: `nicknames.json`, our own list of common British usage, written for OpenODA from general
knowledge and under its licence (MIT); no other list was copied. It is short of names from outside
Europe, and says so.
"""

import json
from functools import cache
from pathlib import Path


def formal_names(forename: str) -> tuple[str, ...]:
    """The formal names that a folded forename may be short for, in alphabetical order; may be empty."""
    return _by_nickname().get(forename, ())


def nicknames(forename: str) -> tuple[str, ...]:
    """The short forms of a folded formal forename; may be empty."""
    return tuple(_table().get(forename, ()))


@cache
def _table() -> dict[str, list[str]]:
    file = Path(__file__).parent / "nicknames.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))["names"])


@cache
def _by_nickname() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for formal, shorts in _table().items():
        for short in shorts:
            found.setdefault(short, []).append(formal)
    return {short: tuple(sorted(formals)) for short, formals in found.items()}
