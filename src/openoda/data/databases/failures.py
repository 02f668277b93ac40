"""What a database refused, in our own words: a driver's message can hold data, so none is passed on."""

from enum import StrEnum

from openoda.data.databases.address import ENGINES, PASSWORD_VARIABLE, DatabaseAddress
from openoda.vocabulary.refusals import FileUnreadable, Misused, Refusal, SourceUnavailable


class Failure(StrEnum):
    """Why a database didn't answer."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    LOGIN = "login"
    NO_DATABASE = "no database"
    NO_TABLE = "no table"
    NO_COLUMN = "no column"
    FORBIDDEN = "forbidden"
    WRITES = "writes"
    SYNTAX = "syntax"
    LOST = "lost"
    DAMAGED = "damaged"
    OTHER = "other"


_SAID: dict[Failure, tuple[type[Refusal], str, str]] = {
    Failure.UNREACHABLE: (
        SourceUnavailable,
        "The server doesn't answer",
        "Check the host, the port and the network, and whether it wants TLS (?sslmode=require).",
    ),
    Failure.TLS: (
        SourceUnavailable,
        "The connection can't be encrypted: the server has no TLS, or its certificate isn't trusted",
        "Ask its owner for TLS or for the authority's certificate; or, on a network that is safe, "
        "say ?sslmode=disable.",
    ),
    Failure.LOGIN: (
        SourceUnavailable,
        "The server refuses this user or password",
        f"Check the user, and put the password in {PASSWORD_VARIABLE}, in the driver's own place "
        "(.pgpass for PostgreSQL), or give it when asked with --ask-password.",
    ),
    Failure.NO_DATABASE: (
        Misused,
        "There is no such database on the server",
        "Check the name after the last slash of the address.",
    ),
    Failure.NO_TABLE: (
        Misused,
        "There is no such table, or this user may not see it",
        "Check its schema and its name, capitals included.",
    ),
    Failure.NO_COLUMN: (
        Misused,
        "The query names a column or a function that isn't there",
        "Correct the query; names in quotes keep their capitals.",
    ),
    Failure.FORBIDDEN: (
        SourceUnavailable,
        "This user may not read that",
        "Ask the database's owner for the right to SELECT, and for no other.",
    ),
    Failure.WRITES: (
        Misused,
        "The query would change the database, and sources are only read",
        "Give a SELECT that changes nothing.",
    ),
    Failure.SYNTAX: (
        Misused,
        "The database can't read this query",
        "Try it in the database's own tool first; it must be one SELECT without a name used twice.",
    ),
    Failure.LOST: (
        SourceUnavailable,
        "The database broke off while it was read, so nothing was kept",
        "Run it again; the rows are read in one transaction from the beginning.",
    ),
    Failure.DAMAGED: (
        FileUnreadable,
        "The file is no sound SQLite database",
        "Ask for it again; nothing of it was kept.",
    ),
    Failure.OTHER: (
        SourceUnavailable,
        "The database can't give this",
        "Try the table or the query in the database's own tool.",
    ),
}


def refusal(
    failure: Failure, address: DatabaseAddress, wanted: str = "", code: object = ""
) -> Refusal:
    """The refusal for a failure; `code` is the engine's own, which holds no data."""
    kind, what, remedy = _SAID[failure]
    if code:
        what += f" (its code: {code})"
    where = f"{address.shown}, {wanted}" if wanted else address.shown
    return kind(what, where=where, remedy=remedy)


def driver_missing(engine: str, part: str, extra: str) -> Misused:
    """The refusal where an engine's driver isn't installed."""
    return Misused(
        f"Reading {ENGINES[engine]} needs a part that isn't installed",
        where=part,
        remedy=f'Install it with: pip install "openoda[{extra}]"',
    )
