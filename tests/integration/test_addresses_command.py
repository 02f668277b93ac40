"""`oda addresses match` as a person runs it: files or datasets in, a dataset and a report out."""

from pathlib import Path

import pytest

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from tests.integration.command import assert_refused, oda

HEADER = "UPRN,ADDRESS,POSTCODE\n"
STREETS = ("DOCK ROAD", "MILL LANE", "CASTLE STREET", "ABBEY CLOSE", "ORCHARD WAY")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gazetteer of 150 houses, and 101 addresses of which one isn't there and one has no number."""
    rows = [(place * 100 + n, f'"{n} {street}, LEEDS"', f"LS{place + 1} {n % 10}AB")
            for place, street in enumerate(STREETS) for n in range(1, 31)]  # fmt: skip
    text = "".join(f"{uprn},{address},{code}\n" for uprn, address, code in rows)
    (tmp_path / "gazetteer.csv").write_text(HEADER + text)
    given = [f'{n} {street.title().replace("Road", "Rd")}, Leeds'
             for street in STREETS for n in range(1, 21)]  # fmt: skip
    lines = "".join(f'"{address}"\n' for address in [*given, "999 Nowhere Avenue, York"])
    (tmp_path / "given.csv").write_text("Address\n" + lines)
    return tmp_path


def test_match_and_read_back(folder: Path) -> None:
    """The report adds up, and the stored dataset holds a UPRN for each house and none for the other."""
    ran = oda("addresses", "match", "given.csv", "--gazetteer", "gazetteer.csv", "--class",
              "synthetic", "--workspace", "office", "--json", cwd=folder)  # fmt: skip
    assert ran.code == 1  # one address wasn't found
    answer = ran.answer
    assert answer["rows"] == 101 == sum(answer[k] for k in ("matched", "ambiguous", "not_found"))
    assert answer["matched"] == 100
    assert answer["class"] == "synthetic"
    assert answer["threshold"]["expected_precision"] > 0.9
    vault = Workspace(folder / "office").vault
    snapshot = vault.latest("given-matched")
    table = vault.read(snapshot, "accepted", permit_to_read(snapshot.dataset, "to test"))
    first = table.to_pylist()[0]
    assert first["uprn"] == "1"
    assert (first["paon"], first["street"], first["town"]) == ("1", "DOCK ROAD", "LEEDS")
    assert table["uprn"].to_pylist()[-1] is None


def test_datasets_in_place_of_files(folder: Path) -> None:
    """What was taken in before is matched by its name, with the same answer."""
    for name in ("given", "gazetteer"):
        oda("intake", f"{name}.csv", "--class", "open", "--workspace", "office", cwd=folder)
    ran = oda("addresses", "match", "given", "--gazetteer", "gazetteer", "--workspace", "office",
              "--dataset", "found", "--json", cwd=folder)  # fmt: skip
    assert ran.answer["matched"] == 100
    assert ran.answer["dataset"] == "found"


@pytest.mark.parametrize(
    "options",
    [
        ["--class", "personal"],
        [],
        ["--class", "open", "--column", "nowhere"],
        ["--class", "open", "--least-precision", "1.5"],
        ["--class", "open", "--dataset", "given"],
        ["--class", "open", "--gazetteer-uprn", "nothing"],
    ],
)
def test_refusals(folder: Path, options: list[str]) -> None:
    """Personal data, no class, wrong columns, a wrong share or name: refused with a remedy."""
    ran = oda("addresses", "match", "given.csv", "--gazetteer", "gazetteer.csv", "--workspace",
              "office", *options, cwd=folder)  # fmt: skip
    assert_refused(ran)


def test_os_open_uprn_is_refused(folder: Path) -> None:
    """A gazetteer without addresses is refused for what it is."""
    (folder / "open.csv").write_text(
        "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n1,2,3,4,5\n"
    )
    ran = oda("addresses", "match", "given.csv", "--gazetteer", "open.csv", "--class", "open",
              "--workspace", "office", cwd=folder)  # fmt: skip
    assert_refused(ran)
    assert "OS Open UPRN" in ran.told
