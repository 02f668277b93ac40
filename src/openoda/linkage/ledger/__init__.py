"""The identity ledger: permanent, opaque ids for people, households or properties.

One ledger a kind. It holds keys of records (source and record id) and ids, and no attribute of anybody.

**Acts and events.** A person or a program does an *act* (a batch, an override, an undoing), which the
ledger stores whole or not at all. Its *events* are what it did: each moves some records from one
entity to another (or from none, or to none), and all that an act moved between the same two entities
is one event: created, joined, returned, merged, split, withdrawn, overridden, undone, restored. Nothing
else changes where a record is, so nothing is renamed unseen, and any event can be reversed.

**Which id stays.** In a batch an id's *home* is the cluster with most of its records, then the one with
its earliest. Of the ids at home in one cluster the oldest stays, then the one with most records, then
the lowest number; the others redirect to it. Records of an id elsewhere are split off: to the id that
stays there, else to a new one. Records that a batch doesn't list follow their id. An id whose records
were all withdrawn is *retired*; it lives again when they come back.

**Redirects.** An id emptied by merges or splits points to where its records went in that act. What it
points to was alive then, and lost its own records later if ever, so times grow along every chain: it
ends, and without a cycle. Every id ever given therefore resolves: to itself, to one, to several, or
to nobody (retired).

**Undoing.** An event can be undone while its records are where it put them, by it; else the refusal
lists what must be undone first. Undoing says the opposite of the event: what it emptied doesn't redirect
across a merge that was wrong.

**Storing.** One SQLite file in WAL mode, one transaction an act, each act holding the hash of the one
before. What an act moved is kept as Arrow columns (zstd) in that same transaction, so a commit is one
moment for all of it: no kill leaves a file without its row. A column is read in one piece where rows
would be a million inserts, and what a hash covers needs no checksum of its own. A bit that flips is
noticed by the hash. That the newest acts were cut off only a head noted elsewhere shows (`Ledger.head`).

Modules, each importing only earlier ones: `refusals`, `ids`, `events`, `rows`, `key_kernel`, `keys`,
`state`, `applying`, `constraints`, `batches`, `undoing`, `overrides`, `view`, `alarms`, `changes`,
`checking`, `payload`, `store`, `ledger`.
"""
