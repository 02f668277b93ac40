"""What type each column most likely is, by how many of its values each type would take.

The types are tried by intake's own casting, so that a share here is the share that will fit there. A
code is told from a number by its leading zeros or by digits of one length; where two readings of the
same values stay open (day and month, thousands and decimals) the evidence says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.propose.dates import propose_moments, propose_serials
from openoda.data.intake.propose.figures import propose_codes, propose_figures
from openoda.data.intake.propose.fitting import ENOUGH, Found, as_text, share_matching, share_of

_BOOLEANS = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"), ("Yes", "No"), ("YES", "NO"),
             ("yes", "no"), ("Y", "N"), ("y", "n"), ("T", "F"))  # fmt: skip
_EXAMPLES = 3
_DISTINCT = 100_000


@dataclass(frozen=True)
class ColumnEvidence:
    """What a column is proposed to be: its field, and the share of sampled values that fit it.

    `values` were looked at, `missing` were empty; `note` says what else speaks for it or stays open,
    `doubtful` that it must be looked at. `examples` are values of the column: not for any screen
    unless the data is open or synthetic, or they are asked for.
    """

    name: str
    descriptor: dict[str, Any]
    share: float
    values: int
    missing: int
    note: str = ""
    doubtful: bool = False
    examples: tuple[str, ...] = field(default=(), repr=False)

    def as_json(self, *, examples: bool) -> dict[str, Any]:
        """The evidence as plain values."""
        shown = {"examples": list(self.examples)} if examples else {}
        kept = {key: value for key, value in self.descriptor.items() if key != "name"}
        return {
            "name": self.name, **kept, "share": round(self.share, 4), "values": self.values,
            "missing": self.missing, "note": self.note, "doubtful": self.doubtful, **shown,
        }  # fmt: skip


def propose_column(name: str, text: pa.ChunkedArray) -> ColumnEvidence:
    """The likeliest type of one column of text."""
    given = pc.drop_null(text).combine_chunks()
    given = given.filter(pc.not_equal(pc.utf8_trim_whitespace(given), ""))
    distinct = given.unique()[:_DISTINCT]
    shown = tuple(distinct[:_EXAMPLES].to_pylist())
    missing = len(text) - len(given)
    found = as_text("no value in the sample", doubtful=True)
    if len(given):
        found = next(_candidates(name, given, distinct), as_text(""))
    return ColumnEvidence(
        name, {"name": name, **found.descriptor}, found.share, len(given), missing, found.note,
        found.doubtful, shown,
    )  # fmt: skip


def _candidates(name: str, given: pa.StringArray, distinct: pa.StringArray) -> Iterator[Found]:
    """What the column may be, the surest first."""
    if share_matching(distinct, r"\A\s*[+-]?0\d"):
        dates = list(propose_moments(given, compact=False))
        if not dates and share_matching(distinct, r"\A\s*[+-]?[0-9]+\s*\z") >= ENOUGH:
            yield as_text("leading zeros: a code, kept as text")
    yield from _booleans(given, distinct)
    yield from propose_moments(given, compact=True)
    yield from propose_codes(distinct)
    yield from propose_serials(name, given)
    yield from propose_figures(given, distinct)


def _booleans(given: pa.StringArray, distinct: pa.StringArray) -> Iterator[Found]:
    if not 2 <= len(distinct) <= 20:
        return
    held = set(distinct.to_pylist())
    for true, false in _BOOLEANS:
        if true in held and false in held:
            descriptor = {"type": "boolean", "trueValues": [true], "falseValues": [false]}
            share = share_of(given, descriptor)
            if share >= ENOUGH:
                yield Found(descriptor, share)
