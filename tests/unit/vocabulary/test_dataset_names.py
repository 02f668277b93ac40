"""What a dataset may be called, and what a file's name becomes."""

import pytest

from openoda.vocabulary.dataset_names import (
    LONGEST,
    derived_name,
    fitting_name,
    name_of_file,
    require_dataset_name,
)
from openoda.vocabulary.refusals import Misused


@pytest.mark.parametrize("name", ["food-inspections", "2024_q1.v2", "gŵyl", "x", "a" * LONGEST])
def test_names_that_fit(name: str) -> None:
    """Proves that ordinary names are taken, and are left as they are."""
    require_dataset_name(name)
    assert fitting_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/tmp/x",
        "a/b",
        "a\\b",
        ".hidden",
        "..",
        "two\nlines",
        "a b",
        "x\n",
        "C:x",
        "a" * 101,
    ],
)
def test_names_that_could_do_harm(name: str) -> None:
    """Proves that no name leads to another folder, hides, breaks a line or is over-long; the remedy
    names one that fits."""
    with pytest.raises(Misused) as refused:
        require_dataset_name(name, "--dataset")
    assert "\n" not in refused.value.cause
    offered = refused.value.remedy.rpartition(": ")[2]
    require_dataset_name(offered)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_name_is_needed(name: str) -> None:
    """Proves that a blank name is none."""
    with pytest.raises(Misused, match="needs a name"):
        require_dataset_name(name)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("register.csv", "register"),
        ("HMO register (final) 2024.csv.gz", "HMO-register-final-2024"),
        (".csv", "csv"),
        ("…", "data"),
        ("x" * 300 + ".csv", "x" * LONGEST),
    ],
)
def test_the_name_of_a_file_is_made_to_fit(file: str, name: str) -> None:
    """Proves that every file's name gives a name that fits."""
    assert name_of_file(file) == name
    require_dataset_name(name)


def test_a_derived_name_fits() -> None:
    """Proves that what is made from a dataset of the longest name can still be stored."""
    require_dataset_name(derived_name("a" * LONGEST, "-outcomes"))
    assert derived_name("visits", "-outcomes") == "visits-outcomes"
