"""A file that is arriving: its bytes so far, and how many of them are surely on the disk."""

import json
import os
from pathlib import Path
from typing import IO

SYNC_BYTES = 32 << 20


class Partial:
    """The part of a download that is there. After a power cut only synced bytes are trusted.

    `validator` is what the server called the file they are from (an ETag or a date), empty where it
    gave nothing to know it by: then nothing is ever resumed.
    """

    def __init__(self, folder: Path) -> None:
        self._bytes, self._state = folder / "part", folder / "state.json"
        self.validator, synced = self._known()
        self.size = 0
        self._file: IO[bytes] | None = None
        if synced and self.validator:
            self._file = self._bytes.open("r+b")
            self._file.truncate(synced)
            self._file.seek(synced)
            self.size = synced
        self._unsynced = 0

    def _known(self) -> tuple[str, int]:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            validator, synced = str(state["validator"]), int(state["synced"])
            return (validator, synced) if self._bytes.stat().st_size >= synced >= 0 else ("", 0)
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0

    def restart(self) -> None:
        """Forget the bytes so far."""
        self._close()
        self._state.unlink(missing_ok=True)
        self._bytes.unlink(missing_ok=True)
        self.validator, self.size, self._unsynced = "", 0, 0

    def begin(self, validator: str) -> None:
        """Make ready for bytes of the file that the server knows by `validator`."""
        self.validator = validator
        if self._file is None:
            self._file = self._bytes.open("wb")

    def add(self, piece: bytes) -> None:
        """Put the next bytes at the end."""
        if self._file is not None:
            self._file.write(piece)
            self.size += len(piece)
            self._unsynced += len(piece)
            if self._unsynced >= SYNC_BYTES:
                self.sync()

    def sync(self) -> None:
        """Wait until the disk has the bytes, then note how many they are."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        staged = self._state.with_suffix(".new")
        staged.write_text(
            json.dumps({"validator": self.validator, "synced": self.size}), encoding="utf-8"
        )
        staged.replace(self._state)
        self._unsynced = 0

    def become(self, target: Path) -> None:
        """The file is whole: give it its name."""
        self._close()
        self._state.unlink(missing_ok=True)
        self._bytes.replace(target)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
