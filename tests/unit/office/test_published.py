"""Published data: downloaded once over real HTTP, checked, refused when not what was published."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pyarrow.csv
import pytest

from openoda.custody.workspace import Workspace
from openoda.data.sources import chicago
from openoda.data.sources.published import PUBLISHED
from openoda.office import published
from openoda.vocabulary.refusals import Misused, SourceUnavailable
from tests.real_data import real_data

NAME = "chicago-food-inspections"


@pytest.fixture(scope="module")
def rds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's frame as R would save it, in the city's own column names."""
    rdata = pytest.importorskip("rdata", reason="the extra openoda[rds] is not installed")
    import pandas as pd

    table = pyarrow.csv.read_csv(real_data("food/chicago_food_model_frame.csv.gz"))
    theirs = {ours: city for city, ours in chicago.RENAMED.items()}
    columns = {}
    for name in table.column_names:
        values = table[name]
        if name == chicago.DATE:
            column = values.cast("int32").to_numpy().astype(float)
        elif str(values.type) == "string":
            column = pd.Series(values.to_pylist(), dtype=object)
        else:
            column = np.asarray(values.to_pylist(), dtype=float)
        columns[theirs.get(name, name)] = column
    folder = tmp_path_factory.mktemp("rds")
    rdata.write_rds(folder / "frame.Rds", pd.DataFrame(columns))
    return folder / "frame.Rds"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(rds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A web server on this machine that publishes the file; yields the folder that it serves."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "frame.Rds").write_bytes(rds.read_bytes())
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *given: Quiet(*given, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/frame.Rds"
    monkeypatch.setitem(PUBLISHED, NAME, replace(PUBLISHED[NAME], url=url))
    yield folder
    server.shutdown()
    server.server_close()


def test_what_was_published_is_kept(served: Path, tmp_path: Path) -> None:
    """The frame's fingerprint is the pinned one; the CSV holds its rows; a second call needs no net."""
    workspace = Workspace.create(tmp_path / "office")
    file = published.get(workspace, NAME)
    assert pyarrow.csv.read_csv(file).num_rows == 18712
    (served / "frame.Rds").unlink()
    assert published.get(workspace, NAME) == file
    assert [e.facts["outcome"] for e in workspace.audit.entries("download")] == ["awaited", "done"]


def test_anything_else_is_refused(served: Path, tmp_path: Path) -> None:
    """A cut file, a web page in its place, and an absent one are refused, and nothing is kept."""
    workspace = Workspace.create(tmp_path / "office")
    whole = (served / "frame.Rds").read_bytes()
    for content in (whole[: len(whole) // 2], b"<html>moved</html>", b""):
        (served / "frame.Rds").write_bytes(content)
        with pytest.raises(SourceUnavailable):
            published.get(workspace, NAME)
    (served / "frame.Rds").unlink()
    with pytest.raises(SourceUnavailable, match="downloaded"):
        published.get(workspace, NAME)
    assert not (workspace.root / "downloads" / f"{NAME}.csv").exists()


def test_one_changed_number_changes_the_fingerprint(rds: Path) -> None:
    """The fingerprint is of the values: the last bit of one number is enough."""
    table = chicago.decode(rds.read_bytes())
    assert chicago.fingerprint(table) == PUBLISHED[NAME].fingerprint
    values = table["heat_garbage"].to_numpy().copy()
    values[5] = np.nextafter(values[5], 1e9)
    at = table.column_names.index("heat_garbage")
    changed = table.set_column(at, "heat_garbage", pyarrow.array(values))
    assert chicago.fingerprint(changed) != PUBLISHED[NAME].fingerprint


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    """The remedy names what can be downloaded."""
    with pytest.raises(Misused) as refusal:
        published.get(Workspace.create(tmp_path / "office"), "nothing")
    assert NAME in refusal.value.remedy


def test_synthetic_data_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Seed 1 twice gives the same bytes; seed 2 gives others."""
    files = [
        published.make_synthetic("food-inspections", tmp_path / str(at), seed).read_bytes()
        for at, seed in enumerate((1, 1, 2))
    ]
    assert files[0] == files[1] != files[2]
