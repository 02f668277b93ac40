"""A gazetteer as labelled addresses with their UPRNs, from any layout that `layouts` knows."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.standardise.addresses.labelled import Labelled, labelled
from openoda.data.standardise.addresses.layouts import (
    Layout,
    Number,
    address_lines,
    layout_of,
    plain,
)
from openoda.data.standardise.addresses.parts import PARTS
from openoda.data.standardise.addresses.tokens import join_columns, tokenised
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.vocabulary.refusals import DataUnfit, Misused

_EMPTY = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Gazetteer:
    """Addresses with their UPRN (text, as it came) and their text on one line."""

    uprn: pa.StringArray
    line: pa.StringArray
    addresses: Labelled
    layout: str


def read_gazetteer(
    table: pa.Table, vocabulary: Vocabulary, uprn: str = "", columns: list[str] | None = None
) -> Gazetteer:
    """The gazetteer that the table holds; rows without a UPRN are left out.

    `uprn` and `columns` name the columns of the UPRN and of the address where they aren't named as
    Ordnance Survey does. Raises DataUnfit, Misused.
    """
    names = table.column_names
    layout = None if columns else layout_of(names)
    key = _named(names, uprn or "UPRN", "--gazetteer-uprn")
    table = table.filter(pc.is_valid(table[key]))
    if not table.num_rows:
        raise DataUnfit(
            "The gazetteer has no row with a UPRN",
            where=key,
            remedy="Name its column of UPRNs with --gazetteer-uprn.",
        )
    uprns = _text(table, key)
    if layout is not None:
        texts = part_texts(table, layout)
        addresses = label_parts(texts, vocabulary)
        return Gazetteer(uprns, join_columns(list(texts.values())), addresses, layout.name)
    lines = columns or address_lines(names)
    if not lines:
        raise Misused(
            "No column of the gazetteer is known to hold addresses",
            where=", ".join(names[:12]),
            remedy="Name them, in order, with --gazetteer-column (once for each).",
        )
    line = join_columns([_text(table, _named(names, each, "--gazetteer-column")) for each in lines])
    return Gazetteer(uprns, line, labelled(line, vocabulary), "addresses as text")


def part_texts(table: pa.Table, layout: Layout) -> dict[str, pa.StringArray]:
    """The text of each part, by the name of the part."""
    columns = {plain(name): name for name in table.column_names}
    columns.setdefault("STREETDESCRIPTION", columns.get("STREET", ""))
    found: dict[str, pa.StringArray] = {}
    for part, groups in layout.parts.items():
        pieces = []
        if part in layout.numbers:
            pieces.append(_numbers(table, columns, layout.numbers[part]))
        for group in groups:
            filled = [_text(table, columns[name]) for name in group if columns.get(name)]
            if filled:
                pieces.append(pc.coalesce(*filled))
        if pieces:
            found[part] = join_columns(pieces, " ")
    return found


def label_parts(texts: dict[str, pa.StringArray], vocabulary: Vocabulary) -> Labelled:
    """Parts given apart, as labelled addresses: each token has its column's label."""
    streams = {part: tokenised(pc.fill_null(text, ""), vocabulary) for part, text in texts.items()}
    sizes = [np.diff(each.rows) for each in streams.values()]
    owners = np.concatenate([np.repeat(np.arange(len(each)), each) for each in sizes])
    order = np.argsort(owners, kind="stable")
    ids = np.concatenate([each.ids for each in streams.values()])[order]
    labels = np.concatenate(
        [np.full(len(each.ids), PARTS[part], np.uint8) for part, each in streams.items()]
    )[order]
    flags = np.concatenate([each.flags for each in streams.values()])[order]
    total = np.sum(np.stack(sizes), axis=0)
    rows = np.concatenate([np.zeros(1, np.int64), np.cumsum(total)]).astype(np.int32)
    return Labelled(vocabulary.full[ids], labels, flags, rows)


def _numbers(table: pa.Table, columns: dict[str, str], names: Number) -> pa.StringArray:
    """A number with its letter, and its range: 12A-14."""
    start, letter, end, last = (
        _text(table, columns[name]) if columns.get(name) else pa.nulls(table.num_rows, pa.string())
        for name in names
    )
    return join_columns([join_columns([start, letter], ""), join_columns([end, last], "")], "-")


def _text(table: pa.Table, name: str) -> pa.StringArray:
    column = table[name].cast(pa.string()).combine_chunks()
    text = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(text, ""), _EMPTY, text)


def _named(names: list[str], wanted: str, option: str) -> str:
    for name in names:
        if name == wanted or plain(name) == plain(wanted):
            return name
    raise Misused(
        f"There is no column called {wanted}",
        where=", ".join(names[:12]),
        remedy=f"Name it as the file does, with {option}.",
    )
