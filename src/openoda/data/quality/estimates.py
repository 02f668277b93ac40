"""Columns of a table too long to sort: one streaming pass, bounded memory, approximate figures.

Distinct values by HyperLogLog (Flajolet and others, 2007; DuckDB's, usually within 2 to 5%), quantiles
by t-digest (Dunning and Ertl, 2019), the most frequent values by a filtered space-saving sketch. Row
counts, ranges and averages are exact. Shapes, spellings, outliers and repeated rows are not measured.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from openoda.data.quality import placeholders, spread
from openoda.data.quality.columns import ColumnProfile, Completeness, Counted, Scale, Spread
from openoda.data.quality.gathering import Read
from openoda.data.quality.rule_runs import literal, quoted
from openoda.data.quality.typed_column import scale_of
from openoda.engines import duckdb

TOP_SHOWN = 10


def estimate(read: Read, columns: Sequence[str]) -> tuple[ColumnProfile, ...]:
    """Every column of the rows that `read` gives, in one pass."""
    batches = read(columns)
    first = next(batches)

    def every() -> Any:
        yield first
        yield from batches

    stream = pa.RecordBatchReader.from_batches(first.schema, every())
    scales = {name: _scale(first.schema.field(name).type) for name in columns}
    asked = [
        f"{sql} as {quoted(f'{place} {what}')}"
        for place, name in enumerate(columns)
        for what, sql in _figures(quoted(name), scales[name]).items()
    ]
    query = f"select count(*) as n, {', '.join(asked)} from data"  # noqa: S608 - quoted names only
    row = duckdb.query(query, {"data": stream}, where="profile").to_pylist()[0]
    return tuple(
        _profile(name, scales[name], row["n"], _own(row, place))
        for place, name in enumerate(columns)
    )


def _scale(kind: pa.DataType) -> Scale:
    return scale_of(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _own(row: dict[str, Any], place: int) -> dict[str, Any]:
    start = f"{place} "
    return {key.removeprefix(start): value for key, value in row.items() if key.startswith(start)}


def _figures(column: str, scale: Scale) -> dict[str, str]:
    """The aggregates of one column, by name, as SQL."""
    found = {
        "held": f"count({column})",
        "distinct": f"approx_count_distinct({column})",
        "top": f"approx_top_k(cast({column} as varchar), {TOP_SHOWN})",
    }
    if scale is Scale.TEXT:
        words = ", ".join(literal(word) for word in placeholders.WORDS)
        found["empty"] = f"count(*) filter (trim({column}) = '')"
        found["placeholder"] = f"count(*) filter (upper(trim({column})) in ({words}))"
        found["shortest"] = f"min(length({column})) filter (trim({column}) <> '')"
        found["longest"] = f"max(length({column}))"
    if scale.measured:
        found["low"], found["high"] = f"min({column})", f"max({column})"
    if scale in (Scale.WHOLE, Scale.NUMBER):
        shares = ", ".join(str(share) for share in spread.SHARES)
        finite = f"filter (isfinite(cast({column} as double)))"
        found["quantiles"] = f"approx_quantile(cast({column} as double), [{shares}]) {finite}"
        found["mean"] = f"avg({column}) {finite}"
        found["deviation"] = f"stddev_samp({column}) {finite}"
    return found


def _profile(name: str, scale: Scale, rows: int, own: dict[str, Any]) -> ColumnProfile:
    return ColumnProfile(
        name=name,
        type=scale if own["held"] else Scale.NOTHING,
        reads_as=scale if own["held"] else Scale.NOTHING,
        completeness=Completeness(
            rows=rows,
            null=rows - own["held"],
            empty=own.get("empty", 0),
            placeholder=own.get("placeholder", 0),
        ),
        distinct=own["distinct"],
        exact=False,
        spread=_spread(scale, own),
        shortest=own.get("shortest"),
        longest=own.get("longest"),
        top=tuple(Counted(word, 0) for word in own["top"] or () if word is not None),
    )


def _spread(scale: Scale, own: dict[str, Any]) -> Spread | None:
    if own.get("low") is None:
        return None
    say = spread.saying(scale) if scale in (Scale.WHOLE, Scale.NUMBER) else str
    found = own.get("quantiles") or ()
    return Spread(
        lowest=say(own["low"]),
        highest=say(own["high"]),
        quantiles={share: say(value) for share, value in zip(spread.SHARES, found, strict=False)},
        mean=own.get("mean"),
        deviation=own.get("deviation"),
    )
