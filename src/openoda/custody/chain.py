"""The audit chain's rules: what an entry is, how it is hashed, and what breaks a chain.

Each entry holds the hash of the one before it, and its own hash is the SHA-256 of the canonical
JSON of all the rest; so an entry can't be edited, removed or put in without every later hash
changing. That can't show a tail cut off: heads noted elsewhere (`Head`) do.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

GENESIS = hashlib.sha256(b"OpenODA audit chain").hexdigest()

AWAITED = "awaited"


@dataclass(frozen=True)
class Head:
    """The last entry at some moment: its number and hash. Number 0 is the empty chain."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class Entry:
    """One act: who did what to what, when, and why. `detail` is JSON text and never holds data."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    purpose: str
    detail: str
    previous: str
    hash: str = ""

    @property
    def head(self) -> Head:
        """This entry as a head that can be noted elsewhere."""
        return Head(self.seq, self.hash)

    @property
    def facts(self) -> dict[str, Any]:
        """The detail, parsed."""
        parsed: dict[str, Any] = json.loads(self.detail)
        return parsed

    def computed_hash(self) -> str:
        """The SHA-256, in hex, that this entry's content gives."""
        content = {name: _plain(value) for name, value in asdict(self).items() if name != "hash"}
        return hashlib.sha256(canonical(content)).hexdigest()


@dataclass(frozen=True)
class AuditReport:
    """What verifying the chain found.

    `broken` is the number of the first broken entry, or None; `findings` says in words what is
    wrong (empty when the chain is sound); `interrupted` are acts whose outcome isn't known: still
    under way, or ended by a crash.
    """

    entries: int
    head: Head
    broken: int | None = None
    findings: tuple[str, ...] = ()
    interrupted: tuple[Entry, ...] = field(default=(), repr=False)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def _plain(value: object) -> str | int:
    """The value itself; damage to the file can make it bytes or nothing, which no hash fits."""
    return value if isinstance(value, str | int) else f"neither text nor number: {value!r}"


def canonical(content: object) -> bytes:
    """The one way of writing `content` as JSON that hashes are taken of."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def check_chain(entries: Iterable[Entry], witnesses: Iterable[Head]) -> AuditReport:
    """Walk the whole chain, and hold it against the heads noted elsewhere."""
    wanted: dict[int, set[str]] = {}
    for witness in witnesses:
        wanted.setdefault(witness.seq, set()).add(witness.hash)
    walk = _Walk()
    findings = list(walk.faults(entries, wanted)) or _cut(walk.last, wanted)
    return AuditReport(
        walk.last.seq, walk.last, walk.broken, tuple(findings), tuple(walk.awaiting.values())
    )


def open_intents(entries: Iterable[Entry]) -> list[Entry]:
    """Of `entries`, oldest first, the intents that no outcome among them closes."""
    awaiting: dict[int, Entry] = {}
    for entry in entries:
        _follow(awaiting, entry)
    return list(awaiting.values())


class _Walk:
    """One pass over the entries, stopping to believe nothing after the first broken one."""

    def __init__(self) -> None:
        self.last = Head()
        self.broken: int | None = None
        self.awaiting: dict[int, Entry] = {}

    def faults(self, entries: Iterable[Entry], wanted: dict[int, set[str]]) -> Iterator[str]:
        for entry in entries:
            fault = _fault(entry, self.last) or _unwitnessed(entry, wanted)
            if fault:
                self.broken = entry.seq if isinstance(entry.seq, int) else self.last.seq + 1
                yield f"entry {self.broken}: {fault}"
                return
            self.last = entry.head
            _follow(self.awaiting, entry)


def _follow(awaiting: dict[int, Entry], entry: Entry) -> None:
    facts = entry.facts
    if facts.get("outcome") == AWAITED:
        awaiting[entry.seq] = entry
    elif "of" in facts:
        awaiting.pop(facts["of"], None)


def _fault(entry: Entry, last: Head) -> str:
    if entry.seq != last.seq + 1:
        return f"entry {last.seq + 1} was removed"
    if entry.previous != last.hash:
        return "it doesn't follow the entry before it"
    if not entry.hash or entry.hash != entry.computed_hash():
        return "its content was changed after it was written"
    return ""


def _unwitnessed(entry: Entry, wanted: dict[int, set[str]]) -> str:
    noted = wanted.get(entry.seq, {entry.hash})
    return "" if noted == {entry.hash} else "it isn't the entry whose hash was noted elsewhere"


def _cut(last: Head, wanted: dict[int, set[str]]) -> list[str]:
    newest = max(wanted, default=0)
    if newest <= last.seq:
        return []
    return [f"the tail was cut off: entries {last.seq + 1} to {newest} are gone"]
