"""The header of a delimited file: read apart from the records, and held against the schema."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.compiled import Bytes
from openoda.data.intake.dialect import COMMON_DELIMITERS, Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.text_columns import BOM, text_columns
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

_ONE_PER_COLUMN = "Give each column a name of its own in the file's first line."
_MEND_QUOTES = "Correct the quotes in the file's first line"
_LINE_END = re.compile(r"\r\n|\r|\n")
_WRAPPED = 3
_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True)
class Header:
    """The columns' names, where the header ends in the file and how many physical lines it takes."""

    names: list[str]
    stop: int
    lines: int


def read_header(
    data: Bytes, final: bool, dialect: Dialect, limits: Limits, where: str
) -> Header | None:
    """Read the header from the first bytes of a file; None if more of them are needed.

    A byte order mark is dropped. Refuses a file that is empty, not UTF-8, or has no sound header.
    """
    head = data[:4].tobytes()
    if not final and len(data) < 4:
        return None
    _refuse_other_encodings(head, where)
    begin = len(BOM) if head.startswith(BOM) else 0
    if begin == len(data):
        raise FileUnreadable(
            "The file is empty", where=where, remedy="Ask for the file again; nothing was kept."
        )
    marks = np.empty((4 * limits.columns + 8, 3), dtype=np.int32)
    kinds = kernel.byte_kinds(ord(dialect.delimiter))
    text = (data, len(data), final)
    rules = (kinds, limits.columns, limits.record)
    stop = min(len(data), begin + limits.record + 1)
    walked = kernel.walk(text, begin, stop, rules, (marks, 0, 0))
    at, why, _, fields, breaks, *_ = walked
    too_long = why == kernel.RAN_OUT and at > begin + limits.record
    if why == kernel.MORE or (why == kernel.RAN_OUT and not too_long and not final):
        return None
    _refuse_unsound(data, begin, walked, limits, where)
    size = kernel.line_break(text, at) if why == kernel.ENDED else 0
    read = text_columns(data[begin:at], [str(place) for place in range(fields)], dialect)
    names = [column[0].as_py() or "" for column in read]
    return Header(names, at + size, breaks + 1)


def _refuse_other_encodings(head: bytes, where: str) -> None:
    for mark, name in _OTHER_ENCODINGS.items():
        if head.startswith(mark):
            raise FileUnreadable(
                f"The file is {name}", where=where, remedy="Save it as UTF-8 and load that."
            )


def _refuse_unsound(
    data: Bytes, begin: int, walked: kernel.Walked, limits: Limits, where: str
) -> None:
    at, why, quoted, fields, _, _, _, seen, nul, _ = walked
    unclosed = quoted or why not in (kernel.ENDED, kernel.RAN_OUT)
    not_utf8 = seen >= 0x80 and not kernel.is_utf8(data, begin, at)
    faults = (
        (
            why == kernel.RAN_OUT and at > begin + limits.record,
            f"The header is longer than {limits.record:,} bytes",
            "Check the quotes in the file's first line",
        ),
        (unclosed, "The header's quotes don't close where a name ends", _MEND_QUOTES),
        (nul, "The header holds a NUL byte", "Save the file as text in UTF-8"),
        (
            at == begin,
            "The first line is blank, where the columns' names should be",
            "Delete what stands above the line of column names",
        ),
        (not_utf8, "The header isn't UTF-8", "Save the file as UTF-8"),
        (
            fields > limits.columns,
            f"The header names {fields:,} columns, over the limit of {limits.columns:,}",
            "Check the delimiter, or raise the limit",
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
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise SchemaInvalid(
            f"The header uses a name more than once: {_some(repeated)}",
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
                remedy=f"Name the delimiter (option --delimiter {_shown(other)}).",
            )


def check_against(names: list[str], schema: TableSchema, where: str) -> None:
    """Refuse a header that hasn't exactly the schema's columns, in whatever order."""
    given, wanted = set(names), set(schema.names)
    missing = [name for name in schema.names if name not in given]
    extra = [name for name in names if name not in wanted]
    if not missing and not extra:
        return
    parts = [f"missing: {_some(missing)}"] * bool(missing) + [f"extra: {_some(extra)}"] * bool(
        extra
    )
    raise SchemaInvalid(
        "The file's columns aren't the schema's (" + "; ".join(parts) + ")",
        where=where,
        remedy="Correct the header, or give the schema that belongs to this file.",
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _count(found: list[str]) -> str:
    return "a column" if len(found) == 1 else f"{len(found)} columns"


def _shown(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"
