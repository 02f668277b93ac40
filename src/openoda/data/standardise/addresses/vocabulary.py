"""The words met in a run, numbered, each with its meaning, its full form and its number."""

import re

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses.spelling import one_slip
from openoda.data.standardise.addresses.words import FULL_FORMS, MEANINGS, Mark

# Words that say which flat, so that a slip in them must not hide it; and words that they aren't.
MISSPELT = {"F": ("FLOOR", "FIRST", "FLAT"), "G": ("GROUND",), "B": ("BASEMENT",), "A": ("APARTMENT",),
            "S": ("SECOND",)}  # fmt: skip
TRUE_WORDS = frozenset(
    [
        "FLOUR",
        "FLOORS",
        "GROUNDS",
        "SECONDS",
        "BASEMENTS",
        "APARTMENTS",
        "FLAX",
        "FLAG",
        "FLAP",
        "FLOAT",
        "FIAT",
        "FEAT",
        "FAT",
        "FLIT",
    ]
)
_NUMBER = re.compile(r"(\d{1,5})([A-Z]?)\Z")
_MAYBE_OUTWARD = re.compile(r"(?:[A-Z]{1,2}[0-9IO]{1,2}|[01][A-Z]\d{1,2})\Z")
_CARELESS_POSTCODE = re.compile(r"([A-Z]{1,2})([0-9IO]{2,3})([ABD-HJLNP-UW-Z]{2})\Z")
_MIXED = re.compile(r"(?=(?:.*[A-Z]){3})(?=.*\d)[A-Z0-9]{4,}\Z")
_OUTWARD = re.compile(r"(?:[A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]|GIR|BFPO)\Z")
_INWARD = re.compile(r"[0-9OI][ABD-HJLNP-UW-Z]{2}\Z")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]|GIR)([0-9OI][ABD-HJLNP-UW-Z]{2})\Z")
# Flats of a Scottish tenement: floor, F or /, side or number (1F2, GF1, 2FL, BFR, PF1).
_SCOTTISH = re.compile(r"(?:\d{1,2}|G|B|P|T)F(?:\d{1,2}|L|R)\Z")
# A postcode's code is its outward part times INWARD_ROOM and its inward part and one (0: unknown);
# within the inward part the sector's digit counts SECTOR_ROOM.
INWARD_ROOM, SECTOR_ROOM = 50_000, 36 * 36
LONGEST_CODE = 8  # signs of a postcode, damage included
# Storeys from the ground, as flats are numbered; TOP and ATTIC are the last of their building.
STOREYS = {"GROUND": 1, "FIRST": 2, "SECOND": 3, "THIRD": 4, "FOURTH": 5, "FIFTH": 6, "SIXTH": 7,
           "SEVENTH": 8}  # fmt: skip
LAST_STOREY = 99
_AS_DIGITS = str.maketrans("OI", "01")
_AS_LETTERS = str.maketrans("015689", "OISGBG")  # as scanned or mistyped: BEDF0RD, 5TREET


