"""What class of data a file is, in the words of whoever gives it, or else of the package."""

import hashlib
from pathlib import Path

from openoda.library.manifest import Package
from openoda.office.intake import dataset_of
from openoda.office.request import Request
from openoda.vocabulary.dataset_names import name_of_file
from openoda.vocabulary.datasets import Dataset


def described(package: Package, request: Request, file: Path) -> Dataset:
    """The file as a dataset, named after it.

    A file that the package knows by its hash has the package's licence and source. For any other
    they are what the request says, and nothing where it says nothing.
    """
    about, name = package["data"], name_of_file(file.name)
    if is_known(package, file) and request.data_class in (None, about["class"]):
        return dataset_of(name, about["class"], about["licence"], about["source"])
    data_class = request.data_class or about["class"] or None
    return dataset_of(name, data_class, request.licence, request.source)


def is_known(package: Package, file: Path) -> bool:
    """Whether the file is the data that the package was made for."""
    if not package["data"]["known"] or not file.is_file():
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() in package["data"]["known"]


def purpose_of(package: Package) -> str:
    """Why data is read for the package."""
    return str(package["intervention"]["title"])
