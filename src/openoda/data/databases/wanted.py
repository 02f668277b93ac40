"""What is asked of a database: one table, or one query that only reads."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from openoda.vocabulary.refusals import Misused

_PARTS = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS = ("select", "with", "values", "table")


@dataclass(frozen=True)
class Wanted:
    """A table, by its schema and name, or a query: one of the two is empty."""

    table: tuple[str, ...] = ()
    query: str = ""

    @classmethod
    def parse(cls, table: str, query: str) -> Self:
        """What was given as text. Raises Misused unless it is exactly one, and one that reads."""
        if bool(table.strip()) == bool(query.strip()):
            raise Misused(
                "Both a table and a query are given" if table.strip() else "No table is named",
                remedy="Name one table (?table=schema.name or --table), or give one --query.",
            )
        return cls(_split(table.strip())) if table.strip() else cls(query=_read_only(query))

    @property
    def name(self) -> str:
        """How the delivery calls its source: the table's name, or `query`."""
        return ".".join(self.table) or "query"

    @property
    def digest(self) -> str:
        """The SHA-256 of the query's text; empty for a table."""
        return hashlib.sha256(self.query.encode()).hexdigest() if self.query else ""

    def quoted(self, quote: str = '"', end: str = "") -> str:
        """The table's name in SQL, exactly as given: quoted by `quote` and `end` (default: the same)."""
        end = end or quote
        return ".".join(quoted(part, quote, end) for part in self.table)

    def source(self, quote: str = '"', end: str = "") -> str:
        """What stands after FROM: the table, or the query in brackets under the name q."""
        return f"{self.quoted(quote, end)} q" if self.table else f"(\n{self.query}\n) q"


def quoted(name: str, quote: str = '"', end: str = "") -> str:
    """A name as SQL takes it, whatever characters it has."""
    end = end or quote
    return quote + name.replace(end, end + end) + end


def _split(text: str) -> tuple[str, ...]:
    """schema.name; a part with a dot in it stands in double quotes."""
    parts, at = [], 0
    while at <= len(text):
        found = _PARTS.match(text, at)
        if found is None or "\0" in text:
            break
        parts.append((found[1] or "").replace('""', '"') or found[2])
        at = found.end()
        if at == len(text) and len(parts) <= 3:
            return tuple(parts)
        if text[at : at + 1] != ".":
            break
        at += 1
    raise Misused(
        "The table's name can't be read",
        where=text[:80],
        remedy='Write it as name or schema.name; a part with a dot in it goes in "double quotes".',
    )


def _read_only(query: str) -> str:
    """The query without its last semicolon, if its first word is one that reads.

    This only words a refusal well: what keeps a query from writing is the database, which is told
    that the transaction is read-only.
    """
    text = query.strip().rstrip(";").rstrip()
    words = _COMMENTS.sub(" ", text).replace("(", " ").split()
    if words and words[0].lower() in _READS:
        return text
    raise Misused(
        "The query doesn't read: it must begin with SELECT or WITH",
        where="--query",
        remedy="Give one SELECT; nothing is ever written to a source.",
    )
