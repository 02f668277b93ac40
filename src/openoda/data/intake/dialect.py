"""How a delimited file is written: told by its name or by the caller, never sniffed."""

from dataclasses import dataclass
from pathlib import Path

from openoda.vocabulary.refusals import FileUnreadable, Misused

COMMON_DELIMITERS = {",": "a comma", ";": "a semicolon", "|": "a bar", "\t": "a tab"}
BY_SUFFIX = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
PARQUET_SUFFIXES = (".parquet", ".pq")


@dataclass(frozen=True)
class Dialect:
    """The one choice a delimited file leaves open: its delimiter, a single ASCII character.

    Quotes are `"`, doubled inside a quoted field; line ends are LF, CRLF or CR, even mixed.
    """

    delimiter: str = ","

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or not "\0" < self.delimiter < "\x80":
            raise Misused(
                "The delimiter must be one ASCII character",
                remedy="Give one character, such as ',' ';' '|' or a tab.",
            )
        if self.delimiter in '"\r\n':
            raise Misused(
                "A quote or a line end can't be the delimiter",
                remedy="Give another character, such as ',' ';' '|' or a tab.",
            )


def is_gzip(path: Path) -> bool:
    """Whether the name says that the file is compressed with gzip."""
    return path.suffix.lower() == ".gz"


def is_parquet(path: Path) -> bool:
    """Whether the name says that the file is Parquet."""
    return path.suffix.lower() in PARQUET_SUFFIXES


def dialect_of(path: Path) -> Dialect:
    """The dialect that the file's name stands for; refuses a name that says nothing."""
    inner = path.with_suffix("") if is_gzip(path) else path
    delimiter = BY_SUFFIX.get(inner.suffix.lower())
    if delimiter is None:
        raise FileUnreadable(
            "The file's name doesn't say how it is written",
            where=path.name,
            remedy="Name it .csv, .tsv, .csv.gz, .tsv.gz or .parquet, or give its delimiter "
            "(option --delimiter) if it is delimited text.",
        )
    return Dialect(delimiter)
