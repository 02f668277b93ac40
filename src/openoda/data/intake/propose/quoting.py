"""Whether quotes in a delimited text are quotes: both readings tried by intake itself."""

import re
from dataclasses import dataclass

from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.delimiter import Layout, layouts
from openoda.data.intake.propose.sample import SampledSource
from openoda.data.intake.readers import Wanted, reader_of
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import silent

QUOTE = '"'
_ENOUGH = 0.9


@dataclass(frozen=True)
class Quoted:
    """The layouts by the likelier reading, the likeliest first; its quote, or none; why; whether that
    must be looked at.
    """

    found: list[Layout]
    quote: str
    why: str
    doubtful: bool = False


def propose_quoting(text: str, delimiter: str, limits: Limits) -> Quoted:
    """`"`, or none where lines fit so far better without and no field stands in quotes.

    A record fits that intake accepts with as many fields as the header has. A quoted field may hold
    line ends, and single quotes left open cost their own records alone: neither is a reason to take
    every quote for text.
    """
    marks = text.count(QUOTE)
    found = layouts(text, QUOTE, delimiter)
    if not marks:
        return Quoted(found, QUOTE, "no quotes in the sample")
    plain = layouts(text, "", delimiter)
    kept = _share(text, found[0], QUOTE, limits) if found else 0.0
    why = f"{marks:,} quotes; taken as quotes {kept:.1%} of the lines fit"
    if kept >= _ENOUGH or not plain:
        return Quoted(found, QUOTE, why)
    bare = _share(text, _as_first(text, plain[0]), "", limits)
    why += f", taken as text {bare:.1%}"
    around = bool(_around(plain[0].delimiter).search(text))
    if bare > max(kept, _ENOUGH) and not around:
        return Quoted(plain, "", why, True)
    return Quoted(found or plain, QUOTE, why, True)


def _around(delimiter: str) -> re.Pattern[str]:
    """A field of one line between quotes."""
    edge = re.escape(delimiter)
    return re.compile(rf'(?:^|{edge})"(?:[^"\r\n]|"")*"(?=[{edge}\r\n]|\Z)', re.MULTILINE)


def _as_first(text: str, layout: Layout) -> Layout:
    """The layout as wide as the first line that the delimiter parts at all, most likely the header."""
    counts = (line.count(layout.delimiter) for line in text.splitlines())
    width = next((count + 1 for count in counts if count), layout.fields)
    return Layout(layout.delimiter, width, 0.0, 0, 0, ())


def _share(text: str, layout: Layout, quote: str, limits: Limits) -> float:
    """The share of lines that lie in records of that width, as intake cuts them."""
    fields = [{"name": f"column_{place}"} for place in range(1, layout.fields + 1)]
    told = Dialect(delimiter=layout.delimiter, quote=quote, header_rows=(), format="csv")
    how = Wanted(TableSchema.from_descriptor({"fields": fields}), told, limits, silent)
    reader = reader_of("csv", SampledSource(text), how)
    aside = 0
    try:
        for batch in reader.batches():
            lines = batch.quarantined.select(["first_line", "last_line"]).to_pydict()
            spans = zip(lines["first_line"], lines["last_line"], strict=True)
            aside += sum(last - first + 1 for first, last in spans)
    finally:
        reader.close()
    total = len(re.findall(r"\r\n|\r|\n", text)) + (not text.endswith(("\r", "\n")))
    return 1.0 - aside / max(total, 1)
