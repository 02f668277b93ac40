"""The audit log: written before the act, in a chain that shows every change."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from multiprocessing.pool import ThreadPool

import pytest

from openoda.custody.audit import Audit
from openoda.custody.chain import Head
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from openoda.vocabulary.refusals import AuditUnavailable
from tests.unit.custody.samples import FOOD, deposited

READ = permit_to_read(FOOD, "to test")
APPENDER = """
import sys
from pathlib import Path
from openoda.custody.audit import Audit
audit = Audit(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    audit.record("count", sys.argv[2], {"number": number})
"""


@pytest.fixture
def audit(tmp_path):
    """A log of ten entries."""
    audit = Audit(tmp_path)
    audit.create()
    for number in range(10):
        audit.record("count", "test", {"number": number}, "to test")
    assert audit.verify().sound
    return audit


def edit(root, statement, *values):
    """Change the log's file behind its back."""
    with closing(sqlite3.connect(root / "audit.sqlite3")) as db, db:
        db.execute(statement, values)


def test_entries_are_kept_in_order_with_their_content(audit):
    """Proves that actor, time, purpose and detail are kept, and that entries can be chosen."""
    first, *_, last = audit.entries()
    assert (first.seq, first.facts, first.purpose) == (1, {"number": 0}, "to test")
    assert first.actor
    assert first.at.endswith("+00:00")
    assert last.head == audit.head() == Head(10, last.hash)
    audit.record("other", "test")
    assert [entry.seq for entry in audit.entries("other")] == [11]
    assert audit.entries("count", "elsewhere") == []


def test_an_entry_holds_text_that_is_no_text(audit):
    """Proves that a file name with half a character in it can be logged and still verifies."""
    audit.record("read", "caf\udce9.csv")
    assert audit.verify().sound


@pytest.mark.parametrize(
    "column", ["at", "actor", "action", "subject", "purpose", "detail", "previous", "hash"]
)
def test_an_edited_entry_is_noticed(audit, tmp_path, column):
    """Proves that a change of any field of any entry breaks the chain at that entry."""
    edit(tmp_path, f"update entry set {column} = {column} || 'x' where seq = 4")
    report = audit.verify()
    assert not report.sound
    assert report.broken == 4


def test_an_entry_of_another_type_is_noticed(audit, tmp_path):
    """Proves that bytes in place of text are a finding, not a crash."""
    edit(tmp_path, "update entry set subject = x'ff00' where seq = 4")
    assert audit.verify().broken == 4


def test_an_entry_edited_with_its_hash_is_noticed(audit, tmp_path):
    """Proves that recomputing one entry's hash doesn't help: the next one doesn't follow it."""
    entry = audit.entries()[3]
    forged = json.dumps({"number": 99})
    changed = type(entry)(*[*_values(entry)[:6], forged, entry.previous]).computed_hash()
    edit(tmp_path, "update entry set detail = ?, hash = ? where seq = 4", forged, changed)
    report = audit.verify()
    assert report.broken == 5
    assert "doesn't follow" in report.findings[0]


def _values(entry):
    return [entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.purpose]


def test_a_removed_entry_is_noticed(audit, tmp_path):
    """Proves that a gap is found and named, and that closing it by renumbering is found too."""
    edit(tmp_path, "delete from entry where seq = 4")
    assert "entry 4 was removed" in audit.verify().findings[0]
    edit(tmp_path, "update entry set seq = seq - 1 where seq > 4")
    assert audit.verify().broken == 4


@pytest.mark.parametrize("kept", [9, 1, 0])
def test_a_cut_tail_is_noticed(audit, tmp_path, kept):
    """Proves that the noted head shows what the chain alone can't, down to an emptied log."""
    edit(tmp_path, "delete from entry where seq > ?", kept)
    report = audit.verify()
    assert not report.sound
    assert f"entries {kept + 1} to 10 are gone" in report.findings[0]


def test_nothing_is_read_or_recorded_on_a_cut_log(audit, tmp_path):
    """Proves that an append after a cut tail, which would hide it, is refused."""
    edit(tmp_path, "delete from entry where seq > 7")
    with pytest.raises(AuditUnavailable, match="newest entries"):
        audit.record("count", "test")
    with pytest.raises(AuditUnavailable), audit.reading(READ, "food/accepted"):
        pytest.fail("the read must not happen")


def test_nothing_is_appended_to_an_edited_last_entry(audit, tmp_path):
    """Proves that the last entry is checked before another is chained to it."""
    edit(tmp_path, "update entry set subject = 'x' where seq = 10")
    with pytest.raises(AuditUnavailable, match="was changed"):
        audit.record("count", "test")


def test_a_tail_cut_together_with_its_note_is_shown_by_a_snapshot(tmp_path):
    """Proves that a snapshot witnesses the log: cutting log and note back still shows."""
    workspace = Workspace.create(tmp_path / "office")
    before, note = workspace.audit.head(), (workspace.root / "audit.head.json").read_bytes()
    deposited(workspace)
    edit(workspace.root, "delete from entry where seq > ?", before.seq)
    (workspace.root / "audit.head.json").write_bytes(note)
    report = Workspace(workspace.root).audit.verify()
    assert "the tail was cut off" in report.findings[0]


def test_a_chain_written_anew_is_shown_by_a_snapshot(tmp_path):
    """Proves that a whole new chain with its own note doesn't agree with what a snapshot holds."""
    workspace = Workspace.create(tmp_path / "office")
    deposited(workspace)
    for name in ("audit.sqlite3", "audit.head.json"):
        (workspace.root / name).unlink()
    workspace.audit.create()
    for _ in range(5):
        workspace.audit.record("count", "test")
    assert workspace.audit.verify().broken == 2


def test_a_note_older_than_the_chain_is_normal(audit, tmp_path):
    """Proves that a kill between the two writes is no finding, and that the next entry mends it."""
    note = (tmp_path / "audit.head.json").read_bytes()
    audit.record("count", "test")
    (tmp_path / "audit.head.json").write_bytes(note)
    assert audit.verify().sound
    audit.record("count", "test")
    assert json.loads((tmp_path / "audit.head.json").read_bytes())["seq"] == 12


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b'{"seq":1,"hash":"x","check":"y"}'])
def test_a_missing_or_damaged_note_is_noticed(audit, tmp_path, content):
    """Proves that removing or spoiling the note is a finding, and stops reads."""
    path = tmp_path / "audit.head.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert not audit.verify().sound
    with pytest.raises(AuditUnavailable), audit.reading(READ, "food/accepted"):
        pytest.fail("the read must not happen")


