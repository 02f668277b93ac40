"""The hash of a file that is read in no particular order."""

import hashlib
from typing import IO

_PIECE = 1 << 20


def hash_of(file: IO[bytes]) -> tuple[str, int]:
    """The SHA-256 of the whole file, in hexadecimal, and its length; leaves it at its start."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return digest.hexdigest(), size
