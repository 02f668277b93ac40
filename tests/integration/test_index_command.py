"""`oda index`, as an analyst keeps it from delivery to delivery."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.command import Ran, assert_refused, oda


def linked(folder: Path, name: str, clusters: dict[str, int]) -> str:
    """The clusters of a linkage, as oda link leaves them."""
    (folder / name).mkdir()
    table = pa.table({
        "record": list(clusters), "cluster": list(clusters.values()), "source": ["s"] * len(clusters),
    })  # fmt: skip
    pq.write_table(table, folder / name / "clusters.parquet")
    return name


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose index has had two deliveries: b joined c's person, and e is new."""
    root = tmp_path_factory.mktemp("index")
    first = linked(root, "first", {"a": 1, "b": 1, "c": 2, "d": 2})
    second = linked(root, "second", {"a": 1, "b": 1, "c": 1, "d": 1, "e": 2})
    for name in (first, second):
        assert index(root, "update", name, "--reason", "a delivery").code in (0, 1)
    return root


def index(root: Path, *words: object) -> Ran:
    """One command on the index, asked for JSON."""
    return oda("index", *words, "--workspace", "office", "--json", cwd=root)


def test_ids_outlast_a_merge_and_its_undoing(office: Path) -> None:
    """Proves that a merged id leads to the one that has its records, that the report names both, and
    that undoing gives each record the id it had."""
    merged = index(office, "changes", "--since", "1").answer
    assert (merged["people"], merged["records"], merged["acts"]) == (2, 5, 2)
    (renamed,) = merged["renamed"]
    now = index(office, "find", "c", "--source", "s").answer
    assert {each["record"] for each in now["living"][0]["records"]} == {"a", "b", "c", "d"}
    old = index(office, "find", renamed["old_id"]).answer
    assert old["standing"] == "merged"
    assert old["living"][0]["id"] == renamed["new_id"] == now["id"]
    undone = index(office, "undo", "2", "--reason", "the wrong file")
    assert undone.code == 0, undone.told
    again = index(office, "find", "c", "--source", "s").answer
    assert again["id"] == renamed["old_id"]
    assert {each["record"] for each in again["living"][0]["records"]} == {"c", "d"}


def test_what_is_not_there_is_refused(office: Path) -> None:
    """Proves that unknown records, ids, acts and folders are refused, each with what to do."""
    for words in (
        ("find", "zz", "--source", "s"),
        ("find", "PSN-NOBODY"),
        ("changes", "--since", "99"),
        ("update", "nowhere", "--reason", "x"),
        ("update", "first", "--reason", ""),
        ("undo", "99", "--reason", "x"),
        ("changes", "--index", "nothing"),
    ):
        assert_refused(index(office, *words))


def test_every_look_is_in_the_audit_log(office: Path) -> None:
    """Proves that updates and look-ups are logged, and the head of the ledger with them."""
    log = oda("audit", "--workspace", "office", cwd=office)
    for act in ("index update", "index find", "index head"):
        assert act in log.out, log.told
