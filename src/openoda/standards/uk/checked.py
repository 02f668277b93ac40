"""The one result of every rule: a canonical form, or a problem with its code and plain words."""

import re
from dataclasses import dataclass

MISSING = "missing"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u02b9\u00b4\u2032\uff07"), "'")
_PLAIN = {**_INVISIBLE, **_DASHES, **_QUOTES}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_FLOAT = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a rule says of one text.

    `value` is the canonical form, or None exactly where there is a `problem` (a code of lower-case
    words joined by hyphens). `words` says the problem plainly and never repeats the text, which may
    be personal. `notes` are remarks that don't make the value wrong.
    """

    value: str | None
    problem: str = ""
    words: str = ""
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether there is a canonical form."""
        return self.value is not None

    @property
    def missing(self) -> bool:
        """Whether there was nothing to judge: a matter of completeness, not of form."""
        return self.problem == MISSING


def sound(value: str, *notes: str) -> Checked:
    """A value in canonical form."""
    return Checked(value, notes=notes)


def unsound(problem: str, words: str, *notes: str) -> Checked:
    """A problem, by its code and in words."""
    return Checked(None, problem, words, notes)


NOTHING = unsound(MISSING, "Nothing is given.")


def plain(text: str) -> str:
    """The text with invisible characters gone, one kind of dash and apostrophe, single spaces."""
    return " ".join((text if text.isascii() else text.translate(_PLAIN)).split())


def joined(text: str) -> str:
    """The same without spaces and hyphens, in capitals: how codes are compared."""
    return plain(text).replace(" ", "").replace("-", "").upper()


def digits_of(text: str) -> Checked:
    """The digits of a whole number as spreadsheets write it, leading zeros and all.

    Takes spaces, thousands commas and a decimal `.0`; refuses `1.0E+11`, whose last digits are lost.
    """
    given = plain(text).replace(" ", "")
    if not given:
        return NOTHING
    if given.isascii() and given.isdigit():
        return sound(given)
    if _GROUPED.fullmatch(given):
        return sound(given.replace(",", ""), "thousands commas removed")
    found = _FLOAT.fullmatch(given)
    if found:
        return sound(found[1], "a decimal .0 removed: the column was once stored as a number")
    if _SCIENTIFIC.fullmatch(given):
        return unsound(
            "scientific-notation",
            "A spreadsheet has rounded it to scientific notation, and its last digits are lost.",
        )
    return unsound("not-digits", "It holds something other than digits.")


def reference_number(text: str, most: int, nothing: str, too_long: str, exists: str) -> Checked:
    """A reference of at most `most` digits, without leading zeros; the words for each problem.

    Problems: missing, not-digits, scientific-notation, placeholder (all zeros), too-long.
    """
    given = digits_of(text)
    if given.value is None:
        return given
    bare = given.value.lstrip("0")
    if not bare:
        return unsound("placeholder", nothing)
    if len(bare) > most:
        return unsound("too-long", too_long)
    padded = ("leading zeros removed",) if len(bare) < len(given.value) else ()
    return sound(bare, *given.notes, *padded, exists)
