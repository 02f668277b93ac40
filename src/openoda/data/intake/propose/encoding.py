"""Which encoding a text is most likely in, from its bytes.

UTF-8 is hardly ever well-formed by chance; UTF-16 shows by its zeros; among the single-byte encodings
the bytes above 127 decide by how many of them would be letters and signs that people write.
"""

import re
import unicodedata

from openoda.data.intake.encodings import MARKS, UTF8, UTF16_BE, UTF16_LE
from openoda.data.intake.propose.sample import Sample

_HIGH = re.compile(rb"[\x80-\xff]")
_SIGNS = set("£€–—‘’“”…•½¼¾°²³©®™×÷§«»¡¿´")
_CANDIDATES = ("cp1252", "cp850", "mac-roman")


def propose_encoding(sample: Sample) -> tuple[str, str]:
    """The encoding and the evidence for it."""
    marked = next((name for mark, name in MARKS if sample.head.startswith(mark)), "")
    if marked:
        return marked, "its mark stands at the beginning"
    joined = b"".join(sample.windows)
    if (zeros := _zeros(sample.head)) is not None:
        return zeros
    high = len(_HIGH.findall(joined))
    if not high:
        return UTF8, "only ASCII characters: alike in UTF-8 and most encodings"
    sound, broken = _sequences(sample)
    if not broken:
        return UTF8, f"{sound:,} characters beyond ASCII, all well-formed UTF-8"
    if sound > 20 * broken:
        return UTF8, (
            f"{sound:,} characters beyond ASCII are well-formed UTF-8, {broken:,} places are not: "
            "their records will be set aside"
        )
    return _single_byte(joined, high, broken)


def _zeros(head: bytes) -> tuple[str, str] | None:
    even, odd = head[::2].count(0), head[1::2].count(0)
    pairs = max(len(head) // 2, 1)
    for share, other, name in ((odd, even, UTF16_LE), (even, odd, UTF16_BE)):
        if share > 0.3 * pairs and other < 0.05 * pairs:
            return name, f"{share / pairs:.0%} of its pairs of bytes have a zero on one side alone"
    return None


def _sequences(sample: Sample) -> tuple[int, int]:
    """Characters beyond ASCII that are well-formed UTF-8, and places that aren't."""
    sound = broken = 0
    for window in sample.windows:
        text = window.decode(UTF8, "surrogateescape")
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        inner = text[3:-3] if not sample.whole else text  # a window may cut a character in two
        lone = sum("\udc80" <= char <= "\udcff" for char in inner)
        sound += sum(char >= "\x80" for char in inner) - lone
        broken += lone
    return sound, broken


def _single_byte(joined: bytes, high: int, broken: int) -> tuple[str, str]:
    text = b"".join(_HIGH.findall(joined))
    scores = {name: _likely(text.decode(name, "replace")) for name in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda name: (scores[name], -_CANDIDATES.index(name)))
    others = ", ".join(
        f"{scores[name] / high:.0%} in {name}" for name in _CANDIDATES if name != best
    )
    return best, (
        f"not UTF-8 ({broken:,} places); of {high:,} characters beyond ASCII {best} makes letters "
        f"and signs that people write, by a score of {scores[best] / high:.0%} ({others})"
    )


def _likely(text: str) -> float:
    """How many of the characters people write: small letters and signs, capitals half as much."""
    return sum(map(_weight, text))


def _weight(char: str) -> float:
    if char in _SIGNS:
        return 1.0
    letter = {"Ll": 1.0, "Lu": 0.5}.get(unicodedata.category(char), 0.0)
    return letter if ord(char) < 0x180 else 0.0
