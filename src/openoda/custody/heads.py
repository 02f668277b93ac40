"""The chain's head noted beside it: a small file that shows when the chain's tail was cut off.

It is written after each entry, so it may be older than the chain (a process was killed between the
two writes), and never newer.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from openoda.custody.atomic import TMP, lock, write_file
from openoda.custody.chain import Head, canonical
from openoda.custody.faults import storage_faults
from openoda.vocabulary.refusals import AuditUnavailable

HEAD_FILE = "audit.head.json"


class HeadFile:
    """The noted head of the chain of one workspace."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.path = root / HEAD_FILE

    def read(self) -> Head:
        """The head as noted. Raises `AuditUnavailable` where it is missing or damaged."""
        try:
            noted = json.loads(self.path.read_bytes())
            head = Head(noted["seq"], noted["hash"])
            sound = noted["check"] == _check(head)
        except FileNotFoundError as error:
            raise self._unusable("is missing") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unusable("can't be read") from error
        if not sound:
            raise self._unusable("is damaged")
        return head

    def write(self, head: Head) -> None:
        """Note `head`, in one step."""
        noted = {"seq": head.seq, "hash": head.hash, "check": _check(head)}
        write_file(self._root, self.path, canonical(noted))

    def catch_up(self, newest: Callable[[], Head]) -> None:
        """Note the newest head. The lock stops a slow process from noting an older one last."""
        with storage_faults(self._root), lock(self._root / TMP / "head.lock"):
            head = newest()
            if head.seq > self.read().seq:
                self.write(head)

    def _unusable(self, how: str) -> AuditUnavailable:
        return AuditUnavailable(
            f"The note of the audit log's last entry {how}, so nobody can tell whether entries "
            "were cut off",
            where=str(self.path),
            remedy=f"Restore {HEAD_FILE} from a backup, and find out who removed or changed it.",
        )


def _check(head: Head) -> str:
    return hashlib.sha256(f"{head.seq}:{head.hash}".encode()).hexdigest()
