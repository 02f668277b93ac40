"""The record of a run: what went in, with which settings, and what came out, by hash."""

import hashlib
import importlib.metadata
import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import openoda
from openoda.library.manifest import Package
from openoda.vocabulary.refusals import FileUnreadable

RECORD = "record.json"
LIBRARIES = ("duckdb", "numpy", "pyarrow", "scikit-learn", "scipy")


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
    for path in sorted(path for path in package.folder.rglob("*") if path.is_file()):
        name = path.relative_to(package.folder).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
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
