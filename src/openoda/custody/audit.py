"""The audit log: an append-only hash chain in SQLite of who did what, written before it is done."""

import getpass
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openoda.custody.chain import AWAITED, AuditReport, Entry, Head, check_chain
from openoda.custody.heads import HeadFile
from openoda.governance.permits import Permit
from openoda.vocabulary.refusals import AuditUnavailable, StorageUnwritable

AUDIT_FILE = "audit.sqlite3"
_TIMEOUT_SECONDS = 20
_ROOM_BYTES = 64 << 10  # with less than this SQLite may call a full disk an error of the disk
_COLUMNS = "seq, at, actor, action, subject, purpose, detail, previous, hash"
_SCHEMA = """
create table if not exists entry (
  seq integer primary key, at text not null, actor text not null, action text not null,
  subject text not null, purpose text not null, detail text not null,
  previous text not null, hash text not null);
create index if not exists entry_by_act on entry (action, subject);
"""  # the chain is checked against `_COLUMNS`, so a later column needs a new chain


@dataclass
class Act:
    """An act whose intent is in the log. What is put into `outcome` is logged when it ends."""

    intent: Entry
    outcome: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reading(Act):
    """A read whose intent is in the log: what the readers of stored bytes ask to see."""

    permit: Permit = field(kw_only=True)


class Audit:
    """The log of one workspace. Many processes and threads may append at once.

    `witnesses` gives heads noted elsewhere (in snapshots), which verifying holds the chain against.
    """

    def __init__(self, root: Path, witnesses: Callable[[], Iterable[Head]] = tuple) -> None:
        self._root = root
        self._path = root / AUDIT_FILE
        self._head = HeadFile(root)
        self._witnesses = witnesses

    def create(self) -> None:
        """Make the log unless it is there. Raises `AuditUnavailable` where entries were lost."""
        if not self._head.path.exists() and not self._path.exists():
            self._head.write(Head())
        with self._refusing(), closing(sqlite3.connect(self._path, _TIMEOUT_SECONDS)) as db:
            db.execute("pragma journal_mode=wal")
            db.executescript(_SCHEMA)
            self._must_be_whole(_last(db))

    def record(
        self, action: str, subject: str, detail: dict[str, Any] | None = None, purpose: str = ""
    ) -> Entry:
        """Log an act in one entry; `detail` is JSON, never data. Raises `AuditUnavailable`."""
        with self._refusing():
            entry = self._append(action, subject, purpose, detail or {})
            self._head.catch_up(self.head)
        return entry

    @contextmanager
    def acting(
        self, action: str, subject: str, purpose: str, detail: dict[str, Any]
    ) -> Iterator[Act]:
        """Log the intent first and the outcome after: done, stopped (by its reader), or failed.

        Of a failure only the name of its class is kept, since its words may hold data. Raises
        `AuditUnavailable` where the intent can't be written; then the block does not run.
        """
        act = Act(self.intend(action, subject, purpose, detail))
        try:
            yield act
        except GeneratorExit:
            self._close(act, "stopped")
            raise
        except BaseException as error:
            act.outcome["refusal"] = type(error).__name__
            with suppress(AuditUnavailable):  # the error in hand says more
                self._close(act, "failed")
            raise
        self._close(act, "done")

    @contextmanager
    def reading(self, permit: Permit, subject: str) -> Iterator[Reading]:
        """Log the intent to read `subject` under `permit`, then let the block read.

        Raises `AuditUnavailable` where the intent can't be written; then nothing is read.
        """
        detail = {"dataset": permit.dataset, "class": permit.data_class, "basis": permit.basis}
        with self.acting("read", subject, permit.purpose, detail) as act:
            yield Reading(act.intent, act.outcome, permit=permit)

    def intend(self, action: str, subject: str, purpose: str, detail: dict[str, Any]) -> Entry:
        """Log the intent alone: for acts that close it themselves, by `conclude`."""
        return self.record(action, subject, {**detail, "outcome": AWAITED}, purpose)

    def conclude(self, intent: Entry, outcome: str, detail: dict[str, Any]) -> None:
        """Log the outcome of the act that `intent` began."""
        facts = {**detail, "outcome": outcome, "of": intent.seq}
        self.record(intent.action, intent.subject, facts, intent.purpose)

    def head(self) -> Head:
        """The last entry's number and hash."""
        with self._reading_file() as db:
            last = _last(db)
        return last.head if last else Head()

    def entries(self, action: str = "", subject: str = "") -> list[Entry]:
        """The entries, oldest first; of one action and one subject where they are given."""
        given = {"action": action, "subject": subject}
        where = " and ".join(f"{name} = :{name}" for name, value in given.items() if value)
        with self._reading_file() as db:
            return list(_rows(db, f"where {where or 'true'} order by seq", given))

    def verify(self) -> AuditReport:
        """Check the whole chain against itself, its noted head and its witnesses."""
        try:
            noted = [self._head.read(), *self._witnesses()]  # before the chain: it only grows
            with self._reading_file() as db:
                report = check_chain(_rows(db, "order by seq"), noted)
                return replace(report, findings=report.findings + _file_faults(db))
        except AuditUnavailable as error:
            return AuditReport(0, Head(), None, (error.cause,))

    def _close(self, act: Act, outcome: str) -> None:
        self.conclude(act.intent, outcome, act.outcome)

    def _append(self, action: str, subject: str, purpose: str, facts: dict[str, Any]) -> Entry:
        detail = json.dumps(facts, sort_keys=True)
        with closing(self._connect("rw")) as db:
            db.execute("begin immediate")
            last = _last(db)
            self._must_be_whole(last)
            entry = _following(last, action, subject, purpose, detail)
            marks = ", ".join("?" * len(_COLUMNS.split()))
            db.execute(f"insert into entry ({_COLUMNS}) values ({marks})", _values(entry))  # noqa: S608
            db.execute("commit")
        return entry

    def _must_be_whole(self, last: Entry | None) -> None:
        """The cheap part of verifying, at each append: the last entry, and nothing after it."""
        head = last.head if last else Head()
        if last and last.computed_hash() != last.hash:
            fault = "The last entry of the audit log was changed after it was written"
        elif self._head.read().seq > head.seq:
            fault = "The newest entries of the audit log are gone"
        else:
            return
        raise AuditUnavailable(
            fault,
            where=str(self._path),
            remedy="Restore the audit log from a backup, and find out who changed it.",
        )

    def _reading_mode(self) -> str:
        """SQLite can't open a log of this kind in a folder that it may not write to, unless told that
        nobody writes (which drops what a killed process left in the -wal file: then it may not be).
        """
        wal = self._path.with_name(f"{AUDIT_FILE}-wal")
        if os.access(self._root, os.W_OK) or (wal.exists() and wal.stat().st_size):
            return "rw"
        return "ro&immutable=1"

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode={mode}"
        db = sqlite3.connect(uri, _TIMEOUT_SECONDS, uri=True, isolation_level=None)
        db.execute("pragma synchronous=full")
        db.text_factory = lambda raw: raw.decode(
            "utf-8", "replace"
        )  # a damaged entry is still read
        return db

    @contextmanager
    def _reading_file(self) -> Iterator[sqlite3.Connection]:
        with self._refusing(), closing(self._connect(self._reading_mode())) as db:
            db.execute("begin")
            yield db

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        where = str(self._path)
        try:
            yield
        except sqlite3.Error as error:
            full = shutil.disk_usage(self._root).free < _ROOM_BYTES
            remedy = "Free disk space, make the workspace writable, or restore it from a backup."
            what = f"The audit log can't be used: {'the disk is full' if full else error}"
            raise AuditUnavailable(what, where=where, remedy=remedy) from error
        except StorageUnwritable as error:
            what = f"The audit log can't be written: {error.what}"
            raise AuditUnavailable(what, where=where, remedy=error.remedy) from error


