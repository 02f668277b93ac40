"""What operating systems do differently, and how their errors are said."""

import errno
import os

import pytest

from openoda.custody.faults import storage_faults
from openoda.custody.platform import sync_folder
from openoda.vocabulary.refusals import StorageUnwritable


def test_a_folder_is_synced_where_folders_can_be_opened(tmp_path):
    """Proves that the call works on this system, and that a folder that isn't there is an error."""
    sync_folder(tmp_path)
    if hasattr(os, "O_DIRECTORY"):
        with pytest.raises(FileNotFoundError):
            sync_folder(tmp_path / "absent")


def test_without_folder_handles_nothing_is_done(tmp_path, monkeypatch):
    """Proves that the POSIX-only call isn't made where the system lacks it."""
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    sync_folder(tmp_path / "absent")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_the_disks_errors_are_refusals(tmp_path, number):
    """Proves that a full, read-only or failing disk is said with where and remedy."""
    with pytest.raises(StorageUnwritable) as refusal, storage_faults(tmp_path):
        raise OSError(number, os.strerror(number))
    assert refusal.value.where == str(tmp_path)
    assert refusal.value.remedy


def test_a_denial_is_a_refusal_where_it_concerns_the_workspace(tmp_path):
    """Proves that a source file that may not be read isn't blamed on the workspace."""
    root = tmp_path / "office"
    inside, above = str(root / "vault"), str(tmp_path)
    for name in (inside, above):
        with pytest.raises(StorageUnwritable), storage_faults(root):
            raise PermissionError(errno.EACCES, "denied", name)
    elsewhere = str(tmp_path / "source.csv")
    with pytest.raises(PermissionError), storage_faults(root):
        raise PermissionError(errno.EACCES, "denied", elsewhere)


def test_other_errors_pass_through(tmp_path):
    """Proves that a fault of ours isn't dressed up as the disk's."""
    with pytest.raises(FileNotFoundError), storage_faults(tmp_path):
        (tmp_path / "absent").read_bytes()
