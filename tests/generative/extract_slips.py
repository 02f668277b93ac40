"""What goes wrong with one value as it is typed, scanned, shortened or tidied: pure functions.

Each takes the Generator it draws from and one text. `slip`, `spoilt_nhs` and `spoilt_nino` never
give back what they were given; `untidied` differs only in case, spaces, punctuation or encoding.
"""

from __future__ import annotations

import numpy as np

from tests.generative.extract_draws import nhs_is_valid, plain

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
SCANNED = [
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("l", "1"), ("I", "l"), ("O", "0"), ("0", "O"),
    ("o", "0"), ("1", "I"), ("5", "S"), ("S", "5"), ("8", "B"), ("B", "8"), ("2", "Z"), ("6", "G"),
    ("e", "c"), ("c", "e"), ("u", "v"), ("h", "b"), ("n", "ri"), ("vv", "w"), ("t", "f"), ("G", "6"),
]  # fmt: skip


def _neighbours() -> dict[str, str]:
    """Keys beside each key of a British keyboard, within its row and on the row below."""
    beside: dict[str, str] = {}
    for row, keys in enumerate(ROWS):
        for at, key in enumerate(keys):
            near = keys[max(0, at - 1) : at] + keys[at + 1 : at + 2]
            if row not in (0, len(ROWS) - 1):
                near += ROWS[row + 1][max(0, at - 1) : at + 1]
            beside[key] = near
    return beside


BESIDE = _neighbours()


def slip(rng: np.random.Generator, text: str, scanned: float) -> str:
    """The text with one mistake: of a scanner in a share `scanned` of cases, else of a typist."""
    if rng.random() < scanned:
        found = _scan(rng, text)
        if found != text:
            return found
    for _ in range(8):
        found = _mistype(rng, text)
        if found not in (text, ""):
            return found
    return text + text[-1]


def _scan(rng: np.random.Generator, text: str) -> str:
    """One character or pair that a scanner reads as another; unchanged where there is none."""
    places = [
        (at, old, new)
        for old, new in SCANNED
        for at in range(len(text))
        if text.startswith(old, at)
    ]
    if not places:
        return text
    at, old, new = places[int(rng.integers(len(places)))]
    return text[:at] + new + text[at + len(old) :]


def _mistype(rng: np.random.Generator, text: str) -> str:
    """A neighbouring key, two characters exchanged, one left out or one typed twice."""
    # The first character is mistyped less often than the others, as studies of clerks find.
    at = int(rng.integers(len(text)))
    if at == 0 and rng.random() < 0.6:
        at = int(rng.integers(len(text)))
    kind, key = rng.random(), text[at]
    if kind < 0.4 and key.lower() in BESIDE:
        near = BESIDE[key.lower()]
        new = near[int(rng.integers(len(near)))]
        return text[:at] + (new.upper() if key.isupper() else new) + text[at + 1 :]
    if kind < 0.65 and at + 1 < len(text):
        return text[:at] + text[at + 1] + key + text[at + 2 :]
    if kind < 0.85 and not key.isdigit():
        return text[:at] + text[at + 1 :]
    return text[:at] + key + text[at:]


def digit_slip(rng: np.random.Generator, digits: str) -> str:
    """A number with one digit changed, or two neighbours exchanged; length and other signs stay."""
    at = [i for i, sign in enumerate(digits) if sign.isdigit()]
    one = int(rng.integers(len(at)))
    if rng.random() < 0.4 and one + 1 < len(at) and digits[at[one]] != digits[at[one + 1]]:
        signs = list(digits)
        signs[at[one]], signs[at[one + 1]] = signs[at[one + 1]], signs[at[one]]
        return "".join(signs)
    new = str((int(digits[at[one]]) + 1 + int(rng.integers(9))) % 10)
    return digits[: at[one]] + new + digits[at[one] + 1 :]


def spoilt_nhs(rng: np.random.Generator, number: str) -> str:
    """An NHS number of ten digits whose check digit is wrong."""
    while True:
        found = digit_slip(rng, number)
        if not nhs_is_valid(found):
            return found


def spoilt_nino(rng: np.random.Generator, number: str) -> str:
    """A NINO with a forbidden letter, a letter for a suffix that isn't issued, or too short."""
    kind = rng.random()
    if kind < 0.5:
        return "DFIQUV"[int(rng.integers(6))] + number[1:]
    if kind < 0.75:
        return number[:8] + "EFGHJ"[int(rng.integers(5))]
    return number[:7] + number[8:]


def untidied(rng: np.random.Generator, text: str) -> str:
    """The same value in another dress: case, spaces, punctuation, diacritics or encoding."""
    kind = int(rng.integers(8))
    if kind == 0:
        return text.upper() if text != text.upper() else text.lower()
    if kind == 1:
        return text.lower() if text != text.lower() else text.upper()
    if kind == 2:
        return f" {text}" if rng.random() < 0.5 else f"{text}  "
    if kind == 3 and " " in text:
        return text.replace(" ", "  ", 1)
    if kind == 4:
        return text + ".,;*"[int(rng.integers(4))]
    if kind == 5 and not text.isascii():
        return text.encode("utf-8").decode("cp1252", errors="replace")
    if kind == 6 and plain(text) != text:
        return plain(text)
    for old, new in (("-", " "), ("'", ""), (", ", " "), (" ", "")):
        if old in text and rng.random() < 0.5:
            return text.replace(old, new)
    return f"{text} "
