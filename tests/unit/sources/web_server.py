"""A real web server on this machine, which misbehaves on request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """What the server serves at /file.csv, how it behaves, and what it was asked.

    `cut_after`: bytes of a body after which the connection breaks, one a request, then no more.
    `ranges`: whether ranges are heard. `etag`: None for no validator. `length_said`: added to the true
    Content-Length. `redirects`: address by path. `status`: answered instead, one a request.
    """

    content: bytes = b""
    etag: str | None = '"one"'
    ranges: bool = True
    chunked: bool = False
    silent: bool = False
    length_said: int = 0
    cut_after: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    change_to: bytes | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    log: list[tuple[Any, ...]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/file.csv", user: str = "") -> str:
        """The address of a path."""
        return f"http://{user}127.0.0.1:{self.port}{path}"

    @property
    def ranges_asked(self) -> list[str]:
        """The Range header of each request for the file, empty where it had none."""
        return [
            headers.get("range", "") for path, headers in self.asked if path not in self.redirects
        ]


class Handler(BaseHTTPRequestHandler):
    """Answers as the site of its server says."""

    protocol_version = "HTTP/1.1"

    @property
    def site(self) -> Site:
        """The site being served."""
        found: Site = self.server.site  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.asked.append((self.path, headers))
        self.close_connection = True
        if self.path in self.site.redirects:
            self._head(302, {"Location": self.site.redirects[self.path], "Content-Length": "0"})
        elif self.site.status:
            self._head(self.site.status.pop(0), {"Content-Length": "0"})
        else:
            self._file(headers)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def _file(self, asked: dict[str, str]) -> None:
        start = self._start(asked)
        body = self.site.content[start:]
        headers = dict(self.site.headers)
        if self.site.etag is not None:
            headers["ETag"] = self.site.etag
        if self.site.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif not self.site.silent:
            headers["Content-Length"] = str(len(body) + self.site.length_said)
        if start or (self.site.ranges and "range" in asked and self._current(asked)):
            end = len(self.site.content)
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{end}"
            self._head(206, headers)
        else:
            self._head(200, headers)
        self._send(body)

    def _current(self, asked: dict[str, str]) -> bool:
        return asked.get("if-range") in (None, self.site.etag)

    def _start(self, asked: dict[str, str]) -> int:
        if not (self.site.ranges and "range" in asked and self._current(asked)):
            return 0
        return int(asked["range"].removeprefix("bytes=").rstrip("-"))

    def _send(self, body: bytes) -> None:
        cut = self.site.cut_after.pop(0) if self.site.cut_after else None
        part = body if cut is None else body[:cut]
        if self.site.chunked:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if part else b"")
            if cut is None:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(part)
        if cut is not None and self.site.change_to is not None:
            self.site.content, self.site.etag, self.site.change_to = (
                self.site.change_to,
                '"two"',
                None,
            )

    def log_message(self, *said: Any) -> None:
        """Keep what the server would print."""
        self.site.log.append(said)


@contextmanager
def serving(**how: Any) -> Iterator[Site]:
    """The site, up; its behaviour may be changed meanwhile."""
    site = Site(**how)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.site = site  # type: ignore[attr-defined]
    server.daemon_threads = True
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