def test_the_intent_is_in_the_log_while_the_read_runs(audit):
    """Proves that the intent is written first, as interrupted until its outcome is there."""
    with audit.reading(READ, "food/accepted"):
        assert audit.entries()[-1].facts["outcome"] == "awaited"
        report = audit.verify()
        assert [entry.seq for entry in report.interrupted] == [11]
        assert report.sound
    assert audit.entries()[-1].facts == {"of": 11, "outcome": "done"}
    assert audit.verify().interrupted == ()


def test_a_failure_is_logged_by_its_class_never_its_words(audit):
    """Proves that an error's text, which may hold data, doesn't get into the log."""
    with pytest.raises(ValueError, match="Ann"), audit.reading(READ, "food/accepted"):
        raise ValueError("Ann of 3 High Street")
    last = audit.entries()[-1]
    assert last.facts == {"of": 11, "outcome": "failed", "refusal": "ValueError"}
    assert "High Street" not in str(audit.entries())


def test_without_its_log_nothing_is_read(tmp_path):
    """Proves that a read whose intent can't be written does not happen."""
    workspace = Workspace.create(tmp_path / "office")
    snapshot = deposited(workspace)
    (workspace.root / "audit.sqlite3").rename(tmp_path / "gone")
    with pytest.raises(AuditUnavailable):
        workspace.vault.read(snapshot, "accepted", READ)
    with pytest.raises(AuditUnavailable):
        next(workspace.vault.scan(snapshot, "accepted", READ))
    assert not workspace.audit.verify().sound


def test_many_processes_append_at_once(audit, tmp_path):
    """Proves that no entry is lost or forked, and that the note ends at the head."""
    commands = [[sys.executable, "-c", APPENDER, str(tmp_path), name, "40"] for name in "abcd"]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait(120) for process in running] == [0] * 4
    report = audit.verify()
    assert report.sound
    assert report.entries == 10 + 4 * 40
    for name in "abcd":
        numbers = [entry.facts["number"] for entry in audit.entries("count", name)]
        assert numbers == list(range(40))
    assert json.loads((tmp_path / "audit.head.json").read_bytes())["seq"] == 170


def test_threads_append_at_once(audit):
    """Proves that one log object may be shared between threads, as a web server does."""
    with ThreadPool(8) as pool:
        pool.map(lambda number: audit.record("thread", "test", {"n": number}), range(40))
    report = audit.verify()
    assert report.sound
    assert report.entries == 50


def test_each_flipped_bit_in_an_entry_is_noticed(audit, tmp_path):
    """Proves that no bit of an entry's text in the file can flip unnoticed by verification."""
    path = tmp_path / "audit.sqlite3"
    content = path.read_bytes()
    entry = audit.entries()[6]
    start = content.index(entry.detail.encode() + entry.previous.encode())
    for at in range(start, start + len(entry.detail) + 128, 5):
        for bit in (0, 3, 7):
            flipped = bytearray(content)
            flipped[at] ^= 1 << bit
            path.write_bytes(flipped)
            assert not audit.verify().sound, (at, bit)
    path.write_bytes(content)
    assert audit.verify().sound
