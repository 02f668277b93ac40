"""Published data and made-up data: what a package runs on where a council's own isn't at hand."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from openoda.custody.atomic import write_file
from openoda.custody.workspace import Workspace
from openoda.data.sources import chicago
from openoda.data.sources.published import PUBLISHED, Published, fetch
from openoda.data.synthetic.visits import make_visits
from openoda.library.manifest import Package
from openoda.library.shelf import find_package
from openoda.office.described import is_known
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused, PackageInvalid, SourceUnavailable

DATA_FOLDER = "OPENODA_DATA"
DEFAULT_FOLDER = "../shared/data"
DOWNLOADS = "downloads"


@dataclass(frozen=True)
class Example:
    """A file to try a package on, of which class, under which licence, from whom."""

    file: Path
    data_class: DataClass
    licence: str
    source: str


def names() -> dict[str, Published]:
    """What can be downloaded, by name."""
    return PUBLISHED


def get(workspace: Workspace, name: str, progress: Progress = silent) -> Path:
    """Download published data, check it against what was published, and keep it as CSV.

    The file lands in the workspace's downloads; a second call finds it there. Raises
    SourceUnavailable, Misused.
    """
    published = PUBLISHED.get(name)
    if published is None:
        raise Misused(
            f"There is no published data called {name}",
            where="oda data get",
            remedy=f"Choose among: {', '.join(PUBLISHED)}.",
        )
    target = _downloaded(workspace, name)
    if not target.exists():
        with workspace.audit.acting(
            "download", name, "to use published data", {"url": published.url}
        ):
            content = fetch(published, workspace.root / DOWNLOADS, progress)
            progress(Step("Reading the published file"))
            _keep(workspace, chicago.decode(content), published, target)
    return target


def _keep(workspace: Workspace, table: pa.Table, published: Published, target: Path) -> None:
    """Write the table as CSV in one step, if it is what was published."""
    if chicago.fingerprint(table) != published.fingerprint:
        raise SourceUnavailable(
            "The downloaded table is not the one that was published at that commit",
            where=published.url,
            remedy="Don't use it; report it, and run with --example meanwhile.",
        )
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, sink)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(workspace.root, target, sink.getvalue().to_pybytes())


def _downloaded(workspace: Workspace, name: str) -> Path:
    return workspace.root / DOWNLOADS / f"{name}.csv"


def example(workspace: Workspace, given: str, seed: int, progress: Progress = silent) -> Example:
    """Real data where it is at hand, else synthetic data of the same shape.

    At hand: in the folder OPENODA_DATA (default ../shared/data), if it is the file that the package
    knows by its hash, or downloaded to the workspace and checked.
    """
    package = find_package(given)
    data = package["data"]
    folder = Path(os.environ.get(DATA_FOLDER, DEFAULT_FOLDER))
    at_hand, downloaded = folder / data["at_hand"], _downloaded(workspace, data["published"])
    for file, sure in ((at_hand, is_known(package, at_hand)), (downloaded, downloaded.is_file())):
        if sure:
            return Example(file, DataClass(data["class"]), data["licence"], data["source"])
    made = synthetic(package, workspace.root / DOWNLOADS, seed, progress)
    source = f"Made by OpenODA from the recipe of {package.name}, seed {seed}"
    return Example(made, DataClass.SYNTHETIC, "", source)


def make_synthetic(given: str, folder: Path, seed: int, progress: Progress = silent) -> Path:
    """Synthetic data for a package, by its folder or name."""
    return synthetic(find_package(given), folder, seed, progress)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(
            "The folder can't be made", where=str(folder), remedy="Name another folder with --out."
        ) from error


def synthetic(package: Package, folder: Path, seed: int, progress: Progress = silent) -> Path:
    """Make the package's synthetic data: a CSV named for its seed in `folder`."""
    if not package["data"]["synthetic"]:
        raise Misused(
            "The package has no recipe for synthetic data",
            where=package.name,
            remedy="Run it on a file (oda run PACKAGE --data FILE), or add a synthetic.toml to it.",
        )
    progress(Step("Making synthetic data"))
    recipe = _recipe(package)
    _make_folder(folder)
    target = folder / f"synthetic-{package.name}-{seed}.csv"
    half_made = target.with_suffix(".part")
    pyarrow.csv.write_csv(_made(recipe, seed, package), half_made)
    half_made.replace(target)
    return target


def _recipe(package: Package) -> dict[str, Any]:
    try:
        return tomllib.loads(package.text("data", "synthetic"))
    except tomllib.TOMLDecodeError as error:
        raise _wrong_recipe(package, str(error)) from error


def _made(recipe: dict[str, Any], seed: int, package: Package) -> pa.Table:
    try:
        return make_visits(recipe, seed)
    except (KeyError, ValueError, TypeError) as error:
        raise _wrong_recipe(package, f"{type(error).__name__} {error}") from error


def _wrong_recipe(package: Package, why: str) -> PackageInvalid:
    return PackageInvalid(
        f"The recipe for synthetic data can't be followed: {why}",
        where=f"{package.name}/{package['data']['synthetic']}",
        remedy="Correct the recipe; docs/reference lists its keys.",
    )
