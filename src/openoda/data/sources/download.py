"""Downloading a file over http(s): resumed where it was cut, bounded, and never half taken.

A file under way lies in a folder named by the hash of its address: `part` are its bytes, `state.json`
how many of them are surely on the disk, and the server's validator of the file that they are from.
Source: RFC 9110, 13.1.5 "If-Range", 14 "Range Requests", 15.3.7 "206 Partial Content".
"""

import hashlib
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from openoda.custody.atomic import lock
from openoda.custody.faults import storage_faults
from openoda.data.secrecy import shown_url
from openoda.data.sources.exchange import Address, Answer, Cut, Fetching, Stale, refused
from openoda.data.sources.partial import Partial
from openoda.data.sources.served_names import served_name
from openoda.vocabulary.progress import Progress, Step, silent

GIB = 1 << 30
_PIECE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """How far a download may go.

    `bytes`: of the file. `redirects`: one after another. `attempts`: connections that bring nothing
    new, before giving up. `connect` and `read`: seconds for a connection, and without a byte.
    `seconds`: for all of it. `pause`: seconds before the second attempt, doubled each time.
    """

    bytes: int = 20 * GIB
    redirects: int = 5
    attempts: int = 4
    connect: float = 30
    read: float = 60
    seconds: float = 6 * 3600
    pause: float = 0.5


@dataclass(frozen=True)
class Downloaded:
    """A file that came whole: where it lies, its SHA-256, and what is doubtful about it."""

    path: Path
    sha256: str
    bytes: int
    doubts: tuple[str, ...] = ()

    def discard(self) -> None:
        """Remove the file: what is in the vault needs no second copy outside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def download(
    url: str, folder: Path, bounds: Bounds | None = None, progress: Progress = silent
) -> Downloaded:
    """Download into a folder of its own under `folder`; a cut download goes on where it stopped.

    What the server changed meanwhile is started anew. Raises SourceUnavailable (not reached, cut too
    often, too large, not what it says), Misused (an address that can't be used), StorageUnwritable.
    The password of an address goes to its own host only.
    """
    limits = bounds or Bounds()
    address = Address.parse(url)
    place = folder / hashlib.sha256(url.encode()).hexdigest()[:32]
    with storage_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with lock(folder / f"{place.name}.lock"):
            place.mkdir(exist_ok=True)
            partial = Partial(place)
            last = _fetched(address, partial, limits, progress)
            named = place / served_name(url, last)
            partial.become(named)
            return Downloaded(named, sha256_of(named), named.stat().st_size, last.doubts)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _fetched(address: Address, partial: Partial, limits: Bounds, progress: Progress) -> Answer:
    """Ask until the file is whole; attempts that bring nothing new are counted."""
    began, idle, pause, most = time.monotonic(), 0, limits.pause, partial.size
    fetching = Fetching(address, limits.connect, limits.read, limits.redirects)
    with fetching:
        while True:
            try:
                return _one_attempt(fetching, partial, limits, progress, began)
            except Stale:
                partial.restart()
                idle += 1
            except Cut as cut:
                idle = 0 if partial.size > most else idle + 1
                most = max(most, partial.size)
                if idle >= limits.attempts:
                    raise refused(cut.why, address) from None
            if idle >= limits.attempts:
                raise refused("The file changes each time it is asked for", address)
            _must_be_in_time(began, limits, address)
            if idle:
                time.sleep(pause)
                pause *= 2


def _one_attempt(
    fetching: Fetching, partial: Partial, limits: Bounds, progress: Progress, began: float
) -> Answer:
    """One connection: the rest of the file if the server agrees, else the whole of it."""
    with fetching.ask(partial.size, partial.validator) as answer:
        if answer.start == 0 and partial.size:
            partial.restart()
        _must_fit(answer.total, limits, fetching.address)
        partial.begin(answer.validator)
        try:
            for piece in answer.pieces():
                partial.add(piece)
                progress(Step("Downloading", partial.size, answer.total or 0))
                _must_fit(partial.size, limits, fetching.address)
                _must_be_in_time(began, limits, fetching.address)
        finally:
            with suppress(OSError):
                partial.sync()
        if answer.total is not None and partial.size != answer.total:
            raise Cut(f"The server promised {answer.total:,} bytes and sent {partial.size:,}")
        return answer


def _must_be_in_time(began: float, limits: Bounds, address: Address) -> None:
    if time.monotonic() - began > limits.seconds:
        raise refused("It takes longer than it may", address)


def _must_fit(size: int | None, limits: Bounds, address: Address) -> None:
    if size is not None and size > limits.bytes:
        raise refused(
            f"The file is larger than the {limits.bytes:,} bytes allowed",
            address,
            "Look at what it is; if it is right, download it yourself and take in the file.",
        )


def is_web(place: str) -> bool:
    """Whether a text is an http(s) address rather than a file's path."""
    return place.lower().startswith(("http://", "https://"))


def shown_address(url: str) -> str:
    """The address as it may be shown and kept."""
    return shown_url(url)
