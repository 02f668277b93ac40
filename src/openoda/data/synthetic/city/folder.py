"""A city in a folder: Parquet files, a manifest with their hashes, the data dictionary."""

import json
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.faults import storage_faults
from openoda.custody.parts import PartWriter
from openoda.custody.snapshots import Part
from openoda.data.synthetic.city import dictionary
from openoda.data.synthetic.city.city import Held, make_city
from openoda.data.synthetic.city.scale import AS_AT, EPOCH, LABEL, VERSION
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import Misused, StorageUnwritable

BYTES_A_PERSON = 400
"""Rough space on disk, to refuse a city that can't fit before making it."""
MANIFEST, PAGE, DICTIONARY = "manifest.json", "README.md", "dictionary.json"


class FolderSink:
    """Writes each table to a file of its own; the same rows give the same bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, PartWriter] = {}

    def write(self, table: str, batch: pa.RecordBatch) -> None:
        """Add a batch to its table's file."""
        if table not in self._writers:
            path = self._folder / dictionary.file_name(table)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = PartWriter(table, path, batch.schema)
        self._writers[table].write(batch)

    def finish(self) -> dict[str, Part]:
        """Close the files: the hash, rows and size of each."""
        return {table: writer.finish().part for table, writer in self._writers.items()}

    def close(self) -> None:
        """Close the files, whole or not."""
        for writer in self._writers.values():
            with suppress(OSError):
                writer.abandon()


def make_in_folder(
    people: int, seed: int, target: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Make a city in a new or empty folder, all or nothing; the answer is its manifest.

    Raises Misused (folder not empty, number of people), StorageUnwritable (no room).
    """
    _must_be_empty(target)
    with storage_faults(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _must_have_room(target.parent, people)
        staged = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            manifest = _fill(staged, people, seed, progress)
            if target.exists():
                target.rmdir()
            staged.chmod(0o755)
            staged.rename(target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return manifest


def _fill(folder: Path, people: int, seed: int, progress: Progress) -> dict[str, Any]:
    sink = FolderSink(folder)
    try:
        held = make_city(people, seed, sink, progress)
        parts = sink.finish()
    finally:
        sink.close()
    manifest = described(people, seed, held)
    for entry in manifest["tables"]:
        part = parts[entry["table"]]
        entry |= {"file": dictionary.file_name(entry["table"]), "bytes": part.bytes,
                  "sha256": part.sha256}  # fmt: skip
    _write_json(folder / MANIFEST, manifest)
    _write_json(folder / DICTIONARY, dictionary.as_json())
    page = dictionary.as_page(people, seed)
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    return manifest


def described(people: int, seed: int, held: dict[str, Held]) -> dict[str, Any]:
    """What the city is and what its tables hold, without a word on files."""
    return {
        "label": LABEL,
        "class": "synthetic",
        "generator": VERSION,
        "people": people,
        "seed": seed,
        "as_at": (EPOCH + timedelta(days=AS_AT)).isoformat(),
        "written_by": f"pyarrow {pa.__version__}",
        "tables": [
            {"table": name, "rows": each.rows, "content_sha256": each.content_sha256}
            for name, each in sorted(held.items())
        ],
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _must_be_empty(target: Path) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Misused(
            "The folder for the city isn't empty, or is a file",
            where=str(target),
            remedy="Name a new folder with --out; nothing there was changed.",
        )


def _must_have_room(folder: Path, people: int) -> None:
    needed, free = people * BYTES_A_PERSON, shutil.disk_usage(folder).free
    if free < needed:
        raise StorageUnwritable(
            f"{people:,} people take about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB is free",
            where=str(folder),
            remedy="Make room, name a folder on another disk with --out, or ask for fewer people.",
        )
