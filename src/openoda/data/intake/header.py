"""The header of a delimited file: read apart from the records, and held against the schema."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.compiled import Bytes
from openoda.data.intake.dialect import COMMON_DELIMITERS, Dialect
from openoda.data.intake.encodings import UTF8
from openoda.data.intake.limits import Limits
from openoda.data.intake.text_columns import BOM, text_columns
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

_ONE_PER_COLUMN = (
    "Give each column a name of its own in the file, or say in a schema file on which row of it the "
    'names stand ("headerRows").'
)
_MEND_QUOTES = "Correct the quotes in the file's first line"
_LINE_END = re.compile(r"\r\n|\r|\n")
_WRAPPED = 3
ENCODED = {UTF8: "UTF-8"}
_LOOK = "Let `oda propose` look at the file, and give the schema file that it writes"


class ColumnsUnfit(SchemaInvalid):
    """Names of columns are refused. `unnamed` says so by their places: where a file has no header its
    names are a record, and that of personal data is shown to nobody.
    """

    def __init__(self, what: str, *, unnamed: str, where: str, remedy: str) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.unnamed = unnamed

    def without_names(self) -> SchemaInvalid:
        """The same refusal with no name in it that the schema doesn't know."""
        return SchemaInvalid(self.unnamed, where=self.where, remedy=self.remedy)


@dataclass(frozen=True)
class Header:
    """The columns' names, where the header ends in the text and how many physical lines it takes."""

    names: list[str]
    stop: int
    lines: int


def read_header(
    data: Bytes, final: bool, dialect: Dialect, limits: Limits, where: str, encoding: str = UTF8
) -> Header | None:
    """Read the header from the first bytes of a text; None if more of them are needed.

    A byte order mark is dropped. Refuses a file that is empty, not of its encoding, or has no sound
    header. Where the dialect says that there is none, the names are left to the schema.
    """
    if not final and len(data) < 4:
        return None
    begin = len(BOM) if data[:4].tobytes().startswith(BOM) else 0
    if begin == len(data):
        raise FileUnreadable(
            "The file is empty", where=where, remedy="Ask for the file again; nothing was kept."
        )
    if not dialect.header_rows:
        return Header([], begin, 0)
    begin, above = _pass_lines(data, begin, final, dialect.header_rows[0] - 1)
    if begin < 0:
        return None
    if begin == len(data):
        raise SchemaInvalid(
            f"The file ends before line {dialect.header_rows[0]}, where its header should be",
            where=where,
            remedy="Correct headerRows in the schema file, or ask for the file again.",
        )
    marks = np.empty((4 * limits.columns + 8, 3), dtype=np.int32)
    kinds = kernel.byte_kinds(dialect)
    text = (data, len(data), final)
    rules = (kinds, limits.columns, limits.record)
    stop = min(len(data), begin + limits.record + 1)
    walked = kernel.walk(text, begin, stop, rules, (marks, 0, 0))
    at, why, _, fields, breaks, *_ = walked
    too_long = why == kernel.RAN_OUT and at > begin + limits.record
    if why == kernel.MORE or (why == kernel.RAN_OUT and not too_long and not final):
        return None
    _refuse_unsound(data, begin, walked, limits, where, encoding)
    size = kernel.line_break(text, at) if why == kernel.ENDED else 0
    read = text_columns(data[begin:at], [str(place) for place in range(fields)], dialect)
    names = [column[0].as_py() or "" for column in read]
    return Header(names, at + size, above + breaks + 1)


def _pass_lines(data: Bytes, at: int, final: bool, lines: int) -> tuple[int, int]:
    """Index past so many physical lines (or all there are), and their number; -1 if not at hand."""
    passed = 0
    while passed < lines and at < len(data):
        at = int(kernel.line_end((data, len(data), final), at))
        if at < 0:
            return -1, passed
        passed += 1
    return (at, passed) if at < len(data) or final else (-1, passed)


