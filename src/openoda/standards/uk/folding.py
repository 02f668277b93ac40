"""Folding: letters without their marks, in capitals, so that the same name compares equal.

Source: Unicode Standard Annex 15 (compatibility decomposition, from which combining marks are dropped).
Letters that don't decompose are written as in the table, one common way each; ICAO Doc 9303 part 3
transliterates some differently (Å as AA, Ö as OE; by pages about passports, the document wasn't read),
which is for passports and not used here.
"""

import unicodedata

_LETTERS = str.maketrans(
    {
        "Æ": "AE", "Œ": "OE", "Ø": "O", "Ð": "D", "Đ": "D", "Ł": "L", "Þ": "TH", "Ħ": "H",
        "Ŧ": "T", "Ŋ": "NG", "Ə": "E", "ẞ": "SS", "ʻ": "", "ʿ": "", "ʾ": "",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """The text in capitals, its diacritics dropped; scripts other than Latin stay as they are."""
    if text.isascii():
        return text.upper()
    composed = unicodedata.normalize("NFC", text).upper()
    return "".join(_without_marks(character) for character in composed).translate(_LETTERS)


def _without_marks(character: str) -> str:
    """The ASCII letter under a character's marks; another character as it is, a bare mark gone."""
    apart = unicodedata.normalize("NFKD", character)
    if apart[0].isascii():
        return "".join(c for c in apart if not unicodedata.combining(c))
    return "" if unicodedata.combining(character) in (230, 220, 202) else character
