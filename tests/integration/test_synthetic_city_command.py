"""`oda synthetic city` as a person runs it, beside the frames of packages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.architecture.test_docs import generator
from tests.integration.command import Ran, assert_refused, oda, oda_many


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Ran], Path]:
    """The city in a folder and in a workspace, a frame both ways, and misuses."""
    root = tmp_path_factory.mktemp("city")
    (root / "full").mkdir()
    (root / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    full = str(root / "full")
    return oda_many(
        {
            "folder": ("synthetic", "city", "--people", "10000", "--out", "made", "--json"),
            "plain": ("synthetic", "city", "--people", "10000", "--out", "made"),
            "vault": ("synthetic", "city", "--workspace", "office", "--json"),
            "frame": ("synthetic", "frame", "food-inspections", "--json"),
            "short": ("synthetic", "food-inspections", "--json"),
            "options first": ("synthetic", "--json", "--seed", "2", "food-inspections"),
            "too few": ("synthetic", "city", "--people", "12", "--json"),
            "too many": ("synthetic", "city", "--people", "10000001"),
            "not empty": ("synthetic", "city", "--out", full, "--json"),
            "no number": ("synthetic", "city", "--people", "many"),
            "negative seed": ("synthetic", "city", "--seed", "-1"),
            "no such package": ("synthetic", "cyti", "--json"),
        },
        root,
    ), root


def test_the_city_is_made_and_told_of(runs: tuple[dict[str, Ran], Path]) -> None:
    """The answer is the manifest that lies in the folder, and the words say that nobody exists."""
    ran, root = runs[0]["folder"], runs[1]
    assert ran.code == 0, ran.told
    manifest = json.loads((root / "folder/made/manifest.json").read_text(encoding="utf-8"))
    assert ran.answer == {**manifest, "folder": "made"}
    assert (root / "folder/made/README.md").is_file()
    plain = runs[0]["plain"]
    assert plain.code == 0, plain.told
    assert "nobody in it exists" in plain.out
    assert "10,000  truth/people" in plain.out


def test_the_vault_lists_synthetic_datasets(runs: tuple[dict[str, Ran], Path]) -> None:
    """The workspace has the tables as datasets of class synthetic, and is sound."""
    ran, root = runs[0]["vault"], runs[1]
    assert ran.code == 0, ran.told
    assert ran.answer["temporary"] is False
    office = root / "vault" / "office"
    listed = oda("datasets", "--workspace", office, "--json", cwd=root).answer["datasets"]
    assert len(listed) == len(ran.answer["tables"])
    assert {each["class"] for each in listed} == {"synthetic"}
    assert oda("verify", "--workspace", office, "--json", cwd=root).code == 0


def test_the_answers_have_the_documented_keys(runs: tuple[dict[str, Ran], Path]) -> None:
    """Proves that the two answers together give exactly the keys of the reference."""
    found = [
        generator.paths_in(runs[0][name].answer, "synthetic city") for name in ("folder", "vault")
    ]
    assert found[0] | found[1] == set(generator.JSON["synthetic city"])


def test_frames_are_made_as_before(runs: tuple[dict[str, Ran], Path]) -> None:
    """`oda synthetic PACKAGE` is short for `oda synthetic frame PACKAGE`, options before or after."""
    ran, root = runs
    assert (ran["frame"].code, ran["short"].code, ran["options first"].code) == (0, 0, 0)
    name = "synthetic-food-inspections-1.csv"
    assert (root / "frame" / name).read_bytes() == (root / "short" / name).read_bytes()
    assert (root / "options first" / "synthetic-food-inspections-2.csv").is_file()


@pytest.mark.parametrize(
    "name", ["too few", "too many", "not empty", "no number", "negative seed", "no such package"]
)
def test_misuse_is_refused(name: str, runs: tuple[dict[str, Ran], Path]) -> None:
    """Each misuse ends with 2, one line of cause, one of remedy."""
    assert_refused(runs[0][name])
    assert [path.name for path in (runs[1] / "full").iterdir()] == ["mine.txt"]
