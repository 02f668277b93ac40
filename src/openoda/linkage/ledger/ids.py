"""Ids: opaque, permanent, and safe to read aloud or retype.

An id is a prefix for the kind, 29 symbols drawn at random (131 bits) and a check symbol. The alphabet
has no vowel, so that no word comes up, and no two symbols that look alike (0 O, 1 I L, 2 Z, 5 S, 8 B,
U V, 9 Q): thirty-two symbols don't remain, and twenty-three are a prime number, over which
a weighted sum finds every single wrong symbol and every swap of two neighbours (Verhoeff, "Error
detecting decimal codes", 1969: weights that differ, modulo a prime). The kind is in the sum, so an id
with another kind's prefix doesn't check either.
"""

import secrets
from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from openoda.vocabulary.refusals import Misused

Bodies = npt.NDArray[np.uint8]
Draw = Callable[[int], bytes]

ALPHABET = "23456789CDFGHJKMNPRTVWX"
LENGTH = 29
_BASE = len(ALPHABET)
_LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8)
_WEIGHTS = np.array([pow(5, place, _BASE) for place in range(1, LENGTH + 1)], np.int64)
_HEAD = 14  # symbols that fit in 64 bits, by which ids are looked up
_POWERS = np.array([_BASE**place for place in range(_HEAD)], np.uint64)


class EntityKind(StrEnum):
    """What a ledger's entities are."""

    PERSON = "person"
    HOUSEHOLD = "household"
    PROPERTY = "property"


PREFIXES = {EntityKind.PERSON: "PSN", EntityKind.HOUSEHOLD: "HHD", EntityKind.PROPERTY: "PPT"}
_OFFSETS = {kind: place for place, kind in enumerate(EntityKind, start=1)}


def drawn(count: int, source: Draw = secrets.token_bytes) -> Bodies:
    """`count` random bodies of ids, shape (count, 29), as places in the alphabet.

    `source` gives so many random bytes; bytes that would favour some symbols are thrown away.
    """
    wanted = count * LENGTH
    symbols = np.zeros(0, np.uint8)
    while len(symbols) < wanted:
        raw = np.frombuffer(source((wanted - len(symbols)) * 102 // 100 + 64), np.uint8)
        symbols = np.concatenate([symbols, raw[raw < 256 // _BASE * _BASE] % _BASE])
    return symbols[:wanted].reshape(count, LENGTH)


def texts(kind: EntityKind, bodies: Bodies) -> list[str]:
    """Ids as text, such as PSN-…, with their check symbols."""
    checks = ((bodies.astype(np.int64) @ _WEIGHTS + _OFFSETS[kind]) % _BASE).astype(np.uint8)
    letters = _LETTERS[np.column_stack([bodies, checks])]
    plain = np.ascontiguousarray(letters).tobytes().decode()
    step, prefix = LENGTH + 1, PREFIXES[kind]
    return [f"{prefix}-{plain[at : at + step]}" for at in range(0, len(plain), step)]


def parsed(kind: EntityKind, text: str) -> Bodies:
    """An id's body, shape (29,). Small letters, spaces and missing hyphens are forgiven.

    Raises `Misused` for what isn't an id of this kind, a mistyped one included.
    """
    plain = "".join(text.split()).replace("-", "").upper()
    prefix, symbols = plain[:3], plain[3:]
    fits = prefix == PREFIXES[kind] and len(symbols) == LENGTH + 1 and set(symbols) <= set(ALPHABET)
    if fits:
        codes = np.array([ALPHABET.index(symbol) for symbol in symbols], np.uint8)
        body = codes[:LENGTH]
        if (int(body.astype(np.int64) @ _WEIGHTS) + _OFFSETS[kind]) % _BASE == codes[LENGTH]:
            return body
    raise Misused(
        f"This isn't an id of a {kind.value}, or it was mistyped",
        remedy=f"Give it as the ledger does: {PREFIXES[kind]}- and {LENGTH + 1} symbols.",
    )


def heads(bodies: Bodies) -> npt.NDArray[np.uint64]:
    """The first symbols of each body as one number, shape (n,): what an index is sorted by."""
    return bodies[:, :_HEAD].astype(np.uint64) @ _POWERS
