"""Atomic writes: a file or a folder is there whole, or not at all, whatever is interrupted.

Work in progress lies in an *area*: a folder under the workspace's `tmp/`, beside a lock file that
the operating system releases when its process ends, however it ends. What a dead process left is
known by a lock that can be taken.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from openoda.custody.faults import storage_faults
from openoda.custody.platform import sync_folder
from openoda.vocabulary.refusals import Misused

TMP = "tmp"
_GATE = "gate.lock"
_AREA = "area-"
_POLL_SECONDS = 0.005


def lock(path: Path) -> FileLock:
    """A lock between processes and threads on `path`, released when its holder ends or dies."""
    return FileLock(path, thread_local=False, poll_interval=_POLL_SECONDS)


@contextmanager
def area(root: Path) -> Iterator[Path]:
    """A private folder under `root`/tmp for work in progress, removed at the end."""
    tmp = root / TMP
    folder = tmp / f"{_AREA}{secrets.token_hex(8)}"
    held = lock(_lock_of(folder))
    with storage_faults(root), ExitStack() as undo:
        # The gate keeps a sweep from seeing the lock file between its creation and its locking.
        tmp.mkdir(parents=True, exist_ok=True)
        with lock(tmp / _GATE):
            undo.callback(_remove, folder)
            undo.enter_context(held)
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def write_file(root: Path, target: Path, content: bytes) -> None:
    """Write `content` to `target` in one step, durable on return, replacing what was there.

    `target` must lie on the same file system as `root`. Raises `StorageUnwritable`.
    """
    with area(root) as folder:
        staged = folder / "file"
        write_synced(staged, content)
        put_in_place(staged, target)


@contextmanager
def new_folder(root: Path, target: Path) -> Iterator[Path]:
    """Fill the folder this yields; at the end it becomes `target` in one step, durable.

    Nothing is kept if the block raises. Raises `Misused` where `target` exists, or
    `StorageUnwritable`.
    """
    _must_be_new(target)
    with area(root) as folder:
        staged = folder / "folder"
        staged.mkdir()
        yield staged
        _sync_tree(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        _must_be_new(target)
        try:
            staged.rename(target)
        except OSError:
            _must_be_new(target)  # another process was first
            raise
        sync_folder(target.parent)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has its bytes."""
    with path.open("xb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def put_in_place(staged: Path, target: Path) -> None:
    """Move a synced file to `target` in one step, and make its name durable."""
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(target.parent.parent)
    staged.replace(target)
    sync_folder(target.parent)


def sweep(root: Path) -> int:
    """Remove the areas that dead processes left under `root`/tmp, and say how many there were.

    Areas of living processes, this one included, are left alone.
    """
    tmp = root / TMP
    if not any(tmp.glob(f"{_AREA}*")):
        return 0
    with lock(tmp / _GATE):
        folders = {entry.with_suffix("") for entry in tmp.glob(f"{_AREA}*")}
        return sum(_sweep_one(folder) for folder in sorted(folders))


def _sweep_one(folder: Path) -> bool:
    try:
        with lock(_lock_of(folder)).acquire(timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        return False
    _remove(folder)
    return True


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # a sweep in another process holds it open, and will remove it
        _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _must_be_new(target: Path) -> None:
    if target.exists():
        raise Misused(
            "This folder exists already",
            where=str(target),
            remedy="Choose another name; what is written once is never overwritten.",
        )


def _sync_tree(folder: Path) -> None:
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            with (Path(parent) / name).open("rb+") as handle:
                os.fsync(handle.fileno())
        sync_folder(Path(parent))