def _refuse_unsound(
    data: Bytes, begin: int, walked: kernel.Walked, limits: Limits, where: str, encoding: str
) -> None:
    at, why, quoted, fields, _, _, _, seen, nul, _ = walked
    unclosed = quoted or why not in (kernel.ENDED, kernel.RAN_OUT)
    not_utf8 = seen >= 0x80 and not kernel.is_utf8(data, begin, at)
    faults = (
        (
            why == kernel.RAN_OUT and at > begin + limits.record,
            f"The header is longer than {limits.record:,} bytes",
            _MEND_QUOTES,
        ),
        (unclosed, "The header's quotes don't close where a name ends", _MEND_QUOTES),
        (nul, "The header holds a NUL byte, as in UTF-16 without its mark", _LOOK),
        (
            at == begin,
            "The first line is blank, where the columns' names should be",
            _LOOK + ", or delete what stands above the line of column names",
        ),
        (not_utf8, f"The header isn't {ENCODED.get(encoding, encoding)}", _LOOK),
        (
            fields > limits.columns,
            f"The header names {fields:,} columns, over the limit of {limits.columns:,}",
            "Check the delimiter (option --delimiter), or split the table: no more columns are read",
        ),
    )
    for met, what, remedy in faults:
        if met:
            raise SchemaInvalid(what, where=where, remedy=remedy + ".")


def refuse_swallowed_lines(names: list[str], dialect: Dialect, where: str) -> None:
    """Refuse a name that runs over line ends as only an unclosed quote would.

    A heading may be wrapped over `_WRAPPED` line ends, but then it holds no delimiter.
    """
    for name in names:
        breaks = len(_LINE_END.findall(name))
        if breaks > _WRAPPED or (breaks and dialect.delimiter in name):
            raise SchemaInvalid(
                f"A name in the header runs over {breaks + 1} lines, as if a quote were not closed",
                where=where,
                remedy=_MEND_QUOTES + ".",
            )


def check_names(names: list[str], where: str) -> None:
    """Refuse names that are empty, repeated, or that intake itself uses."""
    empty = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if empty:
        raise SchemaInvalid(
            f"The header leaves {_count(empty)} without a name: {_some(empty)}",
            where=where,
            remedy=_ONE_PER_COLUMN,
        )
    if any("\ud800" <= char <= "\udfff" for name in names for char in name):
        raise SchemaInvalid(
            "The name of a column is no Unicode text", where=where, remedy=_ONE_PER_COLUMN
        )
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        again = [name in repeated for name in names]
        raise ColumnsUnfit(
            f"The header uses a name more than once: {_some(repeated)}",
            unnamed=f"The header uses a name more than once: {_places(again)}",
            where=where,
            remedy=_ONE_PER_COLUMN,
        )
    if "source_line" in names:
        raise SchemaInvalid(
            'A column is called "source_line", which is the name of the line number added here',
            where=where,
            remedy="Give that column another name.",
        )


def check_delimiter(names: list[str], dialect: Dialect, where: str) -> None:
    """Refuse one column whose name holds another common delimiter: it isn't guessed which is meant."""
    if len(names) != 1:
        return
    for other, called in COMMON_DELIMITERS.items():
        if other != dialect.delimiter and other in names[0]:
            raise SchemaInvalid(
                f"With {COMMON_DELIMITERS.get(dialect.delimiter, 'this delimiter')} between fields "
                f"the header is one column, with {called} it would be "
                f"{names[0].count(other) + 1}",
                where=where,
                remedy=f"Name the delimiter (option --delimiter {_shown(other)}), or let "
                f"`oda propose {where}` find out.",
            )


def check_against(names: list[str], schema: TableSchema, where: str) -> None:
    """Refuse a header that hasn't exactly the schema's columns, in whatever order."""
    unfit(schema, names, names, "The file's columns aren't the schema's", where)


def unfit(schema: TableSchema, names: list[str], needed: list[str], what: str, where: str) -> None:
    """Refuse `names` that lack some of the schema's, and those of `needed` that it doesn't have."""
    given, wanted = set(names), set(schema.names)
    missing = [name for name in schema.names if name not in given]
    extra = [name for name in needed if name not in wanted]
    if not missing and not extra:
        return
    lacking = [f"missing: {_some(missing)}"] * bool(missing)
    places = _places([name in set(extra) for name in names])
    named, unnamed = (
        "; ".join([*lacking, *[f"extra: {each}"] * bool(extra)]) for each in (_some(extra), places)
    )
    raise ColumnsUnfit(
        f"{what} ({named})",
        unnamed=f"{what} ({unnamed})",
        where=where,
        remedy="Correct the header, or give the schema that belongs to this file"
        f" (`oda propose {where}` begins one).",
    )


def _places(marked: list[bool]) -> str:
    """The columns that are marked, by number."""
    places = [str(place) for place, is_one in enumerate(marked, 1) if is_one]
    return ("column " if len(places) == 1 else "columns ") + _some(places)


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _count(found: list[str]) -> str:
    return "a column" if len(found) == 1 else f"{len(found)} columns"


def _shown(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"
