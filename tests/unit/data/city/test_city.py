"""The city as a whole: the same for ever by its version, labelled, told of, refused where it must be."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openoda.data.synthetic.city import folder as folder_module
from openoda.data.synthetic.city.block import make_block
from openoda.data.synthetic.city.city import Contents, make_city
from openoda.data.synthetic.city.dictionary import dictionary, file_name
from openoda.data.synthetic.city.folder import FolderSink, make_in_folder
from openoda.data.synthetic.city.scale import BLOCK, LEAST_PEOPLE, VERSION, blocks_of
from openoda.vocabulary.progress import Step
from openoda.vocabulary.refusals import Misused, StorageUnwritable
from tests.golden.city.pin import SEED, pin_file, pinned

TOLD_TO_CHANGE = (
    "what the generator gives has changed: give it a new VERSION in data/synthetic/city/scale.py and "
    "run `python -m tests.golden.city.pin`"
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The smallest city in a folder, and its manifest."""
    folder = tmp_path_factory.mktemp("city") / "made"
    return folder, make_in_folder(LEAST_PEOPLE, SEED, folder)


def test_the_generator_is_frozen(city: tuple[Path, dict[str, Any]]) -> None:
    """Every table's values are those pinned for this version; the files too, by the same pyarrow."""
    assert pin_file().is_file(), f"no hashes are pinned for version {VERSION}: {TOLD_TO_CHANGE}"
    pins = json.loads(pin_file().read_text(encoding="utf-8"))
    found = pinned(city[1])
    if (
        found["written_by"] != pins["written_by"]
    ):  # another Parquet writer: the values must still agree
        for tables in (pins["tables"], found["tables"]):
            for entry in tables.values():
                entry.pop("sha256")
        found["written_by"] = pins["written_by"]
    assert found == pins, TOLD_TO_CHANGE


def test_the_same_city_twice(city: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """The same people and seed give the same bytes, file by file; another seed gives none of them."""
    folder, manifest = city
    again = make_in_folder(LEAST_PEOPLE, SEED, tmp_path / "again")
    assert again == manifest
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) == len(dictionary()) + 3
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name
    other = make_in_folder(LEAST_PEOPLE, SEED + 1, tmp_path / "other")
    for ours, theirs in zip(manifest["tables"], other["tables"], strict=True):
        assert ours["sha256"] != theirs["sha256"], ours["table"]


