"""The bytes of a delivery: hashed as delivered, unpacked as they are read, never all in memory."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from openoda.data.intake.dialect import is_gzip
from openoda.data.intake.limits import Limits
from openoda.data.intake.signatures import ENOUGH
from openoda.vocabulary.refusals import FileUnreadable

GZIP_MAGIC = b"\x1f\x8b"
DAMAGE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_PIECE = 1 << 20


class ByteSource:
    """Reads a file once, in order, as plain bytes.

    `taken` counts the bytes read of the file as it lies on disk, `size` is how many it has, and
    `sha256` is the hash of all of them, known once `fill` has fallen short. `plain` counts the bytes
    handed over. Refuses a file that can't be read, that isn't the gzip its name says, or is gzip
    that its name doesn't say, or unpacks to more than the limits allow. A `member` of an archive is
    read in place of the file at `path`, which then only names it.
    """

    def __init__(
        self, path: Path, limits: Limits | None = None, member: tuple[IO[bytes], int] | None = None
    ) -> None:
        self.path = path
        self.taken = self.plain = 0
        self._limits = limits or Limits()
        self._hash = hashlib.sha256()
        self._left = b""
        self._file, self.size = member or _opened(path)
        try:
            self._held = self._raw(ENOUGH)
            self._pieces = self._unpacked(self._held) if self._is_packed() else None
        except BaseException:
            self._file.close()
            raise

    def start(self) -> bytes:
        """The first few plain bytes, without taking them; to be asked before any is taken."""
        if self._pieces is None:
            return self._held
        while len(self._left) < ENOUGH and (piece := next(self._pieces, b"")):
            self._left += piece
        return self._left[:ENOUGH]

    @property
    def sha256(self) -> str:
        """The hash, in hexadecimal, of the bytes read so far."""
        return self._hash.hexdigest()

    def fill(self, room: memoryview) -> int:
        """Write the next plain bytes into `room`; returns how many, fewer only at the end."""
        got = self._fill_plain(room) if self._pieces is None else self._fill_unpacked(room)
        self.plain += got
        return got

    def _fill_plain(self, room: memoryview) -> int:
        have = min(len(self._held), len(room))
        room[:have] = self._held[:have]
        self._held = self._held[have:]
        while have < len(room):
            try:
                got = self._file.readinto(room[have:]) or 0  # type: ignore[attr-defined]
            except DAMAGE as error:
                raise _unreadable(self.path, error) from error
            if not got:
                break
            self._hash.update(room[have : have + got])
            self.taken += got
            have += got
        return have

    def _fill_unpacked(self, room: memoryview) -> int:
        have = 0
        while have < len(room):
            piece = self._left or next(self._pieces or iter(()), b"")
            if not piece:
                break
            fits = len(room) - have
            room[have : have + min(fits, len(piece))] = piece[:fits]
            self._left = piece[fits:]
            have += min(fits, len(piece))
        return have

    def _is_packed(self) -> bool:
        packed = self._held.startswith(GZIP_MAGIC)
        if is_gzip(self.path) and not packed:
            raise FileUnreadable(
                "The file's name ends in .gz, but it isn't gzip",
                where=self.path.name,
                remedy="Ask for the file again, or take .gz off its name if it is plain text.",
            )
        if packed and not is_gzip(self.path):
            raise FileUnreadable(
                "The file is compressed with gzip, but its name doesn't say so",
                where=self.path.name,
                remedy="Add .gz to the end of its name.",
            )
        return packed

    def _raw(self, count: int = _PIECE) -> bytes:
        try:
            piece = self._file.read(count)
        except DAMAGE as error:
            raise _unreadable(self.path, error) from error
        self.taken += len(piece)
        self._hash.update(piece)
        return piece

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        """Unpack member after member; zeros may pad the end, and nothing else may follow."""
        unpacked = 0
        while True:
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                if not piece and not (piece := self._raw()):
                    raise self._broken("it ends too early")
                try:
                    out = member.decompress(piece, _PIECE)
                except zlib.error as error:
                    raise self._broken("its checksum or its blocks are wrong") from error
                piece = member.unconsumed_tail
                unpacked += len(out)
                self._limits.check_unpacked(self.taken, unpacked, self.path.name)
                if out:
                    yield out
            piece = self._after(member.unused_data)
            if not piece:
                return
            if not GZIP_MAGIC.startswith(piece[:2]):
                raise self._broken("something that isn't gzip follows what is packed")

    def _after(self, piece: bytes) -> bytes:
        """What follows a member, without the zeros that pad it; empty at the end of the file."""
        piece = piece.lstrip(b"\0")
        while not piece:
            more = self._raw()
            if not more:
                return b""
            piece = more.lstrip(b"\0")
        return piece

    def _broken(self, how: str) -> FileUnreadable:
        return FileUnreadable(
            f"The gzip file is damaged: {how}",
            where=self.path.name,
            remedy="Ask for the file again; nothing of it was kept.",
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_file(path: Path) -> IO[bytes]:
    """Open a regular file for reading, or say why it can't be."""
    try:
        if path.is_dir():
            raise FileUnreadable(
                "This is a folder, not a file", where=path.name, remedy="Name the file inside it."
            )
        if path.exists() and not path.is_file():
            raise FileUnreadable(
                "This is no regular file",
                where=path.name,
                remedy="Copy its content to a file first.",
            )
        return path.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(path, error) from error


def _opened(path: Path) -> tuple[IO[bytes], int]:
    file = open_file(path)
    return file, os.fstat(file.fileno()).st_size


def _unreadable(path: Path, error: Exception) -> FileUnreadable:
    if not isinstance(error, OSError):
        return FileUnreadable(
            "This member of the archive is damaged",
            where=path.name,
            remedy="Ask for the file again; nothing of it was kept.",
        )
    return FileUnreadable(
        f"The file can't be read: {error.strerror or type(error).__name__}",
        where=path.name,
        remedy="Check its name, that it is there and that this account may read it.",
    )
