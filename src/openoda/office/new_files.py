"""Files that a command writes for its user: never over one that is there."""

from pathlib import Path

from openoda.vocabulary.refusals import Misused, StorageUnwritable


def must_be_new(path: Path) -> None:
    """Refuse (Misused) a file that is there, before work is spent on what would be written."""
    if path.exists():
        raise _there(path)


def write_new(path: Path, text: str) -> None:
    """Write a file that isn't there yet: a person's own changes are never written over.

    Raises Misused where there is one, StorageUnwritable where it can't be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise StorageUnwritable(
            f"The file can't be written: {error.strerror}",
            where=path.name,
            remedy="Name a file in a folder that this account can write.",
        ) from error


def _there(path: Path) -> Misused:
    return Misused(
        "There is a file of that name already",
        where=path.name,
        remedy="Name another file with --out.",
    )
