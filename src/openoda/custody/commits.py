"""Committing a deposit, and settling the commits that a killed process left half done.

The order is: intent logged, naming the parts; parts put in place; the snapshot's file written,
which is the commit; outcome logged. One commit runs at a time, under a lock that its process's end
releases, so that an intent without an outcome, seen under the lock, is a dead process's.
"""

from collections.abc import Iterable
from contextlib import suppress

from openoda.custody.atomic import lock, put_in_place
from openoda.custody.audit import Audit
from openoda.custody.chain import Entry, open_intents
from openoda.custody.damage import is_sound
from openoda.custody.deposit import Delivery
from openoda.custody.faults import storage_faults
from openoda.custody.layout import VaultFiles
from openoda.custody.parts import Staged
from openoda.custody.snapshots import Snapshot
from openoda.governance.permits import Permit
from openoda.vocabulary.refusals import AuditUnavailable, Refusal

ACTION = "deposit"


def commit(files: VaultFiles, audit: Audit, permit: Permit, delivery: Delivery) -> Snapshot:
    """Put a delivery in the vault, whole or not at all."""
    parts = {name: staged.part for name, staged in delivery.staged.items()}
    hashes = sorted({part.sha256 for part in parts.values()})
    facts = {"class": permit.data_class, "basis": permit.basis, "parts": hashes}
    with lock(files.commit_lock):
        intent = audit.intend(ACTION, permit.dataset, permit.purpose, facts)
        try:
            for staged in delivery.staged.values():
                _place(files, staged)
            snapshot = files.snapshots.write(
                delivery.dataset, delivery.taken_at, parts, delivery.details, intent.head
            )
        except BaseException as error:
            with suppress(Refusal, OSError):  # the error in hand says more
                _settle(files, audit, intent, type(error).__name__)
            raise
        # The snapshot is in the vault: if its outcome can't be logged now, `recover` will log it.
        with suppress(AuditUnavailable):
            audit.conclude(intent, "done", {"snapshot": snapshot.id})
    return snapshot


def recover(files: VaultFiles, audit: Audit) -> None:
    """Settle every commit whose process is gone: log it as done, or take its parts out again."""
    if not open_intents(audit.entries(ACTION)):
        return
    with storage_faults(files.root), lock(files.commit_lock):
        for intent in open_intents(audit.entries(ACTION)):
            _settle(files, audit, intent, "killed")


def _place(files: VaultFiles, staged: Staged) -> None:
    target = files.part(staged.part.sha256)
    try:
        put_in_place(staged.path, target)
    except PermissionError:  # Windows: a reader holds the same content open
        if not target.exists() or not is_sound(target, staged.part.sha256):
            raise


def _settle(files: VaultFiles, audit: Audit, intent: Entry, cause: str) -> None:
    """Log an intent whose snapshot was written as done; else take out the parts it alone names.

    A damaged snapshot stops it (`VaultDamaged`), so that no part is removed that one may refer to.
    """
    snapshots = files.snapshots.all()
    mine = [one.id for one in snapshots if one.head == intent.head]
    if mine:
        audit.conclude(intent, "done", {"snapshot": mine[0]})
        return
    referred = {part.sha256 for one in snapshots for part in one.parts.values()}
    for sha256 in _named(intent) - referred - _deposited(audit):
        files.part(sha256).unlink(missing_ok=True)
    audit.conclude(intent, "failed", {"refusal": cause})


def _deposited(audit: Audit) -> set[str]:
    """The parts of the deposits that the log says were done, their snapshots there or not."""
    entries = audit.entries(ACTION)
    done = {one.facts.get("of") for one in entries if one.facts["outcome"] == "done"}
    return _all_named(one for one in entries if one.seq in done)


def _all_named(intents: Iterable[Entry]) -> set[str]:
    return set().union(*(_named(intent) for intent in intents))


def _named(intent: Entry) -> set[str]:
    return set(intent.facts["parts"])
