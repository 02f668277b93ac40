"""A disk that is full, failing or read-only, said as a refusal."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openoda.vocabulary.refusals import StorageUnwritable

_FULL = ("The disk is full", "Free some space, then do it again.")
_READ_ONLY = (
    "The workspace is read-only",
    "Make it writable, or work on a copy in a folder that you may write to.",
)
_DENIED = (
    "The workspace can't be written by this user",
    "Ask its owner for write access, or run as the user that owns it.",
)
_FAILING = (
    "The disk reports an error",
    "Copy the workspace to a sound disk before anything else, then verify it.",
)
_NO_FOLDER = ("The path of the workspace leads through a file", "Choose another folder.")
_SAID = {
    errno.ENOTDIR: _NO_FOLDER,
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EIO: _FAILING,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
}


@contextmanager
def storage_faults(root: Path) -> Iterator[None]:
    """Turn the operating system's errors about writing under `root` into `StorageUnwritable`.

    Errors about other places (a source file that may not be read, say) pass through unchanged.
    """
    try:
        yield
    except OSError as error:
        said = _SAID.get(error.errno or 0)
        if said is None or (said in (_DENIED, _NO_FOLDER) and not _is_under(root, error)):
            raise
        raise StorageUnwritable(said[0], where=str(root), remedy=said[1]) from error


def _is_under(root: Path, error: OSError) -> bool:
    names = [name for name in (error.filename, error.filename2) if isinstance(name, str)]
    paths = [Path(name).absolute() for name in names]
    home = root.absolute()
    # A folder above it counts: that is where it couldn't be made.
    return any(path.is_relative_to(home) or home.is_relative_to(path) for path in paths)
