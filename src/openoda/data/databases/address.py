"""Where a database is, from a URL; its password apart, and never in what is shown or kept."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from openoda.data.secrecy import Secret, shown_url, unclear_url
from openoda.vocabulary.refusals import Misused

PASSWORD_VARIABLE = "ODA_PASSWORD"  # noqa: S105 - a name, no password
ENGINES = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL or MariaDB",
    "sqlite": "SQLite",
    "mssql": "SQL Server",
    "oracle": "Oracle",
}
UNTESTED = ("mssql", "oracle")
_SCHEMES = {
    **{name: name for name in ENGINES},
    "postgres": "postgresql",
    "mariadb": "mysql",
    "sqlserver": "mssql",
}
PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433, "oracle": 1521, "sqlite": 0}
OPTIONS: dict[str, tuple[str, ...]] = {
    "postgresql": ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "host"),
    "mysql": ("sslmode", "ssl_ca", "ssl_cert", "ssl_key", "unix_socket"),
    "sqlite": (),
    "mssql": ("sslmode", "ssl_ca", "consistent"),
    "oracle": ("sslmode",),
}
"""What may follow the question mark beside `table`, by engine."""
_SECRET = ("password", "passwd", "pwd")


@dataclass(frozen=True)
class DatabaseAddress:
    """A database of an engine (a key of `ENGINES`). `database` is a file's path for SQLite, a service
    name for Oracle. `options` are of `OPTIONS`; `table` what the URL itself asks for, or empty.

    `password_in_url`: whether it stood in the URL, where shells and process lists show it.
    """

    engine: str
    database: str
    host: str = ""
    port: int = 0
    user: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    password: Secret = field(default_factory=Secret)
    password_in_url: bool = False

    @classmethod
    def parse(cls, url: str) -> Self:
        """Take a URL apart; the password is the URL's, else that of ODA_PASSWORD, else left to the
        driver (PGPASSWORD, .pgpass). Raises Misused, which never quotes a password.
        """
        shown = shown_url(url)
        parts = urlsplit(url)
        engine = _SCHEMES[parts.scheme.lower()]
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        table = asked.pop("table", "")
        given = [asked.pop(name) for name in _SECRET if name in asked]
        unknown = sorted(set(asked) - set(OPTIONS[engine]))
        if unknown or parts.fragment:
            raise Misused(
                f"The address asks for what isn't known: {', '.join(unknown) or 'a # part'}",
                where=shown,
                remedy="After the question mark stand table= and, for this engine: "
                + (", ".join(OPTIONS[engine]) or "nothing else")
                + ".",
            )
        in_url = unquote(parts.password or "") or "".join(given[:1])
        if engine == "sqlite" and (parts.netloc or not parts.path.strip("/")):
            raise _no_file(shown)
        return cls(
            engine,
            _database(engine, parts, shown),
            parts.hostname or "",
            parts.port or PORTS[engine],
            unquote(parts.username or ""),
            asked,
            table,
            Secret(in_url or os.environ.get(PASSWORD_VARIABLE, "")),
            bool(in_url),
        )

    @property
    def shown(self) -> str:
        """The address as it may be shown and kept: no password, no table."""
        if self.engine == "sqlite":
            return f"sqlite:///{self.database}"
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        port = f":{self.port}" if self.port != PORTS[self.engine] else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.engine}://{user}{host}{port}/{self.database}"

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        return self.host in ("", "localhost", "127.0.0.1", "::1")

    def with_password(self, text: str) -> "DatabaseAddress":
        """The same with a password that was asked for."""
        return replace(self, password=Secret(text), password_in_url=False)


def is_database(place: str) -> bool:
    """Whether a text is the URL of a database rather than of a file, or a file's path."""
    scheme, found, _ = place.partition("://")
    return bool(found) and scheme.lower() in _SCHEMES


def _database(engine: str, parts: SplitResult, shown: str) -> str:
    name = unquote(parts.path)[1:]
    if not name:
        raise Misused(
            "The address names no database",
            where=shown,
            remedy=f"Write it as {engine}://user@host/database?table=name.",
        )
    if "\0" in name:
        raise unclear_url()
    return name


def _no_file(shown: str) -> Misused:
    return Misused(
        "The address of an SQLite database needs three slashes and a path",
        where=shown,
        remedy="Write sqlite:///folder/file.db?table=name, with four slashes for a path from the "
        "root.",
    )
