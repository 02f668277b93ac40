"""The ledger's file: acts appended in SQLite, each whole or not at all, in a chain of hashes."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openoda.custody.chain import GENESIS, Head, canonical
from openoda.linkage.ledger.events import Act, Cause
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.refusals import LedgerDamaged
from openoda.vocabulary.refusals import Misused, Refusal, StorageUnwritable

FORMAT = 1
_TIMEOUT_SECONDS = 20
_PIECE_BYTES = 64 << 20  # SQLite takes no more than 1 GB in one value
_ROOM_BYTES = 64 << 10  # with less than this SQLite may call a full disk an error of the disk
_SCHEMA = """
create table ledger (kind text not null, format integer not null);
create table act (
  number integer primary key, cause text not null, who text not null, at text not null,
  reason text not null, previous text not null, hash text not null);
create table part (
  act integer not null, name text not null, piece integer not null, content blob not null,
  primary key (act, name, piece));
"""
_RESTORE = "Restore the ledger from a backup, and find out what changed it."
_SAID = {
    sqlite3.SQLITE_FULL: ("The disk is full", "Free some space, then do it again."),
    sqlite3.SQLITE_READONLY: (
        "The ledger can't be written by this user",
        "Make it writable, or work on a copy in a folder that you may write to.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The ledger can't be opened",
        "Check that its folder is there and that you may write to it.",
    ),
    sqlite3.SQLITE_BUSY: (
        "The ledger is being written by another process",
        "Wait until that has ended, then do it again.",
    ),
}
_OTHERWISE = (
    "The disk reports an error",
    "Copy the ledger to a sound disk before anything else, then check it.",
)
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True)
class StoredAct:
    """An act as it is stored in a ledger of this kind, with the parts of its change."""

    kind: str
    act: Act
    parts: dict[str, bytes]
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        """Its number and hash."""
        return Head(self.act.number, self.hash)

    def computed_hash(self) -> str:
        """The SHA-256, in hex, that its content gives."""
        content = {
            "kind": self.kind,
            "number": self.act.number,
            "cause": self.act.cause.value,
            "who": self.act.who,
            "at": self.act.when.isoformat(),
            "reason": self.act.reason,
            "previous": self.previous,
            "parts": {name: hashlib.sha256(part).hexdigest() for name, part in self.parts.items()},
        }
        return hashlib.sha256(canonical(content)).hexdigest()


class Contents:
    """A transaction that sees one moment of the ledger."""

    def __init__(self, store: "Store", db: sqlite3.Connection) -> None:
        self._store, self._db = store, db

    def head(self) -> Head:
        """The last act's number and hash."""
        row = self._db.execute(
            "select number, hash from act order by number desc limit 1"
        ).fetchone()
        return Head(*row) if row else Head()

    def kind(self) -> str:
        """What the ledger says that its entities are."""
        return str(self._db.execute("select kind from ledger").fetchone()[0])

    def hash_of(self, number: int) -> str:
        """The hash of an act; empty where there is none."""
        if not number:
            return GENESIS
        row = self._db.execute("select hash from act where number = ?", (number,)).fetchone()
        return str(row[0]) if row else ""

    def since(self, after: int, until: int = -1) -> Iterator[StoredAct]:
        """The acts after one number, up to another (-1: all), each checked against its hash.

        Raises `LedgerDamaged` at the first that isn't what was written.
        """
        kind, previous = self.kind(), self.hash_of(after)
        rows = self._db.execute(
            "select * from act where number > ? and (number <= ? or ? < 0) order by number",
            (after, until, until),
        )
        for place, row in enumerate(rows, start=after + 1):
            stored = self._stored(kind, row)
            if stored.act.number != place or stored.previous != previous:
                raise self._store.damaged(
                    f"lost acts, or has them in another order, at act {place}"
                )
            if stored.computed_hash() != stored.hash:
                raise self._store.damaged(f"isn't what was written, at act {place}")
            previous = stored.hash
            yield stored

    def _stored(self, kind: str, row: tuple[int, str, str, str, str, str, str]) -> StoredAct:
        if not all(isinstance(value, str) for value in row[1:]):
            raise self._store.damaged(f"can't be read, at act {row[0]}")
        number, cause, who, at, reason, previous, mark = row
        found = self._db.execute(
            "select name, content from part where act = ? order by name, piece", (number,)
        )
        parts: dict[str, list[bytes]] = {}
        for name, content in found:
            parts.setdefault(name, []).append(content)
        try:
            act = Act(number, Cause(cause), who, datetime.fromisoformat(at), reason)
            whole = {name: b"".join(some) for name, some in parts.items()}
        except (TypeError, ValueError) as error:
            raise self._store.damaged(f"can't be read, at act {number}") from error
        return StoredAct(kind, act, whole, previous, mark)


