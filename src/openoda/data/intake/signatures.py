"""Kinds of file told by their first bytes, so that a wrong name is refused and not read as text.

Sources: the formats' own specifications (PKWARE APPNOTE 4.3.7, Apache Parquet, SQLite file format 1.3,
MS-CFB 2.2, ISO 32000-1 7.5.2, PNG 5.2, RFC 1952 2.3.1, RTF 1.9.1, Git LFS pointer 1). Markup is told by
its first tag, since a page needn't say what it is (HTML standard, 13.2.3): a download that failed is
most often a page that asks to sign in, and many a program's "Excel" export is a table in HTML.
"""

import codecs
import re

from openoda.vocabulary.refusals import FileUnreadable

ENOUGH = 1024  # first bytes that tell one kind of file from another
_KINDS = (
    (30, b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file",
     "Open it in a spreadsheet program and save it as .xlsx."),
    (0, b"PK\x03\x04", "a ZIP archive or a workbook", "Name it .xlsx if it is one, else .zip."),
    (0, b"PK\x05\x06", "an empty ZIP archive", "Ask for the file again."),
    (0, b"PAR1", "Parquet", "Name it .parquet."),
    (0, b"SQLite format 3\0", "an SQLite database", "Name it .sqlite, or .gpkg if it is one."),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or locked Excel workbook",
     "Open it in Excel, take any password off and save it as .xlsx."),
    (8, b"DUCK", "a DuckDB database", "Ask for its tables as Parquet or CSV."),
    (0, b"%PDF-", "a PDF document", "Ask for the table behind it."),
    (0, b"\x89PNG\r\n\x1a\n", "a picture", "Ask for the table behind it."),
    (0, b"\x1f\x8b", "packed with gzip a second time", "Unpack it (gunzip), and load what comes out."),
    (0, b"{\\rtf", "a document of a word processor (RTF)",
     "Copy its table into a spreadsheet and save it as .xlsx, or ask for the table as CSV."),
    (0, b"version https://git-lfs.github.com/spec/", "a Git LFS pointer, which stands for the file",
     "Fetch the file itself (git lfs pull), or download it from the repository's page."),
)  # fmt: skip
_PAGE = "a web page"
_PAGE_REMEDY = (
    "Open it in a browser. If it asks to sign in or tells of an error, download the file again; if "
    "it shows the table, open it in a spreadsheet program and save it as .xlsx."
)
_XML = "an XML document"
_XML_REMEDY = (
    "If a spreadsheet program opens it as a table, save it there as .xlsx; else ask whoever made it "
    "for CSV, JSON or XLSX."
)
# A tag is told from a heading that somebody wrote in angle brackets by what follows it.
_TAG_ENDS = r"(?=[\s/>]|\Z)(?!>[ \t]*[\"']?[,;|\t])"
_HTML_TAGS = (
    r"html|head|body|table|script|style|meta|link|title|div|span|form|center|font|tr|td|p|br"
)
_XML_TAGS = r"rss|feed|kml|gpx|svg|Workbook|soap:Envelope|soapenv:Envelope|wfs:FeatureCollection"
_HTML = re.compile(
    rf"<!doctype\s+html|<(?:{_HTML_TAGS}){_TAG_ENDS}|<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*"
    r"(?:<!doctype\s+html|<html\b)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(rf"<\?xml\b|<!doctype\b|<(?:{_XML_TAGS}){_TAG_ENDS}", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\s|<!--.*?(?:-->|\Z))*", re.DOTALL)


def kind_of(start: bytes) -> str:
    """What a file that begins with these bytes is, empty where nothing says so."""
    return _told(start)[0]


def refuse_other_kind(start: bytes, where: str, wanted: str = "text") -> None:
    """Refuse a file that was to be read as `wanted`, but isn't."""
    kind, remedy = _told(start)
    if kind:
        markup = kind in (_PAGE, _XML)
        what = f"The file is {kind}, not {'a table' if markup else wanted}"
        raise FileUnreadable(what, where=where, remedy=remedy)


def _told(start: bytes) -> tuple[str, str]:
    """The kind of file and what to do about it, both empty where nothing is told."""
    for at, magic, kind, remedy in _KINDS:
        if start[at:].startswith(magic):
            return kind, remedy
    text = _as_text(start)
    comments = _COMMENTS.match(text)
    inside = text[comments.end() :] if comments else text
    if _HTML.match(inside) or (inside != text.lstrip() and not inside):
        return _PAGE, _PAGE_REMEDY
    return (_XML, _XML_REMEDY) if _MARKUP.match(inside) else ("", "")


def _as_text(start: bytes) -> str:
    """The bytes as text: marks of UTF-16 are heeded, and tags are ASCII in every other encoding."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return start[2:].decode(encoding, "replace")
    return start.removeprefix(codecs.BOM_UTF8).decode("latin-1")
