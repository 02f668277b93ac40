"""Which encoding a text is most likely in, from its bytes.

UTF-8 is hardly ever well-formed by chance, not even in parts: where some of a file is, the rest is
damage, and a single-byte encoding would read the sound part wrong. UTF-16 shows by its zeros; among the
single-byte encodings the bytes above 127 decide by how many would be letters and signs people write.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from openoda.data.intake.encodings import MARKS, UTF8, UTF16_BE, UTF16_LE
from openoda.data.intake.propose.sample import Sample

_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_SIGNS = set("£€–—‘’“”…•½¼¾°²³©®™×÷§«»¡¿´")
_CANDIDATES = ("cp1252", "cp850", "mac-roman")
_CLOSE = 0.6  # of the best score; one as high for the commonest encoding leaves the choice open
_OUTWEIGHS = 20  # malformed places that one well-formed sequence can stand against


@dataclass(frozen=True)
class Encoded:
    """An encoding, the evidence for it, and whether it must be looked at."""

    name: str
    why: str
    doubtful: bool = False


def propose_encoding(sample: Sample) -> Encoded:
    """The encoding and the evidence for it."""
    marked = next((name for mark, name in MARKS if sample.head.startswith(mark)), "")
    if marked:
        return Encoded(marked, "its mark stands at the beginning")
    joined = b"".join(sample.windows)
    if (zeros := _zeros(sample.head)) is not None:
        return zeros
    high = len(_HIGH.findall(joined))
    if not high:
        return Encoded(UTF8, "only ASCII characters: alike in UTF-8 and most encodings")
    sound, strong, broken = _sequences(sample)
    if not broken:
        return Encoded(UTF8, f"{sound:,} characters beyond ASCII, all well-formed UTF-8")
    if strong * _OUTWEIGHS >= broken or sound >= broken:
        why = (
            f"{sound:,} characters beyond ASCII are well-formed UTF-8, {broken:,} places are not: "
            "their records will be set aside"
        )
        return Encoded(UTF8, why, True)
    return _single_byte(joined, high, broken, sound)


def _zeros(head: bytes) -> Encoded | None:
    even, odd = head[::2].count(0), head[1::2].count(0)
    pairs = max(len(head) // 2, 1)
    for share, other, name in ((odd, even, UTF16_LE), (even, odd, UTF16_BE)):
        if share > 0.3 * pairs and other < 0.05 * pairs:
            why = f"{share / pairs:.0%} of its pairs of bytes have a zero on one side alone"
            return Encoded(name, why)
    return None


def _sequences(sample: Sample) -> tuple[int, int, int]:
    """Characters beyond ASCII that are well-formed UTF-8, those of them that chance hardly makes, and
    places that are malformed.

    Two bytes of another encoding may look like one character, but seldom like one that people write.
    """
    sound = strong = broken = 0
    for window in sample.windows:
        text = window.decode(UTF8, "surrogateescape")
        inner = text[3:-3] if not sample.whole else text  # a window may cut a character in two
        for char, count in Counter(_BEYOND.findall(inner)).items():
            if "\udc80" <= char <= "\udcff":
                broken += count
                continue
            sound += count
            strong += count * (char >= "\u0800" or _weight(char) > 0)
    return sound, strong, broken


def _single_byte(joined: bytes, high: int, broken: int, sound: int) -> Encoded:
    text = b"".join(_HIGH.findall(joined))
    scores = {name: _likely(text.decode(name, "replace")) for name in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda name: (scores[name], -_CANDIDATES.index(name)))
    others = ", ".join(
        f"{scores[name] / high:.0%} in {name}" for name in _CANDIDATES if name != best
    )
    why = (
        f"not UTF-8 ({broken:,} places); of {high:,} characters beyond ASCII {best} makes letters "
        f"and signs that people write, by a score of {scores[best] / high:.0%} ({others})"
    )
    close = best != _CANDIDATES[0] and scores[_CANDIDATES[0]] >= _CLOSE * scores[best]
    return Encoded(best, why, sound > 0 or close)


def _likely(text: str) -> float:
    """How many of the characters people write: small letters and signs, capitals half as much."""
    return sum(_weight(char) * count for char, count in Counter(text).items())


def _weight(char: str) -> float:
    if char in _SIGNS:
        return 1.0
    letter = {"Ll": 1.0, "Lu": 0.5}.get(unicodedata.category(char), 0.0)
    return letter if ord(char) < 0x180 else 0.0