class Writing(Contents):
    """A transaction that has the right to append. Nobody else appends until it ends."""

    def append(self, act: Act, parts: dict[str, bytes]) -> Head:
        """Put an act at the end; it is there once the transaction has ended well."""
        stored = StoredAct(self.kind(), act, parts, self.head().hash, "")
        mark = stored.computed_hash()
        self._db.execute(
            "insert into act values (?, ?, ?, ?, ?, ?, ?)",
            (act.number, act.cause.value, act.who, act.when.isoformat(), act.reason,
             stored.previous, mark),
        )  # fmt: skip
        for name, part in parts.items():
            self._db.executemany(
                "insert into part values (?, ?, ?, ?)",
                ((act.number, name, place, piece) for place, piece in enumerate(pieces(part))),
            )
        return Head(act.number, mark)


class Store:
    """The file of one ledger. Many processes may read while one appends."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def create(self, kind: EntityKind) -> None:
        """Make the file. Raises `Misused` where a ledger is there."""
        with self._refusing():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect("rwc")) as db:
                db.execute("pragma journal_mode=wal")
                db.execute("begin immediate")
                if db.execute("select count(*) from sqlite_master").fetchone()[0]:
                    raise Misused(
                        "There is a file of this name already",
                        where=str(self.path),
                        remedy="Open that ledger, or choose another name.",
                    )
                for statement in _SCHEMA.split(";\n")[:-1]:
                    db.execute(statement)
                db.execute("insert into ledger values (?, ?)", (kind.value, FORMAT))
                db.execute("commit")

    def kind(self) -> EntityKind:
        """What the ledger's entities are. Raises `Misused` where there is no ledger."""
        if not self.path.is_file():
            raise self._no_ledger()
        with self._open() as db:
            if not db.execute("select 1 from sqlite_master where name = 'ledger'").fetchone():
                raise self._no_ledger()
            rows = db.execute("select kind, format from ledger").fetchall()
        if len(rows) != 1 or rows[0][0] not in set(EntityKind):
            raise self.damaged("doesn't say what its ids are of")
        if rows[0][1] != FORMAT:
            raise Misused(
                "The ledger was written by another version of OpenODA",
                where=str(self.path),
                remedy="Open it with that version, or a later one.",
            )
        return EntityKind(rows[0][0])

    @contextmanager
    def reading(self) -> Iterator[Contents]:
        """Read in the block, at one moment of the ledger."""
        with self._open() as db:
            yield Contents(self, db)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Append in the block: all of it is kept if the block ends well, else nothing."""
        with self._refusing(), closing(self._connect("rw")) as db:
            db.execute("begin immediate")
            yield Writing(self, db)
            db.execute("commit")

    def against(self, witnesses: Iterable[Head]) -> list[str]:
        """Which heads noted elsewhere the ledger doesn't have, in words."""
        with self.reading() as reading:
            return [
                f"Act {one.seq} is gone, or isn't the one that was noted elsewhere"
                for one in witnesses
                if reading.hash_of(one.seq) != one.hash
            ]

    def damaged(self, how: str) -> LedgerDamaged:
        """The refusal that says so."""
        return LedgerDamaged(f"The ledger {how}", where=str(self.path), remedy=_RESTORE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._refusing(), closing(self._connect(self._reading_mode())) as db:
            db.execute("begin")
            yield db

    def _no_ledger(self) -> Misused:
        return Misused(
            "There is no ledger here",
            where=str(self.path),
            remedy="Make one, or name the file of one.",
        )

    def _reading_mode(self) -> str:
        """A file in WAL mode can't be opened in a folder that may not be written to, unless SQLite is
        told that nobody writes (which drops what a killed process left in the -wal file: then not).
        """
        wal = self.path.with_name(f"{self.path.name}-wal")
        if os.access(self.path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
            return "rw"
        return "ro&immutable=1"

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self.path.as_uri()}?mode={mode}"
        db = sqlite3.connect(uri, _TIMEOUT_SECONDS, uri=True, isolation_level=None)
        db.execute("pragma synchronous=full")
        db.text_factory = lambda raw: raw.decode(
            "utf-8", "replace"
        )  # damage is for the hash to find
        return db

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._said(error) from error

    def _said(self, error: Exception) -> Refusal:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE or (
            isinstance(error, sqlite3.DatabaseError)
            and not isinstance(error, sqlite3.OperationalError)
        ):
            return self.damaged("is damaged")
        folder = next(one for one in self.path.parents if one.exists())
        full = shutil.disk_usage(folder).free < _ROOM_BYTES
        what, remedy = _SAID.get(sqlite3.SQLITE_FULL if full else code, _OTHERWISE)
        return StorageUnwritable(what, where=str(self.path), remedy=remedy)


def storable(text: str) -> str:
    """Text that SQLite can store: users' names may hold halves of characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def pieces(content: bytes, size: int = _PIECE_BYTES) -> Iterator[bytes]:
    """Content in pieces that SQLite takes."""
    for start in range(0, len(content), size):
        yield content[start : start + size]
