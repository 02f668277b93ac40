"""The published files that can be downloaded, and downloading them."""

from dataclasses import dataclass
from pathlib import Path

from openoda.data.sources.download import Bounds, download
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import SourceUnavailable

MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Published:
    """A published file: its address at a fixed commit, licence, publisher, and fingerprint.

    fingerprint: SHA-256 of the decoded table in canonical text (`chicago.fingerprint`): what the
    figures stand on, whatever the compression of the file that carried it.
    """

    url: str
    licence: str
    source: str
    fingerprint: str


PUBLISHED: dict[str, Published] = {
    "chicago-food-inspections": Published(
        url="https://raw.githubusercontent.com/Chicago/food-inspections-evaluation/"
        "603d8dba4d2ea266aced60ac49bdd6ee96704d05/DATA/30_xgboost_data.Rds",
        licence="MIT",
        source="City of Chicago, food-inspections-evaluation, commit 603d8db",
        fingerprint="b5985f4e8e5c65ebf92ce4bd24a0513eaef0d1943e798a9bf9c6a3443cd0d36a",
    ),
}


def fetch(published: Published, folder: Path, progress: Progress = silent) -> bytes:
    """The file's bytes, downloaded by way of `folder`, which keeps what has come of a cut one.

    Raises SourceUnavailable where it can't be had, or is far too large.
    """
    try:
        found = download(published.url, folder, Bounds(bytes=MOST_BYTES), progress)
    except SourceUnavailable as error:
        raise SourceUnavailable(
            error.what,
            where=error.where,
            remedy="Check the network; or run with --example, which falls back to synthetic data.",
        ) from error
    try:
        return found.path.read_bytes()
    finally:
        found.discard()
