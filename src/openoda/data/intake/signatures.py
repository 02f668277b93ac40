"""Kinds of file told by their first bytes, so that a wrong name is refused and not read as text.

Sources: the formats' own specifications (PKWARE APPNOTE 4.3.7, Apache Parquet, SQLite file format 1.3,
MS-CFB 2.2, ISO 32000-1 7.5.2, PNG 5.2).
"""

from openoda.vocabulary.refusals import FileUnreadable

_KINDS = (
    (0, b"PK\x03\x04", "a ZIP archive or a workbook", "Name it .xlsx if it is one, else .zip."),
    (0, b"PK\x05\x06", "an empty ZIP archive", "Ask for the file again."),
    (0, b"PAR1", "Parquet", "Name it .parquet."),
    (0, b"SQLite format 3\0", "an SQLite database", "Name it .sqlite, or .gpkg if it is one."),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or locked Excel workbook",
     "Open it in Excel, take any password off and save it as .xlsx."),
    (8, b"DUCK", "a DuckDB database", "Ask for its tables as Parquet or CSV."),
    (0, b"%PDF-", "a PDF document", "Ask for the table behind it."),
    (0, b"\x89PNG\r\n\x1a\n", "a picture", "Ask for the table behind it."),
)  # fmt: skip


def kind_of(start: bytes) -> str:
    """What a file that begins with these bytes is, empty where nothing says so."""
    return next((kind for at, magic, kind, _ in _KINDS if start[at:].startswith(magic)), "")


def refuse_other_kind(start: bytes, where: str) -> None:
    """Refuse a file that was to be read as text, but isn't."""
    for at, magic, kind, remedy in _KINDS:
        if start[at:].startswith(magic):
            raise FileUnreadable(f"The file is {kind}, not text", where=where, remedy=remedy)