def _following(last: Entry | None, *words: str) -> Entry:
    """The next entry of the chain; `words` are its action, subject, purpose and detail."""
    head = last.head if last else Head()
    now = datetime.now(UTC).isoformat()
    action, subject, purpose, detail = map(_clean, words)
    entry = Entry(head.seq + 1, now, _clean(_actor()), action, subject, purpose, detail, head.hash)
    return replace(entry, hash=entry.computed_hash())


def _actor() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user in the system's list (containers)
        return "unknown"


def _clean(text: str) -> str:
    """Text that SQLite can store: file names may hold halves of characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _values(entry: Entry) -> list[Any]:
    return [getattr(entry, name) for name in _COLUMNS.split(", ")]


def _rows(
    db: sqlite3.Connection, clause: str, given: dict[str, str] | None = None
) -> Iterator[Entry]:
    query = f"select {_COLUMNS} from entry {clause}"  # noqa: S608 (clauses are ours, values are bound)
    return (Entry(*row) for row in db.execute(query, given or {}))


def _last(db: sqlite3.Connection) -> Entry | None:
    return next(_rows(db, "order by seq desc limit 1"), None)


def _file_faults(db: sqlite3.Connection) -> tuple[str, ...]:
    found = [str(row[0]) for row in db.execute("pragma integrity_check(3)")]
    return () if found == ["ok"] else tuple(f"the database file is damaged: {f}" for f in found)
