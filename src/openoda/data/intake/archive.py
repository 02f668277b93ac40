"""A ZIP archive opened with suspicion: its paths, its number of members and what it unpacks to.

Nothing is ever written under a name that an archive gives. Source of the format: PKWARE APPNOTE.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from openoda.data.intake.byte_source import DAMAGE, open_file
from openoda.data.intake.limits import Limits
from openoda.data.intake.signatures import ENOUGH, refuse_other_kind
from openoda.vocabulary.refusals import FileUnreadable

_ENCRYPTED = 1
_PIECE = 1 << 18


class Archive:
    """An archive whose every member keeps within the limits; `members` by name, folders left out.

    Refuses (FileUnreadable) what is no sound ZIP, is encrypted, has a member twice or one whose path
    leaves the archive, or unpacks to too much. A member's own length and checksum are enforced as it
    is read, so that sizes declared wrongly can't widen the limits.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.where = path.name
        self.file = open_file(path)
        try:
            self._zip = zipfile.ZipFile(self.file)
            self.members = {each.filename: each for each in self._zip.infolist()
                            if not each.is_dir()}  # fmt: skip
            self._check(limits)
        except DAMAGE as error:
            with self.file:
                self._refuse_no_archive()
            raise self.damaged() from error
        except BaseException:
            self.file.close()
            raise

    def _refuse_no_archive(self) -> None:
        """Refuse by its own kind a file that is another than its name says."""
        self.file.seek(0)
        start = self.file.read(ENOUGH)
        if not start.startswith(b"PK"):
            refuse_other_kind(start, self.where, "a ZIP archive or workbook")
            raise FileUnreadable(
                "The file is no ZIP archive or workbook, though its name says so",
                where=self.where,
                remedy="Name it as what it is (.csv, if it opens as text), or ask for it again.",
            )

    def _check(self, limits: Limits) -> None:
        found = self._zip.infolist()
        if len(found) > limits.members:
            raise self._refused(f"The archive has {len(found):,} members, over {limits.members:,}")
        if len({each.filename for each in found}) < len(found):
            raise self._refused("The archive has two members of the same name")
        if any(_leaves(each.filename) for each in found):
            raise self._refused("The archive has a member whose path leads outside it")
        if any(each.flag_bits & _ENCRYPTED for each in found):
            raise self._refused("The archive is locked with a password")
        packed = sum(each.compress_size for each in found)
        limits.check_unpacked(packed, sum(each.file_size for each in found), self.where)

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream of bytes; refuses one that is damaged."""
        try:
            return self._zip.open(self.members[name])
        except DAMAGE as error:
            raise self.damaged() from error

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's bytes, piece by piece; refuses one that is damaged."""
        try:
            with self.open(name) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except DAMAGE as error:
            raise self.damaged() from error

    def damaged(self) -> FileUnreadable:
        """The refusal of an archive that isn't sound."""
        return FileUnreadable(
            "The file is no sound ZIP archive or workbook",
            where=self.where,
            remedy="Ask for the file again; nothing of it was kept.",
        )

    def _refused(self, what: str) -> FileUnreadable:
        return FileUnreadable(
            what,
            where=self.where,
            remedy="Unpack it yourself, look at what it holds, and load that.",
        )

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _leaves(name: str) -> bool:
    """Whether a member's path is absolute, names a drive or climbs out of the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True
