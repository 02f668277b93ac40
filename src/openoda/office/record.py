"""The record of a run: what went in, with which settings, and what came out, by hash."""

import hashlib
import importlib.metadata
import json
import platform
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import openoda
from openoda.custody.workspace import Workspace
from openoda.library.manifest import Package
from openoda.vocabulary.refusals import FileUnreadable

RECORD = "record.json"
RUN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{12}")
LIBRARIES = (
    "duckdb",
    "numba",
    "numpy",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "skops",
    "vl-convert-python",
)


@dataclass(frozen=True)
class RunRecord:
    """Everything that makes the same files again. `outputs`: file name to SHA-256."""

    run: str
    package: str
    package_version: str
    package_sha256: str
    snapshots: dict[str, str]
    dataset: str
    inputs: dict[str, str]
    rows: int
    rows_left_out: int
    settings: dict[str, Any]
    versions: dict[str, str]
    outputs: dict[str, str]

    def to_json(self) -> bytes:
        """The record as its file holds it."""
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode() + b"\n"


def read_record(folder: Path) -> RunRecord:
    """The record of a run. Refuses (FileUnreadable) where there is none or it isn't one."""
    try:
        return RunRecord(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise FileUnreadable(
            "There is no readable record of that run",
            where=folder.name,
            remedy="List the runs with: oda runs.",
        ) from error


def run_folder(workspace: Workspace, name: str) -> Path:
    """The folder of a run. Refuses (FileUnreadable) what isn't a run's name, such as a path."""
    if not RUN.fullmatch(name):
        raise FileUnreadable(
            "That is not the name of a run", where=name, remedy="List them with: oda runs."
        )
    return workspace.runs / name


def list_runs(folder: Path) -> list[RunRecord]:
    """The records of all runs, by name."""
    return [read_record(path.parent) for path in sorted(folder.glob(f"*/{RECORD}"))]


def versions() -> dict[str, str]:
    """Versions of the product, Python, and the libraries that figures depend on."""
    found = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"openoda": openoda.__version__, "python": platform.python_version(), **found}


def package_hash(package: Package) -> str:
    """SHA-256 over the package's files, names and contents, in order of name."""
    digest = hashlib.sha256()
    for name, content in sorted(package.files.items()):
        digest.update(f"{name}\0{sha256_of(content)}\n".encode())
    return digest.hexdigest()


def run_id(package: Package, inputs: dict[str, str], settings: dict[str, Any]) -> str:
    """The same for the same package, inputs, settings and versions: a run is named by what it is."""
    said = {
        "package": package_hash(package), "inputs": inputs, "settings": settings,
        "versions": versions(),
    }  # fmt: skip
    text = json.dumps(said, sort_keys=True).encode()
    return f"{package.name}-{hashlib.sha256(text).hexdigest()[:12]}"


def sha256_of(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()
