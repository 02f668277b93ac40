"""What a damaged file of the vault is, and how it is said."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openoda.vocabulary.refusals import VaultDamaged

_REMEDY = (
    "Restore this file from a backup, or load its source again (which puts a sound copy in its "
    "place); then verify the vault."
)


def damaged(path: Path, how: str) -> VaultDamaged:
    """The refusal that names the damaged file and says what to do."""
    return VaultDamaged(f"A file of the vault {how}", where=str(path), remedy=_REMEDY)


@contextmanager
def unreadable_said(path: Path) -> Iterator[None]:
    """Turn the operating system's error about opening or reading `path` into `VaultDamaged`."""
    try:
        yield
    except FileNotFoundError as error:
        raise damaged(path, "is missing") from error
    except OSError as error:
        raise damaged(path, f"can't be read ({type(error).__name__})") from error


def is_sound(path: Path, sha256: str) -> bool:
    """Whether the file's bytes have this SHA-256 (hex). Raises `OSError` where it can't be read."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() == sha256