def test_the_manifest_is_true(city: tuple[Path, dict[str, Any]]) -> None:
    """Each file has the hash, size, rows and values that the manifest states."""
    folder, manifest = city
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8")) == manifest
    for entry in manifest["tables"]:
        content = (folder / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert len(content) == entry["bytes"]
        table = pq.read_table(folder / entry["file"]).combine_chunks()
        assert table.num_rows == entry["rows"]
        contents = Contents()
        contents.add(table.to_batches()[0])
        assert contents.held().content_sha256 == entry["content_sha256"]


def test_synthetic_is_said_everywhere(city: tuple[Path, dict[str, Any]]) -> None:
    """Manifest, dictionary, page, each file's name and metadata say synthetic."""
    folder, manifest = city
    assert manifest["class"] == "synthetic"
    for name in ("manifest.json", "dictionary.json", "README.md"):
        assert "SYNTHETIC" in (folder / name).read_text(encoding="utf-8")
    for path in folder.rglob("*.parquet"):
        assert path.name.endswith(".synthetic.parquet")
        metadata = pq.read_schema(path).metadata
        assert metadata[b"openoda.class"] == b"synthetic"
        assert metadata[b"openoda.generator"] == f"city {VERSION}".encode()


def test_the_page_has_every_file_and_column(city: tuple[Path, dict[str, Any]]) -> None:
    """The README beside the output names each file and each of its columns with a meaning."""
    page = (city[0] / "README.md").read_text(encoding="utf-8")
    for table, entry in dictionary().items():
        section = page.split(f"### {file_name(table)}\n")[1].split("###")[0]
        assert entry.about in section
        assert all(
            f"| `{name}` | {meaning} |" in section for name, meaning in entry.columns.items()
        )


def test_blocks_cover_the_people() -> None:
    """Blocks are full but for the last, and number everybody once."""
    for people in (10_000, BLOCK, BLOCK + 1, 3 * BLOCK, 10_000_000):
        sizes = [size for _, size in blocks_of(people)]
        assert sum(sizes) == people
        assert set(sizes[:-1]) <= {BLOCK}


class Kept:
    """A sink that keeps all batches."""

    def __init__(self) -> None:
        self.batches: dict[str, list[pa.RecordBatch]] = {}

    def write(self, table: str, batch: pa.RecordBatch) -> None:
        self.batches.setdefault(table, []).append(batch)


@pytest.fixture(scope="module")
def two_blocks() -> dict[str, list[pa.RecordBatch]]:
    """A city of one full block and a small one."""
    kept = Kept()
    make_city(BLOCK + 10_000, SEED, kept)
    return kept.batches


def test_a_full_block_is_the_same_in_every_city(
    two_blocks: dict[str, list[pa.RecordBatch]],
) -> None:
    """The first block of a larger city is, table by table, the block made alone."""
    tables = make_block(SEED, 0, BLOCK)
    assert set(two_blocks) == set(tables)
    for name, batches in two_blocks.items():
        assert batches[0].equals(tables[name]), name


def test_nothing_is_given_twice_in_two_blocks(
    two_blocks: dict[str, list[pa.RecordBatch]],
) -> None:
    """Keys, identifiers and UPRNs differ between blocks, while names and streets recur."""
    for name, batches in two_blocks.items():
        key = dictionary()[name].key
        if key:
            both = [*batches[0][key].to_pylist(), *batches[1][key].to_pylist()]
            assert len(set(both)) == len(both), name
    first, second = two_blocks["truth/people"]
    for column in ("nhs_number", "nino"):
        assert not (set(first[column].drop_null().to_pylist())
                    & set(second[column].drop_null().to_pylist()))  # fmt: skip
    streets = [set(batch["street"].to_pylist()) for batch in two_blocks["extracts/gazetteer"]]
    assert len(streets[0] & streets[1]) > 10
    families = [set(batch["family_name"].to_pylist()) for batch in (first, second)]
    assert len(families[0] & families[1]) > 1_000


@pytest.mark.parametrize("people", [1, 2, 3, 17])
def test_the_last_block_may_be_tiny(people: int, tables: dict[str, pa.RecordBatch]) -> None:
    """A block of a few people has all tables, with the same columns and types."""
    for seed in range(4):
        small = make_block(seed, 399, people)
        assert small["truth/people"].num_rows == people
        assert {name: batch.schema for name, batch in small.items()} == {
            name: batch.schema for name, batch in tables.items()
        }


@pytest.mark.parametrize("people", [0, 9_999, 10_000_001])
def test_other_numbers_of_people_are_refused(people: int, tmp_path: Path) -> None:
    """Too few and too many are refused, and no folder is left."""
    with pytest.raises(Misused, match="people"):
        make_in_folder(people, 1, tmp_path / "city")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    """What is there stays, and nothing is added."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(Misused, match="isn't empty"):
            make_in_folder(LEAST_PEOPLE, 1, target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_disk_without_room_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is too small the city isn't begun."""
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StorageUnwritable, match="GB"):
        make_in_folder(LEAST_PEOPLE, 1, tmp_path / "city")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a write fails in the middle, neither the folder nor anything half made is left."""
    write = FolderSink.write

    def fails(self: FolderSink, table: str, batch: pa.RecordBatch) -> None:
        if table == "truth/people":
            raise OSError(28, "No space left on device")
        write(self, table, batch)

    monkeypatch.setattr(FolderSink, "write", fails)
    with pytest.raises(StorageUnwritable):
        make_in_folder(LEAST_PEOPLE, 1, tmp_path / "city")
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_people(tmp_path: Path) -> None:
    """Each block reports how many of all people are done."""
    steps: list[Step] = []
    make_city(BLOCK + 10_000, 1, Kept(), steps.append)
    assert [step.done for step in steps] == [BLOCK, BLOCK + 10_000]
    assert {step.total for step in steps} == {BLOCK + 10_000}
