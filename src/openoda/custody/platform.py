"""What operating systems do differently. No other module makes a POSIX-only call."""

import errno
import os
import sys
from pathlib import Path

# Some network and FUSE file systems have folders that can't be synced; the rename is then as
# durable as that file system makes it.
_FOLDER_CANT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, so that a finished rename outlives a power cut.

    Where folders can't be opened (Windows) the file system's journal does it, not this.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _FOLDER_CANT_SYNC:
            raise
    finally:
        os.close(handle)


def peak_memory() -> int | None:
    """The most memory that this process has held so far, in bytes; None where it can't be told."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
