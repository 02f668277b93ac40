"""How text is encoded: told by the file's mark or by the caller, and what each byte then stands for.

Whatever the encoding, the readers see UTF-8. A byte or pair of bytes that stands for no character
becomes a sequence that UTF-8 forbids, one for each, so that it costs its own record and no other, and
so that every place in the transcoded text leads back to one place in the file (see `weights_of`).
Sources: the Unicode Standard 15, chapter 3 (UTF-8, UTF-16, their marks); Python's codecs for the
tables of the single-byte encodings.
"""

import codecs
import re
from typing import Any

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, LongRoom, Longs, Small, compiled
from openoda.vocabulary.refusals import FileUnreadable, Misused

UTF8, UTF16_LE, UTF16_BE = "utf-8", "utf-16-le", "utf-16-be"
SINGLE_BYTE = ("cp1252", "iso8859-1", "iso8859-15", "cp850", "mac-roman")
ENCODINGS = (UTF8, UTF16_LE, UTF16_BE, *SINGLE_BYTE)
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", UTF8),
    (b"\xff\xfe", UTF16_LE),
    (b"\xfe\xff", UTF16_BE),
)
_ODD = re.compile(rb"[\xf8-\xff][\x80-\xbf]{0,2}")


def known_encoding(name: str) -> str:
    """The name as used here; refuses (Misused) an encoding that can't be read."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    found = {"utf-8-sig": UTF8, "ascii": UTF8, "utf-16": "utf-16"}.get(found, found)
    if found not in (*ENCODINGS, "utf-16"):
        raise Misused(
            f"The encoding {name} can't be read",
            remedy=f"Choose one of {', '.join(ENCODINGS)}.",
        )
    return found


def encoding_of(start: bytes, told: str, where: str) -> tuple[str, str]:
    """The encoding of a file that begins with these bytes, and what says so.

    A mark speaks for itself; else what is told; else UTF-8, which every record is held against.
    Refuses a mark that contradicts what is told, and UTF-32.
    """
    wanted = known_encoding(told) if told else ""
    marked = next((name for mark, name in MARKS if start.startswith(mark)), "")
    if marked == "utf-32":
        raise FileUnreadable(
            "The file is UTF-32", where=where, remedy="Save it as UTF-8 and load that."
        )
    if marked and wanted not in ("", marked) and not (wanted == "utf-16" and marked != UTF8):
        raise FileUnreadable(
            f"The file begins with the mark of {marked}, but {wanted} was given as its encoding",
            where=where,
            remedy=f"Leave the encoding out, or give {marked}.",
        )
    if marked:
        return marked, "the mark at its beginning"
    if wanted == "utf-16":
        raise FileUnreadable(
            "The file doesn't begin with the mark of UTF-16, so the order of its bytes isn't known",
            where=where,
            remedy=f"Give {UTF16_LE} or {UTF16_BE} as its encoding.",
        )
    return (wanted, "as given") if wanted else (UTF8, "no mark; every record is checked")


def code_points(encoding: str) -> Small:
    """What each of the 256 bytes of a single-byte encoding stands for; -1 for nothing."""
    found = [bytes([byte]).decode(encoding, "replace") for byte in range(256)]
    return np.array([-1 if char == "�" else ord(char) for char in found], dtype=np.int32)


@compiled
def put_utf8(code: int, out: ByteRoom, at: int) -> int:
    """Write one code point (a lone surrogate too, in the form UTF-8 forbids); the index after it."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at], out[at + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return at + 2
    if code < 0x10000:
        out[at], out[at + 1] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63
        out[at + 2] = 0x80 | code & 63
        return at + 3
    out[at], out[at + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 63
    out[at + 2], out[at + 3] = 0x80 | code >> 6 & 63, 0x80 | code & 63
    return at + 4


@compiled
def from_single_bytes(data: Bytes, table: Small, out: ByteRoom) -> int:
    """Transcode; `out` has three bytes of room for each. Returns how many were written.

    A byte that stands for nothing becomes 0xF8 and its upper bits, then its lower six.
    """
    at = 0
    for byte in data:
        code = table[byte]
        if code >= 0:
            at = put_utf8(code, out, at)
        else:
            out[at], out[at + 1] = 0xF8 | byte >> 6, 0x80 | byte & 63
            at += 2
    return at


@compiled
def from_utf16(data: Bytes, big: bool, final: bool, out: ByteRoom) -> tuple[int, int]:
    """Transcode pairs of bytes; returns how many bytes were used and how many written.

    Without `final` a last odd byte or first half of a surrogate pair waits. With it, an odd byte
    becomes 0xFE and two bytes that hold it.
    """
    used = at = 0
    while used + 2 <= len(data):
        low, high = np.int64(data[used + big]), np.int64(data[used + 1 - big])
        code = high << 8 | low
        if 0xD800 <= code < 0xDC00:
            if used + 4 <= len(data):
                second = np.int64(data[used + 3 - big]) << 8 | np.int64(data[used + 2 + big])
                if 0xDC00 <= second < 0xE000:
                    code = 0x10000 + ((code - 0xD800) << 10) + second - 0xDC00
                    used += 2
            elif not final:
                break
        at = put_utf8(int(code), out, at)
        used += 2
    if final and used < len(data):
        byte = data[used]
        out[at], out[at + 1], out[at + 2] = 0xFE, 0x80 | byte >> 6, 0x80 | byte & 63
        return used + 1, at + 3
    return used, at


def weights_of(encoding: str) -> Bytes | None:
    """How many bytes of the file each byte of the transcoded text stands for; None where one each.

    Only the first byte of a sequence has weight, so sums hold wherever the text is cut.
    """
    if encoding == UTF8:
        return None
    weights = np.zeros(256, dtype=np.uint8)
    if encoding in SINGLE_BYTE:
        weights[:0x80] = weights[0xC0:] = 1
    else:
        weights[:0x80] = weights[0xC0:0xF0] = 2
        weights[0xF0:0xF8] = 4
        weights[0xFE] = 1
    return weights


@compiled
def weigh(data: Bytes, start: int, ends: Longs, weights: Bytes, sums: LongRoom) -> None:
    """Fill `sums` with the weight of the text from `start` to each of `ends`."""
    total, at = 0, start
    for place in range(len(ends)):
        while at < ends[place]:
            total += weights[data[at]]
            at += 1
        sums[place] = total


def source_ends(data: Bytes, start: int, ends: Longs, weights: Bytes) -> Longs:
    """Bytes of the file from `start` of the text to each of `ends`."""
    sums = np.empty(len(ends), dtype=np.int64)
    weigh(data, start, ends, weights, sums)
    return sums


def source_bytes(text: bytes, encoding: str, most: int) -> bytes:
    """The first bytes, at most `most`, of the file that became this transcoded text."""
    if encoding == UTF8:
        return text[:most]
    found, at = bytearray(), 0
    text = text[: 3 * most + 8]
    for odd in _ODD.finditer(text):
        found += _encoded(text[at : odd.start()], encoding) + _odd_byte(odd.group())
        at = odd.end()
    return bytes(found + _encoded(text[at:], encoding))[:most]


def _encoded(text: bytes, encoding: str) -> bytes:
    """Back to the file's encoding; a sequence cut off at the end is left out."""
    whole = codecs.getincrementaldecoder("utf-8")("surrogatepass")
    return codecs.encode(whole.decode(text), encoding, _errors(encoding))


def _errors(encoding: str) -> str:
    return "strict" if encoding in SINGLE_BYTE else "surrogatepass"


def _odd_byte(sequence: bytes) -> bytes:
    first, *rest = sequence
    if first == 0xFE and len(rest) == 2:
        return bytes([(rest[0] & 63) << 6 & 255 | rest[1] & 63])
    return bytes([(first & 7) << 6 & 255 | rest[0] & 63]) if rest else b""


def room_for(count: int, encoding: str) -> Any:
    """Room for the transcoded text of so many bytes."""
    return np.empty(3 * count + 4 if encoding in SINGLE_BYTE else 2 * count + 8, dtype=np.uint8)
