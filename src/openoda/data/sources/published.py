"""The published files that can be downloaded, and downloading them."""

import urllib.error
import urllib.request
from dataclasses import dataclass

from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import SourceUnavailable

MOST_BYTES = 200_000_000
BLOCK = 1 << 18


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


def fetch(published: Published, progress: Progress = silent) -> bytes:
    """The file's bytes. Raises SourceUnavailable where it can't be had, or is far too large."""
    parts, done = [], 0
    try:
        with urllib.request.urlopen(published.url, timeout=60) as response:  # noqa: S310
            total = int(response.headers.get("Content-Length") or 0)
            while part := response.read(BLOCK):
                parts.append(part)
                done += len(part)
                progress(Step("Downloading", done, total))
                if done > MOST_BYTES:
                    raise SourceUnavailable(
                        "The file is far larger than what was published",
                        where=published.url,
                        remedy="Don't use it; report it.",
                    )
    except (urllib.error.URLError, OSError) as error:
        raise SourceUnavailable(
            "The published file can't be downloaded",
            where=published.url,
            remedy="Check the network; or run with --example, which falls back to synthetic data.",
        ) from error
    return b"".join(parts)
