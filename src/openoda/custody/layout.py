"""Where the vault's files lie."""

from collections.abc import Iterator
from pathlib import Path

from openoda.custody.atomic import TMP
from openoda.custody.snapshots import SnapshotStore

VAULT = "vault"


class VaultFiles:
    """Paths of one vault: `<first two>/<sha256>.parquet` and `snapshots/<sha256>.json`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / VAULT
        self.snapshots = SnapshotStore(self.folder / "snapshots", root)
        self.commit_lock = root / TMP / "commit.lock"

    def part(self, sha256: str) -> Path:
        """Where the part with this hash is."""
        return self.folder / sha256[:2] / f"{sha256}.parquet"

    def named(self, path: Path) -> str:
        """The file's name as people see it: from the workspace's folder down."""
        return path.relative_to(self.root).as_posix()

    def others(self) -> Iterator[Path]:
        """Every file of the vault that isn't a snapshot's, sorted."""
        mine = set(self.snapshots.files())
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return iter(sorted(path for path in files if path not in mine))
