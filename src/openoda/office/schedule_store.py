"""What is scheduled, and what came of it: plain files in the workspace's `schedule` folder.

A JSON file a source, its schema file beside it, and one journal with a JSON object a line. Each is
written in one step. Nothing secret is in them: a password is named (`${NAME}`), never held.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import Timeout

from openoda.custody.atomic import lock, write_file
from openoda.custody.workspace import Workspace
from openoda.data.quality.schema_changes import Shape
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused, VaultDamaged

FOLDER = "schedule"
JOURNAL = "journal.jsonl"
_SCHEMA = ".schema.json"


@dataclass(frozen=True)
class Scheduled:
    """A source that is looked at again and again.

    `place`: a pattern of files, a web address or a database's URL, secrets named and not held.
    `shape`: the columns of its last accepted delivery, None before the first.
    """

    name: str
    place: str
    dataset: Dataset
    delimiter: str = ""
    encoding: str = ""
    table: str = ""
    query: str = ""
    has_schema: bool = False
    shape: Shape | None = None
    added_at: str = ""

    def as_json(self) -> dict[str, Any]:
        """The source as plain values."""
        found = asdict(self)
        found["dataset"]["data_class"] = self.dataset.data_class.value
        found["shape"] = [list(each) for each in self.shape] if self.shape is not None else None
        return found


@dataclass(frozen=True)
class Store:
    """The schedule of one workspace."""

    workspace: Workspace
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", self.workspace.root / FOLDER)

    def all(self) -> list[Scheduled]:
        """Every source, by name."""
        files = [one for one in self.folder.glob("*.json") if not one.name.endswith(_SCHEMA)]
        return [self._read(one) for one in sorted(files)]

    def get(self, name: str) -> Scheduled:
        """One source. Raises Misused where there is none of that name."""
        for one in self.all():
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.all()) or "none yet"
        raise Misused(
            f"Nothing called {name[:60]} is scheduled",
            where="oda schedule",
            remedy=f"There are: {known}. Add one with: oda schedule add.",
        )

    def put(self, source: Scheduled, schema: bytes | None = None) -> None:
        """Write a source, and its schema file where one is given; the source last."""
        if schema is not None:
            write_file(self.workspace.root, self.schema_path(source.name), schema)
        content = json.dumps(source.as_json(), indent=2, ensure_ascii=False) + "\n"
        write_file(self.workspace.root, self._path(source.name), content.encode())

    def remove(self, source: Scheduled) -> None:
        """Forget a source; what it delivered and its journal stay."""
        self._path(source.name).unlink(missing_ok=True)
        self.schema_path(source.name).unlink(missing_ok=True)

    def schema_path(self, name: str) -> Path:
        """Where a source's schema file lies."""
        return self.folder / f"{name}{_SCHEMA}"

    def journal(self, name: str = "") -> list[dict[str, Any]]:
        """What came of each delivery, oldest first; of one source where it is named."""
        path = self.folder / JOURNAL
        if not path.is_file():
            return []
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
        return [entry for entry in found if name in ("", entry["source"])]

    def note(self, entry: dict[str, Any]) -> None:
        """Add to the journal."""
        path = self.folder / JOURNAL
        before = path.read_bytes() if path.is_file() else b""
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        write_file(self.workspace.root, path, before + line)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep others from running or changing the schedule meanwhile. Raises Misused if they do."""
        self.folder.mkdir(exist_ok=True)
        held = lock(self.folder / "run.lock")
        try:
            held.acquire(timeout=0)
        except Timeout:
            raise Misused(
                "Another run of this schedule is under way",
                where=str(self.folder),
                remedy="Wait until it has ended; what it doesn't take will be taken next time.",
            ) from None
        try:
            yield
        finally:
            held.release()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _read(self, path: Path) -> Scheduled:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            dataset = content["dataset"]
            shape = content["shape"]
            return Scheduled(
                **{
                    **content,
                    "dataset": Dataset(
                        **{**dataset, "data_class": DataClass(dataset["data_class"])}
                    ),
                    "shape": None if shape is None else tuple((str(a), str(b)) for a, b in shape),
                }
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VaultDamaged(
                "A file of the schedule can't be read",
                where=str(path),
                remedy="Restore it from a backup, or delete it and add the source again.",
            ) from error
