"""Draws that the synthetic people, places and damage share: skewed choices, words, check digits.

All take the numpy Generator that they draw from, so the same seed gives the same draws.
"""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

WORDS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("extract_names.toml").read_text(encoding="utf-8")
)
NINO_FIRST, NINO_SECOND = "ABCEGHJKLMNOPRSTWXYZ", "ABCEGHJKLMNPRSTWXYZ"
NINO_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
NHS_STARTS = ["4", "60", "61", "62", "63", "64", "65", "70", "71"]
Words = np.ndarray  # one-dimensional, of str, dtype object


def words(text: str) -> list[str]:
    """The words of a list in the file of names; an underscore stands for a space."""
    return [word.replace("_", " ") for word in text.split()]


def chosen(
    rng: np.random.Generator, options: list[str], weights: list[float] | np.ndarray, n: int
) -> Words:
    """`n` of the options by weight."""
    edge = np.cumsum(weights) / np.sum(weights)
    edge[-1] = 1.0
    return np.array(options, dtype=object)[np.searchsorted(edge, rng.random(n), side="right")]


def zipf(rng: np.random.Generator, options: list[str], n: int, slope: float) -> Words:
    """`n` of the options, the one of rank r with a probability like 1 / (r + 2)^slope."""
    return chosen(rng, options, 1.0 / (np.arange(len(options)) + 3.0) ** slope, n)


def plain(text: str) -> str:
    """Without diacritics, as most council systems store it: Łukasz becomes Lukasz."""
    text = text.translate(str.maketrans("łŁıøØđĐæ", "lLioOdDa"))
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def nhs_check_digit(nine: str) -> str | None:
    """The tenth digit of an NHS number, or None where there is none (weights 10 to 2)."""
    check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else str(check % 11)


def nhs_is_valid(number: str) -> bool:
    """Whether ten digits carry their own check digit."""
    return len(number) == 10 and number.isdigit() and nhs_check_digit(number[:9]) == number[9]


def nino_is_valid(number: str) -> bool:
    """Whether nine characters follow the letters and digits of NIM39110."""
    return (
        len(number) == 9
        and number[0] in NINO_FIRST
        and number[1] in NINO_SECOND
        and number[:2] not in NINO_NEVER
        and number[2:8].isdigit()
        and number[8] in "ABCD"
    )


def nhs_numbers(rng: np.random.Generator, n: int) -> Words:
    """`n` different NHS numbers with their check digit, in the ranges issued in England."""
    found: dict[str, None] = {}
    while len(found) < n:
        start = chosen(rng, NHS_STARTS, [4.0] + [1.0] * (len(NHS_STARTS) - 1), n)
        for prefix, number in zip(start, rng.integers(0, 10**8, n), strict=True):
            nine = (prefix + f"{number:08d}")[:9]
            check = nhs_check_digit(nine)
            if check is not None:
                found[nine + check] = None
    return np.array(list(found)[:n], dtype=object)


def ninos(rng: np.random.Generator, n: int) -> Words:
    """`n` different National Insurance numbers with allowed letters (NIM39110)."""
    found: dict[str, None] = {}
    while len(found) < n:
        one, two = rng.integers(0, len(NINO_FIRST), n), rng.integers(0, len(NINO_SECOND), n)
        digits, suffix = rng.integers(0, 10**6, n), rng.integers(0, 4, n)
        for i in range(n):
            number = NINO_FIRST[one[i]] + NINO_SECOND[two[i]] + f"{digits[i]:06d}ABCD"
            number = number[:8] + number[8 + suffix[i]]
            if nino_is_valid(number):
                found[number] = None
    return np.array(list(found)[:n], dtype=object)


def mobiles(rng: np.random.Generator, n: int) -> Words:
    """`n` mobile telephone numbers of eleven digits."""
    start, tail = rng.integers(74, 80, n), rng.integers(0, 10**8, n)
    return np.array([f"0{s}{t:08d}" for s, t in zip(start, tail, strict=True)], dtype=object)


def landlines(rng: np.random.Generator, dial: Words) -> Words:
    """A landline of eleven digits for each dialling code."""
    tail = rng.integers(2 * 10**5, 10**6, len(dial))
    more = rng.integers(0, 10, len(dial))
    return np.array(
        [(d + f"{t}{m}")[: 11 if len(d) > 4 else 10] + ("" if len(d) > 4 else str(m))
         for d, t, m in zip(dial, tail, more, strict=True)],
        dtype=object,
    )  # fmt: skip
