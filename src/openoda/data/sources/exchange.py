"""One question to a web server and its answer, with the rules of what is believed.

Redirects are followed by hand: a few, never from https to http, and no password goes to another host.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

import httpx

from openoda.data.secrecy import Secret, shown_url
from openoda.vocabulary.refusals import Misused, SourceUnavailable

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PATIENCE = (408, 425, 429, 500, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
PASSWORD_VARIABLE = "ODA_PASSWORD"  # noqa: S105 - a name, no password


class Cut(Exception):
    """The connection broke, or the server was busy: worth another attempt."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Stale(Exception):
    """The bytes at hand are of another version of the file."""


@dataclass(frozen=True)
class Address:
    """Where a file is, its user and password apart. `shown` is what may be shown and kept."""

    url: httpx.URL
    shown: str
    user: str = ""
    password: Secret = field(default_factory=Secret)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Take an address apart. Raises Misused for one that can't be used, or isn't safe to."""
        shown = shown_url(url)
        parts = urlsplit(url)
        host = parts.hostname
        if not host or parts.scheme.lower() not in ("http", "https"):
            raise Misused(
                "This is no web address",
                where=shown,
                remedy="Give one such as https://host/file.csv.",
            )
        user = unquote(parts.username or "")
        password = unquote(parts.password or "") or (
            os.environ.get(PASSWORD_VARIABLE, "") if user else ""
        )
        if user and parts.scheme.lower() == "http" and host not in _LOCAL:
            raise Misused(
                "A password would go over the network in the clear",
                where=shown,
                remedy="Use the https:// address.",
            )
        try:
            bare = httpx.URL(url).copy_with(userinfo=b"", fragment=None)
        except (httpx.InvalidURL, ValueError):
            raise Misused(
                "This web address can't be used", where=shown, remedy="Check it in a browser."
            ) from None
        return cls(bare, shown, user, Secret(password))

    def auth_for(self, url: httpx.URL) -> httpx.BasicAuth | None:
        """The login, for the address's own origin and for no other."""
        same = (url.scheme, url.host, url.port) == (self.url.scheme, self.url.host, self.url.port)
        return httpx.BasicAuth(self.user, self.password.reveal()) if self.user and same else None


@dataclass(frozen=True)
class Answer:
    """What the server sends: from which byte (`start`) of how many (`total`, None where unsaid).

    `packed`: whether it packed the file with gzip on the way, unasked.
    """

    response: httpx.Response
    start: int
    total: int | None
    validator: str
    packed: bool

    @property
    def disposition(self) -> str:
        """The Content-Disposition header."""
        return str(self.response.headers.get("content-disposition", ""))

    @property
    def media_type(self) -> str:
        """The media type, without its parameters."""
        return str(self.response.headers.get("content-type", "")).split(";")[0].strip().lower()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What can't be known about the bytes."""
        told = self.total is not None or self.response.headers.get("transfer-encoding")
        return (
            () if told else ("the server doesn't say how long the file is: its end may be missing",)
        )

    def pieces(self) -> Iterator[bytes]:
        """The bytes as they come over the wire, nothing unpacked. Raises Cut."""
        try:
            yield from self.response.iter_raw()  # a size would hold back what came before a cut
        except httpx.HTTPError as error:
            raise Cut(f"The connection broke off ({type(error).__name__})") from None


class Fetching:
    """A client for one address, closed with its context."""

    def __init__(self, address: Address, connect: float, read: float, redirects: int) -> None:
        self.address = address
        self._redirects = redirects
        self._client = httpx.Client(
            timeout=httpx.Timeout(read, connect=connect),
            follow_redirects=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "OpenODA"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @contextmanager
    def ask(self, have: int, validator: str) -> Iterator[Answer]:
        """Ask for the file from byte `have`. Raises Cut, Stale, SourceUnavailable, Misused."""
        resume = {"Range": f"bytes={have}-", "If-Range": validator} if have and validator else {}
        with ExitStack() as open_ones:
            response = self._arrived(resume, open_ones)
            if response.status_code == 416 or (response.status_code == 206 and not resume):
                raise Stale
            if response.status_code in _PATIENCE:
                raise Cut(f"The server answers {response.status_code}")
            if response.status_code not in (200, 206):
                raise _unanswered(response.status_code, self.address)
            yield _answer(response, have, validator, self.address)

    def _arrived(self, headers: dict[str, str], open_ones: ExitStack) -> httpx.Response:
        """The response where the redirects end."""
        url = self.address.url
        for _ in range(self._redirects + 1):
            response = open_ones.enter_context(self._streamed(url, headers))
            if response.status_code not in _MOVED:
                return response
            url = self._next(url, response)
        raise refused(f"The address leads on more than {self._redirects} times", self.address)

    @contextmanager
    def _streamed(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        request = self._client.build_request("GET", url, headers=headers)
        try:
            response = self._client.send(request, auth=self.address.auth_for(url), stream=True)
        except httpx.HTTPError as error:
            raise Cut(f"The server can't be reached ({type(error).__name__})") from None
        try:
            yield response
        finally:
            response.close()

    def _next(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        try:
            target = url.join(response.headers.get("location", "")).copy_with(userinfo=b"")
        except (httpx.InvalidURL, ValueError):
            raise refused("The server leads on to no address", self.address) from None
        if target.scheme not in ("http", "https") or (url.scheme, target.scheme) == (
            "https",
            "http",
        ):
            raise refused(
                f"The server leads on from {url.scheme} to {target.scheme}, which is less safe",
                self.address,
                "Ask its owner for the address of the file itself.",
            )
        return target


def _answer(response: httpx.Response, have: int, asked: str, address: Address) -> Answer:
    encoding = response.headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise refused(f"The server sends the file packed as {encoding}, unasked", address)
    validator = _validator(response)
    length = response.headers.get("content-length", "")
    total = int(length) if length.isdigit() else None
    start = 0
    if response.status_code == 206:
        start, total = _ranged(response, have)
        if validator != asked:
            raise Stale
    return Answer(response, start, total, validator, encoding != "identity")


def _ranged(response: httpx.Response, have: int) -> tuple[int, int]:
    """Where the bytes begin and how many there are in all; they must be those asked for."""
    found = _RANGE.fullmatch(response.headers.get("content-range", "").strip())
    if found is None or found[3] == "*" or int(found[1]) != have:
        raise Stale
    return have, int(found[3])


def _validator(response: httpx.Response) -> str:
    """The strong ETag, else the date of change: what If-Range may hold."""
    etag = str(response.headers.get("etag", ""))
    if etag.startswith('"'):
        return etag
    return "" if etag else str(response.headers.get("last-modified", ""))


def _unanswered(status: int, address: Address) -> SourceUnavailable:
    remedies = {
        401: "Give the user in the address (https://user@host/…) and the password in ODA_PASSWORD.",
        403: "Ask the file's owner for access.",
        404: "Check the address in a browser; the file may have moved.",
    }
    remedy = remedies.get(status, "Check the address in a browser.")
    return refused(f"The file can't be downloaded: the server answers {status}", address, remedy)


def refused(what: str, address: Address, remedy: str = "") -> SourceUnavailable:
    """The refusal of a download; the address is shown without what is secret in it."""
    return SourceUnavailable(
        what if "download" in what else f"The file can't be downloaded: {_lower(what)}",
        where=address.shown,
        remedy=remedy
        or "Check the network and the address, and run it again: it goes on where it stopped.",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
