"""What a worklist looks like in a spreadsheet: its columns, and how text survives one.

A spreadsheet runs a cell that begins like a formula, drops the zeros of 0042, turns 100023456789
into 1.00023E+11 and 3-4 into a date. `guard` puts one apostrophe before such a text; `unguard`
takes exactly that one away, so that what is read back is what was written.

Source of the formula rule: OWASP, "CSV Injection" (leading = + - @, tab and line ends, with their
full-width forms), widened to look through leading spaces, quotes and invisible characters.
"""

import re

RUN, PLACE, QUEUE, CASE, UNIT = "run", "place", "queue", "case", "unit"
DATE_DUE, REASONS, ROUTE = "date_due", "reasons", "route"
INCLUSION, OUTCOME = "inclusion_probability", "outcome"
VISITED_ON, NOTE = "visited_on", "note"
BEFORE_DETAILS = (RUN, PLACE, QUEUE, CASE, UNIT)
AFTER_DETAILS = (REASONS, ROUTE, INCLUSION, OUTCOME, VISITED_ON, NOTE)
FIXED = frozenset((*BEFORE_DETAILS, DATE_DUE, *AFTER_DETAILS))

_INVISIBLE = "\x00\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_FORMULA = re.compile(
    rf"""^(?:[\s'"`‘’“”{_INVISIBLE}]*[=+\-@＝＋－＠﹢﹣﹦﹫−|%]|[\s'"`‘’“”{_INVISIBLE}]*[\t\r\n])"""
)
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$", re.ASCII)
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_ALTERED = re.compile(
    r"""^[\s'"]*(?:
      0\d+(?:\.\d+)?          # a leading zero would go
    | \d{12,}(?:\.\d*)?       # digits would be lost
    | \d+(?:\.\d+)?[eE][+-]?\d+
    | \d{1,4}[-/.]\d{1,4}(?:[-/.]\d{1,4})?   # would become a date, or lose a last zero
    | \d{1,2}[-\s]?MONTH(?:[-\s]?\d{2,4})?
    | MONTH[-\s]?\d{1,4}
    | true | false
    )\s*$""".replace("MONTH", _MONTH),
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+\d{2,}$", re.ASCII)


def is_formula_like(text: str) -> bool:
    """Say whether a spreadsheet might run this text. A plain number such as -3.5 is harmless."""
    return bool(_FORMULA.match(text)) and not _NUMBER.match(text)


def guard(text: str) -> str:
    """Make a text safe to open in a spreadsheet as CSV."""
    return f"'{text}" if is_formula_like(text) else text


def guard_id(text: str) -> str:
    """Make an identifier safe, and keep the spreadsheet from changing it."""
    return f"'{text}" if _needs_guard(text) else text


def unguard(text: str) -> str:
    """Undo `guard` and `guard_id`: whatever they were given comes back unchanged."""
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def lost_digits(text: str) -> bool:
    """Say whether an unguarded identifier was turned by a spreadsheet into, say, 1.00023E+11."""
    return bool(_SCIENTIFIC.match(text.strip()))


def header_key(title: str) -> str:
    """Reduce a column's title to what is compared: "Visited on " and "visited_on" are one."""
    return "_".join(unguard(title).replace("_", " ").casefold().split())


def detail_titles(titles: tuple[str, ...]) -> tuple[str, ...]:
    """Tell a detail's title apart from the worklist's own columns, and from its twins."""
    taken = set(FIXED)
    free = []
    for title in titles:
        name, number = title, 1
        while header_key(name) in taken:
            number += 1
            name = f"{title} (detail)" if number == 2 else f"{title} (detail {number - 1})"
        taken.add(header_key(name))
        free.append(name)
    return tuple(free)


def _needs_guard(text: str) -> bool:
    return is_formula_like(text) or bool(_ALTERED.match(text))
