"""Patterns such as `%d/%m/%Y` that say how a date or time is written.

Source: the Table Schema specification, "date", which takes the directives of C's `strptime`. Only
those that a value can be read back from without guessing are taken.
"""

from dataclasses import dataclass
from typing import Literal

Part = Literal["Y", "y", "m", "b", "B", "d", "H", "I", "p", "M", "S", "f", "z", "text"]

ISO_DATE = "%Y-%m-%d"
ISO_TIME = "%H:%M:%S"
_DATE_PARTS = frozenset("YymbBd")
_TIME_PARTS = frozenset("HIpMSfz")
_MEANINGS: dict[str, frozenset[str]] = {
    "year": frozenset("Yy"),
    "month": frozenset("mbB"),
    "day": frozenset("d"),
    "hour": frozenset("HI"),
    "half of the day": frozenset("p"),
    "minute": frozenset("M"),
    "second": frozenset("S"),
    "fraction": frozenset("f"),
    "zone": frozenset("z"),
}


@dataclass(frozen=True)
class Token:
    """One part of a pattern; `text` is the character to be met where `part` is "text"."""

    part: str
    text: str = ""


def tokens(pattern: str) -> list[Token]:
    """Take a pattern apart; ValueError names a directive that isn't supported."""
    found: list[Token] = []
    at = 0
    while at < len(pattern):
        if pattern[at] != "%":
            found.append(Token("text", pattern[at]))
            at += 1
            continue
        directive = pattern[at + 1 : at + 2]
        if directive == "%":
            found.append(Token("text", "%"))
        elif directive and (directive in _DATE_PARTS or directive in _TIME_PARTS):
            found.append(Token(directive))
        else:
            raise ValueError(f"the directive %{directive} is not supported")
        at += 2
    return found


def fault(pattern: str, kind: str) -> str:
    """What is wrong with a pattern for a "date", "time" or "datetime"; empty if nothing is."""
    try:
        parts = [token.part for token in tokens(pattern) if token.part != "text"]
    except ValueError as error:
        return str(error)
    given = {name for name, letters in _MEANINGS.items() if letters & set(parts)}
    for name, letters in _MEANINGS.items():
        if sum(part in letters for part in parts) > 1:
            return f"the {name} is given twice"
    return _missing(given, kind) or _surplus(parts, kind)


def _missing(given: set[str], kind: str) -> str:
    needed = [] if kind == "time" else ["year", "month", "day"]
    if kind == "time" or given & {"minute", "second", "fraction", "zone", "half of the day"}:
        needed.append("hour")
    if "second" in given or "hour" in given:
        needed += ["minute"] if "second" in given else []
    if "fraction" in given:
        needed.append("second")
    absent = [name for name in needed if name not in given]
    return f"the {absent[0]} is missing" if absent else ""


def _surplus(parts: list[str], kind: str) -> str:
    if kind == "date" and _TIME_PARTS & set(parts):
        return "a date has no time of day"
    if kind == "time" and (_DATE_PARTS | {"z"}) & set(parts):
        return "a time has no date and no zone"
    if ("I" in parts) != ("p" in parts):
        return "%I and %p go together"
    return ""
