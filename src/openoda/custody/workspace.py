"""The workspace: one folder that is the whole office."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from openoda.custody import settings as settings_file
from openoda.custody.atomic import TMP, lock, sweep, write_file
from openoda.custody.audit import AUDIT_FILE, Audit
from openoda.custody.faults import storage_faults
from openoda.custody.heads import HEAD_FILE
from openoda.custody.layout import VAULT, VaultFiles
from openoda.custody.settings import SETTINGS_FILE, Settings
from openoda.custody.vault import Vault
from openoda.vocabulary.refusals import Misused, Refusal, StorageUnwritable

_FOLDERS = ("agreements", VAULT, f"{VAULT}/snapshots", "runs", TMP)
_AUDIT_FILES = {HEAD_FILE, *(AUDIT_FILE + suffix for suffix in ("", "-wal", "-shm", "-journal"))}


class Workspace:
    """An office's folder, open: its settings, vault, audit log and runs.

    Opening sweeps what killed processes left. Raises `Misused` where `root` isn't a workspace or
    its settings are wrong.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        marker = self.root / SETTINGS_FILE
        if not marker.is_file():
            raise Misused(
                "This folder isn't a workspace",
                where=str(root),
                remedy=f"Make it one with 'oda init {root}', or name another.",
            )
        self.settings: Settings = settings_file.read(marker)
        files = VaultFiles(self.root)
        self.audit = Audit(self.root, witnesses=files.snapshots.heads)
        self.vault = Vault(files, self.audit)
        self.runs = self.root / "runs"
        self._tidy()

    @classmethod
    def create(cls, root: Path, office_name: str = "") -> "Workspace":
        """Make `root` a workspace, or finish one that was half made; an existing one is opened.

        Raises `Misused` for a folder that holds other things, or a name that isn't the existing
        workspace's; `StorageUnwritable`.
        """
        root = root.absolute()
        if not (root / SETTINGS_FILE).exists():
            _must_be_ours(root)
            content = settings_file.written(Settings(office_name or settings_file.DEFAULT_OFFICE))
            _make(root, content)
        workspace = cls(root)
        if office_name not in ("", workspace.settings.office_name):
            raise Misused(
                f"This workspace is already the office '{workspace.settings.office_name}'",
                where=str(root / SETTINGS_FILE),
                remedy=f"Change the name in {SETTINGS_FILE}, or choose another folder.",
            )
        return workspace

    @classmethod
    def find(cls, start: Path) -> "Workspace | None":
        """The workspace that `start` lies in (the nearest `oda.toml` upwards), or None."""
        start = start.absolute()
        for folder in (start, *start.parents):
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder)
        return None

    @classmethod
    def temporary(cls) -> "Workspace":
        """A new workspace in the system's folder for temporary files; it stays until removed."""
        return cls.create(Path(tempfile.mkdtemp(prefix="oda-")) / "office")

    def _tidy(self) -> None:
        """Sweep leftovers and settle killed deposits, where that can be done.

        A read-only or damaged workspace still opens, so that it can be verified; its reads and
        deposits refuse by themselves, each with its reason.
        """
        with suppress(Refusal), storage_faults(self.root):
            for name in _FOLDERS:
                (self.root / name).mkdir(exist_ok=True)
            sweep(self.root)
            self.vault.recover()


def _make(root: Path, content: bytes) -> None:
    """Everything else first, `oda.toml` last: the moment from which it is a workspace."""
    with storage_faults(root):
        _make_folder(root / TMP)
        with lock(root / TMP / "create.lock"):
            if (root / SETTINGS_FILE).exists():
                return  # another process was first
            for name in _FOLDERS:
                (root / name).mkdir(exist_ok=True)
            audit = Audit(root)
            audit.create()
            if not audit.entries("create"):
                audit.record("create", "workspace")
            write_file(root, root / SETTINGS_FILE, content)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:  # as under /proc: the system makes no folders there
        raise StorageUnwritable(
            "A folder can't be made here", where=str(folder), remedy="Choose another folder."
        ) from error


def _must_be_ours(root: Path) -> None:
    """Refuse a folder that holds anything but what a half-made workspace does."""
    if not root.exists() or (root.is_dir() and not any(_foreign(root))):
        return
    if not (root / SETTINGS_FILE).exists():  # else another process has just made it
        raise Misused(
            "This folder isn't empty and isn't a workspace",
            where=str(root),
            remedy="Choose an empty folder, or a name that doesn't exist yet.",
        )


def _foreign(root: Path) -> Iterator[Path]:
    ours = {root / name for name in (*_FOLDERS, *_AUDIT_FILES)}
    within_tmp = root / TMP
    return (path for path in root.rglob("*") if path not in ours and within_tmp not in path.parents)
