"""A large file of the vault, checked block by block as it is parsed.

One pass hashes the file and keeps the hash's state at each block's start. A block read later must
lead from its state to the next one; finding another that does is as hard as breaking SHA-256.
"""

import hashlib
import io
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from openoda.custody.audit import Reading
from openoda.custody.damage import damaged

BLOCK_BYTES = 1 << 20
_BLOCKS_KEPT = 16


class VerifiedBlocks(io.RawIOBase):
    """A large file, open for reading, of which every block is checked each time it is read.

    Raises `VaultDamaged` at once where the file's SHA-256 (hex) is another, and at a read where a
    block has changed since.
    """

    def __init__(self, reading: Reading, handle: BinaryIO, path: Path, sha256: str) -> None:
        self._path = path
        self._reading = reading  # held: there is no reading of stored bytes outside one
        self._handle = handle
        self._states, self._size = _states(handle)
        if self._states[-1].hexdigest() != sha256:
            raise damaged(path, "isn't what was written")
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._at = 0

    def readable(self) -> bool:
        """Always: it is open for reading."""
        return True

    def seekable(self) -> bool:
        """Always: a Parquet reader starts at the end."""
        return True

    def tell(self) -> int:
        """Where the next read starts, in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset` bytes from the start, from here, or from the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes (all that are left where negative), checked."""
        end = self._size if size < 0 else min(self._at + size, self._size)
        pieces = []
        while self._at < end:
            number, offset = divmod(self._at, BLOCK_BYTES)
            piece = self._block(number)[offset : offset + end - self._at]
            pieces.append(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def _block(self, number: int) -> bytes:
        block = self._kept.pop(number, None)
        if block is None:
            block = self._checked(number)
        self._kept[number] = block
        if len(self._kept) > _BLOCKS_KEPT:
            self._kept.popitem(last=False)
        return block

    def _checked(self, number: int) -> bytes:
        self._handle.seek(number * BLOCK_BYTES)
        block = self._handle.read(BLOCK_BYTES)
        state = self._states[number].copy()
        state.update(block)
        if state.digest() != self._states[number + 1].digest():
            raise damaged(self._path, "changed while it was being read")
        return block


def _states(handle: BinaryIO) -> tuple[list[Any], int]:
    """The hash's state before each block and after the last, and the file's size in bytes."""
    state = hashlib.sha256()
    states, size = [state.copy()], 0
    while block := handle.read(BLOCK_BYTES):
        state.update(block)
        states.append(state.copy())
        size += len(block)
    return states, size