class Vocabulary:
    """Every distinct word by its number (int32, from 0), in the order met.

    `marks`, `full`, `values` and `suffixes` are arrays by a word's number, as far as words are
    known when they are asked for: its `Mark` bits; the number of its full form (RD -> ROAD);
    the value of a house number (-1: none) and its letter (0, or the capital's code).
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self._places: dict[str, int] = {}
        self._marks: list[int] = []
        self._full: list[int] = []
        self._values: list[int] = []
        self._suffixes: list[int] = []
        self._codes: list[int] = []
        self._written: list[int] = []

    def __len__(self) -> int:
        return len(self.words)

    def id(self, word: str) -> int:
        """The word's number, given now if it is new."""
        place = self._places.get(word)
        return self._add(word) if place is None else place

    def known(self, word: str) -> int:
        """The word's number, or -1 where it was never met."""
        return self._places.get(word, -1)

    def ids(self, words: list[str]) -> npt.NDArray[np.int32]:
        """Their numbers, in order."""
        return np.array([self.id(word) for word in words], np.int32)

    def phrase(self, text: str) -> list[int]:
        """The numbers of a phrase's words, each in full."""
        return [self._full[self.id(word)] for word in text.split()]

    @property
    def marks(self) -> npt.NDArray[np.int32]:
        """The marks of each word."""
        return np.array(self._marks, np.int32)

    @property
    def full(self) -> npt.NDArray[np.int32]:
        """The number of each word's full form."""
        return np.array(self._full, np.int32)

    @property
    def values(self) -> npt.NDArray[np.int32]:
        """The house number that each word is, or -1."""
        return np.array(self._values, np.int32)

    @property
    def suffixes(self) -> npt.NDArray[np.int32]:
        """The letter after each word's house number, or 0."""
        return np.array(self._suffixes, np.int32)

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """What each word adds to the code of a postcode: outward, inward or both; else 0."""
        return np.array(self._codes, np.int64)

    @property
    def written(self) -> npt.NDArray[np.int64]:
        """Each word of up to eight signs as a number in base 36; 0 for others."""
        return np.array(self._written, np.int64)

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """How many signs each word has."""
        return np.array([len(word) for word in self.words], np.int32)

    @property
    def storeys(self) -> npt.NDArray[np.int32]:
        """The storey that a word names, counted from the ground as 1; 0 for other words."""
        known = {**STOREYS, "TOP": LAST_STOREY, "ATTIC": LAST_STOREY}
        return np.array([known.get(word, 0) for word in self.words], np.int32)

    def spelling(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
        """The bytes of all words, one after the other, and where each starts (one more at the end)."""
        data = [word.encode() for word in self.words]
        starts = np.zeros(len(data) + 1, np.int32)
        np.cumsum([len(word) for word in data], out=starts[1:])
        return np.frombuffer(b"".join(data), np.uint8), starts

    def _add(self, word: str) -> int:
        place = len(self.words)
        self._places[word] = place
        full = _full_form(word)
        marks, value, suffix = _described(full)
        if _INWARD.match(word):  # 1ST is FIRST, but the end of a postcode too
            marks |= Mark.INWARD
        self.words.append(word)
        self._marks.append(marks)
        self._values.append(value)
        self._suffixes.append(suffix)
        self._codes.append(_postcode_code(word if marks & Mark.INWARD else full, marks))
        self._written.append(_written(word))
        self._full.append(place)
        if full != word:
            self._full[place] = self.id(full)
        return place


def _full_form(word: str) -> str:
    if word in FULL_FORMS:
        return FULL_FORMS[word]
    if word[0] in MISSPELT and word not in MEANINGS and word not in TRUE_WORDS:
        for meant in MISSPELT[word[0]]:
            if abs(len(word) - len(meant)) <= 1 and one_slip(word, meant):
                return meant
    number = _NUMBER.match(word)
    if number and len(number[1]) > 1 and number[1][0] == "0":
        return f"{int(number[1])}{number[2]}"
    careless = _CARELESS_POSTCODE.match(word)
    if careless and sum(sign.isdigit() for sign in word) >= 2:
        word = careless[1] + careless[2].translate(_AS_DIGITS) + careless[3]
    whole = _POSTCODE.match(word)
    if whole and whole[2][0] in "OI":
        return whole[1] + whole[2].translate(_AS_DIGITS)[:1] + whole[2][1:]
    if not whole and _misread(word) and not (_SCOTTISH.match(word) or _OUTWARD.match(word)):
        letters = word.translate(_AS_LETTERS)
        return FULL_FORMS.get(letters, letters) if letters.isalpha() else word
    return word


def _misread(word: str) -> bool:
    """Whether letters were mistaken for digits here and there (BEDF0RD); OD11A is mostly digits."""
    digits = sum(sign.isdigit() for sign in word)
    return digits * 3 <= len(word) and _MIXED.match(word) is not None


def _written(word: str) -> int:
    """A word of up to `LONGEST_CODE` signs as a number in base 36; 0 for others."""
    return int(word, 36) if len(word) <= LONGEST_CODE and word.isascii() and word.isalnum() else 0


def postcode_code(word: str) -> int:
    """The code of a whole postcode without a space; 0 where it isn't well formed."""
    found = _POSTCODE.match(word)
    return _postcode_code(found[1] + found[2].translate(_AS_DIGITS)[:1] + found[2][1:],
                          int(Mark.POSTCODE)) if found else 0  # fmt: skip


def _postcode_code(word: str, marks: int) -> int:
    """The part of a postcode that a word is, as a number: see `INWARD_ROOM`, `SECTOR_ROOM`."""
    if marks & Mark.POSTCODE:
        return int(word[:-3], 36) * INWARD_ROOM + int(word[-3:], 36) + 1
    if marks & Mark.INWARD:
        return int(word.translate(_AS_DIGITS)[:1] + word[1:], 36) + 1
    if marks & Mark.MAYBE_OUTWARD:
        start = 2 if len(word) > 2 else 1
        word = word[:start].translate(_AS_LETTERS) + word[start:].translate(_AS_DIGITS)
    elif not marks & Mark.OUTWARD or word == "BFPO":
        return 0
    return int(word, 36) * INWARD_ROOM


def _described(word: str) -> tuple[int, int, int]:
    """A word's marks, the value of its number (or -1) and its letter (or 0)."""
    known = MEANINGS.get(word)
    if known is not None:
        return known, -1, 0
    if len(word) == 1 and word.isalpha():
        return Mark.LETTER, -1, 0
    marks, value, suffix = 0, -1, 0
    if number := _NUMBER.match(word):
        marks, value, suffix = Mark.NUMBER, int(number[1]), ord(number[2] or "\0")
    elif _SCOTTISH.match(word):
        marks = Mark.SCOTTISH_FLAT
    for mark, pattern in (
        (Mark.OUTWARD, _OUTWARD), (Mark.INWARD, _INWARD), (Mark.POSTCODE, _POSTCODE),
    ):  # fmt: skip
        if pattern.match(word):
            marks |= mark
    if len(word) <= 4:
        marks |= Mark.SHORT
    if len(word) <= LONGEST_CODE and word.isascii() and not word.isalpha() and not word.isdigit():
        marks |= Mark.MIXED
    if not marks & Mark.OUTWARD and _MAYBE_OUTWARD.match(word):
        marks |= Mark.MAYBE_OUTWARD
    return int(marks), value, suffix
