"""How a file is written: told by its name, by the caller or by a schema file, never sniffed."""

from dataclasses import dataclass, replace
from pathlib import Path

from openoda.data.intake.encodings import known_encoding
from openoda.vocabulary.refusals import FileUnreadable, Misused

COMMON_DELIMITERS = {",": "a comma", ";": "a semicolon", "|": "a bar", "\t": "a tab"}
BY_SUFFIX = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
FORMATS = {
    **dict.fromkeys(BY_SUFFIX, "csv"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db"), "sqlite"),
    ".json": "json",
    ".geojson": "geojson",
    ".gpkg": "gpkg",
    ".zip": "zip",
}
STREAMED = ("csv", "fixed", "json", "jsonl", "geojson")  # what may also come as .gz
ALL_FORMATS = (*dict.fromkeys(FORMATS.values()), "fixed")
_DUCKDB = (".duckdb", ".ddb")
_OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".numbers")


@dataclass(frozen=True)
class Dialect:
    """What a file leaves open about how it is written.

    `delimiter`: one ASCII character, empty for the one that the file's name stands for. `quote`: `"`,
    or empty where quotes are ordinary characters; a quote inside a quoted field is doubled.
    `encoding`: empty for that of the file's mark, else UTF-8. `header_rows`: where the names of the
    columns stand, counted from 1 (lines of text, rows of a sheet), joined by `header_join`; empty
    where the file has none and the schema gives them. `footer_rows`: rows at a sheet's end that are
    no records. `records`: the keys that lead to the list of records in a JSON file. `table`: sheet,
    table or member to read. `positions`: first and last column (from 1) of each fixed-width field.
    `format`: one of `ALL_FORMATS`, empty for that of the file's name. Line ends are LF, CRLF or CR,
    even mixed.
    """

    delimiter: str = ""
    quote: str = '"'
    encoding: str = ""
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    footer_rows: int = 0
    records: tuple[str, ...] = ()
    table: str = ""
    positions: tuple[tuple[int, int], ...] = ()
    format: str = ""

    def __post_init__(self) -> None:
        _check_delimiter(self.delimiter)
        if self.quote not in ('"', ""):
            raise Misused('The quote character must be " or none', remedy="Leave it out.")
        if self.encoding:
            known_encoding(self.encoding)
        if self.format and self.format not in ALL_FORMATS:
            raise Misused(
                f"There is no format called {self.format}",
                remedy=f"Choose one of {', '.join(ALL_FORMATS)}.",
            )
        rows = self.header_rows
        if rows and (rows[0] < 1 or list(rows) != list(range(rows[0], rows[0] + len(rows)))):
            raise Misused(
                "The header's rows must follow one another and count from 1",
                remedy="Give them as a list such as [1] or [3, 4].",
            )
        if self.footer_rows < 0:
            raise Misused("Fewer footer rows than none", remedy="Give 0 or more.")


def _check_delimiter(delimiter: str) -> None:
    if not delimiter:
        return
    if len(delimiter) != 1 or not "\0" < delimiter < "\x80":
        raise Misused(
            "The delimiter must be one ASCII character",
            remedy="Give one character, such as ',' ';' '|' or a tab.",
        )
    if delimiter in '"\r\n':
        raise Misused(
            "A quote or a line end can't be the delimiter",
            remedy="Give another character, such as ',' ';' '|' or a tab.",
        )


def is_gzip(path: Path) -> bool:
    """Whether the name says that the file is compressed with gzip."""
    return path.suffix.lower() == ".gz"


def is_zip(path: Path, told: Dialect | None) -> bool:
    """Whether it is an archive; a told format is then that of its members."""
    named = FORMATS.get(inner_suffix(path)) == "zip" and not is_gzip(path)
    return named or bool(told and told.format == "zip")


def inner_suffix(path: Path) -> str:
    """The ending of the name that says the format, without the .gz of a compressed file."""
    return (path.with_suffix("") if is_gzip(path) else path).suffix.lower()


def format_of(path: Path, told: Dialect | None) -> str:
    """The format that the caller or the file's name stands for; refuses a name that says nothing."""
    if told and told.format:
        return told.format
    if told and told.positions:
        return "fixed"
    if inner_suffix(path) in _DUCKDB:
        raise FileUnreadable(
            "A DuckDB database is not taken in: opening one can run what its maker put into it",
            where=path.name,
            remedy="Ask for its tables as Parquet or CSV (in DuckDB: COPY tbl TO 'tbl.parquet').",
        )
    if inner_suffix(path) in _OTHER_WORKBOOKS:
        raise FileUnreadable(
            "Workbooks of this kind are not read",
            where=path.name,
            remedy="Open it in a spreadsheet program and save it as .xlsx.",
        )
    named = FORMATS.get(inner_suffix(path))
    if named is not None and (not is_gzip(path) or named in STREAMED):
        return named
    if told and told.delimiter:
        return "csv"
    raise FileUnreadable(
        "The file's name doesn't say how it is written",
        where=path.name,
        remedy="Name it .csv, .tsv, .xlsx, .json, .jsonl, .geojson, .gpkg, .sqlite, .parquet or "
        ".zip (text also with .gz); if it is delimited text give its delimiter (option "
        f"--delimiter); or let `oda propose {path.name}` look at it.",
    )


def settled(path: Path, told: Dialect | None) -> Dialect:
    """The dialect with the delimiter that the file's name stands for, where none is told."""
    dialect = told or Dialect()
    if dialect.delimiter:
        return dialect
    return replace(dialect, delimiter=BY_SUFFIX.get(inner_suffix(path), ","))
