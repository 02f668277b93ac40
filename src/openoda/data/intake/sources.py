"""Where a reader takes its bytes from: a file as delivered, or one member of an archive."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Protocol

from openoda.data.intake.archive import Archive
from openoda.data.intake.byte_source import DAMAGE, ByteSource
from openoda.data.intake.limits import Limits


class Source(Protocol):
    """What a format's reader needs of it."""

    @property
    def name(self) -> Path:
        """What it is called; its ending says the format."""

    def stream(self) -> ByteSource:
        """Its bytes from the start, to be read once; may be asked for again."""

    def file(self) -> Path:
        """The same as a file, for formats that aren't read from end to end."""


class FileSource:
    """A file as delivered."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name, self._limits = path, limits

    def stream(self) -> ByteSource:
        """Its bytes from the start."""
        return ByteSource(self.name, self._limits)

    def file(self) -> Path:
        """The file itself."""
        return self.name


class MemberSource:
    """A member of an archive; formats that need a file get a private copy until `closing` closes."""

    def __init__(self, archive: Archive, member: str, limits: Limits, closing: ExitStack) -> None:
        self.name = Path(PurePosixPath(member).name)
        self._archive, self._member, self._limits = archive, member, limits
        self._closing = closing

    def stream(self) -> ByteSource:
        """Its bytes from the start, unpacked as they are read."""
        size = self._archive.members[self._member].file_size
        return ByteSource(self.name, self._limits, (self._archive.open(self._member), size))

    def file(self) -> Path:
        """A copy in a folder that only this account can read."""
        folder = self._closing.enter_context(tempfile.TemporaryDirectory(prefix="openoda-member-"))
        copy = Path(folder) / self.name.name
        try:
            with self._archive.open(self._member) as packed, copy.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
        except DAMAGE as error:
            raise self._archive.damaged() from error
        return copy
