"""Names that may be one name spelled otherwise: Mohammed and Muhamed, Yusuf and Youssef.

Names brought from another script or language are written down by ear. Two spellings count as alike if
the same consonants are left once letters that stand for one sound are made the same. In the manner of
the name codes of Soundex and Metaphone (Philips, Computer Language 7, 1990); the groups are our own.
"""

import re

_SOUNDS = (
    (r"SCH|TCH|TSH|CZ|TS|TZ|DZ|DJ|SH|CH|ZH|SZ|Z|J(?=[AEIOUY])", "S"),
    (r"PH", "F"),
    (r"CK|KH|GH|Q|X|C|G", "K"),
    (r"TH", "T"),
    (r"DH", "D"),
    (r"W|B(?=H)", "V"),
)
_SILENT = re.compile(r"[AEIOUYHJ]")
_DOUBLED = re.compile(r"(.)\1+")
_FEWEST = 2
_LONGER = 3


def consonants(name: str) -> str:
    """The sounds of the consonants of a name in capitals."""
    for letters, sound in _SOUNDS:
        name = re.sub(letters, sound, name)
    return _DOUBLED.sub(r"\1", _SILENT.sub("", name))


def spelled_alike(first: str, second: str) -> bool:
    """Whether two different names in capitals may be one, spelled otherwise.

    Not where only the ending differs, as it does between the surnames of brother and sister in some
    languages, nor where too few consonants are there to tell.
    """
    short, long = sorted((first, second), key=len)
    if short == long or len(long) - len(short) > _LONGER or short[:-1] == long[: len(short) - 1]:
        return False
    sounds = consonants(first)
    return len(sounds) >= _FEWEST and sounds == consonants(second)
