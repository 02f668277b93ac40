"""How an agency writes what it holds: dates, case, spacing, columns. No information is wrong here.

What an agency does to every record (a date format, upper case, a field of twelve characters) stands
under ``[agency.…]`` in ``extract_damage.toml``; what happens to some records is damage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from tests.generative.extract_draws import Words, plain

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
DATES: dict[str, Callable[[int, int, int], str]] = {
    "iso": lambda y, m, d: f"{y:04d}-{m:02d}-{d:02d}",
    "uk": lambda y, m, d: f"{d:02d}/{m:02d}/{y:04d}",
    "uk_short": lambda y, m, d: f"{d}/{m}/{y:04d}",
    "uk_dots": lambda y, m, d: f"{d:02d}.{m:02d}.{y:04d}",
    "uk_two_digits": lambda y, m, d: f"{d:02d}/{m:02d}/{y % 100:02d}",
    "us": lambda y, m, d: f"{m:02d}/{d:02d}/{y:04d}",
    "compact": lambda y, m, d: f"{y:04d}{m:02d}{d:02d}",
    "words": lambda y, m, d: f"{d} {MONTHS[m - 1]} {y:04d}",
    "abbreviated": lambda y, m, d: f"{d:02d}-{MONTHS[m - 1][:3].upper()}-{y:04d}",
    "timestamp": lambda y, m, d: f"{y:04d}-{m:02d}-{d:02d} 00:00:00",
}
SEXES = {
    "letters": {"F": "F", "M": "M"},
    "small": {"F": "f", "M": "m"},
    "words": {"F": "Female", "M": "Male"},
    "numbers": {"F": "2", "M": "1"},
}
CASES: dict[str, Callable[[str], str]] = {"as is": str, "upper": str.upper, "lower": str.lower}
SPACING: dict[str, dict[str, Callable[[str], str]]] = {
    "postcode": {
        "spaced": str,
        "joined": lambda t: t.replace(" ", ""),
        "padded": lambda t: t.split(" ")[0].ljust(4) + t.split(" ")[-1] if " " in t else t,
        "small": str.lower,
    },
    "nhs_number": {
        "joined": str,
        "spaced": lambda t: f"{t[:3]} {t[3:6]} {t[6:]}",
        "dashed": lambda t: f"{t[:3]}-{t[3:6]}-{t[6:]}",
    },
    "nino": {
        "joined": str,
        "spaced": lambda t: f"{t[:2]} {t[2:4]} {t[4:6]} {t[6:8]} {t[8:]}".rstrip(),
        "small": str.lower,
        "no suffix": lambda t: t[:8],
    },
    "uprn": {"plain": str, "padded": lambda t: t.zfill(12)},
    "phone": {
        "joined": str,
        "spaced": lambda t: f"{t[:5]} {t[5:]}",
        "international": lambda t: f"+44{t[1:]}",
        "bracketed": lambda t: f"({t[:5]}) {t[5:8]} {t[8:]}",
        "no zero": lambda t: t[1:],
    },
    "email": {"lower": str.lower, "upper": str.upper},
}
TITLES = {"F": ("Mrs", "Miss", "Ms"), "M": ("Mr", "Mr", "Dr")}


def each(change: Callable[[str], str], values: Iterable[str]) -> Words:
    """The change made to every value that isn't empty."""
    return np.array([change(value) if value else value for value in values], dtype=object)


def written_dates(form: str, year: np.ndarray, month: np.ndarray, day: np.ndarray) -> Words:
    """Dates in an agency's format, one of `DATES`."""
    write = DATES[form]
    return np.array([write(*date) for date in zip(year, month, day, strict=True)], dtype=object)


def full_first_names(rng: np.random.Generator, how: str, first: Words, middle: Words) -> Words:
    """First names with the middle name behind them, as `how` says: none, initial, full or some."""
    shown = middle != ""
    if how == "none":
        return first
    if how == "some":
        shown = shown & (rng.random(len(first)) < 0.5)
    more = each(lambda t: t[0], middle) if how == "initial" else middle
    return np.where(shown, first + " " + more, first)


def titled(rng: np.random.Generator, first: Words, sex: Words, share: float) -> Words:
    """First names of which a share has a title in front: Mrs Anna."""
    here = rng.random(len(first)) < share
    which = rng.integers(0, 3, len(first))
    titles = np.array([TITLES[s][w] for s, w in zip(sex, which, strict=True)], dtype=object)
    return np.where(here, titles + " " + first, first)


def written_name(values: Words, agency: dict[str, Any], case: str) -> Words:
    """Names in an agency's case, with or without diacritics, apostrophes and hyphens."""

    def change(text: str) -> str:
        text = plain(text) if agency.get("diacritics", "kept") == "dropped" else text
        text = text.replace("'", {"kept": "'", "dropped": "", "spaced": " "}[agency["apostrophes"]])
        text = text.replace("-", " ") if agency.get("hyphens", "kept") == "spaced" else text
        return CASES[case](text)

    return each(change, values)


def written_address(parts: list[Words], agency: dict[str, Any]) -> Words:
    """Flat, number, street, locality and town on one line, in an agency's order and punctuation."""
    flat, number, street, locality, town = parts
    comma = agency.get("comma", ", ")
    show_locality, show_town = agency.get("locality", True), agency.get("town", True)
    found = []
    for f, n, s, k, t in zip(flat, number, street, locality, town, strict=True):
        lines = [f"{n} {s}"]
        if f and agency.get("flat", "first") == "slashed":
            lines = [f"{f.removeprefix('Flat ')}/{n} {s}"]
        elif f:
            lines = [f, *lines] if agency.get("flat", "first") == "first" else [*lines, f]
        lines += [k] if k and show_locality else []
        lines += [t] if show_town else []
        found.append(comma.join(lines).replace(", ", comma))
    return np.array(found, dtype=object)


def spaced(column: str, how: str, values: Words, length: dict[str, int]) -> Words:
    """Identifiers with an agency's spaces; those of an unexpected length stay as they are."""
    change, usual = SPACING[column][how], length.get(column)
    return each(lambda t: change(t) if usual is None or len(t) == usual else t, values)
