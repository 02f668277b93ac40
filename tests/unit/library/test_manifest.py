"""Reading a manifest: every mistake at once, each with its key."""

from pathlib import Path

import pytest

from openoda.library.manifest import read_package
from openoda.library.plan import plan_of
from openoda.library.shelf import find_package, names, shipped
from openoda.vocabulary.refusals import Misused, PackageInvalid


def edited(folder: Path, old: str, new: str) -> Path:
    """A copy of the shipped package with one text replaced."""
    target = folder / "copy"
    target.mkdir()
    for file in (shipped() / "food-inspections").iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == "intervention.toml":
            assert old in text
            text = text.replace(old, new)
        (target / file.name).write_text(text, encoding="utf-8")
    return target


def test_shipped_packages_are_found_by_name() -> None:
    """Each shipped package reads without a mistake and gives a plan."""
    assert "food-inspections" in names()
    for name in names():
        assert plan_of(find_package(name)).visits > 0


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    """A wrong type, an unknown key, a wrong choice and a missing key: four words, one refusal."""
    wrong = 'visits = "many"\nper = "person"\nspeed = 3'
    folder = edited(tmp_path, 'visits = 30\nper = "queue"', wrong)
    manifest = folder / "intervention.toml"
    manifest.write_text(manifest.read_text().replace('title = "Visit', 'titel = "Visit'))
    with pytest.raises(PackageInvalid) as refusal:
        read_package(folder)
    for said in (
        "visits must be int",
        "per must be one of",
        "speed is not a key",
        "title is missing",
    ):
        assert said in refusal.value.what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lottery_share = 0.1", "lottery_share = 1.5", "lottery share"),
        ('primary = "own_queue_days_earlier"', 'primary = "profit"', "primary"),
        ('name = "past-critical"', 'name = "model"', "orders"),
        ('candidates = ["logistic", "boosting"]', 'candidates = ["magic"]', "candidates"),
    ],
)
def test_settings_that_contradict_are_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The plan refuses what no analysis could honour."""
    with pytest.raises(Misused, match=said):
        plan_of(read_package(edited(tmp_path, old, new)))


def test_a_file_outside_the_package_is_refused(tmp_path: Path) -> None:
    """A manifest can't reach out of its folder."""
    folder = edited(tmp_path, 'sql = "features.sql"', 'sql = "../../etc/hostname"')
    with pytest.raises(PackageInvalid, match="not in the package"):
        read_package(folder).text("features", "sql")


def test_not_toml_says_which_line(tmp_path: Path) -> None:
    """A manifest that isn't TOML is refused with the line."""
    (tmp_path / "intervention.toml").write_text("[intervention\n", encoding="utf-8")
    with pytest.raises(PackageInvalid, match="line 1"):
        read_package(tmp_path)


def test_an_unknown_package_lists_what_there_is() -> None:
    """The remedy names the packages that are shipped."""
    with pytest.raises(PackageInvalid) as refusal:
        find_package("no-such-package")
    assert "food-inspections" in refusal.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "order", "said"),
    [
        ('"past_fail", ', '"past_fail", "phase_of_moon", ', None, "phase_of_moon"),
        ('features = ["past_critical"]', 'features = ["facility_type"]', None, "past-critical"),
        ("visits = 30", "visits = 30", "best", "best"),
    ],
)
def test_a_plan_that_speaks_of_what_is_not_there_is_refused(
    tmp_path: Path, old: str, new: str, order: str | None, said: str
) -> None:
    """Features that the SQL doesn't give, a column order on words, an unknown order: in words."""
    plan = plan_of(read_package(edited(tmp_path, old, new)))
    original = plan_of(find_package("food-inspections"))
    features = {name: name != "facility_type" for name in original.features}
    features |= {name: True for spec in original.orders for name in spec.features}
    with pytest.raises(Misused) as refusal:
        plan.must_fit(features, order)
    assert said in refusal.value.where
