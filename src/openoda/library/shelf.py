"""Where packages are found: a folder that is given, or one shipped with the product, by name."""

from pathlib import Path

import openoda
from openoda.library.manifest import MANIFEST, Package, read_package
from openoda.vocabulary.refusals import PackageInvalid


def shipped() -> Path:
    """The folder of the shipped packages: inside the installed package, or in the source tree."""
    installed = Path(openoda.__file__).parent / "interventions"
    return installed if installed.is_dir() else Path(openoda.__file__).parents[2] / "interventions"


def names() -> list[str]:
    """Names of the shipped packages."""
    return sorted(path.parent.name for path in shipped().glob(f"*/{MANIFEST}"))


def find_package(given: str) -> Package:
    """The package of a folder, or the shipped one of that name."""
    folder = Path(given)
    if folder.is_dir():
        return read_package(folder)
    if given in names():
        return read_package(shipped() / given)
    raise PackageInvalid(
        "There is no such intervention package",
        where=given,
        remedy=f"Give a folder, or one of: {', '.join(names()) or 'none is shipped'}.",
    )
