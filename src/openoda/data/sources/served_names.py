"""What a downloaded file is called: its name says its format, and comes from whoever serves it."""

import re
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from openoda.data.intake.dialect import FORMATS, inner_suffix
from openoda.data.sources.exchange import Answer

_KINDS = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/geo+json": ".geojson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/geopackage+sqlite3": ".gpkg",
    "application/vnd.apache.parquet": ".parquet",
    "application/zip": ".zip",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
_LONGEST = 80
_GZIP = ".gz"


def served_name(url: str, answer: Answer) -> str:
    """A safe file name, with an ending for the format where address or server give one.

    In this order: the address's own last part, the name that the server proposes, its media type.
    What the server packed on the way (Content-Encoding: gzip) keeps the ending of gzip, so that
    intake unpacks it within its limits.
    """
    own = unquote(PurePosixPath(urlsplit(url).path).name)
    proposed = _proposed(answer.disposition)
    name = next((each for each in (own, proposed) if _says_format(each)), own or proposed)
    name = _UNSAFE.sub("_", name)[-_LONGEST:].strip(". ") or "download"
    if not _says_format(name):
        name += _KINDS.get(answer.media_type, "")
    if name in ("part", "state.json", "state.new"):
        name = f"file-{name}"
    return name + _GZIP if answer.packed and not name.endswith(_GZIP) else name


def _says_format(name: str) -> bool:
    return inner_suffix(PurePosixPath(name)) in FORMATS  # type: ignore[arg-type]


def _proposed(disposition: str) -> str:
    header = Message()
    header["Content-Disposition"] = disposition
    name = header.get_filename() or ""
    return re.split(r"[/\\]", name)[-1]
